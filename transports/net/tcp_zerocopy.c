/* tcp_zerocopy.c - TCP on 127.0.0.1 with MSG_ZEROCOPY: the kernel sends from the
 * caller's pages and reports on the error queue when it has released them
 * (networking/msg_zerocopy.rst). */
#include "base/err.h"
#include "base/facts.h"
#include "transports/common/fd.h"
#include "transports/net/tcp.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <string.h>

enum { ZEROCOPY_LEAST_BUFFER_BYTES = 1 << 16 };

/* Every call that sent something has its own number. The kernel reports ranges of
 * numbers. */
struct zerocopy_end {
    uint64_t sends;
    uint64_t released; /* calls whose pages the kernel released */
    uint64_t copied;   /* released calls whose data was copied */
    uint64_t refused;  /* calls made without MSG_ZEROCOPY */
};

static const struct ipm_tcp_variant zerocopy_variant = {.listen =
                                                            IPM_TCP_LISTEN("127.0.0.1"),
                                                        .inet = &ipm_inet_4,
                                                        .level = SOL_SOCKET,
                                                        .option = SO_ZEROCOPY,
                                                        .option_name = "SO_ZEROCOPY"};

/* SO_ZEROCOPY exists since Linux 4.14. */
static int zerocopy_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    const struct ipm_link_config config = {0};
    int fd = -1;
    int failed = ipm_tcp_probe(ret_max_message_bytes, err);
    if (!failed)
        failed = ipm_tcp_make(&zerocopy_variant.listen, &config, &fd, err);
    ipm_fd_close(&fd);
    return failed;
}

/* Pages are released when the peer acknowledges them. A receiver whose buffer is
 * smaller than a segment of the loopback (about 64 KiB) delays acknowledgements by 40
 * to 200 ms. */
static int zerocopy_limit(size_t buffer_bytes, size_t *ret_max_message_bytes,
                          struct ipm_err *err) {
    if (buffer_bytes > 0 && buffer_bytes < ZEROCOPY_LEAST_BUFFER_BYTES) {
        ipm_err_limit(err, "'--buffer 64K' or more acknowledges at once");
        return ipm_err_set(err, -ENOBUFS,
                           "with a buffer of %zu bytes, TCP delays the "
                           "acknowledgements for which MSG_ZEROCOPY waits",
                           buffer_bytes);
    }
    *ret_max_message_bytes = SIZE_MAX;
    return 0;
}

static void zerocopy_count(struct zerocopy_end *state, struct msghdr *message) {
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
        struct sock_extended_err report;
        if (c->cmsg_level != SOL_IP || c->cmsg_type != IP_RECVERR)
            continue;
        memcpy(&report, CMSG_DATA(c), sizeof report);
        if (report.ee_origin != SO_EE_ORIGIN_ZEROCOPY || report.ee_errno != 0)
            continue;
        const uint32_t calls =
            report.ee_data - report.ee_info + 1; /* numbers wrap at 2^32 */
        state->released += calls;
        if ((report.ee_code & SO_EE_CODE_ZEROCOPY_COPIED) != 0)
            state->copied += calls;
    }
}

/* Reads the error queue. Returns whether it held a release. Keeps errno. */
static bool zerocopy_read(const struct ipm_endpoint *end) {
    struct zerocopy_end *state = end->state;
    const uint64_t before = state->released;
    const int saved = errno;
    for (;;) {
        unsigned char control[CMSG_SPACE(sizeof(struct sock_extended_err) +
                                         sizeof(struct sockaddr_in))];
        struct msghdr message = {.msg_control = control,
                                 .msg_controllen = sizeof control};
        if (recvmsg(end->tx_fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
            break;
        zerocopy_count(state, &message);
    }
    errno = saved;
    return state->released > before;
}

/* Waits for a release, of which POLLERR from poll(2) informs. A broken connection also
 * wakes it and releases everything at once. Returns 0, or -1 and errno. */
static int zerocopy_wait(const struct ipm_endpoint *end) {
    struct pollfd queue = {.fd = end->tx_fd};
    if (zerocopy_read(end))
        return 0;
    if (poll(&queue, 1, -1) < 0)
        return -1;
    errno = EPIPE;
    return zerocopy_read(end) ? 0 : -1;
}

static bool zerocopy_holds(const struct ipm_endpoint *end) {
    const struct zerocopy_end *state = end->state;
    return state->released < state->sends;
}

/* Handles ENOBUFS: too many calls with unread releases (optmem_max), or too many locked
 * pages (RLIMIT_MEMLOCK). A single call that exceeds these limits is sent by a copy. */
static ssize_t zerocopy_send_short(struct ipm_endpoint *end, const void *buf,
                                   size_t len) {
    struct zerocopy_end *state = end->state;
    ssize_t r = -1;
    while (r < 0 && errno == ENOBUFS && zerocopy_holds(end)) {
        if (zerocopy_wait(end) != 0)
            return -1;
        r = send(end->tx_fd, buf, len, MSG_NOSIGNAL | MSG_ZEROCOPY);
    }
    state->sends += r >= 0;
    if (r >= 0 || errno != ENOBUFS)
        return r;
    state->refused++;
    return ipm_fd_send(end, buf, len);
}

/* The kernel may read buf after the return. */
static ssize_t zerocopy_send_steady(struct ipm_endpoint *end, const void *buf,
                                    size_t len) {
    struct zerocopy_end *state = end->state;
    ssize_t r = send(end->tx_fd, buf, len, MSG_NOSIGNAL | MSG_ZEROCOPY);
    if (r < 0 && errno == ENOBUFS)
        return zerocopy_send_short(end, buf, len);
    state->sends += r >= 0;
    return r;
}

/* Returns after the kernel has released buf, or after a signal, because the caller is
 * about to stop then. */
static ssize_t zerocopy_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    ssize_t r = zerocopy_send_steady(end, buf, len);
    while (r >= 0 && zerocopy_holds(end) && zerocopy_wait(end) == 0)
        continue;
    return r;
}

/* Counts calls whose release has not been reported as pending. */
static void zerocopy_account(const struct ipm_endpoint *end, struct ipm_facts *settings) {
    const struct zerocopy_end *state = end->state;
    (void)zerocopy_read(end);
    if (state->sends + state->refused == 0)
        return;
    if (state->copied > 0 && state->copied == state->released)
        ipm_facts_text(settings, "notice",
                       "the kernel copied all that was sent with MSG_ZEROCOPY, as it "
                       "does on a loopback");
    ipm_facts_number(settings, "zerocopy_sends", (int64_t)state->sends);
    ipm_facts_number(settings, "zerocopy_copied_sends", (int64_t)state->copied);
    ipm_facts_number(settings, "zerocopy_pending_sends",
                     (int64_t)(state->sends - state->released));
    ipm_facts_number(settings, "zerocopy_refused_sends", (int64_t)state->refused);
}

const struct ipm_transport ipm_transport_tcp_zerocopy = {
    IPM_LISTEN_OPERATIONS,
    .name = "tcp-zerocopy",
    .summary = "TCP on 127.0.0.1 with MSG_ZEROCOPY",
    .addressing = "four-tuple",
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_CONGESTION | IPM_CAP_POLLABLE |
            IPM_CAP_REMOTE,
    .end_size = sizeof(struct zerocopy_end),
    .probe = zerocopy_probe,
    .limit = zerocopy_limit,
    .describe = ipm_tcp_describe,
    .account = zerocopy_account,
    .wire = ipm_tcp_wire,
    .send = zerocopy_send,
    .send_steady = zerocopy_send_steady,
    .recv = ipm_fd_recv,
    .accept = ipm_listen_accept,
    .variant = &zerocopy_variant,
};
