/* tcp.c - TCP connections on 127.0.0.1, at a port that the kernel picks, as a program has
 * them that asks for nothing. Knows nothing of how two ends meet: that is listen.h. */
#include "transports/common/fd.h"
#include "transports/net/listen.h"
#include "transports/net/tcp_parts.h"

static int tcp_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    return ipm_tcp_probe(&ipm_inet_4, ret_max_message_bytes, err);
}

static int tcp_make(const struct ipm_link_config *config, int *ret_fd,
                    struct ipm_err *err) {
    return ipm_tcp_make(&ipm_inet_4, config, ret_fd, err);
}

static const struct ipm_listen_kind tcp_kind = {
    .place = "127.0.0.1", .make = tcp_make, .name = ipm_tcp_name_4};

static int tcp_open(struct ipm_link *link, struct ipm_err *err) {
    return ipm_listen_open(link, &tcp_kind, err);
}

const struct ipm_transport ipm_transport_tcp = {
    .name = "tcp",
    .summary = "TCP on 127.0.0.1",
    .addressing = "four-tuple",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_CONGESTION | IPM_CAP_MULTI |
            IPM_CAP_POLLABLE | IPM_CAP_PLAIN,
    .link_size = sizeof(struct ipm_listen),
    .end_size = 0,
    .probe = tcp_probe,
    .open = tcp_open,
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
