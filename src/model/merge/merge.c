/* merge.c - groups reports by a label and collects what each group measured. */
#include "model/merge/merge.h"

#include "base/array.h"
#include "base/err.h"
#include "model/compare/compare.h"
#include "model/report/contention.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct merge_job {
    struct ipm_merge *merge;
    const struct ipm_report *reports;
    const char *const *names;
    size_t count;
};

void ipm_merge_done(struct ipm_merge *merge) {
    for (size_t i = 0; i < merge->group_count; i++)
        free(merge->groups[i].differences);
    for (size_t i = 0; i < merge->result_count; i++)
        free(merge->results[i].values);
    free(merge->groups);
    free(merge->results);
    merge->groups = NULL;
    merge->results = NULL;
    merge->group_count = merge->result_count = 0;
}

bool ipm_merge_tells(const struct ipm_merge *merge) {
    for (size_t i = 0; i < merge->result_count; i++)
        if (merge->results[i].value_count >= IPM_MERGE_GROUPS_LEAST)
            return true;
    return false;
}

/* --- which reports fit ------------------------------------------------------------------- */

/* Returns the value by which the report is grouped, or "". */
static const char *merge_value(const struct ipm_merge *merge,
                               const struct ipm_report *report) {
    const char *value = ipm_labels_find(&report->run.labels, merge->by);
    return value[0] == '\0' && strcmp(merge->by, "hostname") == 0 ? report->host.hostname
                                                                  : value;
}

static int merge_refuse_settings(const struct merge_job *job, size_t i,
                                 const struct ipm_property *own,
                                 const struct ipm_property *other, struct ipm_err *err) {
    return ipm_err_refuse(
        err, "merge the reports of one command line",
        "'%.100s' and '%.100s' have different settings: %s %.60s, %.60s", job->names[0],
        job->names[i], own->what, other->text[0] != '\0' ? other->text : "none",
        own->text[0] != '\0' ? own->text : "none");
}

static int merge_check_settings(const struct merge_job *job, size_t i,
                                struct ipm_err *err) {
    struct ipm_property own;
    struct ipm_property first;
    for (size_t row = 0; ipm_compare_property(row, &job->reports[i], &own); row++) {
        (void)ipm_compare_property(row, &job->reports[0], &first);
        if (own.setting && own.unlike && strcmp(own.text, first.text) != 0)
            return merge_refuse_settings(job, i, &own, &first, err);
    }
    return 0;
}

static int merge_check(const struct merge_job *job, size_t i, struct ipm_err *err) {
    const struct ipm_run_info *run = &job->reports[i].run;
    if (merge_value(job->merge, &job->reports[i])[0] == '\0') {
        ipm_err_hint(err,
                     "'ipcmark run --label %s=VALUE' makes it; without '--by', reports "
                     "are grouped by host name",
                     job->merge->by);
        return ipm_err_set(err, -EINVAL, "'%.200s' has no label '%s'", job->names[i],
                           job->merge->by);
    }
    for (size_t k = 0; k < i; k++) {
        const struct ipm_run_info *other = &job->reports[k].run;
        if (run->seed != other->seed || strcmp(run->started_at, other->started_at) != 0 ||
            strcmp(job->reports[i].host.hostname, job->reports[k].host.hostname) != 0)
            continue;
        return ipm_err_refuse(err, "name each report once",
                              "'%.200s' and '%.200s' are the same run", job->names[k],
                              job->names[i]);
    }
    return merge_check_settings(job, i, err);
}

/* --- groups and values ------------------------------------------------------------------- */

static int merge_add_run(struct ipm_merge *merge, const struct ipm_report *report) {
    const char *name = merge_value(merge, report);
    struct ipm_merge_group *group = NULL;
    for (size_t i = 0; i < merge->group_count && group == NULL; i++)
        if (strcmp(merge->groups[i].name, name) == 0)
            group = &merge->groups[i];
    if (group == NULL)
        group = ipm_array_add(&merge->groups, &merge->group_count, sizeof *group);
    if (group == NULL)
        return -ENOMEM;
    if (group->run_count++ == 0) {
        (void)snprintf(group->name, sizeof group->name, "%s", name);
        group->first = report;
    }
    return 0;
}

/* Reports of the same plan have the same order, so the search starts at `hint`. */
static const struct ipm_case *merge_find(const struct ipm_report *report,
                                         const char *name, size_t hint) {
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[(hint + i) % report->case_count];
        if (c->status == IPM_CASE_OK && strcmp(c->config.name, name) == 0)
            return c;
    }
    return NULL;
}

/* Adds the known values of the case in a report, and counts the contended trials, which are
 * left out. Returns 0 or -ENOMEM. */
static int merge_collect(double **values, size_t *count, size_t *contended,
                         const struct ipm_report *report,
                         const struct ipm_merge_result *result, size_t hint) {
    const struct ipm_case *c = merge_find(report, result->config.name, hint);
    for (size_t t = 0; c != NULL && t < c->trial_count; t++) {
        const struct ipm_metric_scope scope = {.subject = c, .trial = &c->trials[t]};
        if (ipm_contention_spoils(result->metric, scope.trial)) {
            ++*contended;
            continue;
        }
        double *value = ipm_array_add(values, count, sizeof **values);
        if (value == NULL)
            return -ENOMEM;
        *value = ipm_metric_of_trial(result->metric, &scope);
    }
    return 0;
}

/* A value that is 0 has no logarithm: such a case was not measured. */
static int merge_add_value(const struct merge_job *job, struct ipm_merge_result *result,
                           struct ipm_merge_group *group, size_t hint) {
    double *values = NULL;
    size_t count = 0;
    size_t contended = 0;
    int code = 0;
    for (size_t i = 0; i < job->count && code == 0; i++)
        if (strcmp(merge_value(job->merge, &job->reports[i]), group->name) == 0)
            code = merge_collect(&values, &count, &contended, &job->reports[i], result,
                                 hint);
    const struct ipm_statistic trials = ipm_stats_of(values, count);
    free(values);
    result->contended_count += count == 0 && contended > 0;
    if (code != 0 || !(trials.median > 0))
        return code;
    struct ipm_merge_value *value =
        ipm_array_add(&result->values, &result->value_count, sizeof *value);
    if (value == NULL)
        return -ENOMEM;
    value->group = group->name;
    value->trials = trials;
    value->contended = contended;
    group->result_count++;
    return 0;
}

/* Whether the case came before, in this report or in an earlier one. */
static bool merge_is_known(const struct merge_job *job, size_t report, size_t index) {
    const struct ipm_case *c = &job->reports[report].cases[index];
    for (size_t i = 0; i < report; i++)
        if (merge_find(&job->reports[i], c->config.name, index) != NULL)
            return true;
    return c->arranged.repeats;
}

static int merge_add_case(const struct merge_job *job, size_t report, size_t index) {
    struct ipm_merge *merge = job->merge;
    const struct ipm_case *c = &job->reports[report].cases[index];
    int code = 0;
    if (c->status != IPM_CASE_OK || merge_is_known(job, report, index))
        return 0;
    struct ipm_merge_result *result =
        ipm_array_add(&merge->results, &merge->result_count, sizeof *result);
    if (result == NULL)
        return -ENOMEM;
    result->config = c->config;
    result->metric = ipm_metric_primary(c);
    for (size_t g = 0; g < merge->group_count && code == 0; g++)
        code = merge_add_value(job, result, &merge->groups[g], index);
    return code == 0 ? ipm_merge_judge(result, merge->threshold) : code;
}

/* --- odd groups -------------------------------------------------------------------------- */

static void merge_count_odd(struct ipm_merge *merge) {
    for (size_t i = 0; i < merge->result_count; i++)
        for (size_t v = 0; v < merge->results[i].value_count; v++)
            for (size_t g = 0; g < merge->group_count; g++)
                if (merge->results[i].values[v].group == merge->groups[g].name)
                    merge->groups[g].odd_count += merge->results[i].values[v].odd;
}

/* Finds what more than half of the groups have; false: no such text. */
static bool merge_usual(const struct ipm_merge *merge, size_t row,
                        struct ipm_property *ret_property) {
    for (size_t i = 0; i < merge->group_count; i++) {
        size_t alike = 0;
        (void)ipm_compare_property(row, merge->groups[i].first, ret_property);
        for (size_t k = 0; k < merge->group_count; k++) {
            struct ipm_property other;
            (void)ipm_compare_property(row, merge->groups[k].first, &other);
            alike += strcmp(other.text, ret_property->text) == 0;
        }
        if (2 * alike > merge->group_count)
            return true;
    }
    return false;
}

static int merge_differ(const struct ipm_merge *merge, struct ipm_merge_group *group) {
    struct ipm_property own;
    struct ipm_property usual;
    for (size_t row = 0; ipm_compare_property(row, group->first, &own); row++) {
        if (!merge_usual(merge, row, &usual) || strcmp(own.text, usual.text) == 0)
            continue;
        struct ipm_merge_difference *difference = ipm_array_add(
            &group->differences, &group->difference_count, sizeof *difference);
        if (difference == NULL)
            return -ENOMEM;
        difference->what = own.what;
        memcpy(difference->here, own.text, sizeof difference->here);
        memcpy(difference->elsewhere, usual.text, sizeof difference->elsewhere);
    }
    return 0;
}

/* --- the whole --------------------------------------------------------------------------- */

static int merge_fill(const struct merge_job *job) {
    struct ipm_merge *merge = job->merge;
    int code = 0;
    for (size_t i = 0; i < job->count && code == 0; i++)
        code = merge_add_run(merge, &job->reports[i]);
    for (size_t i = 0; i < job->count; i++)
        for (size_t c = 0; c < job->reports[i].case_count && code == 0; c++)
            code = merge_add_case(job, i, c);
    merge_count_odd(merge);
    for (size_t g = 0; g < merge->group_count && code == 0; g++)
        if (merge->groups[g].odd_count > 0)
            code = merge_differ(merge, &merge->groups[g]);
    return code;
}

int ipm_merge_make(struct ipm_merge *merge, const struct ipm_report *reports,
                   const char *const *names, size_t count, struct ipm_err *err) {
    const struct merge_job job = {
        .merge = merge, .reports = reports, .names = names, .count = count};
    for (size_t i = 0; i < count; i++) {
        const int code = merge_check(&job, i, err);
        if (code != 0)
            return code;
    }
    const int code = merge_fill(&job);
    return code == 0 ? 0 : ipm_err_sys(err, code, "cannot merge %zu reports", count);
}
