/* service_steps.h - the kinds of step; one is chosen before the window. Private to
 * service.c and service_make.c. */
#ifndef IPM_RUN_SERVERS_SERVICE_STEPS_H
#define IPM_RUN_SERVERS_SERVICE_STEPS_H

struct ipm_service_channel;

int ipm_service_step_count(struct ipm_service_channel *channel);
int ipm_service_step_stream(struct ipm_service_channel *channel);
int ipm_service_step_messages(struct ipm_service_channel *channel);

#endif
