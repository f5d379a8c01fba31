/* udp_parts.h - what the UDP transports share: the sockets of a link, and one datagram a
 * call. Their rows differ by the version of IP and by how many messages a call moves. */
#ifndef IPM_TRANSPORTS_NET_UDP_PARTS_H
#define IPM_TRANSPORTS_NET_UDP_PARTS_H

#include "transports/net/inet.h"
#include "transports/transport.h"

#include <stdbool.h>

enum { IPM_UDP_PORTS = 1 << 16 };

/* Behind a link. */
struct ipm_udp_link {
    const struct ipm_inet *inet;
    int fds[2];      /* by enum ipm_side; the child's only when it is the only one */
    int *client_fds; /* else one for each child */
    unsigned peers;
};

/* Behind an end, or first in what is behind it. */
struct ipm_udp_end {
    bool shared; /* the parent's, with several children: the rest is for it */
    struct ipm_address client; /* of any of them, but for its port */
    uint16_t
        number_of[IPM_UDP_PORTS]; /* a child's number + 1, by its port as it is sent */
    in_port_t port_of[IPM_UDP_PORTS]; /* and back */
};

/* For a row's own probe and open. */
int ipm_udp_probe(const struct ipm_inet *inet, size_t *ret_max_message_bytes,
                  struct ipm_err *err);
int ipm_udp_open(struct ipm_link *link, const struct ipm_inet *inet, struct ipm_err *err);

/* For a row's table, as they are, where state is an ipm_udp_end. */
int ipm_udp_attach(struct ipm_endpoint *end, struct ipm_link *link, struct ipm_err *err);
void ipm_udp_close(struct ipm_link *link, enum ipm_side side);
void ipm_udp_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                      struct ipm_facts *settings);
ssize_t ipm_udp_send(struct ipm_endpoint *end, const void *buf, size_t len);
ssize_t ipm_udp_recv(struct ipm_endpoint *end, void *buf, size_t cap);
int ipm_udp_finish(struct ipm_endpoint *end);

#endif
