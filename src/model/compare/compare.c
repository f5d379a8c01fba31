/* compare.c - matches the cases of two measurements by name. */
#include "model/compare/compare.h"

#include "base/array.h"
#include "model/compare/judge.h"
#include "model/compare/match.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct compare_job {
    struct ipm_comparison *comparison;
    const struct ipm_compare_input *input;
    const struct ipm_metric_choice *choice;
    struct ipm_match *matches[IPM_ARMS]; /* of the runs of each side */
    struct ipm_rank_cache cache;
};

/* Returns a case of that name in a run of the side, if possible with that status. */
static const struct ipm_case *compare_find(const struct compare_job *job,
                                           enum ipm_arm side, const char *name,
                                           size_t hint, enum ipm_case_status status) {
    const struct ipm_case *found = NULL;
    for (size_t i = 0; i < job->input->sides[side].count; i++) {
        const struct ipm_case *c = ipm_match_find(job->matches[side], i, name, hint);
        if (c && (!found || (c->status == status && found->status != status)))
            found = c;
    }
    return found;
}

/* --- one metric ------------------------------------------------------------------------- */

static int compare_gather(struct ipm_compare_series *series,
                          const struct compare_job *job, enum ipm_arm side,
                          const char *name, size_t hint,
                          const struct ipm_metric *metric) {
    int failed = 0;
    for (size_t i = 0; i < job->input->sides[side].count && !failed; i++) {
        const struct ipm_report *report = &job->input->sides[side].reports[i];
        const struct ipm_case *c = ipm_match_find(job->matches[side], i, name, hint);
        if (!c || c->status != IPM_CASE_OK)
            continue;
        series->saturated +=
            metric->grows_with_window && ipm_metric_is_saturated(c) ? 1 : -1;
        failed = ipm_compare_series_add(series, report, c, metric, i);
    }
    return failed;
}

static int compare_add(struct compare_job *job, const struct ipm_case *c,
                       const struct ipm_metric *metric,
                       const struct ipm_compare_series sides[IPM_ARMS]) {
    static const struct ipm_compare_series none[IPM_ARMS] = {{0}};
    struct ipm_comparison *comparison = job->comparison;
    struct ipm_compared *result = ipm_array_add(
        &comparison->results, &comparison->result_count, sizeof *comparison->results);
    if (!result)
        return -ENOMEM;
    memcpy(result->name, c->config.name, sizeof result->name);
    result->case_index = comparison->case_count - 1;
    result->metric = metric;
    result->base_spread = NAN;
    result->saturated =
        sides[IPM_ARM_BASE].saturated > 0 && sides[IPM_ARM_NEW].saturated > 0;
    result->gated = !result->saturated && ipm_metric_is_gated(job->choice, metric, c);
    if (result->saturated)
        sides = none;
    if (comparison->clock == IPM_CLOCK_INSTRUCTIONS)
        return ipm_compare_measure_exact(result, sides, comparison->threshold);
    if (!comparison->paired && ipm_compare_has_history(&sides[IPM_ARM_BASE]))
        return ipm_compare_measure_runs(result, sides, comparison->threshold);
    return comparison->paired
               ? ipm_compare_measure_blocks(result, sides,
                                            job->input->sides[IPM_ARM_NEW].count,
                                            comparison->threshold, &job->cache)
               : ipm_compare_measure(result, sides, comparison->threshold, &job->cache);
}

static int compare_metric(struct compare_job *job, const struct ipm_case *c, size_t hint,
                          const struct ipm_metric *metric) {
    struct ipm_compare_series sides[IPM_ARMS] = {{0}};
    int failed = 0;
    size_t known = 0;
    for (int s = 0; s < IPM_ARMS && !failed; s++) {
        failed =
            compare_gather(&sides[s], job, (enum ipm_arm)s, c->config.name, hint, metric);
        known += sides[s].count + sides[s].contended;
    }
    if (!failed && (known > 0 || metric == ipm_metric_primary(c)))
        failed = compare_add(job, c, metric, sides);
    ipm_compare_series_done(&sides[IPM_ARM_BASE]);
    ipm_compare_series_done(&sides[IPM_ARM_NEW]);
    return failed;
}

static struct ipm_compared *compare_same(const struct ipm_comparison *comparison,
                                         const char *name,
                                         const struct ipm_metric *metric) {
    for (size_t i = 0; i < comparison->result_count; i++)
        if (comparison->results[i].metric == metric &&
            strcmp(comparison->results[i].name, name) == 0)
            return &comparison->results[i];
    return NULL;
}

static bool compare_changed(const struct ipm_compared *compared) {
    return compared && (compared->verdict == IPM_VERDICT_REGRESSED ||
                        compared->verdict == IPM_VERDICT_IMPROVED);
}

static bool compare_is_wanted(const struct compare_job *job, const struct ipm_case *c,
                              const struct ipm_metric *metric) {
    const struct ipm_comparison *only = job->input->only;
    if (only) {
        const struct ipm_compared *same = compare_same(only, c->config.name, metric);
        return same && same->suspect;
    }
    return ipm_metric_is_chosen(job->choice, metric, c);
}

static int compare_metrics(struct compare_job *job, const struct ipm_case *c,
                           size_t hint) {
    int failed = 0;
    for (size_t m = 0; m < IPM_METRICS && !failed; m++)
        if (compare_is_wanted(job, c, &ipm_metrics[m]))
            failed = compare_metric(job, c, hint, &ipm_metrics[m]);
    return failed;
}

/* --- cases ------------------------------------------------------------------------------ */

static int compare_leave_out(const struct compare_job *job, const char *name,
                             enum ipm_unmatched_state state, const struct ipm_case *why) {
    struct ipm_comparison *comparison = job->comparison;
    struct ipm_unmatched *unmatched =
        ipm_array_add(&comparison->unmatched, &comparison->unmatched_count,
                      sizeof *comparison->unmatched);
    if (!unmatched)
        return -ENOMEM;
    (void)snprintf(unmatched->name, sizeof unmatched->name, "%s", name);
    unmatched->case_index = comparison->case_count - 1;
    if (why && why->status != IPM_CASE_OK)
        (void)snprintf(unmatched->reason, sizeof unmatched->reason, "%s", why->reason);
    unmatched->state = state;
    return 0;
}

/* Adds the settings of the case that the next results are of. */
static int compare_begin(struct ipm_comparison *comparison, const struct ipm_case *c) {
    struct ipm_case_config *config = ipm_array_add(
        &comparison->cases, &comparison->case_count, sizeof *comparison->cases);
    if (!config)
        return -ENOMEM;
    *config = c->config;
    return 0;
}

/* A failure in any run of NEW counts, as does a measurement in any run. */
static int compare_case(struct compare_job *job, const struct ipm_case *c, size_t hint) {
    const char *name = c->config.name;
    const struct ipm_case *broken =
        compare_find(job, IPM_ARM_NEW, name, hint, IPM_CASE_FAILED);
    const struct ipm_case *fresh =
        compare_find(job, IPM_ARM_NEW, name, hint, IPM_CASE_OK);
    const struct ipm_case *base =
        compare_find(job, IPM_ARM_BASE, name, hint, IPM_CASE_OK);
    const bool has_base = base && base->status == IPM_CASE_OK;
    const bool has_fresh = fresh && fresh->status == IPM_CASE_OK;
    if (compare_begin(job->comparison, c) != 0)
        return -ENOMEM;
    if (broken && broken->status == IPM_CASE_FAILED)
        return compare_leave_out(job, name, IPM_UNMATCHED_FAILED, broken);
    if (has_base && has_fresh)
        return compare_metrics(job, fresh, hint);
    if (has_base)
        return compare_leave_out(job, name, IPM_UNMATCHED_NOT_IN_NEW, fresh);
    if (has_fresh)
        return compare_leave_out(job, name, IPM_UNMATCHED_NOT_IN_BASE, base);
    return compare_leave_out(job, name, IPM_UNMATCHED_SKIPPED, fresh ? fresh : base);
}

/* Whether the case came before: NEW is first, and each side run by run. */
static bool compare_is_seen(const struct compare_job *job, enum ipm_arm side, size_t run,
                            const char *name, size_t hint) {
    for (size_t i = 0; i < run; i++)
        if (ipm_match_find(job->matches[side], i, name, hint))
            return true;
    return side == IPM_ARM_BASE &&
           compare_find(job, IPM_ARM_NEW, name, hint, IPM_CASE_OK);
}

static int compare_run_cases(struct compare_job *job, enum ipm_arm side, size_t run) {
    const struct ipm_report *report = &job->input->sides[side].reports[run];
    int failed = 0;
    for (size_t i = 0; i < report->case_count && !failed; i++) {
        const struct ipm_case *c = &report->cases[i];
        if (!compare_is_seen(job, side, run, c->config.name, i))
            failed = compare_case(job, c, i);
    }
    return failed;
}

static int compare_cases(struct compare_job *job) {
    int failed = 0;
    for (int s = IPM_ARMS; s-- > 0;)
        for (size_t i = 0; i < job->input->sides[s].count && !failed; i++)
            failed = compare_run_cases(job, (enum ipm_arm)s, i);
    return failed;
}

/* --- verdicts ---------------------------------------------------------------------------- */

static int compare_by_gate(const void *left, const void *right) {
    const struct ipm_compared *a = left;
    const struct ipm_compared *b = right;
    return b->gated - a->gated;
}

/* Results that are only shown are a family of tests of their own, and their drift is not that
 * of the others. */
static int compare_decide(struct ipm_comparison *comparison) {
    struct ipm_compared *results = comparison->results;
    const size_t gated = ipm_comparison_count_gated(comparison, IPM_VERDICTS);
    const size_t parts[] = {gated, comparison->result_count - gated};
    int failed = 0;
    if (comparison->result_count == 0)
        return 0;
    if (comparison->result_count > 1)
        qsort(results, comparison->result_count, sizeof *results, compare_by_gate);
    if (comparison->clock == IPM_CLOCK_INSTRUCTIONS)
        ipm_compare_decide_exact(results, comparison->result_count,
                                 comparison->threshold);
    for (size_t i = 0; i < 2 && !failed && comparison->clock != IPM_CLOCK_INSTRUCTIONS;
         i++)
        failed = ipm_compare_decide(results + i * gated, parts[i], comparison->threshold,
                                    comparison->alpha, comparison->paired);
    for (size_t i = 0; i < comparison->result_count; i++) {
        if (compare_changed(&results[i]) &&
            ipm_compared_lacks_history(comparison, &results[i]))
            results[i].verdict = IPM_VERDICT_UNDECIDED;
        if (results[i].saturated)
            results[i].verdict = IPM_VERDICT_SATURATED;
        results[i].suspect = compare_changed(&results[i]);
    }
    return failed;
}

/* --- the whole -------------------------------------------------------------------------- */

static int compare_run(struct ipm_comparison *comparison, enum ipm_arm side,
                       const char *name, const struct ipm_report *report) {
    struct ipm_compared_run *run = ipm_array_add(
        &comparison->runs, &comparison->run_count, sizeof *comparison->runs);
    if (!run)
        return -ENOMEM;
    run->side = side;
    (void)snprintf(run->name, sizeof run->name, "%s", name);
    memcpy(run->version, report->tool.version, sizeof run->version);
    memcpy(run->commit, report->tool.commit, sizeof run->commit);
    memcpy(run->hostname, report->host.hostname, sizeof run->hostname);
    memcpy(run->kernel, report->host.kernel, sizeof run->kernel);
    memcpy(run->started_at, report->run.started_at, sizeof run->started_at);
    run->labels = report->run.labels;
    return 0;
}

static int compare_runs(struct ipm_comparison *comparison,
                        const struct ipm_compare_input *input) {
    int failed = 0;
    for (int s = 0; s < IPM_ARMS; s++) {
        const size_t most = comparison->paired ? 1 : input->sides[s].count;
        for (size_t i = 0; i < most && i < input->sides[s].count && !failed; i++)
            failed = compare_run(comparison, (enum ipm_arm)s, input->sides[s].names[i],
                                 &input->sides[s].reports[i]);
    }
    return failed;
}

/* A threshold that nobody gave is that of the clock. */
static void compare_take_clock(struct ipm_comparison *comparison,
                               const struct ipm_compare_input *input) {
    static const double thresholds[] = {
        [IPM_CLOCK_MONOTONIC] = 0.05, [IPM_CLOCK_INSTRUCTIONS] = 0.005};
    if (input->sides[IPM_ARM_NEW].count > 0)
        comparison->clock = input->sides[IPM_ARM_NEW].reports[0].host.clock;
    if (isnan(comparison->threshold))
        comparison->threshold = thresholds[comparison->clock];
}

int ipm_compare(struct ipm_comparison *comparison, const struct ipm_compare_input *input,
                const struct ipm_metric_choice *choice) {
    struct compare_job job = {.comparison = comparison, .input = input, .choice = choice};
    compare_take_clock(comparison, input);
    int failed = compare_runs(comparison, input);
    if (!failed)
        failed = ipm_compare_differ(comparison, input);
    for (int s = 0; s < IPM_ARMS; s++)
        job.matches[s] = ipm_matches_new(input->sides[s].reports, input->sides[s].count);
    if (!failed)
        failed = job.matches[IPM_ARM_BASE] && job.matches[IPM_ARM_NEW]
                     ? compare_cases(&job)
                     : -ENOMEM;
    if (!failed)
        failed = compare_decide(comparison);
    for (int s = 0; s < IPM_ARMS; s++)
        ipm_matches_free(job.matches[s], input->sides[s].count);
    ipm_rank_cache_done(&job.cache);
    ipm_comparison_settle(comparison);
    return failed;
}

void ipm_compare_confirm(struct ipm_comparison *first,
                         const struct ipm_comparison *second) {
    for (size_t i = 0; i < first->result_count; i++) {
        struct ipm_compared *result = &first->results[i];
        const struct ipm_compared *again =
            compare_same(second, result->name, result->metric);
        if (!compare_changed(result))
            continue;
        const bool agrees = again && again->verdict == result->verdict;
        result->confirmation = agrees ? IPM_CONFIRMATION_YES : IPM_CONFIRMATION_NO;
        if (agrees)
            continue;
        result->verdict = IPM_VERDICT_UNDECIDED;
        result->rounds_more = again ? again->rounds_more : 0;
    }
    ipm_comparison_settle(first);
}

/* --- suspects ---------------------------------------------------------------------------- */

/* Whether a result went further than half of the threshold: 1 is worse, -1 better. */
static bool compare_went(const struct ipm_comparison *comparison,
                         const struct ipm_compared *compared, double direction) {
    return direction * ipm_compared_worse(compared) > log1p(comparison->threshold) / 2;
}

static bool compare_is_suspect(const struct ipm_comparison *comparison,
                               const struct ipm_compared *compared) {
    return compared->gated && !ipm_compared_lacks_history(comparison, compared) &&
           (compare_changed(compared) || (compared->verdict == IPM_VERDICT_UNDECIDED &&
                                          compare_went(comparison, compared, 1)));
}

size_t ipm_compare_suspect(struct ipm_comparison *comparison) {
    size_t count = 0;
    for (size_t i = 0; i < comparison->result_count; i++) {
        struct ipm_compared *result = &comparison->results[i];
        result->suspect = compare_is_suspect(comparison, result);
        count += result->suspect;
    }
    return count;
}

/* Whether the twins were measured often enough to tell. */
static bool compare_is_known(const struct ipm_compared *twin) {
    return twin && twin->verdict != IPM_VERDICT_INSUFFICIENT &&
           twin->verdict != IPM_VERDICT_CONTENDED;
}

static void compare_settle(struct ipm_compared *result,
                           const struct ipm_comparison *second,
                           const struct ipm_comparison *both,
                           const struct ipm_comparison *twins) {
    const struct ipm_compared *again = compare_same(second, result->name, result->metric);
    const struct ipm_compared *all = compare_same(both, result->name, result->metric);
    const struct ipm_compared *twin = compare_same(twins, result->name, result->metric);
    const double direction = result->verdict == IPM_VERDICT_IMPROVED ? -1 : 1;
    const enum ipm_verdict claim =
        direction > 0 ? IPM_VERDICT_REGRESSED : IPM_VERDICT_IMPROVED;
    const bool agrees = compare_is_known(twin) && again && all && all->verdict == claim &&
                        compare_went(second, again, direction);
    result->confirmation = agrees ? IPM_CONFIRMATION_YES : IPM_CONFIRMATION_NO;
    result->verdict = compare_changed(twin) ? IPM_VERDICT_MACHINE
                      : agrees              ? claim
                                            : IPM_VERDICT_UNDECIDED;
    result->rounds_more = agrees || !again ? 0 : again->rounds_more;
    result->suspect = result->verdict == IPM_VERDICT_MACHINE ||
                      (direction > 0 && (!compare_is_known(twin) || !again)) ||
                      (again && compare_went(second, again, 1));
}

void ipm_compare_recheck(struct ipm_comparison *first,
                         const struct ipm_comparison *second,
                         const struct ipm_comparison *both,
                         const struct ipm_comparison *twins) {
    for (size_t i = 0; i < first->result_count; i++)
        if (first->results[i].suspect)
            compare_settle(&first->results[i], second, both, twins);
    ipm_comparison_settle(first);
}
