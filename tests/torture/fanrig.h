/* fanrig.h - trials of many clients for the tests: every server over every transport that can,
 * and one client that has an accident. */
#ifndef IPM_FANRIG_H
#define IPM_FANRIG_H

#include "rig.h"
#include "tests/support/trial.h"

#include <stdbool.h>

enum { IPM_FANRIG_CLIENTS = 3, IPM_FANRIG_VICTIM = 1, IPM_FANRIG_MESSAGES = 200 };

/* A trial of 3 clients. */
struct ipm_test_trial ipm_fanrig_config(const struct ipm_transport *transport,
                                        const char *pattern,
                                        const struct ipm_server *server);

/* The rigged transport: what happens in the window happens at the victim's third send. A
 * negative signal is a pause of so many milliseconds there. */
const struct ipm_transport *ipm_fanrig_make(const struct ipm_rig *rig);

/* Whether the server can wait for the transport. */
bool ipm_fanrig_serves(const struct ipm_server *server,
                       const struct ipm_transport *transport);

/* The server of this transport's turn: the next transport has the next one. For what does not
 * differ by the pair of both, and waits for time. */
const struct ipm_server *ipm_fanrig_server(const struct ipm_transport *ops);

/* Calls test for each server, where the transport can do the pattern; under a sanitizer for two
 * of them. */
void ipm_fanrig_each(const struct ipm_transport *transport, const char *pattern,
                     void (*test)(const struct ipm_transport *transport,
                                  const char *pattern, const struct ipm_server *server));

#endif
