/* pipe.h - pipes made before fork: what the transports over pipe(2) share.
 *
 * The operations go into a transport's table as they are, with link_size
 * sizeof(struct ipm_pipe_link). */
#ifndef IPM_TRANSPORTS_PIPE_PIPE_H
#define IPM_TRANSPORTS_PIPE_PIPE_H

#include "transports/transport.h"

struct ipm_pipe {
    int rx_fd;
    int tx_fd;
};

struct ipm_pipe_link {
    unsigned next; /* the child that the parent attaches next */
    int *fds;      /* four of each child */
};

/* One pipe of that capacity; 0 leaves the default. Returns 0 or a negative errno. */
int ipm_pipe_make(struct ipm_pipe *ret_pipe, size_t buffer_bytes, struct ipm_err *err);

/* Closes what is open of it. */
void ipm_pipe_shut(struct ipm_pipe *pipe);

/* The capacity of what is at fd, a FIFO as well. Returns 0 or a negative errno. */
int ipm_pipe_set_capacity(int fd, size_t bytes, struct ipm_err *err);

/* open, attach, close and describe of a simplex transport; attach and close of any. */
int ipm_pipe_open(struct ipm_link *link, struct ipm_err *err);
int ipm_pipe_attach(struct ipm_endpoint *end, struct ipm_link *link, struct ipm_err *err);
void ipm_pipe_close(struct ipm_link *link, enum ipm_side side);
void ipm_pipe_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                       struct ipm_facts *settings);

#endif
