/* fan.h - one trial of many clients and one server.
 *
 * The caller is the parent and the server; config->clients children are the clients, and all
 * of them together the sender. When the call returns there is no process, thread, descriptor
 * and name left of it, whatever happened. Blocks for at most timeout_ns and a little. */
#ifndef IPM_RUN_TRIAL_FAN_H
#define IPM_RUN_TRIAL_FAN_H

#include "run/trial/trial.h"

/* As ipm_trial_run. A client that dies does not stop the others; when they are done the
 * words say which one it was, how and when. */
int ipm_fan_run(const struct ipm_trial_config *config, struct ipm_sample *ret_sample,
                struct ipm_trial_facts *ret_facts, struct ipm_err *err);

#endif
