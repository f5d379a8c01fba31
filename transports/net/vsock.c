/* vsock.c - a vsock stream from this machine to itself by VMADDR_CID_LOCAL. vsock
 * connects virtual machines with their host (vsock(7)). */
#include "base/err.h"
#include "base/facts.h"
#include "transports/common/fd.h"
#include "transports/common/listen.h"

#include <errno.h>
#include <linux/vm_sockets.h>

static const struct sockaddr_vm vsock_any_port = {
    .svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_LOCAL, .svm_port = VMADDR_PORT_ANY};

/* Sets the buffer size and first its maximum, which limits it and which the program
 * may change. */
static int vsock_set_buffer(int fd, uint64_t bytes, struct ipm_err *err) {
    if (bytes == 0)
        return 0;
    if (setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_MAX_SIZE, &bytes, sizeof bytes) ==
            0 &&
        setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, &bytes, sizeof bytes) == 0)
        return 0;
    return ipm_err_sys(err, -errno, "cannot set a vsock buffer of %llu bytes",
                       (unsigned long long)bytes);
}

static int vsock_make(const struct ipm_listen_kind *kind,
                      const struct ipm_link_config *config, int *ret_fd,
                      struct ipm_err *err) {
    (void)kind;
    int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 && errno == EAFNOSUPPORT)
        return ipm_err_set(err, -errno,
                           "no vsock in this kernel: 'modprobe vsock_loopback' may load "
                           "it");
    if (fd < 0)
        return ipm_err_sys(err, -errno, "cannot make a vsock socket");
    return ipm_fd_keep(fd, vsock_set_buffer(fd, config->buffer_bytes, err), ret_fd);
}

static int vsock_absent(struct ipm_err *err, int reason) {
    return ipm_err_set(err, reason,
                       "no vsock loopback: 'modprobe vsock_loopback' may load it");
}

static int vsock_name(struct ipm_link *link, enum ipm_side side, int fd,
                      struct ipm_err *err) {
    (void)link;
    (void)side;
    if (bind(fd, (const struct sockaddr *)&vsock_any_port, sizeof vsock_any_port) == 0)
        return 0;
    return errno == EADDRNOTAVAIL
               ? vsock_absent(err, -errno)
               : ipm_err_sys(err, -errno, "cannot bind to the vsock loopback");
}

static const struct ipm_listen_kind vsock_kind = {.where = "the vsock loopback",

                                                  .make = vsock_make,
                                                  .name = vsock_name};

/* Connects, because only a connection proves that there is a loopback: sockets and
 * bind work without it. The listener need not accept. */
static int vsock_reach(int listener, int fd, struct ipm_err *err) {
    struct sockaddr_vm address;
    socklen_t bytes = sizeof address;
    if (listen(listener, 1) != 0)
        return ipm_err_sys(err, -errno, "cannot listen on the vsock loopback");
    if (getsockname(listener, (struct sockaddr *)&address, &bytes) != 0)
        return ipm_err_sys(err, -errno, "cannot read the address of a socket");
    if (connect(fd, (const struct sockaddr *)&address, bytes) == 0)
        return 0;
    return errno == EADDRNOTAVAIL || errno == ENODEV || errno == ENETUNREACH
               ? vsock_absent(err, -errno)
               : ipm_err_sys(err, -errno, "cannot connect over the vsock loopback");
}

static int vsock_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    const struct ipm_link_config config = {0};
    int fds[2] = {-1, -1};
    int failed = vsock_make(&vsock_kind, &config, &fds[0], err);
    if (!failed)
        failed = vsock_name(NULL, IPM_PARENT, fds[0], err);
    if (!failed)
        failed = vsock_make(&vsock_kind, &config, &fds[1], err);
    if (!failed)
        failed = vsock_reach(fds[0], fds[1], err);
    ipm_fd_close(&fds[0]);
    ipm_fd_close(&fds[1]);
    if (!failed)
        *ret_max_message_bytes = SIZE_MAX;
    return failed;
}

static void vsock_describe_name(int fd,
                                int (*name_of)(int, struct sockaddr *, socklen_t *),
                                const char *cid_key, const char *port_key,
                                struct ipm_facts *endpoint) {
    struct sockaddr_vm name = {0};
    socklen_t bytes = sizeof name;
    if (name_of(fd, (struct sockaddr *)&name, &bytes) != 0)
        return;
    ipm_facts_number(endpoint, cid_key, name.svm_cid);
    ipm_facts_number(endpoint, port_key, name.svm_port);
}

static void vsock_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                           struct ipm_facts *settings) {
    uint64_t given_bytes = 0;
    socklen_t bytes = sizeof given_bytes;
    vsock_describe_name(end->rx_fd, getsockname, "local_cid", "local_port", endpoint);
    vsock_describe_name(end->rx_fd, getpeername, "peer_cid", "peer_port", endpoint);
    if (getsockopt(end->rx_fd, AF_VSOCK, SO_VM_SOCKETS_BUFFER_SIZE, &given_bytes,
                   &bytes) == 0)
        ipm_facts_number(settings, "vsock_buffer_bytes", (int64_t)given_bytes);
}

const struct ipm_transport ipm_transport_vsock = {
    IPM_LISTEN_OPERATIONS,
    .name = "vsock",
    .summary = "vsock stream to the machine itself",
    .addressing = "CID and port of each end",
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI | IPM_CAP_POLLABLE |
            IPM_CAP_PLAIN,
    .probe = vsock_probe,
    .describe = vsock_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_send,
    .recv = ipm_fd_recv,
    .accept = ipm_listen_accept,
    .variant = &vsock_kind,
};
