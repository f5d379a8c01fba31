/* choice.c - finds the value of each series at the size in question, and ranks. */
#include "model/choose/choice.h"

#include "base/strbuf.h"
#include "base/units.h"
#include "model/fit/series_fit.h"
#include "model/plan/pin.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the values of all series are made with. */
struct choice_work {
    const struct ipm_report *report;
    const struct ipm_choice_question *question;
    const struct ipm_metric *metric; /* of the current group */
    double *scratch;                 /* as many as a case has trials */
};

/* --- one series ------------------------------------------------------------------------- */

/* Returns the case of that size, which may have failed, or NULL. */
static const struct ipm_case *choice_measured(const struct ipm_series *series,
                                              uint64_t bytes) {
    const struct ipm_case *found = NULL;
    for (size_t i = 0; i < series->count && found == NULL; i++)
        if (series->cases[i]->config.message_bytes == bytes)
            found = series->cases[i];
    return found;
}

static struct ipm_estimate choice_estimate(const struct choice_work *work,
                                           const struct ipm_case *c,
                                           const struct ipm_metric *metric) {
    const struct ipm_statistic statistic =
        ipm_series_statistic(work->report, c, metric, work->scratch);
    return (struct ipm_estimate){.value = statistic.median,
                                 .low = statistic.ci95_low,
                                 .high = statistic.ci95_high};
}

/* Sets the value where the model has one; the CPU time has a model of its own. */
static bool choice_interpolate(const struct choice_work *work,
                               const struct ipm_series *series,
                               struct ipm_choice_candidate *candidate, int *ret_failed) {
    const struct ipm_metric *cpu = &ipm_metrics[IPM_METRIC_CPU_PER_BYTE];
    const uint64_t bytes = work->question->message_bytes;
    struct ipm_fit cpu_fit;
    if (!ipm_series_at(&candidate->fit, work->metric, bytes, &candidate->value))
        return false;
    *ret_failed = ipm_series_fit(&cpu_fit, work->report, series, cpu);
    if (*ret_failed == 0)
        (void)ipm_series_at(&cpu_fit, cpu, bytes, &candidate->cpu_ns);
    candidate->interpolated = true;
    return true;
}

static void choice_measure(const struct choice_work *work, const struct ipm_case *c,
                           struct ipm_choice_candidate *candidate) {
    candidate->value = choice_estimate(work, c, work->metric);
    candidate->cpu_ns = choice_estimate(work, c, &ipm_metrics[IPM_METRIC_CPU_PER_BYTE]);
    candidate->loss_ratio = ipm_case_summary(c)->metrics[IPM_METRIC_LOSS].mean;
}

/* From the CPU time per byte. */
static void choice_per_message(struct ipm_estimate *cpu, double bytes) {
    cpu->value *= bytes;
    cpu->low *= bytes;
    cpu->high *= bytes;
}

static void choice_reason_range(struct ipm_strbuf *reason,
                                const struct ipm_series *series,
                                const struct ipm_fit *fit, uint64_t bytes) {
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;
    for (size_t i = 0; i < series->count; i++) {
        const uint64_t size = series->cases[i]->config.message_bytes;
        if (!ipm_series_has(series->cases[i]))
            continue;
        least = size < least ? size : least;
        most = size > most ? size : most;
    }
    if (most == 0)
        (void)ipm_strbuf_add(reason, "nothing was measured");
    else if (least == most)
        (void)ipm_strbuf_add(reason, "measured at %s only", ipm_units_size(least).text);
    else if (bytes < least || bytes > most)
        (void)ipm_strbuf_add(reason, "measured from %s to %s only",
                             ipm_units_size(least).text, ipm_units_size(most).text);
    else if (isnan(fit->residual_ratio))
        (void)ipm_strbuf_add(reason, "not measured at this size, and a model needs %d",
                             IPM_FIT_SIZES_LEAST);
    else if (fit->regime_count == 0)
        (void)ipm_strbuf_add(reason,
                             "not measured at this size, and the model misses by %.0f %%",
                             fit->residual_ratio * 100);
    else
        (void)ipm_strbuf_add(
            reason, "not measured at this size, where the model changes from %s to %s",
            ipm_units_size(fit->regimes[0].most_bytes).text,
            ipm_units_size(fit->regimes[1].least_bytes).text);
}

/* Why there is no value at that size. */
static void choice_reason_value(struct ipm_strbuf *reason,
                                const struct ipm_series *series,
                                const struct ipm_case *measured,
                                const struct ipm_choice_candidate *candidate,
                                uint64_t bytes) {
    if (measured == NULL)
        choice_reason_range(reason, series, &candidate->fit, bytes);
    else if (measured->status != IPM_CASE_OK)
        (void)ipm_strbuf_add(reason, "%s: %.120s",
                             ipm_case_status_words[measured->status], measured->reason);
    else if (!ipm_series_has(measured))
        (void)ipm_strbuf_add(reason, "it moves no contents");
    else if (candidate->rate_missed)
        (void)ipm_strbuf_add(reason, "saturated: it did not achieve the rate");
    else if (isnan(candidate->value.value))
        (void)ipm_strbuf_add(reason, "the report does not have this figure");
    else
        (void)ipm_strbuf_add(reason, "fewer than 6 rounds give no interval");
}

static void choice_reason_needs(struct ipm_strbuf *reason, unsigned needs,
                                const struct ipm_choice_candidate *candidate) {
    if (!candidate->known)
        (void)ipm_strbuf_add(reason, "unknown to this program");
    for (size_t i = 0; ipm_needs[i].name != NULL && candidate->known; i++)
        if ((needs & candidate->lacks & 1u << i) != 0)
            (void)ipm_strbuf_add(reason, "%s%s", reason->used > 0 ? ", " : "",
                                 ipm_needs[i].lacks);
}

static unsigned choice_lacks(const struct ipm_transport *transport,
                             const struct ipm_case *c) {
    unsigned lacks = 0;
    for (size_t i = 0; ipm_needs[i].name != NULL; i++)
        if (!ipm_choice_meets(transport, c, 1u << i))
            lacks |= 1u << i;
    return lacks;
}

/* Returns a case that was measured, else any. */
static const struct ipm_case *choice_example(const struct ipm_series *series) {
    for (size_t i = 0; i < series->count; i++)
        if (ipm_series_has(series->cases[i]))
            return series->cases[i];
    return series->cases[0];
}

/* Fills a candidate, or the reason why it is none. */
static int choice_candidate(const struct choice_work *work,
                            const struct ipm_series *series,
                            struct ipm_choice_candidate *candidate,
                            struct ipm_strbuf *reason) {
    const struct ipm_choice_question *question = work->question;
    const uint64_t bytes = question->message_bytes;
    const struct ipm_case *measured = choice_measured(series, bytes);
    const struct ipm_case *example = choice_example(series);
    const struct ipm_transport *transport = question->find(example->config.transport);
    const struct ipm_estimate unknown = {NAN, NAN, NAN};
    *candidate =
        (struct ipm_choice_candidate){.config = example->config,
                                      .example = measured != NULL ? measured : example,
                                      .value = unknown,
                                      .cpu_ns = unknown,
                                      .loss_ratio = NAN,
                                      .known = transport != NULL,
                                      .lacks = choice_lacks(transport, example)};
    candidate->config.message_bytes = bytes;
    int failed = ipm_series_fit(&candidate->fit, work->report, series, work->metric);
    if ((question->needs & candidate->lacks) != 0) {
        choice_reason_needs(reason, question->needs, candidate);
        return failed;
    }
    candidate->rate_missed = measured != NULL && work->metric->quantile > 0 &&
                             ipm_metric_is_saturated(measured);
    if (measured != NULL && ipm_series_has(measured) && !candidate->rate_missed)
        choice_measure(work, measured, candidate);
    else if (measured == NULL && !failed)
        (void)choice_interpolate(work, series, candidate, &failed);
    choice_per_message(&candidate->cpu_ns, ipm_settings_mean_bytes(&candidate->config));
    if (isnan(candidate->value.low) || isnan(candidate->value.high))
        choice_reason_value(reason, series, measured, candidate, bytes);
    return failed;
}

/* --- all of it -------------------------------------------------------------------------- */

static bool choice_has_name(const struct ipm_names *names, const char *name) {
    bool has = names->count == 0;
    for (size_t i = 0; i < names->count && !has; i++)
        has = strcmp(names->items[i], name) == 0;
    return has;
}

static bool choice_has_number(const struct ipm_sizes *numbers, uint64_t number) {
    bool has = numbers->count == 0;
    for (size_t i = 0; i < numbers->count && !has; i++)
        has = numbers->items[i] == number;
    return has;
}

static bool choice_has_pin(const struct ipm_pins *pins, const char *pin) {
    char word[IPM_NAME_BYTES];
    bool has = pins->count == 0;
    for (size_t i = 0; i < pins->count && !has; i++) {
        ipm_pin_word(word, &pins->items[i]);
        has = strcmp(word, pin) == 0;
    }
    return has;
}

static bool choice_wants(const void *context, const struct ipm_case *c) {
    const struct ipm_options *wanted = context;
    const struct ipm_case_config *config = &c->config;
    return choice_has_name(&wanted->patterns, config->pattern) &&
           choice_has_name(&wanted->framings, config->framing) &&
           choice_has_name(&wanted->ios, config->io) &&
           choice_has_name(&wanted->waits, config->wait) &&
           choice_has_pin(&wanted->pins, config->pin) &&
           choice_has_number(&wanted->pairs, config->pairs) &&
           choice_has_number(&wanted->rate_per_second, config->rate_per_second) &&
           choice_has_name(&wanted->servers, config->server) &&
           choice_has_number(&wanted->clients, config->clients);
}

static int choice_add(const struct choice_work *work, const struct ipm_series *series,
                      struct ipm_choice_group *group) {
    struct ipm_choice_exclusion *exclusion = &group->exclusions[group->exclusion_count];
    struct ipm_choice_candidate *candidate = &group->candidates[group->candidate_count];
    struct ipm_strbuf reason =
        ipm_strbuf_over(exclusion->reason, sizeof exclusion->reason);
    const int failed = choice_candidate(work, series, candidate, &reason);
    exclusion->config = candidate->config;
    group->rate_missed |= candidate->rate_missed;
    if (reason.used > 0)
        group->exclusion_count++;
    else
        group->candidate_count++;
    return failed;
}

static size_t choice_size(const struct ipm_series_list *list, size_t begin) {
    size_t count = 0;
    while (begin + count < list->count &&
           list->items[begin + count].group == list->items[begin].group)
        count++;
    return count;
}

static int choice_group(struct choice_work *work, const struct ipm_series *series,
                        size_t count, struct ipm_choice_group *group) {
    const struct ipm_case *first = series->cases[0];
    int failed = 0;
    *group = (struct ipm_choice_group){
        .config = first->config,
        .metric = work->question->bound != NULL ? work->question->bound
                                                : ipm_metric_primary(first),
        .candidates = calloc(count + 1, sizeof *group->candidates),
        .exclusions = calloc(count + 1, sizeof *group->exclusions)};
    group->config.message_bytes = work->question->message_bytes;
    work->metric = group->metric;
    if (group->candidates == NULL || group->exclusions == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count && !failed; i++)
        failed = choice_add(work, &series[i], group);
    group->rate_missed &= group->candidate_count == 0;
    ipm_choice_rank(group, &work->report->references);
    return failed;
}

int ipm_choice_make(struct ipm_choice *choice, const struct ipm_report *report) {
    struct choice_work work = {
        .report = report,
        .question = &choice->question,
        .scratch = calloc(ipm_series_trials(report) + 1, sizeof *work.scratch)};
    struct ipm_series_list list = {0};
    int failed = ipm_series_make(&list, report, choice_wants, &choice->question.wanted);
    choice->groups = calloc(list.group_count + 1, sizeof *choice->groups);
    if (choice->groups == NULL || work.scratch == NULL)
        failed = -ENOMEM;
    for (size_t i = 0, count = 0; i < list.count && !failed; i += count) {
        count = choice_size(&list, i);
        failed = choice_group(&work, &list.items[i], count,
                              &choice->groups[choice->group_count++]);
    }
    ipm_series_done(&list);
    free(work.scratch);
    return failed;
}

void ipm_choice_done(struct ipm_choice *choice) {
    for (size_t i = 0; i < choice->group_count; i++) {
        free(choice->groups[i].candidates);
        free(choice->groups[i].exclusions);
    }
    free(choice->groups);
    choice->groups = NULL;
    choice->group_count = 0;
}

size_t ipm_choice_count(const struct ipm_choice *choice) {
    size_t count = 0;
    for (size_t i = 0; i < choice->group_count; i++)
        count += choice->groups[i].candidate_count;
    return count;
}
