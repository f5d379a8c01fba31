/* tcp.h - shared by the rows over TCP: sockets with the requested options, and the
 * kernel's description of a connection. The SCTP row uses the sockets as well. */
#ifndef IPM_TRANSPORTS_NET_TCP_H
#define IPM_TRANSPORTS_NET_TCP_H

#include "transports/common/listen.h"
#include "transports/net/inet.h"

/* The difference between the rows. */
struct ipm_tcp_variant {
    struct ipm_listen_kind listen; /* first: listen.h casts to it */
    const struct ipm_inet *inet;
    int protocol;            /* 0: TCP */
    int level;               /* of an option to enable */
    int option;              /* the option; 0: none */
    const char *option_name; /* in messages */
};

/* The initializer of a variant's `listen`. */
#define IPM_TCP_LISTEN(where_)                                                           \
    { .where = (where_), .make = ipm_tcp_make, .name = ipm_tcp_name }

/* The `make` of a variant: an unbound socket with the requested buffers and congestion
 * control. */
int ipm_tcp_make(const struct ipm_listen_kind *kind, const struct ipm_link_config *config,
                 int *ret_fd, struct ipm_err *err);

/* The `name` of a variant: a port on the loopback that the kernel picks. */
int ipm_tcp_name(struct ipm_link *link, enum ipm_side side, int fd, struct ipm_err *err);

/* Operations of a row. The probe is that of IPv4. */
int ipm_tcp_probe(size_t *ret_max_message_bytes, struct ipm_err *err);
void ipm_tcp_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                      struct ipm_facts *settings);
int ipm_tcp_wire(const struct ipm_endpoint *end, struct ipm_wire *wire);

#endif
