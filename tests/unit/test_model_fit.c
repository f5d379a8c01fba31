/* test_model_fit.c - the cost model of data whose model is known. */
#include "base/random.h"
#include "model/fit/fit.h"

#include <criterion/criterion.h>
#include <math.h>

enum { FIT_SIZES = 8, FIT_ROUNDS = 12 };

static const uint64_t fit_sizes[FIT_SIZES] = {64,    256,   1024,   4096,
                                              16384, 65536, 262144, 1048576};

static double fit_noise(uint64_t *state) {
    return (double)(ipm_random_next(state) >> 11) / (double)(UINT64_C(1) << 52) - 1;
}

/* From size `jump` on, a message costs `extra_ns` more. */
static struct ipm_fit fit_made(size_t size_count, size_t jump, double extra_ns,
                               double noise) {
    double times[FIT_SIZES * FIT_ROUNDS];
    struct ipm_fit fit;
    uint64_t state = 7;
    for (size_t s = 0; s < size_count; s++)
        for (size_t r = 0; r < FIT_ROUNDS; r++)
            times[s * FIT_ROUNDS + r] =
                (800 + 0.25 * (double)fit_sizes[s] + (s >= jump ? extra_ns : 0)) *
                (1 + noise * fit_noise(&state));
    const struct ipm_fit_data data = {size_count, fit_sizes, FIT_ROUNDS, times};
    cr_assert_eq(ipm_fit_of(&fit, &data), 0);
    return fit;
}

static bool fit_is_near(double value, double wanted) {
    return fabs(value / wanted - 1) < 1e-9;
}

Test(model_fit, times_on_a_line_give_that_line) {
    const struct ipm_fit fit = fit_made(FIT_SIZES, FIT_SIZES, 0, 0);
    const struct ipm_fit_regime *regime = &fit.regimes[0];
    cr_assert_eq(fit.regime_count, 1);
    cr_expect(fit.residual_ratio < 1e-9);
    cr_expect(fit_is_near(regime->fixed_ns.value, 800));
    cr_expect(fit_is_near(regime->per_byte_ns.value, 0.25));
    cr_expect(fit_is_near(regime->half_bytes.value, 3200));
    cr_expect_eq(regime->least_bytes, 64);
    cr_expect_eq(regime->most_bytes, 1048576);
}

Test(model_fit, intervals_hold_the_true_values_under_noise) {
    const struct ipm_fit fit = fit_made(FIT_SIZES, FIT_SIZES, 0, 0.1);
    const struct ipm_fit_regime *regime = &fit.regimes[0];
    cr_assert_eq(fit.regime_count, 1);
    cr_expect(regime->fixed_ns.low < 800 && 800 < regime->fixed_ns.high);
    cr_expect(regime->per_byte_ns.low < 0.25 && 0.25 < regime->per_byte_ns.high);
    cr_expect(regime->half_bytes.low < 3200 && 3200 < regime->half_bytes.high);
    cr_expect(regime->fixed_ns.low > 700 && regime->fixed_ns.high < 900);
}

Test(model_fit, the_same_times_give_the_same_intervals) {
    const struct ipm_fit a = fit_made(FIT_SIZES, FIT_SIZES, 0, 0.1);
    const struct ipm_fit b = fit_made(FIT_SIZES, FIT_SIZES, 0, 0.1);
    cr_expect_eq(a.regimes[0].fixed_ns.low, b.regimes[0].fixed_ns.low);
    cr_expect_eq(a.regimes[0].half_bytes.high, b.regimes[0].half_bytes.high);
}

Test(model_fit, a_jump_makes_two_regimes) {
    const struct ipm_fit fit = fit_made(FIT_SIZES, 4, 4000, 0.02);
    cr_assert_eq(fit.regime_count, 2);
    cr_expect_eq(fit.regimes[0].most_bytes, 4096);
    cr_expect_eq(fit.regimes[1].least_bytes, 16384);
    cr_expect(fabs(fit.regimes[1].fixed_ns.value / 4800 - 1) < 0.1);
}

Test(model_fit, noise_makes_no_second_regime) {
    cr_expect_eq(fit_made(FIT_SIZES, FIT_SIZES, 0, 0.3).regime_count, 1);
}

Test(model_fit, a_line_that_misses_by_more_than_15_percent_is_no_model) {
    const struct ipm_fit fit = fit_made(5, 3, 4000, 0.01);
    struct ipm_estimate time_ns;
    cr_expect_eq(fit.regime_count, 0, "five sizes are too few for two regimes");
    cr_expect(fit.residual_ratio > IPM_FIT_RESIDUAL_MOST);
    cr_expect_not(ipm_fit_at(&fit, 256, &time_ns));
}

Test(model_fit, two_sizes_are_no_model) {
    const struct ipm_fit fit = fit_made(2, FIT_SIZES, 0, 0);
    cr_expect_eq(fit.regime_count, 0);
    cr_expect(isnan(fit.residual_ratio));
}

Test(model_fit, constant_times_have_no_half_bandwidth) {
    const double times[] = {100, 100, 100};
    const struct ipm_fit_data data = {3, fit_sizes, 1, times};
    struct ipm_fit fit;
    cr_assert_eq(ipm_fit_of(&fit, &data), 0);
    cr_assert_eq(fit.regime_count, 1);
    cr_expect(fit_is_near(fit.regimes[0].fixed_ns.value, 100));
    cr_expect(isnan(fit.regimes[0].half_bytes.value) ||
              fit.regimes[0].half_bytes.value > 1e12);
}

Test(model_fit, unknown_times_are_left_out) {
    const double times[] = {1e3, NAN, NAN, NAN, 2e3, 2e3, NAN, 3e3, 4e3, NAN, NAN, 4e3};
    static const uint64_t sizes[] = {1000, 1500, 2000, 3000, 4000, 5000};
    const struct ipm_fit_data data = {6, sizes, 2, times};
    struct ipm_fit fit;
    cr_assert_eq(ipm_fit_of(&fit, &data), 0);
    cr_expect_eq(fit.size_count, 5);
}

Test(model_fit, the_model_answers_inside_its_regimes_only) {
    const struct ipm_fit fit = fit_made(FIT_SIZES, 4, 4000, 0.02);
    struct ipm_estimate time_ns;
    cr_expect_not(ipm_fit_at(&fit, 63, &time_ns));
    cr_expect_not(ipm_fit_at(&fit, 8192, &time_ns), "between the regimes");
    cr_expect_not(ipm_fit_at(&fit, 2097152, &time_ns));
    cr_assert(ipm_fit_at(&fit, 2048, &time_ns));
    cr_expect(time_ns.low < 1312 && 1312 < time_ns.high);
    cr_expect(time_ns.low < time_ns.value * (1 - fit.residual_ratio) * 1.001);
}

static struct ipm_fit fit_of_line(double fixed_ns, double per_byte_ns, double noise) {
    struct ipm_fit fit = {.regime_count = 1};
    fit.regimes[0] = (struct ipm_fit_regime){
        .least_bytes = 64, .most_bytes = 65536, .line = {fixed_ns, per_byte_ns}};
    for (size_t i = 0; i < IPM_FIT_RESAMPLES; i++)
        fit.regimes[0].resamples[i] = (struct ipm_fit_line){
            fixed_ns * (1 + noise * ((double)i / IPM_FIT_RESAMPLES - 0.5)), per_byte_ns};
    return fit;
}

/* 800 + 0.2 n = 1800 + 0.1 n at 10,000 bytes. */
Test(model_fit, two_lines_cross_where_they_give_the_same_time) {
    const struct ipm_fit pipe = fit_of_line(800, 0.2, 0.1);
    const struct ipm_fit unix_socket = fit_of_line(1800, 0.1, 0);
    struct ipm_estimate bytes;
    bool passes = false;
    cr_assert(ipm_fit_cross(&unix_socket, &pipe, &bytes, &passes));
    cr_expect(passes);
    cr_expect(fit_is_near(bytes.value, 10000));
    cr_expect(bytes.low > 9500 && bytes.low < 9700, "%g", bytes.low);
    cr_expect(bytes.high > 10300 && bytes.high < 10500, "%g", bytes.high);
    cr_assert(ipm_fit_cross(&pipe, &unix_socket, &bytes, &passes));
    cr_expect_not(passes);
}

Test(model_fit, a_crossing_beyond_the_sizes_or_lost_in_noise_is_none) {
    struct ipm_estimate bytes;
    bool passes = false;
    const struct ipm_fit flat = fit_of_line(1800, 0.1, 0);
    const struct ipm_fit beyond = fit_of_line(800, 0.11, 0);
    const struct ipm_fit noisy = fit_of_line(1700, 0.2, 0.3);
    cr_expect_not(ipm_fit_cross(&flat, &beyond, &bytes, &passes));
    cr_expect_not(ipm_fit_cross(&flat, &noisy, &bytes, &passes));
    cr_expect_not(ipm_fit_cross(&flat, &flat, &bytes, &passes));
}
