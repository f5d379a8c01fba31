/* service_steps.h - the kinds of step and of response; one of each is chosen before the window. Private to
 * service.c and service_make.c. */
#ifndef IPM_RUN_SERVERS_SERVICE_STEPS_H
#define IPM_RUN_SERVERS_SERVICE_STEPS_H

#include <stddef.h>

struct ipm_service_channel;

int ipm_service_step_count(struct ipm_service_channel *channel);
int ipm_service_step_stream(struct ipm_service_channel *channel);
int ipm_service_step_messages(struct ipm_service_channel *channel);

/* Each sets the response to a request at that place of the buffer: echo the request itself,
 * make what the maker of the channel makes. */
void ipm_service_echo(struct ipm_service_channel *channel, size_t at, size_t frame_bytes,
                      size_t contents_bytes);
void ipm_service_make(struct ipm_service_channel *channel, size_t at, size_t frame_bytes,
                      size_t contents_bytes);

#endif
