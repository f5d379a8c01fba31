/* udp.c - two UDP sockets on 127.0.0.1, one datagram a message. Knows nothing of how they
 * meet: that is udp_parts.h. */
#include "transports/common/fd.h"
#include "transports/net/udp_many.h"

static int udp_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    return ipm_udp_probe(&ipm_inet_4, ret_max_message_bytes, err);
}

static int udp_open(struct ipm_link *link, struct ipm_err *err) {
    return ipm_udp_open(link, &ipm_inet_4, err);
}

const struct ipm_transport ipm_transport_udp = {
    .name = "udp",
    .summary = "UDP on 127.0.0.1, both ends connected",
    .addressing = "two-tuple of each end",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_MULTI | IPM_CAP_SHARED | IPM_CAP_POLLABLE |
            IPM_CAP_PLAIN,
    .link_size = sizeof(struct ipm_udp_link),
    .end_size = sizeof(struct ipm_udp_many),
    .probe = udp_probe,
    .open = udp_open,
    .attach = ipm_udp_many_attach,
    .close = ipm_udp_close,
    .describe = ipm_udp_describe,
    .wire = ipm_no_wire,
    .send = ipm_udp_send,
    .recv = ipm_udp_recv,
    .send_batch = ipm_udp_many_send,
    .recv_batch = ipm_udp_many_recv,
    .finish = ipm_udp_finish,
    .detach = ipm_udp_many_detach,
};
