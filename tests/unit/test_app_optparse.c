/* The parser by a table: what it takes, what it refuses, what its help says. */
#include "app/cli/optparse.h"
#include "base/err.h"
#include "tests/support/assert.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct target {
    uint64_t count;
    uint64_t bytes;
    uint64_t ns;
    bool loud;
    const char *name;
    char operands[64];
};

static int take(const struct ipm_optparse *table, void *target, const char *word,
                struct ipm_err *err) {
    struct target *taken = target;
    size_t used = strlen(taken->operands);
    (void)table;
    (void)err;
    (void)snprintf(taken->operands + used, sizeof taken->operands - used, "<%s>", word);
    return 0;
}

static const struct ipm_option optparse_options[] = {
    {.help = "numbers"},
    {.name = "count",
     .letter = 'c',
     .argument = "N",
     .help = "how many",
     .fallback = "3",
     .set = ipm_optparse_set_number,
     .offset = offsetof(struct target, count),
     .unit = &ipm_unit_count,
     .least = 1,
     .most = 9},
    {.name = "bytes",
     .letter = 'b',
     .argument = "SIZE",
     .help = "how large",
     .set = ipm_optparse_set_number,
     .offset = offsetof(struct target, bytes),
     .unit = &ipm_unit_size,
     .least = 1,
     .most = 4096},
    {.name = "time",
     .argument = "TIME",
     .help = "how long",
     .fallback = "90s",
     .set = ipm_optparse_set_number,
     .offset = offsetof(struct target, ns),
     .unit = &ipm_unit_time,
     .least = 1500000,
     .most = 7200000000000},
    {.help = "words"},
    {.name = "loud",
     .letter = 'l',
     .help = "a switch whose words are so many that they do not fit one line of the help",
     .set = ipm_optparse_set_true,
     .offset = offsetof(struct target, loud)},
    {.name = "name",
     .letter = 'n',
     .argument = "NAME",
     .help = "a name",
     .set = ipm_optparse_set_text,
     .offset = offsetof(struct target, name)},
    IPM_OPTION_HELP,
    {0},
};

static const struct ipm_optparse syntax = {
    .command = "prog try",
    .operands = "[WORD...]",
    .about = "Try it.",
    .after = "The end.",
    .options = optparse_options,
    .operand = take,
    .fallback = "none",
};

/* Splits at blanks and parses behind "prog try". */
static int parse_line(const char *line, struct target *target, struct ipm_err *err) {
    static char text[256];
    char *argv[16] = {"prog", "try"};
    int argc = 2;
    (void)snprintf(text, sizeof text, "%s", line);
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
        argv[argc++] = word;
    return ipm_optparse_parse(&syntax, argc, argv, 2, target, err);
}

Test(app_optparse, defaults_apply_where_nothing_is_given) {
    struct target target = {0};
    cr_expect(eq(int, parse_line("", &target, NULL), 0));
    cr_expect(eq(u64, target.count, 3));
    cr_expect(eq(u64, target.bytes, 0));
    cr_expect(eq(u64, target.ns, 90000000000));
    cr_expect(not(target.loud));
    cr_expect(eq(str, target.operands, "<none>"));
}

Test(app_optparse, options_and_operands_mix_until_two_dashes) {
    struct target target = {0};
    cr_expect(eq(
        int, parse_line("a -lc5 b --bytes=1K --nam x - c -- -l --count", &target, NULL),
        0));
    cr_expect(eq(u64, target.count, 5));
    cr_expect(eq(u64, target.bytes, 1024));
    cr_expect(target.loud);
    cr_expect(eq(str, (char *)target.name, "x"));
    cr_expect(eq(str, target.operands, "<a><b><-><c><-l><--count>"));
}

Test(app_optparse, options_and_operands_mix_also_with_posixly_correct) {
    struct target target = {0};
    cr_assert(eq(int, setenv("POSIXLY_CORRECT", "1", 1), 0));
    cr_expect(eq(int, parse_line("a -l", &target, NULL), 0));
    cr_expect(target.loud);
}

Test(app_optparse, help_ends_the_reading) {
    struct target target = {0};
    struct ipm_err err = {0};
    cr_expect(
        eq(int, parse_line("-c 1 --help --nonsense", &target, &err), IPM_OPTPARSE_HELP));
    cr_expect(eq(int, parse_line("-lh", &target, &err), IPM_OPTPARSE_HELP));
    cr_expect(eq(int, err.code, 0));
}

Test(app_optparse, every_mistake_has_words_and_a_hint) {
    static const char *const rows[][3] = {
        {"--cuont 3", "unknown option '--cuont'",
         "did you mean '--count'? 'prog try --help' shows all"},
        {"a --=3", "unknown option '--'", "'prog try --help' shows all"},
        {"-lx", "unknown option '-x'", "'prog try --help' shows all options"},
        {"-xl", "unknown option '-x'", "'prog try --help' shows all options"},
        {"-n v -x", "unknown option '-x'", "'prog try --help' shows all options"},
        {"-\xc3\xa9", "unknown option '-\\xc3'", "'prog try --help' shows all options"},
        {"-\xff", "unknown option '-\\xff'", "'prog try --help' shows all options"},
        {"--count", "option '--count' needs a value",
         "write '--count N'; 'prog try --help' shows all"},
        {"-lc", "option '--count' needs a value",
         "write '--count N'; 'prog try --help' shows all"},
        {"--loud=1", "option '--loud' takes no value",
         "'prog try --help' shows all options"},
        {"-c 0", "count '0' is too small", "a whole number from 1 to 9"},
        {"-b 8K", "bytes '8K' is too large", "it may be 1 to 4K"},
        {"--time 1ms", "time '1ms' is too small", "it may be 1500us to 2h"},
        {"--name=", "the value of option '--name' is empty", "write '--name NAME'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target target = {0};
        struct ipm_err err = {0};
        cr_expect(lt(int, parse_line(rows[i][0], &target, &err), 0), "'%s'", rows[i][0]);
        cr_expect(eq(str, err.text, (char *)rows[i][1]));
        cr_expect(eq(str, err.hint, (char *)rows[i][2]));
    }
}

Test(app_optparse, help_shows_the_table_in_its_order_with_defaults_and_ranges) {
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    cr_assert(ne(ptr, out, NULL));
    ipm_optparse_help(&syntax, out);
    (void)fclose(out);
    cr_expect(eq(
        str, text,
        "usage: prog try [OPTION...] [WORD...]\n"
        "\n"
        "Try it.\n"
        "\n"
        "numbers:\n"
        "  -c, --count N             how many (default 3; 1 to 9)\n"
        "  -b, --bytes SIZE          how large (1 to 4K)\n"
        "      --time TIME           how long (default 90s; 1500us to 2h)\n"
        "\n"
        "words:\n"
        "  -l, --loud                a switch whose words are so many that they do not\n"
        "                            fit one line of the help\n"
        "  -n, --name NAME           a name\n"
        "  -h, --help                show this help\n"
        "\n"
        "The end.\n"));
    free(text);
}
