/* test_run_calibrate.c - from a rate to a number of messages. */
#include <criterion/criterion.h>

#include "run/schedule/calibrate.h"

Test(run_calibrate, scales_to_the_wanted_duration) {
    cr_assert_eq(ipm_calibrate_scale(1000, 50000000, 100000000, 64), 2000);
    cr_assert_eq(ipm_calibrate_scale(1000, 200000000, 100000000, 64), 500);
}

Test(run_calibrate, never_goes_below_one_message) {
    cr_assert_eq(ipm_calibrate_scale(1, 10000000000, 1000000, 1 << 30), 1);
    cr_assert_eq(ipm_calibrate_first(UINT64_C(1) << 30), 1);
}

Test(run_calibrate, never_goes_beyond_what_a_report_can_count) {
    uint64_t messages = ipm_calibrate_scale(UINT64_C(1) << 40, 1, UINT64_C(3600000000000),
                                            UINT64_C(1) << 30);
    cr_assert_eq(messages, UINT64_C(1) << 32);
}

Test(run_calibrate, steps_at_least_double_and_at_most_64_times) {
    cr_assert_eq(ipm_calibrate_next(10, 90000000, 100000000, 64), 20);
    cr_assert_eq(ipm_calibrate_next(10, 100, 100000000, 64), 640);
    cr_assert_eq(ipm_calibrate_next(10, 0, 100000000, 64), 640);
}

Test(run_calibrate, reaches_any_rate_in_a_few_steps) {
    for (double ns_per_message = 0.5; ns_per_message < 1e9; ns_per_message *= 7) {
        const uint64_t duration_ns = 100000000;
        uint64_t messages = ipm_calibrate_first(64);
        int steps = 0;
        uint64_t elapsed_ns = (uint64_t)((double)messages * ns_per_message);
        while (!ipm_calibrate_enough(elapsed_ns, duration_ns)) {
            messages = ipm_calibrate_next(messages, elapsed_ns, duration_ns, 64);
            elapsed_ns = (uint64_t)((double)messages * ns_per_message);
            steps++;
        }
        cr_assert_lt(steps, 8, "%g ns", ns_per_message);
        cr_assert(steps == 0 || elapsed_ns < duration_ns * 2, "%g ns", ns_per_message);
    }
}

Test(run_calibrate, verified_runs_are_short_and_never_empty) {
    const struct ipm_calibration quick = {4, 1000};
    const struct ipm_calibration slow = {4, 40000000};
    cr_assert_eq(ipm_calibrate_verified_first(64, 1), 4);
    cr_assert_eq(ipm_calibrate_verified_first(64, 1000), 1);
    cr_assert_eq(ipm_calibrate_verified_first(UINT64_C(1) << 30, 1), 1);
    cr_assert_eq(ipm_calibrate_verified(&quick, 64, 1), 1000);
    cr_assert_eq(ipm_calibrate_verified(&quick, 65536, 1), 64);
    cr_assert_eq(ipm_calibrate_verified(&quick, 1 << 20, 1), 4);
    cr_assert_eq(ipm_calibrate_verified(&quick, 64, 10), 100);
    cr_assert_eq(ipm_calibrate_verified(&slow, 64, 1), 20);
    cr_assert_leq(ipm_calibrate_verified(&quick, 64, 1000), 4);
    cr_assert_eq(ipm_calibrate_verified_ns(UINT64_C(1) << 20, 1), 72428800);
    cr_assert_eq(ipm_calibrate_verified_ns(UINT64_C(1) << 40, 1), 60020000000);
}

/* Ten times the messages in the same time: the time was a wait. */
Test(run_calibrate, is_settled_when_time_grows_with_the_messages) {
    const struct ipm_calibration none = {0};
    const struct ipm_calibration few = {.messages = 64, .elapsed_ns = 40000000};
    const struct ipm_calibration waits = {.messages = 640, .elapsed_ns = 41000000};
    const struct ipm_calibration grows = {.messages = 640, .elapsed_ns = 200000000};
    cr_assert_not(ipm_calibrate_settled(&none, &few));
    cr_assert_not(ipm_calibrate_settled(&few, &waits));
    cr_assert(ipm_calibrate_settled(&few, &grows));
}
