/* units.c - reads numbers with a unit: one table per unit system. */
#include "base/units.h"

#include "base/err.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct ipm_unit_row {
    const char *name;
    uint64_t factor;
};

/* The units for output come first. */
static const struct ipm_unit_row units_sizes[] = {
    {.name = "G", .factor = 1U << 30},   {.name = "M", .factor = 1U << 20},
    {.name = "K", .factor = 1U << 10},   {.name = "", .factor = 1},
    {.name = "GB", .factor = 1U << 30},  {.name = "MB", .factor = 1U << 20},
    {.name = "KB", .factor = 1U << 10},  {.name = "B", .factor = 1},
    {.name = "GiB", .factor = 1U << 30}, {.name = "MiB", .factor = 1U << 20},
    {.name = "KiB", .factor = 1U << 10}, {.name = NULL},
};

static const struct ipm_unit_row units_times[] = {
    {.name = "h", .factor = 3600000000000},
    {.name = "m", .factor = 60000000000},
    {.name = "s", .factor = 1000000000},
    {.name = "ms", .factor = 1000000},
    {.name = "us", .factor = 1000},
    {.name = "ns", .factor = 1},
    {.name = "hr", .factor = 3600000000000},
    {.name = "hour", .factor = 3600000000000},
    {.name = "hours", .factor = 3600000000000},
    {.name = "min", .factor = 60000000000},
    {.name = "mins", .factor = 60000000000},
    {.name = "minute", .factor = 60000000000},
    {.name = "minutes", .factor = 60000000000},
    {.name = "sec", .factor = 1000000000},
    {.name = "secs", .factor = 1000000000},
    {.name = "second", .factor = 1000000000},
    {.name = "seconds", .factor = 1000000000},
    {.name = "msec", .factor = 1000000},
    {.name = "usec", .factor = 1000},
    {.name = "\u00b5s", .factor = 1000}, /* the micro sign, and the Greek letter */
    {.name = "\u03bcs", .factor = 1000},
    {.name = "nsec", .factor = 1},
    {.name = NULL},
};

static const struct ipm_unit_row units_rates[] = {{.name = "M", .factor = 1000000},
                                                  {.name = "k", .factor = 1000},
                                                  {.name = "", .factor = 1},
                                                  {.name = NULL}};

static const struct ipm_unit_row units_counts[] = {{.name = "", .factor = 1},
                                                   {.name = NULL}};

/* Sizes and times are at most INT64_MAX, because integers in a report are signed and a
 * deadline is a time added to a clock. */
const struct ipm_unit ipm_unit_count = {.argument = "N",
                                        .rows = units_counts,
                                        .order = strcmp,
                                        .not_whole = "must be a whole number",
                                        .limit = UINT64_MAX};
const struct ipm_unit ipm_unit_size = {.argument = "SIZE",
                                       .hint = "a number and K, M or G: 64, 4K, 1M",
                                       .rows = units_sizes,
                                       .order = strcasecmp,
                                       .not_whole = "is not a whole number of bytes",
                                       .limit = INT64_MAX};
const struct ipm_unit ipm_unit_time = {
    .argument = "TIME",
    .hint = "a number and ns, us, ms, s, m or h: 100ms, 1.5s",
    .rows = units_times,
    .order = strcmp,
    .zero = "0s",
    .limit = INT64_MAX};

const struct ipm_unit ipm_unit_rate = {
    .argument = "RATE",
    .hint = "messages per second, with k or M (1,000 each), or max: 500, 20k, 1.5M",
    .rows = units_rates,
    .order = strcasecmp,
    .not_whole = "is not a whole number",
    .limit = INT64_MAX};

enum { UNITS_EXPONENT_MOST = 100 }; /* 1e100 is too large, and 1e-100 is 0 */

static const double UNITS_ROUNDING = 1e-6; /* of a fraction times a factor */

/* The text to parse and everything that an error message needs. */
struct units_ask {
    const struct ipm_unit *unit;
    const char *text;
    const char *what;
    uint64_t least;
    uint64_t most;
    struct ipm_err *err;
};

struct units_number {
    uint64_t whole;
    double fraction; /* at most 1 */
    bool overflows;  /* the whole number does not fit */
    const char *rest;
};

/* complaint is NULL if the text is not a number of this kind. */
static int units_refuse(const struct units_ask *ask, int code, const char *complaint) {
    if (complaint == NULL)
        (void)ipm_err_set(ask->err, code, "invalid %s '%s'", ask->what, ask->text);
    else
        (void)ipm_err_set(ask->err, code, "%s '%s' %s", ask->what, ask->text, complaint);
    if (strchr(ask->text, ',') != NULL)
        ipm_err_hint(ask->err,
                     "one value is needed, and this is a list: one run for each");
    if (strncasecmp(ask->text, "0x", 2) == 0)
        ipm_err_hint(ask->err, "numbers are decimal");
    if (ask->unit->hint == NULL)
        ipm_err_hint(ask->err, "a whole number from %" PRIu64 " to %" PRIu64, ask->least,
                     ask->most);
    else
        ipm_err_hint(ask->err, "%s", ask->unit->hint);
    return code;
}

/* Returns the i-th digit of a number whose point, if any, follows `whole` digits. */
static unsigned units_digit(const char *text, size_t whole, size_t i) {
    return (unsigned)(text[i < whole ? i : i + 1] - '0');
}

/* Returns the exponent at *rest and advances *rest, or 0 if there is none. */
static long units_scan_exponent(const char **rest) {
    const char *digits = *rest + 1;
    if (**rest != 'e' && **rest != 'E')
        return 0;
    digits += *digits == '+' || *digits == '-';
    if (*digits < '0' || *digits > '9')
        return 0;
    char *end = NULL;
    const long exponent = strtol(*rest + 1, &end, 10);
    *rest = end;
    return exponent < -UNITS_EXPONENT_MOST  ? -UNITS_EXPONENT_MOST
           : exponent > UNITS_EXPONENT_MOST ? UNITS_EXPONENT_MOST
                                            : exponent;
}

/* Sets the number from `count` digits, of which `places` are before the point. */
static void units_value(struct units_number *number, const char *text, size_t whole,
                        size_t count, long places) {
    for (long i = 0; i < places; i++) {
        const unsigned digit =
            (size_t)i < count ? units_digit(text, whole, (size_t)i) : 0;
        number->overflows |= number->whole > (UINT64_MAX - digit) / 10;
        number->whole = number->whole * 10 + digit;
    }
    for (long i = (long)count; i > places; i--)
        number->fraction =
            (number->fraction + (i > 0 ? units_digit(text, whole, (size_t)i - 1) : 0)) /
            10;
}

/* Reads digits, a decimal fraction, an exponent, and spaces before the unit. It accepts
 * less than strtod(3) and does not round. */
static int units_scan(const struct units_ask *ask, struct units_number *number) {
    static const char digits[] = "0123456789";
    const char *text = ask->text + strspn(ask->text, " ");
    const size_t whole = strspn(text, digits);
    const size_t fraction = text[whole] == '.' ? strspn(text + whole + 1, digits) : 0;
    if (text[0] == '-' && (strspn(text + 1, digits) > 0 || text[1] == '.'))
        return units_refuse(ask, -EINVAL, "must not be negative");
    if (whole + fraction == 0)
        return units_refuse(ask, -EINVAL, NULL);
    *number =
        (struct units_number){.rest = text + whole + (fraction > 0 ? 1 + fraction : 0)};
    const long exponent = units_scan_exponent(&number->rest);
    units_value(number, text, whole, whole + fraction, (long)whole + exponent);
    number->rest += strspn(number->rest, " ");
    return 0;
}

static int units_check_bounds(const struct units_ask *ask, uint64_t number) {
    const bool small = number < ask->least;
    if (!small && number <= ask->most)
        return 0;
    if (ask->unit->hint != NULL)
        ipm_err_hint(ask->err, "it may be %s to %s",
                     ipm_units_exact(ask->unit, ask->least).text,
                     ipm_units_exact(ask->unit, ask->most).text);
    return units_refuse(ask, -ERANGE, small ? "is too small" : "is too large");
}

/* No time is the same in every unit. */
static bool units_is_zero(const struct ipm_unit *unit,
                          const struct units_number *number) {
    return unit->zero != NULL && number->rest[0] == '\0' && number->whole == 0 &&
           !(number->fraction > 0);
}

int ipm_units_parse(const struct ipm_unit *unit, const char *text, const char *what,
                    uint64_t least, uint64_t most, uint64_t *ret_number,
                    struct ipm_err *err) {
    const struct units_ask ask = {unit, text, what, least, most, err};
    const struct ipm_unit_row *row = unit->rows;
    struct units_number number = {0};
    int code = units_scan(&ask, &number);
    if (code < 0)
        return code;
    while (row->name != NULL && unit->order(row->name, number.rest) != 0)
        row++;
    if (row->name == NULL && units_is_zero(unit, &number))
        row = unit->rows;
    if (row->name == NULL)
        return units_refuse(&ask, -EINVAL,
                            number.rest[0] == '\0' ? "lacks a unit" : NULL);
    const double parts = number.fraction * (double)row->factor;
    const uint64_t part = (uint64_t)(parts + 0.5);
    const double rest = parts - (double)part;
    if (unit->not_whole != NULL && (rest > UNITS_ROUNDING || rest < -UNITS_ROUNDING))
        return units_refuse(&ask, -EINVAL, unit->not_whole);
    if (number.overflows || number.whole > (unit->limit - part) / row->factor)
        return units_refuse(&ask, -ERANGE, "is too large");
    const uint64_t product = number.whole * row->factor + part;
    code = units_check_bounds(&ask, product);
    if (code == 0)
        *ret_number = product;
    return code;
}

struct ipm_cell ipm_units_exact(const struct ipm_unit *unit, uint64_t number) {
    const struct ipm_unit_row *row = unit->rows;
    if (number == 0 && unit->zero != NULL)
        return ipm_cell_print("%s", unit->zero);
    while (row->factor > 1 && (number < row->factor || number % row->factor != 0))
        row++;
    return ipm_cell_print("%" PRIu64 "%s", number / row->factor, row->name);
}

struct ipm_cell ipm_units_size(uint64_t bytes) {
    return ipm_units_exact(&ipm_unit_size, bytes);
}
