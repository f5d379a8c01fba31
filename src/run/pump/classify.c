/* classify.c - classifies a call that moved nothing. */
#include "run/pump/pump.h"

#include "run/process/stop.h"

#include <errno.h>

/* A peer that dies with bytes unread resets the connection (tcp(7), unix(7)), and one that
 * is gone before a datagram arrives refuses it (udp(7)). */
int ipm_pump_classify_error(struct ipm_pump *pump, ssize_t result) {
    const int reason = result < 0 ? errno : 0;
    if (ipm_stop_flag)
        return -EINTR;
    if (reason == EAGAIN && pump->wait->nonblocking) {
        ipm_wait_missed(pump->wait, ++pump->misses);
        return 0;
    }
    if (reason == EINTR)
        return 0;
    return reason == ECONNRESET || reason == ECONNREFUSED ? -EPIPE : -reason;
}
