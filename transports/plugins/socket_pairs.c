/* socket_pairs.c - makes the sockets of socket_pairs.h before fork, and gives each process its ends. */
#include "socket_pairs.h"

#include "ipcmark/fd.h"

int pairs_open(struct ipm_link *link, struct ipm_err *err) {
    struct pairs_link *pairs = link->state;
    const size_t bytes = link->config.buffer_bytes;
    int failed = ipm_fd_pair(SOCK_STREAM, bytes, pairs->fds[IPM_PARENT], err);
    if (failed)
        return failed;
    failed = ipm_fd_pair(SOCK_STREAM, bytes, pairs->fds[IPM_CHILD], err);
    if (failed) {
        ipm_fd_close(&pairs->fds[IPM_PARENT][IPM_PARENT]);
        ipm_fd_close(&pairs->fds[IPM_PARENT][IPM_CHILD]);
    }
    return failed;
}

void pairs_close(struct ipm_link *link, enum ipm_side side) {
    struct pairs_link *pairs = link->state;
    (void)side;
    for (int sender = IPM_PARENT; sender <= IPM_CHILD; sender++) {
        ipm_fd_close(&pairs->fds[sender][IPM_PARENT]);
        ipm_fd_close(&pairs->fds[sender][IPM_CHILD]);
    }
}
