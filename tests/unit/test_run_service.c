/* test_run_service.c - many clients and every server: what they count, and that a slow, a
 * dying and a silent client do not stop the others. */
#include "base/clock.h"
#include "base/err.h"
#include "run/pattern.h"
#include "run/server.h"
#include "run/service.h"
#include "run/stop.h"
#include "run/trial.h"
#include "tests/support/leaks.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SERVICE_CLIENTS = 4, SERVICE_MESSAGES = 6, SERVICE_BYTES = 512 };

static const uint64_t SERVICE_SLOW_NS = 300000000;
static const char *const service_transports[] = {
    "pipe", "unix", "tcp", "udp", "unix-dgram", "unix-seqpacket", "socketpair-dgram"};
enum { SERVICE_TRANSPORTS = sizeof service_transports / sizeof *service_transports };

struct rig {
    struct ipm_trial_config config;
    struct ipm_link link;
    struct ipm_service *service;
    struct ipm_err err;
    struct ipm_leaks leaks;
    pid_t pids[SERVICE_CLIENTS];
    int gate[2];  /* closed when all may start */
    int leave[2]; /* and when all may end: before that, an end is a death */
};

/* What a client does; returns whether it is content. */
typedef bool (*rig_client)(struct rig *rig, struct ipm_end *end);

static struct rig rig_make(const char *transport, const char *pattern,
                           const struct ipm_server *server) {
    return (struct rig){.config = {.transport = ipm_transport_find(transport),
                                   .pattern = ipm_pattern_find(pattern),
                                   .server = server,
                                   .clients = SERVICE_CLIENTS,
                                   .message_bytes = SERVICE_BYTES,
                                   .recv_bytes = 4096,
                                   .messages = SERVICE_MESSAGES,
                                   .sender_cpu = -1,
                                   .receiver_cpu = -1,
                                   .timeout_ns = 20000000000u}};
}

static void rig_open(struct rig *rig) {
    const struct ipm_transport *ops = rig->config.transport;
    const bool answers = (rig->config.pattern->kind.traits & IPM_TRAIT_TWO_WAY) != 0;
    ipm_leaks_begin(&rig->leaks);
    ipm_stop_install();
    ipm_stop_arm(rig->config.timeout_ns);
    ipm_stop_watch_all();
    rig->link =
        (struct ipm_link){.ops = ops,
                          .config = {.peers = SERVICE_CLIENTS,
                                     .flow = answers ? IPM_BOTH_WAYS : IPM_TO_PARENT,
                                     .message_bytes = rig->config.message_bytes,
                                     .timeout_ms = 20000},
                          .state = calloc(1, ops->link_size + 1)};
    cr_assert_eq(ops->open(&rig->link, &rig->err), 0, "%s", rig->err.text);
    cr_assert_eq(ipm_service_open(&rig->service, &rig->config, &rig->err), 0, "%s",
                 rig->err.text);
    cr_assert_eq(pipe(rig->gate), 0);
    cr_assert_eq(pipe(rig->leave), 0);
}

static _Noreturn void rig_live(struct rig *rig, unsigned which, pid_t parent,
                               rig_client client) {
    const struct ipm_transport *ops = rig->config.transport;
    struct ipm_end end = {
        .ops = ops, .side = IPM_CHILD, .peer = which, .rx_fd = -1, .tx_fd = -1};
    char byte = 0;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    ipm_stop_disown();
    (void)close(rig->gate[1]);
    (void)close(rig->leave[1]);
    end.peer_pid = parent;
    end.state = calloc(1, ops->end_size + 1);
    if (ops->attach(&end, &rig->link, &rig->err) != 0)
        _exit(2);
    ops->close(&rig->link, IPM_CHILD);
    if (read(rig->gate[0], &byte, 1) != 0)
        _exit(3);
    const bool fine = client(rig, &end);
    _exit(fine && read(rig->leave[0], &byte, 1) == 0 ? 0 : 4);
}

static void rig_start(struct rig *rig, rig_client client) {
    const pid_t parent = getpid();
    rig_open(rig);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++) {
        rig->pids[i] = fork();
        cr_assert_neq(rig->pids[i], -1);
        if (rig->pids[i] == 0)
            rig_live(rig, i, parent, client);
        rig->service->clients[i].pid = rig->pids[i];
    }
    cr_assert_eq(ipm_service_attach(rig->service, &rig->link, &rig->err), 0, "%s: %s",
                 rig->config.transport->name, rig->err.text);
    rig->link.ops->close(&rig->link, IPM_PARENT);
    cr_assert_eq(rig->config.server->prepare(rig->service, &rig->err), 0, "%s",
                 rig->err.text);
    (void)close(rig->gate[0]);
    (void)close(rig->gate[1]);
}

/* Ends all; the status of each must be what is told, or anything where that is -1. */
static void rig_end(struct rig *rig, const int statuses[SERVICE_CLIENTS]) {
    (void)close(rig->leave[0]);
    (void)close(rig->leave[1]);
    rig->config.server->done(rig->service);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++) {
        int status = 0;
        if (statuses && statuses[i] != 0)
            (void)kill(rig->pids[i], SIGKILL);
        while (waitpid(rig->pids[i], &status, 0) < 0 && errno == EINTR)
            continue;
        cr_expect(status == (statuses ? statuses[i] : 0), "%s, %s: client %u: status %x",
                  rig->config.transport->name, rig->config.server->strategy.name, i,
                  (unsigned)status);
    }
    ipm_stop_disarm();
    ipm_service_close(rig->service);
    free(rig->link.state);
    ipm_leaks_end(&rig->leaks);
}

/* Runs a test for every server over every transport, or those that are not simplex. */
static void rig_each(const char *pattern, void (*test)(struct rig *rig)) {
    const bool answers = strcmp(pattern, "fan-in-rpc") == 0;
    for (size_t t = 0; t < SERVICE_TRANSPORTS; t++)
        for (size_t s = 0; ipm_servers[s]; s++) {
            struct rig rig = rig_make(service_transports[t], pattern, ipm_servers[s]);
            if (!answers || rig.config.transport->direction != IPM_SIMPLEX)
                test(&rig);
        }
}

static bool client_send(struct ipm_end *end, const unsigned char *bytes, size_t count) {
    for (size_t sent = 0; sent < count;) {
        ssize_t r = end->ops->send(end, bytes + sent, count - sent);
        if (r <= 0)
            return false;
        sent += (size_t)r;
    }
    return true;
}

/* The messages from number `from` to below `to`. */
static bool client_send_some(struct rig *rig, struct ipm_end *end, uint64_t from,
                             uint64_t to) {
    unsigned char message[SERVICE_BYTES];
    for (; from < to; from++) {
        ipm_payload_fill(message, sizeof message, rig->config.seed + end->peer, from);
        if (!client_send(end, message, sizeof message))
            return false;
    }
    return true;
}

static bool client_send_all(struct rig *rig, struct ipm_end *end) {
    return client_send_some(rig, end, 0, SERVICE_MESSAGES);
}

/* A mark may be lost, or find the queue full: it is repeated until all may end. */
static bool client_finish(struct rig *rig, struct ipm_end *end) {
    const bool marks = (end->ops->caps & IPM_CAP_CONNECTED) == 0;
    struct pollfd leave = {.fd = rig->leave[0], .events = POLLIN};
    bool fine = end->ops->finish(end) == 0;
    while (fine && marks && poll(&leave, 1, 5) == 0)
        fine = end->ops->finish(end) == 0;
    return fine;
}

static void test_counts(struct rig *rig) {
    rig_start(rig, client_send_all);
    cr_expect_eq(rig->config.server->serve(rig->service), 0);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++) {
        const struct ipm_service_client *client = &rig->service->clients[i];
        const struct ipm_damage damage =
            ipm_service_count(rig->service, i, SERVICE_MESSAGES);
        cr_expect_eq(client->received.messages, SERVICE_MESSAGES);
        cr_expect_eq(client->received.bytes, SERVICE_MESSAGES * SERVICE_BYTES);
        cr_expect_lt(0, client->received.calls);
        cr_expect_lt(0, client->end_ns);
        cr_expect(!client->gone);
        cr_expect_eq(damage.lost_messages + damage.corrupt_messages +
                         damage.duplicated_messages,
                     0);
    }
    rig_end(rig, NULL);
}

Test(run_service, counts_what_each_client_has_sent) {
    rig_each("fan-in", test_counts);
}

static void test_verified(struct rig *rig) {
    rig->config.verify = true;
    rig->config.seed = 77;
    test_counts(rig);
}

Test(run_service, finds_the_contents_of_each_client_as_they_were_sent) {
    rig_each("fan-in", test_verified);
}

static void test_spinning(struct rig *rig) {
    rig->config.spin = true;
    test_counts(rig);
}

Test(run_service, may_spin) {
    rig_each("fan-in", test_spinning);
}

/* One of another client: its own seed makes it corrupt. */
static bool client_send_foreign(struct rig *rig, struct ipm_end *end) {
    if (end->peer == 2)
        rig->config.seed--;
    return client_send_all(rig, end) && client_finish(rig, end);
}

static void test_foreign(struct rig *rig) {
    rig->config.verify = true;
    rig->config.seed = 77;
    rig_start(rig, client_send_foreign);
    cr_expect_eq(rig->config.server->serve(rig->service), 0);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++)
        cr_expect_eq(
            ipm_service_count(rig->service, i, SERVICE_MESSAGES).corrupt_messages,
            i == 2 ? SERVICE_MESSAGES : 0, "%s, client %u", rig->config.transport->name,
            i);
    rig_end(rig, NULL);
}

Test(run_service, takes_no_clients_message_for_anothers) {
    rig_each("fan-in", test_foreign);
}

static bool client_be_slow(struct rig *rig, struct ipm_end *end) {
    if (end->peer == 0) {
        (void)client_send_some(rig, end, 0, 1);
        (void)usleep((useconds_t)(SERVICE_SLOW_NS / 1000));
        return client_send_some(rig, end, 1, SERVICE_MESSAGES);
    }
    return client_send_all(rig, end);
}

static void test_slow(struct rig *rig) {
    rig_start(rig, client_be_slow);
    const uint64_t begin_ns = ipm_clock_now_ns();
    cr_expect_eq(rig->config.server->serve(rig->service), 0);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++) {
        const uint64_t took_ns = rig->service->clients[i].end_ns - begin_ns;
        cr_expect(!rig->service->clients[i].gone);
        cr_expect_eq(took_ns < SERVICE_SLOW_NS / 2, i != 0, "%s, %s: client %u: %llu ns",
                     rig->config.transport->name, rig->config.server->strategy.name, i,
                     (unsigned long long)took_ns);
    }
    rig_end(rig, NULL);
}

Test(run_service, goes_on_while_one_client_is_slow) {
    rig_each("fan-in", test_slow);
}

static bool client_die(struct rig *rig, struct ipm_end *end) {
    if (end->peer == 1) {
        (void)client_send_some(rig, end, 0, 2);
        (void)usleep(20000);
        (void)raise(SIGKILL);
    }
    (void)usleep(60000); /* so that it is not all over when one dies */
    return client_send_all(rig, end);
}

static void test_dying(struct rig *rig) {
    const int statuses[SERVICE_CLIENTS] = {0, SIGKILL, 0, 0};
    rig_start(rig, client_die);
    cr_expect_eq(rig->config.server->serve(rig->service), 0);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++) {
        const struct ipm_service_client *client = &rig->service->clients[i];
        (void)ipm_service_count(rig->service, i, SERVICE_MESSAGES);
        cr_expect_eq(client->gone, i == 1, "%s, %s: client %u",
                     rig->config.transport->name, rig->config.server->strategy.name, i);
        cr_expect_eq(client->received.messages, i == 1 ? 2 : SERVICE_MESSAGES,
                     "%s, %s: client %u: %llu", rig->config.transport->name,
                     rig->config.server->strategy.name, i,
                     (unsigned long long)client->received.messages);
    }
    rig_end(rig, statuses);
}

Test(run_service, goes_on_when_one_client_dies) {
    rig_each("fan-in", test_dying);
}

static bool client_be_silent(struct rig *rig, struct ipm_end *end) {
    if (end->peer == 3)
        return pause() == 0;
    return client_send_all(rig, end);
}

static void test_silent(struct rig *rig) {
    const int statuses[SERVICE_CLIENTS] = {0, 0, 0, SIGKILL};
    rig->config.timeout_ns = 250000000;
    rig_start(rig, client_be_silent);
    cr_expect_eq(rig->config.server->serve(rig->service), -EINTR, "%s, %s",
                 rig->config.transport->name, rig->config.server->strategy.name);
    cr_expect(ipm_stop_expired());
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++)
        cr_expect_eq(atomic_load(&rig->service->clients[i].over), i != 3, "%s, %s: %u",
                     rig->config.transport->name, rig->config.server->strategy.name, i);
    rig_end(rig, statuses);
}

Test(run_service, serves_the_others_until_the_watchdog_ends_a_silent_one) {
    rig_each("fan-in", test_silent);
}

static bool client_ask(struct rig *rig, struct ipm_end *end) {
    const size_t bytes = rig->config.message_bytes;
    unsigned char *sent = malloc(bytes);
    unsigned char *came = malloc(bytes);
    bool fine = sent && came;
    for (uint64_t i = 0; fine && i < SERVICE_MESSAGES; i++) {
        size_t got = 0;
        ipm_payload_fill(sent, bytes, end->peer, i);
        fine = client_send(end, sent, bytes);
        if (end->peer == 0 && i == 1)
            (void)usleep(20000); /* an answer that does not fit must wait */
        while (fine && got < bytes) {
            ssize_t r = end->ops->recv(end, came + got, bytes - got);
            fine = r > 0;
            got += fine ? (size_t)r : 0;
        }
        fine = fine && memcmp(sent, came, bytes) == 0;
    }
    free(sent);
    free(came);
    return fine;
}

static void test_answers(struct rig *rig) {
    rig_start(rig, client_ask);
    cr_expect_eq(rig->config.server->serve(rig->service), 0);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++) {
        const struct ipm_service_client *client = &rig->service->clients[i];
        cr_expect_eq(client->received.messages, SERVICE_MESSAGES);
        cr_expect_eq(client->sent.messages, SERVICE_MESSAGES);
        cr_expect_eq(client->sent.bytes, SERVICE_MESSAGES * rig->config.message_bytes);
    }
    rig_end(rig, NULL);
}

Test(run_service, gives_each_client_its_own_answers) {
    rig_each("fan-in-rpc", test_answers);
}

/* More than a socket or a pipe holds: handed over in parts, as the client takes it. */
Test(run_service, keeps_an_answer_that_does_not_fit) {
    static const char *const names[] = {"pipe-pair", "unix", "tcp"};
    for (size_t t = 0; t < 3; t++)
        for (size_t s = 0; ipm_servers[s]; s++) {
            struct rig rig = rig_make(names[t], "fan-in-rpc", ipm_servers[s]);
            rig.config.message_bytes = rig.config.recv_bytes = 8 << 20;
            test_answers(&rig);
        }
}

static bool client_skip(struct rig *rig, struct ipm_end *end) {
    bool fine = client_send_some(rig, end, 0, 2);
    if (end->peer != 2)
        fine = fine && client_send_some(rig, end, 2, 4);
    fine = fine && client_send_some(rig, end, 4, SERVICE_MESSAGES);
    return fine && client_finish(rig, end);
}

Test(run_service, tells_of_each_client_what_it_lost) {
    for (size_t s = 0; ipm_servers[s]; s++) {
        struct rig rig = rig_make("udp", "fan-in", ipm_servers[s]);
        rig_start(&rig, client_skip);
        cr_expect_eq(rig.config.server->serve(rig.service), 0);
        for (unsigned i = 0; i < SERVICE_CLIENTS; i++) {
            const struct ipm_damage damage =
                ipm_service_count(rig.service, i, SERVICE_MESSAGES);
            cr_expect_eq(damage.lost_messages, i == 2 ? 2 : 0, "%s: client %u",
                         ipm_servers[s]->strategy.name, i);
        }
        rig_end(&rig, NULL);
    }
}

static bool client_ask_and_die(struct rig *rig, struct ipm_end *end) {
    if (end->peer == 1) {
        (void)client_send_some(rig, end, 0, 1);
        (void)raise(SIGKILL);
    }
    return client_ask(rig, end);
}

static void test_dying_asker(struct rig *rig) {
    const int statuses[SERVICE_CLIENTS] = {0, SIGKILL, 0, 0};
    rig_start(rig, client_ask_and_die);
    cr_expect_eq(rig->config.server->serve(rig->service), 0);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++)
        cr_expect_eq(rig->service->clients[i].gone, i == 1, "%s, %s: client %u",
                     rig->config.transport->name, rig->config.server->strategy.name, i);
    rig_end(rig, statuses);
}

Test(run_service, goes_on_answering_when_one_client_dies) {
    rig_each("fan-in-rpc", test_dying_asker);
}

Test(run_service, of_processes_notices_when_one_of_them_is_killed) {
    struct rig rig = rig_make("unix", "fan-in", ipm_server_find("process"));
    const int statuses[SERVICE_CLIENTS] = {0, 0, 0, SIGKILL};
    rig_start(&rig, client_be_silent);
    const pid_t self = getpid();
    pid_t worker = -1;
    char path[64];
    /* The last child of this process that is no client. */
    (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)self);
    FILE *children = fopen(path, "re");
    cr_assert_not_null(children);
    while (fscanf(children, "%d", &worker) == 1)
        continue;
    (void)fclose(children);
    for (unsigned i = 0; i < SERVICE_CLIENTS; i++)
        cr_assert_neq(worker, rig.pids[i]);
    cr_assert_eq(kill(worker, SIGKILL), 0);
    cr_expect_eq(rig.config.server->serve(rig.service), -ECHILD);
    cr_expect_str_eq(rig.service->err.text,
                     "server process 3 was killed by signal 9 (Killed)");
    rig_end(&rig, statuses);
}

Test(run_service, of_each_row_has_words_and_a_limit) {
    for (size_t s = 0; ipm_servers[s]; s++) {
        const struct ipm_server *server = ipm_servers[s];
        cr_expect_eq(ipm_server_find(server->strategy.name), server);
        cr_expect(server->summary && server->prepare && server->serve && server->done);
        cr_expect(server->strategy.clients_most >= 900, "%s", server->strategy.name);
        cr_expect(server->strategy.clients_most >= 1000 || server->strategy.reason, "%s",
                  server->strategy.name);
    }
    cr_expect_null(ipm_server_find("nobody"));
}
