/* test_model_summarize.c - every figure of a summary from trials with round numbers. */
#include "model/report/report.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* One second, 1,000 messages of 100 bytes, all different figures. */
static const struct ipm_sample sum_trial = {
    .elapsed_ns = 1000000000,
    .setup_ns = 5000,
    .sent = {.messages = 1000, .bytes = 100000, .calls = 1500},
    .received = {.messages = 800, .bytes = 80000, .calls = 500},
    .damage = {.lost_messages = 200},
    .usage = {{.user_ns = 1000,
               .system_ns = 9000,
               .voluntary_switches = 30,
               .involuntary_switches = 10},
              {.user_ns = 4000,
               .system_ns = 4000,
               .voluntary_switches = 50,
               .involuntary_switches = 10}},
    .wire = {.known = 1,
             .payload_bytes = 1100,
             .retransmitted_bytes = 100,
             .header_bytes = 150},
};

static struct ipm_case *sum_add_case(struct ipm_report *r, const char *transport,
                                     uint64_t message_bytes) {
    struct ipm_case *c = ipm_report_add_case(r);
    (void)snprintf(c->config.transport, IPM_NAME_BYTES, "%s", transport);
    (void)snprintf(c->config.pattern, IPM_NAME_BYTES, "stream");
    (void)snprintf(c->config.framing, IPM_NAME_BYTES, "none");
    (void)snprintf(c->config.pin, IPM_NAME_BYTES, "none");
    c->config.message_bytes = message_bytes;
    c->config.clients = c->config.pairs = c->config.batch = c->config.inflight = 1;
    return c;
}

/* A trial of one second whose throughput is bytes_per_second. */
static void sum_add_trial(struct ipm_case *c, uint64_t round, uint64_t bytes_per_second) {
    struct ipm_sample *trial = ipm_case_add_trial(c);
    *trial = sum_trial;
    trial->round = round;
    trial->received.bytes = bytes_per_second;
}

static void sum_add_round(struct ipm_report *r, uint64_t round, double memcpy_rate) {
    struct ipm_reference_round *added = ipm_references_add_round(&r->references);
    added->round = round;
    added->memcpy_bytes_per_second[0] = 1;
    added->memcpy_bytes_per_second[1] = memcpy_rate;
    added->null_syscall_ns = 100 + (double)round;
    added->core_to_core_ns = 200 + (double)round;
    added->context_switch_ns = 300 + (double)round;
    added->null_transport_ns_per_message = 10 + (double)round;
}

static void sum_one_case(struct ipm_report *r) {
    ipm_report_init(r);
    r->references.sizes = (struct ipm_sizes){.count = 2, .items = {64, 100}};
    struct ipm_case *c = sum_add_case(r, "pipe", 100);
    sum_add_trial(c, 0, 80000);
    sum_add_round(r, 0, 800000);
}

Test(model_summarize, every_figure_of_one_trial) {
    struct ipm_report r;
    sum_one_case(&r);
    cr_assert_eq(ipm_report_summarize(&r), 0);
    const struct ipm_summary *s = r.cases[0].summary;
    cr_expect_float_eq(s->metrics[IPM_METRIC_THROUGHPUT].median, 80000, 1e-9);
    cr_expect_float_eq(s->metrics[IPM_METRIC_MESSAGES].median, 800, 1e-9);
    cr_expect_float_eq(s->metrics[IPM_METRIC_SENDER_CPU].median, 10, 1e-12);
    cr_expect_float_eq(s->metrics[IPM_METRIC_RECEIVER_CPU].median, 10, 1e-12);
    cr_expect_float_eq(s->metrics[IPM_METRIC_CPU_PER_BYTE].median, 18000.0 / 80000,
                       1e-12);
    cr_expect_float_eq(s->metrics[IPM_METRIC_CALLS].median, 2, 1e-12);
    cr_expect_float_eq(s->metrics[IPM_METRIC_SWITCHES].median, 0.1, 1e-12);
    cr_expect_float_eq(s->metrics[IPM_METRIC_SETUP].median, 5000, 1e-12);
    cr_expect_float_eq(s->metrics[IPM_METRIC_LOSS].median, 0.2, 1e-12);
    cr_expect_float_eq(s->metrics[IPM_METRIC_MEMCPY_RATIO].median, 0.1, 1e-12);
    cr_expect_float_eq(s->metrics[IPM_METRIC_PIPE_RATIO].median, 1, 1e-12);
    cr_expect_float_eq(s->metrics[IPM_METRIC_WIRE_OVERHEAD].median, 0.25, 1e-12);
    ipm_report_done(&r);
}

Test(model_summarize, twice_gives_the_same_as_once) {
    struct ipm_report r;
    sum_one_case(&r);
    r.settings.rounds = 1;
    cr_assert_eq(ipm_report_summarize(&r), 0);
    const struct ipm_case once = r.cases[0];
    const struct ipm_references references = r.references;
    const struct ipm_warnings warnings = r.warnings;
    cr_assert_lt(0, warnings.count);
    cr_assert_eq(ipm_report_summarize(&r), 0);
    cr_expect_arr_eq(&r.cases[0], &once, sizeof once);
    cr_expect_arr_eq(&r.references, &references, sizeof references);
    cr_expect_arr_eq(&r.warnings, &warnings, sizeof warnings);
    ipm_report_done(&r);
}

Test(model_summarize, the_pipe_is_compared_round_by_round) {
    struct ipm_report r;
    ipm_report_init(&r);
    struct ipm_case *c = sum_add_case(&r, "unix", 64);
    sum_add_trial(c, 0, 200);
    sum_add_trial(c, 1, 3000);
    sum_add_trial(c, 2, 40000);
    c = sum_add_case(&r, "pipe", 64);
    sum_add_trial(c, 2, 10000); /* out of step on purpose */
    sum_add_trial(c, 0, 100);
    sum_add_trial(c, 1, 1000);
    cr_assert_eq(ipm_report_summarize(&r), 0);
    const struct ipm_statistic *ratio =
        &r.cases[0].summary->metrics[IPM_METRIC_PIPE_RATIO];
    cr_expect_eq(ratio->count, 3);
    cr_expect_float_eq(ratio->min, 2, 1e-12);
    cr_expect_float_eq(ratio->median, 3, 1e-12);
    cr_expect_float_eq(ratio->max, 4, 1e-12);
    ipm_report_done(&r);
}

Test(model_summarize, a_round_without_a_pipe_is_left_out) {
    struct ipm_report r;
    ipm_report_init(&r);
    struct ipm_case *c = sum_add_case(&r, "unix", 64);
    sum_add_trial(c, 0, 200);
    sum_add_trial(c, 1, 300);
    sum_add_trial(sum_add_case(&r, "pipe", 64), 1, 100);
    cr_assert_eq(ipm_report_summarize(&r), 0);
    cr_expect_eq(r.cases[0].summary->metrics[IPM_METRIC_PIPE_RATIO].count, 1);
    cr_expect_float_eq(r.cases[0].summary->metrics[IPM_METRIC_PIPE_RATIO].median, 3,
                       1e-12);
    ipm_report_done(&r);
}

/* How a pipe can be of other conditions; the last one is not. */
static void sum_estrange(struct ipm_case *pipe, int how) {
    struct ipm_case_config *config = &pipe->config;
    switch (how) {
    case 0:
        config->message_bytes++;
        return;
    case 1:
        config->clients++;
        return;
    case 2:
        config->batch++;
        return;
    case 3:
        config->buffer_bytes++;
        return;
    case 4:
        config->wait[0] = 'x';
        return;
    case 5:
        config->verify = true;
        return;
    case 6:
        config->pin[0] = 'x';
        return;
    case 7:
        config->pattern[0] = 'x';
        return;
    case 8:
        config->framing[0] = 'x';
        return;
    case 9:
        config->server[0] = 'x';
        return;
    case 10:
        pipe->status = IPM_CASE_FAILED;
        return;
    case 11:
        config->transport[0] = 'x';
        return;
    case 12:
        config->io[0] = 'x';
        return;
    default:
        config->recv_bytes++;
        return;
    }
}

Test(model_summarize, only_a_pipe_of_the_same_conditions_is_compared) {
    for (int how = 0; how <= 13; how++) {
        struct ipm_report r;
        ipm_report_init(&r);
        sum_add_trial(sum_add_case(&r, "unix", 64), 0, 200);
        struct ipm_case *pipe = sum_add_case(&r, "pipe", 64);
        sum_add_trial(pipe, 0, 100);
        sum_estrange(pipe, how);
        cr_assert_eq(ipm_report_summarize(&r), 0);
        cr_expect_eq(r.cases[0].summary->metrics[IPM_METRIC_PIPE_RATIO].count, how == 13,
                     "difference %d", how);
        ipm_report_done(&r);
    }
}

Test(model_summarize, memcpy_is_of_the_same_round_and_size) {
    struct ipm_report r;
    ipm_report_init(&r);
    r.references.sizes = (struct ipm_sizes){.count = 2, .items = {64, 100}};
    struct ipm_case *c = sum_add_case(&r, "unix", 100);
    sum_add_trial(c, 0, 100);
    sum_add_trial(c, 1, 100);
    sum_add_trial(c, 7, 100);
    sum_add_round(&r, 1, 50);
    sum_add_round(&r, 0, 400);
    cr_assert_eq(ipm_report_summarize(&r), 0);
    const struct ipm_statistic *ratio =
        &r.cases[0].summary->metrics[IPM_METRIC_MEMCPY_RATIO];
    cr_expect_eq(ratio->count, 2);
    cr_expect_float_eq(ratio->min, 0.25, 1e-12);
    cr_expect_float_eq(ratio->max, 2, 1e-12);
    ipm_report_done(&r);
}

Test(model_summarize, a_size_without_memcpy_has_no_ratio_to_it) {
    struct ipm_report r;
    sum_one_case(&r);
    r.cases[0].config.message_bytes = 4096;
    cr_assert_eq(ipm_report_summarize(&r), 0);
    cr_expect_eq(r.cases[0].summary->metrics[IPM_METRIC_MEMCPY_RATIO].count, 0);
    ipm_report_done(&r);
}

Test(model_summarize, references_have_their_own_statistics) {
    struct ipm_report r;
    sum_one_case(&r);
    sum_add_round(&r, 1, 900000);
    cr_assert_eq(ipm_report_summarize(&r), 0);
    const struct ipm_references *all = &r.references;
    cr_expect_eq(all->memcpy_bytes_per_second[0].median, 1);
    cr_expect_eq(all->memcpy_bytes_per_second[1].median, 850000);
    cr_expect_eq(all->memcpy_bytes_per_second[1].count, 2);
    cr_expect_eq(all->memcpy_bytes_per_second[2].count, 0);
    cr_expect_eq(all->null_syscall_ns.median, 100.5);
    cr_expect_eq(all->core_to_core_ns.median, 200.5);
    cr_expect_eq(all->context_switch_ns.median, 300.5);
    cr_expect_eq(all->null_transport_ns_per_message.median, 10.5);
    ipm_report_done(&r);
}

Test(model_summarize, only_a_case_that_went_well_has_statistics) {
    struct ipm_report r;
    sum_one_case(&r);
    r.cases[0].status = IPM_CASE_FAILED;
    cr_assert_eq(ipm_report_summarize(&r), 0);
    cr_expect_eq(r.cases[0].summary->metrics[IPM_METRIC_THROUGHPUT].count, 0);
    cr_expect(isnan(r.cases[0].summary->metrics[IPM_METRIC_SETUP].median));
    ipm_report_done(&r);
}

Test(model_summarize, usage_that_the_kernel_does_not_give_is_unknown) {
    struct ipm_report r;
    sum_one_case(&r);
    r.cases[0].trials[0].usage[IPM_SENDER].system_ns = -1;
    r.cases[0].trials[0].usage[IPM_RECEIVER].voluntary_switches = -1;
    cr_assert_eq(ipm_report_summarize(&r), 0);
    const struct ipm_summary *s = r.cases[0].summary;
    cr_expect_eq(s->metrics[IPM_METRIC_SENDER_CPU].count, 0);
    cr_expect_eq(s->metrics[IPM_METRIC_RECEIVER_CPU].count, 1);
    cr_expect_eq(s->metrics[IPM_METRIC_CPU_PER_BYTE].count, 0);
    cr_expect_eq(s->metrics[IPM_METRIC_SWITCHES].count, 0);
    ipm_report_done(&r);
}

Test(model_summarize, a_trial_in_which_nothing_arrived_divides_nothing_by_zero) {
    struct ipm_report r;
    sum_one_case(&r);
    struct ipm_sample *trial = ipm_case_add_trial(&r.cases[0]);
    *trial = sum_trial;
    trial->round = 1;
    trial->elapsed_ns = 0;
    trial->received = (struct ipm_counts){0};
    trial->wire.known = 0;
    cr_assert_eq(ipm_report_summarize(&r), 0);
    const struct ipm_summary *s = r.cases[0].summary;
    cr_expect_eq(s->metrics[IPM_METRIC_THROUGHPUT].count, 1);
    cr_expect_eq(s->metrics[IPM_METRIC_RECEIVER_CPU].count, 1);
    cr_expect_eq(s->metrics[IPM_METRIC_CPU_PER_BYTE].count, 1);
    cr_expect_eq(s->metrics[IPM_METRIC_WIRE_OVERHEAD].count, 1);
    cr_expect_eq(s->metrics[IPM_METRIC_SETUP].count, 2);
    ipm_report_done(&r);
}

static enum ipm_integrity_status sum_status(uint64_t verified_messages,
                                            struct ipm_damage verified,
                                            struct ipm_damage of_trial) {
    struct ipm_report r;
    sum_one_case(&r);
    r.cases[0].integrity.verified_messages = verified_messages;
    r.cases[0].integrity.damage = verified;
    r.cases[0].trials[0].damage = of_trial;
    cr_assert_eq(ipm_report_summarize(&r), 0);
    const enum ipm_integrity_status status = r.cases[0].integrity.status;
    cr_expect_eq(r.cases[0].integrity.damage.lost_messages, verified.lost_messages);
    ipm_report_done(&r);
    return status;
}

Test(model_summarize, integrity_looks_at_the_verified_run_and_at_all_trials) {
    const struct ipm_damage none = {0};
    const struct ipm_damage lost = {.lost_messages = 1};
    const struct ipm_damage moved = {.reordered_messages = 1};
    const struct ipm_damage doubled = {.duplicated_messages = 1};
    const struct ipm_damage corrupt = {.corrupt_messages = 1};
    cr_expect_eq(sum_status(0, none, none), IPM_INTEGRITY_UNKNOWN);
    cr_expect_eq(sum_status(9, none, none), IPM_INTEGRITY_OK);
    cr_expect_eq(sum_status(9, lost, none), IPM_INTEGRITY_LOSSY);
    cr_expect_eq(sum_status(9, none, lost), IPM_INTEGRITY_LOSSY);
    cr_expect_eq(sum_status(0, none, moved), IPM_INTEGRITY_LOSSY);
    cr_expect_eq(sum_status(9, doubled, none), IPM_INTEGRITY_LOSSY);
    cr_expect_eq(sum_status(9, corrupt, lost), IPM_INTEGRITY_CORRUPT);
    cr_expect_eq(sum_status(0, lost, corrupt), IPM_INTEGRITY_CORRUPT);
}

Test(model_summarize, an_empty_report_is_fine) {
    struct ipm_report r;
    ipm_report_init(&r);
    cr_expect_eq(ipm_report_summarize(&r), 0);
    cr_expect_eq(r.references.null_syscall_ns.count, 0);
    ipm_report_done(&r);
}
