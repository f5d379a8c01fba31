/* udp_gso.c - UDP on 127.0.0.1 with many messages per call in one buffer, which the
 * kernel passes on as one packet and segments only where necessary (UDP_SEGMENT,
 * UDP_GRO in udp(7)). */
#include "base/err.h"
#include "base/facts.h"
#include "transports/common/fd.h"
#include "transports/net/udp.h"

#include <errno.h>
#include <netinet/udp.h>
#include <string.h>

enum {
    GSO_SEGMENTS_MOST = 64, /* UDP_MAX_SEGMENTS before Linux 6.9, which has 128 */
    GSO_BYTES_MOST = 65507, /* of all segments of a call: one IPv4 packet */
    GSO_HOLD_BYTES = 1 << 16,
    GSO_HEADER_BYTES = 20 + 8, /* of IPv4 and UDP */
};

/* Data received in one packet and not yet returned: in `hold` from `at` to `end`, in
 * segments of which only the last may be shorter. */
struct gso_end {
    struct ipm_udp_end udp; /* first: udp.h casts to it */
    size_t most_bytes;      /* the largest segment: what fits into the MTU of the path */
    size_t at;
    size_t end;
    size_t segment_bytes;
    int late_error; /* of a call that had received something before */
    unsigned char hold[GSO_HOLD_BYTES];
};

static bool gso_switch(int fd, int option, int value) {
    return setsockopt(fd, IPPROTO_UDP, option, &value, sizeof value) == 0;
}

/* UDP_SEGMENT exists since Linux 4.18, UDP_GRO since 5.0. */
static int gso_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    int fd = -1;
    int failed = ipm_udp_probe(ret_max_message_bytes, err);
    if (!failed)
        failed = ipm_inet_open(&ipm_inet_4, SOCK_DGRAM, 0, &fd, err);
    if (!failed && (!gso_switch(fd, UDP_SEGMENT, 1) || !gso_switch(fd, UDP_GRO, 1)))
        failed = ipm_err_sys(err, -errno, "UDP_SEGMENT or UDP_GRO is unavailable");
    ipm_fd_close(&fd);
    return failed;
}

/* Whether packets are received as a whole. A server waits for descriptors, which do
 * not reveal held data, so it receives one datagram per call. */
static bool gso_merges(const struct ipm_link_config *config) {
    return config->peers <= 1 && config->flow == IPM_TO_CHILD;
}

/* Reads the path's MTU. The shared end is not connected, has no path, and sends no
 * batches. */
static int gso_measure(const struct ipm_endpoint *end, struct ipm_err *err) {
    struct gso_end *state = end->state;
    int mtu = 0;
    socklen_t bytes = sizeof mtu;
    if (state->udp.shared)
        return 0;
    if (getsockopt(end->tx_fd, IPPROTO_IP, IP_MTU, &mtu, &bytes) != 0)
        return ipm_err_sys(err, -errno, "cannot read the MTU of the loopback");
    state->most_bytes = (size_t)mtu - GSO_HEADER_BYTES;
    return 0;
}

static int gso_attach(struct ipm_endpoint *end, struct ipm_link *link,
                      struct ipm_err *err) {
    int failed = ipm_udp_attach(end, link, err);
    if (!failed)
        failed = gso_measure(end, err);
    if (!failed && gso_merges(&link->config) && !gso_switch(end->rx_fd, UDP_GRO, 1))
        failed = ipm_err_sys(err, -errno, "cannot enable UDP_GRO");
    return failed;
}

static void gso_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                         struct ipm_facts *settings) {
    ipm_inet_describe(end, endpoint, settings);
    ipm_facts_number(settings, "udp_segments_most", GSO_SEGMENTS_MOST);
    ipm_fd_describe_option(end->rx_fd, IPPROTO_UDP, UDP_GRO, "udp_gro", settings);
}

/* Aligned space for the one control message of a call. */
union gso_control {
    struct cmsghdr header;
    unsigned char room[CMSG_SPACE(sizeof(int))];
};

static unsigned gso_fit(const struct gso_end *state, size_t len, unsigned count) {
    const size_t fit = len > 0 && len <= state->most_bytes ? GSO_BYTES_MOST / len : 1;
    const unsigned most = fit < GSO_SEGMENTS_MOST ? (unsigned)fit : GSO_SEGMENTS_MOST;
    return most < 1 ? 1 : count < most ? count : most;
}

/* Sends as many messages as fit into one packet. A message longer than the MTU is sent
 * alone, in fragments. UDP accepts all of it or nothing. */
static ssize_t gso_send_batch(struct ipm_endpoint *end, const void *buf, size_t len,
                              unsigned count) {
    const unsigned taken = gso_fit(end->state, len, count);
    const uint16_t segment_bytes = (uint16_t)len;
    struct iovec part = {.iov_base = (void *)buf, .iov_len = taken * len};
    union gso_control control = {.header = {.cmsg_level = IPPROTO_UDP,
                                            .cmsg_type = UDP_SEGMENT,
                                            .cmsg_len = CMSG_LEN(sizeof segment_bytes)}};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (taken > 1) {
        memcpy(CMSG_DATA(&control.header), &segment_bytes, sizeof segment_bytes);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(sizeof segment_bytes);
    }
    return sendmsg(end->tx_fd, &message, MSG_NOSIGNAL) < 0 ? -1 : (ssize_t)taken;
}

/* Returns the length of a packet's segments, or of the packet when it has only one. */
static size_t gso_segment_bytes(struct msghdr *message, size_t bytes) {
    int segment_bytes = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c))
        if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO)
            memcpy(&segment_bytes, CMSG_DATA(c), sizeof segment_bytes);
    return segment_bytes > 0 ? (size_t)segment_bytes : bytes;
}

/* Receives one packet: its front into buf, the rest into `hold` at the same offset. */
static ssize_t gso_take(struct ipm_endpoint *end, void *buf, size_t room, int flags) {
    struct gso_end *state = end->state;
    const size_t front = room < GSO_HOLD_BYTES ? room : GSO_HOLD_BYTES;
    struct iovec parts[] = {
        {.iov_base = buf, .iov_len = front},
        {.iov_base = state->hold + front, .iov_len = GSO_HOLD_BYTES - front}};
    union gso_control control = {0};
    struct msghdr message = {.msg_iov = parts,
                             .msg_iovlen = 2,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t r = recvmsg(end->rx_fd, &message, flags);
    if (r > 0)
        state->segment_bytes = gso_segment_bytes(&message, (size_t)r);
    return r;
}

/* Returns up to `count` held messages. */
static unsigned gso_hand_out(struct gso_end *state, unsigned char *buf, size_t cap,
                             unsigned count, size_t *lens) {
    unsigned given = 0;
    for (; given < count && state->at < state->end; given++) {
        const size_t left = state->end - state->at;
        const size_t bytes = left < state->segment_bytes ? left : state->segment_bytes;
        memcpy(buf + given * cap, state->hold + state->at, bytes < cap ? bytes : cap);
        lens[given] = bytes;
        state->at += bytes;
    }
    return given;
}

/* Segments as long as `cap` are in place already; only the rest is held. */
static unsigned gso_settle(struct gso_end *state, unsigned char *buf, size_t cap,
                           unsigned count, size_t bytes, size_t *lens) {
    const size_t segment = state->segment_bytes;
    const size_t front = bytes < count * cap ? bytes : count * cap;
    unsigned given = 0;
    if (segment >= bytes) { /* one message, or a mark */
        lens[0] = bytes;
        return 1;
    }
    state->end = bytes;
    if (segment != cap) {
        memcpy(state->hold, buf, front);
        state->at = 0;
        return gso_hand_out(state, buf, cap, count, lens);
    }
    for (state->at = 0; state->at < front; given++) {
        lens[given] = front - state->at < cap ? front - state->at : cap;
        state->at += lens[given];
    }
    return given;
}

/* Returns held messages, then those that can be received, waiting for the first only.
 * A mark is the last. */
static ssize_t gso_recv_batch(struct ipm_endpoint *end, void *buf, size_t cap,
                              unsigned count, size_t *lens) {
    struct gso_end *state = end->state;
    unsigned got = gso_hand_out(state, buf, cap, count, lens);
    errno = state->late_error;
    state->late_error = 0;
    if (got == 0 && errno != 0)
        return -1;
    while (got < count) {
        unsigned char *at = (unsigned char *)buf + got * cap;
        ssize_t r = gso_take(end, at, (count - got) * cap, got > 0 ? MSG_DONTWAIT : 0);
        if (r < 0 && got == 0)
            return -1;
        if (r < 0) {
            state->late_error = errno == EAGAIN || errno == EINTR ? 0 : errno;
            break;
        }
        if (r == 0)
            state->segment_bytes = 0;
        got += gso_settle(state, at, cap, count - got, (size_t)r, lens + got);
        if (r == 0)
            break;
    }
    return (ssize_t)got;
}

static ssize_t gso_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    const struct gso_end *state = end->state;
    size_t len = 0;
    if (state->udp.shared)
        return ipm_udp_recv(end, buf, cap);
    ssize_t got = gso_recv_batch(end, buf, cap, 1, &len);
    return got < 0 ? got : (ssize_t)len;
}

const struct ipm_transport ipm_transport_udp_gso = {
    IPM_UDP_OPERATIONS,
    .name = "udp-gso",
    .summary = "UDP on 127.0.0.1, segmented by the kernel",
    .caps = IPM_CAP_MESSAGES | IPM_CAP_MULTI | IPM_CAP_SHARED | IPM_CAP_POLLABLE |
            IPM_CAP_REMOTE | IPM_CAP_HOLDS,
    .call_messages = GSO_SEGMENTS_MOST,
    .call_bytes = GSO_BYTES_MOST,
    .end_size = sizeof(struct gso_end),
    .probe = gso_probe,
    .attach = gso_attach,
    .describe = gso_describe,
    .recv = gso_recv,
    .send_batch = gso_send_batch,
    .recv_batch = gso_recv_batch,
    .variant = &ipm_inet_4,
};
