/* local.h - shared by all Unix sockets: how they are made and named. */
#ifndef IPM_TRANSPORTS_UNIX_LOCAL_H
#define IPM_TRANSPORTS_UNIX_LOCAL_H

#include "base/facts.h"
#include "transports/common/batch.h"
#include "transports/common/lanes.h"

#include <sys/socket.h>
#include <sys/un.h>

/* Makes a socket with the requested buffers; 0 leaves the defaults. Returns 0 or a
 * negative errno. */
int ipm_local_socket(int type, size_t buffer_bytes, int *ret_fd, struct ipm_err *err);

/* The open of a row of lanes that are pairs, one per child; `variant` of the row points to their
 * type. */
int ipm_local_pairs_open(struct ipm_link *link, struct ipm_err *err);

/* Makes a new abstract name of 16 random bytes. Returns 0 or a negative errno. */
int ipm_local_name(struct sockaddr_un *ret_address, socklen_t *ret_bytes,
                   struct ipm_err *err);

/* The limit of a row whose sockets preserve boundaries, found by trying on a pair. */
int ipm_local_limit_dgram(size_t buffer_bytes, size_t *ret_max_message_bytes,
                          struct ipm_err *err);
int ipm_local_limit_seqpacket(size_t buffer_bytes, size_t *ret_max_message_bytes,
                              struct ipm_err *err);

/* Writes a name as ss(8) does. */
void ipm_local_show(const struct sockaddr_un *address, socklen_t bytes,
                    char text[IPM_FACT_TEXT_BYTES]);

/* The state of an end whose socket has a name, or the first member of it. */
struct ipm_local_end {
    struct ipm_batches batches; /* first: batch.h casts to it */
    char notice[IPM_FACT_TEXT_BYTES];
};

/* The describe of a row: local_path and peer_path as ss(8) writes them (a path, an
 * abstract name after '@', nothing for an unnamed socket), and the buffers. */
void ipm_local_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                        struct ipm_facts *settings);

/* The same, with the notice of a struct ipm_local_end. */
void ipm_local_describe_notice(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                               struct ipm_facts *settings);

#endif
