/* odd.c - which of several machines is odd in a case: an outlier. */
#include "model/merge/merge.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* The median absolute deviation of a normal distribution times this is its deviation. */
static const double ODD_SCALE = 1.4826;

/* By the least number of groups: so many scaled MADs are exceeded by the furthest of that many
 * equal machines in 1 % of the cases. Simulated with 200,000 samples of normal values for each
 * row; an odd number of groups needs more than the even one below it. */
static const struct {
    size_t groups;
    double deviations;
} odd_limits[] = {
    {4, 15.7}, {5, 18.7}, {6, 10.0}, {7, 10.7}, {8, 8.0},  {9, 8.3},   {10, 6.9},
    {12, 6.3}, {15, 6.0}, {20, 5.2}, {30, 4.8}, {50, 4.5}, {100, 4.4},
};

/* More than a quarter of the groups are a kind of their own. */
enum { ODD_SHARE = 4 };

static double odd_deviations(size_t groups) {
    double deviations = NAN;
    for (size_t i = 0; i < sizeof odd_limits / sizeof odd_limits[0]; i++)
        if (odd_limits[i].groups <= groups)
            deviations = odd_limits[i].deviations;
    return deviations;
}

static void odd_mark(struct ipm_merge_result *result) {
    result->odd_count = 0;
    for (size_t i = 0; i < result->value_count; i++) {
        struct ipm_merge_value *value = &result->values[i];
        value->ratio = value->trials.median / result->median;
        value->odd = fabs(log(value->ratio)) > log1p(result->limit); /* never if NaN */
        result->odd_count += value->odd;
    }
    result->mixed = ODD_SHARE * result->odd_count > result->value_count;
    if (!result->mixed)
        return;
    for (size_t i = 0; i < result->value_count; i++)
        result->values[i].odd = false;
    result->odd_count = 0;
}

int ipm_merge_judge(struct ipm_merge_result *result, double threshold) {
    const size_t count = result->value_count;
    double *logs = calloc(count + 1, sizeof *logs);
    if (logs == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        logs[i] = log(result->values[i].trials.median);
    const double middle = ipm_stats_of(logs, count).median;
    for (size_t i = 0; i < count; i++)
        logs[i] = fabs(logs[i] - middle);
    const double deviation = ODD_SCALE * ipm_stats_of(logs, count).median;
    free(logs);
    result->median = exp(middle);
    result->spread = expm1(deviation);
    result->limit = odd_deviations(count) * deviation;
    if (!isnan(result->limit))
        result->limit = fmax(expm1(result->limit), threshold);
    odd_mark(result);
    return 0;
}
