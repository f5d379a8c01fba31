/* unix_listener.h - what Unix sockets share that are connected: one who listens at a name, and
 * those who come to it. Of streams and of sequenced packets. */
#ifndef IPM_TRANSPORTS_UNIX_UNIX_LISTENER_H
#define IPM_TRANSPORTS_UNIX_UNIX_LISTENER_H

#include "transports/common/admission.h"
#include "transports/common/private_dir.h"
#include "transports/transport.h"

#include <stdbool.h>
#include <sys/socket.h>

/* The state behind a link. */
struct ipm_unix_listener {
    int type; /* SOCK_STREAM or SOCK_SEQPACKET */
    int listener;
    bool answers;                 /* the child is in, so the listener waits */
    bool is_abstract;             /* anybody may connect */
    struct ipm_private_dir place; /* of a path */
    struct sockaddr_un address;
    socklen_t address_bytes;   /* an abstract name ends where the address does */
    struct ipm_admission gate; /* of several children; a single one is known by its pid */
};

/* open: listens at a path of its own, or at an abstract name. Returns 0 or a negative
 * errno. */
int ipm_unix_listener_open_path(struct ipm_link *link, int type, struct ipm_err *err);
int ipm_unix_listener_open_abstract(struct ipm_link *link, int type, struct ipm_err *err);

/* The rest of a table whose links have a struct ipm_unix_listener behind them. attach lets in
 * nobody but a child, and reaches nobody but the parent. */
int ipm_unix_listener_attach(struct ipm_endpoint *end, struct ipm_link *link,
                             struct ipm_err *err);
void ipm_unix_listener_close(struct ipm_link *link, enum ipm_side side);
int ipm_unix_listener_connect(struct ipm_endpoint *end, const struct ipm_link *link);
int ipm_unix_listener_accept(struct ipm_endpoint *end, const struct ipm_link *link);

#endif
