/* help.c - `ipcmark help [COMMAND]`, and the options that stand before a command. Must not
 * know what any command does: it shows their tables. */
#include "app/commands/help.h"

#include "app/cli/optparse.h"
#include "app/output/document.h"
#include "base/err.h"

#include <errno.h>
#include <stddef.h>

struct help_request {
    const struct ipm_optparse *syntax;
};

static const struct ipm_option help_program_options[] = {
    {.name = "version",
     .key = 'V',
     .help = "show the version",
     .set = ipm_optparse_set_true,
     .offset = offsetof(struct ipm_program_request, version)},
    IPM_OPTION_HELP,
    {0},
};

const struct ipm_optparse ipm_program_syntax = {
    .command = "ipcmark",
    .operands = "COMMAND [ARGUMENT...]",
    .about =
        "What does each way of moving bytes between two processes on this machine cost?",
    .after = "exit status:\n"
             "  0      fine: every case ran, or was skipped with its reason\n"
             "  1      a case failed, a result could not be written, or a figure "
             "regressed\n"
             "  2      bad command line, unreadable input\n"
             "  3      nothing in common to compare, or too little data\n"
             "  128+N  ended by signal N; what there was is written",
    .options = help_program_options,
};

static int help_take(void *target, const char *word, struct ipm_err *err) {
    struct help_request *request = target;
    if (request->syntax != &ipm_program_syntax) {
        ipm_err_set(err, -EINVAL, "unexpected argument '%.100s'", word);
        ipm_err_hint(err, "'ipcmark help' takes one command");
        return -EINVAL;
    }
    const struct ipm_command *command = ipm_command_find(word, err);
    if (command == NULL)
        return -EINVAL;
    request->syntax = command->syntax;
    return 0;
}

static const struct ipm_option help_options[] = {IPM_OPTION_HELP, {0}};

static const struct ipm_optparse help_syntax = {
    .command = "ipcmark help",
    .operands = "[COMMAND]",
    .about = "Show the help of a command, or of the program.",
    .options = help_options,
    .operand = help_take,
};

static int help_write(const void *context, FILE *out, struct ipm_err *err) {
    (void)err;
    ipm_optparse_help(context, out);
    if (context != &ipm_program_syntax)
        return 0;
    (void)fputs("\ncommands:\n", out);
    for (const struct ipm_command *const *command = ipm_commands; *command != NULL;
         command++)
        (void)fprintf(out, "  %-8s %s\n", (*command)->name, (*command)->summary);
    return 0;
}

enum ipm_exit ipm_help_show(const struct ipm_optparse *syntax, struct ipm_err *err) {
    const struct ipm_document document = {.write = help_write, .context = syntax};
    return ipm_document_put(&document, "-", err);
}

static enum ipm_exit help_run(int argc, char **argv, struct ipm_err *err) {
    struct help_request request = {.syntax = &ipm_program_syntax};
    int parsed = ipm_optparse_parse(&help_syntax, argc, argv, 2, &request, err);
    if (parsed < 0)
        return IPM_EXIT_REFUSED;
    return ipm_help_show(parsed == IPM_OPTPARSE_HELP ? &help_syntax : request.syntax,
                         err);
}

const struct ipm_command ipm_command_help = {
    .name = "help",
    .summary = "show the help of a command",
    .syntax = &help_syntax,
    .run = help_run,
};
