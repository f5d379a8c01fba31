/* machine.h - this machine and the tables of this program, as a plan sees them. */
#ifndef IPM_APP_COMMANDS_MACHINE_H
#define IPM_APP_COMMANDS_MACHINE_H

struct ipm_err;
struct ipm_options;
struct ipm_plan;

/* Probes this machine, raises the limit on descriptors, chooses the placements where none
 * were requested, and makes the plan of these options (ipm_plan_make). Returns 0 or a
 * negative errno. */
int ipm_machine_plan(struct ipm_plan *plan, struct ipm_options *options,
                     struct ipm_err *err);

#endif
