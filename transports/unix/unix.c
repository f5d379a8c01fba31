/* unix.c - stream sockets at a path: unix(7). Knows nothing of who listens and who comes:
 * that is unix/unix_listener.h. */
#include "base/facts.h"
#include "transports/common/fd.h"
#include "transports/unix/local.h"
#include "transports/unix/unix_listener.h"

#include <string.h>

struct unix_end {
    char notice[IPM_FACT_TEXT_BYTES];
};

static int unix_open(struct ipm_link *link, struct ipm_err *err) {
    return ipm_unix_listener_open_path(link, SOCK_STREAM, err);
}

static int unix_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    struct ipm_unix_listener trial;
    struct ipm_link link = {.state = &trial};
    int failed = unix_open(&link, err);
    if (failed)
        return failed;
    ipm_unix_listener_close(&link, IPM_PARENT);
    *ret_max_message_bytes = SIZE_MAX;
    return 0;
}

static int unix_attach(struct ipm_endpoint *end, struct ipm_link *link,
                       struct ipm_err *err) {
    const struct ipm_unix_listener *local = link->state;
    struct unix_end *state = end->state;
    memcpy(state->notice, local->place.notice, sizeof state->notice);
    return ipm_unix_listener_attach(end, link, err);
}

static void unix_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                          struct ipm_facts *settings) {
    const struct unix_end *state = end->state;
    ipm_local_describe(end->rx_fd, endpoint, settings);
    if (state->notice[0] != '\0')
        ipm_facts_text(settings, "notice", state->notice);
}

const struct ipm_transport ipm_transport_unix = {
    .name = "unix",
    .summary = "Unix stream socket at a path",
    .addressing = "path; client unnamed",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI | IPM_CAP_POLLABLE |
            IPM_CAP_PLAIN,
    .link_size = sizeof(struct ipm_unix_listener),
    .end_size = sizeof(struct unix_end),
    .probe = unix_probe,
    .open = unix_open,
    .attach = unix_attach,
    .close = ipm_unix_listener_close,
    .describe = unix_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_send,
    .recv = ipm_fd_recv,
    .connect = ipm_unix_listener_connect,
    .accept = ipm_unix_listener_accept,
    .finish = ipm_fd_finish_shutdown,
    .detach = ipm_fd_detach,
};
