/* test_model_choose.c - ranks, ties, needs and what has no answer, over a made-up report. */
#include "model/choose/choice.h"
#include "tests/support/choice_sample.h"
#include "transports/transport.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { CHOOSE_ROUNDS = 12 };

static struct ipm_report choose_report;
static struct ipm_choice choose_choice;

/* `pin` may be NULL: any. */
static const struct ipm_choice *choose(uint64_t bytes, const char *pin, unsigned needs,
                                       const struct ipm_metric *bound, size_t rounds) {
    ipm_choice_sample(&choose_report, rounds);
    choose_choice.question = (struct ipm_choice_question){.message_bytes = bytes,
                                                          .bound = bound,
                                                          .needs = needs,
                                                          .find = ipm_transport_find};
    if (pin != NULL)
        choose_choice.question.wanted.pins = (struct ipm_pins){
            1, {{strcmp(pin, "same") == 0 ? IPM_PIN_SAME : IPM_PIN_SPLIT, -1, -1}}};
    cr_assert_eq(ipm_choice_make(&choose_choice, &choose_report), 0);
    return &choose_choice;
}

static void choose_done(void) {
    ipm_choice_done(&choose_choice);
    ipm_report_done(&choose_report);
}

TestSuite(model_choose, .fini = choose_done);

static unsigned choose_need(const char *name) {
    for (size_t i = 0; ipm_needs[i].name != NULL; i++)
        if (strcmp(ipm_needs[i].name, name) == 0)
            return 1u << i;
    return 0;
}

static const struct ipm_choice_candidate *
choose_candidate(const struct ipm_choice_group *group, const char *transport) {
    for (size_t i = 0; i < group->candidate_count; i++)
        if (strcmp(group->candidates[i].config.transport, transport) == 0)
            return &group->candidates[i];
    return NULL;
}

static const char *choose_reason(const struct ipm_choice_group *group,
                                 const char *transport) {
    for (size_t i = 0; i < group->exclusion_count; i++)
        if (strcmp(group->exclusions[i].config.transport, transport) == 0)
            return group->exclusions[i].reason;
    return "";
}

Test(model_choose, each_placement_has_a_ranking_of_its_own) {
    const struct ipm_choice *choice = choose(4096, NULL, 0, NULL, CHOOSE_ROUNDS);
    cr_assert_eq(choice->group_count, 2);
    cr_expect_str_eq(choice->groups[0].config.pin, "same");
    cr_expect_str_eq(choice->groups[1].config.pin, "split");
    cr_expect_str_eq(choice->groups[1].candidates[0].config.transport, "unix");
    cr_expect_neq(strcmp(choice->groups[0].candidates[0].config.transport, "unix"), 0);
}

Test(model_choose, what_is_not_known_to_differ_shares_a_rank) {
    const struct ipm_choice_group *group =
        &choose(4096, "split", 0, NULL, CHOOSE_ROUNDS)->groups[0];
    cr_assert_eq(group->candidate_count, 5);
    cr_expect_eq(choose_candidate(group, "unix")->rank, 1);
    cr_expect_eq(choose_candidate(group, "pipe")->rank, 2);
    cr_expect_eq(choose_candidate(group, "pipe-pair")->rank, 2);
    cr_expect_eq(choose_candidate(group, "udp")->rank, 4);
}

Test(model_choose, measured_values_are_compared_round_by_round) {
    const struct ipm_choice_group *group =
        &choose(4096, "same", 0, NULL, CHOOSE_ROUNDS)->groups[0];
    const struct ipm_choice_candidate *pipe = choose_candidate(group, "pipe");
    const struct ipm_choice_candidate *pair = choose_candidate(group, "pipe-pair");
    cr_assert(pipe->value.low < pair->value.high, "the intervals overlap");
    cr_expect_eq(pipe->rank, 1);
    cr_expect_eq(pair->rank, 2);
    cr_expect(pair->ratio.low > 1 && pair->ratio.value < 1.1);
    cr_expect(fabs(choose_candidate(group, "unix")->ratio.value - 2410.0 / 1824) < 0.08);
}

Test(model_choose, a_size_between_is_answered_by_the_model_where_there_is_one) {
    const struct ipm_choice_group *group =
        &choose(8192, "same", 0, NULL, CHOOSE_ROUNDS)->groups[0];
    const struct ipm_choice_candidate *pipe = choose_candidate(group, "pipe");
    cr_assert_not_null(pipe);
    cr_expect(pipe->interpolated);
    cr_expect(fabs(pipe->value.value / (8192e9 / (800 + 0.25 * 8192)) - 1) < 0.05);
    cr_expect(pipe->value.low < pipe->value.value &&
              pipe->value.value < pipe->value.high);
    cr_expect(strstr(choose_reason(group, "tcp"), "the model misses by") != NULL);
}

Test(model_choose, nothing_is_extrapolated) {
    const struct ipm_choice *choice = choose(32768, NULL, 0, NULL, CHOOSE_ROUNDS);
    cr_expect_eq(ipm_choice_count(choice), 0);
    cr_expect_str_eq(choose_reason(&choice->groups[0], "pipe"),
                     "measured from 64 to 16K only");
    cr_expect_str_eq(choose_reason(&choice->groups[0], "udp"),
                     "measured from 64 to 4K only");
}

static void choose_place(struct ipm_case *c, int64_t receiver_cpu) {
    for (size_t i = 0; i < c->trial_count; i++) {
        c->trials[i].usage[IPM_SENDER].last_cpu = 0;
        c->trials[i].usage[IPM_RECEIVER].last_cpu = receiver_cpu;
    }
}

Test(model_choose, placements_of_the_scheduler_that_mix_rank_nothing) {
    const size_t cases = 40;
    (void)choose(4096, "same", 0, NULL, CHOOSE_ROUNDS);
    cr_assert_eq(choose_report.case_count, cases);
    for (size_t i = 0; i < cases; i++)
        choose_place(&choose_report.cases[i],
                     strcmp(choose_report.cases[i].config.transport, "tcp") == 0);
    ipm_choice_done(&choose_choice);
    cr_assert_eq(ipm_choice_make(&choose_choice, &choose_report), 0);
    const struct ipm_choice_group *group = &choose_choice.groups[0];
    cr_expect(group->mixes);
    cr_expect_eq(group->candidate_count, 0);
    cr_expect_eq(group->exclusion_count, 5);
    cr_expect_str_eq(choose_reason(group, "unix"),
                     "the scheduler put the two ends on one CPU or on two");
}

Test(model_choose, a_skipped_case_keeps_its_reason) {
    const struct ipm_choice *choice = choose(16384, NULL, 0, NULL, CHOOSE_ROUNDS);
    cr_expect_str_eq(choose_reason(&choice->groups[0], "udp"),
                     "skipped: no such family here");
}

Test(model_choose, what_lacks_a_need_is_left_out_with_the_need) {
    const struct ipm_choice_group *group =
        &choose(4096, "same", choose_need("both-ways") | choose_need("reliable"), NULL,
                CHOOSE_ROUNDS)
             ->groups[0];
    cr_expect_str_eq(choose_reason(group, "pipe"), "one direction");
    cr_expect_str_eq(choose_reason(group, "udp"), "may lose messages");
    cr_expect_eq(group->candidate_count, 3);
}

Test(model_choose, a_transport_that_the_program_has_not_meets_no_need) {
    cr_expect_not(ipm_choice_meets(NULL, NULL, choose_need("idle")));
    cr_expect(ipm_choice_meets(NULL, NULL, 0));
}

Test(model_choose, fewer_than_six_rounds_rank_nothing) {
    const struct ipm_choice *choice = choose(4096, NULL, 0, NULL, 5);
    cr_expect_eq(ipm_choice_count(choice), 0);
    cr_expect_str_eq(choose_reason(&choice->groups[0], "pipe"),
                     "fewer than 6 rounds give no interval");
}

/* What is saturated has a rate, as it has no latency. */
Test(model_choose, fewer_than_six_rounds_are_the_reason_also_where_a_rate_was_missed) {
    (void)choose(4096, "same", 0, NULL, 5);
    for (size_t i = 0; i < choose_report.case_count; i++)
        for (size_t t = 0; t < choose_report.cases[i].trial_count; t++) {
            choose_report.cases[i].trials[t].scheduled_ns = 1;
            choose_report.cases[i].trials[t].scheduled_messages = UINT32_MAX;
        }
    ipm_choice_done(&choose_choice);
    cr_assert_eq(ipm_choice_make(&choose_choice, &choose_report), 0);
    cr_expect_str_eq(choose_reason(&choose_choice.groups[0], "pipe"),
                     "fewer than 6 rounds give no interval");
}

Test(model_choose, cpu_time_ranks_the_least_first_and_is_per_message) {
    const struct ipm_choice_group *group =
        &choose(4096, "split", 0, &ipm_metrics[IPM_METRIC_CPU_PER_BYTE], CHOOSE_ROUNDS)
             ->groups[0];
    const struct ipm_choice_candidate *first = &group->candidates[0];
    cr_expect_str_eq(first->config.transport, "unix");
    cr_expect(fabs(first->cpu_ns.value - first->value.value * 4096) < 1e-6);
}

Test(model_choose, a_figure_that_was_not_measured_ranks_nothing) {
    const struct ipm_choice *choice =
        choose(4096, NULL, 0, &ipm_metrics[IPM_METRIC_LATENCY_P99], CHOOSE_ROUNDS);
    cr_expect_eq(ipm_choice_count(choice), 0);
    cr_expect_str_eq(choose_reason(&choice->groups[0], "pipe"),
                     "the report does not have this figure");
}
