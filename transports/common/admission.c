/* admission.c - lets the children in and keeps everybody else out. Knows connected sockets, not of
 * which kind. */
#include "transports/common/admission.h"

#include "base/err.h"
#include "transports/common/fd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { ADMISSION_STRANGERS = 16, ADMISSION_ACCEPTS = 16 };

struct ipm_admission_guest {
    int fd;
    size_t heard_bytes;
    unsigned char heard[IPM_ADMISSION_HELLO_BYTES];
};

/* All children may knock before one of them has spoken, and strangers among them. */
static unsigned admission_most(const struct ipm_admission *gate) {
    return gate->peers + ADMISSION_STRANGERS;
}

int ipm_admission_init(struct ipm_admission *gate, int listener, unsigned peers,
                       struct ipm_err *err) {
    *gate = (struct ipm_admission){.listener = listener, .peers = peers};
    if (getrandom(gate->token, IPM_ADMISSION_TOKEN_BYTES, 0) != IPM_ADMISSION_TOKEN_BYTES)
        return ipm_err_sys(err, -errno, "cannot make a random token");
    gate->guests = calloc(admission_most(gate), sizeof *gate->guests);
    gate->fds = calloc(admission_most(gate) + 1, sizeof *gate->fds);
    if (gate->guests && gate->fds)
        return 0;
    ipm_admission_done(gate);
    return ipm_err_sys(err, -ENOMEM, "cannot make room for %u guests", peers);
}

/* The number in the order of this machine: it never leaves it. So few bytes fit into the
 * empty buffer of a new connection whole. */
int ipm_admission_present(const struct ipm_admission *gate, int fd, unsigned peer,
                          struct ipm_err *err) {
    unsigned char hello[IPM_ADMISSION_HELLO_BYTES];
    memcpy(hello, gate->token, IPM_ADMISSION_TOKEN_BYTES);
    memcpy(hello + IPM_ADMISSION_TOKEN_BYTES, &peer, sizeof peer);
    ssize_t sent = send(fd, hello, sizeof hello, MSG_NOSIGNAL);
    if (sent == sizeof hello)
        return 0;
    return ipm_err_sys(err, sent < 0 ? -errno : -EIO, "cannot present the token");
}

static void admission_forget(struct ipm_admission *gate, unsigned which) {
    gate->count--;
    memmove(&gate->guests[which], &gate->guests[which + 1],
            (gate->count - which) * sizeof gate->guests[0]);
}

static void admission_drop(struct ipm_admission *gate, unsigned which) {
    ipm_fd_close(&gate->guests[which].fd);
    admission_forget(gate, which);
}

void ipm_admission_done(struct ipm_admission *gate) {
    while (gate->guests && gate->count > 0)
        admission_drop(gate, gate->count - 1);
    free(gate->guests);
    free(gate->fds);
    gate->guests = NULL;
    gate->fds = NULL;
}

/* Who a guest says it is, or `peers` for somebody without the token. */
static unsigned admission_name(const struct ipm_admission *gate,
                               const struct ipm_admission_guest *guest) {
    unsigned peer = 0;
    if (memcmp(guest->heard, gate->token, IPM_ADMISSION_TOKEN_BYTES) != 0)
        return gate->peers;
    memcpy(&peer, guest->heard + IPM_ADMISSION_TOKEN_BYTES, sizeof peer);
    return peer < gate->peers ? peer : gate->peers;
}

/* Reads no further than the child's number, so that what follows stays for the window. Says
 * whether the guest is a child, which then is in ret_fd and ret_peer. */
static bool admission_hears(struct ipm_admission *gate, unsigned which, int *ret_fd,
                            unsigned *ret_peer) {
    struct ipm_admission_guest *guest = &gate->guests[which];
    ssize_t r = recv(guest->fd, guest->heard + guest->heard_bytes,
                     IPM_ADMISSION_HELLO_BYTES - guest->heard_bytes, MSG_DONTWAIT);
    if (r < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (r > 0)
        guest->heard_bytes += (size_t)r;
    const bool whole = guest->heard_bytes == IPM_ADMISSION_HELLO_BYTES;
    const unsigned peer = whole ? admission_name(gate, guest) : gate->peers;
    if (peer < gate->peers) {
        *ret_fd = guest->fd;
        *ret_peer = peer;
        admission_forget(gate, which);
        return true;
    }
    if (r <= 0 || whole)
        admission_drop(gate, which);
    return false;
}

/* 1 when there is one more guest, 0 when nobody knocks. A guest may be gone again before it
 * is accepted: accept(2) lists these errors. */
static int admission_accept(struct ipm_admission *gate, struct ipm_err *err) {
    int fd = accept4(gate->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
                   errno == ENOMEM || errno == EINVAL))
        return ipm_err_sys(err, -errno, "cannot accept the child");
    if (fd < 0)
        return 0;
    if (gate->count == admission_most(gate))
        admission_drop(gate, 0); /* the oldest */
    gate->guests[gate->count++] = (struct ipm_admission_guest){.fd = fd};
    return 1;
}

/* Lets in a few of those who knock, until one of them is a child. Not all: strangers who
 * knock faster than they are let in would keep it here. */
static int admission_accept_some(struct ipm_admission *gate, int *ret_fd,
                                 unsigned *ret_peer, struct ipm_err *err) {
    for (int i = 0; i < ADMISSION_ACCEPTS; i++) {
        int came = admission_accept(gate, err);
        if (came <= 0)
            return came;
        if (admission_hears(gate, gate->count - 1, ret_fd, ret_peer))
            return 0;
    }
    return 0;
}

/* One look at whoever has something to say; fills ret_fd when one of them is a child. */
static int admission_look(struct ipm_admission *gate, unsigned *left_ms, int *ret_fd,
                          unsigned *ret_peer, struct ipm_err *err) {
    struct pollfd *fds = gate->fds;
    for (unsigned i = 0; i < gate->count; i++)
        fds[i] = (struct pollfd){.fd = gate->guests[i].fd, .events = POLLIN};
    fds[gate->count] = (struct pollfd){.fd = gate->listener, .events = POLLIN};
    int ready = ipm_fd_wait(fds, gate->count + 1, left_ms);
    if (ready < 0)
        return ipm_err_sys(err, ready, "cannot wait for the child");
    const bool knocked = fds[gate->count].revents != 0;
    for (unsigned i = gate->count; i-- > 0;)
        if (fds[i].revents != 0 && admission_hears(gate, i, ret_fd, ret_peer))
            return 0;
    return knocked ? admission_accept_some(gate, ret_fd, ret_peer, err) : 0;
}

int ipm_admission_admit(struct ipm_admission *gate, unsigned timeout_ms, int *ret_fd,
                        unsigned *ret_peer, struct ipm_err *err) {
    unsigned left_ms = timeout_ms;
    int fd = -1;
    int failed = 0;
    while (!failed && fd < 0 && left_ms > 0)
        failed = admission_look(gate, &left_ms, &fd, ret_peer, err);
    if (!failed && fd < 0)
        failed = ipm_err_set(err, -ETIMEDOUT, "the child did not connect within %u ms",
                             timeout_ms);
    if (!failed)
        *ret_fd = fd;
    return failed;
}
