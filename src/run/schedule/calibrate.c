/* calibrate.c - from a rate to a number of messages. No clock, no transport. */
#include "run/schedule/calibrate.h"

enum { CALIBRATE_STEP_MOST = 64, CALIBRATE_VERIFIED_MOST = 1000 };

static const uint64_t CALIBRATE_VERIFIED_BYTES = 4u << 20;
static const uint64_t CALIBRATE_FIRST_BYTES = 1u << 20;
/* A report's integers are signed 64-bit: a trial stays well below that in bytes. */
static const uint64_t CALIBRATE_BYTES_MOST = 1ull << 62;

static uint64_t calibrate_clamp(double messages, uint64_t least, uint64_t most) {
    if (messages < (double)least)
        return least;
    return messages < (double)most ? (uint64_t)messages : most;
}

static uint64_t calibrate_most(uint64_t message_bytes) {
    return CALIBRATE_BYTES_MOST / message_bytes;
}

uint64_t ipm_calibrate_verified(uint64_t message_bytes) {
    return calibrate_clamp((double)CALIBRATE_VERIFIED_BYTES / (double)message_bytes, 4,
                           CALIBRATE_VERIFIED_MOST);
}

uint64_t ipm_calibrate_first(uint64_t message_bytes) {
    return calibrate_clamp((double)CALIBRATE_FIRST_BYTES / (double)message_bytes, 1,
                           CALIBRATE_STEP_MOST);
}

bool ipm_calibrate_enough(uint64_t elapsed_ns, uint64_t duration_ns) {
    return elapsed_ns >= duration_ns / 4;
}

bool ipm_calibrate_settled(const struct ipm_calibration *before,
                           const struct ipm_calibration *now) {
    return before->messages > 0 &&
           now->elapsed_ns >= ipm_calibrate_expected(before, now->messages) / 2;
}

uint64_t ipm_calibrate_expected(const struct ipm_calibration *before, uint64_t messages) {
    const double times =
        (double)messages / (double)(before->messages ? before->messages : 1);
    return calibrate_clamp((double)before->elapsed_ns * times, 1, INT64_MAX);
}

uint64_t ipm_calibrate_next(uint64_t messages, uint64_t elapsed_ns, uint64_t duration_ns,
                            uint64_t message_bytes) {
    double step = (double)duration_ns / 2 / (double)(elapsed_ns ? elapsed_ns : 1);
    step = step < 2 ? 2 : step > CALIBRATE_STEP_MOST ? CALIBRATE_STEP_MOST : step;
    return calibrate_clamp((double)messages * step, 1, calibrate_most(message_bytes));
}

uint64_t ipm_calibrate_scale(uint64_t messages, uint64_t elapsed_ns, uint64_t duration_ns,
                             uint64_t message_bytes) {
    double times = (double)duration_ns / (double)(elapsed_ns ? elapsed_ns : 1);
    return calibrate_clamp((double)messages * times, 1, calibrate_most(message_bytes));
}
