/* fan_parts.h - what the files of fan.h share: private to them. */
#ifndef IPM_RUN_TRIAL_FAN_PARTS_H
#define IPM_RUN_TRIAL_FAN_PARTS_H

#include "model/report/histogram.h"
#include "run/servers/service.h"
#include "run/trial/control.h"
#include "run/trial/trial.h"
#include "transports/transport.h"

struct ipm_fan_peer {
    pid_t pid;      /* 0: not forked, or reaped */
    int control[2]; /* parent's, child's; -1 when closed */
    bool gone;      /* it has ended by itself */
    bool stopped;
    int status;               /* of one that was reaped, as wait(2) gives it */
    struct ipm_window window; /* what it measured */
};

struct ipm_fan {
    const struct ipm_trial_config *config;
    unsigned count;
    struct ipm_link link;
    bool link_open;
    struct ipm_service *service;
    struct ipm_fan_peer *peers;
    struct ipm_histogram *latencies; /* of each client, in memory shared with it */
    int gate[2]; /* a pipe whose end lets all clients start at once; -1 when closed */
    uint64_t opened_ns;
    uint64_t attached_ns;
    uint64_t deadline_ns;
    struct ipm_window server; /* as far as one server can say it */
    const char *phase;
};

/* The life of one client, in its process. */
struct ipm_fan_start {
    struct ipm_fan *fan;
    unsigned which;
};
int ipm_fan_client_live(void *start);

/* After a trial that went well. Errors: -EBADMSG when a transport that promises better lost
 * or damaged a message; -ENOMEM. */
int ipm_fan_tell(struct ipm_fan *fan, struct ipm_sample *sample,
                 struct ipm_trial_facts *facts, struct ipm_err *err);

/* Ends all clients, by force those who have not ended by themselves, and says what went
 * wrong: 0 when nothing did. `seen` is the first failure, if there was one. */
int ipm_fan_reap(struct ipm_fan *fan, int failed, struct ipm_err *seen,
                 struct ipm_err *err);

/* A message of the wanted kind from one client; an error of the client becomes ours. */
int ipm_fan_await(struct ipm_fan *fan, unsigned which, enum ipm_control_kind kind,
                  uint64_t deadline_ns, struct ipm_control_message *message,
                  struct ipm_err *err);

#endif
