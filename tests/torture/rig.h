/* rig.h - a real transport in which the child has an accident at a chosen place. */
#ifndef IPM_RIG_H
#define IPM_RIG_H

#include "transports/transport.h"

enum ipm_rig_place {
    IPM_RIG_ATTACH, /* before it meets the parent */
    IPM_RIG_BEFORE, /* attached, not yet in the window */
    IPM_RIG_WINDOW, /* at its third receive */
    IPM_RIG_AFTER,  /* its result is told, it is about to end */
    IPM_RIG_PLACES,
};

struct ipm_rig {
    const struct ipm_transport *real;
    enum ipm_rig_place place;
    int signal;    /* raised against itself, or 0: only its pid is told */
    int tell_fd;   /* the child writes its pid here before the accident, or -1 */
    int exit_with; /* with signal 0 and tell_fd -1: _exit with this status */
};

/* The rigged transport; one at a time. */
const struct ipm_transport *ipm_rig_make(const struct ipm_rig *rig);

/* Every row of the table that can run here, by its place among them; NULL after the last. */
const struct ipm_transport *ipm_rig_row(size_t which);

#endif
