/* test_work.c - --work over every transport, pattern, server and framing: nothing is lost, and the
 * report tells the time of the work apart. No assertion depends on how fast or how busy the machine
 * is: a stall makes no work shorter. */
#include "patterns.h"
#include "rig.h"
#include "run/framings/framing.h"
#include "run/patterns/pattern.h"
#include "run/servers/server.h"

#include <criterion/criterion.h>
#include <string.h>

static const uint64_t WORK_SENDER_NS = 2000;
static const uint64_t WORK_RECEIVER_NS = 3000;

static struct ipm_test_trial work_config(const char *transport, const char *pattern) {
    struct ipm_test_trial config =
        ipm_patterns_config(ipm_transport_find(transport), pattern, 256);
    config.settings.sender_work_ns = WORK_SENDER_NS;
    config.settings.receiver_work_ns = WORK_RECEIVER_NS;
    config.settings.touch = true;
    return config;
}

/* Returns the work that is due: a client does none after its last response, and both ends of duplex
 * send and receive. A request that is repeated is worked for again. */
static void work_expect(const struct ipm_test_trial *config,
                        const struct ipm_sample *sample) {
    const struct ipm_kind *kind = &config->trial.pattern->kind;
    const uint64_t clients = config->settings.clients;
    const uint64_t all = config->trial.messages * clients;
    const bool answers = (kind->traits & IPM_TRAIT_ANSWERS) != 0;
    const bool both = !answers && (kind->traits & IPM_TRAIT_TWO_WAY) != 0;
    const bool paced = config->settings.rate_per_second > 0;
    const uint64_t sent = all - (answers && !paced ? clients : 0);
    const uint64_t sender_ns =
        sent * WORK_SENDER_NS + (both ? all * WORK_RECEIVER_NS : 0);
    const uint64_t receiver_ns =
        all * WORK_RECEIVER_NS + (both ? all * WORK_SENDER_NS : 0);
    const char *name = config->trial.transport->name;
    cr_expect_eq(sample->damage.corrupt_messages, 0, "%s", name);
    if ((config->trial.transport->caps & IPM_CAP_RELIABLE) == 0)
        return; /* lost messages need no work, and repeated ones need more */
    cr_expect_eq(sample->usage[IPM_SENDER].work_ns, (int64_t)sender_ns, "%s %s",
                 kind->name, name);
    cr_expect_eq(sample->usage[IPM_RECEIVER].work_ns, (int64_t)receiver_ns, "%s %s",
                 kind->name, name);
    cr_expect_eq(sample->received.messages, (both || answers ? 2 : 1) * all, "%s", name);
}

static void work_check(const struct ipm_test_trial *config) {
    struct ipm_sample sample = ipm_patterns_run(config);
    work_expect(config, &sample);
    ipm_sample_done(&sample);
}

Test(work, every_transport_works_for_each_message) {
    static const char *const names[] = {"stream", "duplex", "ping-pong"};
    ipm_patterns_begin();
    for (size_t i = 0; ipm_rig_row(i); i++)
        for (size_t p = 0; p < sizeof names / sizeof *names; p++) {
            struct ipm_test_trial config = work_config(ipm_rig_row(i)->name, names[p]);
            config.settings.verify = (i + p) % 2 != 0;
            if (ipm_patterns_can(config.trial.transport, config.trial.pattern))
                work_check(&config);
        }
    ipm_patterns_end();
}

Test(work, every_server_and_framing_works_for_each_message) {
    static const char *const names[] = {"fan-in", "fan-in-rpc"};
    ipm_patterns_begin();
    for (size_t i = 0; ipm_servers[i] && ipm_framings[i]; i++)
        for (size_t p = 0; p < sizeof names / sizeof *names; p++) {
            struct ipm_test_trial config = work_config("unix", names[p]);
            config.settings.clients = 3;
            config.trial.server = ipm_servers[i];
            config.trial.framing = ipm_framings[i];
            config.settings.verify = i % 2 != 0;
            work_check(&config);
        }
    ipm_patterns_end();
}

Test(work, a_schedule_and_a_window_work_for_each_message) {
    ipm_patterns_begin();
    for (int window = 0; window < 2; window++) {
        struct ipm_test_trial config = work_config("unix", "ping-pong");
        config.settings.inflight = window ? 4 : 1;
        config.settings.rate_per_second = window ? 0 : 5000;
        work_check(&config);
    }
    struct ipm_test_trial config = work_config("pipe", "stream");
    config.settings.rate_per_second = 5000;
    work_check(&config);
    ipm_patterns_end();
}

/* The work is measured by the fastest of many batches: a quarter of it is the least. */
Test(work, a_client_works_outside_of_the_latency_and_a_server_in_it) {
    ipm_patterns_begin();
    struct ipm_test_trial config = work_config("unix", "ping-pong");
    config.trial.messages = 10;
    config.settings.sender_work_ns = 2000000;
    config.settings.receiver_work_ns = 1000000;
    struct ipm_sample sample = ipm_patterns_run(&config);
    const uint64_t least_ns = 9 * config.settings.sender_work_ns / 4;
    cr_expect_leq(least_ns + sample.latency.sum_ns, sample.elapsed_ns);
    cr_expect_geq(sample.latency.min_ns, config.settings.receiver_work_ns / 4);
    cr_expect_geq(sample.usage[IPM_SENDER].user_ns + sample.usage[IPM_SENDER].system_ns,
                  (int64_t)least_ns);
    ipm_sample_done(&sample);
    ipm_patterns_end();
}
