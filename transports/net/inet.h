/* inet.h - what the transports over IP share: a socket on the loopback of IPv4 or IPv6, and
 * the names of its two ends. Nothing here takes any other address. */
#ifndef IPM_TRANSPORTS_NET_INET_H
#define IPM_TRANSPORTS_NET_INET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

struct ipm_err;
struct ipm_facts;

/* One version of IP. */
struct ipm_inet {
    int domain;
    const char *version;   /* "IPv4" */
    const char *loopback;  /* "127.0.0.1" */
    size_t datagram_bytes; /* largest that UDP takes */
};

extern const struct ipm_inet ipm_inet_4;
extern const struct ipm_inet ipm_inet_6;

/* Where a socket is, of whichever family. */
struct ipm_address {
    socklen_t bytes;
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_storage room;
    } as;
};

/* Is there a loopback that is up? Returns 0 or a negative errno, worded "no IPv4 loopback:
 * ..." when there is none. Leaves nothing. */
int ipm_inet_probe(const struct ipm_inet *inet, struct ipm_err *err);

/* A socket with the buffers asked for (protocol 0: the usual one of the type), not bound.
 * Returns 0 or a negative errno. */
int ipm_inet_make(const struct ipm_inet *inet, int type, int protocol,
                  size_t buffer_bytes, int *ret_fd, struct ipm_err *err);

/* Binds a socket to the loopback, and a port that the kernel picks. Returns 0 or a negative
 * errno. */
int ipm_inet_bind(const struct ipm_inet *inet, int fd, struct ipm_err *err);

/* Both of it. */
int ipm_inet_open(const struct ipm_inet *inet, int type, size_t buffer_bytes, int *ret_fd,
                  struct ipm_err *err);

/* The address that a socket is bound to. Returns 0 or a negative errno. */
int ipm_inet_address(int fd, struct ipm_address *ret_address, struct ipm_err *err);

/* The port of an address, in the network's order; and whether it is the loopback's. Both
 * versions have the port at the same place. */
static inline in_port_t *ipm_inet_port(struct ipm_address *address) {
    _Static_assert(offsetof(struct sockaddr_in, sin_port) ==
                       offsetof(struct sockaddr_in6, sin6_port),
                   "the port of IPv4 and of IPv6");
    return &address->as.in.sin_port;
}

static inline bool ipm_inet_is_loopback(const struct ipm_address *address) {
    return address->as.any.sa_family == AF_INET
               ? address->as.in.sin_addr.s_addr == htonl(INADDR_LOOPBACK)
               : IN6_IS_ADDR_LOOPBACK(&address->as.in6.sin6_addr);
}

/* local_address, local_port, peer_address and peer_port of a connected socket. */
void ipm_inet_describe(int fd, struct ipm_facts *endpoint);

#endif
