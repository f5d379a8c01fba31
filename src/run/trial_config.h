/* trial_config.h - what one trial is made of: the settings of its case, the rows of the
 * tables that these name, and what only a trial has. */
#ifndef IPM_RUN_TRIAL_CONFIG_H
#define IPM_RUN_TRIAL_CONFIG_H

#include "model/setting.h"

#include <stdint.h>

struct ipm_framing;
struct ipm_io;
struct ipm_pattern;
struct ipm_server;
struct ipm_transport;

struct ipm_trial_config {
    const struct ipm_case_config *settings; /* of the case; outlives the trial */
    const struct ipm_transport *transport;
    const struct ipm_pattern *pattern;
    const struct ipm_framing *framing; /* of a byte stream; NULL: none */
    const struct ipm_io *io;           /* NULL: "sync" */
    const struct ipm_server *server;   /* of a pattern with many clients, else NULL */
    uint64_t messages;                 /* to send, of each client; 1 or more */
    uint64_t seed;                     /* of the contents */
    unsigned counters;                 /* 1u << enum ipm_counter_id; 0: none */
    uint64_t timeout_ns;               /* of everything together */

    /* Or NULL. Called in the parent when both ends are ready for the window: returns 0 when other
     * trials are, too, or a negative errno. */
    int (*meet)(void *context);
    void *meet_context;
};

#endif
