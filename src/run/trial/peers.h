/* peers.h - the children of a trial, as the parent sees them: their control channels, what
 * they measured, and their end. */
#ifndef IPM_RUN_TRIAL_PEERS_H
#define IPM_RUN_TRIAL_PEERS_H

#include "run/trial/control.h"
#include "run/trial/side.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct ipm_peer {
    pid_t pid;      /* 0: not forked, or reaped */
    int control[2]; /* parent's, child's; -1 when closed */
    bool closed;    /* it has closed its end of the control channel */
    bool gone;      /* it has ended by itself */
    bool stopped;
    int status; /* of one that was reaped, as wait(2) gives it */
};

struct ipm_peers {
    const struct ipm_trial_config *config;
    struct ipm_trial_side *side; /* the parent's */
    unsigned count;
    struct ipm_peer *items;
    struct ipm_window *windows; /* what each has measured */
    const char *phase;          /* of the trial: "in the window" */
};

/* Makes room for count peers. Returns 0 or a negative errno. */
int ipm_peers_init(struct ipm_peers *peers, struct ipm_err *err);

/* Forks one: opens its control channel and runs live(start) in it. */
int ipm_peers_spawn(struct ipm_peers *peers, unsigned which, int (*live)(void *start),
                    void *start, struct ipm_err *err);

/* Sends a message to one. Returns 0 or a negative errno. */
int ipm_peers_send(struct ipm_peers *peers, unsigned which,
                   const struct ipm_control_message *message);

/* Waits until the watchdog expires for a message of that kind from each; keeps the windows that come
 * with it. The error of a peer becomes the caller's. */
int ipm_peers_await(struct ipm_peers *peers, enum ipm_control_kind kind,
                    struct ipm_err *err);

/* Waits until each has nothing more to do but to end. */
int ipm_peers_await_exits(struct ipm_peers *peers, struct ipm_err *err);

/* Ends all, by force those who have not ended by themselves, and says what went wrong: 0 when
 * nothing did. `failed` and `seen` are the parent's failure, if there was one. */
int ipm_peers_reap(struct ipm_peers *peers, int failed, struct ipm_err *seen,
                   struct ipm_err *err);

/* Closes a descriptor, or none where it is -1. It is -1 then. */
void ipm_peers_close(int *fd);

/* Closes and frees; safe half-way. */
void ipm_peers_done(struct ipm_peers *peers);

#endif
