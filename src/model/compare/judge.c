/* judge.c - verdicts from two unpaired series, by their noise and drift. */
#include "model/compare/judge.h"

#include "model/report/calm.h"
#include "model/report/contention.h"
#include "model/report/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { JUDGE_HALVES_LEAST = 4 };

/* A reference is used only where it reduces the uncertainty to this fraction: the best of
 * five reduces it a little by chance. */
static const double JUDGE_WORTH = 0.9;

/* A reference is used only if it is known in at least this fraction of the trials of each side,
 * because the other trials are left out and a change might affect them only. */
static const double JUDGE_KNOWN = 0.75;

/* --- series ----------------------------------------------------------------------------- */

/* The null system call beside the trial tells more than that of its round. */
static void judge_speeds(struct ipm_compare_point *point, const struct ipm_report *report,
                         const struct ipm_case *c, const struct ipm_sample *trial) {
    for (int y = 0; y < IPM_REFERENCES; y++)
        point->speed[y] =
            ipm_reference_log_speed((enum ipm_reference)y, &report->references,
                                    trial->round, c->config.message_bytes);
    if (trial->null_syscall_ns > 0)
        point->speed[IPM_REFERENCE_SYSCALL] = -log(trial->null_syscall_ns);
    if (ipm_settings_share_cpu(&c->config)) /* which no other CPU affects */
        point->speed[IPM_REFERENCE_CORES] = NAN;
}

int ipm_compare_series_add(struct ipm_compare_series *series,
                           const struct ipm_report *report, const struct ipm_case *c,
                           const struct ipm_metric *metric, size_t run) {
    struct ipm_compare_point *grown = realloc(
        series->points, (series->count + c->trial_count + 1) * sizeof *series->points);
    if (!grown)
        return -ENOMEM;
    series->points = grown;
    const double fastest_ns =
        ipm_settings_share_cpu(&c->config) ? report->fastest_call_ns : NAN;
    for (size_t i = 0; i < c->trial_count; i++) {
        const struct ipm_metric_scope scope = {
            .references = &report->references, .subject = c, .trial = &c->trials[i]};
        const double value = ipm_metric_compared_value(metric, &scope);
        struct ipm_compare_point *point = &series->points[series->count];
        if (!isfinite(value))
            continue;
        if (ipm_contention_spoils(metric, &c->trials[i])) {
            series->contended++;
            continue;
        }
        *point = (struct ipm_compare_point){
            .value = log(value),
            .run = run,
            .calm = ipm_calm_is(&c->trials[i], fastest_ns) ? -log(fastest_ns) : NAN};
        judge_speeds(point, report, c, &c->trials[i]);
        series->messages += c->trials[i].sent.messages;
        series->count++;
    }
    return 0;
}

void ipm_compare_series_done(struct ipm_compare_series *series) {
    free(series->points);
    *series = (struct ipm_compare_series){0};
}

/* --- the effect of one reference -------------------------------------------------------- */

/* The values of one side whose trials have a known reference, and their runs. */
struct judge_values {
    size_t count;
    double *values;
    size_t *runs;
};

struct judge_room {
    const struct ipm_compare_series *sides;
    struct ipm_rank_cache *cache;
    struct judge_values known[IPM_ARMS];
    double *scratch;
    bool calm;                      /* slowed trials are left out */
    double changes[IPM_REFERENCES]; /* of the speed, NEW to BASE; NaN: not known enough */
};

struct judge_view {
    struct ipm_shift shift;
    double drift;
};

static double judge_median(struct judge_room *room, const double *values, size_t count) {
    if (count > 0)
        memcpy(room->scratch, values, count * sizeof *values);
    return ipm_stats_of(room->scratch, count).median;
}

double ipm_compare_sign(const struct ipm_metric *metric) {
    static const double signs[] = {
        [IPM_METRIC_RATE] = -1, [IPM_METRIC_TIME] = 1, [IPM_METRIC_COUNT] = 0};
    return signs[metric->scaling];
}

bool ipm_compare_counts(const struct ipm_compare_point *point, bool calm) {
    return !calm || !isnan(point->calm);
}

/* Trials whose reference is unknown are left out. */
static void judge_adjust(struct judge_room *room, const struct ipm_metric *metric,
                         enum ipm_reference reference) {
    for (int s = 0; s < IPM_ARMS; s++) {
        const struct ipm_compare_series *series = &room->sides[s];
        struct judge_values *known = &room->known[s];
        known->count = 0;
        for (size_t i = 0; i < series->count; i++) {
            const struct ipm_compare_point *point = &series->points[i];
            if (isnan(point->speed[reference]) || !ipm_compare_counts(point, room->calm))
                continue;
            known->runs[known->count] = point->run;
            known->values[known->count++] =
                point->value + ipm_compare_sign(metric) * point->speed[reference];
        }
    }
}

/* Returns the median speed of a side, or NaN: the reference is unknown in too many trials. */
static double judge_speed(struct judge_room *room, int side, int reference) {
    const struct ipm_compare_series *series = &room->sides[side];
    for (size_t i = 0; i < series->count; i++)
        room->scratch[i] = series->points[i].speed[reference];
    const struct ipm_statistic speed = ipm_stats_of(room->scratch, series->count);
    return (double)speed.count >= JUDGE_KNOWN * (double)series->count ? speed.median
                                                                      : NAN;
}

static double judge_calm(struct judge_room *room, int side) {
    const struct ipm_compare_series *series = &room->sides[side];
    for (size_t i = 0; i < series->count; i++)
        room->scratch[i] = series->points[i].calm;
    return ipm_stats_of(room->scratch, series->count).median;
}

/* Returns the largest difference between halves of a run, or a run and its side. */
static double judge_wander_of(struct judge_room *room, int side) {
    const struct judge_values *known = &room->known[side];
    const double *values = known->values;
    const double all = judge_median(room, values, known->count);
    double most = 0;
    for (size_t from = 0, to; from < known->count; from = to) {
        for (to = from; to < known->count && known->runs[to] == known->runs[from];)
            to++;
        const size_t half = (to - from) / 2;
        const double apart = judge_median(room, values + from, half) -
                             judge_median(room, values + to - half, half);
        if (to - from >= JUDGE_HALVES_LEAST)
            most = fmax(most, fabs(apart));
        most = fmax(most, fabs(judge_median(room, values + from, to - from) - all));
    }
    return most;
}

/* Returns the largest change of a reference relative to the chosen one. */
static double judge_change(const struct judge_room *room, const struct ipm_metric *metric,
                           enum ipm_reference reference) {
    double most = 0;
    for (int y = 1; y < IPM_REFERENCES && metric->scaling != IPM_METRIC_COUNT; y++)
        if (!isnan(room->changes[y]))
            most = fmax(most, fabs(room->changes[y] - room->changes[reference]));
    return most;
}

static int judge_look(struct judge_view *view, struct judge_room *room,
                      const struct ipm_metric *metric, enum ipm_reference reference) {
    const struct judge_values *base = &room->known[IPM_ARM_BASE];
    const struct judge_values *fresh = &room->known[IPM_ARM_NEW];
    judge_adjust(room, metric, reference);
    view->drift =
        fmax(judge_wander_of(room, IPM_ARM_BASE), judge_wander_of(room, IPM_ARM_NEW)) +
        judge_change(room, metric, reference);
    return ipm_shift_of(&view->shift, room->cache, base->values, base->count,
                        fresh->values, fresh->count);
}

/* Returns noise and drift together; NaN without an interval. */
static double judge_doubt(const struct judge_view *view) {
    return (view->shift.high - view->shift.low) / 2 + view->drift;
}

/* Looks by each reference, and keeps what leaves the least doubt. */
static int judge_choose_reference(struct ipm_compared *compared, struct judge_room *room,
                                  struct judge_view *best) {
    for (int y = 0; y < IPM_REFERENCES; y++)
        room->changes[y] =
            judge_speed(room, IPM_ARM_NEW, y) - judge_speed(room, IPM_ARM_BASE, y);
    int failed = judge_look(best, room, compared->metric, IPM_REFERENCE_NONE);
    double least = judge_doubt(best) * JUDGE_WORTH;
    for (int y = 1; y < IPM_REFERENCES && !failed; y++) {
        struct judge_view view;
        if (compared->metric->scaling == IPM_METRIC_COUNT || isnan(room->changes[y]))
            continue;
        failed = judge_look(&view, room, compared->metric, (enum ipm_reference)y);
        if (failed || !(judge_doubt(&view) < least))
            continue;
        *best = view;
        least = judge_doubt(&view);
        compared->reference = (enum ipm_reference)y;
    }
    return failed;
}

/* Whether calm trials alone are enough for a verdict. */
static bool judge_can_be_calm(const struct ipm_compare_series sides[IPM_ARMS]) {
    bool enough = true;
    for (int s = 0; s < IPM_ARMS; s++) {
        size_t calm = 0;
        for (size_t i = 0; i < sides[s].count; i++)
            calm += ipm_compare_counts(&sides[s].points[i], true);
        enough = enough && calm >= ipm_verdict_least(false);
    }
    return enough;
}

/* Looks at the calm trials alone. They need no reference, but runs whose calm trials were as fast. */
static int judge_choose_calm(struct ipm_compared *compared, struct judge_room *room,
                             struct judge_view *best) {
    struct judge_view view;
    room->calm = true;
    for (int y = 0; y < IPM_REFERENCES; y++)
        room->changes[y] = NAN;
    int failed = judge_look(&view, room, compared->metric, IPM_REFERENCE_NONE);
    view.drift += fabs(judge_calm(room, IPM_ARM_NEW) - judge_calm(room, IPM_ARM_BASE));
    if (failed || !(judge_doubt(&view) < judge_doubt(best) * JUDGE_WORTH))
        return failed;
    *best = view;
    compared->reference = IPM_REFERENCE_NONE;
    compared->calm = true;
    return 0;
}

static int judge_choose(struct ipm_compared *compared, struct judge_room *room,
                        struct judge_view *ret_view) {
    const int failed = judge_choose_reference(compared, room, ret_view);
    return failed || compared->metric->scaling == IPM_METRIC_COUNT ||
                   !judge_can_be_calm(room->sides)
               ? failed
               : judge_choose_calm(compared, room, ret_view);
}

/* --- one metric ------------------------------------------------------------------------- */

static void judge_fill(struct ipm_compared *compared, const struct judge_view *view,
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

void ipm_compare_summarize(struct ipm_compared *compared,
                           const struct ipm_compare_series sides[IPM_ARMS],
                           double *scratch) {
    for (int s = 0; s < IPM_ARMS; s++) {
        size_t count = 0;
        for (size_t i = 0; i < sides[s].count; i++)
            if (ipm_compare_counts(&sides[s].points[i], compared->calm))
                scratch[count++] = exp(sides[s].points[i].value);
        compared->sides[s] = ipm_stats_of(scratch, count);
        compared->contended[s] = sides[s].contended;
        compared->slowed[s] = sides[s].count - count;
    }
}

/* A trial of two messages makes three calls, and one of 44 by the same code 45. */
void ipm_compare_widen(struct ipm_compared *compared,
                       const struct ipm_compare_series sides[IPM_ARMS]) {
    for (int s = 0; s < IPM_ARMS && compared->metric->events; s++) {
        const double trials = (double)sides[s].count;
        const double events = fmax(compared->sides[s].median, compared->metric->least) *
                              (double)sides[s].messages;
        if (events > 0)
            compared->threshold = fmax(compared->threshold, IPM_ROLES * trials / events);
    }
}

int ipm_compare_measure(struct ipm_compared *compared,
                        const struct ipm_compare_series sides[IPM_ARMS], double threshold,
                        struct ipm_rank_cache *cache) {
    const size_t most = sides[IPM_ARM_BASE].count + sides[IPM_ARM_NEW].count + 1;
    double *values = calloc(3 * most, sizeof *values);
    size_t *runs = calloc(2 * most, sizeof *runs);
    struct judge_room room = {.sides = sides, .cache = cache, .scratch = values};
    struct judge_view view;
    int failed = values && runs ? 0 : -ENOMEM;
    for (size_t s = 0; s < IPM_ARMS && !failed; s++)
        room.known[s] = (struct judge_values){.values = values + (s + 1) * most,
                                              .runs = runs + s * most};
    if (!failed)
        failed = judge_choose(compared, &room, &view);
    if (!failed) {
        judge_fill(compared, &view, threshold);
        ipm_compare_summarize(compared, sides, values);
        ipm_compare_widen(compared, sides);
    }
    free(values);
    free(runs);
    return failed;
}
