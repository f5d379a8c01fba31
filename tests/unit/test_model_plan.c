/* test_model_plan.c - the plan over a machine that is made up here: its transports exist
 * nowhere else, so the test depends on no row of a table. */
#include "base/err.h"
#include "model/plan/pin.h"
#include "model/plan/plan.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct ipm_transport plan_stream = {.name = "brook",
                                                 .caps = IPM_CAP_RELIABLE};
static const struct ipm_transport plan_controlled = {
    .name = "canal", .caps = IPM_CAP_RELIABLE | IPM_CAP_CONGESTION};
static const struct ipm_transport plan_datagram = {.name = "drops",
                                                   .caps = IPM_CAP_MESSAGES};
static const struct ipm_transport plan_absent = {.name = "ether"};

static const struct ipm_probe plan_probes[] = {
    {.transport = &plan_stream, .max_message_bytes = SIZE_MAX, .runnable = true},
    {.transport = &plan_controlled, .max_message_bytes = SIZE_MAX, .runnable = true},
    {.transport = &plan_datagram,
     .max_message_bytes = 65507,
     .advice = "raise drops_max",
     .runnable = true},
    {.transport = &plan_absent, .reason = "no ether: No such device"},
};
static const struct ipm_kind plan_patterns[] = {
    {.name = "stream", .traits = IPM_TRAIT_BATCHES | IPM_TRAIT_FRAMES},
    {.name = "zigzag"},
    {.name = "braid"},
    {0},
};
static const struct ipm_strategy plan_servers[] = {
    {.name = "epoll", .clients_most = UINT64_MAX}, {0}};
static const struct ipm_drive plan_drives[] = {{.name = "sync", .runnable = true}, {0}};
static const struct ipm_wait_kind plan_waits[] = {
    {.name = "block", .sleeps = true, .drives = true},
    {.name = "hybrid", .sleeps = true, .needs = IPM_CAP_POLLABLE | IPM_CAP_LOOKS},
    {.name = "spin", .needs = IPM_CAP_POLLABLE | IPM_CAP_LOOKS},
    {.name = "poll", .sleeps = true, .polls = true, .needs = IPM_CAP_POLLABLE},
    {0},
};
static const int plan_cpus[] = {0, 2, 3, 4, 7};

static struct ipm_machine plan_machine(int cpu_count) {
    return (struct ipm_machine){.probes = plan_probes,
                                .probe_count = 4,
                                .patterns = plan_patterns,
                                .servers = plan_servers,
                                .drives = plan_drives,
                                .waits = plan_waits,
                                .cpus = plan_cpus,
                                .cpu_count = cpu_count};
}

static void plan_name_add(struct ipm_names *names, const char *name) {
    (void)snprintf(names->items[names->count++], IPM_NAME_BYTES, "%s", name);
}

static struct ipm_options plan_options(const char *transport, uint64_t message_bytes) {
    struct ipm_options o;
    ipm_options_defaults(&o);
    o.transports.count = 0;
    plan_name_add(&o.transports, transport);
    o.message_bytes = (struct ipm_sizes){.count = 1, .items = {message_bytes}};
    return o;
}

static struct ipm_plan plan_must(const struct ipm_options *options, int cpu_count) {
    struct ipm_plan plan;
    struct ipm_err err = {0};
    const struct ipm_machine machine = plan_machine(cpu_count);
    cr_assert_eq(ipm_plan_make(&plan, options, &machine, &err), 0, "%s", err.text);
    return plan;
}

static struct ipm_err plan_refused(const struct ipm_options *options, int code) {
    struct ipm_plan plan;
    struct ipm_err err = {0};
    const struct ipm_machine machine = plan_machine(5);
    cr_assert_eq(ipm_plan_make(&plan, options, &machine, &err), code);
    cr_expect_eq(plan.count, 0);
    ipm_plan_done(&plan);
    return err;
}

static struct ipm_plan_case plan_only_case(const struct ipm_options *options,
                                           int cpu_count) {
    struct ipm_plan plan = plan_must(options, cpu_count);
    cr_assert_eq(plan.count, 1);
    const struct ipm_plan_case only = plan.cases[0];
    ipm_plan_done(&plan);
    return only;
}

static struct ipm_options plan_everything(void) {
    struct ipm_options o = plan_options("brook", 64);
    plan_name_add(&o.transports, "canal");
    plan_name_add(&o.transports, "drops");
    plan_name_add(&o.patterns, "zigzag");
    plan_name_add(&o.congestion, "cubic");
    plan_name_add(&o.congestion, "bbr");
    o.message_bytes = (struct ipm_sizes){.count = 3, .items = {64, 4096, 65536}};
    o.pins.count = 4;
    o.pins.items[1] = (struct ipm_pin){.kind = IPM_PIN_SAME};
    o.pins.items[2] = (struct ipm_pin){.kind = IPM_PIN_SPLIT};
    o.pins.items[3] = (struct ipm_pin){IPM_PIN_CPUS, .sender_cpu = 3, .receiver_cpu = 7};
    return o;
}

Test(model_plan, lists_multiply_and_congestion_only_where_it_is_taken) {
    const struct ipm_options o = plan_everything();
    struct ipm_plan plan = plan_must(&o, 5);
    cr_expect_eq(plan.count, 2 * 4 * 3 * (1 + 2 + 1));
    for (size_t i = 0; i < plan.count; i++) {
        const bool takes = plan.cases[i].transport->caps & IPM_CAP_CONGESTION;
        cr_expect_eq(plan.cases[i].config.congestion[0] != '\0', takes);
    }
    ipm_plan_done(&plan);
}

Test(model_plan, no_two_cases_have_the_same_name) {
    struct ipm_options o = plan_everything();
    o.common.buffer_bytes = 16384;
    o.recv_rule = IPM_RECV_BYTES;
    o.common.recv_bytes = 4096;
    o.common.verify = true;
    plan_name_add(&o.waits, "spin");
    struct ipm_plan plan = plan_must(&o, 5);
    for (size_t i = 0; i < plan.count; i++)
        for (size_t k = 0; k < i; k++)
            cr_expect_str_neq(plan.cases[i].config.name, plan.cases[k].config.name);
    ipm_plan_done(&plan);
}

Test(model_plan, the_order_is_pattern_placement_size_transport_congestion) {
    const struct ipm_options o = plan_everything();
    static const char *const names[] = {
        "stream/brook/64",
        "stream/canal/64/congestion=cubic",
        "stream/canal/64/congestion=bbr",
        "stream/drops/64",
        "stream/brook/4096",
    };
    struct ipm_plan plan = plan_must(&o, 5);
    for (size_t i = 0; i < 5; i++)
        cr_expect_str_eq(plan.cases[i].config.name, names[i]);
    cr_expect_str_eq(plan.cases[12].config.name, "stream/brook/64/pin=same");
    cr_expect_str_eq(plan.cases[48].config.name, "zigzag/brook/64");
    ipm_plan_done(&plan);
}

Test(model_plan, a_plain_case_has_a_plain_name_and_configuration) {
    const struct ipm_options o = plan_options("canal", 4096);
    const struct ipm_plan_case c = plan_only_case(&o, 5);
    cr_expect_not(c.skipped);
    cr_expect_str_eq(c.reason, "");
    cr_expect_eq(c.transport, &plan_controlled);
    cr_expect_str_eq(c.config.name, "stream/canal/4096");
    cr_expect_str_eq(c.config.transport, "canal");
    cr_expect_str_eq(c.config.pattern, "stream");
    cr_expect_str_eq(c.config.framing, "none");
    cr_expect_str_eq(c.config.server, "");
    cr_expect_str_eq(c.config.congestion, "");
    cr_expect_str_eq(c.config.pin, "none");
    cr_expect_eq(c.config.clients, 1);
    cr_expect_eq(c.config.batch, 1);
    cr_expect_eq(c.config.sender_cpu, -1);
    cr_expect_eq(c.config.receiver_cpu, -1);
}

Test(model_plan, what_is_not_default_is_in_the_name) {
    struct ipm_options o = plan_options("canal", 4096);
    plan_name_add(&o.congestion, "cubic");
    o.pins.items[0].kind = IPM_PIN_SAME;
    o.common.buffer_bytes = 16384;
    o.recv_rule = IPM_RECV_MESSAGE;
    (void)strcpy(o.waits.items[0], "hybrid:5us");
    o.common.verify = true;
    const struct ipm_plan_case c = plan_only_case(&o, 5);
    cr_expect_str_eq(c.config.name, "stream/canal/4096/wait=hybrid:5us/congestion=cubic/"
                                    "pin=same/buffer=16384/recv=message/verify");
    cr_expect_eq(c.config.buffer_bytes, 16384);
    cr_expect_str_eq(c.config.wait, "hybrid:5us");
    cr_expect(c.config.verify);
    cr_expect(!c.config.copy);
}

Test(model_plan, a_transport_that_cannot_run_is_skipped_with_its_reason) {
    const struct ipm_options o = plan_options("ether", 64);
    const struct ipm_plan_case c = plan_only_case(&o, 5);
    cr_expect(c.skipped);
    cr_expect_str_eq(c.reason, "no ether: No such device");
}

Test(model_plan, a_message_too_large_is_skipped_and_the_largest_one_is_not) {
    struct ipm_options o = plan_options("drops", 65507);
    cr_expect_not(plan_only_case(&o, 5).skipped);
    o.message_bytes.items[0] = 65508;
    const struct ipm_plan_case c = plan_only_case(&o, 5);
    cr_expect(c.skipped);
    cr_expect_str_eq(c.reason, "a message of 65508 bytes exceeds the max message size of "
                               "'drops' here, 65507 bytes (raise drops_max)");
}

Test(model_plan, split_on_one_cpu_is_skipped_and_same_is_not) {
    struct ipm_options o = plan_options("brook", 64);
    o.pins.items[0].kind = IPM_PIN_SPLIT;
    const struct ipm_plan_case split = plan_only_case(&o, 1);
    cr_expect(split.skipped);
    cr_expect_str_eq(split.reason,
                     "'--pin split' needs two CPUs, and only 1 is allowed here");
    cr_expect_eq(split.config.sender_cpu, -1);
    o.pins.items[0].kind = IPM_PIN_SAME;
    cr_expect_not(plan_only_case(&o, 1).skipped);
}

Test(model_plan, same_takes_the_last_cpu_and_split_the_first_two) {
    struct ipm_options o = plan_options("brook", 64);
    o.pins.items[0].kind = IPM_PIN_SAME;
    const struct ipm_plan_case same = plan_only_case(&o, 5);
    cr_expect_eq(same.config.sender_cpu, 7);
    cr_expect_eq(same.config.receiver_cpu, 7);
    o.pins.items[0].kind = IPM_PIN_SPLIT;
    const struct ipm_plan_case split = plan_only_case(&o, 5);
    cr_expect_eq(split.config.sender_cpu, 0);
    cr_expect_eq(split.config.receiver_cpu, 2);
    cr_expect_str_eq(split.config.pin, "split");
}

Test(model_plan, cpus_by_number_are_sender_then_receiver) {
    struct ipm_options o = plan_options("brook", 64);
    o.pins.items[0] = (struct ipm_pin){IPM_PIN_CPUS, .sender_cpu = 4, .receiver_cpu = 2};
    const struct ipm_plan_case c = plan_only_case(&o, 5);
    cr_expect_str_eq(c.config.name, "stream/brook/64/pin=4:2");
    cr_expect_eq(c.config.sender_cpu, 4);
    cr_expect_eq(c.config.receiver_cpu, 2);
}

Test(model_plan, a_cpu_that_is_not_allowed_is_refused_with_those_that_are) {
    struct ipm_options o = plan_options("brook", 64);
    o.pins.items[0] = (struct ipm_pin){IPM_PIN_CPUS, .sender_cpu = 0, .receiver_cpu = 99};
    const struct ipm_err err = plan_refused(&o, -EINVAL);
    cr_expect_str_eq(err.text, "CPU 99 does not exist or may not be used here");
    cr_expect_str_eq(err.hint, "allowed CPUs: 0,2-4,7");
    o.pins.items[0] = (struct ipm_pin){IPM_PIN_CPUS, .sender_cpu = 1, .receiver_cpu = 0};
    cr_expect_str_eq(plan_refused(&o, -EINVAL).text,
                     "CPU 1 does not exist or may not be used here");
}

Test(model_plan, an_unknown_transport_is_refused_with_the_nearest_word) {
    struct ipm_options o = plan_options("canla", 64);
    const struct ipm_err near = plan_refused(&o, -EINVAL);
    cr_expect_str_eq(near.text, "unknown transport 'canla'");
    cr_expect_str_eq(near.hint, "did you mean 'canal'? 'ipcmark list' shows all");
    o = plan_options("zzzzzzzzzz", 64);
    cr_expect_str_eq(plan_refused(&o, -EINVAL).hint,
                     "it may be 'brook', 'canal', 'drops', 'ether'; "
                     "'ipcmark list' shows all");
}

Test(model_plan, an_unknown_pattern_or_server_is_refused_too) {
    struct ipm_options o = plan_options("brook", 64);
    plan_name_add(&o.patterns, "brade");
    struct ipm_err err = plan_refused(&o, -EINVAL);
    cr_expect_str_eq(err.text, "unknown pattern 'brade'");
    cr_expect_str_eq(err.hint, "did you mean 'braid'? 'ipcmark list patterns' shows all");
    o = plan_options("brook", 64);
    plan_name_add(&o.servers, "eepoll");
    err = plan_refused(&o, -EINVAL);
    cr_expect_str_eq(err.text, "unknown server 'eepoll'");
    cr_expect_str_eq(err.hint, "did you mean 'epoll'? 'ipcmark list servers' shows all");
}

static void plan_expect_twice(const struct ipm_options *options, const char *words) {
    const struct ipm_err err = plan_refused(options, -EINVAL);
    cr_expect_str_eq(err.text, words);
    cr_expect_not_null(strstr(err.hint, "once; '--rounds' repeats the measurement"));
}

Test(model_plan, no_name_may_be_given_twice) {
    struct ipm_options o = plan_options("brook", 64);
    plan_name_add(&o.transports, "brook");
    plan_expect_twice(&o, "transport 'brook' is given twice");
    o = plan_options("brook", 64);
    plan_name_add(&o.patterns, "stream");
    plan_expect_twice(&o, "pattern 'stream' is given twice");
    o = plan_options("brook", 64);
    plan_name_add(&o.framings, "none");
    plan_expect_twice(&o, "framing 'none' is given twice");
    o = plan_options("brook", 64);
    plan_name_add(&o.servers, "epoll");
    plan_expect_twice(&o, "server 'epoll' is given twice");
    o = plan_options("brook", 64);
    plan_name_add(&o.congestion, "bbr");
    plan_name_add(&o.congestion, "bbr");
    plan_expect_twice(&o, "congestion control 'bbr' is given twice");
}

Test(model_plan, no_number_and_no_placement_may_be_given_twice) {
    struct ipm_options o = plan_options("brook", 64);
    o.message_bytes.items[o.message_bytes.count++] = 64;
    plan_expect_twice(&o, "size '64' is given twice");
    o = plan_options("brook", 64);
    o.clients = (struct ipm_sizes){.count = 3, .items = {1, 16, 1}};
    plan_expect_twice(&o, "client count '1' is given twice");
    o = plan_options("brook", 64);
    o.pins.items[o.pins.count++].kind = IPM_PIN_NONE;
    plan_expect_twice(&o, "placement 'none' is given twice");
    o = plan_options("brook", 64);
    o.pins.count = 2;
    o.pins.items[0] = o.pins.items[1] = (struct ipm_pin){IPM_PIN_CPUS, 0, 2};
    plan_expect_twice(&o, "placement '0:2' is given twice");
}

/* 64 sizes x 64 controls x 3 patterns is over the limit, 2 patterns are not. */
Test(model_plan, more_than_ten_thousand_cases_are_refused) {
    struct ipm_options o = plan_options("canal", 64);
    for (size_t i = 0; i < IPM_LIST_MOST; i++) {
        o.message_bytes.items[i] = i + 1;
        (void)snprintf(o.congestion.items[i], IPM_NAME_BYTES, "control%zu", i);
    }
    o.message_bytes.count = o.congestion.count = IPM_LIST_MOST;
    plan_name_add(&o.patterns, "zigzag");
    struct ipm_plan plan = plan_must(&o, 5);
    cr_expect_eq(plan.count, 64 * 64 * 2);
    ipm_plan_done(&plan);
    plan_name_add(&o.patterns, "braid");
    (void)plan_refused(&o, -E2BIG);
}

static uint64_t plan_recv_of(const char *transport, uint64_t message_bytes,
                             enum ipm_recv_rule rule) {
    struct ipm_options o = plan_options(transport, message_bytes);
    o.recv_rule = rule;
    o.common.recv_bytes = 4096;
    return plan_only_case(&o, 5).config.recv_bytes;
}

Test(model_plan, a_stream_is_read_with_the_larger_of_message_and_64_kib) {
    cr_expect_eq(plan_recv_of("brook", 64, IPM_RECV_LARGER), 65536);
    cr_expect_eq(plan_recv_of("brook", 100000, IPM_RECV_LARGER), 100000);
    cr_expect_eq(plan_recv_of("brook", 64, IPM_RECV_MESSAGE), 64);
    cr_expect_eq(plan_recv_of("brook", 64, IPM_RECV_BYTES), 4096);
    cr_expect_eq(plan_recv_of("brook", 100000, IPM_RECV_BYTES), 4096);
}

Test(model_plan, what_keeps_messages_whole_is_read_message_by_message) {
    cr_expect_eq(plan_recv_of("drops", 64, IPM_RECV_LARGER), 64);
    cr_expect_eq(plan_recv_of("drops", 64, IPM_RECV_MESSAGE), 64);
    cr_expect_eq(plan_recv_of("drops", 64, IPM_RECV_BYTES), 64);
    cr_expect_eq(plan_recv_of("drops", 5000, IPM_RECV_BYTES), 5000);
}

Test(model_plan, the_receive_size_is_no_option_where_messages_stay_whole) {
    struct ipm_options o = plan_options("drops", 64);
    o.recv_rule = IPM_RECV_BYTES;
    o.common.recv_bytes = 4096;
    cr_expect_str_eq(plan_only_case(&o, 5).config.name, "stream/drops/64");
}

Test(model_plan, a_verified_message_is_read_into_a_buffer_that_holds_it) {
    struct ipm_options o = plan_options("brook", 5000);
    o.recv_rule = IPM_RECV_BYTES;
    o.common.recv_bytes = 4096;
    o.common.verify = true;
    cr_expect_eq(plan_only_case(&o, 5).config.recv_bytes, 5000);
}

Test(model_plan, the_receive_size_is_in_the_name_when_asked_for) {
    struct ipm_options o = plan_options("brook", 64);
    o.recv_rule = IPM_RECV_BYTES;
    o.common.recv_bytes = 4096;
    cr_expect_str_eq(plan_only_case(&o, 5).config.name, "stream/brook/64/recv=4096");
}

Test(model_plan, an_empty_list_makes_an_empty_plan) {
    struct ipm_options o = plan_options("brook", 64);
    o.message_bytes.count = 0;
    struct ipm_plan plan = plan_must(&o, 5);
    cr_expect_eq(plan.count, 0);
    ipm_plan_done(&plan);
    ipm_plan_done(&plan);
}

Test(model_plan, without_a_placement_both_are_measured_where_there_are_two_cpus) {
    static const enum ipm_pin_kind first[] = {IPM_PIN_NONE, IPM_PIN_SAME, IPM_PIN_SAME};
    for (int cpus = 1; cpus <= 3; cpus++) {
        struct ipm_pins pins = {0};
        ipm_pins_settle(&pins, cpus);
        cr_expect_eq(pins.count, cpus < 2 ? 1 : 2);
        cr_expect_eq(pins.items[0].kind, first[cpus - 1]);
        cr_expect_eq(pins.items[pins.count - 1].receiver_cpu, -1);
    }
    struct ipm_pins requested = {.count = 1, .items = {{IPM_PIN_SPLIT, -1, -1}}};
    ipm_pins_settle(&requested, 2);
    cr_expect_eq(requested.count, 1);
}
