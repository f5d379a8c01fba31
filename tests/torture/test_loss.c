/* test_loss.c - requests and responses of which some are lost: none is waited for for ever, and
 * each is accounted for. */
#include "fanrig.h"
#include "patterns.h"
#include "rows.h"

#include "base/err.h"
#include "run/io/io.h"
#include "run/patterns/pattern.h"
#include "run/servers/server.h"

#include <criterion/criterion.h>
#include <linux/filter.h>
#include <linux/sock_diag.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOSS_MESSAGES = 6, LOSS_NEVER = -1, LOSS_TRIES = 5 };

/* The sends of each process that are lost: number `lost`, counted from 0. */
static const struct ipm_transport *loss_real;
static struct ipm_transport loss_transport;
static enum ipm_side loss_side;
static int loss_left;

static ssize_t loss_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    if (end->side == loss_side && len > 0 && loss_left-- == 0)
        return (ssize_t)len;
    return loss_real->send(end, buf, len);
}

static const struct ipm_transport *loss_make(const struct ipm_transport *ops,
                                             enum ipm_side side, int lost) {
    loss_real = ops;
    loss_transport = *ops;
    loss_transport.send = loss_send;
    loss_side = side;
    loss_left = lost;
    return &loss_transport;
}

static void loss_begin(void) {
    ipm_patterns_begin();
}

TestSuite(loss, .init = loss_begin, .fini = ipm_patterns_end);

/* On a busy machine what was only late is sent again, too, so one try of several is enough. */
static struct ipm_sample loss_run(const struct ipm_test_trial *config, uint64_t lost) {
    const int first = loss_left;
    struct ipm_sample sample = ipm_patterns_run(config);
    for (int i = 1; i < LOSS_TRIES && sample.damage.lost_messages != lost; i++) {
        ipm_sample_done(&sample);
        loss_left = first;
        sample = ipm_patterns_run(config);
    }
    return sample;
}

/* Every response came, and each message that did not is counted as lost. */
static void loss_check(const struct ipm_test_trial *config, uint64_t lost,
                       const char *what) {
    const uint64_t trips = config->trial.messages * config->settings.clients;
    struct ipm_sample sample = loss_run(config, lost);
    cr_expect_eq(sample.latency.count, trips, "%s", what);
    cr_expect_eq(sample.damage.lost_messages, lost, "%s: %lu lost", what,
                 (unsigned long)sample.damage.lost_messages);
    cr_expect_eq(sample.damage.corrupt_messages + sample.damage.duplicated_messages +
                     sample.damage.reordered_messages,
                 0u, "%s", what);
    cr_expect_eq(sample.sent.messages, sample.received.messages + lost, "%s", what);
    cr_expect(sample.latency.max_ns >= 10000000u || lost == 0, "%s", what);
    ipm_sample_done(&sample);
}

static const uint64_t loss_sizes[] = {1, 8, 64, 1400};

/* The first, one in the middle, and the last, of which nothing follows that would tell. */
static void loss_ping_pong(const struct ipm_transport *ops, enum ipm_side side) {
    for (size_t i = 0; i < sizeof loss_sizes / sizeof *loss_sizes; i++) {
        const int lost[] = {0, LOSS_MESSAGES / 2, LOSS_MESSAGES - 1};
        struct ipm_test_trial config = ipm_test_trial_make(
            loss_make(ops, side, lost[i % 3]), "ping-pong", loss_sizes[i], LOSS_MESSAGES);
        config.settings.verify = i % 2 == 1;
        loss_check(&config, 1, side == IPM_PARENT ? "a request" : "a response");
    }
}

IPM_ROW_TEST(ops, loss, of_a_message_of_ping_pong_costs_time_and_is_counted, 0u) {
    if ((ops->caps & IPM_CAP_RELIABLE) != 0)
        return;
    loss_ping_pong(ops, IPM_PARENT);
    loss_ping_pong(ops, IPM_CHILD);
}

/* Each client loses one of its requests; the server loses one response of all, or the last of
 * one of its workers. */
static void loss_served(const struct ipm_transport *ops,
                        const struct ipm_server *server) {
    for (int lost = 0; lost < LOSS_MESSAGES; lost += LOSS_MESSAGES - 1) {
        const struct ipm_transport *lossy = loss_make(ops, IPM_CHILD, lost);
        struct ipm_test_trial config = ipm_fanrig_config(lossy, "fan-in-rpc", server);
        config.trial.messages = LOSS_MESSAGES;
        loss_check(&config, config.settings.clients, server->strategy.name);
    }
    struct ipm_test_trial config = ipm_fanrig_config(
        loss_make(ops, IPM_PARENT, 3 * LOSS_MESSAGES - 1), "fan-in-rpc", server);
    config.trial.messages = LOSS_MESSAGES;
    if (!server->has_workers) /* each process would count its own sends */
        loss_check(&config, 1, server->strategy.name);
}

IPM_ROW_TEST(ops, loss, of_a_message_of_many_clients_is_repaired_by_each, 0u) {
    if ((ops->caps & IPM_CAP_RELIABLE) != 0 || (ops->caps & IPM_CAP_MULTI) == 0)
        return;
    for (size_t i = 0; ipm_servers[i]; i++)
        loss_served(ops, ipm_servers[i]);
}

IPM_ROW_TEST(ops, loss, is_found_by_a_side_that_spins, 0u) {
    if ((ops->caps & IPM_CAP_RELIABLE) != 0)
        return;
    struct ipm_test_trial config = ipm_test_trial_make(loss_make(ops, IPM_PARENT, 2),
                                                       "ping-pong", 64, LOSS_MESSAGES);
    (void)strcpy(config.settings.wait, "spin");
    loss_check(&config, 1, "spin");
}

/* The child's socket drops what comes, until a process that watches it has seen that. */
static int loss_attach_deaf(struct ipm_endpoint *end, struct ipm_link *link,
                            struct ipm_err *err) {
    struct sock_filter none = BPF_STMT(BPF_RET | BPF_K, 0);
    const struct sock_fprog filter = {.len = 1, .filter = &none};
    uint32_t info[SK_MEMINFO_VARS] = {0};
    socklen_t bytes = sizeof info;
    const int failed = loss_real->attach(end, link, err);
    if (failed || end->side != IPM_CHILD)
        return failed;
    const int fd = end->rx_fd;
    cr_assert_eq(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter), 0);
    const pid_t parent = getpid();
    if (fork() != 0)
        return 0;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (getppid() == parent && info[SK_MEMINFO_DROPS] == 0 && usleep(1000) == 0)
        (void)getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &bytes);
    (void)setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &failed, sizeof failed);
    _exit(0);
}

IPM_ROW_TEST(ops, loss, is_found_by_a_ring, IPM_CAP_PLAIN) {
    const struct ipm_io *uring = ipm_io_find("uring");
    struct ipm_err err = {0};
    if ((ops->caps & IPM_CAP_RELIABLE) != 0)
        return;
    if (!uring || uring->probe(&err) != 0)
        cr_skip_test("no io_uring here");
    (void)loss_make(ops, IPM_PARENT, LOSS_NEVER);
    loss_transport.attach = loss_attach_deaf;
    struct ipm_test_trial config =
        ipm_test_trial_make(&loss_transport, "ping-pong", 64, LOSS_MESSAGES);
    config.trial.io = uring;
    struct ipm_sample sample = ipm_patterns_run(&config);
    const uint64_t lost = sample.damage.lost_messages;
    cr_expect_eq(sample.latency.count, LOSS_MESSAGES);
    cr_expect_leq(1u, lost);
    cr_expect_eq(sample.sent.messages, sample.received.messages + lost);
    ipm_sample_done(&sample);
}
