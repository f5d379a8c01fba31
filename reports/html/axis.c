/* axis.c - scales and ticks. */
#include "reports/html/plot.h"

#include <math.h>
#include <string.h>

/* Beyond these, rounding may overflow. No measured value comes near them. */
static const double axis_most = 1e290;
static const double axis_least = 1e-290;

bool ipm_html_axis_show(struct ipm_html_axis *axis, double value) {
    if (!(fabs(value) < axis_most) || (axis->logarithmic && !(value > axis_least)))
        return false;
    axis->low = axis->shows ? fmin(axis->low, value) : value;
    axis->high = axis->shows ? fmax(axis->high, value) : value;
    axis->shows = true;
    return true;
}

void ipm_html_axis_tick(struct ipm_html_axis *axis, double value) {
    size_t at = axis->tick_count;
    while (at > 0 && axis->ticks[at - 1] > value)
        at--;
    if (axis->tick_count == IPM_HTML_TICKS_MOST ||
        (at > 0 && !(axis->ticks[at - 1] < value)))
        return;
    memmove(&axis->ticks[at + 1], &axis->ticks[at],
            (axis->tick_count - at) * sizeof axis->ticks[0]);
    axis->ticks[at] = value;
    axis->tick_count++;
}

struct ipm_cell ipm_html_axis_word(const struct ipm_html_axis *axis, double value) {
    return axis->words != NULL
               ? axis->words[(size_t)value]
               : axis->format(axis->unit > 0 ? value / axis->unit : value);
}

double ipm_html_axis_place(const struct ipm_html_axis *axis, double value) {
    double low = axis->low;
    double high = axis->high;
    if (axis->logarithmic) {
        low = log10(low);
        high = log10(high);
        value = log10(value);
    }
    const double share = high > low ? (value - low) / (high - low) : 0.5;
    return axis->from + share * (axis->to - axis->from);
}

enum { AXIS_FIRST_STEPS = 3, AXIS_LINEAR_TICKS = 5, AXIS_LABELS = 6 };

static const double axis_steps[AXIS_FIRST_STEPS] = {1, 2, 5};

/* Returns element n of the sequence ..., 0.5, 1, 2, 5, 10, ...; element 0 is 1. */
static double axis_round_number(long n) {
    const bool below = n % AXIS_FIRST_STEPS < 0; /* C division rounds towards 0 */
    const long decade = n / AXIS_FIRST_STEPS - (below ? 1 : 0);
    const long step = n - decade * AXIS_FIRST_STEPS;
    return axis_steps[step] * pow(10, (double)decade);
}

/* Returns the index of the largest round number that is not above the value, with a
 * tolerance for rounding errors. */
static long axis_round_below(double value) {
    long n = (long)floor(log10(value)) * AXIS_FIRST_STEPS - 1;
    while (axis_round_number(n + 1) <= value * (1 + 1e-9))
        n++;
    return n;
}

/* The axis begins and ends at round numbers. All round numbers between them get a tick if there is
 * room, else one in each decade, or fewer. */
static void axis_round_log(struct ipm_html_axis *axis) {
    const long first = axis_round_below(axis->low / axis->unit);
    long last = axis_round_below(axis->high / axis->unit);
    if (axis_round_number(last) * (1 + 1e-9) < axis->high / axis->unit || last == first)
        last++;
    long step = 1;
    while ((last - first) / step > AXIS_LABELS)
        step = step == 1 ? AXIS_FIRST_STEPS : step + AXIS_FIRST_STEPS;
    axis->low = axis_round_number(first) * axis->unit;
    axis->high = axis_round_number(last) * axis->unit;
    for (long n = first; n <= last; n++)
        if (n % step == 0)
            ipm_html_axis_tick(axis, axis_round_number(n) * axis->unit);
}

/* A linear axis begins at 0, which was shown. */
static void axis_round_linear(struct ipm_html_axis *axis) {
    const double span = axis->high > 0 ? axis->high : 1;
    long n = axis_round_below(span / axis->unit / AXIS_LINEAR_TICKS);
    while (span > axis_round_number(n) * axis->unit * AXIS_LINEAR_TICKS * (1 + 1e-9))
        n++;
    const double step = axis_round_number(n) * axis->unit;
    const long count = lround(ceil(axis->high / step - 1e-9));
    for (long i = 0; i <= count; i++)
        ipm_html_axis_tick(axis, (double)i * step);
    axis->high = fmax((double)count, 1) * step;
}

void ipm_html_axis_round(struct ipm_html_axis *axis) {
    axis->tick_count = 0;
    if (!axis->shows)
        return;
    if (axis->logarithmic)
        axis_round_log(axis);
    else
        axis_round_linear(axis);
}
