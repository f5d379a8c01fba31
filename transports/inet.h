/* inet.h - what tcp and udp share: a socket on 127.0.0.1, and the names of its two ends.
 * Nothing here takes any other address. */
#ifndef IPM_INET_H
#define IPM_INET_H

#include <netinet/in.h>
#include <stddef.h>

struct ipm_err;
struct ipm_facts;

/* Is there an IPv4 loopback that is up? Returns 0 or a negative errno, worded "no IPv4
 * loopback: ..." when there is none. Leaves nothing. */
int ipm_inet_probe(struct ipm_err *err);

/* A socket with the buffers asked for, bound to 127.0.0.1 and a port that the kernel picks.
 * Returns 0 or a negative errno. */
int ipm_inet_open(int type, size_t buffer_bytes, int *ret_fd, struct ipm_err *err);

/* The address that a socket is bound to. Returns 0 or a negative errno. */
int ipm_inet_address(int fd, struct sockaddr_in *ret_address, struct ipm_err *err);

/* local_address, local_port, peer_address and peer_port of a connected socket. */
void ipm_inet_describe(int fd, struct ipm_facts *endpoint);

#endif
