/* udp6.c - two UDP sockets on ::1. Knows nothing that udp over IPv4 does not: the version
 * of IP is all that differs. */
#include "transports/common/fd.h"
#include "transports/net/udp_many.h"

static int udp6_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    return ipm_udp_probe(&ipm_inet_6, ret_max_message_bytes, err);
}

static int udp6_open(struct ipm_link *link, struct ipm_err *err) {
    return ipm_udp_open(link, &ipm_inet_6, err);
}

const struct ipm_transport ipm_transport_udp6 = {
    .name = "udp6",
    .summary = "UDP on ::1, both ends connected",
    .addressing = "two-tuple of each end",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_MULTI | IPM_CAP_SHARED | IPM_CAP_POLLABLE |
            IPM_CAP_PLAIN,
    .link_size = sizeof(struct ipm_udp_link),
    .end_size = sizeof(struct ipm_udp_many),
    .probe = udp6_probe,
    .open = udp6_open,
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
