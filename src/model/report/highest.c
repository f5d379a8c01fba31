/* highest.c - finds the rates around a target of latency. */
#include "model/report/highest.h"

#include "base/array.h"
#include "model/metric.h"
#include "model/report/report.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum highest_verdict { HIGHEST_UNKNOWN, HIGHEST_HELD, HIGHEST_MISSED };

/* The percentile of a case, and what it is of. */
struct highest_figure {
    double ns;       /* NaN: no messages, no memory, or the rate was not achieved */
    double messages; /* so many are beyond the percentile */
};

static struct highest_figure highest_figure_of(const struct ipm_case *c,
                                               const struct ipm_metric *metric,
                                               bool uncontended) {
    struct highest_figure figure = {.ns = NAN};
    struct ipm_latency latency = {0};
    struct ipm_histogram *all = calloc(1, sizeof *all); /* large for a stack */
    for (size_t i = 0; i < c->trial_count && all; i++)
        if (!uncontended || c->trials[i].contended != 1)
            ipm_histogram_add_latency(all, &c->trials[i].latency);
    if (all && ipm_latency_take(&latency, all) == 0) {
        figure.messages = (double)latency.count * (1 - metric->quantile);
        if (!ipm_metric_is_saturated(c))
            figure.ns = ipm_latency_quantile(&latency, metric->quantile);
    }
    ipm_latency_done(&latency);
    free(all);
    return figure;
}

/* Contended trials are used only if there are no others. */
static struct highest_figure highest_figure(const struct ipm_case *c,
                                            const struct ipm_metric *metric) {
    return highest_figure_of(c, metric, ipm_case_has_uncontended(c));
}

/* A target that is held in spite of contention counts as held. */
static enum highest_verdict highest_judge(const struct ipm_case *c,
                                          const struct ipm_metric *metric,
                                          uint64_t target_ns) {
    const struct highest_figure figure = highest_figure(c, metric);
    const bool tells = figure.messages >= 1 && !isnan(figure.ns);
    if (ipm_metric_is_saturated(c) ||
        ipm_case_summary(c)->metrics[IPM_METRIC_LOSS].mean > 1 - metric->quantile ||
        (tells && figure.ns > (double)target_ns))
        return ipm_case_has_uncontended(c) ? HIGHEST_MISSED : HIGHEST_UNKNOWN;
    return tells ? HIGHEST_HELD : HIGHEST_UNKNOWN;
}

static bool highest_counts(const struct ipm_case *c) {
    return c->status == IPM_CASE_OK && c->trial_count > 0 &&
           c->config.rate_per_second > 0;
}

/* Returns the item of the cases that differ from this one in the rate only, or NULL: no memory. */
static struct ipm_highest *highest_of(struct ipm_highest_list *list,
                                      const struct ipm_report *report, size_t index) {
    const uint64_t others = ~ipm_settings_with(IPM_SETTING_PACE);
    const struct ipm_case_config *config = &report->cases[index].config;
    for (size_t i = 0; i < list->count; i++)
        if (ipm_settings_agree(&list->items[i].config, config, others))
            return &list->items[i];
    struct ipm_highest *added =
        ipm_array_add((void *)&list->items, &list->count, sizeof *added);
    if (added != NULL)
        *added = (struct ipm_highest){
            .first = index, .config = *config, .held_ns = NAN, .missed_ns = NAN};
    return added;
}

/* A first pass finds what held, and the second one what did not above that. */
static void highest_take(struct ipm_highest *highest, const struct ipm_case *c,
                         const struct ipm_metric *metric, uint64_t target_ns, int pass) {
    const enum highest_verdict verdict = highest_judge(c, metric, target_ns);
    const uint64_t rate = c->config.rate_per_second;
    if (pass == 0 && verdict == HIGHEST_HELD && rate > highest->held.rate_per_second) {
        highest->held = c->config;
        highest->held_ns = highest_figure(c, metric).ns;
        highest->held_uncontended =
            highest_figure_of(c, metric, false).ns > (double)target_ns;
    }
    if (pass == 0 && verdict == HIGHEST_UNKNOWN && rate > highest->unknown_per_second)
        highest->unknown_per_second = rate;
    if (pass == 1 && verdict == HIGHEST_MISSED && rate > highest->held.rate_per_second &&
        rate - 1 <
            highest->missed.rate_per_second - 1) { /* 0, for none, is the largest */
        highest->missed = c->config;
        highest->missed_ns = highest_figure(c, metric).ns;
    }
}

int ipm_highest_find(struct ipm_highest_list *ret_list, const struct ipm_report *report,
                     const struct ipm_options *options) {
    const struct ipm_metric *metric = ipm_metric_find_percentile(options->target);
    *ret_list = (struct ipm_highest_list){0};
    for (int pass = 0; pass < 2 && metric != NULL; pass++)
        for (size_t i = 0; i < report->case_count; i++) {
            if (!highest_counts(&report->cases[i]))
                continue;
            struct ipm_highest *highest = highest_of(ret_list, report, i);
            if (highest == NULL)
                return -ENOMEM;
            highest_take(highest, &report->cases[i], metric, options->target_ns, pass);
        }
    return 0;
}

void ipm_highest_done(struct ipm_highest_list *list) {
    free(list->items);
    *list = (struct ipm_highest_list){0};
}
