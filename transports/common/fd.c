/* fd.c - ready-made operations for ends that are descriptors. It reads no clock: a
 * timeout is the sum of what poll(2) was given. */
#include "transports/common/fd.h"

#include "base/err.h"
#include "base/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FD_SLICE_MS = 5 };

ssize_t ipm_fd_write(struct ipm_endpoint *end, const void *buf, size_t len) {
    return write(end->tx_fd, buf, len);
}

ssize_t ipm_fd_read(struct ipm_endpoint *end, void *buf, size_t cap) {
    return read(end->rx_fd, buf, cap);
}

ssize_t ipm_fd_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    return send(end->tx_fd, buf, len, MSG_NOSIGNAL);
}

ssize_t ipm_fd_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    return recv(end->rx_fd, buf, cap, 0);
}

/* MSG_TRUNC returns the real length of a message, whose rest is lost (recv(2)). */
ssize_t ipm_fd_recv_message(struct ipm_endpoint *end, void *buf, size_t cap) {
    return recv(end->rx_fd, buf, cap, MSG_TRUNC);
}

int ipm_fd_finish_close(struct ipm_endpoint *end) {
    ipm_fd_close(&end->tx_fd);
    return 0;
}

/* ENOTCONN means that the peer is gone and needs no end of stream. */
int ipm_fd_finish_shutdown(struct ipm_endpoint *end) {
    return shutdown(end->tx_fd, SHUT_WR) == 0 || errno == ENOTCONN ? 0 : -errno;
}

/* ENOTCONN: a Unix datagram socket whose peer has refused once is no longer connected. */
int ipm_fd_classify_mark(ssize_t sent) {
    if (sent == 0 || errno == EAGAIN || errno == ENOBUFS || errno == ECONNREFUSED ||
        errno == ENOTCONN)
        return 0;
    return -errno;
}

int ipm_fd_finish_mark(struct ipm_endpoint *end) {
    return ipm_fd_classify_mark(send(end->tx_fd, "", 0, MSG_DONTWAIT | MSG_NOSIGNAL));
}

void ipm_fd_detach(struct ipm_endpoint *end) {
    if (end->tx_fd == end->rx_fd)
        end->tx_fd = -1;
    ipm_fd_close(&end->tx_fd);
    ipm_fd_close(&end->rx_fd);
}

void ipm_no_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                     struct ipm_facts *settings) {
    (void)end;
    (void)endpoint;
    (void)settings;
}

int ipm_no_wire(const struct ipm_endpoint *end, struct ipm_wire *wire) {
    (void)end;
    (void)wire;
    return -ENOTSUP;
}

/* close is not repeated after EINTR, because the descriptor is closed nevertheless
 * (close(2)). */
void ipm_fd_close(int *fd) {
    int saved = errno;
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
    errno = saved;
}

int ipm_fd_take(int *fd) {
    int taken = *fd;
    *fd = -1;
    return taken;
}

int ipm_fd_keep(int fd, int failed, int *ret_fd) {
    if (failed)
        ipm_fd_close(&fd);
    else
        *ret_fd = fd;
    return failed;
}

int *ipm_fd_list_new(unsigned count, struct ipm_err *err) {
    int *fds = malloc(count * sizeof *fds);
    if (!fds)
        ipm_err_sys(err, -ENOMEM, "cannot allocate %u descriptors", count);
    for (unsigned i = 0; fds && i < count; i++)
        fds[i] = -1;
    return fds;
}

void ipm_fd_list_free(int **fds, unsigned count) {
    for (unsigned i = 0; *fds && i < count; i++)
        ipm_fd_close(&(*fds)[i]);
    free(*fds);
    *fds = NULL;
}

int ipm_fd_unblock(int fd) {
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* Limits send and connect; 0 is no limit (socket(7)). */
static int fd_limit(int fd, unsigned wait_ms) {
    const struct timeval limit = {.tv_sec = (time_t)(wait_ms / 1000),
                                  .tv_usec = (suseconds_t)(wait_ms % 1000) * 1000};
    return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

int ipm_fd_block(int fd) {
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
}

void ipm_fd_give(struct ipm_endpoint *end, int fd) {
    end->rx_fd = fd;
    end->tx_fd = fd;
}

int ipm_fd_set_buffers(int fd, size_t bytes, struct ipm_err *err) {
    int asked = bytes > INT_MAX ? INT_MAX : (int)bytes;
    if (asked == 0)
        return 0;
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &asked, sizeof asked) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &asked, sizeof asked) == 0)
        return 0;
    return ipm_err_sys(err, -errno, "cannot set socket buffers of %zu bytes", bytes);
}

int ipm_fd_pair(int type, size_t buffer_bytes, int ret_fds[2], struct ipm_err *err) {
    int fds[2];
    if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds) != 0)
        return ipm_err_sys(err, -errno, "cannot make a pair of sockets");
    int failed = ipm_fd_set_buffers(fds[0], buffer_bytes, err);
    if (!failed)
        failed = ipm_fd_set_buffers(fds[1], buffer_bytes, err);
    if (failed) {
        ipm_fd_close(&fds[0]);
        ipm_fd_close(&fds[1]);
        return failed;
    }
    ret_fds[0] = fds[0];
    ret_fds[1] = fds[1];
    return 0;
}

void ipm_fd_describe_option(int fd, int level, int option, const char *key,
                            struct ipm_facts *settings) {
    int given = 0;
    socklen_t bytes = sizeof given;
    if (getsockopt(fd, level, option, &given, &bytes) == 0)
        ipm_facts_number(settings, key, given);
}

void ipm_fd_describe_buffers(int fd, struct ipm_facts *settings) {
    ipm_fd_describe_option(fd, SOL_SOCKET, SO_SNDBUF, "so_sndbuf_bytes", settings);
    ipm_fd_describe_option(fd, SOL_SOCKET, SO_RCVBUF, "so_rcvbuf_bytes", settings);
}

void ipm_fd_describe_inode(int fd, const char *key, struct ipm_facts *endpoint) {
    struct stat status;
    if (fd >= 0 && fstat(fd, &status) == 0)
        ipm_facts_number(endpoint, key, (int64_t)status.st_ino);
}

/* A connect that times out returns EINPROGRESS or, on a Unix socket, EAGAIN
 * (socket(7)). */
int ipm_fd_connect(int fd, const struct sockaddr *address, socklen_t bytes,
                   unsigned timeout_ms, struct ipm_err *err) {
    if (fd_limit(fd, timeout_ms > 0 ? timeout_ms : 1) != 0)
        return ipm_err_sys(err, -errno, "cannot limit the time to connect");
    int failed = connect(fd, address, bytes) == 0 ? 0 : -errno;
    if (failed == -EINPROGRESS || failed == -EAGAIN)
        return ipm_err_set(err, -ETIMEDOUT, "cannot connect to the parent within %u ms",
                           timeout_ms);
    if (failed)
        return ipm_err_sys(err, failed, "cannot connect to the parent");
    if (fd_limit(fd, 0) != 0)
        return ipm_err_sys(err, -errno, "cannot remove the time limit of sends");
    return 0;
}

int ipm_fd_connect_datagram(int fd, int peer_fd, struct ipm_err *err) {
    struct sockaddr_storage name;
    socklen_t bytes = sizeof name;
    char stray = 0;
    if (getsockname(peer_fd, (struct sockaddr *)&name, &bytes) != 0 ||
        connect(fd, (const struct sockaddr *)&name, bytes) != 0)
        return ipm_err_sys(err, -errno,
                           "cannot connect one datagram socket to the other");
    while (recv(fd, &stray, sizeof stray, MSG_DONTWAIT) >= 0)
        continue;
    return 0;
}

int ipm_fd_wait(struct pollfd *fds, unsigned count, unsigned *left_ms) {
    unsigned slice_ms = *left_ms < FD_SLICE_MS ? *left_ms : FD_SLICE_MS;
    int ready = poll(fds, count, (int)slice_ms);
    if (ready < 0)
        return -errno;
    unsigned cost_ms = ready == 0 ? slice_ms : 1;
    *left_ms -= cost_ms < *left_ms ? cost_ms : *left_ms;
    return ready;
}
