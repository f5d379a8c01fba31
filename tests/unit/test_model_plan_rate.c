/* test_model_plan_rate.c - rates and sizes of responses in a plan: what they multiply, and what
 * cannot have them. The machine is made up here: nothing depends on a row of a table. */
#include "base/err.h"
#include "model/plan/plan.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static ssize_t rate_send_batch(struct ipm_endpoint *end, const void *buf, size_t len,
                               unsigned count) {
    (void)end;
    (void)buf;
    (void)len;
    return (ssize_t)count;
}

static const struct ipm_transport rate_delta = {
    .name = "delta", .direction = IPM_DUPLEX, .caps = IPM_CAP_RELIABLE};
static const struct ipm_transport rate_flood = {.name = "flood",
                                                .direction = IPM_DUPLEX,
                                                .caps = IPM_CAP_MESSAGES,
                                                .call_messages = 64,
                                                .call_bytes = 65507,
                                                .send_batch = rate_send_batch};
static const struct ipm_transport rate_void = {
    .name = "void", .direction = IPM_DUPLEX, .caps = IPM_CAP_HOLLOW};
static const struct ipm_probe rate_probes[] = {
    {.transport = &rate_delta, .max_message_bytes = SIZE_MAX, .runnable = true},
    {.transport = &rate_flood, .max_message_bytes = 65507, .runnable = true},
    {.transport = &rate_void, .max_message_bytes = SIZE_MAX, .runnable = true},
};
static const struct ipm_kind rate_patterns[] = {
    {.name = "stream", .traits = IPM_TRAIT_BATCHES | IPM_TRAIT_FRAMES | IPM_TRAIT_PACED},
    {.name = "seesaw",
     .traits =
         IPM_TRAIT_TWO_WAY | IPM_TRAIT_FRAMES | IPM_TRAIT_ANSWERS | IPM_TRAIT_PACED},
    {.name = "plain"},
    {0},
};
static const struct ipm_strategy rate_servers[] = {{.name = "epoll"}, {0}};
static const struct ipm_wait_kind rate_waits[] = {{.name = "block", .sleeps = true}, {0}};
static const struct ipm_drive rate_drives[] = {{.name = "sync", .runnable = true}, {0}};
static const int rate_cpus[] = {0, 1};
static const struct ipm_machine rate_machine = {.probes = rate_probes,
                                                .probe_count = 3,
                                                .patterns = rate_patterns,
                                                .servers = rate_servers,
                                                .drives = rate_drives,
                                                .waits = rate_waits,
                                                .descriptors_most = 1024,
                                                .cpus = rate_cpus,
                                                .cpu_count = 2};

static struct ipm_options rate_options;
static struct ipm_plan rate_planned;

static void rate_only(struct ipm_names *names, const char *name) {
    names->count = 1;
    (void)snprintf(names->items[0], IPM_NAME_BYTES, "%s", name);
}

static void rate_begin(void) {
    rate_planned = (struct ipm_plan){0};
    ipm_options_defaults(&rate_options);
    rate_only(&rate_options.transports, "delta");
    rate_options.pins = (struct ipm_pins){
        .count = 1,
        .items = {{.kind = IPM_PIN_NONE, .sender_cpu = -1, .receiver_cpu = -1}}};
    rate_options.message_bytes = (struct ipm_sizes){.count = 1, .items = {64}};
}

static void rate_end(void) {
    ipm_plan_done(&rate_planned);
}

TestSuite(model_plan_rate, .init = rate_begin, .fini = rate_end);

static size_t rate_count(const char *pattern) {
    struct ipm_err err = {0};
    rate_only(&rate_options.patterns, pattern);
    ipm_plan_done(&rate_planned);
    cr_assert_eq(ipm_plan_make(&rate_planned, &rate_options, &rate_machine, &err), 0,
                 "%s", err.text);
    return rate_planned.count;
}

static const struct ipm_plan_case *rate_case(const char *pattern, const char *transport) {
    rate_only(&rate_options.transports, transport);
    cr_assert_eq(rate_count(pattern), 1);
    return &rate_planned.cases[0];
}

static void rate_expect_runs(const char *pattern, const char *transport) {
    cr_expect_str_eq(rate_case(pattern, transport)->reason, "");
}

static void rate_expect_skip(const char *pattern, const char *transport,
                             const char *reason) {
    const struct ipm_plan_case *c = rate_case(pattern, transport);
    cr_expect(c->skipped);
    cr_expect_str_eq(c->reason, reason);
}

static void rate_ask_rate(uint64_t rate) {
    rate_options.rate_per_second = (struct ipm_sizes){.count = 1, .items = {rate}};
}

Test(model_plan_rate, rates_multiply_what_can_be_paced) {
    rate_options.rate_per_second = (struct ipm_sizes){.count = 3, .items = {1000, 0, 20}};
    cr_expect_eq(rate_count("stream"), 3);
    cr_expect_str_eq(rate_planned.cases[0].config.name, "stream/delta/64/rate=1000");
    cr_expect_str_eq(rate_planned.cases[0].config.arrivals, "fixed");
    cr_expect_eq(rate_planned.cases[0].primary, IPM_METRIC_ACHIEVED);
    cr_expect_str_eq(rate_planned.cases[2].config.name, "stream/delta/64");
    cr_expect_str_eq(rate_planned.cases[2].config.arrivals, "");
    cr_expect_eq(rate_planned.cases[2].primary, IPM_METRIC_THROUGHPUT);
    cr_expect_eq(rate_count("seesaw"), 3);
    cr_expect_eq(rate_count("plain"), 1);
}

/* So that each placement of a table stands beside the other one. */
Test(model_plan_rate, cases_with_a_rate_follow_each_other) {
    rate_options.rate_per_second = (struct ipm_sizes){.count = 2, .items = {0, 1000}};
    rate_options.pins = (struct ipm_pins){
        .count = 2, .items = {{.kind = IPM_PIN_SAME}, {.kind = IPM_PIN_SPLIT}}};
    cr_expect_eq(rate_count("stream"), 4);
    for (size_t i = 0; i < 4; i++)
        cr_expect_eq(rate_planned.cases[i].config.rate_per_second, i < 2 ? 1000 : 0);
}

Test(model_plan_rate, arrivals_are_of_cases_with_a_rate) {
    (void)strcpy(rate_options.common.arrivals, "poisson");
    cr_expect_str_eq(rate_case("stream", "delta")->config.name, "stream/delta/64");
    rate_ask_rate(7);
    cr_expect_str_eq(rate_case("stream", "delta")->config.name,
                     "stream/delta/64/rate=7/arrivals=poisson");
}

Test(model_plan_rate, a_rate_sends_one_message_a_call_and_each_carries_its_times) {
    rate_ask_rate(1000);
    cr_expect_eq(rate_case("stream", "flood")->config.batch, 1);
    rate_options.message_bytes.items[0] = 24;
    rate_expect_runs("stream", "flood");
    rate_options.message_bytes.items[0] = 23;
    rate_expect_skip("stream", "flood",
                     "'--rate' puts the times of sending and a number into each "
                     "message, which takes 24 bytes");
    rate_expect_runs("seesaw", "flood");
    rate_options.message_bytes.items[0] = 64;
    rate_options.common.batch = 2;
    rate_expect_skip("stream", "flood",
                     "'--rate' sends each message at its own time: '--batch' sends "
                     "several together");
}

Test(model_plan_rate, times_in_a_message_leave_no_room_for_other_contents) {
    rate_ask_rate(1000);
    rate_options.common.verify = true;
    rate_expect_runs("seesaw", "delta");
    rate_expect_skip("stream", "delta",
                     "'--rate' puts times into the messages, and '--verify' expects "
                     "other contents there");
    rate_options.common.verify = false;
    rate_only(&rate_options.framings, "delimiter");
    rate_expect_skip("stream", "delta",
                     "'--rate' puts binary times into the messages, and '--framing "
                     "delimiter' is for text");
    rate_expect_runs("seesaw", "delta");
    rate_options.common.think_ns = 5;
    rate_expect_skip("seesaw", "delta",
                     "'--rate' and '--think' both decide when a request is sent");
}

Test(model_plan_rate, what_moves_nothing_has_no_arrivals) {
    rate_expect_runs("stream", "void");
    rate_ask_rate(5);
    rate_expect_skip("stream", "void",
                     "'--rate' measures when messages arrive, and 'void' moves none");
}

/* --- sizes of requests and of responses --------------------------------------------- */

static void rate_ask_response(uint64_t request_bytes, uint64_t response_bytes) {
    rate_options.message_bytes = (struct ipm_sizes){.count = 1,
                                                    .items = {request_bytes},
                                                    .response_count = 1,
                                                    .responses = {response_bytes}};
}

Test(model_plan_rate, a_response_has_its_size_in_the_name_and_the_buffers) {
    rate_ask_response(64, 100000);
    rate_expect_runs("seesaw", "delta");
    cr_expect_str_eq(rate_planned.cases[0].config.name, "seesaw/delta/64:100000");
    cr_expect_eq(rate_planned.cases[0].config.recv_bytes, 100000);
    rate_expect_skip("stream", "delta",
                     "'stream' sends no responses: '--size 64:100000' is for patterns "
                     "that do");
}

Test(model_plan_rate, the_larger_of_both_sizes_must_fit) {
    rate_ask_response(65507, 64);
    rate_expect_runs("seesaw", "flood");
    rate_ask_response(64, 65508);
    rate_expect_skip("seesaw", "flood",
                     "a message of 65508 bytes exceeds the max message size of 'flood' "
                     "here, 65507 bytes");
}

Test(model_plan_rate, one_request_may_have_responses_of_several_sizes) {
    rate_options.message_bytes = (struct ipm_sizes){
        .count = 3, .items = {64, 64, 64}, .response_count = 3, .responses = {0, 5, 6}};
    cr_expect_eq(rate_count("seesaw"), 3);
    cr_expect_str_eq(rate_planned.cases[0].config.name, "seesaw/delta/64");
    cr_expect_str_eq(rate_planned.cases[2].config.name, "seesaw/delta/64:6");
}

/* --- requests outstanding ------------------------------------------------------------ */

static void rate_ask_inflight(uint64_t requests) {
    rate_options.inflight = (struct ipm_sizes){.count = 1, .items = {requests}};
}

Test(model_plan_rate, windows_of_requests_multiply_what_waits_for_responses) {
    rate_options.inflight = (struct ipm_sizes){.count = 2, .items = {1, 8}};
    cr_expect_eq(rate_count("stream"), 1);
    cr_expect_eq(rate_planned.cases[0].config.inflight, 1);
    cr_expect_eq(rate_count("seesaw"), 2);
    cr_expect_str_eq(rate_planned.cases[0].config.name, "seesaw/delta/64");
    cr_expect_str_eq(rate_planned.cases[1].config.name, "seesaw/delta/64/inflight=8");
    cr_expect_not(rate_planned.cases[1].skipped);
}

Test(model_plan_rate, a_window_is_sent_in_its_own_time_and_loses_nothing) {
    rate_ask_inflight(2);
    rate_expect_skip(
        "seesaw", "flood",
        "'--inflight' expects responses in order, and 'flood' may lose some");
    rate_ask_rate(100);
    rate_expect_skip("seesaw", "delta",
                     "'--rate' sends requests by a schedule, and '--inflight' when "
                     "responses arrive");
    rate_ask_rate(0);
    rate_options.common.think_ns = 5;
    rate_expect_skip("seesaw", "delta",
                     "'--think' pauses between a response and the next request, and "
                     "'--inflight' does not wait for it");
    rate_ask_inflight(1);
    rate_expect_runs("seesaw", "delta");
}
