/* units_text.c - formats numbers for people, with three significant digits, except sizes,
 * which are exact. */
#include "base/units.h"

#include <math.h>
#include <stdio.h>

struct units_step {
    const char *name;
    double factor;
};

/* Each prefix applies up to the next; values below 1 get none. */
static const struct units_step units_prefixes[] = {
    {.name = "", .factor = 1},     {.name = "k", .factor = 1e3},
    {.name = "M", .factor = 1e6},  {.name = "G", .factor = 1e9},
    {.name = "T", .factor = 1e12}, {.name = "P", .factor = 1e15},
    {.name = "E", .factor = 1e18}, {.name = NULL},
};

static const struct units_step units_seconds[] = {
    {.name = "us", .factor = 1e3},
    {.name = "ms", .factor = 1e6},
    {.name = "s", .factor = 1e9},
    {.name = NULL},
};

/* Returns the decimals for three significant digits. The bounds account for rounding:
 * 9.996 is 10.0 instead of 10.00. */
static int units_decimals(double value) {
    static const double bounds[] = {99.95, 9.995, 0.9995, 0.09995, 0.009995};
    int most = (int)(sizeof bounds / sizeof bounds[0]);
    int decimals = 0;
    while (decimals < most && fabs(value) < bounds[decimals])
        decimals++;
    return decimals;
}

/* Returns the last step whose rounded value is at least 1. */
static const struct units_step *units_scale(const struct units_step *step, double value) {
    while (step[1].name != NULL && fabs(value) >= step[1].factor * 0.9995)
        step++;
    return step;
}

static void units_print(char text[IPM_UNITS_TEXT_BYTES], const struct units_step *step,
                        double value) {
    double scaled = value / step->factor;
    (void)snprintf(text, IPM_UNITS_TEXT_BYTES, "%.*f%s", units_decimals(scaled), scaled,
                   step->name);
}

const char *ipm_units_metric(char text[IPM_UNITS_TEXT_BYTES], double value) {
    double size = fabs(value);
    if (!isfinite(value))
        (void)snprintf(text, IPM_UNITS_TEXT_BYTES, "-");
    else if (size == 0)
        (void)snprintf(text, IPM_UNITS_TEXT_BYTES, "0");
    else if (size < 0.001 || size >= 999.5e18)
        (void)snprintf(text, IPM_UNITS_TEXT_BYTES, "%.2e", value);
    else
        units_print(text, units_scale(units_prefixes, value), value);
    return text;
}

/* From a minute on whole seconds, from an hour on whole minutes. Times are limited to
 * about a hundred years. */
static void units_print_long(char text[IPM_UNITS_TEXT_BYTES], double ns) {
    unsigned seconds = (unsigned)(fmin(ns, 4e18) / 1e9 + 0.5);
    unsigned minutes = (seconds + 30) / 60;
    if (seconds < 3600)
        (void)snprintf(text, IPM_UNITS_TEXT_BYTES, "%um %us", seconds / 60, seconds % 60);
    else
        (void)snprintf(text, IPM_UNITS_TEXT_BYTES, "%uh %um", minutes / 60, minutes % 60);
}

const char *ipm_units_time(char text[IPM_UNITS_TEXT_BYTES], double ns) {
    if (!isfinite(ns))
        (void)snprintf(text, IPM_UNITS_TEXT_BYTES, "-");
    else if (fabs(ns) < 999.5)
        (void)snprintf(text, IPM_UNITS_TEXT_BYTES, "%.3gns", ns);
    else if (ns < 59.95e9)
        units_print(text, units_scale(units_seconds, ns), ns);
    else
        units_print_long(text, ns);
    return text;
}
