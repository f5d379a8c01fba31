/* test_app_optparse_early.c - options that are set before all others, wherever they stand. */
#include "app/cli/optparse.h"
#include "base/err.h"
#include "tests/support/assert.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct early_target {
    char order[64];
};

static int early_note(const struct ipm_option *option, void *target, const char *value,
                      struct ipm_err *err) {
    struct early_target *noted = target;
    size_t used = strlen(noted->order);
    if (option->early && strcmp(value, "bad") == 0)
        return ipm_err_set(err, -EINVAL, "refused");
    (void)snprintf(noted->order + used, sizeof noted->order - used, "%s=%s ",
                   option->name, value);
    return 0;
}

static int early_take(const struct ipm_optparse *table, void *target, const char *word,
                      struct ipm_err *err) {
    (void)table;
    const struct ipm_option operand = {.name = "operand"};
    return early_note(&operand, target, word, err);
}

static const struct ipm_option early_options[] = {
    {.name = "late", .letter = 'l', .argument = "X", .help = "late", .set = early_note},
    {.name = "early",
     .letter = 'e',
     .argument = "X",
     .help = "early",
     .early = true,
     .set = early_note},
    IPM_OPTION_HELP,
    {0},
};

static const struct ipm_optparse early_syntax = {.command = "prog",
                                                 .about = "Try it.",
                                                 .options = early_options,
                                                 .operand = early_take};

static int early_parse(const char *line, struct early_target *target,
                       struct ipm_err *err) {
    char text[256];
    char *argv[16] = {"prog"};
    int argc = 1;
    (void)snprintf(text, sizeof text, "%s", line);
    *target = (struct early_target){0};
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
        argv[argc++] = word;
    return ipm_optparse_parse(&early_syntax, argc, argv, 1, target, err);
}

Test(app_optparse_early, comes_first_and_once_and_in_its_own_order) {
    struct early_target target;
    cr_expect(eq(int, early_parse("a -l1 --early=2 b -e 3 --late 4", &target, NULL), 0));
    cr_expect(
        eq(str, target.order, "early=2 early=3 operand=a late=1 operand=b late=4 "));
}

Test(app_optparse_early, is_an_operand_behind_two_dashes) {
    struct early_target target;
    cr_expect(eq(int, early_parse("-l1 -- --early=2", &target, NULL), 0));
    cr_expect(eq(str, target.order, "late=1 operand=--early=2 "));
}

Test(app_optparse_early, that_is_refused_ends_it) {
    struct early_target target;
    struct ipm_err err = {0};
    cr_expect(eq(int, early_parse("a --unknown -e bad -e 1", &target, &err), -EINVAL));
    cr_expect(eq(str, err.text, "refused"));
    cr_expect(eq(str, target.order, ""));
}

Test(app_optparse_early, leaves_other_mistakes_to_be_told_in_their_turn) {
    struct early_target target;
    struct ipm_err err = {0};
    cr_expect(eq(int, early_parse("--unknown -e 1", &target, &err), -EINVAL));
    cr_expect(eq(str, err.text, "unknown option '--unknown'"));
    cr_expect(eq(str, target.order, "early=1 "));
}

Test(app_optparse_early, gives_way_to_help) {
    struct early_target target;
    struct ipm_err err = {0};
    cr_expect(eq(int, early_parse("-e bad --help", &target, &err), IPM_OPTPARSE_HELP));
    cr_expect(eq(int, err.code, 0));
}
