/* uring_end.c - the hot calls of a pump, made by a ring: each is one turn of it.
 *
 * The requests of a turn are linked, because requests that wait for space in a buffer may
 * complete out of order. A short write breaks the link; a send is complete or fails
 * (MSG_WAITALL). So the bytes that were accepted are always the first ones, as with
 * write(2).
 *
 * No file is registered: the ring's reference would keep a pipe open after its end was
 * closed, and the stream would not end. No buffer is registered either: send(2) and recv(2)
 * accept none, and a pipe copies anyway. */
#include "run/io/uring_end.h"

#include "run/pump/pump.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* A pipe has no file offset (io_uring_prep_read(3)). */
static const uint64_t URING_NO_OFFSET = UINT64_MAX;

static struct ipm_uring_end *uring_of(struct ipm_endpoint *end) {
    return (struct ipm_uring_end *)(void *)end;
}

/* --- requests ----------------------------------------------------------------------- */

static void uring_queue_write(struct ipm_uring_end *end, const void *buf, size_t bytes) {
    io_uring_prep_write(ipm_uring_next(&end->ring), end->end.tx_fd, buf, (unsigned)bytes,
                        URING_NO_OFFSET);
}

static void uring_queue_read(struct ipm_uring_end *end, void *buf, size_t cap,
                             int flags) {
    (void)flags;
    io_uring_prep_read(ipm_uring_next(&end->ring), end->end.rx_fd, buf, (unsigned)cap,
                       URING_NO_OFFSET);
}

static void uring_queue_send(struct ipm_uring_end *end, const void *buf, size_t bytes) {
    io_uring_prep_send(ipm_uring_next(&end->ring), end->end.tx_fd, buf, bytes,
                       MSG_NOSIGNAL | MSG_WAITALL);
}

static void uring_queue_recv(struct ipm_uring_end *end, void *buf, size_t cap,
                             int flags) {
    io_uring_prep_recv(ipm_uring_next(&end->ring), end->end.rx_fd, buf, cap,
                       end->recv_flags | flags);
}

/* Returns the result as a system call does. */
static ssize_t uring_give(int result) {
    if (result >= 0)
        return result;
    errno = -result;
    return -1;
}

/* Returns what a turn has moved. If that is nothing, returns the result of the first
 * request. */
static ssize_t uring_result(const struct ipm_uring_end *end, int failed, ssize_t moved) {
    if (moved > 0 && !failed)
        return moved;
    return uring_give(failed ? failed : end->ring.results[0]);
}

/* --- sending ------------------------------------------------------------------------ */

/* Each message of a stream is a request of its own. The first one may be the rest of a
 * message, because the end of buf is always the end of a message. */
static unsigned uring_queue_frames(struct ipm_uring_end *end, const unsigned char *at,
                                   size_t bytes) {
    const size_t rest = bytes % end->frame_bytes;
    unsigned count = 0;
    for (size_t step = rest > 0 ? rest : end->frame_bytes; bytes > 0;
         step = end->frame_bytes, count++) {
        end->queue_send(end, at, step);
        at += step;
        bytes -= step;
    }
    return count;
}

static ssize_t uring_send(struct ipm_endpoint *opaque, const void *buf, size_t len) {
    struct ipm_uring_end *end = uring_of(opaque);
    const unsigned count = uring_queue_frames(end, buf, len);
    const int failed = ipm_uring_turn(&end->ring, &end->send_calls);
    ssize_t sent = 0;
    for (unsigned i = 0; i < count && end->ring.results[i] > 0; i++)
        sent += end->ring.results[i];
    return uring_result(end, failed, sent);
}

static ssize_t uring_send_batch(struct ipm_endpoint *opaque, const void *buf, size_t len,
                                unsigned count) {
    struct ipm_uring_end *end = uring_of(opaque);
    const unsigned char *at = buf;
    for (unsigned i = 0; i < count; i++, at += len)
        end->queue_send(end, at, len);
    const int failed = ipm_uring_turn(&end->ring, &end->send_calls);
    int sent = 0;
    while ((unsigned)sent < count && end->ring.results[sent] == (int)len)
        sent++;
    return uring_result(end, failed, sent);
}

/* --- receiving ---------------------------------------------------------------------- */

static ssize_t uring_recv(struct ipm_endpoint *opaque, void *buf, size_t cap) {
    struct ipm_uring_end *end = uring_of(opaque);
    end->queue_recv(end, buf, cap, 0);
    const int failed = ipm_uring_turn(&end->ring, &end->recv_calls);
    return uring_give(failed ? failed : end->ring.results[0]);
}

/* Only the first request waits. The others take what has arrived, and the first one that
 * finds nothing breaks the links (MSG_WAITFORONE in recvmmsg(2)). */
static ssize_t uring_recv_batch(struct ipm_endpoint *opaque, void *buf, size_t cap,
                                unsigned count, size_t *lens) {
    struct ipm_uring_end *end = uring_of(opaque);
    unsigned char *at = buf;
    for (unsigned i = 0; i < count; i++, at += cap)
        end->queue_recv(end, at, cap, i > 0 ? MSG_DONTWAIT : 0);
    const int failed = ipm_uring_turn(&end->ring, &end->recv_calls);
    int came = 0;
    for (; (unsigned)came < count && end->ring.results[came] >= 0; came++)
        lens[came] = (size_t)end->ring.results[came];
    return uring_result(end, failed, came);
}

/* --- request and response ----------------------------------------------------------- */

/* A request and the wait for its response are one turn, and so are a response and the wait
 * for the next request. No request follows the last response, which is sent at once. */
static ssize_t uring_defer(struct ipm_endpoint *opaque, const void *buf, size_t len) {
    struct ipm_uring_end *end = uring_of(opaque);
    if (end->end.side == IPM_CHILD && end->messages_left == 1)
        return uring_send(opaque, buf, len);
    end->messages_left--;
    end->deferred = buf;
    end->deferred_bytes = len;
    return (ssize_t)len;
}

/* After a short write, which has broken the link, the rest is sent first. */
static ssize_t uring_recv_in_turn(struct ipm_endpoint *opaque, void *buf, size_t cap) {
    struct ipm_uring_end *end = uring_of(opaque);
    const int *results = end->ring.results;
    while (end->deferred_bytes > 0) {
        end->queue_send(end, end->deferred, end->deferred_bytes);
        end->queue_recv(end, buf, cap, 0);
        const int failed = ipm_uring_turn(&end->ring, &end->recv_calls);
        if ((failed && failed != -EINTR) || results[0] < 0)
            return uring_give(failed ? failed : results[0]);
        end->deferred = (const unsigned char *)end->deferred + results[0];
        end->deferred_bytes -= (size_t)results[0];
        if (end->deferred_bytes == 0)
            return uring_give(failed && results[1] < 0 ? failed : results[1]);
    }
    return uring_recv(opaque, buf, cap);
}

/* --- the calls of a pump ------------------------------------------------------------ */

static bool uring_is_socket(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
}

void ipm_uring_drive_out(struct ipm_uring_end *end, struct ipm_pump *out, bool in_turn) {
    const bool whole = (end->end.ops->caps & IPM_CAP_MESSAGES) != 0;
    end->queue_send =
        uring_is_socket(end->end.tx_fd) ? uring_queue_send : uring_queue_write;
    end->frame_bytes = whole ? out->message_bytes : out->frame_bytes;
    end->messages_left = out->messages;
    end->ring.gives_up = in_turn && out->loses;
    out->end = &end->end;
    out->calls.send = in_turn ? uring_defer : uring_send;
    out->calls.send_batch = out->calls.send_batch ? uring_send_batch : NULL;
}

void ipm_uring_drive_in(struct ipm_uring_end *end, struct ipm_pump *in, bool in_turn) {
    const bool whole = (end->end.ops->caps & IPM_CAP_MESSAGES) != 0;
    end->queue_recv =
        uring_is_socket(end->end.rx_fd) ? uring_queue_recv : uring_queue_read;
    end->recv_flags = whole ? MSG_TRUNC : 0;
    in->end = &end->end;
    in->calls.recv = in_turn ? uring_recv_in_turn : uring_recv;
    in->calls.recv_batch = in->calls.recv_batch ? uring_recv_batch : NULL;
}
