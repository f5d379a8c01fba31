/* wait.h - what a side does when a call found nothing: no message, or no room.
 *
 * A way of waiting is one .c file in waits/ and one row of waits.def. It takes effect only
 * after a call that found nothing, so a call that moves a message pays nothing for it. */
#ifndef IPM_RUN_WAITS_WAIT_H
#define IPM_RUN_WAITS_WAIT_H

#include <stdbool.h>

struct ipm_endpoint;
struct ipm_err;

/* How often a side looks at memory before it sleeps or lets others run: a few microseconds. */
enum { IPM_WAIT_LOOKS = 200 };

struct ipm_wait {
    const char *name;    /* "block" */
    const char *summary; /* one line, no full stop */

    /* The side never sleeps. Its descriptors are non-blocking, EAGAIN means try again, and a
     * server asks which of its clients are ready without waiting for them. */
    bool spins;

    /* What an end with IPM_CAP_LOOKS gets as its looks and its on_miss: see transport.h. */
    unsigned looks;
    int (*on_miss)(unsigned misses);
};

/* In the order of waits.def; ends with NULL. */
extern const struct ipm_wait *const ipm_waits[];

/* The way of that name, or NULL. */
const struct ipm_wait *ipm_wait_find(const char *name);

/* How ends of a transport with these capabilities wait: with `spin` they spin; else they
 * block, after some looks where a look costs no system call, unless nobody wakes them. */
const struct ipm_wait *ipm_wait_choose(bool spin, unsigned caps);

/* Cold, after attach: makes the end wait that way. Returns 0 or a negative errno. */
int ipm_wait_prepare(const struct ipm_wait *wait, struct ipm_endpoint *end,
                     struct ipm_err *err);

/* Cold: makes the end's descriptors non-blocking. Returns 0 or a negative errno. */
int ipm_wait_unblock(struct ipm_endpoint *end, struct ipm_err *err);

#endif
