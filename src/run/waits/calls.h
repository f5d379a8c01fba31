/* calls.h - the list of calls that may have to wait, for the ways of waiting that replace them.
 * Private to this folder. */
#ifndef IPM_RUN_WAITS_CALLS_H
#define IPM_RUN_WAITS_CALLS_H

#include "transports/transport.h"

#include <poll.h>

/* CALL(name, events, parameters, arguments) for each. `events` are those of poll(2) that tell
 * when the call finds something. */
#define IPM_WAIT_CALLS(CALL)                                                             \
    CALL(send, POLLOUT, (struct ipm_endpoint * end, const void *buf, size_t len),        \
         (end, buf, len))                                                                \
    CALL(send_steady, POLLOUT, (struct ipm_endpoint * end, const void *buf, size_t len), \
         (end, buf, len))                                                                \
    CALL(send_batch, POLLOUT,                                                            \
         (struct ipm_endpoint * end, const void *buf, size_t len, unsigned count),       \
         (end, buf, len, count))                                                         \
    CALL(lease, POLLOUT, (struct ipm_endpoint * end, void **ret_buf), (end, ret_buf))    \
    CALL(commit, POLLOUT, (struct ipm_endpoint * end, size_t len), (end, len))           \
    CALL(recv, POLLIN, (struct ipm_endpoint * end, void *buf, size_t cap),               \
         (end, buf, cap))                                                                \
    CALL(recv_batch, POLLIN,                                                             \
         (struct ipm_endpoint * end, void *buf, size_t cap, unsigned count,              \
          size_t *lens),                                                                 \
         (end, buf, cap, count, lens))                                                   \
    CALL(borrow, POLLIN, (struct ipm_endpoint * end, const void **ret_buf),              \
         (end, ret_buf))                                                                 \
    CALL(send_series, POLLOUT,                                                           \
         (struct ipm_endpoint * end, const void *buf, size_t len, unsigned count),       \
         (end, buf, len, count))                                                         \
    CALL(borrow_series, POLLIN,                                                          \
         (struct ipm_endpoint * end, size_t len, unsigned count, const void **ret_buf,   \
          size_t *ret_stride),                                                           \
         (end, len, count, ret_buf, ret_stride))

/* Waits until poll(2) reports one of the events, or an error. Returns whether it did; else
 * errno says why, as after a call: EINTR. */
static inline bool ipm_wait_ready(const struct ipm_endpoint *end, short events) {
    struct pollfd fd = {.fd = events == POLLOUT ? end->tx_fd : end->rx_fd,
                        .events = events};
    return poll(&fd, 1, -1) > 0;
}

#endif
