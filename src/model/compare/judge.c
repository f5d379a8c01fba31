/* judge.c - noise and drift of two series, and what is left of their difference.
 * Knows no file. */
#include "model/compare/judge.h"

#include "model/compare/rank.h"
#include "model/compare/shift.h"
#include "model/report/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COMPARE_MORE_MOST = 1000, COMPARE_HALVES_LEAST = 4 };

/* A reference measurement is divided out only where it leaves that much less of what cannot be told:
 * the best of five by chance is none. */
static const double COMPARE_WORTH = 0.9;

/* Drift of so many half intervals is not believed of a case that does not show it. */
static const double COMPARE_CALM = 3;

/* Drift of up to so many half intervals may be noise alone: see compare_lasting. */
static const double COMPARE_LUCK = 2.5;

/* --- series ----------------------------------------------------------------------------- */

/* How far it is to another CPU is nothing to it. */
static bool compare_is_on_one_cpu(const struct ipm_case_config *config) {
    return config->sender_cpu >= 0 && config->sender_cpu == config->receiver_cpu;
}

static void compare_speeds(struct ipm_compare_point *point,
                           const struct ipm_report *report, const struct ipm_case *c,
                           uint64_t round) {
    for (int y = 0; y < IPM_REFERENCES; y++)
        point->speed[y] =
            y == IPM_REFERENCE_CORES && compare_is_on_one_cpu(&c->config)
                ? NAN
                : ipm_reference_log_speed((enum ipm_reference)y, &report->references,
                                          round, c->config.message_bytes);
}

int ipm_compare_series_add(struct ipm_compare_series *series,
                           const struct ipm_report *report, const struct ipm_case *c,
                           const struct ipm_metric *metric, size_t run) {
    struct ipm_compare_point *grown = realloc(
        series->points, (series->count + c->trial_count + 1) * sizeof *series->points);
    if (!grown)
        return -ENOMEM;
    series->points = grown;
    for (size_t i = 0; i < c->trial_count; i++) {
        const struct ipm_metric_scope scope = {
            .references = &report->references, .subject = c, .trial = &c->trials[i]};
        const double value = ipm_metric_compared_value(metric, &scope);
        struct ipm_compare_point *point = &series->points[series->count];
        if (!isfinite(value))
            continue;
        *point = (struct ipm_compare_point){.value = log(value), .run = run};
        compare_speeds(point, report, c, c->trials[i].round);
        series->count++;
    }
    return 0;
}

void ipm_compare_series_done(struct ipm_compare_series *series) {
    free(series->points);
    *series = (struct ipm_compare_series){0};
}

/* --- what one choice of a reference makes of them ----------------------------------------- */

/* Room for the values of both sides, and for sorting some of them. */
struct compare_room {
    const struct ipm_compare_series *sides;
    double *values[IPM_ARMS];
    size_t counts[IPM_ARMS];
    double *scratch;
};

struct compare_view {
    struct ipm_shift shift;
    double drift;
};

static double compare_median(struct compare_room *room, const double *values,
                             size_t count) {
    if (count > 0)
        memcpy(room->scratch, values, count * sizeof *values);
    return ipm_stats_of(room->scratch, count).median;
}

/* A rate is divided by the speed of the machine, a time multiplied by it. */
static double compare_sign(const struct ipm_metric *metric) {
    static const double signs[] = {
        [IPM_METRIC_RATE] = -1, [IPM_METRIC_TIME] = 1, [IPM_METRIC_COUNT] = 0};
    return signs[metric->scaling];
}

static void compare_adjust(struct compare_room *room, const struct ipm_metric *metric,
                           enum ipm_reference reference) {
    for (int s = 0; s < IPM_ARMS; s++) {
        const struct ipm_compare_series *series = &room->sides[s];
        room->counts[s] = series->count;
        for (size_t i = 0; i < series->count; i++)
            room->values[s][i] =
                series->points[i].value +
                compare_sign(metric) * series->points[i].speed[reference];
    }
}

static double compare_speed(struct compare_room *room, int side, int reference) {
    const struct ipm_compare_series *series = &room->sides[side];
    for (size_t i = 0; i < series->count; i++)
        room->scratch[i] = series->points[i].speed[reference];
    return ipm_stats_of(room->scratch, series->count).median;
}

/* How far the first and the second half of a run, and the runs of a side, lie apart. */
static double compare_wander_of(struct compare_room *room, int side) {
    const struct ipm_compare_series *series = &room->sides[side];
    const double *values = room->values[side];
    const double all = compare_median(room, values, series->count);
    double most = 0;
    for (size_t from = 0, to; from < series->count; from = to) {
        for (to = from;
             to < series->count && series->points[to].run == series->points[from].run;)
            to++;
        const size_t half = (to - from) / 2;
        const double apart = compare_median(room, values + from, half) -
                             compare_median(room, values + to - half, half);
        if (to - from >= COMPARE_HALVES_LEAST)
            most = fmax(most, fabs(apart));
        most = fmax(most, fabs(compare_median(room, values + from, to - from) - all));
    }
    return most;
}

/* How much some reference changed more, or less, than the one that is divided out. */
static double compare_change(struct compare_room *room, const struct ipm_metric *metric,
                             enum ipm_reference reference) {
    double most = 0;
    const double out = compare_speed(room, IPM_ARM_NEW, (int)reference) -
                       compare_speed(room, IPM_ARM_BASE, (int)reference);
    for (int y = 0; y < IPM_REFERENCES && metric->scaling != IPM_METRIC_COUNT; y++) {
        const double change =
            compare_speed(room, IPM_ARM_NEW, y) - compare_speed(room, IPM_ARM_BASE, y);
        if (y != IPM_REFERENCE_NONE && isfinite(change))
            most = fmax(most, fabs(change - out));
    }
    return most;
}

static int compare_look(struct compare_view *view, struct compare_room *room,
                        const struct ipm_metric *metric, enum ipm_reference reference) {
    compare_adjust(room, metric, reference);
    view->drift = fmax(compare_wander_of(room, IPM_ARM_BASE),
                       compare_wander_of(room, IPM_ARM_NEW)) +
                  compare_change(room, metric, reference);
    return ipm_shift_of(&view->shift, room->values[IPM_ARM_BASE],
                        room->counts[IPM_ARM_BASE], room->values[IPM_ARM_NEW],
                        room->counts[IPM_ARM_NEW]);
}

/* Of noise and drift together; NaN where the reference is not known in every round. */
static double compare_doubt(const struct compare_view *view) {
    return (view->shift.high - view->shift.low) / 2 + view->drift;
}

static int compare_choose(struct ipm_compared *compared, struct compare_room *room,
                          struct compare_view *ret_view) {
    int failed = compare_look(ret_view, room, compared->metric, IPM_REFERENCE_NONE);
    double least = compare_doubt(ret_view) * COMPARE_WORTH;
    for (int y = 1; y < IPM_REFERENCES && !failed; y++) {
        struct compare_view view;
        if (compared->metric->scaling == IPM_METRIC_COUNT)
            break;
        failed = compare_look(&view, room, compared->metric, (enum ipm_reference)y);
        if (failed || !(compare_doubt(&view) < least))
            continue;
        *ret_view = view;
        least = compare_doubt(&view);
        compared->reference = (enum ipm_reference)y;
    }
    return failed;
}

/* --- one figure ------------------------------------------------------------------------- */

static void compare_fill(struct ipm_compared *compared, const struct compare_view *view,
                         double threshold) {
    const bool up = compared->metric->more_is_better;
    compared->ratio = exp(view->shift.median);
    compared->ratio_low = exp(view->shift.low);
    compared->ratio_high = exp(view->shift.high);
    compared->p_regressed = up ? view->shift.p_down : view->shift.p_up;
    compared->p_improved = up ? view->shift.p_up : view->shift.p_down;
    compared->drift = expm1(view->drift);
    compared->threshold = expm1(log1p(threshold) + view->drift);
}

static void compare_summarize(struct ipm_compared *compared, struct compare_room *room) {
    for (int s = 0; s < IPM_ARMS; s++) {
        for (size_t i = 0; i < room->sides[s].count; i++)
            room->scratch[i] = exp(room->sides[s].points[i].value);
        compared->sides[s] = ipm_stats_of(room->scratch, room->sides[s].count);
    }
}

int ipm_compare_measure(struct ipm_compared *compared,
                        const struct ipm_compare_series sides[IPM_ARMS],
                        double threshold) {
    const size_t most = sides[IPM_ARM_BASE].count + sides[IPM_ARM_NEW].count + 1;
    double *values = calloc(3 * most, sizeof *values);
    struct compare_view view;
    if (!values)
        return -ENOMEM;
    struct compare_room room = {
        .sides = sides, .values = {values, values + most}, .scratch = values + 2 * most};
    const int failed = compare_choose(compared, &room, &view);
    if (!failed) {
        compare_fill(compared, &view, threshold);
        compare_summarize(compared, &room);
    }
    free(values);
    return failed;
}

/* --- all of them ------------------------------------------------------------------------ */

static size_t compare_trials(const struct ipm_compared *compared) {
    const size_t base = compared->sides[IPM_ARM_BASE].count;
    const size_t fresh = compared->sides[IPM_ARM_NEW].count;
    return base < fresh ? base : fresh;
}

static bool compare_is_enough(const struct ipm_compared *compared) {
    return compare_trials(compared) >= IPM_VERDICT_BLOCKS_LEAST;
}

int ipm_compare_correct(struct ipm_compared *results, size_t count) {
    double *p = calloc(2 * count + 1, sizeof *p);
    int failed = p ? 0 : -ENOMEM;
    for (size_t i = 0; !failed && i < count; i++) {
        p[i] = results[i].p_regressed;
        p[count + i] = results[i].p_improved;
    }
    if (!failed)
        failed = ipm_rank_holm(p, count);
    if (!failed)
        failed = ipm_rank_holm(p + count, count);
    for (size_t i = 0; !failed && i < count; i++) {
        results[i].p_regressed = p[i];
        results[i].p_improved = p[count + i];
    }
    free(p);
    return failed;
}

static double compare_half(const struct ipm_compared *compared) {
    return (log(compared->ratio_high) - log(compared->ratio_low)) / 2;
}

static double compare_typical(double *scratch, const struct ipm_compared *results,
                              size_t count) {
    size_t known = 0;
    for (size_t i = 0; i < count; i++)
        if (results[i].metric->scaling != IPM_METRIC_COUNT &&
            compare_is_enough(&results[i]))
            scratch[known++] = log1p(results[i].drift);
    return ipm_stats_of(scratch, known).median;
}

/* The halves of one run may lie together by chance, and the machine wander all the same: then
 * most other cases show it. What is calm is not believed to wander much, whatever they do. */
static int compare_share_drift(struct ipm_compared *results, size_t count,
                               double threshold) {
    double *scratch = calloc(count + 1, sizeof *scratch);
    if (!scratch)
        return -ENOMEM;
    const double typical = compare_typical(scratch, results, count);
    for (size_t i = 0; i < count && isfinite(typical); i++) {
        const double likely = fmin(typical, COMPARE_CALM * compare_half(&results[i]));
        if (results[i].metric->scaling == IPM_METRIC_COUNT ||
            !(likely > log1p(results[i].drift)))
            continue;
        results[i].drift = expm1(likely);
        results[i].threshold = expm1(log1p(threshold) + likely);
    }
    free(scratch);
    return 0;
}

/* What was measured, before anything was divided out, must not say the opposite. */
static bool compare_went(const struct ipm_compared *compared, bool upwards) {
    const double low = upwards ? compared->ratio_low : 1 / compared->ratio_high;
    const double raw =
        compared->sides[IPM_ARM_NEW].median - compared->sides[IPM_ARM_BASE].median;
    return (upwards ? raw : -raw) > 0 &&
           ipm_verdict_is_beyond(low, true, compared->threshold);
}

/* Drift widens what counts as a change, and as well what may hide behind none. */
static bool compare_is_same(const struct ipm_compared *compared, double threshold) {
    const double wander = 1 + fmax(compared->drift, 0); /* not known: 0 */
    return !ipm_verdict_is_beyond(compared->ratio_high * wander, true, threshold) &&
           !ipm_verdict_is_beyond(compared->ratio_low / wander, false, threshold);
}

static enum ipm_verdict compare_verdict(const struct ipm_compared *compared,
                                        double threshold, double alpha) {
    const bool up = compared->metric->more_is_better;
    if (!compare_is_enough(compared))
        return IPM_VERDICT_INSUFFICIENT;
    if (compared->p_regressed < alpha && compare_went(compared, !up))
        return IPM_VERDICT_REGRESSED;
    if (compared->p_improved < alpha && compare_went(compared, up))
        return IPM_VERDICT_IMPROVED;
    return compare_is_same(compared, threshold) ? IPM_VERDICT_SAME
                                                : IPM_VERDICT_INCONCLUSIVE;
}

/* The drift that more trials would not take away. Medians of halves differ by noise, too: one
 * standard deviation of that is 0.9 of the half interval, and the larger of two sides counts. */
static double compare_lasting(const struct ipm_compared *compared) {
    const double drift = log1p(fmax(compared->drift, 0));
    return drift > COMPARE_LUCK * compare_half(compared) ? drift : 0;
}

/* The interval shrinks with the root of the trials: until it ends inside the threshold that
 * was asked for, narrowed by drift, or outside the one that was widened by it. */
static uint64_t compare_more(const struct ipm_compared *compared, double threshold) {
    const double half = compare_half(compared);
    const double change = fabs(log(compared->ratio));
    const double room = fmax(log1p(threshold) - compare_lasting(compared) - change,
                             change - log1p(compared->threshold));
    const double trials = (double)compare_trials(compared);
    const double more = ceil(fmax(trials * (half / room) * (half / room) - trials, 1));
    return room > 0 && more <= COMPARE_MORE_MOST ? (uint64_t)more : 0;
}

int ipm_compare_decide(struct ipm_compared *results, size_t count, double threshold,
                       double alpha) {
    for (size_t i = 0; i < count; i++)
        if (!compare_is_enough(&results[i]))
            results[i].p_regressed = results[i].p_improved = NAN;
    int failed = ipm_compare_correct(results, count);
    if (!failed)
        failed = compare_share_drift(results, count, threshold);
    for (size_t i = 0; !failed && i < count; i++) {
        results[i].verdict = compare_verdict(&results[i], threshold, alpha);
        if (results[i].verdict == IPM_VERDICT_INCONCLUSIVE)
            results[i].rounds_more = compare_more(&results[i], threshold);
    }
    return failed;
}
