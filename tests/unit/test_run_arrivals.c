/* test_run_arrivals.c - the schedule of a sender with a rate. Arithmetic only. */
#include "run/pump/arrivals.h"
#include "run/pump/pump.h"

#include "tests/support/assert.h"

#include <criterion/criterion.h>
#include <math.h>

enum { ARRIVALS_MILLION = 1000000 };

static struct ipm_arrivals arrivals_of(uint64_t rate, bool poisson, uint64_t messages,
                                       uint64_t seed) {
    struct ipm_arrivals arrivals = {0};
    cr_assert_eq(ipm_arrivals_init(&arrivals, rate, poisson, messages, seed), 0);
    return arrivals;
}

Test(run_arrivals, fixed_distances_do_not_drift_over_a_million_messages) {
    static const uint64_t rates[] = {1, 3, 7, 1000, 999983, 1048577, 100000000};
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
        struct ipm_arrivals arrivals = arrivals_of(rates[r], false, ARRIVALS_MILLION, 1);
        for (uint64_t i = 0; i < ARRIVALS_MILLION; i++) {
            const uint64_t exact = (i + 1) * 1000000000u / rates[r];
            cr_assert_eq(ipm_arrivals_at(&arrivals, i), exact, "%llu/s, message %llu",
                         (unsigned long long)rates[r], (unsigned long long)i);
        }
        ipm_arrivals_done(&arrivals);
    }
}

Test(run_arrivals, a_schedule_that_repeats_goes_on_without_a_gap) {
    const uint64_t messages = (uint64_t)5 * IPM_ARRIVALS_MOST;
    struct ipm_arrivals arrivals = arrivals_of(30000, false, messages, 1);
    cr_assert_lt(arrivals.count, messages);
    for (uint64_t i = 0; i < messages; i += 9973)
        cr_assert_eq(ipm_arrivals_at(&arrivals, i), (i + 1) * 1000000000u / 30000);
    ipm_arrivals_done(&arrivals);
}

/* The distances of Poisson arrivals are exponential: their standard deviation is their
 * mean, and 1/e of them are longer than it. The bounds are five standard errors. */
Test(run_arrivals, poisson_distances_have_the_mean_and_variance_of_the_exponential) {
    const double mean_ns = 20000;
    struct ipm_arrivals arrivals = arrivals_of(50000, true, ARRIVALS_MILLION, 42);
    double sum = 0;
    double squares = 0;
    uint64_t longer = 0;
    uint64_t before = 0;
    for (uint64_t i = 0; i < ARRIVALS_MILLION; i++) {
        const uint64_t due_ns = ipm_arrivals_at(&arrivals, i);
        cr_assert_geq(due_ns, before);
        const double gap = (double)(due_ns - before);
        before = due_ns;
        sum += gap;
        squares += (gap - mean_ns) * (gap - mean_ns);
        longer += gap > mean_ns;
    }
    const double root = sqrt(ARRIVALS_MILLION);
    cr_expect_lt(fabs(sum / ARRIVALS_MILLION - mean_ns), 5 * mean_ns / root);
    cr_expect_lt(fabs(squares / ARRIVALS_MILLION - mean_ns * mean_ns),
                 5 * sqrt(8) * mean_ns * mean_ns / root);
    cr_expect_lt(fabs((double)longer / ARRIVALS_MILLION - exp(-1)), 5 * 0.483 / root);
    ipm_arrivals_done(&arrivals);
}

Test(run_arrivals, the_seed_alone_decides_poisson_arrivals) {
    struct ipm_arrivals one = arrivals_of(1000, true, 1000, 7);
    struct ipm_arrivals same = arrivals_of(1000, true, 1000, 7);
    struct ipm_arrivals other = arrivals_of(1000, true, 1000, 8);
    cr_expect_eq(memcmp(one.offsets_ns, same.offsets_ns, 8000), 0);
    cr_expect_neq(memcmp(one.offsets_ns, other.offsets_ns, 8000), 0);
    ipm_arrivals_done(&one);
    ipm_arrivals_done(&same);
    ipm_arrivals_done(&other);
}

/* The parent and the child of duplex send at the same rate, by one seed. */
Test(run_arrivals, both_directions_have_random_distances_of_their_own) {
    const struct ipm_case_config config = {.rate_per_second = 1000,
                                           .arrivals = "poisson"};
    struct ipm_endpoint ends[] = {{.side = IPM_PARENT}, {.side = IPM_CHILD}};
    struct ipm_pump pumps[2];
    for (size_t i = 0; i < 2; i++) {
        pumps[i] = (struct ipm_pump){
            .end = &ends[i], .config = &config, .messages = 10, .seed = 7};
        cr_assert_eq(ipm_pump_pace(&pumps[i]), 0);
    }
    for (size_t i = 0; i < 10; i++)
        cr_expect_neq(pumps[0].arrivals.offsets_ns[i], pumps[1].arrivals.offsets_ns[i]);
    for (size_t i = 0; i < 2; i++)
        ipm_arrivals_done(&pumps[i].arrivals);
}
