/* pipes.h - pipes made before fork: what the transports over pipe(2) share.
 *
 * The operations go into a transport's table as they are, with link_size
 * sizeof(struct ipm_pipes). */
#ifndef IPM_TRANSPORTS_PIPE_PIPES_H
#define IPM_TRANSPORTS_PIPE_PIPES_H

#include "transports/transport.h"

#include <stdbool.h>

struct ipm_pipe {
    int rx_fd;
    int tx_fd;
};

struct ipm_pipes {
    unsigned next; /* the child that the parent attaches next */
    int *fds;      /* four of each child */
};

/* One pipe of that capacity; 0 leaves the default. Returns 0 or a negative errno. */
int ipm_pipe_make(struct ipm_pipe *ret_pipe, size_t buffer_bytes, struct ipm_err *err);

/* Closes what is open of it. */
void ipm_pipe_shut(struct ipm_pipe *pipe);

/* The capacity of what is at fd, a FIFO as well. Returns 0 or a negative errno. */
int ipm_pipe_set_capacity(int fd, size_t bytes, struct ipm_err *err);

/* pipe_capacity_bytes, as the kernel has it. */
void ipm_pipe_describe_capacity(int fd, struct ipm_facts *settings);

/* Makes the pipes of all children: from the parent (down), to it (up), or both. On error
 * nothing is left. */
int ipm_pipes_make(struct ipm_link *link, bool down, bool up, struct ipm_err *err);

/* probe, open, attach, close and describe of a simplex transport; probe, attach and close of
 * any. */
int ipm_pipes_probe(size_t *ret_max_message_bytes, struct ipm_err *err);
int ipm_pipes_open(struct ipm_link *link, struct ipm_err *err);
int ipm_pipes_attach(struct ipm_endpoint *end, struct ipm_link *link,
                     struct ipm_err *err);
void ipm_pipes_close(struct ipm_link *link, enum ipm_side side);
void ipm_pipes_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                        struct ipm_facts *settings);

#endif
