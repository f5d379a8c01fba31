/* prepare.c - makes an end wait in one of the ways. */
#include "run/waits/wait.h"

#include "base/err.h"
#include "transports/transport.h"

#include <errno.h>
#include <fcntl.h>

static int wait_unblock(int fd, struct ipm_err *err) {
    const int flags = fd < 0 ? 0 : fcntl(fd, F_GETFL);
    if (fd < 0 || (flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0))
        return 0;
    return ipm_err_sys(err, -errno, "cannot make a descriptor non-blocking");
}

int ipm_wait_unblock(struct ipm_endpoint *end, struct ipm_err *err) {
    int failed = wait_unblock(end->rx_fd, err);
    if (!failed && end->tx_fd != end->rx_fd)
        failed = wait_unblock(end->tx_fd, err);
    end->nonblocking = !failed;
    end->looks = 0;
    return failed;
}

int ipm_wait_prepare(const struct ipm_wait *wait, struct ipm_endpoint *end,
                     struct ipm_err *err) {
    if (wait->spins && (end->rx_fd >= 0 || end->tx_fd >= 0))
        return ipm_wait_unblock(end, err);
    end->looks = wait->looks;
    end->on_miss = wait->on_miss;
    return 0;
}
