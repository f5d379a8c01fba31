/* test_run_inflight_fits.c - outstanding requests that the buffers of both directions hold, and
 * those that could make both ends wait for each other. */
#include "base/err.h"
#include "base/facts.h"
#include "run/pump/pump.h"
#include "run/trial/side.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

static const struct ipm_transport fits_delta = {.name = "delta"};
static struct ipm_err fits_err;

static int fits(const char *key, int64_t number, unsigned inflight, const char *wait,
                size_t request_bytes, size_t response_bytes) {
    struct ipm_endpoint end = {.ops = &fits_delta};
    struct ipm_pump back = {.end = &end, .message_bytes = response_bytes};
    struct ipm_pump pump = {
        .end = &end, .inflight = inflight, .message_bytes = request_bytes, .back = &back};
    struct ipm_facts facts = {0};
    pump.frame_bytes = request_bytes;
    back.frame_bytes = response_bytes;
    pump.wait = ipm_wait_choose(wait, IPM_CAP_POLLABLE);
    fits_err = (struct ipm_err){0};
    if (key)
        ipm_facts_number(&facts, key, number);
    return ipm_inflight_fits(&pump, &facts, &fits_err);
}

Test(run_inflight_fits, one_request_always_fits) {
    cr_expect_eq(fits(NULL, 0, 1, "block", 1 << 20, 1 << 20), 0);
    cr_expect_eq(fits("so_sndbuf_bytes", 4096, 1, "block", 1 << 20, 1 << 20), 0);
}

Test(run_inflight_fits, buffers_of_both_directions_hold_them_together) {
    cr_expect_eq(fits("pipe_capacity_bytes", 65536, 16, "block", 4096, 4096), 0);
    cr_expect_eq(fits("pipe_capacity_bytes", 65536, 17, "block", 4096, 4096), -ENOSPC);
    cr_expect_eq(fits("mq_maxmsg", 10, 20, "block", 64, 64), 0);
    cr_expect_eq(fits("mq_maxmsg", 10, 21, "block", 64, 64), -ENOSPC);
    cr_expect_eq(fits("pipe_capacity_bytes", 65536, 2, "block", 65536, 65536), -ENOSPC);
}

Test(run_inflight_fits, one_direction_that_holds_all_of_it_is_enough) {
    cr_expect_eq(fits("so_sndbuf_bytes", 212992, 100, "block", 64, 1 << 20), 0);
    cr_expect_eq(fits("so_sndbuf_bytes", 212992, 100, "block", 1 << 20, 64), 0);
}

/* 15 slots of 64 KiB in each direction. */
Test(run_inflight_fits, a_small_message_takes_a_whole_slot_of_a_ring) {
    cr_expect_eq(fits("ring_capacity_bytes", 1 << 20, 14, "block", 64, 65536), 0);
    cr_expect_eq(fits("ring_capacity_bytes", 1 << 20, 15, "block", 64, 65536), -ENOSPC);
    cr_expect_eq(fits("ring_capacity_bytes", 1 << 20, 15, "block", 65536, 64), -ENOSPC);
}

/* poll(2) tells of space in a socket when three quarters of it are free. */
Test(run_inflight_fits, a_socket_that_is_polled_holds_less) {
    cr_expect_eq(fits("so_sndbuf_bytes", 212992, 16, "block", 4096, 4096), 0);
    cr_expect_eq(fits("so_sndbuf_bytes", 212992, 16, "poll", 4096, 4096), -ENOSPC);
    cr_expect_eq(fits("so_sndbuf_bytes", 212992, 10, "poll", 4096, 4096), 0);
}

Test(run_inflight_fits, requests_that_do_not_fit_skip_the_case_and_says_why) {
    cr_expect_eq(fits("so_sndbuf_bytes", 4608, 3, "block", 4096, 64), -ENOSPC);
    cr_expect_str_eq(
        fits_err.text,
        "3 requests of 4096 bytes and their responses of 64 exceed the buffers of both "
        "directions (so_sndbuf_bytes 4608 each), which hold 2 for certain: client and "
        "server could wait for each other");
    cr_expect(fits_err.is_limit);
    cr_expect_eq(fits(NULL, 0, 2, "block", 64, 64), -ENOSPC);
    cr_expect(fits_err.is_limit);
}
