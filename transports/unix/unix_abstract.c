/* unix_abstract.c - stream sockets at an abstract name: unix(7). Nothing of it is in the file
 * system, so no mode keeps anybody out: who comes is asked who he is, by unix/unix_listener.h. */
#include "transports/common/fd.h"
#include "transports/unix/local.h"
#include "transports/unix/unix_listener.h"

static int unix_abstract_open(struct ipm_link *link, struct ipm_err *err) {
    return ipm_unix_listener_open_abstract(link, SOCK_STREAM, err);
}

static int unix_abstract_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    struct ipm_unix_listener trial;
    struct ipm_link link = {.state = &trial};
    int failed = unix_abstract_open(&link, err);
    if (failed)
        return failed;
    ipm_unix_listener_close(&link, IPM_PARENT);
    *ret_max_message_bytes = SIZE_MAX;
    return 0;
}

static void unix_abstract_describe(const struct ipm_endpoint *end,
                                   struct ipm_facts *endpoint,
                                   struct ipm_facts *settings) {
    ipm_local_describe(end->rx_fd, endpoint, settings);
}

const struct ipm_transport ipm_transport_unix_abstract = {
    .name = "unix-abstract",
    .summary = "Unix stream socket at an abstract name",
    .addressing = "abstract; client unnamed",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI | IPM_CAP_POLLABLE |
            IPM_CAP_PLAIN,
    .link_size = sizeof(struct ipm_unix_listener),
    .end_size = 0,
    .probe = unix_abstract_probe,
    .open = unix_abstract_open,
    .attach = ipm_unix_listener_attach,
    .close = ipm_unix_listener_close,
    .describe = unix_abstract_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_send,
    .recv = ipm_fd_recv,
    .connect = ipm_unix_listener_connect,
    .accept = ipm_unix_listener_accept,
    .finish = ipm_fd_finish_shutdown,
    .detach = ipm_fd_detach,
};
