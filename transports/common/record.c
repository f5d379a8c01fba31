/* record.c - messages over a socket that may return one in several pieces. */
#include "transports/common/record.h"

#include <errno.h>
#include <poll.h>

enum { RECORD_REST_BYTES = 4096 };

/* Waits for the rest of a message even if the descriptor is non-blocking, because the
 * rest must not be taken for the next message. */
static int record_await(int fd) {
    struct pollfd more = {.fd = fd, .events = POLLIN};
    return errno == EAGAIN && poll(&more, 1, -1) > 0 ? 0 : -1;
}

/* Receives a piece into buf at `at`, as far as it fits, and drops the rest. */
static ssize_t record_piece(ipm_record_take *take, int fd, const struct iovec *room,
                            size_t at, int *ret_flags) {
    unsigned char rest[RECORD_REST_BYTES];
    struct iovec part = {.iov_base = rest, .iov_len = sizeof rest};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (at < room->iov_len)
        part = (struct iovec){.iov_base = (unsigned char *)room->iov_base + at,
                              .iov_len = room->iov_len - at};
    ssize_t r = take(fd, &message, 0);
    *ret_flags = message.msg_flags;
    return r;
}

/* Receives the pieces after the first one. An end of file within a message is the end of
 * the stream: the sender is gone. */
static ssize_t record_rest(ipm_record_take *take, int fd, const struct iovec *room,
                           size_t at) {
    int flags = 0;
    while ((flags & MSG_EOR) == 0) {
        ssize_t r = record_piece(take, fd, room, at, &flags);
        if (r == 0 || (r < 0 && record_await(fd) != 0))
            return r;
        at += r > 0 ? (size_t)r : 0;
    }
    return (ssize_t)at;
}

ssize_t ipm_record_recv_by(ipm_record_take *take, struct ipm_endpoint *end, void *buf,
                           size_t cap) {
    const struct iovec room = {.iov_base = buf, .iov_len = cap};
    int flags = 0;
    ssize_t r = record_piece(take, end->rx_fd, &room, 0, &flags);
    return r <= 0 || (flags & MSG_EOR) != 0
               ? r
               : record_rest(take, end->rx_fd, &room, (size_t)r);
}

ssize_t ipm_record_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    return ipm_record_recv_by(recvmsg, end, buf, cap);
}
