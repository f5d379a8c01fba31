/* help.c - `ipcmark help [COMMAND]`, and the options before a command. */
#include "app/commands/help.h"

#include "app/cli/optparse.h"
#include "app/output/document.h"
#include "base/words.h"

#include <stddef.h>
#include <string.h>

struct help_request {
    const char *command; /* first: see ipm_optparse_take_only */
};

static const struct ipm_option help_program_options[] = {
    {.name = "version",
     .letter = 'V',
     .help = "show the version",
     IPM_OPTION_FLAG(struct ipm_program_request, version)},
    IPM_OPTION_HELP,
    {0},
};

const struct ipm_optparse ipm_program_syntax = {
    .command = "ipcmark",
    .operands = "COMMAND [ARGUMENT...]",
    .about = "Measure what communication between two processes costs on this machine.",
    .after = "exit status:\n"
             "  0      fine: every case ran, or was skipped with its reason\n"
             "  1      a case failed, a result could not be written, or a figure "
             "regressed\n"
             "  2      bad command line, unreadable input\n"
             "  3      nothing in common to compare, or too little data\n"
             "  128+N  ended by signal N; the results until then are written",
    .options = help_program_options,
};

static const struct ipm_option help_options[] = {IPM_OPTION_HELP, {0}};

static const struct ipm_optparse help_syntax = {
    .command = "ipcmark help",
    .operands = "[COMMAND]",
    .about = "Show the help of a command, or of the program.",
    .options = help_options,
    .operand = ipm_optparse_take_only,
    .unexpected_hint = "'ipcmark help' takes one command",
};

struct help_page {
    const struct ipm_optparse *syntax;
    const struct ipm_command *const *commands;
};

static int help_write(const void *context, FILE *out, struct ipm_err *err) {
    const struct help_page *page = context;
    (void)err;
    ipm_optparse_help(page->syntax, out);
    if (page->syntax != &ipm_program_syntax)
        return 0;
    (void)fputs("\ncommands:\n", out);
    for (size_t i = 0; page->commands[i] != NULL; i++)
        (void)fprintf(out, "  %-8s %s\n", page->commands[i]->name,
                      page->commands[i]->summary);
    return 0;
}

enum ipm_exit ipm_help_show(const struct ipm_optparse *syntax,
                            const struct ipm_command *const *commands,
                            struct ipm_err *err) {
    const struct help_page page = {.syntax = syntax, .commands = commands};
    return ipm_document_put(help_write, &page, "-", err) < 0 ? IPM_EXIT_BAD
                                                             : IPM_EXIT_FINE;
}

static const char *help_word(const void *context, size_t i) {
    const struct ipm_command *const *commands = context;
    return commands[i] != NULL ? commands[i]->name : NULL;
}

const struct ipm_command *ipm_help_find(const struct ipm_command *const *commands,
                                        const char *name, struct ipm_err *err) {
    for (size_t i = 0; commands[i] != NULL; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    ipm_words_refuse(err, "command", "", name, help_word, commands, "ipcmark help");
    return NULL;
}

static enum ipm_exit help_run(const struct ipm_call *call, struct ipm_err *err) {
    const struct help_request *request = call->request;
    if (request->command == NULL)
        return ipm_help_show(&ipm_program_syntax, call->commands, err);
    const struct ipm_command *command =
        ipm_help_find(call->commands, request->command, err);
    return command != NULL ? ipm_help_show(command->syntax, call->commands, err)
                           : IPM_EXIT_REFUSED;
}

const struct ipm_command ipm_command_help = {
    .name = "help",
    .summary = "show the help of a command",
    .syntax = &help_syntax,
    .request_bytes = sizeof(struct help_request),
    .run = help_run,
};
