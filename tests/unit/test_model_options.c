/* test_model_options.c - what a run does by default is a promise of the manual. */
#include "model/options.h"

#include <criterion/criterion.h>

Test(model_options, the_default_run_is_five_transports_at_three_sizes) {
    struct ipm_options o;
    static const char *const names[] = {"pipe", "pipe-pair", "unix", "tcp", "udp"};
    ipm_options_defaults(&o);
    cr_assert_eq(o.transports.count, 5);
    for (size_t i = 0; i < 5; i++)
        cr_expect_str_eq(o.transports.items[i], names[i]);
    cr_assert_eq(o.patterns.count, 1);
    cr_expect_str_eq(o.patterns.items[0], "stream");
    cr_assert_eq(o.message_bytes.count, 3);
    cr_expect_eq(o.message_bytes.items[0], 64);
    cr_expect_eq(o.message_bytes.items[1], 4096);
    cr_expect_eq(o.message_bytes.items[2], 65536);
}

Test(model_options, the_default_run_is_seven_rounds_of_a_tenth_of_a_second) {
    struct ipm_options o;
    ipm_options_defaults(&o);
    cr_expect_eq(o.rounds, 7);
    cr_expect_eq(o.warmup_rounds, 1);
    cr_expect_eq(o.duration_ns, 90000000);
    cr_expect_eq(o.timeout_ns, 30000000000);
}

Test(model_options, by_default_nothing_is_pinned_asked_or_verified) {
    struct ipm_options o;
    ipm_options_defaults(&o);
    cr_assert_eq(o.pins.count, 1);
    cr_expect_eq(o.pins.items[0].kind, IPM_PIN_NONE);
    cr_expect_eq(o.pins.items[0].sender_cpu, -1);
    cr_expect_eq(o.pins.items[0].receiver_cpu, -1);
    cr_expect_eq(o.congestion.count, 0);
    cr_expect_eq(o.common.buffer_bytes, 0);
    cr_expect_eq(o.recv_rule, IPM_RECV_LARGER);
    cr_expect_not(o.common.copy);
    cr_expect_not(o.common.verify);
    cr_expect_eq(o.seed, 0);
}

Test(model_options, by_default_four_clients_are_served_by_epoll_and_nothing_is_framed) {
    struct ipm_options o;
    ipm_options_defaults(&o);
    cr_assert_eq(o.framings.count, 1);
    cr_expect_str_eq(o.framings.items[0], "none");
    cr_assert_eq(o.ios.count, 1);
    cr_expect_str_eq(o.ios.items[0], "sync");
    cr_assert_eq(o.clients.count, 1);
    cr_expect_eq(o.clients.items[0], 4);
    cr_assert_eq(o.waits.count, 1);
    cr_expect_str_eq(o.waits.items[0], "block");
    cr_assert_eq(o.servers.count, 1);
    cr_expect_str_eq(o.servers.items[0], "epoll");
    cr_assert_eq(o.inflight.count, 1);
    cr_expect_eq(o.inflight.items[0], 1);
    cr_expect_eq(o.common.batch, 0);
    cr_expect_eq(o.common.think_ns, 0);
}

Test(model_options, tell_which_library_a_transport_came_out_of) {
    struct ipm_origins origins = {
        .count = 2,
        .items = {
            {.path = "/a.so", .transports = {.count = 1, .items = {"one"}}},
            {.path = "/b.so", .transports = {.count = 2, .items = {"two", "three"}}}}};
    cr_expect_str_eq(ipm_origins_path(&origins, "one"), "/a.so");
    cr_expect_str_eq(ipm_origins_path(&origins, "three"), "/b.so");
    cr_expect_null(ipm_origins_path(&origins, "pipe"));
    origins.count = 0;
    cr_expect_null(ipm_origins_path(&origins, "one"));
}
