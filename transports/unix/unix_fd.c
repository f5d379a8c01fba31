/* unix_fd.c - a sealed memfd for each message, passed by SCM_RIGHTS: unix(7),
 * memfd_create(2). A receiver checks every descriptor that it receives. */
#include "base/err.h"
#include "base/facts.h"
#include "transports/common/fd.h"
#include "transports/unix/local.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    UNIX_FD_SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE,
    /* One more than is sent. The kernel closes descriptors beyond it (MSG_CTRUNC, recvmsg(2)). */
    UNIX_FD_MOST = 2
};

/* A message that was not sent yet because of a signal or a full socket. */
struct unix_fd_end {
    bool holds;
    int memfd;
};

union unix_fd_control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(UNIX_FD_MOST * sizeof(int))];
};

static int unix_fd_fill(int memfd, const unsigned char *bytes, size_t len) {
    for (size_t done = 0; done < len;) {
        ssize_t r = pwrite(memfd, bytes + done, len - done, (off_t)done);
        if (r < 0 && errno != EINTR)
            return -1;
        done += r > 0 ? (size_t)r : 0;
    }
    return fcntl(memfd, F_ADD_SEALS, UNIX_FD_SEALS);
}

/* Returns a sealed memfd, or -1 and errno. */
static int unix_fd_make(const void *buf, size_t len) {
    int memfd = memfd_create("ipcmark", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (memfd >= 0 && unix_fd_fill(memfd, buf, len) != 0)
        ipm_fd_close(&memfd);
    return memfd;
}

/* One byte is sent with the descriptor, so that an empty packet remains the end of the
 * stream. */
static ssize_t unix_fd_pass(int fd, int memfd) {
    char byte = 'F';
    struct iovec part = {.iov_base = &byte, .iov_len = 1};
    union unix_fd_control control = {.bytes = {0}};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = CMSG_SPACE(sizeof memfd)};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof memfd);
    memcpy(CMSG_DATA(header), &memfd, sizeof memfd);
    return sendmsg(fd, &message, MSG_NOSIGNAL);
}

static int unix_fd_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    int memfd = unix_fd_make("", 1);
    if (memfd < 0)
        return ipm_err_sys(err, -errno, "cannot make a sealed memfd");
    ipm_fd_close(&memfd);
    *ret_max_message_bytes = SIZE_MAX;
    return 0;
}

static void unix_fd_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                             struct ipm_facts *settings) {
    ipm_fd_describe_inode(end->rx_fd, "local_inode", endpoint);
    ipm_fd_describe_buffers(end->rx_fd, settings);
}

/* After a signal or on a full socket the caller sends the same message again, so its
 * memfd is kept. */
static ssize_t unix_fd_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    struct unix_fd_end *state = end->state;
    if (!state->holds)
        state->memfd = unix_fd_make(buf, len);
    state->holds = state->memfd >= 0;
    if (!state->holds)
        return -1;
    if (unix_fd_pass(end->tx_fd, state->memfd) < 0)
        return -1;
    state->holds = false;
    ipm_fd_close(&state->memfd);
    return (ssize_t)len;
}

/* Collects all received descriptors, so that each can be closed. Returns their count. */
static unsigned unix_fd_collect(struct msghdr *message, int fds[UNIX_FD_MOST]) {
    unsigned count = 0;
    for (struct cmsghdr *at = CMSG_FIRSTHDR(message); at; at = CMSG_NXTHDR(message, at)) {
        const size_t bytes = at->cmsg_len - CMSG_LEN(0);
        if (at->cmsg_level != SOL_SOCKET || at->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t i = 0; i < bytes / sizeof(int) && count < UNIX_FD_MOST; i++)
            memcpy(&fds[count++], CMSG_DATA(at) + i * sizeof(int), sizeof(int));
    }
    return count;
}

/* Refuses a memfd that the sender could still change or truncate. Returns 0 and the
 * length, or -1 and errno. */
static int unix_fd_check(int memfd, size_t *ret_len) {
    struct stat status;
    if (fstat(memfd, &status) != 0)
        return -1;
    const int seals = fcntl(memfd, F_GET_SEALS);
    if (seals >= 0 && (seals & UNIX_FD_SEALS) == UNIX_FD_SEALS && status.st_size > 0) {
        *ret_len = (size_t)status.st_size;
        return 0;
    }
    errno = EBADMSG;
    return -1;
}

static ssize_t unix_fd_read(int memfd, unsigned char *buf, size_t cap) {
    size_t len = 0;
    if (unix_fd_check(memfd, &len) != 0)
        return -1;
    const size_t wanted = len < cap ? len : cap;
    for (size_t done = 0; done < wanted;) {
        ssize_t r = pread(memfd, buf + done, wanted - done, (off_t)done);
        if (r == 0)
            errno = EBADMSG;
        if (r == 0 || (r < 0 && errno != EINTR))
            return -1;
        done += r > 0 ? (size_t)r : 0;
    }
    return (ssize_t)len;
}

static ssize_t unix_fd_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    char byte = 0;
    struct iovec part = {.iov_base = &byte, .iov_len = 1};
    union unix_fd_control control;
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    int fds[UNIX_FD_MOST] = {-1, -1};
    ssize_t r = recvmsg(end->rx_fd, &message, MSG_CMSG_CLOEXEC);
    if (r <= 0)
        return r;
    const unsigned count = unix_fd_collect(&message, fds);
    errno = EBADMSG;
    r = count == 1 && (message.msg_flags & (MSG_CTRUNC | MSG_TRUNC)) == 0
            ? unix_fd_read(fds[0], buf, cap)
            : -1;
    for (unsigned i = 0; i < count; i++)
        ipm_fd_close(&fds[i]);
    return r;
}

static void unix_fd_detach(struct ipm_endpoint *end) {
    struct unix_fd_end *state = end->state;
    ipm_fd_detach(end);
    if (state->holds)
        ipm_fd_close(&state->memfd);
    state->holds = false;
}

const struct ipm_transport ipm_transport_unix_fd = {
    .name = "unix-fd",
    .summary = "a sealed memfd passed for each message",
    .addressing = "inode of each socket",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_POLLABLE,
    .link_size = sizeof(struct ipm_lanes),
    .end_size = sizeof(struct unix_fd_end),
    .probe = unix_fd_probe,
    .open = ipm_local_pairs_open,
    .attach = ipm_lanes_attach_pair,
    .close = ipm_lanes_close,
    .describe = unix_fd_describe,
    .wire = ipm_no_wire,
    .send = unix_fd_send,
    .recv = unix_fd_recv,
    .finish = ipm_fd_finish_shutdown,
    .detach = unix_fd_detach,
    .variant = &(const int){SOCK_SEQPACKET},
};
