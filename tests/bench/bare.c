/* bare.c - what a programmer would write by hand to move bytes from a parent to a child.
 *
 *   bare TRANSPORT MESSAGE_BYTES MESSAGES [SENDER_CPU:RECEIVER_CPU]
 *
 * pipe-message offers a read no more than a message. pipe-copied does besides what dd does:
 * the sender fills its buffer from /dev/zero, the receiver writes what came to /dev/null.
 * udp-select and tcp-select do what iperf3 does: they wait in select(2) before they take a
 * message. Of one that comes in parts tcp-select takes what is there; tcp-paused lets 2 us
 * go by before it does, and both ends of unix-paused before each send and after each receive.
 * tcp-message and unix-message are as pipe-message.
 *
 * Prints received bytes per second, received bytes and elapsed ns of one trial: its window
 * is from the sender's first call to the receiver's last byte. */
#include "tests/bench/bare_common.h"

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/select.h>

static void bare_send_pipe(const struct bare_end *end, const struct bare_job *job) {
    for (uint64_t n = 0; n < job->messages; n++)
        bare_put(end->tx_fd, job, write);
}

static uint64_t bare_recv_pipe(const struct bare_end *end, const struct bare_job *job) {
    return bare_take(end->rx_fd, job, job->messages * job->message_bytes, read);
}

static void bare_send_socket(const struct bare_end *end, const struct bare_job *job) {
    for (uint64_t n = 0; n < job->messages; n++)
        bare_put(end->tx_fd, job, bare_send);
}

static uint64_t bare_recv_socket(const struct bare_end *end, const struct bare_job *job) {
    return bare_take(end->rx_fd, job, job->messages * job->message_bytes, bare_recv);
}

/* The mark that ends the datagrams may be lost, so it is repeated until the child has
 * answered. */
static void bare_send_datagrams(const struct bare_end *end, const struct bare_job *job) {
    struct pollfd answer = {.fd = job->control, .events = POLLIN};
    const struct timespec pause = {.tv_nsec = 200000};
    bare_send_socket(end, job);
    do {
        (void)send(end->tx_fd, "", 0, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (ppoll(&answer, 1, &pause, NULL) == 0);
}

BARE_INLINE uint64_t bare_take_datagrams(int fd, const struct bare_job *job,
                                         ssize_t (*take)(int, void *, size_t)) {
    uint64_t bytes = 0;
    for (uint64_t n = 0; n < job->messages; n++) {
        ssize_t r = take(fd, job->buf, job->recv_bytes);
        bare_need(r >= 0, "recv");
        if (r == 0)
            break;
        bytes += (uint64_t)r;
    }
    return bytes;
}

static uint64_t bare_recv_datagrams(const struct bare_end *end,
                                    const struct bare_job *job) {
    return bare_take_datagrams(end->rx_fd, job, bare_recv_datagram);
}

static void bare_send_paused(const struct bare_end *end, const struct bare_job *job) {
    for (uint64_t n = 0; n < job->messages; n++)
        bare_put(end->tx_fd, job, bare_send_late);
}

static uint64_t bare_recv_paused(const struct bare_end *end, const struct bare_job *job) {
    return bare_take(end->rx_fd, job, job->messages * job->message_bytes, bare_recv_late);
}

static void bare_send_copied(const struct bare_end *end, const struct bare_job *job) {
    const int zero_fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    bare_need(zero_fd >= 0, "/dev/zero");
    for (uint64_t n = 0; n < job->messages; n++) {
        bare_need(read(zero_fd, job->buf, job->message_bytes) > 0, "read");
        bare_put(end->tx_fd, job, write);
    }
}

static uint64_t bare_recv_copied(const struct bare_end *end, const struct bare_job *job) {
    const uint64_t wanted_bytes = job->messages * job->message_bytes;
    const int null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    uint64_t bytes = 0;
    bare_need(null_fd >= 0, "/dev/null");
    while (bytes < wanted_bytes) {
        ssize_t r = read(end->rx_fd, job->buf, job->recv_bytes);
        bare_need(r > 0 && write(null_fd, job->buf, (size_t)r) == r, "read and write");
        bytes += (uint64_t)r;
    }
    return bytes;
}

BARE_INLINE void bare_await_select(int fd) {
    fd_set ready;
    FD_ZERO(&ready);
    FD_SET(fd, &ready);
    bare_need(select(fd + 1, &ready, NULL, NULL, NULL) == 1, "select");
}

static ssize_t bare_recv_selected(int fd, void *buf, size_t bytes) {
    bare_await_select(fd);
    return bare_recv_datagram(fd, buf, bytes);
}

static uint64_t bare_recv_selecting(const struct bare_end *end,
                                    const struct bare_job *job) {
    return bare_take_datagrams(end->rx_fd, job, bare_recv_selected);
}

/* What is there of a message, and what comes while that is taken. */
BARE_INLINE size_t bare_take_present(int fd, const struct bare_job *job) {
    size_t taken = 0;
    while (taken < job->message_bytes) {
        ssize_t r = recv(fd, job->buf + taken, job->message_bytes - taken, MSG_DONTWAIT);
        if (r < 0 && errno == EAGAIN)
            break;
        bare_need(r > 0, "recv");
        taken += (size_t)r;
    }
    return taken;
}

BARE_INLINE uint64_t bare_take_parts(int fd, const struct bare_job *job, bool late) {
    const uint64_t wanted_bytes = job->messages * job->message_bytes;
    uint64_t bytes = 0;
    while (bytes < wanted_bytes) {
        bare_await_select(fd);
        if (late)
            bare_pause();
        bytes += bare_take_present(fd, job);
    }
    return bytes;
}

static uint64_t bare_recv_parts(const struct bare_end *end, const struct bare_job *job) {
    return bare_take_parts(end->rx_fd, job, false);
}

static uint64_t bare_recv_parts_late(const struct bare_end *end,
                                     const struct bare_job *job) {
    return bare_take_parts(end->rx_fd, job, true);
}

static const struct bare_transport bare_transports[] = {
    {.name = "pipe",
     .open = bare_open_pipe,
     .parent = bare_send_pipe,
     .child = bare_recv_pipe},
    {.name = "pipe-pair",
     .open = bare_open_pipe_pair,
     .parent = bare_send_pipe,
     .child = bare_recv_pipe},
    {.name = "unix",
     .open = bare_open_unix,
     .parent = bare_send_socket,
     .child = bare_recv_socket},
    {.name = "tcp",
     .open = bare_open_tcp,
     .parent = bare_send_socket,
     .child = bare_recv_socket},
    {.name = "udp",
     .open = bare_open_udp,
     .parent = bare_send_datagrams,
     .child = bare_recv_datagrams,
     .messages = 1},
    {.name = "pipe-message",
     .open = bare_open_pipe,
     .parent = bare_send_pipe,
     .child = bare_recv_pipe,
     .messages = 1},
    {.name = "pipe-copied",
     .open = bare_open_pipe,
     .parent = bare_send_copied,
     .child = bare_recv_copied,
     .messages = 1},
    {.name = "unix-message",
     .open = bare_open_unix,
     .parent = bare_send_socket,
     .child = bare_recv_socket,
     .messages = 1},
    {.name = "unix-paused",
     .open = bare_open_unix,
     .parent = bare_send_paused,
     .child = bare_recv_paused,
     .messages = 1},
    {.name = "tcp-message",
     .open = bare_open_tcp,
     .parent = bare_send_socket,
     .child = bare_recv_socket,
     .messages = 1},
    {.name = "tcp-select",
     .open = bare_open_tcp,
     .parent = bare_send_socket,
     .child = bare_recv_parts,
     .messages = 1},
    {.name = "tcp-paused",
     .open = bare_open_tcp,
     .parent = bare_send_socket,
     .child = bare_recv_parts_late,
     .messages = 1},
    {.name = "udp-select",
     .open = bare_open_udp,
     .parent = bare_send_datagrams,
     .child = bare_recv_selecting,
     .messages = 1},
    {.name = NULL},
};

int main(int argc, char **argv) {
    const struct bare_order order = bare_parse(argc, argv, bare_transports);
    const struct bare_result result = bare_warm_trial(&order);
    bare_print(&result);
    return 0;
}
