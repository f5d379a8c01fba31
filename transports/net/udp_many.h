/* udp_many.h - ends of UDP that move several datagrams a call by sendmmsg(2) and
 * recvmmsg(2). */
#ifndef IPM_TRANSPORTS_NET_UDP_MANY_H
#define IPM_TRANSPORTS_NET_UDP_MANY_H

#include "transports/common/batch.h"
#include "transports/net/udp_parts.h"

/* Behind an end. */
struct ipm_udp_many {
    struct ipm_udp_end udp; /* first: ipm_udp_send and the others know only this */
    struct ipm_batches batches;
};

/* For a row's table, as they are. */
int ipm_udp_many_attach(struct ipm_endpoint *end, struct ipm_link *link,
                        struct ipm_err *err);
ssize_t ipm_udp_many_send(struct ipm_endpoint *end, const void *buf, size_t len,
                          unsigned count);
ssize_t ipm_udp_many_recv(struct ipm_endpoint *end, void *buf, size_t cap, unsigned count,
                          size_t *lens);
void ipm_udp_many_detach(struct ipm_endpoint *end);

#endif
