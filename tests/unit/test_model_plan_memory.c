/* test_model_plan_memory.c - cases whose buffers exceed the memory of a machine that is made up
 * here. */
#include "base/err.h"
#include "model/plan/plan.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct ipm_transport memory_brook = {
    .name = "brook", .direction = IPM_DUPLEX, .caps = IPM_CAP_RELIABLE | IPM_CAP_MULTI};
static const struct ipm_transport memory_pool = {
    .name = "pool",
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_MESSAGES | IPM_CAP_IN_PLACE};
static const struct ipm_probe memory_probes[] = {
    {.transport = &memory_brook, .max_message_bytes = SIZE_MAX, .runnable = true},
    {.transport = &memory_pool, .max_message_bytes = SIZE_MAX, .runnable = true},
};
static const struct ipm_kind memory_patterns[] = {
    {.name = "stream", .traits = IPM_TRAIT_BATCHES | IPM_TRAIT_PAIRS},
    {.name = "seesaw", .traits = IPM_TRAIT_TWO_WAY | IPM_TRAIT_ANSWERS},
    {.name = "funnel", .traits = IPM_TRAIT_CLIENTS},
    {0},
};
static const struct ipm_strategy memory_servers[] = {
    {.name = "epoll", .clients_most = UINT64_MAX}, {0}};
static const struct ipm_drive memory_drives[] = {{.name = "sync", .runnable = true}, {0}};
static const struct ipm_wait_kind memory_waits[] = {{.name = "block", .sleeps = true},
                                                    {0}};
static const int memory_cpus[] = {0, 1};

/* Returns the reason for which the case is skipped, or "". */
static const char *skipped(const char *pattern, const char *transport, uint64_t room,
                           const struct ipm_options *asked) {
    static char reason[IPM_REASON_BYTES];
    static struct ipm_options options;
    struct ipm_plan plan;
    struct ipm_err err = {0};
    const struct ipm_machine machine = {
        .probes = memory_probes,
        .probe_count = 2,
        .patterns = memory_patterns,
        .servers = memory_servers,
        .drives = memory_drives,
        .waits = memory_waits,
        .descriptors_most = 10000,
        .memory = {.bytes = room, .limit = "memory.max", .advice = "raise it"},
        .cpus = memory_cpus,
        .cpu_count = 2};
    options = *asked;
    options.patterns.count = options.transports.count = 1;
    (void)snprintf(options.patterns.items[0], IPM_NAME_BYTES, "%s", pattern);
    (void)snprintf(options.transports.items[0], IPM_NAME_BYTES, "%s", transport);
    cr_assert_eq(ipm_plan_make(&plan, &options, &machine, &err), 0, "%s", err.text);
    memcpy(reason, plan.cases[0].reason, sizeof reason);
    cr_expect_eq(plan.cases[0].skipped, reason[0] != '\0');
    ipm_plan_done(&plan);
    return reason;
}

static struct ipm_options of_size(uint64_t bytes) {
    static struct ipm_options options;
    ipm_options_defaults(&options);
    options.message_bytes = (struct ipm_sizes){.count = 1, .items = {bytes}};
    return options;
}

Test(model_plan_memory, both_ends_have_a_buffer_for_each_way) {
    const struct ipm_options options = of_size(1000000);
    cr_expect_str_eq(skipped("stream", "brook", 2000000, &options), "");
    cr_expect_str_eq(skipped("stream", "brook", 1999999, &options),
                     "its buffers take at least 2.00MB, and memory.max leaves 2.00MB: "
                     "raise it");
    cr_expect_str_eq(skipped("seesaw", "brook", 4000000, &options), "");
    cr_expect_str_neq(skipped("seesaw", "brook", 3999999, &options), "");
}

Test(model_plan_memory, clients_batches_and_pairs_multiply_it) {
    struct ipm_options options = of_size(1000000);
    options.clients = (struct ipm_sizes){.count = 1, .items = {10}};
    options.pairs = (struct ipm_sizes){.count = 1, .items = {3}};
    cr_expect_str_eq(skipped("funnel", "brook", 11000000, &options), "");
    cr_expect_str_neq(skipped("funnel", "brook", 10999999, &options), "");
    cr_expect_str_neq(skipped("stream", "brook", 5999999, &options), "");
    options.common.batch = 2;
    cr_expect_str_neq(skipped("stream", "brook", 11999999, &options), "");
    cr_expect_str_eq(skipped("stream", "brook", 12000000, &options), "");
}

Test(model_plan_memory, a_ring_holds_messages_and_what_was_asked_for) {
    struct ipm_options options = of_size(1000000);
    cr_expect_str_neq(skipped("stream", "pool", 3999999, &options), "");
    cr_expect_str_eq(skipped("stream", "pool", 4000000, &options), "");
    options.common.buffer_bytes = 9000000;
    cr_expect_str_neq(skipped("stream", "pool", 10999999, &options), "");
}

Test(model_plan_memory, numbers_that_overflow_are_too_large) {
    struct ipm_options options = of_size((uint64_t)1 << 30);
    options.pairs = (struct ipm_sizes){.count = 1, .items = {UINT64_MAX / 2}};
    cr_expect_str_neq(skipped("stream", "brook", UINT64_MAX, &options), "");
}
