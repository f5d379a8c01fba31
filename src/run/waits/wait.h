/* wait.h - how a side waits when a call found no message or no space.
 *
 * A way of waiting is one .c file in waits/ and one row of waits.def. An end with descriptors
 * waits by calls that do not block, which the row may replace; an end that polls memory gets
 * its looks and its on_miss (transport.h). `block` changes nothing, so that it costs nothing. */
#ifndef IPM_RUN_WAITS_WAIT_H
#define IPM_RUN_WAITS_WAIT_H

#include "model/plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

/* A side that never sleeps polls this many times before it lets other processes run. */
enum { IPM_WAIT_LOOKS = 200 };

struct ipm_wait {
    struct ipm_wait_kind kind; /* the word on the command line: "block"; what it needs */
    const char *summary;       /* one line, no full stop */
    bool spins;                /* the side never sleeps */
    bool tries;                /* it polls for a time before it sleeps */
    bool nonblocking;          /* descriptors are non-blocking: EAGAIN means try again */

    /* looks and on_miss of an end with IPM_CAP_LOOKS (transport.h). With `tries`, the number of
     * polls is computed from the time instead. */
    unsigned looks;
    int (*on_miss)(unsigned misses);

    /* For an end that does not block: replacements for the calls of end->ops; each calls the
     * original. NULL: the calls are not replaced. */
    const struct ipm_transport *calls;
};

/* In the order of waits.def; ends with NULL. */
extern const struct ipm_wait *const ipm_waits[];

/* Returns the way of waiting of a setting: "block", "hybrid:5us"; "" is block. Returns NULL
 * where there is none. */
const struct ipm_wait *ipm_wait_find(const char *word);

/* The same for ends of a transport with these capabilities: those that nobody wakes spin. */
const struct ipm_wait *ipm_wait_choose(const char *word, unsigned caps);

/* Cold, after attach: makes the end wait in that way, whose word is the setting. Returns 0 or
 * a negative errno. */
int ipm_wait_prepare(const struct ipm_wait *wait, const char *word,
                     struct ipm_endpoint *end, struct ipm_err *err);

/* Cold, after ipm_wait_prepare: replaces calls of the end, where the way of waiting has its
 * own. `calls` is a copy of end->ops. */
void ipm_wait_wrap(const struct ipm_wait *wait, const struct ipm_endpoint *end,
                   struct ipm_transport *calls);

/* Cold: makes the end's descriptors non-blocking. Returns 0 or a negative errno. */
int ipm_wait_unblock(struct ipm_endpoint *end, struct ipm_err *err);

/* Cold. Returns how many polls of a descriptor of the end take the time of the setting; 0 for a
 * way of waiting that sleeps at once, UINT64_MAX for one that never sleeps. */
uint64_t ipm_wait_count_tries(const struct ipm_wait *wait, const char *word,
                              const struct ipm_endpoint *end);

/* Called after a call that found nothing, with the number of such calls so far. A side that
 * spins lets other processes run from time to time: with both sides on one CPU, no call
 * succeeds until the other side has run. */
void ipm_wait_missed(const struct ipm_wait *wait, uint64_t misses);

#endif
