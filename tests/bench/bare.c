/* bare.c - what a programmer would write by hand to move bytes from a parent to a child:
 * the yardstick of ipcmark's own cost. Stands alone on purpose and uses nothing of ipcmark.
 *
 *   bare TRANSPORT MESSAGE_BYTES MESSAGES [SENDER_CPU:RECEIVER_CPU]
 *
 * Prints received bytes per second, received bytes and elapsed ns of one trial. The work is
 * the one that ipcmark does: the same system calls, a child that connects after fork,
 * page-aligned buffers touched before, a receive buffer of the larger of the message and
 * 64 KiB (UDP: of the message), a window from the sender's first call to the receiver's last
 * byte, a child that is waiting before the parent starts. Half of the messages go over a first, unmeasured trial, because
 * ipcmark's trials come after a calibration that aims at half of one. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BARE_ALIGN = 4096, BARE_STREAM_BYTES = 64 * 1024, BARE_BACKLOG = 1 };

struct bare_ends {
    int sender_fd;
    int receiver_fd;
    int spare[2]; /* the second pipe of a pair: there, and unused */
    int listener; /* of a stream socket, or -1: the child connects after fork */
    struct sockaddr_storage name;
    socklen_t name_bytes;
};

struct bare_job {
    size_t message_bytes;
    size_t recv_bytes;
    uint64_t messages;
    unsigned char *buf;
};

struct bare_result {
    uint64_t begin_ns;
    uint64_t end_ns;
    uint64_t bytes;
};

struct bare_transport {
    const char *name;
    void (*open)(struct bare_ends *ends);
    void (*send)(int fd, const struct bare_job *job);
    uint64_t (*recv)(int fd, const struct bare_job *job);
    int messages; /* one send is one recv; the end is an empty datagram, not end-of-file */
};

_Noreturn static void bare_die(const char *what) {
    (void)fprintf(stderr, "bare: %s: %s\n", what, strerror(errno));
    _exit(1);
}

static void bare_need(int good, const char *what) {
    if (!good)
        bare_die(what);
}

static uint64_t bare_now_ns(void) {
    struct timespec now;
    bare_need(clock_gettime(CLOCK_MONOTONIC, &now) == 0, "clock_gettime");
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* --- the pairs of loops ------------------------------------------------------------- */

static void bare_send_pipe(int fd, const struct bare_job *job) {
    for (uint64_t n = 0; n < job->messages; n++) {
        const unsigned char *at = job->buf;
        size_t left = job->message_bytes;
        while (left > 0) {
            ssize_t r = write(fd, at, left);
            bare_need(r > 0, "write");
            at += r;
            left -= (size_t)r;
        }
    }
}

static uint64_t bare_recv_pipe(int fd, const struct bare_job *job) {
    const uint64_t wanted_bytes = job->messages * job->message_bytes;
    uint64_t bytes = 0;
    while (bytes < wanted_bytes) {
        ssize_t r = read(fd, job->buf, job->recv_bytes);
        bare_need(r > 0, "read");
        bytes += (uint64_t)r;
    }
    return bytes;
}

static void bare_send_socket(int fd, const struct bare_job *job) {
    for (uint64_t n = 0; n < job->messages; n++) {
        const unsigned char *at = job->buf;
        size_t left = job->message_bytes;
        while (left > 0) {
            ssize_t r = send(fd, at, left, MSG_NOSIGNAL);
            bare_need(r > 0, "send");
            at += r;
            left -= (size_t)r;
        }
    }
}

static uint64_t bare_recv_socket(int fd, const struct bare_job *job) {
    const uint64_t wanted_bytes = job->messages * job->message_bytes;
    uint64_t bytes = 0;
    while (bytes < wanted_bytes) {
        ssize_t r = recv(fd, job->buf, job->recv_bytes, 0);
        bare_need(r > 0, "recv");
        bytes += (uint64_t)r;
    }
    return bytes;
}

static uint64_t bare_recv_datagrams(int fd, const struct bare_job *job) {
    uint64_t bytes = 0;
    for (uint64_t n = 0; n < job->messages; n++) {
        ssize_t r = recv(fd, job->buf, job->recv_bytes, MSG_TRUNC);
        bare_need(r >= 0, "recv");
        if (r == 0)
            break;
        bytes += (uint64_t)r;
    }
    return bytes;
}

/* --- the transports ----------------------------------------------------------------- */

static void bare_open_pipe(struct bare_ends *ends) {
    int fds[2];
    bare_need(pipe2(fds, O_CLOEXEC) == 0, "pipe2");
    *ends = (struct bare_ends){
        .sender_fd = fds[1], .receiver_fd = fds[0], .spare = {-1, -1}, .listener = -1};
}

static void bare_open_pipe_pair(struct bare_ends *ends) {
    bare_open_pipe(ends);
    bare_need(pipe2(ends->spare, O_CLOEXEC) == 0, "pipe2");
}

static void bare_open_stream(struct bare_ends *ends, const struct sockaddr *name,
                             socklen_t bytes) {
    struct sockaddr *bound = (struct sockaddr *)&ends->name;
    ends->sender_fd = ends->receiver_fd = ends->spare[0] = ends->spare[1] = -1;
    ends->name_bytes = sizeof ends->name;
    ends->listener = socket(name->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bare_need(ends->listener >= 0 && bind(ends->listener, name, bytes) == 0 &&
                  listen(ends->listener, BARE_BACKLOG) == 0 &&
                  getsockname(ends->listener, bound, &ends->name_bytes) == 0,
              "listen");
}

static void bare_connect(struct bare_ends *ends) {
    const struct sockaddr *name = (const struct sockaddr *)&ends->name;
    if (ends->listener < 0)
        return;
    ends->receiver_fd = socket(name->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bare_need(ends->receiver_fd >= 0 &&
                  connect(ends->receiver_fd, name, ends->name_bytes) == 0,
              "connect");
    (void)close(ends->listener);
}

static void bare_accept(struct bare_ends *ends) {
    if (ends->listener < 0)
        return;
    ends->sender_fd = accept4(ends->listener, NULL, NULL, SOCK_CLOEXEC);
    bare_need(ends->sender_fd >= 0, "accept");
    (void)close(ends->listener);
}

/* An abstract name that the kernel picks (unix(7), autobind): the bytes go the same way as
 * with a path, and nothing is left on disk. */
static void bare_open_unix(struct bare_ends *ends) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    bare_open_stream(ends, (struct sockaddr *)&name, sizeof name.sun_family);
}

static void bare_open_tcp(struct bare_ends *ends) {
    struct sockaddr_in name = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    bare_open_stream(ends, (struct sockaddr *)&name, sizeof name);
}

static int bare_open_datagrams(struct sockaddr_in *ret_name) {
    socklen_t bytes = sizeof *ret_name;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    *ret_name = (struct sockaddr_in){.sin_family = AF_INET,
                                     .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    bare_need(fd >= 0 && bind(fd, (struct sockaddr *)ret_name, sizeof *ret_name) == 0 &&
                  getsockname(fd, (struct sockaddr *)ret_name, &bytes) == 0,
              "bind");
    return fd;
}

static void bare_open_udp(struct bare_ends *ends) {
    struct sockaddr_in sender;
    struct sockaddr_in receiver;
    *ends = (struct bare_ends){.spare = {-1, -1}, .listener = -1};
    ends->sender_fd = bare_open_datagrams(&sender);
    ends->receiver_fd = bare_open_datagrams(&receiver);
    bare_need(
        connect(ends->sender_fd, (struct sockaddr *)&receiver, sizeof receiver) == 0 &&
            connect(ends->receiver_fd, (struct sockaddr *)&sender, sizeof sender) == 0,
        "connect");
}

static const struct bare_transport bare_transports[] = {
    {.name = "pipe",
     .open = bare_open_pipe,
     .send = bare_send_pipe,
     .recv = bare_recv_pipe},
    {.name = "pipe-pair",
     .open = bare_open_pipe_pair,
     .send = bare_send_pipe,
     .recv = bare_recv_pipe},
    {.name = "unix",
     .open = bare_open_unix,
     .send = bare_send_socket,
     .recv = bare_recv_socket},
    {.name = "tcp",
     .open = bare_open_tcp,
     .send = bare_send_socket,
     .recv = bare_recv_socket},
    {.name = "udp",
     .open = bare_open_udp,
     .send = bare_send_socket,
     .recv = bare_recv_datagrams,
     .messages = 1},
};

/* --- one trial ---------------------------------------------------------------------- */

static void bare_pin(int cpu) {
    cpu_set_t set;
    if (cpu < 0)
        return;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    bare_need(sched_setaffinity(0, sizeof set, &set) == 0, "sched_setaffinity");
}

static void bare_touch(struct bare_job *job) {
    size_t bytes =
        job->recv_bytes > job->message_bytes ? job->recv_bytes : job->message_bytes;
    job->buf =
        aligned_alloc(BARE_ALIGN, (bytes + BARE_ALIGN - 1) / BARE_ALIGN * BARE_ALIGN);
    bare_need(job->buf != NULL, "aligned_alloc");
    memset(job->buf, 0x5a, bytes);
}

static void bare_close(int fd) {
    if (fd >= 0)
        (void)close(fd);
}

_Noreturn static void bare_child(const struct bare_transport *transport,
                                 struct bare_ends *ends, struct bare_job *job, int cpu,
                                 int control) {
    struct bare_result result = {0};
    bare_need(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "prctl");
    bare_close(ends->sender_fd);
    bare_connect(ends);
    bare_pin(cpu);
    bare_touch(job);
    bare_need(write(control, "", 1) == 1, "barrier");
    result.bytes = transport->recv(ends->receiver_fd, job);
    result.end_ns = bare_now_ns();
    bare_need(write(control, &result, sizeof result) == sizeof result, "result");
    _exit(0);
}

/* The mark that ends the datagrams may be lost, so it is repeated until the child has
 * answered. */
static void bare_mark(int fd, int control) {
    struct pollfd answer = {.fd = control, .events = POLLIN};
    const struct timespec pause = {.tv_nsec = 200000};
    do {
        (void)send(fd, "", 0, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (ppoll(&answer, 1, &pause, NULL) == 0);
}

static struct bare_result bare_parent(const struct bare_transport *transport,
                                      struct bare_ends *ends, struct bare_job *job,
                                      int cpu, int control) {
    struct bare_result result = {0};
    char ready;
    bare_accept(ends);
    if (transport->messages == 0)
        bare_close(ends->receiver_fd);
    bare_pin(cpu);
    bare_touch(job);
    bare_need(read(control, &ready, 1) == 1, "barrier");
    uint64_t begin_ns = bare_now_ns();
    transport->send(ends->sender_fd, job);
    if (transport->messages)
        bare_mark(ends->sender_fd, control);
    bare_need(read(control, &result, sizeof result) == sizeof result, "result");
    result.begin_ns = begin_ns;
    return result;
}

static struct bare_result bare_trial(const struct bare_transport *transport,
                                     struct bare_job job, const int cpus[2]) {
    struct bare_ends ends;
    int control[2];
    int status = 0;
    transport->open(&ends);
    bare_need(pipe2(control, O_CLOEXEC) == 0, "pipe2");
    pid_t child = fork();
    bare_need(child >= 0, "fork");
    if (child == 0)
        bare_child(transport, &ends, &job, cpus[1], control[1]);
    (void)close(control[1]);
    struct bare_result result = bare_parent(transport, &ends, &job, cpus[0], control[0]);
    bare_need(waitpid(child, &status, 0) == child && status == 0, "the child");
    (void)close(ends.sender_fd);
    if (transport->messages)
        (void)close(ends.receiver_fd);
    bare_close(ends.spare[0]);
    bare_close(ends.spare[1]);
    (void)close(control[0]);
    free(job.buf);
    return result;
}

static const struct bare_transport *bare_find(const char *name) {
    for (size_t i = 0; i < sizeof bare_transports / sizeof bare_transports[0]; i++)
        if (strcmp(bare_transports[i].name, name) == 0)
            return &bare_transports[i];
    return NULL;
}

int main(int argc, char **argv) {
    int cpus[2] = {-1, -1};
    struct bare_job job = {0};
    const struct bare_transport *transport = argc >= 4 ? bare_find(argv[1]) : NULL;
    if (transport) {
        job.message_bytes = strtoul(argv[2], NULL, 10);
        job.messages = strtoull(argv[3], NULL, 10);
    }
    if (!transport || job.message_bytes == 0 || job.messages == 0 || argc > 5 ||
        (argc == 5 && sscanf(argv[4], "%d:%d", &cpus[0], &cpus[1]) != 2)) {
        (void)fputs("usage: bare TRANSPORT MESSAGE_BYTES MESSAGES [CPU:CPU]\n", stderr);
        return 2;
    }
    job.recv_bytes = transport->messages || job.message_bytes > BARE_STREAM_BYTES
                         ? job.message_bytes
                         : BARE_STREAM_BYTES;
    struct bare_job warmup = job;
    warmup.messages = job.messages / 2 + 1;
    (void)bare_trial(transport, warmup, cpus);
    struct bare_result result = bare_trial(transport, job, cpus);
    uint64_t elapsed_ns = result.end_ns - result.begin_ns;
    (void)printf("%.0f %" PRIu64 " %" PRIu64 "\n",
                 (double)result.bytes * 1e9 / (double)elapsed_ns, result.bytes,
                 elapsed_ns);
    return 0;
}
