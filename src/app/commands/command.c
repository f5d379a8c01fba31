/* command.c - the table of commands: calls the one that the command line names. */
#include "app/commands/command.h"

#include "app/cli/optparse.h"
#include "app/commands/help.h"
#include "app/commands/version.h"
#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IPM_COMMAND(word) extern const struct ipm_command ipm_command_##word;
#include "app/commands/commands.def"
#undef IPM_COMMAND

#define IPM_COMMAND(word) &ipm_command_##word,
static const struct ipm_command *const command_rows[] = {
#include "app/commands/commands.def"
    NULL,
};
#undef IPM_COMMAND

static enum ipm_exit command_refuse_none(struct ipm_err *err) {
    char words[IPM_ERR_HINT_BYTES / 2] = "";
    for (size_t i = 0; command_rows[i] != NULL; i++) {
        size_t used = strlen(words);
        (void)snprintf(words + used, sizeof words - used, "%s%s", used > 0 ? "|" : "",
                       command_rows[i]->name);
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
        return ipm_help_show(&ipm_program_syntax, command_rows, err);
    return request.version ? ipm_version_show(err) : command_refuse_none(err);
}

static enum ipm_exit command_run(const struct ipm_command *command,
                                 const struct ipm_call *call, struct ipm_err *err) {
    if (call->request == NULL) {
        ipm_err_sys(err, -ENOMEM, "cannot read the command line");
        return IPM_EXIT_REFUSED;
    }
    int parsed = ipm_optparse_parse(command->syntax, call->argc, call->argv, 2,
                                    call->request, err);
    if (parsed < 0)
        return IPM_EXIT_REFUSED;
    return parsed == IPM_OPTPARSE_HELP
               ? ipm_help_show(command->syntax, call->commands, err)
               : command->run(call, err);
}

enum ipm_exit ipm_command_dispatch(int argc, char **argv, struct ipm_err *err) {
    if (argc < 2)
        return command_refuse_none(err);
    if (argv[1][0] == '-')
        return command_option(argc, argv, err);
    const struct ipm_command *command = ipm_help_find(command_rows, argv[1], err);
    if (command == NULL)
        return IPM_EXIT_REFUSED;
    struct ipm_call call = {.argc = argc,
                            .argv = argv,
                            .request = calloc(1, command->request_bytes + 1),
                            .commands = command_rows};
    enum ipm_exit ending = command_run(command, &call, err);
    free(call.request);
    return ending;
}

static bool command_word_wants_json(const char *word, const char *next) {
    static const char *const whole[] = {"--json=-", "-ejson=-", "--export=json=-"};
    static const char *const pairs[][2] = {
        {"--json", "-"}, {"-e", "json=-"}, {"--export", "json=-"}};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (strcmp(word, whole[i]) == 0)
            return true;
    for (size_t i = 0; next != NULL && i < sizeof pairs / sizeof pairs[0]; i++)
        if (strcmp(word, pairs[i][0]) == 0 && strcmp(next, pairs[i][1]) == 0)
            return true;
    return false;
}

bool ipm_command_wants_json(int argc, char **argv) {
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (command_word_wants_json(argv[i], argv[i + 1]))
            return true;
    return false;
}

/* A command that does not exist gets the document of the first one, `run`. */
void ipm_command_refuse(int argc, char **argv, const struct ipm_err *err) {
    char error[IPM_ERR_TEXT_BYTES + IPM_ERR_HINT_BYTES + sizeof " ()"];
    const bool hinted = err->hint[0] != '\0';
    const struct ipm_call call = {.argc = argc, .argv = argv};
    const struct ipm_command *command =
        argc > 1 ? ipm_help_find(command_rows, argv[1], NULL) : NULL;
    if (command == NULL)
        command = command_rows[0];
    if (command->refuse == NULL || !ipm_command_wants_json(argc, argv))
        return;
    (void)snprintf(error, sizeof error, "%s%s%s%s", err->text, hinted ? " (" : "",
                   err->hint, hinted ? ")" : "");
    command->refuse(&call, error);
}
