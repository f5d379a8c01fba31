/* command.c - the table of commands, and what the program does before one is known. Must
 * not know what any command does. */
#include "app/commands/command.h"

#include "app/cli/optparse.h"
#include "app/cli/suggest.h"
#include "app/commands/help.h"
#include "app/commands/version.h"
#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define IPM_COMMAND(word) extern const struct ipm_command ipm_command_##word;
#include "app/commands/commands.def"
#undef IPM_COMMAND

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

const struct ipm_command *ipm_command_find(const char *name, struct ipm_err *err) {
    for (const struct ipm_command *const *command = ipm_commands; *command != NULL;
         command++)
        if (strcmp((*command)->name, name) == 0)
            return *command;
    ipm_suggest(err, "command", name, command_word, NULL, "ipcmark help");
    return NULL;
}

static enum ipm_exit command_refuse_none(struct ipm_err *err) {
    char words[IPM_ERR_HINT_BYTES / 2] = "";
    for (const struct ipm_command *const *command = ipm_commands; *command != NULL;
         command++) {
        size_t used = strlen(words);
        (void)snprintf(words + used, sizeof words - used, "%s%s", used > 0 ? "|" : "",
                       (*command)->name);
    }
    ipm_err_set(err, -EINVAL, "no command given");
    ipm_err_hint(err, "usage: ipcmark %s [ARGUMENT...]; 'ipcmark help' shows more",
                 words);
    return IPM_EXIT_REFUSED;
}

/* argv[1] is an option of the program itself, or "--". */
static enum ipm_exit command_option(int argc, char **argv, struct ipm_err *err) {
    struct ipm_program_request request = {0};
    int parsed = ipm_optparse_parse(&ipm_program_syntax, argc, argv, 1, &request, err);
    if (parsed < 0)
        return IPM_EXIT_REFUSED;
    if (parsed == IPM_OPTPARSE_HELP)
        return ipm_help_show(&ipm_program_syntax, err);
    if (request.version)
        return ipm_version_show(err);
    return command_refuse_none(err);
}

enum ipm_exit ipm_command_dispatch(int argc, char **argv, struct ipm_err *err) {
    if (argc < 2)
        return command_refuse_none(err);
    if (argv[1][0] == '-')
        return command_option(argc, argv, err);
    const struct ipm_command *command = ipm_command_find(argv[1], err);
    return command != NULL ? command->run(argc, argv, err) : IPM_EXIT_REFUSED;
}
