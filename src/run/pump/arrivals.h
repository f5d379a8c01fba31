/* arrivals.h - the schedule of a sender with a rate: when each message is due.
 *
 * It is made before the window, and a late sender does not shift it. */
#ifndef IPM_RUN_PUMP_ARRIVALS_H
#define IPM_RUN_PUMP_ARRIVALS_H

#include <stdbool.h>
#include <stdint.h>

/* Longer schedules repeat: this many messages of 8 bytes are kept. */
enum { IPM_ARRIVALS_MOST = 1 << 20 };

struct ipm_arrivals {
    uint64_t *offsets_ns; /* of `count` messages, from the start; ascending */
    uint64_t count;
    uint64_t period_ns; /* when the schedule starts again: the last offset */
};

/* Makes the schedule of `messages` messages. The first one is due one distance after the
 * start. Fixed distances are equal; those of Poisson arrivals are distributed exponentially
 * and depend on the seed alone. All memory is touched. Returns 0 or -ENOMEM. */
int ipm_arrivals_init(struct ipm_arrivals *arrivals, uint64_t rate_per_second,
                      bool poisson, uint64_t messages, uint64_t seed);

/* Frees the schedule; safe on a zeroed struct. */
void ipm_arrivals_done(struct ipm_arrivals *arrivals);

/* Hot. Returns when the message of that number is due, in ns from the start. */
static inline uint64_t ipm_arrivals_at(const struct ipm_arrivals *arrivals,
                                       uint64_t sequence) {
    const uint64_t count = arrivals->count;
    if (sequence < count || count == 0)
        return arrivals->offsets_ns[sequence];
    return sequence / count * arrivals->period_ns +
           arrivals->offsets_ns[sequence % count];
}

#endif
