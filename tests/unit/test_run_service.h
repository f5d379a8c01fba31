/* test_run_service.h - a service and its clients, each a process that does as a test says. */
#ifndef IPM_TEST_RUN_SERVICE_H
#define IPM_TEST_RUN_SERVICE_H

#include "base/err.h"
#include "run/servers/server.h"
#include "run/servers/service.h"
#include "tests/support/leaks.h"
#include "tests/support/trial.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { SERVICE_CLIENTS = 4, SERVICE_MESSAGES = 6, SERVICE_BYTES = 512 };
enum { SERVICE_ANY = -1 }; /* of a status: it is killed, and may have ended before */

struct ipm_service_rig {
    struct ipm_test_trial config;
    struct ipm_link link;
    struct ipm_service *service;
    struct ipm_err err;
    struct ipm_leaks leaks;
    pid_t pids[SERVICE_CLIENTS];
    int gate[2];  /* closed when all may start */
    int leave[2]; /* and when all may end: before that, an end is a death */
};

/* What a client does; returns whether it is content. */
typedef bool (*ipm_service_rig_client)(struct ipm_service_rig *rig,
                                       struct ipm_endpoint *end);

struct ipm_service_rig ipm_service_rig_make(const char *transport, const char *pattern,
                                            const struct ipm_server *server);

/* Opens all, forks the clients, and lets them start. */
void ipm_service_rig_start(struct ipm_service_rig *rig, ipm_service_rig_client client);

/* Ends all; the status of each must be what is told, or 0 where nothing is told. Who is to be
 * killed is killed here. */
void ipm_service_rig_end(struct ipm_service_rig *rig,
                         const int statuses[SERVICE_CLIENTS]);

/* Runs a test for every server over every transport, or those that are not simplex. */
void ipm_service_rig_each(const char *pattern, void (*test)(struct ipm_service_rig *rig));

/* What clients do. The messages from number `from` to below `to`, or all. */
bool ipm_service_rig_send(struct ipm_endpoint *end, const unsigned char *bytes,
                          size_t count);
bool ipm_service_rig_send_some(struct ipm_service_rig *rig, struct ipm_endpoint *end,
                               uint64_t from, uint64_t to);
bool ipm_service_rig_send_all(struct ipm_service_rig *rig, struct ipm_endpoint *end);

/* A mark may be lost, or find the queue full: it is repeated until all may end. */
bool ipm_service_rig_finish(struct ipm_service_rig *rig, struct ipm_endpoint *end);

#endif
