/* test_model_explain.c - the account of a case, over a made-up report. */
#include "model/choose/explanation.h"
#include "tests/support/choice_sample.h"
#include "transports/transport.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { EXPLAIN_ROUNDS = 12, EXPLAIN_CASE = 10 /* stream/pipe/4096/pin=same */ };

static struct ipm_report explain_report;
static struct ipm_explanation explain_explanation;

static const struct ipm_explanation *explain(const char *name) {
    const struct ipm_case *found = NULL;
    ipm_choice_sample(&explain_report, EXPLAIN_ROUNDS);
    for (size_t i = 0; i < explain_report.case_count; i++)
        if (strcmp(explain_report.cases[i].config.name, name) == 0)
            found = &explain_report.cases[i];
    cr_assert_not_null(found);
    cr_assert_eq(ipm_explanation_make(&explain_explanation, &explain_report, found,
                                      ipm_transport_find),
                 0);
    return &explain_explanation;
}

static void explain_done(void) {
    ipm_explanation_done(&explain_explanation);
    ipm_report_done(&explain_report);
}

TestSuite(model_explain, .fini = explain_done);

Test(model_explain, the_parts_of_an_end_add_up) {
    const struct ipm_explanation *explanation = explain("stream/unix/4096/pin=same");
    for (int role = 0; role < IPM_ROLES; role++) {
        const struct ipm_explained_end *end = &explanation->end[role];
        const double sum = end->calls_ns + end->copies_ns + end->switches_ns +
                           end->rest_ns + end->run_delay_ns + end->wait_ns;
        cr_expect(fabs(sum / explanation->event_ns - 1) < 1e-9, "%g", sum);
        cr_expect(fabs(end->calls_ns - end->calls * explanation->null_syscall_ns) < 1e-9);
        cr_expect_eq(end->copies, 1);
        cr_expect(end->run_delay_ns >= 0);
        cr_expect(fabs(end->switches_ns - end->switches * explanation->switch_ns) < 1e-9);
    }
    cr_expect(fabs(explanation->event_ns / 2410 - 1) < 0.1);
}

Test(model_explain, a_delay_in_the_run_queue_is_no_wait_for_the_other_end) {
    struct ipm_explained_end with[2];
    ipm_choice_sample(&explain_report, EXPLAIN_ROUNDS);
    struct ipm_case *c = &explain_report.cases[0];
    c->trial_count = 1;
    for (int i = 0; i < 2; i++) {
        c->trials[0].usage[IPM_SENDER].run_delay_ns =
            i * 50 * (int64_t)c->trials[0].received.messages;
        cr_assert_eq(ipm_explanation_make(&explain_explanation, &explain_report, c,
                                          ipm_transport_find),
                     0);
        with[i] = explain_explanation.end[IPM_SENDER];
        ipm_explanation_done(&explain_explanation);
    }
    cr_expect_eq(with[1].run_delay_ns, 50);
    cr_expect(fabs(with[0].wait_ns - with[1].wait_ns - 50) < 1e-6, "%g and %g",
              with[0].wait_ns, with[1].wait_ns);
    c->trial_count = EXPLAIN_ROUNDS;
}

/* A slow reference of a round in which a neighbour ran. */
Test(model_explain, references_beyond_the_cpu_time_leave_parts_that_add_up) {
    ipm_choice_sample(&explain_report, EXPLAIN_ROUNDS);
    explain_report.references.null_syscall_ns.median = 1e6;
    explain_report.references.context_switch_ns.median = 1e7;
    cr_assert_eq(ipm_explanation_make(&explain_explanation, &explain_report,
                                      &explain_report.cases[EXPLAIN_CASE],
                                      ipm_transport_find),
                 0);
    for (int role = 0; role < IPM_ROLES; role++) {
        const struct ipm_explained_end *end = &explain_explanation.end[role];
        cr_expect_eq(end->calls_ns, end->cpu_ns);
        cr_expect(end->copies_ns == 0 && end->switches_ns == 0 && end->rest_ns == 0,
                  "%g, %g and %g", end->copies_ns, end->switches_ns, end->rest_ns);
    }
}

Test(model_explain, one_disturbed_round_does_not_change_what_a_call_costs) {
    const double before = explain("stream/pipe/4096/pin=same")->null_syscall_ns;
    const uint64_t round = explain_explanation.round;
    explain_done();
    ipm_choice_sample(&explain_report, EXPLAIN_ROUNDS);
    explain_report.references.rounds[round].null_syscall_ns *= 40;
    cr_assert_eq(ipm_report_summarize(&explain_report), 0);
    cr_assert_eq(ipm_explanation_make(&explain_explanation, &explain_report,
                                      &explain_report.cases[EXPLAIN_CASE],
                                      ipm_transport_find),
                 0);
    cr_expect(fabs(explain_explanation.null_syscall_ns / before - 1) < 0.2, "%g and %g",
              explain_explanation.null_syscall_ns, before);
}

Test(model_explain, a_switch_costs_what_two_processes_on_one_cpu_showed) {
    ipm_choice_sample(&explain_report, EXPLAIN_ROUNDS);
    struct ipm_case *c = &explain_report.cases[0];
    struct ipm_references *references = &explain_report.references;
    c->trial_count = 1;
    c->trials[0].usage[IPM_SENDER].voluntary_switches =
        3 * (int64_t)c->trials[0].received.messages;
    references->context_switch_ns.median = 1000;
    cr_assert_eq(ipm_explanation_make(&explain_explanation, &explain_report, c,
                                      ipm_transport_find),
                 0);
    cr_expect_eq(explain_explanation.end[IPM_SENDER].switches_ns, 3000);
    c->trial_count = EXPLAIN_ROUNDS;
}

Test(model_explain, names_the_best_change_of_each_setting) {
    const struct ipm_explanation *explanation = explain("stream/unix/1024/pin=same");
    cr_assert_eq(explanation->change_count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct ipm_explained_change *change = &explanation->changes[i];
        cr_expect(i == 0 || change->ratio <= change[-1].ratio);
        if (strcmp(change->setting->key, "message_bytes") == 0)
            cr_expect_eq(change->config.message_bytes, 16384);
        else if (strcmp(change->setting->key, "pin") == 0)
            cr_expect(fabs(change->ratio / (2102.4 / 502.4) - 1) < 0.1);
        else
            cr_expect_str_eq(change->setting->key, "transport");
    }
}

Test(model_explain, says_what_it_does_not_know) {
    ipm_choice_sample(&explain_report, EXPLAIN_ROUNDS);
    struct ipm_case *c = &explain_report.cases[0];
    (void)strcpy(c->config.transport, "a-plugin");
    c->trials[0].usage[IPM_SENDER].user_ns = -1;
    c->trial_count = 1;
    cr_assert_eq(ipm_explanation_make(&explain_explanation, &explain_report, c,
                                      ipm_transport_find),
                 0);
    const struct ipm_explained_end *sender = &explain_explanation.end[IPM_SENDER];
    cr_expect(isnan(sender->calls_ns) && isnan(sender->copies) && isnan(sender->cpu_ns));
    cr_expect(isnan(sender->rest_ns) && isnan(sender->wait_ns));
    cr_expect(isnan(sender->run_delay_ns));
    cr_expect(isfinite(explain_explanation.end[IPM_RECEIVER].wait_ns));
    c->trial_count = EXPLAIN_ROUNDS;
}

Test(model_explain, a_higher_rate_is_no_advice) {
    ipm_choice_sample(&explain_report, EXPLAIN_ROUNDS);
    struct ipm_case *c = &explain_report.cases[EXPLAIN_CASE];
    for (size_t i = 0; i < explain_report.case_count; i++)
        if (strcmp(explain_report.cases[i].config.name, "stream/unix/16384/pin=same") ==
            0) {
            explain_report.cases[i].config = c->config;
            explain_report.cases[i].config.rate_per_second = 5;
        }
    cr_assert_eq(ipm_explanation_make(&explain_explanation, &explain_report, c,
                                      ipm_transport_find),
                 0);
    for (size_t i = 0; i < explain_explanation.change_count; i++)
        cr_expect_str_neq(explain_explanation.changes[i].setting->key, "rate_per_second");
}

/* With a rate, a message that goes one way has a latency, too. */
Test(model_explain, a_message_at_a_rate_is_no_round_trip) {
    ipm_choice_sample(&explain_report, EXPLAIN_ROUNDS);
    struct ipm_case *c = &explain_report.cases[0];
    struct ipm_sample *trial = &c->trials[0];
    const uint64_t messages = trial->received.messages;
    c->trial_count = 1;
    trial->scheduled_ns = 1;
    for (uint64_t trips = 1; trips <= 2; trips++) {
        trial->latency.count = messages / trips;
        cr_assert_eq(ipm_explanation_make(&explain_explanation, &explain_report, c,
                                          ipm_transport_find),
                     0);
        cr_expect_str_eq(explain_explanation.event,
                         trips == 1 ? "message" : "round trip");
        ipm_explanation_done(&explain_explanation);
    }
    c->trial_count = EXPLAIN_ROUNDS;
}
