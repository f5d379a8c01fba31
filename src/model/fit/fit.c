/* fit.c - the cost model: lines, regimes, bootstrap. */
#include "model/fit/fit.h"

#include "base/random.h"
#include "model/report/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One line may miss the interval of a size by this much without a second regime. */
static const double FIT_MISS_MOST = 0.05;

/* Fixed, so that a report always gives the same intervals. */
enum { FIT_SEED = 1 };

/* The sizes with a known median. */
struct fit_points {
    size_t count;
    uint64_t *bytes;
    struct ipm_statistic *medians;
    double *at;        /* the median of each, of the trials or of a resample */
    double *sorted;    /* times, ascending, round_count for each size */
    uint32_t *rounds;  /* the round of each */
    uint32_t *weights; /* how often a resample has each round */
};

/* --- lines ------------------------------------------------------------------------------ */

/* Minimises the sum of ((a + b n)/t - 1)^2 for a, b >= 0. */
static struct ipm_fit_line fit_line(const struct fit_points *points, size_t begin,
                                    size_t end) {
    double xx = 0;
    double xy = 0;
    double yy = 0;
    double x = 0;
    double y = 0;
    for (size_t i = begin; i < end; i++) {
        const double one = 1 / points->at[i];
        const double n = (double)points->bytes[i] / points->at[i];
        xx += one * one;
        xy += one * n;
        yy += n * n;
        x += one;
        y += n;
    }
    const double determinant = xx * yy - xy * xy;
    const struct ipm_fit_line line = {(x * yy - y * xy) / determinant,
                                      (xx * y - xy * x) / determinant};
    if (!(line.fixed_ns >= 0))
        return (struct ipm_fit_line){0, y / yy};
    return line.per_byte_ns >= 0 ? line : (struct ipm_fit_line){x / xx, 0};
}

static double fit_time(const struct ipm_fit_line *line, uint64_t bytes) {
    return line->fixed_ns + line->per_byte_ns * (double)bytes;
}

static double fit_residual(const struct fit_points *points, size_t begin, size_t end,
                           const struct ipm_fit_line *line) {
    double most = 0;
    for (size_t i = begin; i < end; i++)
        most = fmax(most, fabs(fit_time(line, points->bytes[i]) / points->at[i] - 1));
    return most;
}

/* Whether the line misses the interval of a median by more than FIT_MISS_MOST. */
static bool fit_misses(const struct fit_points *points, const struct ipm_fit_line *line) {
    for (size_t i = 0; i < points->count; i++) {
        const double time_ns = fit_time(line, points->bytes[i]);
        const struct ipm_statistic *median = &points->medians[i];
        if (time_ns / median->ci95_high > 1 + FIT_MISS_MOST ||
            median->ci95_low / time_ns > 1 + FIT_MISS_MOST)
            return true;
    }
    return false;
}

/* --- regimes ---------------------------------------------------------------------------- */

/* Returns the number of sizes in the first regime: all of them when one line is enough. */
static size_t fit_split(const struct fit_points *points, double *ret_residual) {
    const struct ipm_fit_line one = fit_line(points, 0, points->count);
    size_t split = points->count;
    *ret_residual = fit_residual(points, 0, points->count, &one);
    if (!fit_misses(points, &one))
        return split;
    double least = *ret_residual / 2;
    for (size_t i = IPM_FIT_SIZES_LEAST; i + IPM_FIT_SIZES_LEAST <= points->count; i++) {
        const struct ipm_fit_line below = fit_line(points, 0, i);
        const struct ipm_fit_line above = fit_line(points, i, points->count);
        const double residual = fmax(fit_residual(points, 0, i, &below),
                                     fit_residual(points, i, points->count, &above));
        if (residual <= least) {
            least = *ret_residual = residual;
            split = i;
        }
    }
    return split;
}

/* --- the bootstrap ---------------------------------------------------------------------- */

/* Sets at[i] to the median of a resample. */
static void fit_resampled_median(struct fit_points *points, size_t i,
                                 size_t round_count) {
    const double *sorted = points->sorted + i * round_count;
    const uint32_t *rounds = points->rounds + i * round_count;
    const size_t known = points->medians[i].count;
    uint64_t total = 0;
    uint64_t below = 0;
    size_t k = 0;
    for (size_t j = 0; j < known; j++)
        total += points->weights[rounds[j]];
    if (total == 0)
        return; /* the median of all stays */
    while (2 * (below + points->weights[rounds[k]]) < total)
        below += points->weights[rounds[k++]];
    points->at[i] = sorted[k];
    if (2 * (below + points->weights[rounds[k]]) > total)
        return;
    const double lower = sorted[k];
    do
        k++;
    while (points->weights[rounds[k]] == 0);
    points->at[i] = (lower + sorted[k]) / 2;
}

static void fit_resample(struct fit_points *points, size_t round_count, uint64_t *state) {
    memset(points->weights, 0, round_count * sizeof *points->weights);
    for (size_t r = 0; r < round_count; r++)
        points->weights[ipm_random_next(state) % round_count]++;
    for (size_t i = 0; i < points->count; i++) {
        points->at[i] = points->medians[i].median;
        fit_resampled_median(points, i, round_count);
    }
}

/* --- intervals -------------------------------------------------------------------------- */

static double fit_fixed(const struct ipm_fit_line *line, double bytes) {
    (void)bytes;
    return line->fixed_ns;
}

static double fit_per_byte(const struct ipm_fit_line *line, double bytes) {
    (void)bytes;
    return line->per_byte_ns;
}

static double fit_half(const struct ipm_fit_line *line, double bytes) {
    (void)bytes;
    return line->per_byte_ns > 0 ? line->fixed_ns / line->per_byte_ns : NAN;
}

static double fit_at(const struct ipm_fit_line *line, double bytes) {
    return line->fixed_ns + line->per_byte_ns * bytes;
}

static int fit_order(const void *left, const void *right) {
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Returns what `of` makes of the line, and the 2.5 % quantiles of what it makes of the
 * resamples. A resample without a value counts as the largest. */
static struct ipm_estimate
fit_value(const struct ipm_fit_regime *regime,
          double (*of)(const struct ipm_fit_line *line, double bytes), double bytes) {
    double values[IPM_FIT_RESAMPLES];
    const size_t outside = IPM_FIT_RESAMPLES / 40;
    for (size_t i = 0; i < IPM_FIT_RESAMPLES; i++) {
        const double value = of(&regime->resamples[i], bytes);
        values[i] = isnan(value) ? INFINITY : value;
    }
    qsort(values, IPM_FIT_RESAMPLES, sizeof values[0], fit_order);
    const double value = of(&regime->line, bytes);
    const double high = values[IPM_FIT_RESAMPLES - 1 - outside];
    return (struct ipm_estimate){.value = value,
                                 .low = fmin(values[outside], value),
                                 .high = isfinite(high) ? fmax(high, value) : NAN};
}

/* --- all of it -------------------------------------------------------------------------- */

static void fit_add_regime(struct ipm_fit *fit, const struct fit_points *points,
                           size_t begin, size_t end) {
    if (begin < end)
        fit->regimes[fit->regime_count++] =
            (struct ipm_fit_regime){.least_bytes = points->bytes[begin],
                                    .most_bytes = points->bytes[end - 1],
                                    .line = fit_line(points, begin, end)};
}

static void fit_make(struct ipm_fit *fit, struct fit_points *points, size_t round_count) {
    uint64_t state = FIT_SEED;
    const size_t split = fit_split(points, &fit->residual_ratio);
    if (!(fit->residual_ratio <= IPM_FIT_RESIDUAL_MOST))
        return;
    fit_add_regime(fit, points, 0, split);
    fit_add_regime(fit, points, split, points->count);
    for (size_t i = 0; i < IPM_FIT_RESAMPLES; i++) {
        fit_resample(points, round_count, &state);
        fit->regimes[0].resamples[i] = fit_line(points, 0, split);
        if (fit->regime_count > 1)
            fit->regimes[1].resamples[i] = fit_line(points, split, points->count);
    }
    for (size_t i = 0; i < fit->regime_count; i++) {
        struct ipm_fit_regime *regime = &fit->regimes[i];
        regime->fixed_ns = fit_value(regime, fit_fixed, 0);
        regime->per_byte_ns = fit_value(regime, fit_per_byte, 0);
        regime->half_bytes = fit_value(regime, fit_half, 0);
    }
}

struct fit_time {
    double time_ns;
    uint32_t round;
};

/* fit_order can compare these structs, because their first member is a time. */
static void fit_add_point(struct fit_points *points, const struct ipm_fit_data *data,
                          size_t size, struct fit_time *scratch) {
    const size_t base = points->count * data->round_count;
    size_t known = 0;
    for (size_t r = 0; r < data->round_count; r++) {
        const double time_ns = data->times[size * data->round_count + r];
        if (time_ns > 0 && isfinite(time_ns))
            scratch[known++] = (struct fit_time){time_ns, (uint32_t)r};
    }
    if (known == 0)
        return;
    qsort(scratch, known, sizeof *scratch, fit_order);
    for (size_t k = 0; k < known; k++) {
        points->sorted[base + k] = scratch[k].time_ns;
        points->rounds[base + k] = scratch[k].round;
    }
    points->bytes[points->count] = data->sizes[size];
    points->medians[points->count] = ipm_stats_of(points->sorted + base, known);
    points->at[points->count] = points->medians[points->count].median;
    points->count++;
}

int ipm_fit_of(struct ipm_fit *ret_fit, const struct ipm_fit_data *data) {
    const size_t sizes = data->size_count + 1;
    const size_t times = sizes * data->round_count + 1;
    struct fit_points points = {
        .bytes = calloc(sizes, sizeof *points.bytes),
        .medians = calloc(sizes, sizeof *points.medians),
        .at = calloc(sizes, sizeof *points.at),
        .sorted = calloc(times, sizeof *points.sorted),
        .rounds = calloc(times, sizeof *points.rounds),
        .weights = calloc(data->round_count + 1, sizeof *points.weights)};
    struct fit_time *scratch = calloc(data->round_count + 1, sizeof *scratch);
    const bool failed = points.bytes == NULL || points.medians == NULL ||
                        points.at == NULL || points.sorted == NULL ||
                        points.rounds == NULL || points.weights == NULL ||
                        scratch == NULL;
    memset(ret_fit, 0, sizeof *ret_fit);
    ret_fit->residual_ratio = NAN;
    for (size_t s = 0; s < data->size_count && !failed; s++)
        fit_add_point(&points, data, s, scratch);
    ret_fit->size_count = points.count;
    if (points.count >= IPM_FIT_SIZES_LEAST)
        fit_make(ret_fit, &points, data->round_count);
    free(points.bytes);
    free(points.medians);
    free(points.at);
    free(points.sorted);
    free(points.rounds);
    free(points.weights);
    free(scratch);
    return failed ? -ENOMEM : 0;
}

bool ipm_fit_at(const struct ipm_fit *fit, uint64_t bytes,
                struct ipm_estimate *ret_time_ns) {
    for (size_t i = 0; i < fit->regime_count; i++) {
        const struct ipm_fit_regime *regime = &fit->regimes[i];
        if (bytes < regime->least_bytes || bytes > regime->most_bytes)
            continue;
        *ret_time_ns = fit_value(regime, fit_at, (double)bytes);
        ret_time_ns->low *= 1 - fit->residual_ratio;
        ret_time_ns->high *= 1 + fit->residual_ratio;
        return true;
    }
    return false;
}

/* The least fraction of resamples that must cross; the others may cross elsewhere or not at all. */
static const double cross_share = 0.95;

static double cross_of(const struct ipm_fit_line *a, const struct ipm_fit_line *b) {
    return (a->fixed_ns - b->fixed_ns) / (b->per_byte_ns - a->per_byte_ns);
}

static int cross_order(const void *left, const void *right) {
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* All models have the same rounds in the same resample. */
static bool cross_regimes(const struct ipm_fit_regime *a, const struct ipm_fit_regime *b,
                          struct ipm_estimate *ret_bytes, bool *ret_passes) {
    const double least =
        (double)(a->least_bytes > b->least_bytes ? a->least_bytes : b->least_bytes);
    const double most =
        (double)(a->most_bytes < b->most_bytes ? a->most_bytes : b->most_bytes);
    double found[IPM_FIT_RESAMPLES];
    size_t count = 0;
    const double bytes = cross_of(&a->line, &b->line);
    if (!(bytes > least && bytes < most))
        return false;
    for (size_t i = 0; i < IPM_FIT_RESAMPLES; i++) {
        const double at = cross_of(&a->resamples[i], &b->resamples[i]);
        if (at >= least && at <= most)
            found[count++] = at;
    }
    if ((double)count < cross_share * IPM_FIT_RESAMPLES)
        return false;
    qsort(found, count, sizeof *found, cross_order);
    const size_t cut = (size_t)((double)count * (1 - cross_share) / 2);
    *ret_bytes = (struct ipm_estimate){
        .value = bytes, .low = found[cut], .high = found[count - 1 - cut]};
    *ret_passes = a->line.per_byte_ns < b->line.per_byte_ns;
    return true;
}

bool ipm_fit_cross(const struct ipm_fit *a, const struct ipm_fit *b,
                   struct ipm_estimate *ret_bytes, bool *ret_passes) {
    for (size_t i = 0; i < a->regime_count; i++)
        for (size_t j = 0; j < b->regime_count; j++)
            if (cross_regimes(&a->regimes[i], &b->regimes[j], ret_bytes, ret_passes))
                return true;
    return false;
}
