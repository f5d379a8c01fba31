/* optparse.c - reads a command line by a table of options. It uses getopt_long(3),
 * because argp does not report which word was wrong and why. */
#include "app/cli/optparse.h"

#include "app/cli/foreign.h"
#include "base/err.h"
#include "base/words.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <string.h>

/* The table as getopt_long takes it. The leading '-' returns operands in their order,
 * whatever POSIXLY_CORRECT is; ':' distinguishes a missing value from an unknown
 * option. */
struct optparse_getopt {
    char letters[2 + 2 * IPM_OPTPARSE_OPTIONS_MOST + 1];
    struct option longs[IPM_OPTPARSE_OPTIONS_MOST + 1];
};

/* A key is a letter or, above all letters, the number of the row. */
enum { OPTPARSE_OPERAND = 1, OPTPARSE_WORDY = 256 };

static int optparse_key(const struct ipm_optparse *syntax,
                        const struct ipm_option *option) {
    return option->letter != 0 ? option->letter
                               : OPTPARSE_WORDY + (int)(option - syntax->options);
}

static int optparse_arguments(const struct ipm_option *option) {
    if (ipm_optparse_argument(option) == NULL)
        return no_argument;
    return option->is_value != NULL ? optional_argument : required_argument;
}

static void optparse_translate(const struct ipm_optparse *syntax,
                               struct optparse_getopt *getopts) {
    char *letter = getopts->letters;
    struct option *row = getopts->longs;
    *letter++ = '-';
    *letter++ = ':';
    for (const struct ipm_option *o = syntax->options; (o = ipm_optparse_from(o)) != NULL;
         o++) {
        assert(row < getopts->longs + IPM_OPTPARSE_OPTIONS_MOST);
        *row++ = (struct option){.name = o->name,
                                 .has_arg = optparse_arguments(o),
                                 .val = optparse_key(syntax, o)};
        if (o->letter == 0)
            continue;
        *letter++ = o->letter;
        if (ipm_optparse_argument(o) != NULL)
            *letter++ = ':';
    }
}

static const struct ipm_option *optparse_of_key(const struct ipm_optparse *syntax,
                                                int key) {
    const struct ipm_option *o = syntax->options;
    while ((o = ipm_optparse_from(o)) != NULL && optparse_key(syntax, o) != key)
        o++;
    return o;
}

static const char *optparse_word(const void *context, size_t i) {
    const struct ipm_optparse *syntax = context;
    const struct ipm_option *o = ipm_optparse_from(syntax->options);
    for (; o != NULL && i > 0; i--)
        o = ipm_optparse_from(o + 1);
    return o != NULL ? o->name : NULL;
}

static void optparse_hint_help(const struct ipm_optparse *syntax, struct ipm_err *err) {
    ipm_err_hint(err, "'%s --help' shows all options", syntax->command);
}

static int optparse_refuse_long(const struct ipm_optparse *syntax, const char *word,
                                struct ipm_err *err) {
    char name[IPM_ERR_TEXT_BYTES / 4];
    char list[IPM_ERR_HINT_BYTES / 2];
    char shows[IPM_ERR_HINT_BYTES / 4];
    char dashed[IPM_ERR_TEXT_BYTES / 4];
    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    (void)snprintf(dashed, sizeof dashed, "%.*s", (int)strcspn(word, "="), word);
    (void)snprintf(shows, sizeof shows, "%s --help", syntax->command);
    ipm_foreign_hint_own(syntax, dashed, err);
    if (ipm_words_beginning(list, sizeof list, "--", name, optparse_word, syntax) < 2) {
        ipm_foreign_hint(syntax, dashed, err);
        if (ipm_words_nearest(name, optparse_word, syntax) == NULL)
            ipm_foreign_command(name, NULL, err);
        return ipm_words_refuse(err, "option", "--", name, optparse_word, syntax, shows);
    }
    ipm_err_hint(err, "it may be %s; '%s' shows all", list, shows);
    return ipm_err_set(err, -EINVAL, "option '--%.64s' is ambiguous", name);
}

static int optparse_refuse_letter(const struct ipm_optparse *syntax, int letter,
                                  struct ipm_err *err) {
    const char typed[] = {'-', (char)letter, '\0'};
    bool printable = letter > ' ' && letter < 0x7f;
    if (printable)
        ipm_err_set(err, -EINVAL, "unknown option '-%c'", letter);
    else
        ipm_err_set(err, -EINVAL, "unknown option '-\\x%02x'", (unsigned)letter & 0xffU);
    ipm_foreign_hint(syntax, typed, err);
    optparse_hint_help(syntax, err);
    return -EINVAL;
}

/* As getopt_long(3) defines it, optopt is 0 for an unknown or ambiguous long name, the
 * option's key if its value is missing or superfluous, and otherwise the unknown
 * letter. */
static int optparse_refuse(const struct ipm_optparse *syntax, char **argv,
                           struct ipm_err *err) {
    if (optopt == 0)
        return optparse_refuse_long(syntax, argv[optind - 1], err);
    const struct ipm_option *option = optparse_of_key(syntax, optopt);
    if (option == NULL)
        return optparse_refuse_letter(syntax, optopt, err);
    if (ipm_optparse_argument(option) == NULL) {
        ipm_err_set(err, -EINVAL, "option '--%s' takes no value", option->name);
    } else {
        ipm_err_set(err, -EINVAL, "option '--%s' needs a value", option->name);
        ipm_err_hint(err, "write '--%s %s'; '%s --help' shows all", option->name,
                     ipm_optparse_argument(option), syntax->command);
    }
    optparse_hint_help(syntax, err);
    return -EINVAL;
}

static int optparse_refuse_operand(const struct ipm_optparse *syntax, const char *word,
                                   struct ipm_err *err) {
    ipm_err_set(err, -EINVAL, "unexpected argument '%.100s'", word);
    if (syntax->unexpected_hint != NULL)
        ipm_err_hint(err, "%s", syntax->unexpected_hint);
    else
        ipm_err_hint(err, "'%s --help' shows the usage", syntax->command);
    return -EINVAL;
}

int ipm_optparse_take_only(const struct ipm_optparse *syntax, void *target,
                           const char *word, struct ipm_err *err) {
    const char **only = target;
    if (*only != NULL)
        return optparse_refuse_operand(syntax, word, err);
    *only = word;
    return 0;
}

static int optparse_take_operand(const struct ipm_optparse *syntax, void *target,
                                 const char *word, struct ipm_err *err) {
    return syntax->operand != NULL ? syntax->operand(syntax, target, word, err)
                                   : optparse_refuse_operand(syntax, word, err);
}

static int optparse_defaults(const struct ipm_optparse *syntax, void *target,
                             struct ipm_err *err) {
    int code = 0;
    for (const struct ipm_option *o = syntax->options;
         code == 0 && (o = ipm_optparse_from(o)) != NULL; o++)
        if (o->fallback != NULL && o->set != NULL)
            code = o->set(o, target, o->fallback, err);
    return code;
}

/* Like getopt_long(3), but only "--" ends the options; musl's also ends them at "-". */
static int optparse_next(const struct optparse_getopt *getopts, int argc, char **argv) {
    const int key = getopt_long(argc, argv, getopts->letters, getopts->longs, NULL);
    if (key != -1 || optind >= argc || strcmp(argv[optind], "-") != 0 ||
        strcmp(argv[optind - 1], "--") == 0)
        return key;
    optarg = argv[optind++];
    return OPTPARSE_OPERAND;
}

/* Handles the early options. Errors in other words are reported later, in their order. A
 * request for help takes precedence. */
static int optparse_take_early(const struct ipm_optparse *syntax,
                               const struct optparse_getopt *getopts, int argc,
                               char **argv, void *target, struct ipm_err *err) {
    int code = 0;
    int key = 0;
    struct ipm_err first = {0};
    optind = 0;
    while ((key = optparse_next(getopts, argc, argv)) != -1) {
        const struct ipm_option *option = optparse_of_key(syntax, key);
        if (option != NULL && option->set == NULL)
            return 0;
        if (code == 0 && option != NULL && option->early)
            code = option->set(option, target, optarg, &first);
    }
    if (code != 0 && err != NULL)
        *err = first;
    return code;
}

/* The option whose value came last, and the value. */
struct optparse_last {
    const struct ipm_option *option;
    const char *value;
};

static int optparse_take_word(const struct ipm_optparse *syntax,
                              const struct optparse_last *last, char **words,
                              void *target, struct ipm_err *err) {
    const int code = optparse_take_operand(syntax, target, words[0], err);
    if (code < 0 && err != NULL)
        ipm_foreign_operand(syntax, last->option, last->value, words, target, err);
    return code;
}

/* Whether the value of a file or of a list is the next option: "--json -s 64". A value that is
 * joined to its option may begin with a dash. */
static bool optparse_lacks_value(const struct ipm_optparse *syntax,
                                 const struct ipm_option *option, char **argv) {
    const char *argument = ipm_optparse_argument(option);
    if (argument == NULL || optarg == NULL || optarg != argv[optind - 1] ||
        optarg[0] != '-' || (!option->is_list && strstr(argument, "FILE") == NULL))
        return false;
    for (const struct ipm_option *o = syntax->options; (o = ipm_optparse_from(o)) != NULL;
         o++)
        if ((o->letter != 0 && optarg[1] == o->letter && optarg[2] == '\0') ||
            (optarg[1] == '-' && strcmp(optarg + 2, o->name) == 0))
            return true;
    return false;
}

/* Whether a shortened name is the whole name of an option elsewhere: "--time" is a duration
 * there, and would be the timeout here. Hints at what is meant then. */
static bool optparse_is_foreign(const struct ipm_optparse *syntax,
                                const struct ipm_option *option, char **argv,
                                struct ipm_err *err) {
    const bool separate = optarg != NULL && optarg == argv[optind - 1];
    const char *typed = argv[optind - (separate ? 2 : 1)];
    struct ipm_err hint = {0};
    if (strncmp(typed, "--", 2) != 0 || strchr(typed, '=') != NULL ||
        strcmp(typed + 2, option->name) == 0)
        return false;
    ipm_foreign_hint_own(syntax, typed, &hint);
    if (hint.hint[0] == '\0')
        return false;
    (void)ipm_err_refuse(err, hint.hint, "unknown option '%.64s'", typed);
    return true;
}

/* Stores a value. "-s=64" would be the value "=64". */
static int optparse_set(const struct ipm_option *option, char **argv, void *target,
                        struct ipm_err *err) {
    const char *word = argv[optind - 1];
    if (option->early)
        return 0;
    if (optarg != NULL && optarg == word + 2 && word[1] == option->letter &&
        optarg[0] == '=') {
        ipm_err_hint(err, "write '-%c %.60s' or '--%s=%.60s'", option->letter, optarg + 1,
                     option->name, optarg + 1);
        return ipm_err_set(err, -EINVAL, "unknown value '%.100s' of '-%c'", optarg,
                           option->letter);
    }
    const int code = option->set(option, target, optarg, err);
    if (code < 0 && optarg != NULL)
        ipm_foreign_value(option->name, optarg, err);
    return code;
}

static int optparse_take_late(const struct ipm_optparse *syntax, int key, char **argv,
                              struct optparse_last *last, void *target,
                              struct ipm_err *err) {
    if (key == '?' || key == ':')
        return optparse_refuse(syntax, argv, err);
    if (key == OPTPARSE_OPERAND)
        return optparse_take_word(syntax, last, argv + optind - 1, target, err);
    const struct ipm_option *option = optparse_of_key(syntax, key);
    if (option->is_value != NULL && optarg == NULL && argv[optind] != NULL &&
        option->is_value(argv[optind]))
        optarg = argv[optind++];
    if (optparse_is_foreign(syntax, option, argv, err))
        return -EINVAL;
    optopt = key;
    if (optparse_lacks_value(syntax, option, argv))
        return optparse_refuse(syntax, argv, err);
    *last = (struct optparse_last){option, optarg};
    if (option->set == NULL)
        return IPM_OPTPARSE_HELP;
    return optparse_set(option, argv, target, err);
}

/* Stores an operand after "--", which may be meant as an option. */
static int optparse_take_last(const struct ipm_optparse *syntax, void *target,
                              const char *word, struct ipm_err *err) {
    const int code = optparse_take_operand(syntax, target, word, err);
    if (code < 0 && err != NULL && word[0] == '-')
        (void)snprintf(err->hint, sizeof err->hint,
                       "'--' ends the options: they come before it");
    return code;
}

/* Handles the words after "--". */
static int optparse_take_rest(const struct ipm_optparse *syntax, char **words,
                              void *target, struct ipm_err *err) {
    struct ipm_optparse_words *kept = (void *)((char *)target + syntax->rest);
    int code = 0;
    for (; *words != NULL && code == 0; words++)
        if (syntax->rest == 0)
            code = optparse_take_last(syntax, target, *words, err);
        else if (kept->count < IPM_OPTPARSE_WORDS_MOST)
            kept->items[kept->count++] = *words;
        else
            code = ipm_err_set(err, -EINVAL, "more than %d words behind '--'",
                               IPM_OPTPARSE_WORDS_MOST);
    return code;
}

int ipm_optparse_parse(const struct ipm_optparse *syntax, int argc, char **argv, int skip,
                       void *target, struct ipm_err *err) {
    struct optparse_getopt getopts = {0};
    optparse_translate(syntax, &getopts);
    int code = optparse_defaults(syntax, target, err);
    struct optparse_last last = {0};
    bool operands = false;
    int key = 0;
    argc -= skip - 1; /* getopt skips the first word as the program's name */
    argv += skip - 1;
    opterr = 0;
    if (code == 0)
        code = optparse_take_early(syntax, &getopts, argc, argv, target, err);
    optind = 0; /* getopt(3): restarts the scan */
    while (code == 0 && (key = optparse_next(&getopts, argc, argv)) != -1) {
        operands |= key == OPTPARSE_OPERAND;
        code = optparse_take_late(syntax, key, argv, &last, target, err);
    }
    operands |= optind < argc;
    if (code == 0)
        code = optparse_take_rest(syntax, argv + optind, target, err);
    if (code == 0 && !operands && syntax->fallback != NULL)
        code = optparse_take_operand(syntax, target, syntax->fallback, err);
    if (code < 0 && err != NULL)
        ipm_foreign_dashes(syntax, argv + 1, err);
    return code;
}
