/* choose_run.h - the run whose report could answer a question of `ipcmark choose`. */
#ifndef IPM_APP_COMMANDS_CHOOSE_RUN_H
#define IPM_APP_COMMANDS_CHOOSE_RUN_H

struct ipm_choice;
struct ipm_choice_question;
struct ipm_err;
struct ipm_report;

/* Refuses what no run could answer: an option that none of the patterns has a use for. Returns 0
 * or -EINVAL. */
int ipm_choose_run_check(const struct ipm_choice_question *question, struct ipm_err *err);

/* Writes the command line of the run into the choice. */
void ipm_choose_run_write(struct ipm_choice *choice, const struct ipm_report *report);

#endif
