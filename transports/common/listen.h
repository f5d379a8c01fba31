/* listen.h - links whose parent listens and whose children connect: TCP, SCTP, vsock and
 * the connected Unix sockets. They differ by a struct ipm_listen_kind, to which `variant`
 * of their rows points. */
#ifndef IPM_TRANSPORTS_COMMON_LISTEN_H
#define IPM_TRANSPORTS_COMMON_LISTEN_H

#include "transports/common/admission.h"
#include "transports/transport.h"

#include <stdbool.h>
#include <sys/socket.h>

struct ipm_listen_kind {
    const char *where; /* in messages: "127.0.0.1" */

    /* Makes a socket and sets all options that must be set before listen or connect; an
     * accepted socket inherits most of them. Returns 0 or a negative errno. */
    int (*make)(const struct ipm_listen_kind *kind, const struct ipm_link_config *config,
                int *ret_fd, struct ipm_err *err);

    /* Binds the listening socket, or that of a child, to an unused name. Returns 0 or a
     * negative errno. */
    int (*name)(struct ipm_link *link, enum ipm_side side, int fd, struct ipm_err *err);

    /* Or NULL. Called by the child before it presents its token, and by the parent after
     * it has admitted a child. Returns 0 or a negative errno. */
    int (*meet)(const struct ipm_endpoint *end, const struct ipm_link *link,
                struct ipm_err *err);
};

/* The state of a link, or the first member of it. */
struct ipm_listen {
    int listener;
    bool blocks; /* accept blocks, because all children are attached */
    struct sockaddr_storage address;
    socklen_t address_bytes;
    struct ipm_admission admission;
};

/* Operations of a row, used directly or called by the row's own. */
int ipm_listen_open(struct ipm_link *link, struct ipm_err *err);
int ipm_listen_attach(struct ipm_endpoint *end, struct ipm_link *link,
                      struct ipm_err *err);
void ipm_listen_close(struct ipm_link *link, enum ipm_side side);
int ipm_listen_connect(struct ipm_endpoint *end, const struct ipm_link *link);
int ipm_listen_accept(struct ipm_endpoint *end, const struct ipm_link *link);

/* What rows of streams and records have in common that have no state of their own behind a
 * link: with common/fd.h. */
#define IPM_LISTEN_OPERATIONS                                                            \
    .family = IPM_FAMILY_SOCKET, .direction = IPM_DUPLEX,                                \
    .link_size = sizeof(struct ipm_listen), .open = ipm_listen_open,                     \
    .attach = ipm_listen_attach, .close = ipm_listen_close,                              \
    .connect = ipm_listen_connect, .finish = ipm_fd_finish_shutdown,                     \
    .detach = ipm_fd_detach

#endif
