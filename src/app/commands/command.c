/* command.c - the table of commands: runs the requested one and shows their help. */
#include "app/commands/command.h"

#include "app/cli/foreign.h"
#include "app/cli/name_table.h"
#include "app/cli/optparse.h"
#include "app/commands/run_options.h"
#include "app/commands/version.h"
#include "app/output/outputs.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "base/words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IPM_COMMAND(word) extern const struct ipm_command ipm_command_##word;
#include "app/commands/commands.def"
#undef IPM_COMMAND
extern const struct ipm_command ipm_command_guest; /* in no list */

#define IPM_COMMAND(word) &ipm_command_##word,
const struct ipm_command *const ipm_commands[] = {
#include "app/commands/commands.def"
    NULL,
};
#undef IPM_COMMAND

static const char *command_word(const void *context, size_t i) {
    (void)context;
    return ipm_commands[i] != NULL ? ipm_commands[i]->name : NULL;
}

static const struct ipm_command *command_find(const char *name, struct ipm_err *err) {
    for (size_t i = 0; ipm_commands[i] != NULL; i++)
        if (strcmp(ipm_commands[i]->name, name) == 0)
            return ipm_commands[i];
    if (strcmp(name, ipm_command_guest.name) == 0)
        return &ipm_command_guest;
    ipm_words_refuse(err, "command", "", name, command_word, NULL, "ipcmark help");
    return NULL;
}

/* A transport, or a pattern, is no command, but `run` takes all such words. */
static void command_hint_run(char **words, struct ipm_err *err) {
    char line[IPM_ERR_HINT_BYTES / 2];
    struct ipm_strbuf text = ipm_strbuf_over(line, sizeof line);
    const char *pattern = ipm_name_table_mean(&ipm_name_table_patterns, words[0]);
    const char *transport = ipm_name_table_mean(&ipm_name_table_transports, words[0]);
    if (ipm_name_table_holds(&ipm_name_table_transports, words[0]))
        transport = words[0];
    if (pattern == NULL && transport == NULL)
        return;
    (void)ipm_strbuf_add(&text, "%s%s", pattern != NULL ? "-p " : "",
                         pattern != NULL ? pattern : transport);
    while (*++words != NULL)
        (void)ipm_strbuf_add(&text, strpbrk(*words, " *?[") != NULL ? " \"%s\"" : " %s",
                             *words);
    ipm_err_hint(err, "did you mean 'ipcmark run %s'?", line);
}

/* --- help -------------------------------------------------------------------------------- */

/* The options before a command. */
struct command_program_request {
    bool version;
};

static const struct ipm_option command_program_options[] = {
    IPM_OPTION("version", 'V', "show the version",
               IPM_OPTION_FLAG(struct command_program_request, version)),
    IPM_OPTION_HELP,
    {0},
};

const struct ipm_optparse ipm_program_syntax = {
    .command = "ipcmark",
    .operands = "COMMAND [ARGUMENT...]",
    .about = "Measure what communication between two processes costs on this machine.",
    .after =
        "exit status:\n"
        "  0      success: every case ran, or was skipped with its reason\n"
        "  1      a case failed, a result could not be written, something regressed,\n"
        "         or the machine is unfit\n"
        "  2      bad command line, unreadable input, unwritable standard output\n"
        "  3      nothing was measured, nothing in common to compare, or too little "
        "data\n"
        "  128+N  ended by signal N; the results until then are written,\n"
        "         unless their target accepts nothing for 3 s; a second signal ends it\n"
        "         at once",
    .options = command_program_options,
    .run = &ipm_run_syntax,
};

/* Writes the help. That of the program also lists the commands. */
static int command_write_help(const void *context, FILE *out, struct ipm_err *err) {
    const struct ipm_optparse *syntax = context;
    (void)err;
    ipm_optparse_help(syntax, out);
    if (syntax != &ipm_program_syntax)
        return 0;
    (void)fputs("\ncommands:\n", out);
    for (size_t i = 0; ipm_commands[i] != NULL; i++)
        (void)fprintf(out, "  %-8s %s\n", ipm_commands[i]->name,
                      ipm_commands[i]->summary);
    return 0;
}

static enum ipm_exit command_help(const struct ipm_optparse *syntax,
                                  struct ipm_err *err) {
    return ipm_outputs_put(command_write_help, syntax, "-", err) < 0 ? IPM_EXIT_REFUSED
                                                                     : IPM_EXIT_FINE;
}

struct command_help_request {
    const char *command; /* first: see ipm_optparse_take_only */
};

static const struct ipm_option command_help_options[] = {IPM_OPTION_HELP, {0}};

static const struct ipm_optparse command_help_syntax = {
    .command = "ipcmark help",
    .operands = "[COMMAND|NAME]",
    .about =
        "Show the help of a command or of the program, or what 'ipcmark list' shows of "
        "a name, such as a transport.",
    .after = "examples:\n"
             "  ipcmark help run\n"
             "  ipcmark help tcp",
    .options = command_help_options,
    .operand = ipm_optparse_take_only,
    .unexpected_hint = "'ipcmark help' takes one command",
    .run = &ipm_run_syntax,
};

static enum ipm_exit command_run_help(const struct ipm_call *call, struct ipm_err *err) {
    const struct command_help_request *request = call->request;
    if (request->command == NULL)
        return command_help(&ipm_program_syntax, err);
    if (ipm_list_knows(request->command)) {
        char *argv[] = {call->argv[0], (char[]){"list"}, call->argv[2], NULL};
        return ipm_command_dispatch(3, argv, err);
    }
    if (ipm_optparse_find(&ipm_run_syntax, request->command) != NULL)
        ipm_err_hint(err, "'ipcmark help run' describes the option '--%s'",
                     request->command);
    ipm_foreign_command(request->command, NULL, err);
    const struct ipm_command *command = command_find(request->command, err);
    return command != NULL ? command_help(command->syntax, err) : IPM_EXIT_REFUSED;
}

const struct ipm_command ipm_command_help = {
    .name = "help",
    .summary = "show the help of a command",
    .syntax = &command_help_syntax,
    .request_bytes = sizeof(struct command_help_request),
    .run = command_run_help,
};

/* --- a call ------------------------------------------------------------------------------ */

static enum ipm_exit command_refuse_none(struct ipm_err *err) {
    char words[IPM_ERR_HINT_BYTES / 2] = "";
    for (size_t i = 0; ipm_commands[i] != NULL; i++) {
        size_t used = strlen(words);
        (void)snprintf(words + used, sizeof words - used, "%s%s", used > 0 ? "|" : "",
                       ipm_commands[i]->name);
    }
    ipm_err_set(err, -EINVAL, "no command given");
    ipm_err_hint(err, "usage: ipcmark %s [ARGUMENT...]; 'ipcmark help' shows more",
                 words);
    return IPM_EXIT_REFUSED;
}

/* Handles an option of the program, or "--", in argv[1]. */
static enum ipm_exit command_option(int argc, char **argv, struct ipm_err *err) {
    struct command_program_request request = {0};
    int parsed = ipm_optparse_parse(&ipm_program_syntax, argc, argv, 1, &request, err);
    if (parsed < 0)
        return IPM_EXIT_REFUSED;
    if (parsed == IPM_OPTPARSE_HELP)
        return command_help(&ipm_program_syntax, err);
    return request.version ? ipm_version_show(err) : command_refuse_none(err);
}

static enum ipm_exit command_run(const struct ipm_command *command,
                                 const struct ipm_call *call, struct ipm_err *err) {
    if (call->request == NULL) {
        ipm_err_sys(err, -ENOMEM, "cannot read the command line");
        return IPM_EXIT_REFUSED;
    }
    if (call->argc == 3 && strcmp(call->argv[2], "help") == 0)
        return command_help(command->syntax, err);
    int parsed = ipm_optparse_parse(command->syntax, call->argc, call->argv, 2,
                                    call->request, err);
    if (parsed < 0)
        return IPM_EXIT_REFUSED;
    return parsed == IPM_OPTPARSE_HELP ? command_help(command->syntax, err)
                                       : command->run(call, err);
}

enum ipm_exit ipm_command_dispatch(int argc, char **argv, struct ipm_err *err) {
    if (argc < 2)
        return command_refuse_none(err);
    if (argv[1][0] == '-')
        return command_option(argc, argv, err);
    const struct ipm_command *command = command_find(argv[1], NULL);
    if (command == NULL) {
        ipm_foreign_command(argv[1], argv[2], err);
        command_hint_run(argv + 1, err);
        (void)command_find(argv[1], err);
        ipm_foreign_dashes(&ipm_program_syntax, (char *[]){argv[1], NULL}, err);
        return IPM_EXIT_REFUSED;
    }
    struct ipm_call call = {
        .argc = argc, .argv = argv, .request = calloc(1, command->request_bytes + 1)};
    enum ipm_exit ending = command_run(command, &call, err);
    free(call.request);
    return ending;
}

static bool command_word_wants_json(const char *word, const char *next) {
    static const struct {
        const char *one; /* word, */
        const char *two[2];
    } ways[] = {{"--json=-", {"--json", "-"}},
                {"-ejson=-", {"-e", "json=-"}},
                {"--export=json=-", {"--export", "json=-"}}};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        if (strcmp(word, ways[i].one) == 0 ||
            (next != NULL && strcmp(word, ways[i].two[0]) == 0 &&
             strcmp(next, ways[i].two[1]) == 0))
            return true;
    return false;
}

bool ipm_command_wants_json(int argc, char **argv) {
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (command_word_wants_json(argv[i], argv[i + 1]))
            return true;
    return false;
}

/* "--st" is the shortest form of "--status". */
bool ipm_command_bisects(int argc, char **argv) {
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const size_t length = strcspn(argv[i], "=");
        const char *value = argv[i][length] == '=' ? argv[i] + length + 1 : argv[i + 1];
        if (length >= strlen("--st") && strncmp(argv[i], "--status", length) == 0)
            return value != NULL && strcmp(value, "bisect") == 0;
    }
    return false;
}

/* For an unknown command, the document of the first one (`run`) is written. */
void ipm_command_refuse(int argc, char **argv, const struct ipm_err *err) {
    char error[IPM_ERR_TEXT_BYTES + IPM_ERR_HINT_BYTES + sizeof " ()"];
    const struct ipm_call call = {.argc = argc, .argv = argv};
    const struct ipm_command *command = argc > 1 ? command_find(argv[1], NULL) : NULL;
    if (command == NULL)
        command = ipm_commands[0];
    if (command->refuse == NULL || !ipm_command_wants_json(argc, argv))
        return;
    ipm_err_reason(err, error, sizeof error);
    command->refuse(&call, error);
}
