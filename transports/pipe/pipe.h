/* pipe.h - what the transports over pipe(2) share: pipes in lanes, made before fork. */
#ifndef IPM_TRANSPORTS_PIPE_PIPE_H
#define IPM_TRANSPORTS_PIPE_PIPE_H

#include "transports/common/lanes.h"

/* One pipe of the capacity that the link's buffer_bytes ask for. Returns 0 or a negative
 * errno. */
int ipm_pipe_make(const struct ipm_link *link, int ret_fds[IPM_LANE_FDS],
                  struct ipm_err *err);

/* The capacity of what is at fd, a FIFO as well; 0 leaves the default. Returns 0 or a negative
 * errno. */
int ipm_pipe_set_capacity(int fd, size_t bytes, struct ipm_err *err);

/* open and describe of a simplex transport over lanes. */
int ipm_pipe_open(struct ipm_link *link, struct ipm_err *err);
void ipm_pipe_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                       struct ipm_facts *settings);

#endif
