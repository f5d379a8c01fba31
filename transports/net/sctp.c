/* sctp.c - SCTP associations on 127.0.0.1, one peer a socket: connections that keep messages
 * apart (sctp(7)). Knows nothing of how two ends meet: that is listen.h. */
#include "base/err.h"
#include "transports/common/fd.h"
#include "transports/common/record.h"
#include "transports/net/listen.h"
#include "transports/net/tcp_parts.h"

#include <errno.h>

static int sctp_make(const struct ipm_link_config *config, int *ret_fd,
                     struct ipm_err *err) {
    return ipm_inet_make(&ipm_inet_4, SOCK_STREAM, IPPROTO_SCTP, config->buffer_bytes,
                         ret_fd, err);
}

static const struct ipm_listen_kind sctp_kind = {
    .place = "127.0.0.1", .make = sctp_make, .name = ipm_tcp_name_4};

/* The kernel loads the module by itself where that is not forbidden. */
static int sctp_try(int *ret_fd, struct ipm_err *err) {
    *ret_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);
    if (*ret_fd >= 0)
        return ipm_inet_bind(&ipm_inet_4, *ret_fd, err);
    if (errno == EPROTONOSUPPORT || errno == ESOCKTNOSUPPORT)
        return ipm_err_set(err, -errno,
                           "no SCTP in this kernel: 'modprobe sctp' may load it");
    return ipm_err_sys(err, -errno, "cannot make an SCTP socket");
}

/* A message must fit the send buffer, half of which is for bookkeeping (socket(7)). */
static int sctp_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    int fd = -1;
    int room = 0;
    socklen_t bytes = sizeof room;
    int failed = ipm_inet_probe(&ipm_inet_4, err);
    if (!failed)
        failed = sctp_try(&fd, err);
    if (!failed && getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, &bytes) != 0)
        failed = ipm_err_sys(err, -errno, "cannot tell the room of an SCTP socket");
    ipm_fd_close(&fd);
    if (!failed)
        *ret_max_message_bytes = (size_t)room / 2;
    return failed;
}

static int sctp_open(struct ipm_link *link, struct ipm_err *err) {
    return ipm_listen_open(link, &sctp_kind, err);
}

static void sctp_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                          struct ipm_facts *settings) {
    ipm_inet_describe(end->rx_fd, endpoint);
    ipm_fd_describe_buffers(end->rx_fd, settings);
}

const struct ipm_transport ipm_transport_sctp = {
    .name = "sctp",
    .summary = "SCTP on 127.0.0.1, one to one",
    .addressing = "four-tuple",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI |
            IPM_CAP_POLLABLE,
    .link_size = sizeof(struct ipm_listen),
    .end_size = 0,
    .probe = sctp_probe,
    .open = sctp_open,
    .attach = ipm_listen_attach,
    .close = ipm_listen_close,
    .describe = sctp_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_send,
    .recv = ipm_record_recv,
    .connect = ipm_listen_connect,
    .accept = ipm_listen_accept,
    .finish = ipm_fd_finish_shutdown,
    .detach = ipm_fd_detach,
};
