/* arrivals.c - makes schedules. */
#include "run/pump/arrivals.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const double ARRIVALS_SECOND_NS = 1e9;

/* splitmix64 (Steele et al. 2014). Returns a number above 0, up to 1. */
static double arrivals_draw(uint64_t *state) {
    uint64_t mixed = *state += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    mixed ^= mixed >> 31;
    return ((double)(mixed >> 11) + 1) * 0x1p-53;
}

/* Returns how many messages the repeated part has. A second of fixed distances takes
 * exactly 1e9 ns, so that no rounding adds up. */
static uint64_t arrivals_count(uint64_t rate_per_second, uint64_t messages) {
    const uint64_t most = IPM_ARRIVALS_MOST;
    if (messages <= most)
        return messages;
    return rate_per_second <= most ? most / rate_per_second * rate_per_second : most;
}

/* The product is below 2^50: count and the ns of a second. */
static void arrivals_fill_fixed(struct ipm_arrivals *arrivals, uint64_t rate_per_second) {
    for (uint64_t i = 0; i < arrivals->count; i++)
        arrivals->offsets_ns[i] =
            (i + 1) * (uint64_t)ARRIVALS_SECOND_NS / rate_per_second;
}

static void arrivals_fill_poisson(struct ipm_arrivals *arrivals, uint64_t rate_per_second,
                                  uint64_t seed) {
    const double mean_ns = ARRIVALS_SECOND_NS / (double)rate_per_second;
    double due_ns = 0;
    for (uint64_t i = 0; i < arrivals->count; i++) {
        due_ns -= mean_ns * log(arrivals_draw(&seed));
        arrivals->offsets_ns[i] = (uint64_t)due_ns;
    }
}

int ipm_arrivals_init(struct ipm_arrivals *arrivals, uint64_t rate_per_second,
                      bool poisson, uint64_t messages, uint64_t seed) {
    arrivals->count = arrivals_count(rate_per_second, messages);
    arrivals->offsets_ns = calloc((size_t)arrivals->count, sizeof *arrivals->offsets_ns);
    if (!arrivals->offsets_ns)
        return -ENOMEM;
    if (poisson)
        arrivals_fill_poisson(arrivals, rate_per_second, seed);
    else
        arrivals_fill_fixed(arrivals, rate_per_second);
    arrivals->period_ns = arrivals->offsets_ns[arrivals->count - 1];
    return 0;
}

void ipm_arrivals_done(struct ipm_arrivals *arrivals) {
    free(arrivals->offsets_ns);
    *arrivals = (struct ipm_arrivals){0};
}
