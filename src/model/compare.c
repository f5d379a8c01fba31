/* compare.c - matches the cases of two measurements by their names. How a figure is judged is
 * compare_judge.c's. */
#include "model/compare.h"

#include "model/compare_judge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct compare_job {
    struct ipm_comparison *comparison;
    const struct ipm_compare_input *input;
    const struct ipm_gauge_choice *choice;
};

/* Reports of the same plan have the same order, so the search starts there. */
static const struct ipm_case *compare_find(const struct ipm_report *report,
                                           const char *name, size_t hint) {
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[(hint + i) % report->case_count];
        if (strcmp(c->config.name, name) == 0)
            return c;
    }
    return NULL;
}

/* A case of that name in some run of BASE: one that was measured, if there is one. */
static const struct ipm_case *compare_find_base(const struct ipm_compare_input *input,
                                                const char *name, size_t hint) {
    const struct ipm_case *found = NULL;
    for (size_t i = 0; i < input->base_count; i++) {
        const struct ipm_case *c = compare_find(&input->bases[i], name, hint);
        if (c && (!found || c->status == IPM_CASE_OK))
            found = c;
    }
    return found;
}

/* --- one figure ------------------------------------------------------------------------- */

static int compare_gather(struct ipm_compare_series sides[IPM_SIDES],
                          const struct compare_job *job, size_t index,
                          const struct ipm_gauge *gauge) {
    const struct ipm_compare_input *input = job->input;
    const struct ipm_case *c = &input->fresh->cases[index];
    int failed = ipm_compare_series_add(&sides[IPM_SIDE_NEW], input->fresh, c, gauge);
    for (size_t i = 0; i < input->base_count && !failed; i++) {
        const struct ipm_case *base =
            compare_find(&input->bases[i], c->config.name, index);
        if (base && base->status == IPM_CASE_OK)
            failed = ipm_compare_series_add(&sides[IPM_SIDE_BASE], &input->bases[i], base,
                                            gauge);
    }
    return failed;
}

static int compare_figure(const struct compare_job *job, size_t index,
                          const struct ipm_gauge *gauge) {
    const struct ipm_case *c = &job->input->fresh->cases[index];
    struct ipm_compare_series sides[IPM_SIDES] = {{0}};
    int failed = compare_gather(sides, job, index, gauge);
    const size_t known = sides[IPM_SIDE_BASE].count + sides[IPM_SIDE_NEW].count;
    if (!failed && (known > 0 || gauge == ipm_gauge_lead(c))) {
        struct ipm_compared *result = ipm_comparison_add_result(job->comparison);
        failed = result ? 0 : -ENOMEM;
        if (result) {
            memcpy(result->name, c->config.name, sizeof result->name);
            result->gauge = gauge;
            failed = ipm_compare_measure(result, sides, job->comparison->threshold);
        }
    }
    ipm_compare_series_done(&sides[IPM_SIDE_BASE]);
    ipm_compare_series_done(&sides[IPM_SIDE_NEW]);
    return failed;
}

static int compare_figures(const struct compare_job *job, size_t index) {
    const struct ipm_case *c = &job->input->fresh->cases[index];
    int failed = 0;
    for (const struct ipm_gauge *gauge = ipm_gauges; gauge->name && !failed; gauge++)
        if (ipm_gauge_is_chosen(job->choice, gauge, c))
            failed = compare_figure(job, index, gauge);
    return failed;
}

/* --- cases ------------------------------------------------------------------------------ */

static int compare_leave_out(const struct compare_job *job, const char *name,
                             enum ipm_unmatched_state state, const struct ipm_case *why) {
    struct ipm_unmatched *unmatched = ipm_comparison_add_unmatched(job->comparison);
    if (!unmatched)
        return -ENOMEM;
    (void)snprintf(unmatched->name, sizeof unmatched->name, "%s", name);
    if (why && why->status != IPM_CASE_OK)
        (void)snprintf(unmatched->reason, sizeof unmatched->reason, "%s", why->reason);
    unmatched->state = state;
    return 0;
}

static int compare_case(const struct compare_job *job, size_t index) {
    const struct ipm_case *c = &job->input->fresh->cases[index];
    const struct ipm_case *base = compare_find_base(job->input, c->config.name, index);
    const bool measured = base && base->status == IPM_CASE_OK;
    if (c->status == IPM_CASE_FAILED)
        return compare_leave_out(job, c->config.name, IPM_UNMATCHED_FAILED, c);
    if (c->status == IPM_CASE_SKIPPED)
        return compare_leave_out(
            job, c->config.name,
            measured ? IPM_UNMATCHED_NOT_IN_NEW : IPM_UNMATCHED_SKIPPED, c);
    if (!measured)
        return compare_leave_out(job, c->config.name, IPM_UNMATCHED_NOT_IN_BASE, base);
    return compare_figures(job, index);
}

static bool compare_was_told(const struct ipm_comparison *comparison, const char *name) {
    for (size_t i = 0; i < comparison->unmatched_count; i++)
        if (strcmp(comparison->unmatched[i].name, name) == 0)
            return true;
    return false;
}

/* Cases of one run of BASE that NEW has not. */
static int compare_gone(const struct compare_job *job, const struct ipm_report *base) {
    int failed = 0;
    for (size_t i = 0; i < base->case_count && !failed; i++) {
        const char *name = base->cases[i].config.name;
        if (compare_find(job->input->fresh, name, i) ||
            compare_was_told(job->comparison, name))
            continue;
        const struct ipm_case *c = compare_find_base(job->input, name, i);
        failed = compare_leave_out(job, name,
                                   c->status == IPM_CASE_OK ? IPM_UNMATCHED_NOT_IN_NEW
                                                            : IPM_UNMATCHED_SKIPPED,
                                   c);
    }
    return failed;
}

static int compare_cases(const struct compare_job *job) {
    int failed = 0;
    for (size_t i = 0; i < job->input->fresh->case_count && !failed; i++)
        failed = compare_case(job, i);
    for (size_t i = 0; i < job->input->base_count && !failed; i++)
        failed = compare_gone(job, &job->input->bases[i]);
    return failed;
}

/* --- the whole -------------------------------------------------------------------------- */

static int compare_run(struct ipm_comparison *comparison, enum ipm_side side,
                       const char *name, const struct ipm_report *report) {
    struct ipm_compared_run *run = ipm_comparison_add_run(comparison);
    if (!run)
        return -ENOMEM;
    run->side = side;
    (void)snprintf(run->name, sizeof run->name, "%s", name);
    memcpy(run->version, report->tool.version, sizeof run->version);
    memcpy(run->commit, report->tool.commit, sizeof run->commit);
    memcpy(run->hostname, report->host.hostname, sizeof run->hostname);
    memcpy(run->kernel, report->host.kernel, sizeof run->kernel);
    memcpy(run->started_at, report->run.started_at, sizeof run->started_at);
    return 0;
}

static int compare_runs(struct ipm_comparison *comparison,
                        const struct ipm_compare_input *input) {
    int failed = 0;
    for (size_t i = 0; i < input->base_count && !failed; i++)
        failed = compare_run(comparison, IPM_SIDE_BASE, input->base_names[i],
                             &input->bases[i]);
    return failed
               ? failed
               : compare_run(comparison, IPM_SIDE_NEW, input->fresh_name, input->fresh);
}

int ipm_compare(struct ipm_comparison *comparison, const struct ipm_compare_input *input,
                const struct ipm_gauge_choice *choice) {
    const struct compare_job job = {
        .comparison = comparison, .input = input, .choice = choice};
    int failed = compare_runs(comparison, input);
    if (!failed)
        failed = ipm_compare_differ(comparison, input);
    if (!failed)
        failed = compare_cases(&job);
    if (!failed)
        failed = ipm_compare_decide(comparison->results, comparison->result_count,
                                    comparison->threshold, comparison->alpha);
    ipm_comparison_settle(comparison);
    return failed;
}
