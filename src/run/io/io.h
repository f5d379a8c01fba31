/* io.h - the I/O backends: who makes the calls that move bytes. It is the transport, or a
 * backend that does it on the descriptors of the transport.
 *
 * A backend is one .c file in io/ and one row of ios.def. It replaces the hot calls of a pump
 * before the window. */
#ifndef IPM_RUN_IO_IO_H
#define IPM_RUN_IO_IO_H

#include "model/plan/plan.h"

#include <stdbool.h>

struct ipm_err;
struct ipm_pump;

/* The pumps of one end. */
struct ipm_io_ways {
    struct ipm_pump *out; /* or NULL, where this end does not send */
    struct ipm_pump *in;  /* or NULL, where it does not receive */
    bool in_turn;         /* it waits for a response to each message, or gives one */
};

struct ipm_io {
    const char *name;    /* the word on the command line: "uring" */
    const char *summary; /* one line for `ipcmark list io`, no full stop */
    bool drives;         /* the descriptors of a transport with IPM_CAP_PLAIN */

    /* Cold. Parent, before anything else. An error means that the backend cannot be used, and
     * why. Leaves nothing behind. NULL where it always can. */
    int (*probe)(struct ipm_err *err);

    /* Cold, when the pumps are made: replaces their calls, and the end that these are given.
     * Returns 0 or a negative errno. NULL: the transport's own calls are made. */
    int (*prepare)(const struct ipm_io_ways *ways, struct ipm_err *err);

    /* Cold, after the window: fills counts.calls where a call of the pump is not one system
     * call. */
    void (*count)(const struct ipm_io_ways *ways);

    /* Never fails; is called also after a prepare that failed. Nothing is in flight after it. */
    void (*done)(const struct ipm_io_ways *ways);
};

/* In the order of ios.def; ends with NULL. The first is "sync": the transport's own calls. */
extern const struct ipm_io *const ipm_ios[];

/* The backend of that name, or NULL. */
const struct ipm_io *ipm_io_find(const char *name);

/* What the plan is told of a backend: whether it can be used here, or why not. */
struct ipm_drive ipm_io_drive(const struct ipm_io *io);

#endif
