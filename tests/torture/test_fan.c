/* test_fan.c - trials of many clients, over every transport that can, with every server: they
 * add up; one client that is slow, dies or stands still is told of by name; nothing is left. */
#include "base/clock.h"
#include "base/err.h"
#include "fanrig.h"
#include "rows.h"
#include "run/framings/framing.h"
#include "run/patterns/pattern.h"
#include "run/process/stop.h"
#include "run/servers/server.h"
#include "tests/support/leaks.h"
#include "tests/support/trial.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const fan_places[IPM_RIG_PLACES] = {
    "while attaching", "before the window", "in the window", "after the window"};

static void fan_check_flows(const struct ipm_sample *sample, const char *name,
                            uint64_t each) {
    uint64_t messages = 0;
    cr_assert_eq(sample->flow_count, IPM_FANRIG_CLIENTS, "%s", name);
    for (size_t i = 0; i < sample->flow_count; i++) {
        messages += sample->flows[i].messages;
        cr_expect_eq(sample->flows[i].bytes, sample->flows[i].messages * 512, "%s", name);
        cr_expect_lt(0, sample->flows[i].elapsed_ns);
        cr_expect(sample->flows[i].elapsed_ns <= sample->elapsed_ns, "%s", name);
    }
    cr_expect_eq(messages + sample->damage.lost_messages, IPM_FANRIG_CLIENTS * each, "%s",
                 name);
}

static void fan_check_sample(const struct ipm_sample *sample, const char *name,
                             uint64_t each, bool answers) {
    const uint64_t all = (answers ? 2u : 1u) * IPM_FANRIG_CLIENTS * each;
    cr_expect_eq(sample->sent.messages, all, "%s", name);
    cr_expect_eq(sample->sent.bytes, all * 512, "%s", name);
    cr_expect_eq(sample->received.messages + sample->damage.lost_messages, all, "%s",
                 name);
    cr_expect_eq(sample->received.bytes, sample->received.messages * 512, "%s", name);
    cr_expect(sample->sent.calls >= all, "%s", name);
    cr_expect_lt(0, sample->received.calls);
    cr_expect_lt(0, sample->elapsed_ns);
    cr_expect_lt(0, sample->setup_ns);
    cr_expect_lt(0, sample->usage[IPM_SENDER].peak_rss_bytes);
    cr_expect_lt(0, sample->usage[IPM_RECEIVER].peak_rss_bytes);
    cr_expect_lt(
        0, sample->usage[IPM_RECEIVER].user_ns + sample->usage[IPM_RECEIVER].system_ns,
        "%s", name);
    cr_expect_eq(sample->latency.count, answers ? IPM_FANRIG_CLIENTS * each : 0, "%s",
                 name);
}

/* On a busy machine what is late over a transport that may lose is sent again: then the trial is
 * run again, too. */
enum { FAN_TRIES = 5 };

static void fan_run_well(const struct ipm_test_trial *config) {
    struct ipm_sample sample;
    struct ipm_trial_facts facts;
    struct ipm_err err = {0};
    struct ipm_leaks leaks;
    char name[64];
    (void)snprintf(name, sizeof name, "%s, %s", config->trial.transport->name,
                   config->trial.server->strategy.name);
    const bool answers = (config->trial.pattern->kind.traits & IPM_TRAIT_TWO_WAY) != 0;
    const uint64_t all =
        (answers ? 2u : 1u) * IPM_FANRIG_CLIENTS * config->trial.messages;
    ipm_leaks_begin(&leaks);
    for (int i = 0; i < FAN_TRIES; i++) {
        cr_assert_eq(ipm_test_trial_run(config, &sample, &facts, &err), 0, "%s: %s", name,
                     err.text);
        if (sample.sent.messages == all || i == FAN_TRIES - 1 ||
            (config->trial.transport->caps & IPM_CAP_RELIABLE) != 0)
            break;
        ipm_sample_done(&sample);
    }
    fan_check_sample(&sample, name, config->trial.messages, answers);
    fan_check_flows(&sample, name, config->trial.messages);
    cr_expect_lt(0, facts.endpoint[IPM_SENDER].count);
    cr_expect_lt(0, facts.settings[IPM_RECEIVER].count);
    ipm_sample_done(&sample);
    ipm_leaks_end(&leaks);
}

static void fan_left_alone(const struct ipm_transport *transport, const char *pattern,
                           const struct ipm_server *server) {
    const struct ipm_test_trial config = ipm_fanrig_config(transport, pattern, server);
    fan_run_well(&config);
}

IPM_ROW_TEST(ops, fan, left_alone_makes_a_sample_that_adds_up, IPM_CAP_MULTI) {
    ipm_fanrig_each(ops, "fan-in", fan_left_alone);
}

IPM_ROW_TEST(ops, fan, that_asks_left_alone_makes_a_sample_that_adds_up, IPM_CAP_MULTI) {
    ipm_fanrig_each(ops, "fan-in-rpc", fan_left_alone);
}

typedef void fan_test(const struct ipm_transport *transport, const char *pattern,
                      const struct ipm_server *server);

/* What waits for time, or spins on too few CPUs, is not run for each pair: each transport
 * has one server, ... */
static void fan_in_turn(const struct ipm_transport *ops, fan_test *test) {
    ipm_stop_install();
    test(ops, "fan-in", ipm_fanrig_server(ops));
    if (ops->direction != IPM_SIMPLEX)
        test(ops, "fan-in-rpc", ipm_fanrig_server(ops));
}

/* ... and each server a transport of descriptors and one of memory. */
static void fan_of_each_server(fan_test *test) {
    static const char *const names[] = {"unix", "shm-ring"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ipm_fanrig_each(ipm_transport_find(names[i]), "fan-in", test);
        ipm_fanrig_each(ipm_transport_find(names[i]), "fan-in-rpc", test);
    }
}

static void fan_verified(const struct ipm_transport *transport, const char *pattern,
                         const struct ipm_server *server) {
    struct ipm_test_trial config = ipm_fanrig_config(transport, pattern, server);
    config.settings.verify = true;
    if ((transport->caps & (IPM_CAP_POLLABLE | IPM_CAP_LOOKS)) != 0)
        (void)strcpy(config.settings.wait, "spin");
    config.trial.seed = 99;
    config.trial.messages = 4; /* spinning, they wait for each other whole time slices */
    fan_run_well(&config);
}

IPM_ROW_TEST(ops, fan, may_be_verified_and_spin, IPM_CAP_MULTI) {
    fan_in_turn(ops, fan_verified);
}

Test(fan, of_each_server_may_be_verified_and_spin) {
    fan_of_each_server(fan_verified);
}

/* The framing bytes are those of all requests, and of the answers, which are as long. */
static void fan_framed(const struct ipm_transport *transport, const char *pattern,
                       const struct ipm_server *server) {
    for (size_t f = 0; ipm_framings[f]; f++) {
        struct ipm_test_trial config = ipm_fanrig_config(transport, pattern, server);
        const bool answers = (config.trial.pattern->kind.traits & IPM_TRAIT_TWO_WAY) != 0;
        const size_t each = ipm_framings[f]->head_bytes + ipm_framings[f]->tail_bytes;
        struct ipm_sample sample;
        struct ipm_err err = {0};
        config.trial.framing = ipm_framings[f];
        config.settings.verify = true;
        config.trial.messages = 50;
        config.settings.recv_bytes = 700; /* most messages come in two parts */
        if ((transport->caps & IPM_CAP_MESSAGES) != 0)
            return;
        cr_assert_eq(ipm_test_trial_run(&config, &sample, NULL, &err), 0,
                     "%s, %s, %s: %s", transport->name, server->strategy.name,
                     ipm_framings[f]->name, err.text);
        cr_expect_eq(sample.framing_bytes,
                     (answers ? 2u : 1u) * IPM_FANRIG_CLIENTS * 50 * each,
                     "%s, %s, %s: %llu", transport->name, server->strategy.name,
                     ipm_framings[f]->name, (unsigned long long)sample.framing_bytes);
        cr_expect_eq(sample.damage.corrupt_messages + sample.damage.lost_messages, 0);
        cr_expect_eq(sample.received.bytes, sample.received.messages * 512);
        ipm_sample_done(&sample);
    }
}

IPM_ROW_TEST(ops, fan, finds_messages_by_every_framing, IPM_CAP_MULTI) {
    ipm_fanrig_each(ops, "fan-in", fan_framed);
    ipm_fanrig_each(ops, "fan-in-rpc", fan_framed);
}

static void fan_of_one(const struct ipm_transport *transport, const char *pattern,
                       const struct ipm_server *server) {
    struct ipm_test_trial config = ipm_fanrig_config(transport, pattern, server);
    struct ipm_sample sample;
    struct ipm_err err = {0};
    config.settings.clients = 1;
    cr_assert_eq(ipm_test_trial_run(&config, &sample, NULL, &err), 0, "%s, %s: %s",
                 transport->name, server->strategy.name, err.text);
    cr_expect_eq(sample.flow_count, 1);
    ipm_sample_done(&sample);
}

IPM_ROW_TEST(ops, fan, may_have_a_single_client, IPM_CAP_MULTI) {
    ipm_fanrig_each(ops, "fan-in", fan_of_one);
    ipm_fanrig_each(ops, "fan-in-rpc", fan_of_one);
}

/* Whether all but the victim are through before it goes on. */
static bool fan_goes_on(const struct ipm_transport *transport, const char *pattern,
                        const struct ipm_server *server, int pause_ms) {
    const struct ipm_rig rig = {
        .real = transport, .place = IPM_RIG_WINDOW, .signal = -pause_ms, .tell_fd = -1};
    struct ipm_test_trial config =
        ipm_fanrig_config(ipm_fanrig_make(&rig), pattern, server);
    const uint64_t pause_ns = (uint64_t)pause_ms * 1000000;
    struct ipm_sample sample;
    struct ipm_err err = {0};
    bool others = true;
    config.trial.messages = 20; /* who spins hands over one a time slice */
    cr_assert_eq(ipm_test_trial_run(&config, &sample, NULL, &err), 0, "%s", err.text);
    for (size_t i = 0; i < sample.flow_count; i++)
        if (i != IPM_FANRIG_VICTIM)
            others = others && sample.flows[i].elapsed_ns < pause_ns * 9 / 10;
    cr_assert_leq(pause_ns * 9 / 10, sample.flows[IPM_FANRIG_VICTIM].elapsed_ns);
    ipm_sample_done(&sample);
    return others;
}

/* A slow machine needs a longer pause, and no pause is long enough for a server that waits. */
static void fan_slow(const struct ipm_transport *transport, const char *pattern,
                     const struct ipm_server *server) {
    int pause_ms = 200;
    while (!fan_goes_on(transport, pattern, server, pause_ms)) {
        cr_assert_lt(pause_ms, 10000, "%s, %s: the others waited for one",
                     transport->name, server->strategy.name);
        pause_ms *= 4;
    }
}

IPM_ROW_TEST(ops, fan, goes_on_while_one_client_is_slow, IPM_CAP_MULTI) {
    fan_in_turn(ops, fan_slow);
}

Test(fan, of_each_server_goes_on_while_one_client_is_slow) {
    fan_of_each_server(fan_slow);
}

/* Returns how the trial ended; nothing is left of it. */
static int fan_run(const struct ipm_rig *rig, const char *pattern,
                   const struct ipm_server *server, uint64_t timeout_ns,
                   struct ipm_err *ret_err) {
    struct ipm_test_trial config =
        ipm_fanrig_config(ipm_fanrig_make(rig), pattern, server);
    struct ipm_sample sample;
    struct ipm_leaks leaks;
    ipm_leaks_begin(&leaks);
    *ret_err = (struct ipm_err){0};
    config.trial.timeout_ns = timeout_ns;
    const int failed = ipm_test_trial_run(&config, &sample, NULL, ret_err);
    ipm_leaks_end(&leaks);
    return failed;
}

/* Returns how long it took. */
static uint64_t fan_fails(const struct ipm_rig *rig, const char *pattern,
                          const struct ipm_server *server, uint64_t timeout_ns,
                          int wanted, const char *words) {
    struct ipm_err err;
    const uint64_t begin_ns = ipm_clock_now_ns();
    const int failed = fan_run(rig, pattern, server, timeout_ns, &err);
    const uint64_t took_ns = ipm_clock_now_ns() - begin_ns;
    cr_assert_eq(failed, wanted, "%s, %s, %s: %d %s", rig->real->name,
                 server->strategy.name, fan_places[rig->place], failed, err.text);
    cr_assert_str_eq(err.text, words, "%s, %s: %s", rig->real->name,
                     server->strategy.name, err.text);
    return took_ns;
}

static void fan_client_dies(const struct ipm_transport *transport, const char *pattern,
                            const struct ipm_server *server) {
    for (int place = 0; place < IPM_RIG_PLACES; place++) {
        const struct ipm_rig rig = {.real = transport,
                                    .place = (enum ipm_rig_place)place,
                                    .signal = SIGKILL,
                                    .tell_fd = -1};
        char words[128];
        (void)snprintf(words, sizeof words, "client 1 was killed by signal 9 (Killed) %s",
                       fan_places[place]);
        cr_expect_lt(fan_fails(&rig, pattern, server, 20000000000u, -ECHILD, words),
                     10000000000u, "%s, %s: a dead client was waited for",
                     transport->name, server->strategy.name);
    }
}

IPM_ROW_TEST(ops, fan, names_the_client_that_was_killed_anywhere, IPM_CAP_MULTI) {
    fan_in_turn(ops, fan_client_dies);
}

Test(fan, of_each_server_names_the_client_that_was_killed_anywhere) {
    fan_of_each_server(fan_client_dies);
}

static void fan_client_exits(const struct ipm_transport *transport, const char *pattern,
                             const struct ipm_server *server) {
    const struct ipm_rig rig = {
        .real = transport, .place = IPM_RIG_BEFORE, .tell_fd = -1, .exit_with = 7};
    (void)fan_fails(&rig, pattern, server, 20000000000u, -ECHILD,
                    "client 1 exited with status 7 before the window");
}

IPM_ROW_TEST(ops, fan, names_the_client_that_exits_early, IPM_CAP_MULTI) {
    ipm_fanrig_each(ops, "fan-in", fan_client_exits);
}

/* On a busy machine a client needs longer to come to where it is stopped. */
static void fan_stands_still(const struct ipm_rig *rig, const char *pattern,
                             const struct ipm_server *server) {
    char words[128] = "";
    struct ipm_err err = {0};
    for (uint64_t timeout_ns = 150000000; timeout_ns < 60000000000u; timeout_ns *= 6) {
        (void)snprintf(words, sizeof words,
                       "timed out after %.3g s %s: client 1 is stopped",
                       (double)timeout_ns / 1e9, fan_places[rig->place]);
        (void)fan_run(rig, pattern, server, timeout_ns, &err);
        if (strcmp(err.text, words) == 0)
            break;
    }
    cr_assert_str_eq(err.text, words, "%s, %s: %s", rig->real->name,
                     server->strategy.name, err.text);
}

static void fan_client_stops(const struct ipm_transport *transport, const char *pattern,
                             const struct ipm_server *server) {
    const struct ipm_rig rig = {
        .real = transport, .place = IPM_RIG_WINDOW, .signal = SIGSTOP, .tell_fd = -1};
    fan_stands_still(&rig, pattern, server);
}

IPM_ROW_TEST(ops, fan, names_the_client_that_stands_still, IPM_CAP_MULTI) {
    fan_in_turn(ops, fan_client_stops);
}

Test(fan, of_each_server_names_the_client_that_stands_still) {
    fan_of_each_server(fan_client_stops);
}

IPM_ROW_TEST(ops, fan, ends_by_the_watchdog_wherever_a_client_stands_still,
             IPM_CAP_MULTI) {
    ipm_stop_install();
    for (int place = 0; place < IPM_RIG_PLACES; place++) {
        const struct ipm_rig rig = {.real = ops,
                                    .place = (enum ipm_rig_place)place,
                                    .signal = SIGSTOP,
                                    .tell_fd = -1};
        fan_stands_still(
            &rig, "fan-in",
            ipm_server_find((ops->caps & IPM_CAP_POLLABLE) != 0 ? "poll" : "thread"));
    }
}

/* The middle process is the parent of a trial that would take for ever. */
static _Noreturn void fan_be_parent(const struct ipm_transport *real,
                                    const struct ipm_server *server, int tell_fd) {
    const struct ipm_rig rig = {
        .real = real, .place = IPM_RIG_WINDOW, .tell_fd = tell_fd};
    struct ipm_test_trial config =
        ipm_fanrig_config(ipm_fanrig_make(&rig), "fan-in", server);
    struct ipm_sample sample;
    struct ipm_err err = {0};
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    config.trial.messages = UINT64_C(1) << 40;
    (void)ipm_test_trial_run(&config, &sample, NULL, &err);
    _exit(1);
}

static void fan_lose_parent(const struct ipm_transport *transport, const char *pattern,
                            const struct ipm_server *server) {
    int tell[2];
    pid_t client = -1;
    int ended = 0;
    (void)pattern;
    cr_assert_eq(pipe(tell), 0);
    pid_t parent = fork();
    if (parent == 0)
        fan_be_parent(transport, server, tell[1]);
    (void)close(tell[1]);
    cr_assert_eq(read(tell[0], &client, sizeof client), (ssize_t)sizeof client);
    cr_assert_eq(kill(parent, SIGKILL), 0);
    while (waitpid(-1, NULL, 0) > 0) /* all who were left come to this process */
        ended++;
    cr_expect_eq(
        ended,
        1 + IPM_FANRIG_CLIENTS *
                (server->has_workers && strcmp(server->strategy.name, "process") == 0
                     ? 2
                     : 1),
        "%s, %s: %d", transport->name, server->strategy.name, ended);
    (void)close(tell[0]);
}

IPM_ROW_TEST(ops, fan, goes_all_of_it_when_its_parent_is_killed, IPM_CAP_MULTI) {
    cr_assert_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    ipm_stop_install();
    (void)signal(SIGCHLD, SIG_DFL);
    ipm_fanrig_each(ops, "fan-in", fan_lose_parent);
}
