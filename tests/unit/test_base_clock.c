/* The clocks. */
#include "base/clock.h"
#include "tests/support/assert.h"

#include <stdlib.h>
#include <time.h>

Test(base_clock, the_clock_never_goes_back) {
    uint64_t before = ipm_clock_now_ns();
    for (int i = 0; i < 1000; i++) {
        uint64_t now = ipm_clock_now_ns();
        cr_assert(le(u64, before, now));
        before = now;
    }
}

Test(base_clock, the_clock_counts_nanoseconds) {
    const struct timespec pause = {.tv_nsec = 20000000};
    uint64_t before = ipm_clock_now_ns();
    (void)nanosleep(&pause, NULL);
    uint64_t passed = ipm_clock_now_ns() - before;
    cr_assert(le(u64, 20000000, passed));
    cr_assert(lt(u64, passed, 20000000000));
}

Test(base_clock, the_clock_is_the_one_all_processes_share) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t mine = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
    cr_assert(lt(u64, ipm_clock_now_ns() - mine, 10000000000));
}

Test(base_clock, the_wall_clock_is_rfc_3339_in_utc) {
    char text[IPM_CLOCK_TEXT_BYTES];
    struct tm parts = {0};
    (void)setenv("TZ", "America/New_York", 1);
    tzset();
    time_t before = time(NULL);
    ipm_clock_wall_text(text);
    char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    cr_assert(ne(ptr, end, NULL), "cannot read '%s'", text);
    cr_assert(eq(str, end, ""));
    cr_assert(lt(long, labs(timegm(&parts) - before), 60), "'%s' is not now", text);
}
