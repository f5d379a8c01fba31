/* posix_mq.c - two POSIX message queues, one each way: mq_overview(7). On Linux a queue
 * is a descriptor. */
#include "base/err.h"
#include "base/facts.h"
#include "base/strbuf.h"
#include "transports/common/fd.h"
#include "transports/common/lanes.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <mqueue.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>

enum {
    MQ_NAME_BYTES = 32,
    MQ_DEFAULT_MESSAGES = 10, /* the default of fs.mqueue.msg_max */
    MQ_HARD_MESSAGES = 65536, /* ipc_namespace.h: for everybody */
    MQ_HARD_BYTES = 16 * 1024 * 1024
};

struct mq_link {
    struct ipm_lanes lanes;
    size_t wanted; /* messages of a queue */
    size_t given;
    int refused; /* why there are fewer, a negative errno, or 0 */
};

struct mq_end {
    size_t largest_bytes; /* of the queue: mq_receive takes no smaller buffer */
    unsigned char *spare; /* for a receiver with a smaller buffer */
    size_t wanted;        /* as in the link */
    int refused;
};

/* The queue is opened twice, since O_NONBLOCK belongs to an open file description, which the two
 * sides must not share. Its name exists only during this call. */
static int mq_make(size_t messages, size_t bytes, int ret_fds[IPM_LANE_FDS]) {
    struct mq_attr asked = {.mq_maxmsg = (long)messages, .mq_msgsize = (long)bytes};
    char name[MQ_NAME_BYTES];
    uint64_t random = 0;
    struct ipm_strbuf text = ipm_strbuf_over(name, sizeof name);
    (void)!getrandom(&random, sizeof random, 0); /* O_EXCL refuses a name that is taken */
    (void)ipm_strbuf_add(&text, "/ipcmark-%016" PRIx64, random);
    int tx_fd = mq_open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600, &asked);
    if (tx_fd < 0)
        return -errno;
    int rx_fd = mq_open(name, O_RDONLY | O_CLOEXEC);
    int failed = rx_fd < 0 ? -errno : 0;
    (void)mq_unlink(name);
    if (failed)
        ipm_fd_close(&tx_fd);
    ret_fds[IPM_LANE_RX] = rx_fd;
    ret_fds[IPM_LANE_TX] = tx_fd;
    return failed;
}

/* mq_open(3) returns EMFILE for two limits. Returns whether there is room for the descriptors of
 * two queues. */
static bool mq_has_descriptors(void) {
    int fds[2 * IPM_LANE_FDS];
    bool any = true;
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++) {
        fds[i] = eventfd(0, EFD_CLOEXEC);
        any = any && fds[i] >= 0;
    }
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
        ipm_fd_close(&fds[i]);
    return any;
}

static void mq_hint(int failed, struct ipm_err *err) {
    if (failed == -EMFILE)
        ipm_err_limit(err, "'ulimit -q BYTES' raises RLIMIT_MSGQUEUE, the limit of all "
                           "queues of a user");
    else if (failed == -ENOSPC)
        ipm_err_limit(err, "'sysctl -w fs.mqueue.queues_max=NUMBER' allows more queues");
    else if (failed == -EINVAL)
        ipm_err_limit(err,
                      "'sysctl -w fs.mqueue.msgsize_max=BYTES' allows larger messages");
}

static int mq_refused(int failed, size_t bytes, struct ipm_err *err) {
    if (failed == -EMFILE && !mq_has_descriptors())
        return ipm_err_sys(err, failed, "cannot make two message queues");
    if (failed == -EMFILE)
        (void)ipm_err_set(err, failed,
                          "two message queues for %zu bytes exceed RLIMIT_MSGQUEUE",
                          bytes);
    (void)ipm_err_sys(err, failed, "cannot make two message queues for %zu bytes", bytes);
    mq_hint(failed, err);
    return failed;
}

/* Makes two queues, and closes them. */
static int mq_try(size_t messages, size_t bytes) {
    int fds[2][IPM_LANE_FDS] = {{-1, -1}, {-1, -1}};
    int failed = mq_make(messages, bytes, fds[0]);
    if (!failed)
        failed = mq_make(messages, bytes, fds[1]);
    for (int i = 0; i < 2 * IPM_LANE_FDS; i++)
        ipm_fd_close(&fds[i / IPM_LANE_FDS][i % IPM_LANE_FDS]);
    return failed;
}

/* Finds by trial the largest value, up to `most`, of the one of `messages` and `bytes` that is 0.
 * It cannot be computed: the limits differ for root, and RLIMIT_MSGQUEUE counts the queues of other
 * processes, too. Returns 0 when there is none; *ret_refused is why there is no larger one, or 0. */
static size_t mq_search(size_t messages, size_t bytes, size_t most, int *ret_refused) {
    size_t fits = 0;
    size_t too_many = most + 1;
    *ret_refused = 0;
    for (size_t at = most; too_many - fits > 1; at = fits + (too_many - fits) / 2) {
        const int failed = mq_try(messages ? messages : at, bytes ? bytes : at);
        *(failed ? &too_many : &fits) = at;
        *ret_refused = failed ? failed : *ret_refused;
        if (failed && failed != -EMFILE && failed != -EINVAL)
            return 0;
    }
    return fits;
}

static int mq_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    int refused = 0;
    *ret_max_message_bytes = mq_search(1, 0, MQ_HARD_BYTES, &refused);
    if (*ret_max_message_bytes == 0)
        return mq_refused(refused, 1, err);
    mq_hint(refused, err);
    return 0;
}

/* As many as buffer_bytes need. */
static size_t mq_wanted(size_t buffer_bytes, size_t message_bytes) {
    return buffer_bytes == 0
               ? MQ_DEFAULT_MESSAGES
               : buffer_bytes / message_bytes + (buffer_bytes % message_bytes != 0);
}

static size_t mq_message_bytes(const struct ipm_link *link) {
    return link->config.message_bytes > 0 ? link->config.message_bytes : 1;
}

static int mq_make_lane(const struct ipm_link *link, int ret_fds[IPM_LANE_FDS],
                        struct ipm_err *err) {
    const struct mq_link *queues = link->state;
    int failed = mq_make(queues->given, mq_message_bytes(link), ret_fds);
    return failed ? mq_refused(failed, mq_message_bytes(link), err) : 0;
}

/* There are fewer messages than wanted where RLIMIT_MSGQUEUE (EMFILE) or fs.mqueue.msg_max
 * (EINVAL) allows no more. */
static int mq_open_link(struct ipm_link *link, struct ipm_err *err) {
    struct mq_link *queues = link->state;
    const size_t bytes = mq_message_bytes(link);
    const size_t wanted = mq_wanted(link->config.buffer_bytes, bytes);
    *queues = (struct mq_link){.wanted = wanted};
    queues->given =
        mq_search(0, bytes, wanted < MQ_HARD_MESSAGES ? wanted : MQ_HARD_MESSAGES,
                  &queues->refused);
    return queues->given > 0 ? ipm_lanes_open(link, mq_make_lane, true, true, err)
                             : mq_refused(queues->refused, bytes, err);
}

static int mq_attach(struct ipm_endpoint *end, struct ipm_link *link,
                     struct ipm_err *err) {
    const struct mq_link *queues = link->state;
    struct mq_end *state = end->state;
    (void)ipm_lanes_attach(end, link, err);
    struct mq_attr given;
    if (mq_getattr(end->rx_fd, &given) != 0)
        return ipm_err_sys(err, -errno, "cannot ask for the size of a message queue");
    state->wanted = queues->wanted;
    state->refused = queues->refused;
    state->largest_bytes = (size_t)given.mq_msgsize;
    state->spare = malloc(state->largest_bytes);
    if (!state->spare)
        return ipm_err_sys(err, -ENOMEM, "cannot make room for a message");
    return 0;
}

static void mq_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                        struct ipm_facts *settings) {
    const struct mq_end *state = end->state;
    struct mq_attr given;
    ipm_fd_describe_inode(end->tx_fd, "tx_queue_inode", endpoint);
    ipm_fd_describe_inode(end->rx_fd, "rx_queue_inode", endpoint);
    if (mq_getattr(end->rx_fd, &given) != 0)
        return;
    ipm_facts_number(settings, "mq_maxmsg", given.mq_maxmsg);
    ipm_facts_number(settings, "mq_msgsize_bytes", given.mq_msgsize);
    if ((size_t)given.mq_maxmsg >= state->wanted)
        return;
    char text[IPM_FACT_TEXT_BYTES];
    struct ipm_strbuf limit = ipm_strbuf_over(text, sizeof text);
    (void)ipm_strbuf_add(&limit, "%ld messages instead of %zu, see %s", given.mq_maxmsg,
                         state->wanted,
                         state->refused == -EMFILE ? "'ulimit -q'" : "fs.mqueue.msg_max");
    ipm_facts_text(settings, "buffer_limit", text);
}

/* mq_send returns 0, and send of the contract the length. */
static ssize_t mq_put(struct ipm_endpoint *end, const void *buf, size_t len) {
    return mq_send(end->tx_fd, buf, len, 0) == 0 ? (ssize_t)len : -1;
}

static ssize_t mq_take(struct ipm_endpoint *end, void *buf, size_t cap) {
    const struct mq_end *state = end->state;
    if (cap >= state->largest_bytes)
        return mq_receive(end->rx_fd, buf, cap, NULL);
    ssize_t r = mq_receive(end->rx_fd, (char *)state->spare, state->largest_bytes, NULL);
    if (r > 0)
        memcpy(buf, state->spare, (size_t)r < cap ? (size_t)r : cap);
    return r;
}

/* An empty message is the mark. With a time in the past a full queue is an error at once
 * (mq_send(3)): the next call tries again. */
static int mq_finish(struct ipm_endpoint *end) {
    const struct timespec past = {.tv_sec = 0};
    if (mq_timedsend(end->tx_fd, "", 0, 0, &past) == 0)
        return 0;
    return errno == ETIMEDOUT || errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

static void mq_detach(struct ipm_endpoint *end) {
    struct mq_end *state = end->state;
    ipm_fd_detach(end);
    free(state->spare);
    state->spare = NULL;
}

const struct ipm_transport ipm_transport_posix_mq = {
    .name = "posix-mq",
    .summary = "two POSIX message queues, one each way",
    .addressing = "two inodes",
    .family = IPM_FAMILY_MEMORY,
    .direction = IPM_DUPLEX_BY_TWO,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_POLLABLE,
    .link_size = sizeof(struct mq_link),
    .end_size = sizeof(struct mq_end),
    .probe = mq_probe,
    .open = mq_open_link,
    .attach = mq_attach,
    .close = ipm_lanes_close,
    .describe = mq_describe,
    .wire = ipm_no_wire,
    .send = mq_put,
    .recv = mq_take,
    .finish = mq_finish,
    .detach = mq_detach,
};
