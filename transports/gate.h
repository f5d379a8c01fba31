/* gate.h - lets one peer in and keeps everybody else out.
 *
 * Anybody on the machine can connect to a port of the loopback. The child presents a token
 * that only it has inherited; whoever says nothing, something else or only half of it
 * neither gets in nor holds up the child. */
#ifndef IPM_GATE_H
#define IPM_GATE_H

enum { IPM_GATE_TOKEN_BYTES = 16 };

struct ipm_err;

/* Fills a token with random bytes. Returns 0 or a negative errno. */
int ipm_gate_make_token(unsigned char token[IPM_GATE_TOKEN_BYTES], struct ipm_err *err);

/* The child, once connected: presents the token. Returns 0 or a negative errno. */
int ipm_gate_present(int fd, const unsigned char token[IPM_GATE_TOKEN_BYTES],
                     struct ipm_err *err);

/* The parent: accepts on a listening non-blocking socket until somebody presents the token.
 * Blocks for about timeout_ms at most. Gives a blocking descriptor; nothing after the token
 * has been read from it. Returns 0, -ETIMEDOUT, -EINTR or another negative errno. */
int ipm_gate_admit(int listener, const unsigned char token[IPM_GATE_TOKEN_BYTES],
                   unsigned timeout_ms, int *ret_fd, struct ipm_err *err);

#endif
