/* run_judge.h - how a command ends that has measured. */
#ifndef IPM_APP_COMMANDS_RUN_JUDGE_H
#define IPM_APP_COMMANDS_RUN_JUDGE_H

#include "app/commands/command.h"

struct ipm_report;

/* Returns how the program ends with that report, with the reason in err unless that is FINE.
 * An error that is already set counts as a failure. */
enum ipm_exit ipm_run_judge(const struct ipm_report *report, struct ipm_err *err);

/* run.c: writes a failed report without cases: see struct ipm_command. */
void ipm_run_refuse(const struct ipm_call *call, const char *error);

#endif
