/* find.c - looks a command up in a table. */
#include "app/cli/suggest.h"
#include "app/commands/command.h"

#include <string.h>

static const char *find_word(const void *context, size_t i) {
    const struct ipm_command *const *commands = context;
    return commands[i] != NULL ? commands[i]->name : NULL;
}

const struct ipm_command *ipm_command_find(const struct ipm_command *const *commands,
                                           const char *name, struct ipm_err *err) {
    for (size_t i = 0; commands[i] != NULL; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    ipm_suggest(err, "command", name, find_word, commands, "ipcmark help");
    return NULL;
}
