/* prepare.c - makes an end wait in one of the ways. */
#include "run/waits/wait.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/pause.h"
#include "base/units.h"
#include "run/waits/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

enum { WAIT_BATCHES = 5, WAIT_BATCH_LOOKS = 64 };

static const uint64_t wait_usual_ns = 20000; /* of a hybrid wait */

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
    end->on_miss = NULL;
    return failed;
}

static void wait_look_at_memory(const struct ipm_endpoint *end) {
    static _Atomic uint64_t head;
    (void)end;
    (void)atomic_load_explicit(&head, memory_order_relaxed);
    ipm_pause();
}

/* A call that finds nothing takes about as long as a poll(2) that finds nothing. */
static void wait_look_at_descriptor(const struct ipm_endpoint *end) {
    struct pollfd fd = {.fd = end->rx_fd < 0 ? end->tx_fd : end->rx_fd,
                        .events = end->rx_fd < 0 ? POLLOUT : POLLIN};
    (void)poll(&fd, 1, 0);
}

/* Returns how many polls take `ns`, by the fastest batch, because other batches were disturbed. */
static unsigned wait_count(void (*look)(const struct ipm_endpoint *end),
                           const struct ipm_endpoint *end, uint64_t ns) {
    uint64_t best_ns = UINT64_MAX;
    for (int batch = 0; batch < WAIT_BATCHES; batch++) {
        const uint64_t began_ns = ipm_clock_now_ns();
        for (int i = 0; i < WAIT_BATCH_LOOKS; i++)
            look(end);
        const uint64_t took_ns = ipm_clock_now_ns() - began_ns;
        best_ns = took_ns < best_ns ? took_ns : best_ns;
    }
    const uint64_t looks = ns * WAIT_BATCH_LOOKS / (best_ns + 1) + 1;
    return looks < UINT_MAX ? (unsigned)looks : UINT_MAX;
}

/* The command line has checked the time. */
static uint64_t wait_ns(const char *word) {
    const char *time = strchr(word, ':');
    uint64_t ns = wait_usual_ns;
    if (time)
        (void)ipm_units_parse(&ipm_unit_time, time + 1, "time", 0, IPM_WAIT_MOST_NS, &ns,
                              NULL);
    return ns;
}

uint64_t ipm_wait_count_tries(const struct ipm_wait *wait, const char *word,
                              const struct ipm_endpoint *end) {
    if (wait->tries)
        return wait_count(wait_look_at_descriptor, end, wait_ns(word));
    return wait->spins ? UINT64_MAX : 0;
}

int ipm_wait_prepare(const struct ipm_wait *wait, const char *word,
                     struct ipm_endpoint *end, struct ipm_err *err) {
    const bool looks = (end->ops->caps & IPM_CAP_LOOKS) != 0;
    int failed = 0;
    if (wait->nonblocking && (!looks || wait->kind.polls) &&
        (end->rx_fd >= 0 || end->tx_fd >= 0))
        failed = ipm_wait_unblock(end, err);
    if (failed)
        return failed;
    if (looks && !end->nonblocking) {
        end->looks = wait->tries ? wait_count(wait_look_at_memory, end, wait_ns(word))
                                 : wait->looks;
        end->on_miss = wait->on_miss;
    } else if (end->nonblocking && wait->tries) {
        end->looks = (unsigned)ipm_wait_count_tries(wait, word, end);
    }
    return 0;
}

/* A message that is written in place is waited for only once. With IPM_CAP_IN_PLACE, lease waits
 * for space and commit never waits. Without it (a byte stream), commit waits and lease never does. */
void ipm_wait_wrap(const struct ipm_wait *wait, const struct ipm_endpoint *end,
                   struct ipm_transport *calls) {
    const struct ipm_transport own = *calls;
    if (!wait->calls || !end->nonblocking)
        return;
#define WAIT_WRAP(name, ...) calls->name = own.name ? wait->calls->name : NULL;
    IPM_WAIT_CALLS(WAIT_WRAP)
#undef WAIT_WRAP
    if ((calls->caps & IPM_CAP_IN_PLACE) != 0)
        calls->commit = own.commit;
    else
        calls->lease = own.lease;
}

void ipm_wait_missed(const struct ipm_wait *wait, uint64_t misses) {
    if (wait->spins && misses % IPM_WAIT_LOOKS == 0)
        (void)sched_yield(); /* never fails */
}
