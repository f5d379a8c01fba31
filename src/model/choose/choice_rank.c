/* choice_rank.c - the order of the candidates of a group. */

#include "model/choose/choice.h"
#include "model/report/ranking.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct ipm_statistic ipm_choice_statistic(const struct ipm_estimate *estimate) {
    return (struct ipm_statistic){.median = estimate->value,
                                  .ci95_low = estimate->low,
                                  .ci95_high = estimate->high};
}

/* Returns how many times as good a is as b: paired by round where both were measured. The model
 * has no rounds, so there it follows from the two intervals. */
static struct ipm_estimate choice_ratio(const struct ipm_metric *metric,
                                        const struct ipm_references *references,
                                        const struct ipm_choice_candidate *a,
                                        const struct ipm_choice_candidate *b) {
    const struct ipm_estimate *over = metric->more_is_better ? &a->value : &b->value;
    const struct ipm_estimate *under = metric->more_is_better ? &b->value : &a->value;
    if (!a->interpolated && !b->interpolated) {
        const struct ipm_statistic paired =
            ipm_ranking_ratio_of(metric, references, a->example, b->example);
        if (isfinite(paired.ci95_low))
            return (struct ipm_estimate){paired.median, paired.ci95_low,
                                         paired.ci95_high};
    }
    return (struct ipm_estimate){over->value / under->value, over->low / under->high,
                                 over->high / under->low};
}

/* Compares by rank, then by value, the best first. */
static int choice_order(const void *left, const void *right) {
    const struct ipm_choice_candidate *a = left;
    const struct ipm_choice_candidate *b = right;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return (a->ratio.value > b->ratio.value) - (a->ratio.value < b->ratio.value);
}

static void choice_sort(struct ipm_choice_candidate *items, size_t count) {
    if (count > 1)
        qsort(items, count, sizeof *items, choice_order);
}

/* Ranks the items, of which the first has the best value: its rank is shared by those that it is
 * not known to be ahead of. Returns their number; they are the first ones then. */
static size_t choice_tie(const struct ipm_metric *metric,
                         const struct ipm_references *references, size_t rank,
                         struct ipm_choice_candidate *items, size_t count) {
    size_t tied = 0;
    for (size_t i = 0; i < count; i++) {
        const struct ipm_estimate ratio =
            choice_ratio(metric, references, &items[0], &items[i]);
        const struct ipm_statistic statistic = ipm_choice_statistic(&ratio);
        const bool behind = i > 0 && ipm_ranking_is_ahead(&statistic);
        items[i].rank = rank + behind;
        tied += !behind;
    }
    choice_sort(items, count);
    return tied;
}

/* Excludes all candidates where the scheduler placed some on one CPU and others on two. */
static void choice_mix(struct ipm_choice_group *group) {
    enum ipm_place found = IPM_PLACE_UNKNOWN;
    for (size_t i = 0; i < group->candidate_count && !group->mixes; i++)
        group->mixes =
            ipm_ranking_placement_differs(group->candidates[i].example, &found);
    for (size_t i = 0; i < group->candidate_count && group->mixes; i++) {
        struct ipm_choice_exclusion *exclusion =
            &group->exclusions[group->exclusion_count++];
        exclusion->config = group->candidates[i].config;
        (void)snprintf(exclusion->reason, sizeof exclusion->reason,
                       "the scheduler put the two ends on one CPU or on two");
    }
    if (group->mixes)
        group->candidate_count = 0;
}

/* Until all candidates have ranks, `ratio` holds the value to sort by, negated where more is
 * better. */
void ipm_choice_rank(struct ipm_choice_group *group,
                     const struct ipm_references *references) {
    const struct ipm_metric *metric = group->metric;
    choice_mix(group);
    struct ipm_choice_candidate *items = group->candidates;
    const size_t count = group->candidate_count;
    for (size_t i = 0; i < count; i++)
        items[i].ratio.value =
            metric->more_is_better ? -items[i].value.value : items[i].value.value;
    choice_sort(items, count);
    for (size_t i = 0; i < count;)
        i += choice_tie(metric, references, i + 1, &items[i], count - i);
    for (size_t i = count; i-- > 0;)
        items[i].ratio = i > 0 ? choice_ratio(metric, references, &items[0], &items[i])
                               : (struct ipm_estimate){1, 1, 1};
}
