/* tcp_nodelay.c - TCP connections on 127.0.0.1 without Nagle's algorithm, as programs have them
 * that ask and answer. Knows nothing that tcp does not. */
#include "transports/common/fd.h"
#include "transports/net/listen.h"
#include "transports/net/tcp_parts.h"

#include <netinet/tcp.h>

static int tcp_nodelay_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    return ipm_tcp_probe(&ipm_inet_4, ret_max_message_bytes, err);
}

static int tcp_nodelay_make(const struct ipm_link_config *config, int *ret_fd,
                            struct ipm_err *err) {
    return ipm_tcp_make_with(config, IPPROTO_TCP, TCP_NODELAY, "TCP_NODELAY", ret_fd,
                             err);
}

static const struct ipm_listen_kind tcp_nodelay_kind = {
    .place = "127.0.0.1", .make = tcp_nodelay_make, .name = ipm_tcp_name_4};

static int tcp_nodelay_open(struct ipm_link *link, struct ipm_err *err) {
    return ipm_listen_open(link, &tcp_nodelay_kind, err);
}

const struct ipm_transport ipm_transport_tcp_nodelay = {
    .name = "tcp-nodelay",
    .summary = "TCP on 127.0.0.1 with TCP_NODELAY",
    .addressing = "four-tuple",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_CONGESTION | IPM_CAP_MULTI |
            IPM_CAP_POLLABLE | IPM_CAP_PLAIN,
    .link_size = sizeof(struct ipm_listen),
    .end_size = 0,
    .probe = tcp_nodelay_probe,
    .open = tcp_nodelay_open,
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
