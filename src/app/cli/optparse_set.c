/* optparse_set.c - the rows of tables of options, and the setters that they share. */
#include "app/cli/optparse.h"

#include "app/cli/foreign.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "base/units.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const double OPTPARSE_PERCENT_MOST = 1000;

const struct ipm_option *ipm_optparse_from(const struct ipm_option *option) {
    while (option->name == NULL && option->help != NULL) /* a heading */
        option++;
    return option->name != NULL ? option : NULL;
}

const struct ipm_option *ipm_optparse_find(const struct ipm_optparse *syntax,
                                           const char *name) {
    const struct ipm_option *o = syntax->options;
    while ((o = ipm_optparse_from(o)) != NULL && strcmp(o->name, name) != 0)
        o++;
    return o;
}

const char *ipm_optparse_argument(const struct ipm_option *option) {
    if (option->argument == NULL && option->unit != NULL)
        return option->unit->argument;
    return option->argument;
}

struct ipm_cell ipm_optparse_spell(const struct ipm_option *option) {
    return option->letter != 0 ? ipm_cell_print("-%c", option->letter)
                               : ipm_cell_print("--%s", option->name);
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

int ipm_optparse_set_percent(const struct ipm_option *option, void *target,
                             const char *value, struct ipm_err *err) {
    double *member = ipm_optparse_member(option, target);
    char *end = NULL;
    const bool begins = value[0] >= '0' && value[0] <= '9'; /* no sign, no "inf" */
    const double percent = begins ? strtod(value, &end) : 0;
    if (begins && *end == '\0' && percent <= OPTPARSE_PERCENT_MOST)
        ipm_err_hint(err, "write '%.40s%%', with '%%'", value);
    if (!begins || strcmp(end, "%") != 0 || !(percent <= OPTPARSE_PERCENT_MOST))
        return ipm_err_refuse(err,
                              "write a number and '%', such as 5%; the maximum is 1000%",
                              "%s '%.100s' is not a percentage", option->name, value);
    *member = percent / 100;
    return 0;
}

int ipm_optparse_check_text(const struct ipm_option *option, const char *value,
                            struct ipm_err *err) {
    if (value[0] != '\0')
        return 0;
    ipm_err_hint(err, "write '--%s %s'", option->name, option->argument);
    return ipm_err_set(err, -EINVAL, "the value of option '--%s' is empty", option->name);
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

static void set_hint_words(const char *const *words, struct ipm_err *err) {
    char list[IPM_ERR_HINT_BYTES / 2];
    struct ipm_strbuf text = ipm_strbuf_over(list, sizeof list);
    for (size_t i = 0; words[i] != NULL; i++)
        (void)ipm_strbuf_add(&text, "%s%s",
                             i == 0 ? "" : (words[i + 1] == NULL ? " or " : ", "),
                             words[i]);
    ipm_err_hint(err, "it may be %s", list);
}

int ipm_optparse_set_word(const struct ipm_option *option, void *target,
                          const char *value, struct ipm_err *err) {
    const char *const *words = option->table;
    unsigned *member = ipm_optparse_member(option, target);
    for (unsigned i = 0; words[i] != NULL; i++) {
        if (strcasecmp(words[i], value) != 0)
            continue;
        *member = i;
        return 0;
    }
    ipm_err_set(err, -EINVAL, "unknown value '%.100s' of '--%s'", value, option->name);
    const char *meant = ipm_foreign_name(option->name, value);
    if (meant != NULL)
        ipm_err_hint(err, "did you mean '%s'?", meant);
    set_hint_words(words, err);
    return -EINVAL;
}
