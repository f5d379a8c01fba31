/* udp.h - shared by the rows over UDP, whose `variant` is a struct ipm_inet. */
#ifndef IPM_TRANSPORTS_NET_UDP_H
#define IPM_TRANSPORTS_NET_UDP_H

#include "transports/common/batch.h"
#include "transports/net/inet.h"

#include <stdbool.h>

enum { IPM_UDP_PORTS = 1 << 16 };

/* The state of a link. */
struct ipm_udp_link {
    const struct ipm_inet *inet;
    unsigned peers;
    int *fds; /* the parent's, then one per child */
};

/* The state of an end, or the first member of it. */
struct ipm_udp_end {
    struct ipm_batches batches; /* first: batch.h casts to it */
    bool shared; /* the parent's end for several children; only it uses the rest */
    struct ipm_address client; /* of any child; its port is replaced */
    /* The number of a child + 1 by its port in network byte order, and back. */
    uint16_t number_of[IPM_UDP_PORTS];
    in_port_t port_of[IPM_UDP_PORTS];
};

/* Operations of a row, used directly or called by the row's own. The probe is for
 * IPv4. */
int ipm_udp_probe(size_t *ret_max_message_bytes, struct ipm_err *err);
int ipm_udp_open(struct ipm_link *link, struct ipm_err *err);
int ipm_udp_attach(struct ipm_endpoint *end, struct ipm_link *link, struct ipm_err *err);
void ipm_udp_close(struct ipm_link *link, enum ipm_side side);
ssize_t ipm_udp_send(struct ipm_endpoint *end, const void *buf, size_t len);
ssize_t ipm_udp_recv(struct ipm_endpoint *end, void *buf, size_t cap);
int ipm_udp_finish(struct ipm_endpoint *end);

/* The members that all rows share. */
#define IPM_UDP_OPERATIONS                                                               \
    .addressing = "two-tuple of each end", .family = IPM_FAMILY_SOCKET,                  \
    .direction = IPM_DUPLEX, .link_size = sizeof(struct ipm_udp_link),                   \
    .open = ipm_udp_open, .close = ipm_udp_close, .wire = ipm_no_wire,                   \
    .send = ipm_udp_send, .finish = ipm_udp_finish, .detach = ipm_batch_detach

#endif
