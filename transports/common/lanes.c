/* lanes.c - channels of one direction, made before fork. */
#include "transports/common/lanes.h"

#include "transports/common/fd.h"

#include <errno.h>

enum { LANES_FDS = 2 * IPM_LANE_FDS }; /* per child */

static unsigned lanes_peers(const struct ipm_link *link) {
    return link->config.peers > 0 ? link->config.peers : 1;
}

static int *lanes_at(const struct ipm_lanes *lanes, unsigned peer, enum ipm_side sender) {
    return &lanes->fds[(size_t)LANES_FDS * peer + (size_t)IPM_LANE_FDS * sender];
}

void ipm_lanes_close(struct ipm_link *link, enum ipm_side side) {
    struct ipm_lanes *lanes = link->state;
    (void)side;
    ipm_fd_list_free(&lanes->fds, LANES_FDS * lanes_peers(link));
}

int ipm_lanes_open(struct ipm_link *link, ipm_lane_make *make, bool down, bool up,
                   struct ipm_err *err) {
    struct ipm_lanes *lanes = link->state;
    int failed = 0;
    *lanes =
        (struct ipm_lanes){.fds = ipm_fd_list_new(LANES_FDS * lanes_peers(link), err)};
    if (!lanes->fds)
        return -ENOMEM;
    for (unsigned i = 0; i < lanes_peers(link) && !failed; i++) {
        failed = down ? make(link, lanes_at(lanes, i, IPM_PARENT), err) : 0;
        if (!failed && up)
            failed = make(link, lanes_at(lanes, i, IPM_CHILD), err);
    }
    if (failed)
        ipm_lanes_close(link, IPM_PARENT);
    return failed;
}

int ipm_lanes_open_simplex(struct ipm_link *link, ipm_lane_make *make,
                           struct ipm_err *err) {
    const bool up = link->config.flow == IPM_TO_PARENT;
    return ipm_lanes_open(link, make, !up, up, err);
}

int ipm_lanes_attach(struct ipm_endpoint *end, struct ipm_link *link,
                     struct ipm_err *err) {
    struct ipm_lanes *lanes = link->state;
    const bool parent = end->side == IPM_PARENT;
    (void)err;
    if (parent)
        end->peer = lanes->next++;
    end->tx_fd = ipm_fd_take(&lanes_at(lanes, end->peer, end->side)[IPM_LANE_TX]);
    end->rx_fd = ipm_fd_take(
        &lanes_at(lanes, end->peer, parent ? IPM_CHILD : IPM_PARENT)[IPM_LANE_RX]);
    return 0;
}

int ipm_lanes_attach_pair(struct ipm_endpoint *end, struct ipm_link *link,
                          struct ipm_err *err) {
    struct ipm_lanes *lanes = link->state;
    (void)err;
    if (end->side == IPM_PARENT)
        end->peer = lanes->next++;
    ipm_fd_give(end, ipm_fd_take(&lanes_at(lanes, end->peer, IPM_PARENT)[end->side]));
    return 0;
}
