/* completion.c - writes the tables in the scripts src/man/ipcmark.SHELL. */
#include "man/man.h"

#include "app/cli/lists.h"
#include "app/cli/name_table.h"
#include "app/cli/optparse.h"
#include "app/commands/command.h"
#include "model/plan/pin.h"

#include <stdlib.h>
#include <string.h>

/* How a shell spells a row of the table: "run --size" and the kind and the words of what may
 * stand there, one a line, with a description after a colon. */
struct completion_shell {
    const char *name;
    const char *begin;  /* of the places */
    const char *either; /* between two places */
    const char *kind;
    const char *words;
    const char *end;
};

static const struct completion_shell completion_shells[] = {
    {"bash", "    ", " | ", ") kind=", " entries='", "' ;;\n"},
    {"zsh", "    ", " | ", ") kind=", " entries='", "' ;;\n"},
    {"fish", "        case ", " ", "\n            set kind ", "\n            set words '",
     "'\n"},
};

/* --- words -------------------------------------------------------------------------- */

/* Writes a word, and its description up to the first semicolon, in single quotes that are
 * open. */
static void completion_put(FILE *out, const char *prefix, const char *word,
                           const char *description) {
    (void)fprintf(out, "\n%s%s%s", prefix, word, description[0] != '\0' ? ":" : "");
    for (; *description != '\0' && *description != ';'; description++)
        (void)fprintf(out, *description == '\'' ? "'\\%c'" : "%c", *description);
}

static void completion_put_table(FILE *out, const struct ipm_name_table *table) {
    for (size_t i = 0; table->at(i).name != NULL; i++)
        completion_put(out, "", table->at(i).name, table->at(i).summary);
}

static void completion_put_pins(FILE *out) {
    char word[IPM_NAME_BYTES];
    for (int kind = 0; kind != IPM_PIN_CPUS; kind++) {
        ipm_pin_word(word, &(struct ipm_pin){.kind = (enum ipm_pin_kind)kind});
        completion_put(out, "", word, "");
    }
}

static void completion_put_offered(FILE *out, const char *words) {
    for (size_t length = 0; *words != '\0'; words += length + (words[length] == ' ')) {
        length = strcspn(words, " ");
        (void)fprintf(out, "\n%.*s", (int)length, words);
    }
}

static void completion_put_values(FILE *out, const struct ipm_option *option,
                                  const char *kind) {
    if (option->set == ipm_name_table_set)
        completion_put_table(out, option->table);
    else if (option->table == &ipm_list_pins)
        completion_put_pins(out);
    else if (option->set == ipm_optparse_set_word)
        for (const char *const *word = option->table; *word != NULL; word++)
            completion_put(out, "", *word, "");
    else if (strcmp(kind, "format") == 0 || strcmp(kind, "export") == 0)
        completion_put_table(out, &ipm_name_table_formats);
    completion_put_offered(out, option->offered != NULL ? option->offered : "");
    for (size_t i = 0; option->choice != NULL && option->choice(NULL, i) != NULL; i++)
        completion_put(out, "", option->choice(NULL, i), "");
}

/* --- rows --------------------------------------------------------------------------- */

/* The kind of a value, by its name in the help. */
static const char *completion_kind(const char *argument) {
    static const struct {
        const char *argument;
        const char *kind;
    } kinds[] = {
        {"LIST", "list"},      {"FORMAT", "format"},       {"FORMAT=FILE", "export"},
        {"FILE", "file"},      {"[FILE]", "file"},         {"DIR", "file"},
        {"CASE", "case"},      {"PREFIX", "file"},         {"IMAGE", "file"},
        {"KEY=VALUE", "list"}, {"PERCENTILE=TIME", "list"}};
    if (argument == NULL)
        return "flag";
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(argument, kinds[i].argument) == 0)
            return kinds[i].kind;
    return "word";
}

static void completion_put_option(FILE *out, const struct completion_shell *shell,
                                  const char *command, const struct ipm_option *option) {
    const char *kind = completion_kind(ipm_optparse_argument(option));
    (void)fprintf(out, "%s'%s --%s'", shell->begin, command, option->name);
    if (option->letter != 0)
        (void)fprintf(out, "%s'%s -%c'", shell->either, command, option->letter);
    (void)fprintf(out, "%s%s%s", shell->kind, kind, shell->words);
    completion_put_values(out, option, kind);
    (void)fputs(shell->end, out);
}

static void completion_put_options(FILE *out, const struct completion_shell *shell,
                                   const char *command,
                                   const struct ipm_option *options) {
    (void)fprintf(out, "%s'%s options'%sword%s", shell->begin, command, shell->kind,
                  shell->words);
    for (const struct ipm_option *o = options; (o = ipm_optparse_from(o)) != NULL; o++)
        completion_put(out, "--", o->name, o->help);
    (void)fputs(shell->end, out);
    for (const struct ipm_option *o = options; (o = ipm_optparse_from(o)) != NULL; o++)
        completion_put_option(out, shell, command, o);
}

/* What may stand where no option is, by the words of the usage line. */
static void completion_put_operands(FILE *out, const struct completion_shell *shell,
                                    const char *command,
                                    const struct ipm_optparse *syntax) {
    const char *operands = syntax->operands != NULL ? syntax->operands : "";
    (void)fprintf(out, "%s'%s operands'%s%s%s", shell->begin, command, shell->kind,
                  strstr(operands, ".json") != NULL ? "file" : "word", shell->words);
    if (strstr(operands, "COMMAND") != NULL)
        for (size_t i = 0; ipm_commands[i] != NULL; i++)
            completion_put(out, "", ipm_commands[i]->name, ipm_commands[i]->summary);
    if (strstr(operands, "LIST") != NULL)
        for (size_t i = 0; ipm_name_tables[i] != NULL; i++)
            completion_put(out, "", ipm_name_tables[i]->list, "");
    if (strstr(operands, "TRANSPORT") != NULL || strstr(operands, "NAME") != NULL)
        completion_put_table(out, &ipm_name_table_transports);
    (void)fputs(shell->end, out);
}

static void completion_put_command(FILE *out, const struct completion_shell *shell,
                                   const char *command,
                                   const struct ipm_optparse *syntax) {
    completion_put_operands(out, shell, command, syntax);
    completion_put_options(out, shell, command, syntax->options);
}

int ipm_completion_write(const char *name, FILE *in, FILE *out) {
    const struct completion_shell *shell = completion_shells;
    char *line = NULL;
    size_t bytes = 0;
    while (strcmp(shell->name, name) != 0)
        if (++shell == completion_shells + sizeof completion_shells / sizeof *shell)
            return -1;
    while (getline(&line, &bytes, in) > 0) {
        if (strcmp(line, "@table\n") != 0) {
            (void)fputs(line, out);
            continue;
        }
        completion_put_command(out, shell, "", &ipm_program_syntax);
        for (size_t i = 0; ipm_commands[i] != NULL; i++)
            completion_put_command(out, shell, ipm_commands[i]->name,
                                   ipm_commands[i]->syntax);
    }
    free(line);
    return 0;
}
