/* io.h - the I/O backends, which make the calls that move bytes: the transport itself, or a
 * backend that uses the transport's descriptors.
 *
 * A backend is one .c file in io/ and one row of ios.def. It replaces the hot calls of a pump
 * before the window. */
#ifndef IPM_RUN_IO_IO_H
#define IPM_RUN_IO_IO_H

#include "model/plan/plan.h"

#include <stdbool.h>

struct ipm_pump;

/* The pumps of one end. */
struct ipm_io_pumps {
    struct ipm_pump *out; /* or NULL, where this end does not send */
    struct ipm_pump *in;  /* or NULL, where it does not receive */
    bool in_turn;         /* requests and responses alternate on this end */
};

struct ipm_io {
    const char *name;    /* the word on the command line: "uring" */
    const char *summary; /* one line for `ipcmark list io`, no full stop */
    bool drives;         /* the descriptors of a transport with IPM_CAP_PLAIN */

    /* Cold. Called in the parent before anything else. Returns 0, or a negative errno and in
     * err the reason why the backend cannot be used. Leaves nothing behind. NULL: it can
     * always be used. */
    int (*probe)(struct ipm_err *err);

    /* Cold, when the pumps are made: replaces their calls and their end. Returns 0 or a
     * negative errno. NULL: the transport's own calls stay. */
    int (*prepare)(const struct ipm_io_pumps *pumps, struct ipm_err *err);

    /* Cold, after the window: fills counts.calls where a call of the pump is not one system
     * call. */
    void (*count)(const struct ipm_io_pumps *pumps);

    /* Never fails. Called also after a failed prepare. No request is in flight afterwards. */
    void (*done)(const struct ipm_io_pumps *pumps);
};

/* In the order of ios.def; ends with NULL. The first is "sync": the transport's own calls. */
extern const struct ipm_io *const ipm_ios[];

/* Returns the backend of that name, or NULL. */
const struct ipm_io *ipm_io_find(const char *name);

/* Returns whether the backend can be used here, or why not. */
struct ipm_drive ipm_io_drive(const struct ipm_io *io);

#endif
