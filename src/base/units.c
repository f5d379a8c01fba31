/* units.c - reads numbers with a unit: one table per unit system. */
#include "base/units.h"

#include "base/err.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct units_row {
    const char *name;
    uint64_t factor;
};

static const struct units_row units_sizes[] = {
    {.name = "", .factor = 1},           {.name = "B", .factor = 1},
    {.name = "K", .factor = 1U << 10},   {.name = "KB", .factor = 1U << 10},
    {.name = "KiB", .factor = 1U << 10}, {.name = "M", .factor = 1U << 20},
    {.name = "MB", .factor = 1U << 20},  {.name = "MiB", .factor = 1U << 20},
    {.name = "G", .factor = 1U << 30},   {.name = "GB", .factor = 1U << 30},
    {.name = "GiB", .factor = 1U << 30}, {.name = NULL},
};

static const struct units_row units_times[] = {
    {.name = "ns", .factor = 1},
    {.name = "us", .factor = 1000},
    {.name = "ms", .factor = 1000000},
    {.name = "s", .factor = 1000000000},
    {.name = "m", .factor = 60000000000},
    {.name = "h", .factor = 3600000000000},
    {.name = NULL},
};

/* What is read, and for what: all that an error needs. */
struct units_ask {
    const char *text;
    const char *what;
    const char *hint;
    struct ipm_err *err;
};

struct units_number {
    uint64_t whole;
    double fraction; /* below 1 */
    bool has_fraction;
    bool too_large; /* whole does not fit */
    const char *rest;
};

/* complaint is NULL where the text is not a number of this kind at all. */
static int units_refuse(const struct units_ask *ask, int code, const char *complaint) {
    if (complaint == NULL)
        (void)ipm_err_set(ask->err, code, "invalid %s '%s'", ask->what, ask->text);
    else
        (void)ipm_err_set(ask->err, code, "%s '%s' %s", ask->what, ask->text, complaint);
    ipm_err_hint(ask->err, "%s", ask->hint);
    return code;
}

/* Digits, and a fraction behind a point: not all that strtod(3) takes. */
static int units_scan(const struct units_ask *ask, struct units_number *number) {
    static const char digits[] = "0123456789";
    const char *text = ask->text;
    const size_t whole = strspn(text, digits);
    const size_t fraction = text[whole] == '.' ? strspn(text + whole + 1, digits) : 0;
    if (text[0] == '-' && (strspn(text + 1, digits) > 0 || text[1] == '.'))
        return units_refuse(ask, -EINVAL, "must not be negative");
    if (whole + fraction == 0)
        return units_refuse(ask, -EINVAL, NULL);
    *number = (struct units_number){.rest = text + whole, .has_fraction = fraction > 0};
    errno = 0;
    if (whole > 0)
        number->whole = strtoull(text, NULL, 10);
    number->too_large = errno == ERANGE;
    for (size_t i = fraction; i > 0; i--)
        number->fraction = (number->fraction + (text[whole + i] - '0')) / 10;
    if (fraction > 0)
        number->rest += 1 + fraction;
    return 0;
}

static int units_scan_whole(const struct units_ask *ask, struct units_number *number) {
    int code = units_scan(ask, number);
    if (code == 0 && number->has_fraction)
        return units_refuse(ask, -EINVAL, "must be a whole number");
    return code;
}

static const struct units_row *units_find(const struct units_row *row, const char *name,
                                          int (*order)(const char *, const char *)) {
    while (row->name != NULL && order(row->name, name) != 0)
        row++;
    return row->name != NULL ? row : NULL;
}

/* Sizes and times are at most INT64_MAX: integers in a report are signed, and a deadline
 * is a time added to a clock. */
int ipm_units_parse_size(const char *text, const char *what, uint64_t *ret_bytes,
                         struct ipm_err *err) {
    const struct units_ask ask = {.text = text,
                                  .what = what,
                                  .err = err,
                                  .hint = "a number and K, M or G: 64, 4K, 1M"};
    struct units_number number;
    int code = units_scan_whole(&ask, &number);
    if (code != 0)
        return code;
    const struct units_row *unit = units_find(units_sizes, number.rest, strcasecmp);
    if (unit == NULL)
        return units_refuse(&ask, -EINVAL, NULL);
    if (number.too_large || number.whole > INT64_MAX / unit->factor)
        return units_refuse(&ask, -ERANGE, "is too large");
    *ret_bytes = number.whole * unit->factor;
    return 0;
}

int ipm_units_parse_time(const char *text, const char *what, uint64_t *ret_ns,
                         struct ipm_err *err) {
    const struct units_ask ask = {.text = text,
                                  .what = what,
                                  .err = err,
                                  .hint =
                                      "a number and ns, us, ms, s, m or h: 100ms, 1.5s"};
    struct units_number number;
    int code = units_scan(&ask, &number);
    if (code != 0)
        return code;
    if (number.rest[0] == '\0')
        return units_refuse(&ask, -EINVAL, "lacks a unit");
    const struct units_row *unit = units_find(units_times, number.rest, strcmp);
    if (unit == NULL)
        return units_refuse(&ask, -EINVAL, NULL);
    if (number.too_large || number.whole >= INT64_MAX / unit->factor)
        return units_refuse(&ask, -ERANGE, "is too large");
    double part = number.fraction * (double)unit->factor;
    *ret_ns = number.whole * unit->factor + (uint64_t)(part + 0.5);
    return 0;
}

int ipm_units_parse_count(const char *text, const char *what, uint64_t least,
                          uint64_t most, uint64_t *ret_count, struct ipm_err *err) {
    char hint[96];
    const struct units_ask ask = {.text = text, .what = what, .err = err, .hint = hint};
    struct units_number number;
    (void)snprintf(hint, sizeof hint, "a whole number from %" PRIu64 " to %" PRIu64,
                   least, most);
    int code = units_scan_whole(&ask, &number);
    if (code != 0)
        return code;
    if (number.rest[0] != '\0')
        return units_refuse(&ask, -EINVAL, NULL);
    if (number.too_large || number.whole > most)
        return units_refuse(&ask, -ERANGE, "is too large");
    if (number.whole < least)
        return units_refuse(&ask, -ERANGE, "is too small");
    *ret_count = number.whole;
    return 0;
}
