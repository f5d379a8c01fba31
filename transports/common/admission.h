/* admission.h - admits connections of children and of no other process.
 *
 * Every process on the machine can connect to a port of the loopback. A child presents a
 * token that only this process and its children have, followed by its number. A process
 * that sends nothing, something else or only a part of it is not admitted and delays no
 * child. */
#ifndef IPM_TRANSPORTS_COMMON_ADMISSION_H
#define IPM_TRANSPORTS_COMMON_ADMISSION_H

enum {
    IPM_ADMISSION_TOKEN_BYTES = 16,
    IPM_ADMISSION_HELLO_BYTES = IPM_ADMISSION_TOKEN_BYTES + 4
};

struct ipm_err;
struct ipm_admission_pending;

struct ipm_admission {
    int listener; /* non-blocking, borrowed */
    unsigned peers;
    unsigned char token[IPM_ADMISSION_TOKEN_BYTES];
    unsigned count; /* connections with an incomplete hello */
    struct ipm_admission_pending *pending;
    struct pollfd *fds; /* for poll(2): pending, then the listener */
};

/* Makes a token for `peers` children that will connect to the listener. Returns 0 or a
 * negative errno. */
int ipm_admission_init(struct ipm_admission *admission, int listener, unsigned peers,
                       struct ipm_err *err);

/* Closes the pending connections, but not the listener. Safe twice and on a zeroed
 * struct. */
void ipm_admission_done(struct ipm_admission *admission);

/* Called by child `peer` once connected. Sends its hello. Returns 0 or a negative
 * errno. */
int ipm_admission_present(const struct ipm_admission *admission, int fd, unsigned peer,
                          struct ipm_err *err);

/* Called by the parent. Accepts connections until a child has presented itself, for at
 * most about timeout_ms. Sets ret_fd to a blocking descriptor, read up to the hello.
 * Returns 0, -ETIMEDOUT, -EINTR or another negative errno. */
int ipm_admission_admit(struct ipm_admission *admission, unsigned timeout_ms, int *ret_fd,
                        unsigned *ret_peer, struct ipm_err *err);

#endif
