/* test_model_warning_run.c - warnings about CPU time that the program did not get. */
#include "test_model_calm.h"

#include <criterion/criterion.h>
#include <stdio.h>

Test(model_warning_run, a_load_names_the_autogroup_that_divides_the_share) {
    struct ipm_report r;
    (void)test_warn_calm(&r);
    r.host.load_1m = 2.01;
    (void)snprintf(r.host.autogroup, sizeof r.host.autogroup, "on");
    test_warn_expect(&r, IPM_WARN_LOAD,
                     "the load average before the run was 2.01 on 4 CPUs: other programs "
                     "are running, and the scheduler gives each session one share of the "
                     "CPUs, which all processes of this run divide "
                     "(kernel.sched_autogroup_enabled)");
    ipm_report_done(&r);
}

Test(model_warning_run, a_quota_is_named_and_replaces_the_advice_of_more_rounds) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    r.host.cpu_quota_cpus = 2;
    r.host.cpu_quota_period_ns = 100000000;
    test_warn_expect_none(&r);
    r.host.cpu_quota_cpus = 0.2;
    for (size_t i = 0; i < c->trial_count; i++)
        c->trials[i].elapsed_ns *= 1 + i % 2;
    test_warn_expect(
        &r, IPM_WARN_QUOTA,
        "a CPU quota of the control group grants 0.2 CPUs, for 20 ms in each "
        "100 ms");
    cr_expect_null(test_warn_find(&r, IPM_WARN_WIDE_INTERVAL));
    r.host.cpu_quota_cpus = 3;
    r.host.cpu_throttled_periods = 4;
    r.host.cpu_throttled_ns = 1500000000;
    test_warn_expect(&r, IPM_WARN_QUOTA,
                     "a CPU quota of the control group grants 3 CPUs, for 300 ms in each "
                     "100 ms: it was used up in 4 periods, and the program waited for "
                     "1.5 s");
    ipm_report_done(&r);
}

Test(model_warning_run, trials_that_were_stopped_are_told) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    c->repeated_trials = 3;
    c->trials[0].stopped = true;
    test_warn_expect(&r, IPM_WARN_STOPPED,
                     "trials were not running all the time, because the program was "
                     "stopped or the machine suspended or paused: stream/unix/64 "
                     "(3 measured again, 1 kept)");
    ipm_report_done(&r);
}

static void warn_ask_all(struct ipm_options *options) {
    options->clients.items[0] = 16;
    (void)snprintf(options->servers.items[0], IPM_NAME_BYTES, "poll");
    options->common.think_ns = 1000;
    options->congestion.count = 1;
    options->common.copy = true;
    options->common.buffer_bytes = 4096;
}

Test(model_warning_run, an_option_that_no_case_can_obey_is_named) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    warn_ask_all(&r.settings);
    c->config.buffer_bytes = 4096;
    test_warn_expect(&r, IPM_WARN_UNUSED,
                     "no case of this run has a use for '--clients', '--server', "
                     "'--think', '--congestion', '--copy'");
    (void)snprintf(c->config.server, sizeof c->config.server, "poll");
    c->config.think_ns = 1000;
    test_warn_expect(&r, IPM_WARN_UNUSED,
                     "no case of this run has a use for '--congestion', '--copy'");
    (void)snprintf(c->config.congestion, sizeof c->config.congestion, "cubic");
    c->config.copy = true;
    test_warn_expect_none(&r);
    ipm_report_done(&r);
}
