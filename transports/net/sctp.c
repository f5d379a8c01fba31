/* sctp.c - one-to-one SCTP associations on 127.0.0.1, which preserve message
 * boundaries (sctp(7)). */
#include "base/err.h"
#include "transports/common/fd.h"
#include "transports/common/record.h"
#include "transports/net/tcp.h"

#include <errno.h>

static const struct ipm_tcp_variant sctp_variant = {
    .listen = IPM_TCP_LISTEN("127.0.0.1"), .inet = &ipm_inet_4, .protocol = IPPROTO_SCTP};

/* Makes a socket. The kernel loads the module by itself where that is permitted. */
static int sctp_try(int *ret_fd, struct ipm_err *err) {
    *ret_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);
    if (*ret_fd >= 0)
        return ipm_inet_bind(&ipm_inet_4, *ret_fd, err);
    if (errno == EPROTONOSUPPORT || errno == ESOCKTNOSUPPORT)
        return ipm_err_set(err, -errno,
                           "no SCTP in this kernel: 'modprobe sctp' may load it");
    return ipm_err_sys(err, -errno, "cannot make an SCTP socket");
}

/* A message must fit into the send buffer, half of which the kernel uses for
 * bookkeeping (socket(7)). */
static int sctp_limit(size_t buffer_bytes, size_t *ret_max_message_bytes,
                      struct ipm_err *err) {
    int fd = -1;
    int room = 0;
    socklen_t bytes = sizeof room;
    int failed = sctp_try(&fd, err);
    if (!failed)
        failed = ipm_fd_set_buffers(fd, buffer_bytes, err);
    if (!failed && getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, &bytes) != 0)
        failed =
            ipm_err_sys(err, -errno, "cannot read the buffer size of an SCTP socket");
    ipm_fd_close(&fd);
    if (failed)
        return failed;
    *ret_max_message_bytes = (size_t)room / 2;
    ipm_err_hint(err, IPM_FD_SEND_ADVICE);
    return 0;
}

const struct ipm_transport ipm_transport_sctp = {
    IPM_LISTEN_OPERATIONS,
    .name = "sctp",
    .summary = "SCTP on 127.0.0.1, one to one",
    .addressing = "four-tuple",
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI |
            IPM_CAP_POLLABLE | IPM_CAP_REMOTE,
    .probe = ipm_tcp_probe,
    .limit = sctp_limit,
    .describe = ipm_inet_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_send,
    .recv = ipm_record_recv,
    .accept = ipm_listen_accept,
    .variant = &sctp_variant,
};
