/* test_run_runner_sweep.c - rates that are tried until the highest one that holds is known. */
#include "run/schedule/sweep.h"
#include "test_run_runner.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

TestSuite(run_runner_sweep, .init = runner_begin, .fini = runner_end);

Test(run_runner_sweep, halves_the_distance_until_it_is_narrow) {
    static const struct {
        uint64_t held;
        uint64_t missed;
        uint64_t unknown;
        double most;
        uint64_t next;
    } rows[] = {
        {1000, 0, 0, 250000.7, 250000},
        {1000, 0, 0, 1500, 2000}, /* above a closed loop */
        {1000, 0, 0, NAN, 8000},
        {1000, 4000, 0, 9, 2000},
        {80000, 84300, 0, 9, 82100},
        {80000, 84000, 0, 9, 0},
        {10, 11, 0, 9, 0},
        {0, 1000, 0, 9, 125},
        {0, 1, 0, 9, 0},
        {0, 1000, 400, 9, 632},
        {0, 1000, 600, 9, 0},
        {0, 0, 1000, 5e6, 5000000},
        {60000000, 0, 0, 1e9, 100000000},
        {100000000, 0, 0, 1e9, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ipm_highest highest = {.unknown_per_second = rows[i].unknown};
        highest.held.rate_per_second = rows[i].held;
        highest.missed.rate_per_second = rows[i].missed;
        cr_expect_eq(ipm_sweep_next(&highest, rows[i].most), rows[i].next, "%zu", i);
    }
}

static void sweep(uint64_t knee, uint64_t budget_ns) {
    options.rate_per_second = (struct ipm_sizes){.count = 2, .items = {0, 1000}};
    options.transports = (struct ipm_names){3, {"unix", "null", "pipe"}};
    options.message_bytes = (struct ipm_sizes){.count = 1, .items = {64}};
    options.rounds = 2;
    options.budget_ns = budget_ns;
    (void)snprintf(options.target, sizeof options.target, "p99");
    options.target_ns = 5000;
    world.knee_per_second = knee;
    run_made_up();
}

Test(run_runner_sweep, finds_the_highest_rate_of_each_case) {
    sweep(84300, 3600000000000);
    cr_assert_eq(report.highest_rates.count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct ipm_highest *found = &report.highest_rates.items[i];
        cr_expect_str_eq(found->config.transport, i == 0 ? "unix" : "pipe");
        cr_expect(found->held.rate_per_second <= 84300 &&
                  found->missed.rate_per_second > 84300);
        cr_expect_lt(found->missed.rate_per_second,
                     found->held.rate_per_second * 106 / 100);
        cr_expect_eq(found->held_ns, 1000);
        cr_expect_eq(found->missed_ns, 10000);
    }
    for (size_t i = 1; i < report.case_count; i++) {
        const struct ipm_case_config *before = &report.cases[i - 1].config;
        const struct ipm_case_config *here = &report.cases[i].config;
        char rate[32];
        (void)snprintf(rate, sizeof rate, "rate=%llu",
                       (unsigned long long)here->rate_per_second);
        cr_expect(before->rate_per_second < here->rate_per_second ||
                      strcmp(before->transport, here->transport) != 0,
                  "rates ascend");
        cr_expect(here->rate_per_second == 0 || strstr(here->name, rate) != NULL, "%s",
                  here->name);
    }
}

Test(run_runner_sweep, ends_at_what_is_possible_without_a_rate) {
    sweep(10000000, 3600000000000);
    const struct ipm_highest *found = &report.highest_rates.items[0];
    cr_expect(found->held.rate_per_second <= 1050000 && /* 5 % less is achieved, too */
              found->held.rate_per_second >= 1000000);
    cr_expect(isnan(found->missed_ns) || found->missed_ns > 5000);
}

/* 1,000,000 messages a second of four pairs together. */
Test(run_runner_sweep, begins_with_what_one_of_several_pairs_achieves) {
    options.pairs = (struct ipm_sizes){.count = 1, .items = {4}};
    sweep(84300, 3600000000000);
    uint64_t most = 0;
    for (size_t i = 0; i < report.case_count; i++)
        if (report.cases[i].config.rate_per_second > most)
            most = report.cases[i].config.rate_per_second;
    cr_expect(most >= 240000 && most <= 260000, "%llu", (unsigned long long)most);
}

Test(run_runner_sweep, ends_with_the_budget) {
    sweep(84300, 1000000);
    cr_expect_eq(report.highest_rates.items[0].held.rate_per_second, 1000);
    cr_expect_eq(report.highest_rates.items[0].missed.rate_per_second, 0);
}

Test(run_runner_sweep, measures_a_rate_that_missed_again) {
    world.stalls_at = 1000;
    world.stalls_most = 2; /* one trial of unix, and one of pipe */
    options.duration_ns = 10000000;
    sweep(84300, 3600000000000);
    for (size_t i = 0; i < 2; i++)
        cr_expect(report.highest_rates.items[i].held.rate_per_second > 80000, "%zu", i);
    const struct ipm_case *missed = NULL;
    for (size_t i = 0; i < report.case_count; i++)
        if (strcmp(report.cases[i].config.name,
                   report.highest_rates.items[0].missed.name) == 0)
            missed = &report.cases[i];
    cr_assert_not_null(missed);
    cr_expect_eq(missed->trial_count, 2 * options.rounds);
}

Test(run_runner_sweep, leaves_contended_trials_out) {
    world.contends = "unix";
    world.contends_most = 3; /* of what was measured first: without a rate, and 1,000/s */
    world.stalls_at = 1000;
    world.stalls_most = 4;
    sweep(84300, 3600000000000);
    for (size_t i = 0; i < 2; i++)
        cr_expect(report.highest_rates.items[i].held.rate_per_second > 80000, "%zu", i);
}

Test(run_runner_sweep, measures_low_rates_long_enough_for_the_percentile) {
    options.duration_ns = 5000000;
    sweep(84300, 3600000000000);
    for (size_t i = 0; i < report.case_count; i++) {
        const struct ipm_case *c = &report.cases[i];
        cr_expect(c->config.rate_per_second == 0 || c->status != IPM_CASE_OK ||
                      c->summary->latency.count >= 100,
                  "%s", c->config.name);
    }
}
