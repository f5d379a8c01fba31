/* listen.h - a link whose parent listens on the loopback and whose children connect: what
 * tcp, sctp and vsock share. A family says by `struct ipm_listen_kind` how a socket is made
 * and named; what it can do beyond that is its own. */
#ifndef IPM_TRANSPORTS_NET_LISTEN_H
#define IPM_TRANSPORTS_NET_LISTEN_H

#include "transports/common/admission.h"
#include "transports/net/inet.h"
#include "transports/transport.h"

#include <stdbool.h>

/* For a guest, and for what it says. Strangers say nothing; but on a busy machine a dialler may
 * be off the CPU for a while between connect and send, and must not be taken for one. */
enum { IPM_LISTEN_ANSWER_WAIT_MS = 1000 };

struct ipm_listen_kind {
    const char *place; /* for words: "127.0.0.1" */

    /* A socket with everything asked for that must be asked before listen or connect: what
     * is accepted inherits it from the one that listens. Returns 0 or a negative errno. */
    int (*make)(const struct ipm_link_config *config, int *ret_fd, struct ipm_err *err);

    /* Gives it a name on the loopback that nobody has. Returns 0 or a negative errno. */
    int (*name)(int fd, struct ipm_err *err);
};

/* Behind a link. */
struct ipm_listen {
    const struct ipm_listen_kind *kind;
    int listener;
    bool answers; /* the gate is over, so the listener waits */
    struct ipm_address address;
    struct ipm_admission gate;
};

/* For a row's own open: what `kind` says is used by all the others. */
int ipm_listen_open(struct ipm_link *link, const struct ipm_listen_kind *kind,
                    struct ipm_err *err);

/* For a row's table, as they are. */
int ipm_listen_attach(struct ipm_endpoint *end, struct ipm_link *link,
                      struct ipm_err *err);
void ipm_listen_close(struct ipm_link *link, enum ipm_side side);
int ipm_listen_connect(struct ipm_endpoint *end, const struct ipm_link *link);
int ipm_listen_accept(struct ipm_endpoint *end, const struct ipm_link *link);

#endif
