/* gate.c - lets one peer in and keeps everybody else out. Knows stream sockets, not of
 * which kind. */
#include "transports/gate.h"

#include "base/err.h"
#include "transports/fd.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

enum { GATE_GUESTS = 16 };

/* Somebody who has connected and not yet said who it is. */
struct gate_guest {
    int fd;
    size_t heard_bytes;
    unsigned char heard[IPM_GATE_TOKEN_BYTES];
};

struct gate {
    int listener;
    const unsigned char *token;
    unsigned count;
    struct gate_guest guests[GATE_GUESTS]; /* the oldest first */
};

int ipm_gate_make_token(unsigned char token[IPM_GATE_TOKEN_BYTES], struct ipm_err *err) {
    if (getrandom(token, IPM_GATE_TOKEN_BYTES, 0) == IPM_GATE_TOKEN_BYTES)
        return 0;
    return ipm_err_sys(err, -errno, "cannot make a random token");
}

/* So few bytes fit into the empty buffer of a new connection whole. */
int ipm_gate_present(int fd, const unsigned char token[IPM_GATE_TOKEN_BYTES],
                     struct ipm_err *err) {
    ssize_t sent = send(fd, token, IPM_GATE_TOKEN_BYTES, MSG_NOSIGNAL);
    if (sent == IPM_GATE_TOKEN_BYTES)
        return 0;
    return ipm_err_sys(err, sent < 0 ? -errno : -EIO, "cannot present the token");
}

static void gate_forget(struct gate *gate, unsigned which) {
    gate->count--;
    memmove(&gate->guests[which], &gate->guests[which + 1],
            (gate->count - which) * sizeof gate->guests[0]);
}

static void gate_drop(struct gate *gate, unsigned which) {
    ipm_fd_close(&gate->guests[which].fd);
    gate_forget(gate, which);
}

/* Reads no further than the token, so that what follows stays for the window. */
static bool gate_hears_token(struct gate *gate, unsigned which) {
    struct gate_guest *guest = &gate->guests[which];
    ssize_t r = recv(guest->fd, guest->heard + guest->heard_bytes,
                     IPM_GATE_TOKEN_BYTES - guest->heard_bytes, MSG_DONTWAIT);
    if (r < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (r > 0)
        guest->heard_bytes += (size_t)r;
    const bool whole = guest->heard_bytes == IPM_GATE_TOKEN_BYTES;
    if (whole && memcmp(guest->heard, gate->token, IPM_GATE_TOKEN_BYTES) == 0)
        return true;
    if (r <= 0 || whole)
        gate_drop(gate, which);
    return false;
}

/* A guest may be gone again before it is accepted: accept(2) lists these errors. */
static int gate_accept(struct gate *gate, struct ipm_err *err) {
    int fd = accept4(gate->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
                   errno == ENOMEM || errno == EINVAL))
        return ipm_err_sys(err, -errno, "cannot accept the child");
    if (fd < 0)
        return 0;
    if (gate->count == GATE_GUESTS)
        gate_drop(gate, 0);
    gate->guests[gate->count++] = (struct gate_guest){.fd = fd};
    return 0;
}

/* One look at whoever has something to say; fills ret_fd when one of them is the child. */
static int gate_look(struct gate *gate, unsigned *left_ms, int *ret_fd,
                     struct ipm_err *err) {
    struct pollfd fds[GATE_GUESTS + 1];
    for (unsigned i = 0; i < gate->count; i++)
        fds[i] = (struct pollfd){.fd = gate->guests[i].fd, .events = POLLIN};
    fds[gate->count] = (struct pollfd){.fd = gate->listener, .events = POLLIN};
    int ready = ipm_fd_wait(fds, gate->count + 1, left_ms);
    if (ready < 0)
        return ipm_err_sys(err, ready, "cannot wait for the child");
    const bool knocked = fds[gate->count].revents != 0;
    for (unsigned i = gate->count; i-- > 0;) {
        if (fds[i].revents == 0 || !gate_hears_token(gate, i))
            continue;
        *ret_fd = gate->guests[i].fd;
        gate_forget(gate, i);
        return 0;
    }
    return knocked ? gate_accept(gate, err) : 0;
}

int ipm_gate_admit(int listener, const unsigned char token[IPM_GATE_TOKEN_BYTES],
                   unsigned timeout_ms, int *ret_fd, struct ipm_err *err) {
    struct gate gate = {.listener = listener, .token = token};
    unsigned left_ms = timeout_ms;
    int fd = -1;
    int failed = 0;
    while (!failed && fd < 0 && left_ms > 0)
        failed = gate_look(&gate, &left_ms, &fd, err);
    while (gate.count > 0)
        gate_drop(&gate, 0);
    if (!failed && fd < 0)
        failed = ipm_err_set(err, -ETIMEDOUT, "the child did not connect within %u ms",
                             timeout_ms);
    if (!failed)
        *ret_fd = fd;
    return failed;
}
