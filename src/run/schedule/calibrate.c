/* calibrate.c - computes a number of messages from a rate. */
#include "run/schedule/calibrate.h"

enum {
    CALIBRATE_STEP_MOST = 64,
    CALIBRATE_VERIFIED_LEAST = 4,
    CALIBRATE_VERIFIED_MOST = 1000
};

static const uint64_t CALIBRATE_VERIFIED_BYTES = 4u << 20;
/* The limit for CALIBRATE_VERIFIED_LEAST messages, which may exceed
 * CALIBRATE_VERIFIED_BYTES. */
static const uint64_t CALIBRATE_VERIFIED_BYTES_MOST = 64u << 20;
static const uint64_t CALIBRATE_VERIFIED_NS = 200000000;
/* The time of a verified run beyond that of a trial: 20 MB/s, and the start of a
 * process; a minute for the bytes is the most. */
static const uint64_t CALIBRATE_BYTE_NS = 50;
static const uint64_t CALIBRATE_BYTES_MOST_NS = 60000000000;
static const uint64_t CALIBRATE_CLIENT_NS = 20000000;
static const uint64_t CALIBRATE_FIRST_BYTES = 1u << 20;
/* A report's integers are signed 64-bit. A trial stays well below that in bytes. */
static const uint64_t CALIBRATE_BYTES_MOST = 1ull << 62;

static uint64_t calibrate_clamp(double messages, uint64_t least, uint64_t most) {
    if (messages < (double)least)
        return least;
    return messages < (double)most ? (uint64_t)messages : most;
}

static uint64_t calibrate_most(uint64_t message_bytes) {
    return CALIBRATE_BYTES_MOST / message_bytes;
}

uint64_t ipm_calibrate_verified_first(uint64_t message_bytes, uint64_t clients) {
    const double fit = (double)CALIBRATE_VERIFIED_BYTES_MOST / (double)message_bytes;
    return calibrate_clamp(fit / (double)clients, 1,
                           clients > 1 ? 1 : CALIBRATE_VERIFIED_LEAST);
}

uint64_t ipm_calibrate_verified(const struct ipm_calibration *first,
                                uint64_t message_bytes, uint64_t clients) {
    const double bytes = (double)message_bytes * (double)clients;
    const uint64_t fit =
        calibrate_clamp((double)CALIBRATE_VERIFIED_BYTES / bytes, first->messages,
                        CALIBRATE_VERIFIED_MOST / clients);
    const uint64_t timely = ipm_calibrate_scale(first->messages, first->elapsed_ns,
                                                CALIBRATE_VERIFIED_NS, message_bytes);
    return timely < fit ? timely : fit;
}

uint64_t ipm_calibrate_verified_ns(uint64_t bytes, uint64_t clients) {
    return calibrate_clamp((double)bytes * (double)CALIBRATE_BYTE_NS, 0,
                           CALIBRATE_BYTES_MOST_NS) +
           clients * CALIBRATE_CLIENT_NS;
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
