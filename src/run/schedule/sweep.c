/* sweep.c - looks for the highest rate that holds a target, by bisection. */
#include "run/schedule/sweep.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- the next rate ---------------------------------------------------------------------- */

/* A bracket is narrow enough when its ends are closer than this ratio; the second one where the
 * lower end does not hold the target, but has too few messages to tell. */
static const double SWEEP_NARROW = 1.05;
static const double SWEEP_NARROW_UNKNOWN = 2;

/* Factor to the next rate while one end of the bracket is unknown. */
static const double SWEEP_STEP = 8;

/* How often a rate whose trials are all contended is measured again. */
enum { SWEEP_CONTENDED_STAGES = 3 };

/* Rates are tried with three significant digits: 84300, not 84291. */
static uint64_t sweep_round(double rate) {
    const double step = fmax(1, pow(10, floor(log10(rate)) - 2));
    return (uint64_t)(round(rate / step) * step);
}

/* Returns a rate above `low` while no missed rate is known. The highest rate is near what the case
 * achieves without a rate. */
static double sweep_upward(double low, double most_per_second) {
    const double end =
        fmin(2 * low > most_per_second ? 2 * low : most_per_second, IPM_RATE_MOST);
    return isnan(most_per_second) ? fmin(SWEEP_STEP * low, IPM_RATE_MOST) : end;
}

uint64_t ipm_sweep_next(const struct ipm_highest *highest, double most_per_second) {
    const double held = (double)highest->held.rate_per_second;
    const double low = fmax(held, (double)highest->unknown_per_second);
    const double narrow = held > 0 ? SWEEP_NARROW : SWEEP_NARROW_UNKNOWN;
    const double high = (double)highest->missed.rate_per_second;
    double next = 0;
    if (high > 0 && low > 0)
        next = high <= narrow * low ? 0 : sqrt(low * high);
    else
        next = high > 0 ? high / SWEEP_STEP : sweep_upward(low, most_per_second);
    const uint64_t rate = next < 1 ? 0 : sweep_round(next);
    const bool between = (double)rate > low && (high == 0 || (double)rate < high);
    return between ? rate : 0;
}

/* --- more cases ------------------------------------------------------------------------- */

/* Returns the messages, or round trips, that a sender of the case achieves. */
static double sweep_achieved(const struct ipm_case *c) {
    const bool trips = c->primary == IPM_METRIC_ROUND_TRIPS;
    const enum ipm_metric_id metric = trips ? c->primary : IPM_METRIC_MESSAGES;
    const uint64_t senders = c->config.clients * c->config.pairs;
    return ipm_case_summary(c)->metrics[metric].median /
           (double)(senders > 0 ? senders : 1);
}

/* Returns the same of the case without a rate; NaN: it was not measured. */
static double sweep_most(const struct ipm_report *report,
                         const struct ipm_case_config *config) {
    const uint64_t same = ipm_settings_with(IPM_SETTING_LISTED | IPM_SETTING_AXIS |
                                            IPM_SETTING_WORK | IPM_SETTING_LABEL) &
                          ~ipm_settings_with(IPM_SETTING_PACE);
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        if (c->config.rate_per_second == 0 && c->status == IPM_CASE_OK &&
            ipm_settings_agree(&c->config, config, same))
            return sweep_achieved(c);
    }
    return NAN;
}

/* Makes room for one more case. */
static int sweep_grow(struct ipm_run_state *state) {
    const size_t count = state->plan->count + 1;
    void *grown = reallocarray(state->cases, count, sizeof *state->cases);
    if (grown == NULL)
        return -ENOMEM;
    state->cases = grown;
    grown = reallocarray(state->order, count, sizeof *state->order);
    if (grown == NULL)
        return -ENOMEM;
    state->order = grown;
    return 0;
}

/* Returns the case with that rate, or the number of cases: it was not tried. */
static size_t sweep_find(const struct ipm_run_state *state, size_t first, uint64_t rate) {
    size_t i = 0;
    while (i < state->plan->count &&
           (state->cases[i].origin != first ||
            state->plan->cases[i].config.rate_per_second != rate))
        i++;
    return i;
}

/* Measures a rate once more before it counts as missed: a machine may stall. A rate whose trials
 * are all contended is measured a few times more. Returns whether it did that. */
static bool sweep_again(struct ipm_run_state *state, const struct ipm_highest *highest) {
    const uint64_t rates[] = {highest->missed.rate_per_second,
                              highest->unknown_per_second};
    for (size_t k = 0; k < sizeof rates / sizeof *rates; k++) {
        const size_t i = sweep_find(state, highest->first, rates[k]);
        const struct ipm_case *c = &state->report->cases[i];
        if (rates[k] == 0 || i == state->plan->count || c->status != IPM_CASE_OK)
            continue;
        const unsigned most =
            !ipm_case_has_uncontended(c) ? SWEEP_CONTENDED_STAGES : k == 0;
        if (state->cases[i].stages >= most)
            continue;
        state->cases[i].stages++;
        state->cases[i].active = true;
        ipm_run_state_expect_stage(state);
        return true;
    }
    return false;
}

static int sweep_add(struct ipm_run_state *state, size_t first, uint64_t rate) {
    const size_t index = state->plan->count;
    int failed = sweep_grow(state);
    if (!failed)
        failed = ipm_plan_add_rate(state->plan, first, rate, state->options->recv_rule);
    if (!failed)
        failed = ipm_run_state_add_row(state, index);
    if (!failed)
        state->cases[index].origin = first;
    return failed;
}

static int sweep_extend(struct ipm_run_state *state,
                        const struct ipm_highest_list *list) {
    int added = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct ipm_highest *highest = &list->items[i];
        const uint64_t rate =
            ipm_sweep_next(highest, sweep_most(state->report, &highest->config));
        if (sweep_again(state, highest)) {
            added++;
            continue;
        }
        if (rate == 0 || sweep_find(state, highest->first, rate) < state->plan->count)
            continue;
        const int failed = sweep_add(state, highest->first, rate);
        if (failed ==
            -E2BIG) /* no room in a plan: the brackets stay as wide as they are */
            break;
        if (failed)
            return failed;
        added++;
    }
    return added;
}

int ipm_sweep_extend(struct ipm_run_state *state) {
    struct ipm_highest_list list = {0};
    for (size_t i = 0; i < state->plan->count; i++)
        state->cases[i].active = false;
    int code = ipm_report_summarize(state->report);
    if (code == 0)
        code = ipm_highest_find(&list, state->report, state->options);
    if (code == 0)
        code = sweep_extend(state, &list);
    ipm_highest_done(&list);
    return code;
}

/* --- the order of the report ------------------------------------------------------------ */

struct sweep_place {
    size_t pattern; /* the first case of the pattern */
    size_t origin;
    uint64_t rate;
    size_t index;
};

/* The cases with a rate come after those without. */
static int sweep_compare(const void *one, const void *other) {
    const struct sweep_place *a = one;
    const struct sweep_place *b = other;
    if (a->pattern != b->pattern)
        return a->pattern < b->pattern ? -1 : 1;
    if ((a->rate > 0) != (b->rate > 0))
        return a->rate > 0 ? 1 : -1;
    if (a->origin != b->origin)
        return a->origin < b->origin ? -1 : 1;
    return a->rate < b->rate ? -1 : a->rate > b->rate;
}

static struct sweep_place sweep_place(const struct ipm_run_state *state, size_t index) {
    const struct ipm_case *cases = state->report->cases;
    struct sweep_place place = {.origin = state->cases[index].origin,
                                .rate = cases[index].config.rate_per_second,
                                .index = index};
    while (strcmp(cases[place.pattern].config.pattern, cases[index].config.pattern) != 0)
        place.pattern++;
    return place;
}

int ipm_sweep_sort(struct ipm_run_state *state) {
    struct ipm_report *report = state->report;
    const size_t count = report->case_count;
    struct sweep_place *places = calloc(count + 1, sizeof *places);
    struct ipm_case *sorted = calloc(count + 1, sizeof *sorted);
    const bool failed = places == NULL || sorted == NULL;
    for (size_t i = 0; i < count && !failed; i++)
        places[i] = sweep_place(state, i);
    if (!failed)
        qsort(places, count, sizeof *places, sweep_compare);
    for (size_t i = 0; i < count && !failed; i++)
        sorted[i] = report->cases[places[i].index];
    if (!failed)
        memcpy(report->cases, sorted, count * sizeof *sorted);
    free(places);
    free(sorted);
    return failed ? -ENOMEM : 0;
}
