/* bare_fanin.c - what a programmer would write by hand for many clients that send to one
 * server: forked clients, Unix stream sockets, and the parent with epoll, level-triggered.
 *
 *   bare_fanin CLIENTS MESSAGE_BYTES MESSAGES_A_CLIENT [CLIENTS_CPU:SERVER_CPU]
 *
 * Prints received bytes per second, received bytes and elapsed ns of one trial: its window
 * is from the first call of whichever client was first to the server's last byte. A client
 * that is done waits, as ending takes CPU time from those that are not. */
#include "tests/bench/bare_common.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/wait.h>

enum { FANIN_EVENTS = 64, FANIN_CLIENTS_MOST = 4096 };

struct fanin_client {
    int fd;
    pid_t pid;
    uint64_t bytes;
};

struct fanin {
    int count;
    struct bare_job job;
    int cpus[2];
    struct bare_link link;
    int gate[2]; /* closed by the parent: go */
    int control[2];
    int epoll;
    struct fanin_client *clients;
};

_Noreturn static void fanin_client(struct fanin *fan) {
    struct bare_job *job = &fan->job;
    char byte;
    bare_die_with_parent();
    (void)close(fan->gate[1]);
    bare_connect(&fan->link);
    const int fd = fan->link.child.tx_fd;
    bare_pin(fan->cpus[0]);
    job->buf = bare_touched(job->message_bytes);
    bare_need(write(fan->control[1], "", 1) == 1, "barrier");
    bare_need(read(fan->gate[0], &byte, 1) == 0, "gate");
    const uint64_t begin_ns = bare_now_ns();
    for (uint64_t n = 0; n < job->messages; n++)
        bare_put(fd, job, bare_send);
    bare_need(write(fan->control[1], &begin_ns, sizeof begin_ns) == sizeof begin_ns,
              "result");
    bare_need(recv(fd, &byte, 1, 0) == 0, "the end");
    _exit(0);
}

static void fanin_open(struct fanin *fan) {
    bare_listen_unix(&fan->link, fan->count);
    bare_need(pipe2(fan->gate, O_CLOEXEC) == 0 && pipe2(fan->control, O_CLOEXEC) == 0,
              "pipe2");
    fan->clients = calloc((size_t)fan->count, sizeof *fan->clients);
    fan->epoll = epoll_create1(EPOLL_CLOEXEC);
    bare_need(fan->clients != NULL && fan->epoll >= 0, "epoll_create1");
}

static void fanin_fork(struct fanin *fan) {
    for (int i = 0; i < fan->count; i++) {
        fan->clients[i].pid = fork();
        bare_need(fan->clients[i].pid >= 0, "fork");
        if (fan->clients[i].pid == 0)
            fanin_client(fan);
    }
}

static void fanin_accept(struct fanin *fan) {
    for (int i = 0; i < fan->count; i++) {
        struct fanin_client *client = &fan->clients[i];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
        client->fd =
            accept4(fan->link.listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        bare_need(client->fd >= 0 &&
                      epoll_ctl(fan->epoll, EPOLL_CTL_ADD, client->fd, &event) == 0,
                  "accept");
    }
    (void)close(fan->link.listener);
}

/* Everything that a hand-written server does for one event: one call, its bytes counted
 * for its client, and whether that was the last of it. */
static int fanin_hear(struct fanin_client *client, const struct bare_job *job,
                      uint64_t wanted_bytes) {
    ssize_t r = recv(client->fd, job->buf, job->recv_bytes, 0);
    bare_need(r > 0, "recv");
    client->bytes += (uint64_t)r;
    return client->bytes == wanted_bytes;
}

static void fanin_serve(struct fanin *fan) {
    struct epoll_event ready[FANIN_EVENTS];
    const uint64_t wanted_bytes = fan->job.messages * fan->job.message_bytes;
    for (int left = fan->count; left > 0;) {
        int count = epoll_wait(fan->epoll, ready, FANIN_EVENTS, -1);
        bare_need(count > 0, "epoll_wait");
        for (int i = 0; i < count; i++)
            left -= fanin_hear(ready[i].data.ptr, &fan->job, wanted_bytes);
    }
}

static void fanin_barrier(const struct fanin *fan) {
    char ready;
    for (int i = 0; i < fan->count; i++)
        bare_need(read(fan->control[0], &ready, 1) == 1, "barrier");
}

static uint64_t fanin_first_ns(const struct fanin *fan) {
    uint64_t first_ns = UINT64_MAX;
    for (int i = 0; i < fan->count; i++) {
        uint64_t begin_ns;
        bare_need(read(fan->control[0], &begin_ns, sizeof begin_ns) == sizeof begin_ns,
                  "result");
        if (begin_ns < first_ns)
            first_ns = begin_ns;
    }
    return first_ns;
}

/* All sockets first: the order in which clients were accepted is not that of fork. */
static void fanin_close(struct fanin *fan) {
    for (int i = 0; i < fan->count; i++)
        (void)close(fan->clients[i].fd);
    for (int i = 0; i < fan->count; i++) {
        int status = 0;
        bare_need(waitpid(fan->clients[i].pid, &status, 0) == fan->clients[i].pid &&
                      status == 0,
                  "a client");
    }
    (void)close(fan->control[0]);
    (void)close(fan->epoll);
    free(fan->job.buf);
    free(fan->clients);
}

static struct bare_result fanin_trial(struct fanin fan) {
    struct bare_result result;
    fanin_open(&fan);
    fanin_fork(&fan);
    (void)close(fan.gate[0]);
    (void)close(fan.control[1]);
    fanin_accept(&fan);
    bare_pin(fan.cpus[1]);
    fan.job.buf = bare_touched(fan.job.recv_bytes);
    fanin_barrier(&fan);
    (void)close(fan.gate[1]);
    fanin_serve(&fan);
    result.end_ns = bare_now_ns();
    result.begin_ns = fanin_first_ns(&fan);
    result.bytes = (uint64_t)fan.count * fan.job.messages * fan.job.message_bytes;
    fanin_close(&fan);
    return result;
}

static struct fanin fanin_parse(int argc, char **argv) {
    struct fanin fan = {.cpus = {-1, -1}};
    if (argc == 4 || (argc == 5 && bare_parse_cpus(argv[4], fan.cpus))) {
        fan.count = atoi(argv[1]);
        fan.job.message_bytes = strtoul(argv[2], NULL, 10);
        fan.job.messages = strtoull(argv[3], NULL, 10);
    }
    if (fan.count < 1 || fan.count > FANIN_CLIENTS_MOST || fan.job.message_bytes == 0 ||
        fan.job.messages == 0) {
        (void)fputs("usage: bare_fanin CLIENTS MESSAGE_BYTES MESSAGES [CPU:CPU]\n",
                    stderr);
        exit(2);
    }
    fan.job.recv_bytes = bare_recv_bytes(fan.job.message_bytes, 0);
    return fan;
}

int main(int argc, char **argv) {
    const struct fanin fan = fanin_parse(argc, argv);
    struct fanin warmup = fan;
    warmup.job.messages = fan.job.messages / 2 + 1;
    (void)fanin_trial(warmup);
    const struct bare_result result = fanin_trial(fan);
    bare_print(&result);
    return 0;
}
