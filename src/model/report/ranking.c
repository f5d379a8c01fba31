/* ranking.c - ratios of two cases, paired by round. */
#include "model/report/ranking.h"

#include "model/report/report.h"

#include <math.h>
#include <stdlib.h>

/* Returns a value of which more is better. */
static double ranking_value(const struct ipm_metric *metric,
                            const struct ipm_references *references,
                            const struct ipm_case *c, const struct ipm_sample *trial) {
    const double value = ipm_metric_compared_value(
        metric, &(struct ipm_metric_scope){
                    .references = references, .subject = c, .trial = trial});
    return metric->more_is_better ? value : 1 / value;
}

struct ipm_statistic ipm_ranking_ratio_of(const struct ipm_metric *metric,
                                          const struct ipm_references *references,
                                          const struct ipm_case *a,
                                          const struct ipm_case *b) {
    double *ratios = calloc(a->trial_count + 1, sizeof *ratios);
    size_t count = 0;
    for (size_t i = 0; ratios != NULL && i < a->trial_count; i++) {
        const struct ipm_sample *other = ipm_case_find_trial(b, a->trials[i].round);
        if (other == NULL)
            continue;
        const double below = ranking_value(metric, references, b, other);
        const double above = ranking_value(metric, references, a, &a->trials[i]);
        ratios[count++] = below > 0 ? above / below : NAN;
    }
    const struct ipm_statistic ratio = ipm_stats_of(ratios, count);
    free(ratios);
    return ratio;
}

struct ipm_statistic ipm_ranking_ratio(const struct ipm_case *a,
                                       const struct ipm_case *b) {
    return ipm_ranking_ratio_of(ipm_metric_primary(a), NULL, a, b);
}

double ipm_ranking_least(const struct ipm_statistic *ratio) {
    return fmin(ratio->ci95_low, ratio->median - ipm_statistic_half(ratio));
}

bool ipm_ranking_is_ahead(const struct ipm_statistic *ratio) {
    return ipm_ranking_least(ratio) > 1;
}

bool ipm_ranking_is_open(const struct ipm_statistic *ratio) {
    return fmax(ratio->ci95_high, ratio->median + ipm_statistic_half(ratio)) >= 2;
}

enum ipm_place ipm_ranking_place(const struct ipm_case *c) {
    size_t places[] = {[IPM_PLACE_ONE_CPU] = 0, [IPM_PLACE_TWO_CPUS] = 0};
    if (c->config.sender_cpu >= 0 || c->config.server[0] != '\0')
        return IPM_PLACE_UNKNOWN;
    for (size_t i = 0; i < c->trial_count; i++) {
        const int64_t sender_cpu = c->trials[i].usage[IPM_SENDER].last_cpu;
        const int64_t receiver_cpu = c->trials[i].usage[IPM_RECEIVER].last_cpu;
        if (sender_cpu >= 0 && receiver_cpu >= 0)
            places[sender_cpu == receiver_cpu ? IPM_PLACE_ONE_CPU : IPM_PLACE_TWO_CPUS]++;
    }
    const size_t known = places[IPM_PLACE_ONE_CPU] + places[IPM_PLACE_TWO_CPUS];
    if (known == 0)
        return IPM_PLACE_UNKNOWN;
    if (10 * places[IPM_PLACE_ONE_CPU] >= 9 * known)
        return IPM_PLACE_ONE_CPU;
    return 10 * places[IPM_PLACE_TWO_CPUS] >= 9 * known ? IPM_PLACE_TWO_CPUS
                                                        : IPM_PLACE_MIXED;
}

bool ipm_ranking_placement_differs(const struct ipm_case *c, enum ipm_place *found) {
    const enum ipm_place place = ipm_ranking_place(c);
    const enum ipm_place before = *found;
    if (place == IPM_PLACE_UNKNOWN)
        return false;
    *found = place;
    return place == IPM_PLACE_MIXED || (before != IPM_PLACE_UNKNOWN && before != place);
}
