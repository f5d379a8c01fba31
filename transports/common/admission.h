/* admission.h - lets the children in and keeps everybody else out.
 *
 * Anybody on the machine can connect to a port of the loopback. A child presents a token
 * that only this process and its children have, and behind it which of them it is; whoever
 * says nothing, something else or only half of it neither gets in nor holds up a child. */
#ifndef IPM_TRANSPORTS_COMMON_ADMISSION_H
#define IPM_TRANSPORTS_COMMON_ADMISSION_H

#include <stddef.h>

enum {
    IPM_ADMISSION_TOKEN_BYTES = 16,
    IPM_ADMISSION_HELLO_BYTES = IPM_ADMISSION_TOKEN_BYTES + 4
};

struct ipm_err;
struct ipm_admission_guest;

struct ipm_admission {
    int listener; /* non-blocking, of the caller */
    unsigned peers;
    unsigned char token[IPM_ADMISSION_TOKEN_BYTES];
    unsigned count; /* of those who have connected and not yet said who they are */
    struct ipm_admission_guest *guests;
    struct pollfd *fds; /* what is waited for: guests, then the listener */
};

/* Draws a token, for `peers` children who will knock at the listener. Returns 0 or a
 * negative errno. */
int ipm_admission_init(struct ipm_admission *gate, int listener, unsigned peers,
                       struct ipm_err *err);

/* Turns away who still waits. Leaves the listener. Safe twice, and on a zeroed gate. */
void ipm_admission_done(struct ipm_admission *gate);

/* Child number `peer`, once connected: says so. Returns 0 or a negative errno. */
int ipm_admission_present(const struct ipm_admission *gate, int fd, unsigned peer,
                          struct ipm_err *err);

/* The parent: accepts until a child has presented itself. Blocks for about timeout_ms at
 * most. Gives a blocking descriptor; nothing behind the child's number has been read from
 * it. Returns 0, -ETIMEDOUT, -EINTR or another negative errno. */
int ipm_admission_admit(struct ipm_admission *gate, unsigned timeout_ms, int *ret_fd,
                        unsigned *ret_peer, struct ipm_err *err);

#endif
