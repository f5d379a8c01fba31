/* io.h - how the calls that move bytes are made: by the transport's own, or by another way
 * of driving its descriptors.
 *
 * A way is one .c file in io/ and one row of ios.def. It takes the place of the hot calls
 * of a pump, before the window, and knows no transport by its name. */
#ifndef IPM_RUN_IO_IO_H
#define IPM_RUN_IO_IO_H

#include "model/plan/plan.h"

#include <stdbool.h>

struct ipm_err;
struct ipm_pump;

/* The two ways of one end. */
struct ipm_io_ways {
    struct ipm_pump *out; /* or NULL, where this end does not send */
    struct ipm_pump *in;  /* or NULL, where it does not receive */
    bool in_turn;         /* it waits for an answer to each message, or gives one */
};

struct ipm_io {
    const char *name;    /* the word on the command line: "uring" */
    const char *summary; /* one line for `ipcmark list io`, no full stop */
    bool drives;         /* descriptors, in place of the transport: IPM_CAP_PLAIN */

    /* Cold. Parent, before anything else: an error means "skip this and say why". NULL
     * where it always goes. Leaves nothing. */
    int (*probe)(struct ipm_err *err);

    /* Cold, when the pumps are made: puts other calls in place of theirs, and whose end
     * they are given. Returns 0 or a negative errno. NULL: the transport's own calls. */
    int (*prepare)(const struct ipm_io_ways *ways, struct ipm_err *err);

    /* Cold, after the window: counts the calls that were made, where one of the pump is not
     * one of the kernel. */
    void (*count)(const struct ipm_io_ways *ways);

    /* Never fails; also after a prepare that did. Nothing is in flight, no ring is left. */
    void (*done)(const struct ipm_io_ways *ways);
};

/* In the order of ios.def; ends with NULL. The first is "sync": the transport's own calls. */
extern const struct ipm_io *const ipm_ios[];

/* The way of that name, or NULL. */
const struct ipm_io *ipm_io_find(const char *name);

/* What the plan is told of a way: whether it goes here, or why not. */
struct ipm_drive ipm_io_drive(const struct ipm_io *io);

#endif
