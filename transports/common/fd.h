/* fd.h - ready-made operations for ends that are descriptors.
 *
 * A transport puts them into its table, or calls them from its own operations. Every
 * descriptor made or taken here is close-on-exec. */
#ifndef IPM_TRANSPORTS_COMMON_FD_H
#define IPM_TRANSPORTS_COMMON_FD_H

#include "transports/transport.h"

#include <poll.h>
#include <sys/socket.h>

/* The hint where a message must fit into the send buffer of a socket. */
#define IPM_FD_SEND_ADVICE "'--buffer' asks for more, up to net.core.wmem_max"

/* Hot. For pipes. */
ssize_t ipm_fd_write(struct ipm_endpoint *end, const void *buf, size_t len);
ssize_t ipm_fd_read(struct ipm_endpoint *end, void *buf, size_t cap);

/* Hot. For sockets: recv for streams, recv_message where boundaries are preserved. */
ssize_t ipm_fd_send(struct ipm_endpoint *end, const void *buf, size_t len);
ssize_t ipm_fd_recv(struct ipm_endpoint *end, void *buf, size_t cap);
ssize_t ipm_fd_recv_message(struct ipm_endpoint *end, void *buf, size_t cap);

/* The finish of a channel with one direction (a pipe) and with two (a socket). */
int ipm_fd_finish_close(struct ipm_endpoint *end);
int ipm_fd_finish_shutdown(struct ipm_endpoint *end);

/* The finish where the peer does not see the end: sends an empty message as a mark, which
 * a full queue or a lost peer does not accept. classify_mark turns the result of such a
 * send into 0 or a negative errno. */
int ipm_fd_finish_mark(struct ipm_endpoint *end);
int ipm_fd_classify_mark(ssize_t sent);

/* The detach of descriptors: closes rx_fd and tx_fd, once when they are the same, and
 * sets them to -1. */
void ipm_fd_detach(struct ipm_endpoint *end);

/* The describe and wire of a transport that reports nothing. */
void ipm_no_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                     struct ipm_facts *settings);
int ipm_no_wire(const struct ipm_endpoint *end, struct ipm_wire *wire);

/* Closes *fd when it is open, and sets it to -1. Keeps errno. */
void ipm_fd_close(int *fd);

/* Moves a descriptor out of a link, which gets -1. */
int ipm_fd_take(int *fd);

/* For the end of a function that makes a descriptor: closes it if the function failed,
 * otherwise sets ret_fd. Returns failed. */
int ipm_fd_keep(int fd, int failed, int *ret_fd);

/* Allocates `count` descriptors of -1. Returns NULL and sets -ENOMEM when that fails. */
int *ipm_fd_list_new(unsigned count, struct ipm_err *err);

/* Closes the open ones, frees *fds and sets it to NULL. Safe twice. */
void ipm_fd_list_free(int **fds, unsigned count);

/* For a listening socket: accept must not block if a connection is closed between poll
 * and accept. Returns 0, or -1 and errno. */
int ipm_fd_unblock(int fd);

/* Makes accept block again. Returns 0, or -1 and errno. */
int ipm_fd_block(int fd);

/* Makes one descriptor both rx_fd and tx_fd of an end. */
void ipm_fd_give(struct ipm_endpoint *end, int fd);

/* Requests bytes of send and receive buffer; 0 leaves the defaults. The kernel sets twice
 * the request, up to its limits (socket(7)). Returns 0 or a negative errno. */
int ipm_fd_set_buffers(int fd, size_t bytes, struct ipm_err *err);

/* Makes a connected pair of Unix sockets of that type and buffering: socketpair(2).
 * Returns 0 or a negative errno. */
int ipm_fd_pair(int type, size_t buffer_bytes, int ret_fds[2], struct ipm_err *err);

/* Adds so_sndbuf_bytes and so_rcvbuf_bytes, as the kernel set them. */
void ipm_fd_describe_buffers(int fd, struct ipm_facts *settings);

/* Adds a numeric socket option under that key, or nothing if the kernel does not report
 * it. */
void ipm_fd_describe_option(int fd, int level, int option, const char *key,
                            struct ipm_facts *settings);

/* Adds the inode of fd, or nothing if fd is -1. */
void ipm_fd_describe_inode(int fd, const char *key, struct ipm_facts *endpoint);

/* Connects with a timeout: connect(2). Returns 0 or a negative errno. */
int ipm_fd_connect(int fd, const struct sockaddr *address, socklen_t bytes,
                   unsigned timeout_ms, struct ipm_err *err);

/* Connects a datagram socket to the name of another and discards what other processes had
 * sent to it: the kernel drops their datagrams from now on. Returns 0 or a negative
 * errno. */
int ipm_fd_connect_datagram(int fd, int peer_fd, struct ipm_err *err);

/* Waits a short time for one of the descriptors and subtracts that time, at least 1 ms,
 * from *left_ms, so that other processes that keep waking it cannot make it wait forever.
 * Returns how many are ready, 0 (see *left_ms), or a negative errno. */
int ipm_fd_wait(struct pollfd *fds, unsigned count, unsigned *left_ms);

#endif
