/* test_inflight.c - windows of requests over every transport that can: nothing is lost, and each
 * latency is that of its own request. */
#include "patterns.h"
#include "rig.h"
#include "run/framings/framing.h"
#include "run/patterns/pattern.h"
#include "run/servers/server.h"

#include <criterion/criterion.h>
#include <time.h>

enum { INFLIGHT_WINDOW = 7, INFLIGHT_HELD = 30, INFLIGHT_CLIENTS = 3 };

static const uint64_t INFLIGHT_HOLD_NS = 2000000;

static void inflight_check(struct ipm_test_trial *config) {
    const uint64_t all = config->trial.messages * config->settings.clients;
    config->settings.inflight = INFLIGHT_WINDOW;
    struct ipm_sample sample = ipm_patterns_run(config);
    const char *name = config->trial.transport->name;
    cr_expect_eq(sample.latency.count, all, "%s", name);
    cr_expect_eq(sample.sent.messages, 2 * all, "%s", name);
    cr_expect_eq(sample.received.messages, 2 * all, "%s", name);
    cr_expect_eq(sample.damage.corrupt_messages + sample.damage.reordered_messages, 0);
    ipm_sample_done(&sample);
}

Test(inflight, windows_over_every_transport_lose_nothing) {
    ipm_patterns_begin();
    for (size_t i = 0; ipm_rig_row(i); i++)
        for (int verify = 0; verify < 2; verify++) {
            const struct ipm_transport *ops = ipm_rig_row(i);
            struct ipm_test_trial config = ipm_patterns_config(ops, "ping-pong", 200);
            config.settings.response_bytes = verify ? 1000 : 0;
            config.settings.verify = verify != 0;
            if (ipm_patterns_can(ops, config.trial.pattern) &&
                (ops->caps & IPM_CAP_RELIABLE) != 0 &&
                (ops->caps & IPM_CAP_UNBUFFERED) == 0)
                inflight_check(&config);
        }
    ipm_patterns_end();
}

Test(inflight, windows_of_many_clients_and_framed_ones_lose_nothing) {
    ipm_patterns_begin();
    for (size_t i = 0; ipm_servers[i] && ipm_framings[i]; i++) {
        struct ipm_test_trial config =
            ipm_patterns_config(ipm_transport_find("unix"), "fan-in-rpc", 200);
        config.settings.clients = INFLIGHT_CLIENTS;
        config.trial.server = ipm_servers[i];
        config.trial.framing = ipm_framings[i];
        config.settings.verify = i % 2 != 0;
        inflight_check(&config);
    }
    ipm_patterns_end();
}

/* A trial of fewer requests than its window has. */
Test(inflight, a_window_may_be_wider_than_there_are_requests) {
    ipm_patterns_begin();
    struct ipm_test_trial config =
        ipm_patterns_config(ipm_transport_find("socketpair"), "ping-pong", 64);
    config.trial.messages = INFLIGHT_WINDOW - 3;
    inflight_check(&config);
}

static ssize_t inflight_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    const struct timespec pause = {.tv_nsec = (long)INFLIGHT_HOLD_NS};
    if (end->side == IPM_CHILD)
        (void)nanosleep(&pause, NULL);
    return ipm_transport_find("unix-seqpacket")->recv(end, buf, cap);
}

/* A server that takes 2 ms for each request: one of a full window waits for those before it, seven
 * times as long, and the first seven for one to seven of them. Where the client is late the next
 * requests find an empty queue, but those before them have waited for the client: the mean is not
 * less, and a tenth is for what the client loses between two reads of the clock. */
Test(inflight, the_latency_of_a_request_has_those_before_it_in_the_window) {
    struct ipm_transport rigged = *ipm_transport_find("unix-seqpacket");
    rigged.recv = inflight_recv;
    ipm_patterns_begin();
    struct ipm_test_trial config =
        ipm_test_trial_make(&rigged, "ping-pong", 64, INFLIGHT_HELD);
    config.settings.inflight = INFLIGHT_WINDOW;
    struct ipm_sample sample = ipm_patterns_run(&config);
    cr_expect_eq(sample.latency.count, INFLIGHT_HELD);
    cr_expect_geq(sample.elapsed_ns, INFLIGHT_HELD * INFLIGHT_HOLD_NS);
    cr_expect_geq(ipm_latency_mean(&sample.latency) * INFLIGHT_HELD,
                  0.9 * (double)INFLIGHT_HOLD_NS *
                      (INFLIGHT_WINDOW * INFLIGHT_HELD -
                       INFLIGHT_WINDOW * (INFLIGHT_WINDOW - 1) / 2.0));
    cr_expect_lt(sample.latency.max_ns, sample.elapsed_ns);
    ipm_sample_done(&sample);
}
