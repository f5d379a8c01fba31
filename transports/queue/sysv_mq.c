/* sysv_mq.c - two System V message queues, one each way: sysvipc(7). A queue is no
 * descriptor, and exists until a process removes it: the parent does. */
#include "base/err.h"
#include "base/facts.h"
#include "transports/common/fd.h"
#include "transports/queue/sysv_note.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>

enum { SYSV_TYPE = 1, SYSV_NONE = -1 };

struct sysv_link {
    bool open;
    int note;
    int queues
        [IPM_SYSV_QUEUES]; /* by the enum ipm_side that sends; SYSV_NONE: an end has it */
};

/* The layout of msgsnd(2): the text directly follows the type. */
struct sysv_message {
    long type;
    unsigned char text[];
};

struct sysv_end {
    bool attached;
    int note; /* of the parent */
    int tx_queue;
    int rx_queue;
    size_t largest_bytes;
    struct sysv_message *out;
    struct sysv_message *in;
};

static void sysv_remove(int *queue) {
    int saved = errno;
    if (*queue != SYSV_NONE)
        (void)msgctl(*queue, IPC_RMID, NULL);
    *queue = SYSV_NONE;
    errno = saved;
}

/* More than kernel.msgmnb is for root (CAP_SYS_RESOURCE). Other users keep the default,
 * which is kernel.msgmnb. */
static int sysv_ask_for(int queue, size_t bytes, struct ipm_err *err) {
    struct msqid_ds status;
    if (bytes == 0)
        return 0;
    if (msgctl(queue, IPC_STAT, &status) == 0) {
        status.msg_qbytes = bytes > INT_MAX ? INT_MAX : bytes;
        if (msgctl(queue, IPC_SET, &status) == 0 || errno == EPERM)
            return 0;
    }
    return ipm_err_sys(err, -errno, "cannot give a message queue %zu bytes", bytes);
}

static int sysv_make(key_t key, int *ret_queue, struct ipm_err *err) {
    const int queue = msgget(key, IPC_CREAT | IPC_EXCL | 0600);
    if (queue >= 0) {
        *ret_queue = queue;
        return 0;
    }
    (void)ipm_err_sys(err, -errno, "cannot make a System V message queue");
    if (errno == ENOSPC)
        ipm_err_limit(err,
                      "'sysctl -w kernel.msgmni=NUMBER' allows more; 'ipcs -q' shows "
                      "those that there are, 'ipcrm -q ID' removes one");
    return err ? err->code : -errno;
}

/* A message that is larger than its queue would wait for ever, so the queue limits it, too:
 * msgop(2). */
static int sysv_measure(int queue, size_t *ret_bytes, struct ipm_err *err) {
    struct msqid_ds status;
    struct msginfo limits;
    if (msgctl(queue, IPC_STAT, &status) < 0 ||
        msgctl(queue, IPC_INFO, (struct msqid_ds *)&limits) < 0)
        return ipm_err_sys(err, -errno, "cannot ask for the limits of a message queue");
    const size_t most = (size_t)limits.msgmax;
    *ret_bytes = status.msg_qbytes < most ? status.msg_qbytes : most;
    ipm_err_hint(
        err,
        "a message fits kernel.msgmax, %zu bytes, and its queue, %zu: raise both "
        "with 'sysctl -w kernel.msgmax=SIZE kernel.msgmnb=SIZE', or --buffer",
        most, (size_t)status.msg_qbytes);
    return 0;
}

/* Once in each run. */
static int sysv_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    (void)ret_max_message_bytes;
    (void)err;
    ipm_sysv_note_reclaim();
    return 0;
}

static int sysv_limit(size_t buffer_bytes, size_t *ret_max_message_bytes,
                      struct ipm_err *err) {
    key_t keys[IPM_SYSV_QUEUES];
    int note = ipm_sysv_note_make(keys);
    int queue = SYSV_NONE;
    size_t most = 0;
    int failed = sysv_make(keys[0], &queue, err);
    if (!failed)
        failed = sysv_ask_for(queue, buffer_bytes, err);
    if (!failed)
        failed = sysv_measure(queue, &most, err);
    sysv_remove(&queue);
    ipm_sysv_note_drop(&note);
    if (!failed && most == 0)
        failed = ipm_err_set(err, -EMSGSIZE, "System V message queues take no message");
    if (!failed)
        *ret_max_message_bytes = most;
    return failed;
}

/* Only the parent: if the child removed the queues, its last message would be lost with them. */
static void sysv_drop(int *note, int *one_queue, int *other_queue) {
    sysv_remove(one_queue);
    sysv_remove(other_queue);
    ipm_sysv_note_drop(note);
}

static void sysv_close(struct ipm_link *link, enum ipm_side side) {
    struct sysv_link *sysv = link->state;
    if (sysv->open && side == IPM_PARENT)
        sysv_drop(&sysv->note, &sysv->queues[0], &sysv->queues[1]);
}

/* A note that cannot be made is no reason not to measure. */
static int sysv_open(struct ipm_link *link, struct ipm_err *err) {
    struct sysv_link *sysv = link->state;
    key_t keys[IPM_SYSV_QUEUES];
    int failed = 0;
    *sysv = (struct sysv_link){
        .open = true, .note = ipm_sysv_note_make(keys), .queues = {SYSV_NONE, SYSV_NONE}};
    for (int side = 0; side < IPM_SYSV_QUEUES && !failed; side++) {
        failed = sysv_make(keys[side], &sysv->queues[side], err);
        if (!failed)
            failed = sysv_ask_for(sysv->queues[side], link->config.buffer_bytes, err);
    }
    if (failed)
        sysv_close(link, IPM_PARENT);
    return failed;
}

static int sysv_attach(struct ipm_endpoint *end, struct ipm_link *link,
                       struct ipm_err *err) {
    struct sysv_link *sysv = link->state;
    struct sysv_end *state = end->state;
    const enum ipm_side other = end->side == IPM_PARENT ? IPM_CHILD : IPM_PARENT;
    state->attached = true;
    state->note = ipm_fd_take(&sysv->note);
    state->tx_queue = ipm_fd_take(&sysv->queues[end->side]);
    state->rx_queue = ipm_fd_take(&sysv->queues[other]);
    state->largest_bytes = link->config.message_bytes;
    state->out = malloc(sizeof *state->out + state->largest_bytes);
    state->in = malloc(sizeof *state->in + state->largest_bytes);
    if (!state->out || !state->in)
        return ipm_err_sys(err, -ENOMEM, "cannot make room for a message");
    state->out->type = SYSV_TYPE;
    if (end->side == IPM_PARENT)
        end->peer = 0;
    return 0;
}

static void sysv_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                          struct ipm_facts *settings) {
    const struct sysv_end *state = end->state;
    struct msqid_ds status;
    ipm_facts_number(endpoint, "tx_msqid", state->tx_queue);
    ipm_facts_number(endpoint, "rx_msqid", state->rx_queue);
    if (msgctl(state->tx_queue, IPC_STAT, &status) == 0)
        ipm_facts_number(settings, "msg_qbytes", (int64_t)status.msg_qbytes);
}

/* A queue that was removed means that the other side is gone. */
static ssize_t sysv_gone(ssize_t r) {
    if (r < 0 && (errno == EIDRM || errno == EINVAL))
        errno = EPIPE;
    return r;
}

/* The text must follow its type, for which the caller's buffer has no space: this is one
 * more copy than in a program that builds its messages in this layout. */
static ssize_t sysv_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    const struct sysv_end *state = end->state;
    if (len > state->largest_bytes) {
        errno = EMSGSIZE;
        return -1;
    }
    memcpy(state->out->text, buf, len);
    const int r = msgsnd(state->tx_queue, state->out, len, 0);
    return r == 0 ? (ssize_t)len : sysv_gone(r);
}

/* Receives into a buffer for the largest message, since MSG_NOERROR does not tell the length of a
 * message that it cuts. */
static ssize_t sysv_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    const struct sysv_end *state = end->state;
    const ssize_t r =
        msgrcv(state->rx_queue, state->in, state->largest_bytes, SYSV_TYPE, 0);
    if (r < 0)
        return sysv_gone(r);
    memcpy(buf, state->in->text, (size_t)r < cap ? (size_t)r : cap);
    return r;
}

/* An empty message is the mark. A full queue takes none: the next call tries again. */
static int sysv_finish(struct ipm_endpoint *end) {
    const struct sysv_end *state = end->state;
    if (msgsnd(state->tx_queue, state->out, 0, IPC_NOWAIT) == 0)
        return 0;
    return errno == EAGAIN || errno == EIDRM || errno == EINVAL ? 0 : -errno;
}

static void sysv_detach(struct ipm_endpoint *end) {
    struct sysv_end *state = end->state;
    if (!state->attached)
        return;
    if (end->side == IPM_PARENT)
        sysv_drop(&state->note, &state->tx_queue, &state->rx_queue);
    free(state->out);
    free(state->in);
    *state = (struct sysv_end){.attached = false};
}

const struct ipm_transport ipm_transport_sysv_mq = {
    .name = "sysv-mq",
    .summary = "two System V message queues, one each way",
    .addressing = "two queue numbers",
    .family = IPM_FAMILY_MEMORY,
    .direction = IPM_DUPLEX_BY_TWO,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE,
    .link_size = sizeof(struct sysv_link),
    .end_size = sizeof(struct sysv_end),
    .probe = sysv_probe,
    .limit = sysv_limit,
    .open = sysv_open,
    .attach = sysv_attach,
    .close = sysv_close,
    .describe = sysv_describe,
    .wire = ipm_no_wire,
    .send = sysv_send,
    .recv = sysv_recv,
    .finish = sysv_finish,
    .detach = sysv_detach,
};
