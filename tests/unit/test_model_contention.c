/* test_model_contention.c - which trials are contended, by figures of real runs. */
#include "model/compare/compare.h"
#include "model/metric.h"
#include "model/report/contention.h"
#include "model/report/sample.h"
#include "model/setting.h"
#include "tests/support/compare_sample.h"

#include <criterion/criterion.h>

enum { MS = 1000000, ANY = -1, WINDOW_MS = 100 };

/* In percent of the window. */
struct contention_row {
    const char *what;
    int cpu[IPM_ROLES];
    int delay[IPM_ROLES];
    int wake_ups[IPM_ROLES];
    int64_t pin[IPM_ROLES];
    int clients;
    uint64_t rate;
    int steal_ms;
    int throttled_ms;
    enum ipm_contention found;
};

static const struct contention_row rows[] = {
    {"round trips on one CPU wait for each other",
     {50, 50},
     {29, 29},
     {19672, 19672},
     {0, 0},
     .found = IPM_CONTENTION_NONE},
    {"so does a stream",
     {62, 37},
     {10, 62},
     {345, 346},
     {0, 0},
     .found = IPM_CONTENTION_NONE},
    {"and eight clients with their server",
     {55, 44},
     {250, 56},
     {944, 119},
     {0, 0},
     .clients = 8,
     .found = IPM_CONTENTION_NONE},
    {"a neighbour on that CPU",
     {20, 20},
     {52, 45},
     {7635, 9888},
     {0, 0},
     .found = IPM_CONTENTION_OTHERS},
    {"one that takes 7 %",
     {47, 46},
     {33, 33},
     {7635, 9888},
     {0, 0},
     .found = IPM_CONTENTION_OTHERS},
    {"one that takes 5 %",
     {48, 47},
     {32, 31},
     {7635, 9888},
     {0, 0},
     .found = IPM_CONTENTION_NONE},
    {"pauses of a rate on one CPU",
     {38, 7},
     {1, 17},
     {1949, 1949},
     {0, 0},
     .rate = 20000,
     .found = IPM_CONTENTION_NONE},
    {"a neighbour beside a rate",
     {38, 7},
     {50, 60},
     {1949, 1949},
     {0, 0},
     .rate = 20000,
     .found = IPM_CONTENTION_OTHERS},
    {"wake-ups on two CPUs",
     {45, 66},
     {29, 2},
     {2751, 2747},
     {0, 1},
     .found = IPM_CONTENTION_NONE},
    {"a neighbour of one of them",
     {95, 60},
     {1, 38},
     {10, 40},
     {0, 1},
     .found = IPM_CONTENTION_OTHERS},
    {"ends that moved",
     {100, 98},
     {1, 60},
     {0, 408},
     {ANY, ANY},
     .found = IPM_CONTENTION_NONE},
    {"a neighbour of ends that moved",
     {20, 20},
     {60, 60},
     {10, 40},
     {ANY, ANY},
     .found = IPM_CONTENTION_OTHERS},
    {"one tick of steal",
     {50, 50},
     {1, 1},
     {9, 9},
     {0, 0},
     .steal_ms = 20,
     .found = IPM_CONTENTION_NONE},
    {"steal",
     {50, 50},
     {1, 1},
     {9, 9},
     {0, 0},
     .steal_ms = 30,
     .found = IPM_CONTENTION_HOST},
    {"a quota before all",
     {20, 20},
     {52, 45},
     {9, 9},
     {0, 0},
     .steal_ms = 30,
     .throttled_ms = 60,
     .found = IPM_CONTENTION_QUOTA},
    {"hidden waits", {50, 50}, {ANY, 1}, {9, 9}, {0, 0}, .found = IPM_CONTENTION_UNKNOWN},
    {"hidden waits of one end of two CPUs",
     {50, 50},
     {ANY, 1},
     {9, 9},
     {0, 1},
     .found = IPM_CONTENTION_UNKNOWN},
    {"hidden waits under a quota",
     {50, 50},
     {ANY, 1},
     {9, 9},
     {0, 0},
     .throttled_ms = 60,
     .found = IPM_CONTENTION_QUOTA},
};

static struct ipm_sample contention_sample(const struct contention_row *row) {
    struct ipm_sample sample = {.elapsed_ns = (uint64_t)WINDOW_MS * MS,
                                .steal_ns = (int64_t)row->steal_ms * MS,
                                .throttled_ns = (int64_t)row->throttled_ms * MS};
    for (int role = 0; role < IPM_ROLES; role++)
        sample.usage[role] = (struct ipm_usage){
            .user_ns = (int64_t)row->cpu[role] * MS,
            .run_delay_ns = row->delay[role] < 0 ? -1 : (int64_t)row->delay[role] * MS,
            .voluntary_switches = row->wake_ups[role],
            .migrations = 3};
    return sample;
}

Test(model_contention, is_what_the_pattern_does_not_explain) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct contention_row *row = &rows[i];
        const struct ipm_case_config config = {
            .clients = row->clients > 0 ? (uint64_t)row->clients : 1,
            .rate_per_second = row->rate,
            .sender_cpu = row->pin[IPM_SENDER],
            .receiver_cpu = row->pin[IPM_RECEIVER]};
        const struct ipm_sample sample = contention_sample(row);
        cr_expect_eq(ipm_contention_find(&config, &sample), row->found, "%s: %d",
                     row->what, ipm_contention_find(&config, &sample));
    }
}

/* Nobody pinned them, but neither end moved. */
Test(model_contention, knows_the_cpus_of_ends_that_stayed) {
    const struct ipm_case_config config = {
        .clients = 1, .sender_cpu = -1, .receiver_cpu = -1};
    struct ipm_sample sample = contention_sample(&rows[3]);
    cr_expect_eq(ipm_contention_judge(&config, &sample), 0, "each may explain the other");
    sample.usage[IPM_SENDER].migrations = sample.usage[IPM_RECEIVER].migrations = 0;
    cr_expect_eq(ipm_contention_judge(&config, &sample), 1);
    sample.usage[IPM_SENDER].run_delay_ns = -1;
    cr_expect_eq(ipm_contention_judge(&config, &sample), -1);
}

Test(model_contention, spoils_no_cpu_time_but_that_of_stolen_time) {
    const struct ipm_metric *rate = &ipm_metrics[IPM_METRIC_ROUND_TRIPS];
    const struct ipm_metric *cpu = &ipm_metrics[IPM_METRIC_SENDER_CPU];
    struct ipm_sample sample = contention_sample(&rows[3]);
    cr_expect_not(ipm_contention_spoils(rate, &sample));
    sample.contended = 1;
    cr_expect(ipm_contention_spoils(rate, &sample));
    cr_expect_not(ipm_contention_spoils(cpu, &sample));
    sample.steal_ns = (int64_t)50 * MS;
    cr_expect(ipm_contention_spoils(cpu, &sample));
}

/* --- compared ---------------------------------------------------------------------------- */

/* Twelve trials each, of which others took CPU time from some. */
static struct ipm_comparison contention_compare_by(struct ipm_metric_choice choice,
                                                   size_t of_base, size_t of_new) {
    static const char *const name = "x";
    struct ipm_compare_row row = {.transport = "pipe",
                                  .bytes_per_second = 1e9,
                                  .noise = 0.01,
                                  .contended = of_base};
    struct ipm_comparison comparison = {.threshold = 0.05, .alpha = 0.05};
    struct ipm_report reports[IPM_ARMS];
    ipm_compare_sample(&reports[0], &row, 1, 12, 1, 1);
    row.contended = of_new;
    ipm_compare_sample(&reports[1], &row, 1, 12, 1, 2);
    const struct ipm_compare_input input = {
        .sides = {{.count = 1, .reports = &reports[0], .names = &name},
                  {.count = 1, .reports = &reports[1], .names = &name}}};
    cr_assert_eq(ipm_compare(&comparison, &input, &choice), 0);
    ipm_report_done(&reports[0]);
    ipm_report_done(&reports[1]);
    cr_assert_eq(comparison.result_count, 1);
    return comparison;
}

static struct ipm_comparison contention_compare(size_t contended) {
    return contention_compare_by((struct ipm_metric_choice){.primary = true}, 0,
                                 contended);
}

Test(model_contention, is_the_verdict_of_any_metric_without_a_trial_left) {
    struct ipm_metric_choice choice = {0};
    choice.chosen[IPM_METRIC_MESSAGES] = true;
    struct ipm_comparison comparison = contention_compare_by(choice, 12, 12);
    cr_expect_eq(comparison.results[0].verdict, IPM_VERDICT_CONTENDED);
    ipm_comparison_done(&comparison);
}

Test(model_contention, leaves_trials_out_and_says_how_many) {
    struct ipm_comparison comparison = contention_compare(5);
    cr_expect_eq(comparison.results[0].verdict, IPM_VERDICT_SAME);
    cr_expect_eq(comparison.results[0].contended[IPM_ARM_BASE], 0);
    cr_expect_eq(comparison.results[0].contended[IPM_ARM_NEW], 5);
    cr_expect_eq(comparison.results[0].sides[IPM_ARM_NEW].count, 7);
    ipm_comparison_done(&comparison);
}

Test(model_contention, is_the_verdict_where_too_few_trials_are_left) {
    struct ipm_comparison comparison = contention_compare(6);
    cr_expect_eq(comparison.results[0].verdict, IPM_VERDICT_CONTENDED);
    cr_expect_eq(comparison.gate, IPM_GATE_UNDECIDED);
    ipm_comparison_done(&comparison);
}
