/* admission.h - admits children that connect, and no other process.
 *
 * Every process on the machine can connect to a port of the loopback. A child presents a
 * token that only this process and its children have, followed by its number. A process
 * that sends nothing, something else or only a part of it is not admitted, and delays no
 * child. */
#ifndef IPM_TRANSPORTS_COMMON_ADMISSION_H
#define IPM_TRANSPORTS_COMMON_ADMISSION_H

#include <stddef.h>

enum {
    IPM_ADMISSION_TOKEN_BYTES = 16,
    IPM_ADMISSION_HELLO_BYTES = IPM_ADMISSION_TOKEN_BYTES + 4
};

struct ipm_err;
struct ipm_admission_pending;

struct ipm_admission {
    int listener; /* non-blocking, the caller's */
    unsigned peers;
    unsigned char token[IPM_ADMISSION_TOKEN_BYTES];
    unsigned count; /* of connections whose hello is not yet complete */
    struct ipm_admission_pending *pending;
    struct pollfd *fds; /* for poll(2): the pending ones, then the listener */
};

/* Makes a token for `peers` children that will connect to the listener. Returns 0 or a
 * negative errno. */
int ipm_admission_init(struct ipm_admission *admission, int listener, unsigned peers,
                       struct ipm_err *err);

/* Closes the pending connections, and not the listener. Safe twice, and on a zeroed
 * struct. */
void ipm_admission_done(struct ipm_admission *admission);

/* Child number `peer`, once connected: sends its hello. Returns 0 or a negative errno. */
int ipm_admission_present(const struct ipm_admission *admission, int fd, unsigned peer,
                          struct ipm_err *err);

/* The parent: accepts until a child has presented itself. Blocks for about timeout_ms at
 * most. Sets a blocking descriptor, of which nothing after the hello has been read.
 * Returns 0, -ETIMEDOUT, -EINTR or another negative errno. */
int ipm_admission_admit(struct ipm_admission *admission, unsigned timeout_ms, int *ret_fd,
                        unsigned *ret_peer, struct ipm_err *err);

#endif
