/* test_model_warning_run.c - warnings about CPU time that the program did not get. */
#include "test_model_calm.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

Test(model_warning_run, a_load_advises_of_the_autogroup_that_divides_the_share) {
    struct ipm_report r;
    (void)test_warn_calm(&r);
    r.host.load_1m = 2.01;
    cr_expect_null(strstr(test_warn_find(&r, IPM_WARN_LOAD)->advice, "autogroup"));
    (void)snprintf(r.host.autogroup, sizeof r.host.autogroup, "on");
    cr_expect_not_null(strstr(test_warn_find(&r, IPM_WARN_LOAD)->advice, "autogroup"));
    ipm_report_done(&r);
}

Test(model_warning_run, contention_advises_of_the_autogroup_too) {
    struct ipm_report r;
    test_warn_calm(&r)->trials[0].contended = 1;
    cr_expect_null(strstr(test_warn_find(&r, IPM_WARN_CONTENDED)->advice, "autogroup"));
    (void)snprintf(r.host.autogroup, sizeof r.host.autogroup, "on");
    cr_expect_not_null(
        strstr(test_warn_find(&r, IPM_WARN_CONTENDED)->advice, "autogroup"));
    ipm_report_done(&r);
}

Test(model_warning_run, a_quota_explains_wide_intervals_and_more_rounds_are_no_advice) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    r.host.cpu_quota_cpus = 2;
    r.host.cpu_quota_period_ns = 100000000;
    test_warn_expect_none(&r);
    r.host.cpu_quota_cpus = 0.2;
    for (size_t i = 0; i < c->trial_count; i++)
        c->trials[i].elapsed_ns *= 1 + i % 2;
    const struct ipm_warning *wide = test_warn_find(&r, IPM_WARN_WIDE_INTERVAL);
    cr_expect_str_eq(wide->cause, "quota");
    cr_expect_str_eq(wide->line, "");
    cr_expect_null(strstr(wide->advice, "--rounds"));
    cr_expect_str_eq(test_warn_find(&r, IPM_WARN_QUOTA)->line,
                     "a quota grants 0.2 CPUs, 20 ms in each 100 ms: medians are "
                     "uncertain by ±33 % (stream/unix/64)");
    for (size_t i = 0; i < c->trial_count; i++)
        c->trials[i].elapsed_ns = 100000000;
    r.host.cpu_quota_cpus = 3;
    r.host.cpu_throttled_periods = 4;
    r.host.cpu_throttled_ns = 1500000000;
    test_warn_expect(&r, IPM_WARN_QUOTA,
                     "a quota grants 3 CPUs, 300 ms in each 100 ms, and was used up in 4 "
                     "periods for 1.5 s");
    ipm_report_done(&r);
}

Test(model_warning_run, trials_that_were_stopped_are_told) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    c->repeated_trials = 3;
    c->trials[0].stopped = true;
    test_warn_expect(&r, IPM_WARN_STOPPED,
                     "trials were stopped, suspended or paused: stream/unix/64 "
                     "(3 measured again, 1 kept)");
    ipm_report_done(&r);
}

static void warn_ask_all(struct ipm_options *options) {
    options->clients.items[0] = 16;
    (void)snprintf(options->servers.items[0], IPM_NAME_BYTES, "poll");
    options->inflight.items[0] = 4;
    options->common.think_ns = 1000;
    options->common.receiver_work_ns = 1000;
    options->common.touch = true;
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
                     "'--inflight', '--think', '--work', '--congestion', '--copy'");
    (void)snprintf(c->config.server, sizeof c->config.server, "poll");
    c->config.clients = 16;
    c->config.inflight = 4;
    c->config.think_ns = 1000;
    c->config.receiver_work_ns = 1000;
    c->config.touch = true;
    test_warn_expect(&r, IPM_WARN_UNUSED,
                     "no case of this run has a use for '--congestion', '--copy'");
    (void)snprintf(c->config.congestion, sizeof c->config.congestion, "cubic");
    c->config.copy = true;
    test_warn_expect_none(&r);
    ipm_report_done(&r);
}
