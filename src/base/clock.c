/* clock.c - clock_gettime(2). */
#include "base/clock.h"

uint64_t ipm_clock_now_ns(void) {
    return ipm_clock_of_ns(CLOCK_MONOTONIC);
}

uint64_t ipm_clock_of_ns(clockid_t clock) {
    struct timespec now;
    (void)clock_gettime(clock, &now); /* fails only for an unknown clock */
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

struct timespec ipm_clock_timespec(uint64_t ns) {
    return (struct timespec){.tv_sec = (time_t)(ns / 1000000000u),
                             .tv_nsec = (long)(ns % 1000000000u)};
}

uint64_t ipm_clock_asleep_ns(void) {
    const uint64_t awake_ns = ipm_clock_now_ns();
    return ipm_clock_of_ns(CLOCK_BOOTTIME) - awake_ns;
}

void ipm_clock_wall_text(char text[IPM_CLOCK_TEXT_BYTES]) {
    struct timespec now;
    struct tm parts;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (gmtime_r(&now.tv_sec, &parts) == NULL ||
        strftime(text, IPM_CLOCK_TEXT_BYTES, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        text[0] = '\0';
}
