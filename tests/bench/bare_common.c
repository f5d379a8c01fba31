/* bare_common.c - links, processes and one trial for the hand-written programs. */
#include "tests/bench/bare_common.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/un.h>
#include <sys/wait.h>

enum { BARE_ALIGN = 4096 };

static const struct bare_link bare_no_link = {
    .parent = {-1, -1}, .child = {-1, -1}, .listener = -1};

/* --- links --------------------------------------------------------------------------- */

static void bare_make_pipe(int *ret_rx_fd, int *ret_tx_fd) {
    int fds[2];
    bare_need(pipe2(fds, O_CLOEXEC) == 0, "pipe2");
    *ret_rx_fd = fds[0];
    *ret_tx_fd = fds[1];
}

void bare_open_pipe(struct bare_link *link) {
    *link = bare_no_link;
    bare_make_pipe(&link->child.rx_fd, &link->parent.tx_fd);
}

void bare_open_pipe_pair(struct bare_link *link) {
    bare_open_pipe(link);
    bare_make_pipe(&link->parent.rx_fd, &link->child.tx_fd);
}

static void bare_listen(struct bare_link *link, const struct sockaddr *name,
                        socklen_t bytes, int clients) {
    struct sockaddr *bound = (struct sockaddr *)&link->name;
    *link = bare_no_link;
    link->name_bytes = sizeof link->name;
    link->listener = socket(name->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bare_need(link->listener >= 0 && bind(link->listener, name, bytes) == 0 &&
                  listen(link->listener, clients) == 0 &&
                  getsockname(link->listener, bound, &link->name_bytes) == 0,
              "listen");
}

/* An abstract name that the kernel picks (unix(7), autobind): the bytes go the same way as
 * with a path, and nothing is left on disk. */
void bare_listen_unix(struct bare_link *link, int clients) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    bare_listen(link, (struct sockaddr *)&name, sizeof name.sun_family, clients);
}

void bare_listen_tcp(struct bare_link *link, int clients) {
    struct sockaddr_in name = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    bare_listen(link, (struct sockaddr *)&name, sizeof name, clients);
}

void bare_open_unix(struct bare_link *link) {
    bare_listen_unix(link, 1);
}

void bare_open_tcp(struct bare_link *link) {
    bare_listen_tcp(link, 1);
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

static struct bare_end bare_socket_end(int fd) {
    return (struct bare_end){.rx_fd = fd, .tx_fd = fd};
}

void bare_open_udp(struct bare_link *link) {
    struct sockaddr_in parent;
    struct sockaddr_in child;
    *link = bare_no_link;
    link->parent = bare_socket_end(bare_open_datagrams(&parent));
    link->child = bare_socket_end(bare_open_datagrams(&child));
    bare_need(connect(link->parent.tx_fd, (struct sockaddr *)&child, sizeof child) == 0 &&
                  connect(link->child.tx_fd, (struct sockaddr *)&parent, sizeof parent) ==
                      0,
              "connect");
}

void bare_connect(struct bare_link *link) {
    const struct sockaddr *name = (const struct sockaddr *)&link->name;
    if (link->listener < 0)
        return;
    int fd = socket(name->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bare_need(fd >= 0 && connect(fd, name, link->name_bytes) == 0, "connect");
    link->child = bare_socket_end(fd);
    (void)close(link->listener);
}

static void bare_accept(struct bare_link *link) {
    if (link->listener < 0)
        return;
    int fd = accept4(link->listener, NULL, NULL, SOCK_CLOEXEC);
    bare_need(fd >= 0, "accept");
    link->parent = bare_socket_end(fd);
    (void)close(link->listener);
}

static void bare_close_end(const struct bare_end *end) {
    if (end->rx_fd >= 0)
        (void)close(end->rx_fd);
    if (end->tx_fd >= 0 && end->tx_fd != end->rx_fd)
        (void)close(end->tx_fd);
}

/* --- processes ----------------------------------------------------------------------- */

void bare_die_with_parent(void) {
    bare_need(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "prctl");
}

void bare_pin(int cpu) {
    cpu_set_t set;
    if (cpu < 0)
        return;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    bare_need(sched_setaffinity(0, sizeof set, &set) == 0, "sched_setaffinity");
}

unsigned char *bare_touched(size_t bytes) {
    unsigned char *buf =
        aligned_alloc(BARE_ALIGN, (bytes + BARE_ALIGN - 1) / BARE_ALIGN * BARE_ALIGN);
    bare_need(buf != NULL, "aligned_alloc");
    memset(buf, 0x5a, bytes);
    return buf;
}

size_t bare_recv_bytes(size_t message_bytes, int messages) {
    return messages || message_bytes > BARE_STREAM_BYTES ? message_bytes
                                                         : BARE_STREAM_BYTES;
}

/* --- one trial ----------------------------------------------------------------------- */

static unsigned char *bare_job_buffer(const struct bare_job *job) {
    return bare_touched(job->recv_bytes > job->message_bytes ? job->recv_bytes
                                                             : job->message_bytes);
}

static uint64_t bare_cpu_ns(void) {
    struct timespec cpu;
    bare_need(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu) == 0, "clock_gettime");
    return (uint64_t)cpu.tv_sec * 1000000000u + (uint64_t)cpu.tv_nsec;
}

_Noreturn static void bare_child(const struct bare_order *order, struct bare_link *link,
                                 int control) {
    struct bare_job job = order->job;
    struct bare_result result = {0};
    bare_die_with_parent();
    bare_close_end(&link->parent);
    bare_connect(link);
    bare_pin(order->cpus[1]);
    job.buf = bare_job_buffer(&job);
    bare_need(write(control, "", 1) == 1, "barrier");
    const uint64_t before_ns = bare_cpu_ns();
    result.bytes = order->transport->child(&link->child, &job);
    result.end_ns = bare_now_ns();
    result.cpu_ns = bare_cpu_ns() - before_ns;
    bare_need(write(control, &result, sizeof result) == sizeof result, "result");
    _exit(0);
}

/* The room for times is touched here: what was touched before fork is copied on the next
 * write, in the window. */
static struct bare_result bare_parent(const struct bare_order *order,
                                      struct bare_link *link, int control) {
    struct bare_job job = order->job;
    struct bare_result result = {0};
    char ready;
    bare_accept(link);
    bare_close_end(&link->child);
    bare_pin(order->cpus[0]);
    job.buf = bare_job_buffer(&job);
    job.control = control;
    if (job.times_ns)
        memset(job.times_ns, 0, job.messages * sizeof *job.times_ns);
    if (order->transport->prepare)
        order->transport->prepare(&link->parent, &job);
    bare_need(read(control, &ready, 1) == 1, "barrier");
    const uint64_t before_ns = bare_cpu_ns();
    uint64_t begin_ns = bare_now_ns();
    order->transport->parent(&link->parent, &job);
    const uint64_t cpu_ns = bare_cpu_ns() - before_ns;
    bare_need(read(control, &result, sizeof result) == sizeof result, "result");
    result.begin_ns = begin_ns;
    result.cpu_ns += cpu_ns;
    free(job.buf);
    return result;
}

struct bare_result bare_trial(const struct bare_order *order) {
    struct bare_link link;
    int control[2];
    int status = 0;
    order->transport->open(&link);
    bare_make_pipe(&control[0], &control[1]);
    pid_t child = fork();
    bare_need(child >= 0, "fork");
    if (child == 0)
        bare_child(order, &link, control[1]);
    (void)close(control[1]);
    struct bare_result result = bare_parent(order, &link, control[0]);
    bare_need(waitpid(child, &status, 0) == child && status == 0, "the child");
    bare_close_end(&link.parent);
    (void)close(control[0]);
    return result;
}

struct bare_result bare_warm_trial(const struct bare_order *order) {
    struct bare_order warmup = *order;
    warmup.job.messages = order->job.messages / 2 + 1;
    (void)bare_trial(&warmup);
    return bare_trial(order);
}

void bare_print(const struct bare_result *result) {
    const uint64_t elapsed_ns = result->end_ns - result->begin_ns;
    (void)printf("%.0f %" PRIu64 " %" PRIu64 "\n",
                 (double)result->bytes * 1e9 / (double)elapsed_ns, result->bytes,
                 elapsed_ns);
}

/* --- the command line ---------------------------------------------------------------- */

int bare_parse_cpus(const char *text, int cpus[2]) {
    return sscanf(text, "%d:%d", &cpus[0], &cpus[1]) == 2;
}

static const struct bare_transport *bare_find(const struct bare_transport *table,
                                              const char *name) {
    for (; table->name; table++)
        if (strcmp(table->name, name) == 0)
            return table;
    return NULL;
}

struct bare_order bare_parse(int argc, char **argv, const struct bare_transport *table) {
    struct bare_order order = {.cpus = {-1, -1}};
    int good = argc == 4 || (argc == 5 && bare_parse_cpus(argv[4], order.cpus));
    if (good) {
        order.transport = bare_find(table, argv[1]);
        order.job.message_bytes = strtoul(argv[2], NULL, 10);
        order.job.messages = strtoull(argv[3], NULL, 10);
    }
    if (!order.transport || order.job.message_bytes == 0 || order.job.messages == 0) {
        (void)fprintf(stderr, "usage: %s TRANSPORT MESSAGE_BYTES MESSAGES [CPU:CPU]\n",
                      argv[0]);
        exit(2);
    }
    order.job.recv_bytes =
        bare_recv_bytes(order.job.message_bytes, order.transport->messages);
    return order;
}
