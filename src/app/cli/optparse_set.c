/* optparse_set.c - the setters that tables of options share. */
#include "app/cli/optparse.h"

#include "base/err.h"
#include "base/units.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>

static const char *optparse_say_count(char *text, uint64_t number) {
    (void)snprintf(text, IPM_UNITS_TEXT_BYTES, "%" PRIu64, number);
    return text;
}

/* Bounds of options are whole: "1h", not the "1h 0m" of a time in a table. */
static const char *optparse_say_time(char *text, uint64_t ns) {
    static const struct {
        uint64_t ns;
        const char *name;
    } units[] = {{3600000000000, "h"}, {60000000000, "m"}, {1000000000, "s"},
                 {1000000, "ms"},      {1000, "us"},       {1, "ns"}};
    size_t i = ns == 0 ? 2 : 0; /* "0s": every unit divides it */
    while (ns % units[i].ns != 0)
        i++;
    (void)snprintf(text, IPM_UNITS_TEXT_BYTES, "%" PRIu64 "%s", ns / units[i].ns,
                   units[i].name);
    return text;
}

static int optparse_parse_count(const struct ipm_option *option, const char *text,
                                uint64_t *ret_number, struct ipm_err *err) {
    return ipm_units_parse_count(text, option->name, option->least, option->most,
                                 ret_number, err);
}

static int optparse_parse_size(const struct ipm_option *option, const char *text,
                               uint64_t *ret_number, struct ipm_err *err) {
    return ipm_units_parse_size(text, option->name, ret_number, err);
}

static int optparse_parse_time(const struct ipm_option *option, const char *text,
                               uint64_t *ret_number, struct ipm_err *err) {
    return ipm_units_parse_time(text, option->name, ret_number, err);
}

const struct ipm_unit ipm_unit_count = {"N", optparse_parse_count, optparse_say_count};
const struct ipm_unit ipm_unit_size = {"SIZE", optparse_parse_size, ipm_units_size};
const struct ipm_unit ipm_unit_time = {"TIME", optparse_parse_time, optparse_say_time};

const char *ipm_optparse_argument(const struct ipm_option *option) {
    if (option->argument == NULL && option->unit != NULL)
        return option->unit->argument;
    return option->argument;
}

void *ipm_optparse_member(const struct ipm_option *option, void *target) {
    return (char *)target + option->offset;
}

int ipm_optparse_set_number(const struct ipm_option *option, void *target,
                            const char *value, struct ipm_err *err) {
    uint64_t *member = ipm_optparse_member(option, target);
    char least[IPM_UNITS_TEXT_BYTES];
    char most[IPM_UNITS_TEXT_BYTES];
    uint64_t number = 0;
    int code = option->unit->parse(option, value, &number, err);
    if (code != 0)
        return code;
    if (number >= option->least && number <= option->most) {
        *member = number;
        return 0;
    }
    ipm_err_set(err, -ERANGE, "%s '%.100s' is too %s", option->name, value,
                number < option->least ? "small" : "large");
    ipm_err_hint(err, "it may be %s to %s", option->unit->say(least, option->least),
                 option->unit->say(most, option->most));
    return -ERANGE;
}

int ipm_optparse_set_true(const struct ipm_option *option, void *target,
                          const char *value, struct ipm_err *err) {
    bool *member = ipm_optparse_member(option, target);
    (void)value;
    (void)err;
    *member = true;
    return 0;
}

int ipm_optparse_check_text(const struct ipm_option *option, const char *value,
                            struct ipm_err *err) {
    if (value[0] != '\0')
        return 0;
    ipm_err_set(err, -EINVAL, "the value of option '--%s' is empty", option->name);
    ipm_err_hint(err, "write '--%s %s'", option->name, option->argument);
    return -EINVAL;
}

int ipm_optparse_set_text(const struct ipm_option *option, void *target,
                          const char *value, struct ipm_err *err) {
    const char **member = ipm_optparse_member(option, target);
    int code = ipm_optparse_check_text(option, value, err);
    if (code == 0)
        *member = value;
    return code;
}

int ipm_optparse_set_any_text(const struct ipm_option *option, void *target,
                              const char *value, struct ipm_err *err) {
    const char **member = ipm_optparse_member(option, target);
    (void)err;
    *member = value;
    return 0;
}
