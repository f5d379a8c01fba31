/* service_turns.h - the kinds of turn, of which one is chosen before the window: private to
 * service.c and service_make.c. */
#ifndef IPM_RUN_SERVERS_SERVICE_TURNS_H
#define IPM_RUN_SERVERS_SERVICE_TURNS_H

struct ipm_service_channel;

int ipm_service_turn_count(struct ipm_service_channel *channel);
int ipm_service_turn_stream(struct ipm_service_channel *channel);
int ipm_service_turn_messages(struct ipm_service_channel *channel);

#endif
