/* Latencies and flows in the JSON document: what comes back, and what is refused because no
 * run can have measured it. */
#include "base/err.h"
#include "reports/renderer.h"
#include "tests/support/assert.h"
#include "tests/support/report_sample.h"
#include "tests/unit/test_reports_lines.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { LATENCY_STREAM = 0, LATENCY_DUPLEX = 5, LATENCY_PING = 8, LATENCY_FAN = 18 };

static char *written(const struct ipm_report *report) {
    return ipm_test_render("json", report, (struct ipm_render_options){.columns = 80});
}

static json_t *document(uint64_t rounds) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, rounds), 0));
    char *text = written(&report);
    json_t *root = json_loads(text, 0, NULL);
    cr_assert(ne(ptr, root, NULL));
    free(text);
    ipm_report_done(&report);
    return root;
}

static int read_document(const json_t *root, struct ipm_report *report,
                         struct ipm_err *err) {
    char *text = json_dumps(root, JSON_REAL_PRECISION(17));
    cr_assert(ne(ptr, text, NULL));
    FILE *in = fmemopen(text, strlen(text), "r");
    cr_assert(ne(ptr, in, NULL));
    int code = ipm_report_read(report, in, "x.json", err);
    (void)fclose(in);
    free(text);
    return code;
}

/* The member of that name of the first trial of a case; borrowed. */
static json_t *of_trial(const json_t *root, size_t index, const char *key) {
    json_t *c = json_array_get(json_object_get(root, "cases"), index);
    json_t *trial = json_array_get(json_object_get(c, "trials"), 0);
    json_t *value = json_object_get(trial, key);
    cr_assert(ne(ptr, value, NULL), "case %zu has no %s", index, key);
    return value;
}

static void refuse(const json_t *root, const char *words) {
    struct ipm_report report;
    struct ipm_err err = {0};
    int code = read_document(root, &report, &err);
    ipm_report_done(&report);
    cr_assert(eq(int, code, -EINVAL), "was read, but %s", words);
    cr_assert(ne(ptr, strstr(err.text, words), NULL), "%s: %s", words, err.text);
    cr_assert(ne(ptr, strstr(err.text, "cases[8].trials[0].latency_ns"), NULL), "%s",
              err.text);
}

Test(reports_latency, every_bucket_and_the_sum_come_back) {
    struct ipm_report report;
    struct ipm_report again;
    struct ipm_err err = {0};
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    json_t *root = document(1);
    cr_assert(eq(int, read_document(root, &again, &err), 0), "%s", err.text);
    const struct ipm_latency *before = &report.cases[LATENCY_PING].trials[0].latency;
    const struct ipm_latency *after = &again.cases[LATENCY_PING].trials[0].latency;
    cr_assert(lt(u64, 1000, before->count));
    cr_assert(eq(u64, after->count, before->count));
    cr_assert(eq(u64, after->min_ns, before->min_ns));
    cr_assert(eq(u64, after->max_ns, before->max_ns));
    cr_assert(eq(u64, after->sum_ns, before->sum_ns));
    cr_assert(eq(sz, after->bucket_count, before->bucket_count));
    for (size_t i = 0; i < before->bucket_count; i++) {
        cr_assert(eq(u32, after->buckets[i].index, before->buckets[i].index));
        cr_assert(eq(u64, after->buckets[i].count, before->buckets[i].count));
    }
    json_decref(root);
    ipm_report_done(&report);
    ipm_report_done(&again);
}

/* 3 values of 2 ns and one at the end of the scale: a mean with a fraction. */
Test(reports_latency, the_ends_of_the_scale_and_a_mean_with_a_fraction_come_back) {
    static struct ipm_histogram histogram;
    struct ipm_report report;
    struct ipm_report again;
    struct ipm_err err = {0};
    const uint64_t last_ns = ((uint64_t)1 << IPM_HISTOGRAM_TOP_BITS) + 12345;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    for (int i = 0; i < 3; i++)
        ipm_histogram_record(&histogram, 2);
    ipm_histogram_record(&histogram, last_ns);
    struct ipm_latency *latency = &report.cases[LATENCY_PING].trials[0].latency;
    ipm_latency_done(latency);
    cr_assert(eq(int, ipm_latency_take(latency, &histogram), 0));
    char *text = written(&report);
    FILE *in = fmemopen(text, strlen(text), "r");
    cr_assert(eq(int, ipm_report_read(&again, in, "x.json", &err), 0), "%s", err.text);
    const struct ipm_latency *after = &again.cases[LATENCY_PING].trials[0].latency;
    cr_assert(eq(u64, after->max_ns, last_ns));
    cr_assert(eq(u64, after->sum_ns, last_ns + 6));
    cr_assert(eq(sz, after->bucket_count, 2));
    cr_assert(eq(u32, after->buckets[1].index, IPM_HISTOGRAM_BUCKETS - 1));
    (void)fclose(in);
    free(text);
    ipm_report_done(&report);
    ipm_report_done(&again);
}

Test(reports_latency, what_was_not_timed_is_null_and_what_goes_one_way_has_no_flows) {
    struct ipm_report again;
    struct ipm_err err = {0};
    json_t *root = document(1);
    cr_assert(
        eq(int, json_typeof(of_trial(root, LATENCY_STREAM, "latency_ns")), JSON_NULL));
    cr_assert(
        eq(int, json_typeof(of_trial(root, LATENCY_DUPLEX, "latency_ns")), JSON_NULL));
    cr_assert(eq(sz, json_array_size(of_trial(root, LATENCY_STREAM, "flows")), 0));
    cr_assert(eq(sz, json_array_size(of_trial(root, LATENCY_DUPLEX, "flows")), 2));
    cr_assert(eq(sz, json_array_size(of_trial(root, LATENCY_FAN, "flows")), 16));
    cr_assert(eq(int, read_document(root, &again, &err), 0), "%s", err.text);
    cr_assert(eq(u64, again.cases[LATENCY_STREAM].trials[0].latency.count, 0));
    cr_assert(eq(sz, again.cases[LATENCY_STREAM].trials[0].flow_count, 0));
    cr_assert(eq(sz, again.cases[LATENCY_FAN].trials[0].flow_count, 16));
    ipm_report_done(&again);
    json_decref(root);
}

Test(reports_latency, flows_come_back_in_their_order) {
    struct ipm_report report;
    struct ipm_report again;
    struct ipm_err err = {0};
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    json_t *root = document(1);
    cr_assert(eq(int, read_document(root, &again, &err), 0), "%s", err.text);
    const struct ipm_sample *before = &report.cases[LATENCY_FAN].trials[0];
    const struct ipm_sample *after = &again.cases[LATENCY_FAN].trials[0];
    cr_assert(eq(u64, after->framing_bytes, before->framing_bytes));
    cr_assert(lt(u64, 0, after->framing_bytes));
    for (size_t i = 0; i < before->flow_count; i++) {
        cr_assert(eq(u64, after->flows[i].messages, before->flows[i].messages));
        cr_assert(eq(u64, after->flows[i].bytes, before->flows[i].bytes));
        cr_assert(eq(u64, after->flows[i].elapsed_ns, before->flows[i].elapsed_ns));
    }
    json_decref(root);
    ipm_report_done(&report);
    ipm_report_done(&again);
}

Test(reports_latency, more_flows_than_there_can_be_clients_are_refused) {
    struct ipm_report report;
    struct ipm_err err = {0};
    json_t *root = document(1);
    json_t *flows = of_trial(root, LATENCY_FAN, "flows");
    while (json_array_size(flows) < IPM_CLIENTS_MOST)
        (void)json_array_append(flows, json_array_get(flows, 0));
    cr_assert(eq(int, read_document(root, &report, &err), 0), "%s", err.text);
    ipm_report_done(&report);
    (void)json_array_append(flows, json_array_get(flows, 0));
    cr_assert(eq(int, read_document(root, &report, &err), -EINVAL));
    cr_assert(
        ne(ptr, strstr(err.text, "trials[0].flows has more than 1000 entries"), NULL),
        "%s", err.text);
    ipm_report_done(&report);
    json_decref(root);
}

/* A member of latency_ns and a value that does not go with the others. */
struct lie {
    const char *key;
    const char *value; /* JSON */
    const char *words;
};

Test(reports_latency, figures_that_do_not_go_with_the_histogram_are_refused) {
    static const struct lie lies[] = {
        {"min", "1", "latency_ns has a min or max outside of its histogram"},
        {"min", "9007199254740992",
         "latency_ns has a min or max outside of its histogram"},
        {"max", "8999", "latency_ns has a min or max outside of its histogram"},
        {"max", "9007199254740992",
         "latency_ns has a min or max outside of its histogram"},
        {"max", "-1", "latency_ns.max must be a whole number"},
        {"mean", "null", "latency_ns.mean must be a number from 0"},
        {"mean", "8999", "latency_ns has a mean that is not between min and max"},
        {"mean", "1e300", "latency_ns has a mean that is not between min and max"},
        {"count", "0", "latency_ns.count must be a whole number from 1"},
        {"count", "1", "latency_ns has another count than its histogram"},
        {"count", "9007199254740992", "latency_ns has another count than its histogram"},
        {"histogram", "null", "latency_ns.histogram must be an object"},
        {"histogram", "{}", "latency_ns.histogram.lower_ns is missing"},
        {"histogram", "{\"lower_ns\": [1], \"upper_ns\": [2]}",
         "latency_ns.histogram.count is missing"},
        {"histogram", "{\"lower_ns\": [], \"upper_ns\": [], \"count\": []}",
         "latency_ns.histogram.lower_ns is empty"},
        {"histogram", "{\"lower_ns\": [1], \"upper_ns\": [2], \"count\": [1, 1]}",
         "latency_ns.histogram must have arrays of one length"},
        {"histogram", "{\"lower_ns\": [1], \"upper_ns\": [2, 3], \"count\": [1]}",
         "latency_ns.histogram must have arrays of one length"},
        {"histogram", "{\"lower_ns\": [129], \"upper_ns\": [130], \"count\": [1]}",
         "latency_ns.histogram has no such bucket as its number 0"},
        {"histogram", "{\"lower_ns\": [128], \"upper_ns\": [129], \"count\": [1]}",
         "latency_ns.histogram has no such bucket as its number 0"},
        {"histogram",
         "{\"lower_ns\": [4398046511104], \"upper_ns\": [4466765987840], \"count\": [1]}",
         "latency_ns.histogram has no such bucket as its number 0"},
        {"histogram", "{\"lower_ns\": [8, 7], \"upper_ns\": [9, 8], \"count\": [1, 1]}",
         "latency_ns.histogram must have its buckets in ascending order"},
        {"histogram", "{\"lower_ns\": [8, 8], \"upper_ns\": [9, 9], \"count\": [1, 1]}",
         "latency_ns.histogram must have its buckets in ascending order"},
        {"histogram", "{\"lower_ns\": [8], \"upper_ns\": [9], \"count\": [0]}",
         "latency_ns.histogram.count[0] must be a whole number from 1"},
        {"histogram", "{\"lower_ns\": [8], \"upper_ns\": [9], \"count\": [1.5]}",
         "latency_ns.histogram.count[0] must be a whole number from 1"},
        {"histogram", "{\"lower_ns\": [\"8\"], \"upper_ns\": [9], \"count\": [1]}",
         "latency_ns.histogram.lower_ns[0] must be a whole number from 0"},
    };
    json_t *root = document(1);
    json_t *latency = of_trial(root, LATENCY_PING, "latency_ns");
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        json_t *truth = json_incref(json_object_get(latency, lies[i].key));
        json_t *lie = json_loads(lies[i].value, JSON_DECODE_ANY, NULL);
        cr_assert(ne(ptr, lie, NULL), "%s", lies[i].value);
        (void)json_object_set_new(latency, lies[i].key, lie);
        refuse(root, lies[i].words);
        (void)json_object_set_new(latency, lies[i].key, truth);
    }
    json_decref(root);
}

Test(reports_latency, a_sum_beyond_the_range_is_refused) {
    json_t *root = document(1);
    json_t *latency = of_trial(root, LATENCY_PING, "latency_ns");
    json_t *large =
        json_loads("{\"min\": 4398046511103, \"max\": 4398046511103, "
                   "\"mean\": 4398046511103, \"count\": 9007199254740992, "
                   "\"histogram\": {\"lower_ns\": [4363686772736], "
                   "\"upper_ns\": [4398046511104], \"count\": [9007199254740992]}}",
                   0, NULL);
    cr_assert(ne(ptr, large, NULL));
    (void)json_object_update(latency, large);
    refuse(root, "latency_ns has a sum that is out of range");
    json_decref(large);
    json_decref(root);
}

/* 2^53 values in each of many buckets. */
Test(reports_latency, counts_whose_sum_is_out_of_range_are_refused) {
    json_t *root = document(1);
    json_t *latency = of_trial(root, LATENCY_PING, "latency_ns");
    json_t *counts = json_object_get(json_object_get(latency, "histogram"), "count");
    for (size_t i = 0; i < json_array_size(counts); i++)
        (void)json_array_set_new(counts, i, json_integer((json_int_t)1 << 53));
    refuse(root, "latency_ns has another count than its histogram");
    (void)json_object_set_new(latency, "count", json_integer((json_int_t)1 << 53));
    refuse(root, "latency_ns has another count than its histogram");
    json_decref(root);
}
