/* inet.h - shared by the transports over IP: sockets on the loopback of IPv4 or IPv6
 * and the addresses of their ends. No other address is ever used. */
#ifndef IPM_TRANSPORTS_NET_INET_H
#define IPM_TRANSPORTS_NET_INET_H

#include "transports/transport.h"

#include <netinet/in.h>

/* One version of IP. */
struct ipm_inet {
    int domain;
    const char *version;   /* "IPv4" */
    const char *loopback;  /* "127.0.0.1" */
    const char *advice;    /* how to get one that does not exist */
    size_t datagram_bytes; /* largest UDP datagram */
};

extern const struct ipm_inet ipm_inet_4;
extern const struct ipm_inet ipm_inet_6;

/* The address of a socket. */
struct ipm_address {
    socklen_t bytes;
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
    } as;
};

/* The probe of a row. Sets most_bytes if that loopback exists and is up. Returns 0 or
 * a negative errno ("no IPv4 loopback: ..."). */
int ipm_inet_probe(const struct ipm_inet *inet, size_t most_bytes,
                   size_t *ret_max_message_bytes, struct ipm_err *err);

/* Makes an unbound socket with the requested buffers; protocol 0 is the default of the
 * type. Returns 0 or a negative errno. */
int ipm_inet_make(const struct ipm_inet *inet, int type, int protocol,
                  size_t buffer_bytes, int *ret_fd, struct ipm_err *err);

/* Binds a socket to the loopback and a port that the kernel picks. Returns 0 or a
 * negative errno. */
int ipm_inet_bind(const struct ipm_inet *inet, int fd, struct ipm_err *err);

/* Makes and binds a socket: both of the above. */
int ipm_inet_open(const struct ipm_inet *inet, int type, size_t buffer_bytes, int *ret_fd,
                  struct ipm_err *err);

/* Reads the address that a socket is bound to. Returns 0 or a negative errno. */
int ipm_inet_address(int fd, struct ipm_address *ret_address, struct ipm_err *err);

/* Returns the port of an address, in network byte order. Both versions of IP have it
 * at the same offset. */
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

/* The describe of a row: local_address, local_port, peer_address, peer_port, and the
 * buffers. */
void ipm_inet_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                       struct ipm_facts *settings);

#endif
