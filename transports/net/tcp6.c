/* tcp6.c - TCP connections on ::1. Knows nothing that tcp over IPv4 does not: the version of
 * IP is all that differs. */
#include "transports/common/fd.h"
#include "transports/net/listen.h"
#include "transports/net/tcp_parts.h"

static int tcp6_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    return ipm_tcp_probe(&ipm_inet_6, ret_max_message_bytes, err);
}

static int tcp6_make(const struct ipm_link_config *config, int *ret_fd,
                     struct ipm_err *err) {
    return ipm_tcp_make(&ipm_inet_6, config, ret_fd, err);
}

static const struct ipm_listen_kind tcp6_kind = {
    .place = "::1", .make = tcp6_make, .name = ipm_tcp_name_6};

static int tcp6_open(struct ipm_link *link, struct ipm_err *err) {
    return ipm_listen_open(link, &tcp6_kind, err);
}

const struct ipm_transport ipm_transport_tcp6 = {
    .name = "tcp6",
    .summary = "TCP on ::1",
    .addressing = "four-tuple",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_CONGESTION | IPM_CAP_MULTI |
            IPM_CAP_POLLABLE | IPM_CAP_PLAIN,
    .link_size = sizeof(struct ipm_listen),
    .end_size = 0,
    .probe = tcp6_probe,
    .open = tcp6_open,
    .attach = ipm_listen_attach,
    .close = ipm_listen_close,
    .describe = ipm_tcp_describe,
    .wire = ipm_tcp_wire,
    .send = ipm_fd_send,
    .recv = ipm_fd_recv,
    .connect = ipm_listen_connect,
    .accept = ipm_listen_accept,
    .finish = ipm_fd_finish_shutdown,
    .detach = ipm_fd_detach,
};
