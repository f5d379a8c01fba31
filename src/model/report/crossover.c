/* crossover.c - finds the sizes between which two transports change places. */
#include "model/report/crossover.h"

#include "base/array.h"
#include "model/report/series.h"
#include "model/report/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* A crossover is narrow enough when its sizes are closer than this ratio. */
static const double CROSSOVER_NARROW = 1.2;

/* Sizes are tried with so many significant bits: 9.5K, not 9741. */
enum { CROSSOVER_BITS = 5 };

uint64_t ipm_crossover_between(const struct ipm_crossover *crossover) {
    const double below = (double)crossover->passed.message_bytes;
    const double above = (double)crossover->passes.message_bytes;
    uint64_t step = 1;
    if (above / below <= CROSSOVER_NARROW)
        return 0;
    const uint64_t middle = (uint64_t)sqrt(below * above);
    while (middle / step >= 1u << CROSSOVER_BITS)
        step *= 2;
    const uint64_t rounded = (middle + step / 2) / step * step;
    return rounded > crossover->passed.message_bytes &&
                   rounded < crossover->passes.message_bytes
               ? rounded
               : 0;
}

/* What is compared, with room for as many ratios as a case has trials. */
struct crossover_work {
    struct ipm_crossovers *list;
    const struct ipm_report *report;
    double *ratios;
};

/* Returns 1 where a is better than b, -1 where b is, 0 for no difference: whether the
 * interval of the ratio, round by round, is on one side of 1. Drift affects both trials of
 * a round. Trials are in the order of rounds. */
static int crossover_compare(const struct crossover_work *work, const struct ipm_case *a,
                             const struct ipm_case *b) {
    const struct ipm_metric *metric = ipm_metric_primary(a);
    size_t count = 0;
    if (!ipm_series_has(a) || !ipm_series_has(b))
        return 0;
    for (size_t i = 0, k = 0; i < a->trial_count && k < b->trial_count;) {
        const uint64_t a_round = a->trials[i].round;
        const uint64_t b_round = b->trials[k].round;
        if (a_round == b_round)
            work->ratios[count++] = ipm_series_trial(work->report, a, metric, i) /
                                    ipm_series_trial(work->report, b, metric, k);
        i += a_round <= b_round;
        k += b_round <= a_round;
    }
    const struct ipm_statistic ratio = ipm_stats_of(work->ratios, count);
    return (ratio.ci95_low > 1) - (ratio.ci95_high < 1);
}

static int crossover_add(struct ipm_crossovers *list, const struct ipm_case *passed,
                         const struct ipm_case *passes) {
    struct ipm_crossover *crossover =
        ipm_array_add((void *)&list->items, &list->count, sizeof *crossover);
    if (crossover == NULL)
        return -ENOMEM;
    *crossover = (struct ipm_crossover){passed->config, passes->config};
    return 0;
}

/* Walks over the sizes that both have. */
static int crossover_pair(const struct crossover_work *work, const struct ipm_series *a,
                          const struct ipm_series *b) {
    const struct ipm_case *best = NULL; /* at the last size that has one */
    int last = 0;
    int failed = 0;
    for (size_t i = 0, k = 0; i < a->count && k < b->count && !failed;) {
        const struct ipm_case *x = a->cases[i];
        const struct ipm_case *y = b->cases[k];
        const uint64_t x_bytes = x->config.message_bytes;
        const uint64_t y_bytes = y->config.message_bytes;
        const int now = x_bytes == y_bytes ? crossover_compare(work, x, y) : 0;
        if (last * now < 0)
            failed = crossover_add(work->list, best, now > 0 ? x : y);
        if (now != 0) {
            best = now > 0 ? x : y;
            last = now;
        }
        i += x_bytes <= y_bytes;
        k += y_bytes <= x_bytes;
    }
    return failed;
}

int ipm_crossovers_find(struct ipm_crossovers *ret_list,
                        const struct ipm_report *report) {
    struct ipm_series_list list = {0};
    const struct crossover_work work = {
        .list = ret_list,
        .report = report,
        .ratios = calloc(ipm_series_trials(report) + 1, sizeof *work.ratios)};
    *ret_list = (struct ipm_crossovers){0};
    int failed = ipm_series_make(&list, report, NULL, NULL);
    if (work.ratios == NULL)
        failed = -ENOMEM;
    for (size_t i = 0; i < list.count && !failed; i++)
        for (size_t k = i + 1;
             k < list.count && !failed && list.items[k].group == list.items[i].group; k++)
            failed = crossover_pair(&work, &list.items[i], &list.items[k]);
    ipm_series_done(&list);
    free(work.ratios);
    return failed;
}

void ipm_crossovers_done(struct ipm_crossovers *list) {
    free(list->items);
    *list = (struct ipm_crossovers){0};
}
