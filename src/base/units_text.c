/* units_text.c - formats numbers for people, with three significant digits, except sizes,
 * which are exact. */
#include "base/units.h"

#include <math.h>

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

static struct ipm_cell units_print(const struct units_step *step, double value) {
    double scaled = value / step->factor;
    return ipm_cell_print("%.*f%s", units_decimals(scaled), scaled, step->name);
}

struct ipm_cell ipm_units_metric(double value) {
    double size = fabs(value);
    if (!isfinite(value))
        return ipm_cell_print("-");
    if (size == 0)
        return ipm_cell_print("0");
    if (size < 0.001 || size >= 999.5e18)
        return ipm_cell_print("%.2e", value);
    return units_print(units_scale(units_prefixes, value), value);
}

/* From a minute on whole seconds, from an hour on whole minutes. Times are limited to
 * about a hundred years. */
static struct ipm_cell units_print_long(double ns) {
    unsigned seconds = (unsigned)(fmin(ns, 4e18) / 1e9 + 0.5);
    unsigned minutes = (seconds + 30) / 60;
    if (seconds < 3600)
        return ipm_cell_print("%um %us", seconds / 60, seconds % 60);
    return ipm_cell_print("%uh %um", minutes / 60, minutes % 60);
}

struct ipm_cell ipm_units_time(double ns) {
    if (!isfinite(ns))
        return ipm_cell_print("-");
    if (fabs(ns) < 999.5)
        return ipm_cell_print("%.3gns", ns);
    return ns < 59.95e9 ? units_print(units_scale(units_seconds, ns), ns)
                        : units_print_long(ns);
}
