/* peers.h - the children of a trial, as the parent sees them: their control channels, what
 * they measured, and their end. */
#ifndef IPM_RUN_TRIAL_PEERS_H
#define IPM_RUN_TRIAL_PEERS_H

#include "run/trial/control.h"
#include "run/trial/side.h"

#include <stdbool.h>
#include <sys/types.h>

struct ipm_peer {
    pid_t pid;      /* 0: not forked, or reaped */
    int control[2]; /* parent's, child's; -1 when closed */
    bool closed;    /* it closed its end of the control channel */
    bool gone;      /* it ended by itself */
    bool stopped;
    int status; /* set when reaped, as wait(2) gives it */
};

struct ipm_peers {
    const struct ipm_trial_config *config;
    struct ipm_trial_side *side; /* the parent's */
    unsigned count;
    struct ipm_peer *items;
    struct ipm_window *windows; /* what each peer measured */
    const char *phase;          /* of the trial: "in the window" */
};

/* Allocates count peers. Returns 0 or a negative errno. */
int ipm_peers_init(struct ipm_peers *peers, struct ipm_err *err);

/* Opens the control channel of one peer, forks it and runs live(start) in it. Returns
 * 0 or a negative errno. */
int ipm_peers_spawn(struct ipm_peers *peers, unsigned which, int (*live)(void *start),
                    void *start, struct ipm_err *err);

/* Sends a message to one peer. Returns 0 or a negative errno. */
int ipm_peers_send(struct ipm_peers *peers, unsigned which,
                   const struct ipm_control_message *message);

/* Waits for a message of that kind from each peer until the watchdog expires, and
 * keeps the windows that arrive with it. The error of a peer becomes the caller's. */
int ipm_peers_await(struct ipm_peers *peers, enum ipm_control_kind kind,
                    struct ipm_err *err);

/* Waits until each peer has nothing left to do but exit. */
int ipm_peers_await_exits(struct ipm_peers *peers, struct ipm_err *err);

/* Ends all peers, by force those that have not ended by themselves. Returns 0, or a
 * negative errno and the message that explains the failure. `failed` and `seen` are
 * the parent's own failure, if any. */
int ipm_peers_reap(struct ipm_peers *peers, int failed, struct ipm_err *seen,
                   struct ipm_err *err);

/* Closes *fd unless it is -1, and sets it to -1. */
void ipm_peers_close(int *fd);

/* Closes and frees. Safe on a partly initialized struct. */
void ipm_peers_done(struct ipm_peers *peers);

/* The argument of ipm_child_live. */
struct ipm_child_start {
    const struct ipm_peers *peers;
    struct ipm_link *link;
    struct ipm_timings *timings; /* shared with the parent; NULL where none is needed */
    const int *gate; /* a pipe: its end-of-file starts the senders; or -1, -1 */
    unsigned which;
};

/* For ipm_spawn. Runs a child, which attaches, measures, and reports over its control
 * channel. Returns its exit status. */
int ipm_child_live(void *start);

#endif
