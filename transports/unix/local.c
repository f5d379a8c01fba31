/* local.c - Unix sockets and their names: unix(7). */
#include "transports/unix/local.h"

#include "base/err.h"
#include "base/strbuf.h"
#include "transports/common/fd.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* The part of the send buffer that the kernel reserves (unix_dgram_sendmsg). */
enum { LOCAL_HEADROOM_BYTES = 32 };

static int local_make_pair(const struct ipm_link *link, int ret_fds[IPM_LANE_FDS],
                           struct ipm_err *err) {
    const int *type = link->ops->variant;
    return ipm_fd_pair(*type, link->config.buffer_bytes, ret_fds, err);
}

int ipm_local_pairs_open(struct ipm_link *link, struct ipm_err *err) {
    return ipm_lanes_open(link, local_make_pair, true, false, err);
}

int ipm_local_socket(int type, size_t buffer_bytes, int *ret_fd, struct ipm_err *err) {
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return ipm_err_sys(err, -errno, "cannot make a Unix socket");
    return ipm_fd_keep(fd, ipm_fd_set_buffers(fd, buffer_bytes, err), ret_fd);
}

/* The name is text after its zero byte, as ss(8) prints it. */
int ipm_local_name(struct sockaddr_un *ret_address, socklen_t *ret_bytes,
                   struct ipm_err *err) {
    uint64_t random[2];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct ipm_strbuf name =
        ipm_strbuf_over(address.sun_path + 1, sizeof address.sun_path - 1);
    if (getrandom(random, sizeof random, 0) != sizeof random)
        return ipm_err_sys(err, -errno, "cannot make a random name");
    (void)ipm_strbuf_add(&name, "ipcmark-%016" PRIx64 "%016" PRIx64, random[0],
                         random[1]);
    *ret_address = address;
    *ret_bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + name.used);
    return 0;
}

/* Finds the largest message by trying. The kernel copies most of a message into one
 * piece of memory, and may be unable to allocate one of the size of the buffer; then
 * half of it is tried, and so on. */
static int local_try_sizes(int fd, size_t buffer_bytes, size_t *ret_bytes,
                           struct ipm_err *err) {
    size_t bytes = buffer_bytes;
    unsigned char *message = calloc(1, bytes);
    ssize_t sent = -1;
    if (!message)
        return ipm_err_sys(err, -ENOMEM, "cannot try a message of %zu bytes", bytes);
    while (bytes > 0 && sent < 0) {
        sent = send(fd, message, bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0)
            bytes /= 2;
    }
    const int failed = -errno;
    free(message);
    if (sent < 0)
        return ipm_err_sys(err, failed, "cannot send a message over a Unix socket");
    *ret_bytes = bytes;
    return 0;
}

static int local_limit(int type, size_t buffer_bytes, size_t *ret_max_message_bytes,
                       struct ipm_err *err) {
    int fds[2];
    int given = 0;
    socklen_t bytes = sizeof given;
    int failed = ipm_fd_pair(type, buffer_bytes, fds, err);
    if (failed)
        return failed;
    if (getsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &given, &bytes) != 0)
        failed = ipm_err_sys(err, -errno, "cannot read the send buffer of a Unix socket");
    else
        failed = local_try_sizes(fds[0], (size_t)given - LOCAL_HEADROOM_BYTES,
                                 ret_max_message_bytes, err);
    if (!failed)
        ipm_err_hint(err, IPM_FD_SEND_ADVICE);
    ipm_fd_close(&fds[0]);
    ipm_fd_close(&fds[1]);
    return failed;
}

int ipm_local_limit_dgram(size_t buffer_bytes, size_t *ret_max_message_bytes,
                          struct ipm_err *err) {
    return local_limit(SOCK_DGRAM, buffer_bytes, ret_max_message_bytes, err);
}

int ipm_local_limit_seqpacket(size_t buffer_bytes, size_t *ret_max_message_bytes,
                              struct ipm_err *err) {
    return local_limit(SOCK_SEQPACKET, buffer_bytes, ret_max_message_bytes, err);
}

void ipm_local_show(const struct sockaddr_un *address, socklen_t bytes,
                    char text[IPM_FACT_TEXT_BYTES]) {
    const size_t head = offsetof(struct sockaddr_un, sun_path);
    const size_t used = bytes > head ? bytes - head : 0;
    memset(text, 0, IPM_FACT_TEXT_BYTES);
    memcpy(text, address->sun_path, used);
    if (used > 0 && text[0] == '\0')
        text[0] = '@';
}

/* An unlinked name still reports its path. */
static void local_describe_name(int fd,
                                int (*name_of)(int, struct sockaddr *, socklen_t *),
                                const char *key, struct ipm_facts *endpoint) {
    struct sockaddr_un name = {0};
    socklen_t bytes = sizeof name - 1;
    char text[IPM_FACT_TEXT_BYTES];
    if (name_of(fd, (struct sockaddr *)&name, &bytes) != 0)
        return;
    ipm_local_show(&name, bytes < sizeof name ? bytes : sizeof name, text);
    ipm_facts_text(endpoint, key, text);
}

void ipm_local_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                        struct ipm_facts *settings) {
    local_describe_name(end->rx_fd, getsockname, "local_path", endpoint);
    local_describe_name(end->rx_fd, getpeername, "peer_path", endpoint);
    ipm_fd_describe_buffers(end->rx_fd, settings);
}

void ipm_local_describe_notice(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                               struct ipm_facts *settings) {
    const struct ipm_local_end *state = end->state;
    ipm_local_describe(end, endpoint, settings);
    if (state->notice[0] != '\0')
        ipm_facts_text(settings, "notice", state->notice);
}
