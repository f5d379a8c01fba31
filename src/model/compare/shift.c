/* shift.c - the differences between all pairs of two lists. */
#include "model/compare/judge.h"

#include "model/report/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const double SHIFT_CONFIDENCE = 0.95;

struct shift_list {
    size_t count;
    double values[IPM_SHIFT_MOST];
};

/* Takes known values that are evenly spread over the list. */
static struct shift_list shift_thin(const double *values, size_t count) {
    struct shift_list list = {0};
    size_t known = 0;
    size_t place = 0;
    for (size_t i = 0; i < count; i++)
        known += isnan(values[i]) ? 0 : 1;
    list.count = known < IPM_SHIFT_MOST ? known : IPM_SHIFT_MOST;
    for (size_t i = 0, taken = 0; taken < list.count; i++)
        if (!isnan(values[i]) && place++ == taken * known / list.count)
            list.values[taken++] = values[i];
    return list;
}

/* ipm_stats_of sorts the differences, which are then indexed by rank. */
static void shift_fill(struct ipm_shift *shift, double *differences, size_t count,
                       size_t outside) {
    shift->median = ipm_stats_of(differences, count).median;
    if (outside > 0) {
        shift->low = differences[outside - 1];
        shift->high = differences[count - outside];
    }
}

int ipm_shift_of(struct ipm_shift *ret_shift, struct ipm_rank_cache *cache,
                 const double *a, size_t a_count, const double *b, size_t b_count) {
    const struct shift_list before = shift_thin(a, a_count);
    const struct shift_list after = shift_thin(b, b_count);
    const size_t count = before.count * after.count;
    double *differences = calloc(count + 1, sizeof *differences);
    if (!differences)
        return -ENOMEM;
    for (size_t i = 0; i < before.count; i++)
        for (size_t k = 0; k < after.count; k++)
            differences[i * after.count + k] = after.values[k] - before.values[i];
    const struct ipm_rank_test test =
        ipm_rank_sum(cache, after.values, after.count, before.values, before.count);
    *ret_shift = (struct ipm_shift){
        .low = NAN, .high = NAN, .p_up = test.greater, .p_down = test.less};
    shift_fill(ret_shift, differences, count,
               ipm_rank_sum_outside(cache, before.count, after.count, SHIFT_CONFIDENCE));
    free(differences);
    return 0;
}
