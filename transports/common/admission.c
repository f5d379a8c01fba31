/* admission.c - admits children over connected sockets of any kind. */
#include "transports/common/admission.h"

#include "base/err.h"
#include "transports/common/fd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { ADMISSION_OTHERS = 16, ADMISSION_ACCEPTS = 16 };

struct ipm_admission_pending {
    int fd;
    size_t hello_bytes;
    unsigned char hello[IPM_ADMISSION_HELLO_BYTES];
};

/* Returns the most pending connections. All children may connect before the first has
 * sent its hello, and other processes may connect as well. */
static unsigned admission_most(const struct ipm_admission *admission) {
    return admission->peers + ADMISSION_OTHERS;
}

int ipm_admission_init(struct ipm_admission *admission, int listener, unsigned peers,
                       struct ipm_err *err) {
    *admission = (struct ipm_admission){.listener = listener, .peers = peers};
    if (getrandom(admission->token, IPM_ADMISSION_TOKEN_BYTES, 0) !=
        IPM_ADMISSION_TOKEN_BYTES)
        return ipm_err_sys(err, -errno, "cannot make a random token");
    admission->pending = calloc(admission_most(admission), sizeof *admission->pending);
    admission->fds = calloc(admission_most(admission) + 1, sizeof *admission->fds);
    if (admission->pending && admission->fds)
        return 0;
    ipm_admission_done(admission);
    return ipm_err_sys(err, -ENOMEM, "cannot allocate %u children", peers);
}

/* The number is in host byte order. A hello always fits into the empty buffer of a new
 * connection. */
int ipm_admission_present(const struct ipm_admission *admission, int fd, unsigned peer,
                          struct ipm_err *err) {
    unsigned char hello[IPM_ADMISSION_HELLO_BYTES];
    memcpy(hello, admission->token, IPM_ADMISSION_TOKEN_BYTES);
    memcpy(hello + IPM_ADMISSION_TOKEN_BYTES, &peer, sizeof peer);
    ssize_t sent = send(fd, hello, sizeof hello, MSG_NOSIGNAL);
    if (sent == sizeof hello)
        return 0;
    return ipm_err_sys(err, sent < 0 ? -errno : -EIO, "cannot present the token");
}

static void admission_remove(struct ipm_admission *admission, unsigned which) {
    admission->count--;
    memmove(&admission->pending[which], &admission->pending[which + 1],
            (admission->count - which) * sizeof admission->pending[0]);
}

static void admission_drop(struct ipm_admission *admission, unsigned which) {
    ipm_fd_close(&admission->pending[which].fd);
    admission_remove(admission, which);
}

void ipm_admission_done(struct ipm_admission *admission) {
    while (admission->pending && admission->count > 0)
        admission_drop(admission, admission->count - 1);
    free(admission->pending);
    free(admission->fds);
    admission->pending = NULL;
    admission->fds = NULL;
}

/* Returns the number of the child, or `peers` for a process without the token. */
static unsigned admission_peer(const struct ipm_admission *admission,
                               const struct ipm_admission_pending *pending) {
    unsigned peer = 0;
    if (memcmp(pending->hello, admission->token, IPM_ADMISSION_TOKEN_BYTES) != 0)
        return admission->peers;
    memcpy(&peer, pending->hello + IPM_ADMISSION_TOKEN_BYTES, sizeof peer);
    return peer < admission->peers ? peer : admission->peers;
}

/* Reads no further than the hello. Returns whether the connection belongs to a child, and
 * sets ret_fd and ret_peer if so. */
static bool admission_read(struct ipm_admission *admission, unsigned which, int *ret_fd,
                           unsigned *ret_peer) {
    struct ipm_admission_pending *pending = &admission->pending[which];
    ssize_t r = recv(pending->fd, pending->hello + pending->hello_bytes,
                     IPM_ADMISSION_HELLO_BYTES - pending->hello_bytes, MSG_DONTWAIT);
    if (r < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (r > 0)
        pending->hello_bytes += (size_t)r;
    const bool whole = pending->hello_bytes == IPM_ADMISSION_HELLO_BYTES;
    const unsigned peer = whole ? admission_peer(admission, pending) : admission->peers;
    if (peer < admission->peers) {
        *ret_fd = pending->fd;
        *ret_peer = peer;
        admission_remove(admission, which);
        return true;
    }
    if (r <= 0 || whole)
        admission_drop(admission, which);
    return false;
}

/* Returns 1 for a new connection, 0 for none, or a negative errno. Errors of connections
 * that were closed before accept are ignored (accept(2)). */
static int admission_accept(struct ipm_admission *admission, struct ipm_err *err) {
    int fd = accept4(admission->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
                   errno == ENOMEM || errno == EINVAL))
        return ipm_err_sys(err, -errno, "cannot accept the child");
    if (fd < 0)
        return 0;
    if (admission->count == admission_most(admission))
        admission_drop(admission, 0); /* the oldest */
    admission->pending[admission->count++] = (struct ipm_admission_pending){.fd = fd};
    return 1;
}

/* Accepts a limited number of connections, until one belongs to a child: processes that
 * connect faster than this accepts must not keep it here. */
static int admission_accept_some(struct ipm_admission *admission, int *ret_fd,
                                 unsigned *ret_peer, struct ipm_err *err) {
    for (int i = 0; i < ADMISSION_ACCEPTS; i++) {
        int came = admission_accept(admission, err);
        if (came <= 0)
            return came;
        if (admission_read(admission, admission->count - 1, ret_fd, ret_peer))
            return 0;
    }
    return 0;
}

/* Waits a short time and reads from all pending connections. Sets ret_fd if one belongs
 * to a child. */
static int admission_step(struct ipm_admission *admission, unsigned *left_ms, int *ret_fd,
                          unsigned *ret_peer, struct ipm_err *err) {
    struct pollfd *fds = admission->fds;
    for (unsigned i = 0; i < admission->count; i++)
        fds[i] = (struct pollfd){.fd = admission->pending[i].fd, .events = POLLIN};
    fds[admission->count] = (struct pollfd){.fd = admission->listener, .events = POLLIN};
    int ready = ipm_fd_wait(fds, admission->count + 1, left_ms);
    if (ready < 0)
        return ipm_err_sys(err, ready, "cannot wait for the child");
    const bool connected = fds[admission->count].revents != 0;
    for (unsigned i = admission->count; i-- > 0;)
        if (fds[i].revents != 0 && admission_read(admission, i, ret_fd, ret_peer))
            return 0;
    return connected ? admission_accept_some(admission, ret_fd, ret_peer, err) : 0;
}

int ipm_admission_admit(struct ipm_admission *admission, unsigned timeout_ms, int *ret_fd,
                        unsigned *ret_peer, struct ipm_err *err) {
    unsigned left_ms = timeout_ms;
    int fd = -1;
    int failed = 0;
    while (!failed && fd < 0 && left_ms > 0)
        failed = admission_step(admission, &left_ms, &fd, ret_peer, err);
    if (!failed && fd < 0)
        failed = ipm_err_set(err, -ETIMEDOUT, "the child did not connect within %u ms",
                             timeout_ms);
    if (!failed)
        *ret_fd = fd;
    return failed;
}
