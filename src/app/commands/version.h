/* version.h - describes this build. */
#ifndef IPM_APP_COMMANDS_VERSION_H
#define IPM_APP_COMMANDS_VERSION_H

#include "app/commands/command.h"

struct ipm_tool;

/* Fills name, version, commit, compiler and build type: "Release", "Release+address". */
void ipm_version_fill(struct ipm_tool *tool);

/* Prints "ipcmark 0.2.0 (0123456789ab)". */
enum ipm_exit ipm_version_show(struct ipm_err *err);

#endif
