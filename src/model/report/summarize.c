/* summarize.c - computes statistics, integrity and warnings from the trials, after a run
 * and after reading a report. */
#include "model/metric.h"
#include "model/report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- integrity -------------------------------------------------------------------------- */

static enum ipm_integrity_status summarize_integrity(const struct ipm_case *c) {
    struct ipm_damage all = c->integrity.damage;
    for (size_t i = 0; i < c->trial_count; i++)
        ipm_damage_add(&all, &c->trials[i].damage);
    if (all.corrupt_messages > 0)
        return IPM_INTEGRITY_CORRUPT;
    if (all.lost_messages > 0 || all.reordered_messages > 0 ||
        all.duplicated_messages > 0)
        return IPM_INTEGRITY_LOSSY;
    return c->integrity.verified_messages > 0 ? IPM_INTEGRITY_OK : IPM_INTEGRITY_UNKNOWN;
}

/* --- cases ------------------------------------------------------------------------------ */

/* Merges the latencies of the first trials; the previous contents are freed. */
static int summarize_latency(struct ipm_case *c, size_t trial_count) {
    struct ipm_histogram *all = calloc(1, sizeof *all); /* large for a stack */
    ipm_latency_done(&c->summary->latency);
    if (!all)
        return -ENOMEM;
    for (size_t i = 0; i < trial_count; i++)
        ipm_histogram_add_latency(all, &c->trials[i].latency);
    const int failed = all->count > 0 ? ipm_latency_take(&c->summary->latency, all) : 0;
    free(all);
    return failed;
}

/* Returns the pipe under the same conditions, or NULL. Settings that only this transport
 * has may differ. */
static const struct ipm_case *summarize_pipe(const struct ipm_report *report,
                                             const struct ipm_case *subject) {
    for (size_t i = subject->arranged.work.first; i < report->case_count;
         i = report->cases[i].arranged.work.next) {
        const struct ipm_case *c = &report->cases[i];
        if (c->status == IPM_CASE_OK && strcmp(c->config.transport, "pipe") == 0)
            return c;
    }
    return NULL;
}

/* Returns the same case with one pair, or NULL: it has one itself, or none was measured. */
static const struct ipm_case *summarize_one(const struct ipm_report *report,
                                            const struct ipm_case *subject) {
    struct ipm_case_config config = subject->config;
    config.pairs = 1;
    for (size_t i = 0; i < report->case_count && subject->config.pairs > 1; i++) {
        const struct ipm_case *c = &report->cases[i];
        if (c->status == IPM_CASE_OK &&
            ipm_settings_agree(&c->config, &config, UINT64_MAX))
            return c;
    }
    return NULL;
}

static struct ipm_statistic summarize_metric(const struct ipm_metric *metric,
                                             struct ipm_metric_scope *scope,
                                             size_t trial_count, double *scratch) {
    for (size_t i = 0; i < trial_count; i++) {
        scope->trial = &scope->subject->trials[i];
        scratch[i] = ipm_metric_of_trial(metric, scope);
    }
    return ipm_stats_of(scratch, trial_count);
}

/* Quantiles are of the latencies of all trials together. */
static struct ipm_statistic summarize_quantile(const struct ipm_latency *latency,
                                               double quantile) {
    struct ipm_statistic statistic = ipm_stats_of(NULL, 0);
    statistic.median = ipm_latency_quantile(latency, quantile);
    statistic.count = (size_t)latency->count;
    return statistic;
}

static int summarize_case(const struct ipm_report *report, struct ipm_case *c,
                          double *scratch) {
    struct ipm_metric_scope scope = {.references = &report->references,
                                     .subject = c,
                                     .pipe = summarize_pipe(report, c),
                                     .one = summarize_one(report, c)};
    const size_t counted = c->status == IPM_CASE_OK ? c->trial_count : 0;
    if (!c->summary)
        c->summary = calloc(1, sizeof *c->summary);
    const int failed = c->summary ? summarize_latency(c, counted) : -ENOMEM;
    c->integrity.status = summarize_integrity(c);
    for (size_t m = 0; m < IPM_METRICS && !failed; m++) {
        const double quantile = ipm_metrics[m].quantile;
        c->summary->metrics[m] =
            quantile > 0 ? summarize_quantile(&c->summary->latency, quantile)
                         : summarize_metric(&ipm_metrics[m], &scope, counted, scratch);
    }
    return failed;
}

/* --- references ------------------------------------------------------------------------- */

/* Statistics of one member of the first `count` rounds. */
static struct ipm_statistic summarize_rounds(const struct ipm_references *references,
                                             size_t offset, size_t count,
                                             double *scratch) {
    for (size_t i = 0; i < count; i++)
        memcpy(&scratch[i], (const char *)&references->rounds[i] + offset,
               sizeof scratch[i]);
    return ipm_stats_of(scratch, count);
}

#define SUMMARIZE_ROUNDS(member)                                                         \
    references->member =                                                                 \
        summarize_rounds(references, offsetof(struct ipm_reference_round, member),       \
                         references->count, scratch)

static void summarize_references(struct ipm_references *references, double *scratch) {
    const size_t first = offsetof(struct ipm_reference_round, memcpy_bytes_per_second);
    for (size_t size = 0; size < IPM_LIST_MOST; size++)
        references->memcpy_bytes_per_second[size] = summarize_rounds(
            references, first + size * sizeof(double),
            size < references->sizes.count ? references->count : 0, scratch);
    SUMMARIZE_ROUNDS(null_syscall_ns);
    SUMMARIZE_ROUNDS(core_to_core_ns);
    SUMMARIZE_ROUNDS(context_switch_ns);
    SUMMARIZE_ROUNDS(null_transport_ns_per_message);
}

/* --- all of it -------------------------------------------------------------------------- */

static size_t summarize_most_values(const struct ipm_report *report) {
    size_t most = report->references.count;
    for (size_t i = 0; i < report->case_count; i++)
        if (report->cases[i].trial_count > most)
            most = report->cases[i].trial_count;
    return most;
}

int ipm_report_summarize(struct ipm_report *report) {
    double *scratch = calloc(summarize_most_values(report) + 1, sizeof *scratch);
    if (!scratch)
        return -ENOMEM;
    summarize_references(&report->references, scratch);
    int failed = ipm_cases_arrange(report);
    for (size_t i = 0; i < report->case_count && !failed; i++)
        failed = summarize_case(report, &report->cases[i], scratch);
    free(scratch);
    ipm_crossovers_done(&report->crossovers);
    if (!failed && report->settings.find_crossovers)
        failed = ipm_crossovers_find(&report->crossovers, report);
    ipm_highest_done(&report->highest_rates);
    if (!failed)
        failed = ipm_highest_find(&report->highest_rates, report, &report->settings);
    if (failed)
        return failed;
    ipm_warnings_derive(report);
    return 0;
}
