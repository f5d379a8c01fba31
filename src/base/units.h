/* units.h - converts "64K" and "100ms" to numbers and back: one table per unit system.
 *
 * Numbers are decimal, with an optional exponent ("1e6"), and spaces may precede the unit.
 * Sizes: K, M or G, each 1,024 times the one before, with an optional "iB" or "B" ("64K",
 * "64KiB", "64KB" and 65536 are the same; case does not matter); whole bytes ("1.5K").
 * Times: ns, us, ms, s, m or h, or the longer words ("1.5s", "1 min"); a unit is required, but
 * for 0. */
#ifndef IPM_BASE_UNITS_H
#define IPM_BASE_UNITS_H

#include "base/cell.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ipm_err;

/* A unit system. */
struct ipm_unit {
    const char *argument; /* in a help text: "SIZE" */
    const char *hint;     /* the syntax; NULL: a whole number within its bounds */
    const struct ipm_unit_row *rows;
    int (*order)(const char *, const char *); /* compares names of rows */
    const char *zero;                         /* the text of 0; NULL: as any number */
    const char *not_whole; /* the complaint about fractions; NULL: they are rounded */
    uint64_t limit;
};

extern const struct ipm_unit ipm_unit_count;
extern const struct ipm_unit ipm_unit_size;
extern const struct ipm_unit ipm_unit_time;
extern const struct ipm_unit ipm_unit_rate; /* messages a second: k and M, 1,000 each */

/* Parses the whole text. Errors are -EINVAL (not a number, trailing text, negative) and
 * -ERANGE (out of bounds); their subject is `what` ("size", "duration"). */
int ipm_units_parse(const struct ipm_unit *unit, const char *text, const char *what,
                    uint64_t least, uint64_t most, uint64_t *ret_number,
                    struct ipm_err *err);

/* Returns the number with the largest unit that makes it whole. It reads back as the same
 * number. */
struct ipm_cell ipm_units_exact(const struct ipm_unit *unit, uint64_t number);

/* Returns "64K" when exact, otherwise "65537". It reads back as the same number. */
struct ipm_cell ipm_units_size(uint64_t bytes);

/* Returns three significant digits and a metric prefix: "12.3k", "999", "1.20M"; "-" for
 * NaN. */
struct ipm_cell ipm_units_metric(double value);

/* Returns a time: "1m 20s", "1.50s", "100ms", "12.3us", "45ns". */
struct ipm_cell ipm_units_time(double ns);

#endif
