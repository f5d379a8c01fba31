/* runs.c - measures one or more runs against the runs of a history.
 *
 * Runs of one build differ by more than their trials tell: by memory layout, other guests of the
 * host and the time of day. So the unit is a run, and its value is the median of its trials, or
 * that of the calm ones (model/report/calm.h), or their fast end: a neighbour only makes trials
 * slower, so that the fast ones may be more alike.
 * The standard deviation of these values in BASE says how much runs differ without a cause; the
 * interval and the probabilities of a further run are those of Student's t distribution.
 *
 * These and a reference are used only where they make the runs of BASE agree much better, whatever
 * NEW is. Where a reference measurement changed by more than it does in BASE, the machine may have
 * changed: what is beyond widens the threshold. */
#include "model/compare/judge.h"

#include "model/compare/rank.h"
#include "model/report/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Fewer runs tell too little of their spread. */
enum { RUNS_LEAST = 5 };

/* A reference is used where it reduces the spread to this fraction: the best of several
 * reduces it a little by chance. */
static const double RUNS_WORTH = 0.7;

static const double RUNS_OUTSIDE = 0.025;         /* of the interval, on each side */
static const double RUNS_MACHINE_OUTSIDE = 0.005; /* the same of a reference */

/* The standard error of a median is sqrt(pi/2) times that of a mean (Gaussian values). */
static const double RUNS_MEDIAN_ERROR = 1.2533;

/* The fast end: 1 % of the trials are faster, so that it is near the fastest of 60. */
static const double RUNS_FAST = 0.01;

struct runs_room {
    const struct ipm_compare_series *sides;
    double *scratch;
    double *values[IPM_ARMS]; /* of each run */
};

/* The runs of both sides by one measure: of NEW minus of BASE. */
struct runs_view {
    double change;
    double spread; /* standard deviation between runs of BASE; NaN: not all are known */
    double error;  /* standard error of the change */
    size_t freedom;
};

static size_t runs_count(const struct ipm_compare_series *series) {
    size_t count = 0;
    for (size_t i = 0; i < series->count; i++)
        count += i == 0 || series->points[i].run != series->points[i - 1].run;
    return count;
}

bool ipm_compare_has_history(const struct ipm_compare_series *base) {
    return runs_count(base) >= RUNS_LEAST;
}

/* What is taken of a trial: weight * value + sign * speed by `reference` - speed by `other`. The speed
 * by no reference is 0. */
struct runs_measure {
    double weight;
    double sign;
    int reference;
    int other;
    double quantile; /* of the trials, which is the value of the run */
    bool calm;       /* by the calm trials only */
};

/* --- runs ------------------------------------------------------------------------------- */

static double runs_point(const struct ipm_compare_point *point,
                         const struct runs_measure *measure) {
    if (!ipm_compare_counts(point, measure->calm))
        return NAN;
    return measure->weight * point->value +
           measure->sign * point->speed[measure->reference] -
           point->speed[measure->other];
}

/* Returns a value between those of sorted trials. */
static double runs_at(const double *sorted, size_t count, double rank) {
    const double last = (double)count - 1;
    const double at = fmin(fmax(rank, 0), last);
    const size_t low = (size_t)at;
    const double part = at - (double)low;
    return part > 0 ? sorted[low] + part * (sorted[low + 1] - sorted[low]) : sorted[low];
}

/* Returns the value of a run, whose trials it sorts. `ret_own` is its standard error by these
 * trials: half the distance of the values whose ranks are a standard deviation away. */
static double runs_value(double *trials, size_t count, const struct runs_measure *measure,
                         double *ret_own) {
    const double quantile = measure->quantile;
    const size_t known = ipm_stats_of(trials, count).count;
    const double rank = quantile * ((double)known - 1);
    const double away = sqrt((double)known * quantile * (1 - quantile));
    if (known < (measure->calm ? ipm_verdict_least(false) : 1))
        return *ret_own = NAN;
    *ret_own =
        (runs_at(trials, known, rank + away) - runs_at(trials, known, rank - away)) / 2;
    return runs_at(trials, known, rank);
}

/* Fills the value of each run of a side, and returns their statistic. `ret_own` is the largest
 * standard error of a value by the trials of its run. */
static struct ipm_statistic runs_side(const struct runs_room *room, int side,
                                      const struct runs_measure *measure,
                                      double *ret_own) {
    const struct ipm_compare_series *series = &room->sides[side];
    size_t runs = 0;
    *ret_own = 0;
    for (size_t from = 0, to = 0; from < series->count; from = to) {
        for (; to < series->count && series->points[to].run == series->points[from].run;
             to++)
            room->scratch[to - from] = runs_point(&series->points[to], measure);
        double own = 0;
        room->values[side][runs++] = runs_value(room->scratch, to - from, measure, &own);
        *ret_own = fmax(*ret_own, own);
    }
    struct ipm_statistic all = ipm_stats_of(room->values[side], runs);
    if (all.count < runs) /* a run without a known value */
        all.median = all.stddev = NAN;
    return all;
}

/* NEW has its own part of the error, which is that of a run of BASE, or more where its trials
 * differ more. Several runs of NEW have that of one: they follow each other, and what makes a run
 * differ may last for all of them. */
static struct runs_view runs_look(const struct runs_room *room,
                                  const struct runs_measure *measure) {
    double own = 0;
    double fresh_own = 0;
    const struct ipm_statistic base = runs_side(room, IPM_ARM_BASE, measure, &own);
    const struct ipm_statistic fresh = runs_side(room, IPM_ARM_NEW, measure, &fresh_own);
    const double centre = RUNS_MEDIAN_ERROR * base.stddev / sqrt((double)base.count);
    const double one = fmax(base.stddev, fresh_own);
    return (struct runs_view){.change = fresh.median - base.median,
                              .spread = base.stddev,
                              .error = hypot(centre, one),
                              .freedom = base.count - 1};
}

/* --- references ------------------------------------------------------------------------- */

/* Chooses between the medians of all trials, those of the calm ones, and the fast ends, by each
 * reference. */
static struct runs_view runs_choose(struct ipm_compared *compared,
                                    const struct runs_room *room) {
    const double sign = ipm_compare_sign(compared->metric);
    const struct runs_measure kinds[] = {
        {.quantile = 0.5},
        {.quantile = 0.5, .calm = true},
        {.quantile = sign > 0 ? RUNS_FAST : 1 - RUNS_FAST}};
    const size_t count = sizeof kinds / sizeof *kinds * IPM_REFERENCES;
    struct runs_view best = {0};
    double least = NAN;
    for (size_t i = 0; i < (sign == 0 ? 1 : count); i++) {
        struct runs_measure measure = kinds[i / IPM_REFERENCES];
        measure.weight = 1;
        measure.sign = sign;
        measure.reference = (int)(i % IPM_REFERENCES);
        const struct runs_view view = runs_look(room, &measure);
        if (i > 0 && (!(view.spread < least) || isnan(view.change)))
            continue;
        best = view;
        least = i > 0 ? view.spread : RUNS_WORTH * view.spread;
        compared->reference = (enum ipm_reference)measure.reference;
        compared->calm = measure.calm;
        compared->fast_end = measure.quantile != 0.5;
    }
    return best;
}

/* Returns by how much the machine changed beyond what BASE shows: the largest of the
 * references, relative to the chosen one. */
static double runs_machine(const struct ipm_compared *compared,
                           const struct runs_room *room) {
    double most = 0;
    for (int y = 1; y < IPM_REFERENCES && compared->metric->scaling != IPM_METRIC_COUNT;
         y++) {
        const struct runs_view view =
            runs_look(room, &(struct runs_measure){.sign = 1,
                                                   .reference = y,
                                                   .other = (int)compared->reference,
                                                   .quantile = 0.5,
                                                   .calm = compared->calm});
        if (y != (int)compared->reference && !isnan(view.change))
            most = fmax(most, fabs(view.change) -
                                  view.error * ipm_student_limit(RUNS_MACHINE_OUTSIDE,
                                                                 view.freedom));
    }
    return most;
}

/* --- one metric ------------------------------------------------------------------------- */

static void runs_fill(struct ipm_compared *compared, const struct runs_view *view,
                      double machine, double threshold) {
    const bool up = compared->metric->more_is_better;
    const double half = view->error * ipm_student_limit(RUNS_OUTSIDE, view->freedom);
    const double t = view->error > 0          ? view->change / view->error
                     : fabs(view->change) > 0 ? copysign(INFINITY, view->change)
                                              : 0;
    const double above = ipm_student_above(t, view->freedom);
    compared->by_runs = true;
    compared->ratio = exp(view->change);
    compared->ratio_low = exp(view->change - half);
    compared->ratio_high = exp(view->change + half);
    compared->p_regressed = up ? 1 - above : above;
    compared->p_improved = up ? above : 1 - above;
    compared->base_spread = expm1(view->spread);
    compared->drift = expm1(machine);
    compared->threshold = expm1(log1p(threshold) + machine);
}

int ipm_compare_measure_runs(struct ipm_compared *compared,
                             const struct ipm_compare_series sides[IPM_ARMS],
                             double threshold) {
    const size_t most = sides[IPM_ARM_BASE].count + sides[IPM_ARM_NEW].count + 1;
    double *values = calloc(3 * most, sizeof *values);
    struct runs_room room = {.sides = sides, .scratch = values};
    if (!values)
        return -ENOMEM;
    for (size_t s = 0; s < IPM_ARMS; s++)
        room.values[s] = values + (s + 1) * most;
    const struct runs_view view = runs_choose(compared, &room);
    runs_fill(compared, &view, runs_machine(compared, &room), threshold);
    ipm_compare_summarize(compared, sides, values);
    ipm_compare_widen(compared, sides);
    free(values);
    return 0;
}
