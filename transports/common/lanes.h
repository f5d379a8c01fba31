/* lanes.h - simplex channels that both processes inherit: for each child one from the
 * parent, one to it, or both, of two descriptors each.
 *
 * struct ipm_lanes comes first in the state of a link; attach and close are operations of
 * its transport. */
#ifndef IPM_TRANSPORTS_COMMON_LANES_H
#define IPM_TRANSPORTS_COMMON_LANES_H

#include "transports/transport.h"

enum { IPM_LANE_RX, IPM_LANE_TX, IPM_LANE_FDS };

struct ipm_lanes {
    unsigned next; /* the next child to attach */
    int *fds;      /* by child, sending enum ipm_side, and end */
};

/* Makes one lane: both descriptors, or none and a negative errno. */
typedef int ipm_lane_make(const struct ipm_link *link, int ret_fds[IPM_LANE_FDS],
                          struct ipm_err *err);

/* Makes the lanes from the parent (`down`), those to it (`up`), or both. Returns 0, or a
 * negative errno and leaves nothing. */
int ipm_lanes_open(struct ipm_link *link, ipm_lane_make *make, bool down, bool up,
                   struct ipm_err *err);

/* The same for the direction of the link's `flow`. */
int ipm_lanes_open_simplex(struct ipm_link *link, ipm_lane_make *make,
                           struct ipm_err *err);

int ipm_lanes_attach(struct ipm_endpoint *end, struct ipm_link *link,
                     struct ipm_err *err);

/* The same where each child has one lane whose descriptors go both ways: one for each side. */
int ipm_lanes_attach_pair(struct ipm_endpoint *end, struct ipm_link *link,
                          struct ipm_err *err);
void ipm_lanes_close(struct ipm_link *link, enum ipm_side side);

#endif
