/* optparse_set.c - the setters that tables of options share. */
#include "app/cli/optparse.h"

#include "base/err.h"
#include "base/units.h"

#include <errno.h>
#include <stdbool.h>

const char *ipm_optparse_argument(const struct ipm_option *option) {
    if (option->argument == NULL && option->unit != NULL)
        return option->unit->argument;
    return option->argument;
}

const char *ipm_optparse_spell(const struct ipm_option *option, char *ret_text,
                               size_t bytes) {
    if (option->letter != 0)
        (void)snprintf(ret_text, bytes, "-%c", option->letter);
    else
        (void)snprintf(ret_text, bytes, "--%s", option->name);
    return ret_text;
}

void *ipm_optparse_member(const struct ipm_option *option, void *target) {
    return (char *)target + option->offset;
}

int ipm_optparse_set_number(const struct ipm_option *option, void *target,
                            const char *value, struct ipm_err *err) {
    return ipm_units_parse(option->unit, value, option->name, option->least, option->most,
                           ipm_optparse_member(option, target), err);
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
