/* tcp_parts.h - what the TCP transports share: sockets with what was asked for, and what the
 * kernel says of a connection. Their rows differ by the version of IP and by options. */
#ifndef IPM_TRANSPORTS_NET_TCP_PARTS_H
#define IPM_TRANSPORTS_NET_TCP_PARTS_H

#include "transports/net/inet.h"
#include "transports/transport.h"

/* A TCP socket with the buffers and the congestion control asked for, not bound. Returns 0
 * or a negative errno. */
int ipm_tcp_make(const struct ipm_inet *inet, const struct ipm_link_config *config,
                 int *ret_fd, struct ipm_err *err);

/* The same, and one option of the given level switched on. `what` names it in words. */
int ipm_tcp_make_with(const struct ipm_link_config *config, int level, int option,
                      const char *what, int *ret_fd, struct ipm_err *err);

/* A name on the loopback: `name` of an ipm_listen_kind. */
int ipm_tcp_name_4(int fd, struct ipm_err *err);
int ipm_tcp_name_6(int fd, struct ipm_err *err);

/* For a row's own probe: a byte stream, where that version of IP is. */
int ipm_tcp_probe(const struct ipm_inet *inet, size_t *ret_max_message_bytes,
                  struct ipm_err *err);

/* For a row's table, as they are. */
void ipm_tcp_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                      struct ipm_facts *settings);
int ipm_tcp_wire(const struct ipm_endpoint *end, struct ipm_wire *wire);

#endif
