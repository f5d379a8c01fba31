/* tcp.h - what the rows over TCP share: sockets with the options asked for, and what the
 * kernel says of a connection. SCTP's row uses the sockets, too. */
#ifndef IPM_TRANSPORTS_NET_TCP_H
#define IPM_TRANSPORTS_NET_TCP_H

#include "transports/common/listen.h"
#include "transports/net/inet.h"

/* What a row differs by. */
struct ipm_tcp_variant {
    struct ipm_listen_kind listen; /* first: it is the one that listen.h wants */
    const struct ipm_inet *inet;
    int protocol;            /* 0: TCP */
    int level;               /* of an option that is switched on */
    int option;              /* its number, 0 for none */
    const char *option_name; /* in messages */
};

/* `listen` of a variant. */
#define IPM_TCP_LISTEN(where_)                                                           \
    { .where = (where_), .make = ipm_tcp_make, .name = ipm_tcp_name }

/* `make` of a variant: not bound, with the buffers and the congestion control asked
 * for. */
int ipm_tcp_make(const struct ipm_listen_kind *kind, const struct ipm_link_config *config,
                 int *ret_fd, struct ipm_err *err);

/* `name` of a variant: a port on the loopback that the kernel picks. */
int ipm_tcp_name(struct ipm_link *link, enum ipm_side side, int fd, struct ipm_err *err);

/* Operations of a row. The probe is that of IPv4. */
int ipm_tcp_probe(size_t *ret_max_message_bytes, struct ipm_err *err);
void ipm_tcp_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                      struct ipm_facts *settings);
int ipm_tcp_wire(const struct ipm_endpoint *end, struct ipm_wire *wire);

#endif
