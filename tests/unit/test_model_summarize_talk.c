/* test_model_summarize_talk.c - figures of framings, round trips, connections, two ways and
 * many clients, from trials with round numbers. */
#include "model/report/report.h"
#include "run/patterns/pattern.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct ipm_report talk_report;

static void talk_begin(void) {
    ipm_report_init(&talk_report);
}

static void talk_end(void) {
    ipm_report_done(&talk_report);
}

TestSuite(model_summarize_talk, .init = talk_begin, .fini = talk_end);

static struct ipm_case *talk_case(const char *pattern) {
    struct ipm_case *c = ipm_report_add_case(&talk_report);
    (void)snprintf(c->config.transport, IPM_NAME_BYTES, "pipe");
    (void)snprintf(c->config.pattern, IPM_NAME_BYTES, "%s", pattern);
    c->primary = ipm_pattern_find(pattern)->kind.primary;
    (void)snprintf(c->config.framing, IPM_NAME_BYTES, "none");
    (void)snprintf(c->config.pin, IPM_NAME_BYTES, "none");
    c->config.message_bytes = 64;
    c->config.clients = c->config.pairs = c->config.batch = c->config.inflight = 1;
    return c;
}

/* Half a second, 1,000 messages of 64 bytes. */
static struct ipm_sample *talk_trial(struct ipm_case *c) {
    struct ipm_sample *trial = ipm_case_add_trial(c);
    trial->round = c->trial_count - 1;
    trial->elapsed_ns = 500000000;
    trial->sent = trial->received = (struct ipm_counts){1000, 64000, 1000, 0};
    return trial;
}

static void talk_flow(struct ipm_sample *trial, uint64_t bytes, uint64_t elapsed_ns) {
    trial->flows =
        reallocarray(trial->flows, trial->flow_count + 1, sizeof *trial->flows);
    trial->flows[trial->flow_count++] =
        (struct ipm_flow_use){.bytes = bytes, .elapsed_ns = elapsed_ns};
}

static void talk_latency(struct ipm_sample *trial, uint64_t count, uint64_t ns) {
    struct ipm_histogram *h = calloc(1, sizeof *h);
    for (uint64_t i = 0; i < count; i++)
        ipm_histogram_record(h, ns);
    cr_assert_eq(ipm_latency_take(&trial->latency, h), 0);
    free(h);
}

static const struct ipm_summary *talk_summarize(void) {
    cr_assert_eq(ipm_report_summarize(&talk_report), 0);
    return talk_report.cases[0].summary;
}

/* --- framings ----------------------------------------------------------------------- */

Test(model_summarize_talk, framing_is_measured_against_the_payload) {
    struct ipm_case *c = talk_case("stream");
    (void)snprintf(c->config.framing, IPM_NAME_BYTES, "length");
    talk_trial(c)->framing_bytes = 4000;
    cr_expect_float_eq(talk_summarize()->metrics[IPM_METRIC_FRAMING_OVERHEAD].median,
                       0.0625, 1e-12);
    (void)snprintf(c->config.framing, IPM_NAME_BYTES, "fixed");
    c->trials[0].framing_bytes = 0;
    cr_expect_eq(talk_summarize()->metrics[IPM_METRIC_FRAMING_OVERHEAD].count, 1);
    cr_expect_eq(
        talk_report.cases[0].summary->metrics[IPM_METRIC_FRAMING_OVERHEAD].median, 0);
}

Test(model_summarize_talk, without_a_framing_there_is_no_overhead_of_it) {
    (void)talk_trial(talk_case("stream"));
    cr_expect_eq(talk_summarize()->metrics[IPM_METRIC_FRAMING_OVERHEAD].count, 0);
}

/* --- latencies ---------------------------------------------------------------------- */

Test(model_summarize_talk, latencies_are_round_trips_unless_the_pattern_connects) {
    static const char *const patterns[] = {"ping-pong", "fan-in-rpc", "connect"};
    for (size_t i = 0; i < 3; i++)
        talk_latency(talk_trial(talk_case(patterns[i])), 500, 1000);
    (void)talk_summarize();
    for (size_t i = 0; i < 3; i++) {
        const struct ipm_summary *s = talk_report.cases[i].summary;
        const bool connects = i == 2;
        const struct ipm_statistic *counted = connects
                                                  ? &s->metrics[IPM_METRIC_CONNECTIONS]
                                                  : &s->metrics[IPM_METRIC_ROUND_TRIPS];
        const struct ipm_statistic *other = connects
                                                ? &s->metrics[IPM_METRIC_ROUND_TRIPS]
                                                : &s->metrics[IPM_METRIC_CONNECTIONS];
        cr_expect_float_eq(counted->median, 1000, 1e-9, "%s", patterns[i]);
        cr_expect_eq(other->count, 0, "%s", patterns[i]);
    }
}

Test(model_summarize_talk, without_latencies_there_are_neither) {
    (void)talk_trial(talk_case("stream"));
    const struct ipm_summary *s = talk_summarize();
    cr_expect_eq(s->metrics[IPM_METRIC_ROUND_TRIPS].count, 0);
    cr_expect_eq(s->metrics[IPM_METRIC_CONNECTIONS].count, 0);
    cr_expect_eq(s->latency.count, 0);
    cr_expect_null(s->latency.buckets);
}

Test(model_summarize_talk, a_connection_is_not_compared_with_a_stream) {
    struct ipm_case *c = talk_case("connect");
    talk_report.references.sizes = (struct ipm_sizes){.count = 1, .items = {64}};
    ipm_references_add_round(&talk_report.references)->memcpy_bytes_per_second[0] = 1e9;
    talk_latency(talk_trial(c), 1, 1000);
    cr_expect_eq(talk_summarize()->metrics[IPM_METRIC_MEMCPY_RATIO].count, 0);
    cr_expect_eq(talk_report.cases[0].summary->metrics[IPM_METRIC_PIPE_RATIO].count, 0);
    c->primary = IPM_METRIC_ROUND_TRIPS;
    cr_expect_eq(talk_summarize()->metrics[IPM_METRIC_MEMCPY_RATIO].count, 1);
    cr_expect_eq(talk_report.cases[0].summary->metrics[IPM_METRIC_PIPE_RATIO].count, 1);
}

Test(model_summarize_talk, latencies_of_all_trials_are_merged) {
    struct ipm_case *c = talk_case("ping-pong");
    talk_latency(talk_trial(c), 90, 1000);
    talk_latency(talk_trial(c), 10, 50);
    (void)talk_trial(c);
    const struct ipm_latency *latency = &talk_summarize()->latency;
    cr_expect_eq(latency->count, 100);
    cr_expect_eq(latency->min_ns, 50);
    cr_expect_eq(latency->max_ns, 1000);
    cr_expect_eq(latency->sum_ns, 90500);
    cr_assert_eq(latency->bucket_count, 2);
    cr_expect_eq(latency->buckets[0].count, 10);
    cr_expect_eq(ipm_latency_quantile(latency, 0.1), 50);
    cr_expect_eq(ipm_latency_quantile(latency, 0.11), 1000);
}

Test(model_summarize_talk, merging_twice_changes_nothing) {
    struct ipm_case *c = talk_case("ping-pong");
    talk_latency(talk_trial(c), 90, 1000);
    talk_latency(talk_trial(c), 10, 50);
    (void)talk_summarize();
    const struct ipm_summary once = *talk_report.cases[0].summary;
    struct ipm_bucket buckets[2];
    memcpy(buckets, once.latency.buckets, sizeof buckets);
    const struct ipm_summary *twice = talk_summarize();
    cr_expect_eq(memcmp(&once, twice, offsetof(struct ipm_summary, latency)), 0);
    cr_expect_eq(twice->latency.count, 100);
    cr_expect_eq(twice->latency.sum_ns, once.latency.sum_ns);
    cr_assert_eq(twice->latency.bucket_count, 2);
    cr_expect_eq(memcmp(buckets, twice->latency.buckets, sizeof buckets), 0);
}

Test(model_summarize_talk, a_case_that_failed_after_all_keeps_no_latencies) {
    struct ipm_case *c = talk_case("ping-pong");
    talk_latency(talk_trial(c), 90, 1000);
    (void)talk_summarize();
    c->status = IPM_CASE_FAILED;
    cr_expect_eq(talk_summarize()->latency.count, 0);
    cr_expect_null(c->summary->latency.buckets);
    cr_expect_eq(c->trials[0].latency.count, 90);
}

Test(model_summarize_talk, thinking_is_a_condition_of_its_own) {
    struct ipm_case *pipe = talk_case("ping-pong");
    (void)talk_trial(pipe);
    struct ipm_case *other = talk_case("ping-pong");
    (void)snprintf(other->config.transport, IPM_NAME_BYTES, "unix");
    (void)talk_trial(other);
    (void)talk_summarize();
    cr_expect_eq(other->summary->metrics[IPM_METRIC_PIPE_RATIO].count, 1);
    other->config.think_ns = 1000;
    (void)talk_summarize();
    cr_expect_eq(other->summary->metrics[IPM_METRIC_PIPE_RATIO].count, 0);
}

/* --- flows -------------------------------------------------------------------------- */

Test(model_summarize_talk, each_way_of_two_has_its_own_time) {
    struct ipm_sample *trial = talk_trial(talk_case("duplex"));
    talk_flow(trial, 32000, 500000000);
    talk_flow(trial, 32000, 250000000);
    const struct ipm_summary *s = talk_summarize();
    cr_expect_float_eq(s->metrics[IPM_METRIC_FORWARD].median, 64000, 1e-9);
    cr_expect_float_eq(s->metrics[IPM_METRIC_BACKWARD].median, 128000, 1e-9);
    cr_expect_float_eq(s->metrics[IPM_METRIC_THROUGHPUT].median, 128000, 1e-9);
    cr_expect_eq(s->metrics[IPM_METRIC_CLIENT].count, 0);
    cr_expect_eq(s->metrics[IPM_METRIC_FAIRNESS].count, 0);
}

static struct ipm_sample *talk_clients(void) {
    struct ipm_case *c = talk_case("fan-in");
    (void)snprintf(c->config.server, IPM_NAME_BYTES, "poll");
    return talk_trial(c);
}

Test(model_summarize_talk, two_clients_are_not_two_ways) {
    struct ipm_sample *trial = talk_clients();
    talk_flow(trial, 1000, 1000000000);
    talk_flow(trial, 3000, 1000000000);
    const struct ipm_summary *s = talk_summarize();
    cr_expect_float_eq(s->metrics[IPM_METRIC_CLIENT].median, 2000, 1e-9);
    cr_expect_float_eq(s->metrics[IPM_METRIC_FAIRNESS].median, 0.8, 1e-12);
    cr_expect_eq(s->metrics[IPM_METRIC_FORWARD].count, 0);
    cr_expect_eq(s->metrics[IPM_METRIC_BACKWARD].count, 0);
}

Test(model_summarize_talk, equal_rates_are_fair_whatever_the_times) {
    struct ipm_sample *trial = talk_clients();
    for (uint64_t i = 1; i <= 5; i++)
        talk_flow(trial, 1000 * i, 100000000 * i);
    const struct ipm_summary *s = talk_summarize();
    cr_expect_float_eq(s->metrics[IPM_METRIC_CLIENT].median, 10000, 1e-9);
    cr_expect_float_eq(s->metrics[IPM_METRIC_FAIRNESS].median, 1, 1e-12);
}

Test(model_summarize_talk, one_client_that_gets_all_is_as_unfair_as_can_be) {
    struct ipm_sample *trial = talk_clients();
    talk_flow(trial, 0, 0);
    talk_flow(trial, 8000, 1000000000);
    talk_flow(trial, 0, 0);
    talk_flow(trial, 0, 0);
    const struct ipm_summary *s = talk_summarize();
    cr_expect_float_eq(s->metrics[IPM_METRIC_FAIRNESS].median, 0.25, 1e-12);
    cr_expect_float_eq(s->metrics[IPM_METRIC_CLIENT].median, 2000, 1e-9);
}

Test(model_summarize_talk, when_nobody_got_anything_there_is_no_fairness) {
    struct ipm_sample *trial = talk_clients();
    talk_flow(trial, 0, 0);
    talk_flow(trial, 0, 0);
    const struct ipm_summary *s = talk_summarize();
    cr_expect_eq(s->metrics[IPM_METRIC_FAIRNESS].count, 0);
    cr_expect_eq(s->metrics[IPM_METRIC_CLIENT].median, 0);
}

Test(model_summarize_talk, bytes_in_no_time_have_no_rate) {
    struct ipm_sample *trial = talk_clients();
    talk_flow(trial, 100, 0);
    const struct ipm_summary *s = talk_summarize();
    cr_expect_eq(s->metrics[IPM_METRIC_FAIRNESS].count, 0);
    cr_expect_eq(s->metrics[IPM_METRIC_CLIENT].count, 0);
}
