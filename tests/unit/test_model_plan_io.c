/* test_model_plan_io.c - ways of I/O in a plan: what they multiply, and what they cannot
 * drive. The machine is made up here: nothing depends on a row of a table. */
#include "base/err.h"
#include "model/plan/plan.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>

static int io_dial(struct ipm_endpoint *end, const struct ipm_link *link) {
    (void)end;
    (void)link;
    return 0;
}

static const struct ipm_transport io_brook = {
    .name = "brook",
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_MULTI | IPM_CAP_POLLABLE | IPM_CAP_PLAIN,
    .connect = io_dial,
};
static const struct ipm_transport io_mill = {
    .name = "mill",
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_MULTI | IPM_CAP_POLLABLE,
};
static const struct ipm_probe io_probes[] = {
    {.transport = &io_brook, .max_message_bytes = SIZE_MAX, .runnable = true},
    {.transport = &io_mill, .max_message_bytes = SIZE_MAX, .runnable = true},
};
static const struct ipm_kind io_patterns[] = {
    {.name = "stream", .traits = IPM_TRAIT_BATCHES | IPM_TRAIT_FRAMES},
    {.name = "knock", .traits = IPM_TRAIT_CONNECTS | IPM_TRAIT_ANSWERS},
    {.name = "funnel", .traits = IPM_TRAIT_CLIENTS},
    {0},
};
static const struct ipm_strategy io_servers[] = {
    {.name = "epoll", .clients_most = UINT64_MAX, .polls = true}, {0}};
static const struct ipm_drive io_drives[] = {
    {.name = "sync", .runnable = true},
    {.name = "bellows", .drives = true, .runnable = true},
    {.name = "tides", .drives = true, .reason = "no moon (wait for the night)"},
    {0},
};
static const struct ipm_wait_kind io_waits[] = {
    {.name = "block", .sleeps = true, .drives = true},
    {.name = "hybrid", .sleeps = true, .needs = IPM_CAP_POLLABLE | IPM_CAP_LOOKS},
    {.name = "spin", .needs = IPM_CAP_POLLABLE | IPM_CAP_LOOKS},
    {.name = "poll", .sleeps = true, .polls = true, .needs = IPM_CAP_POLLABLE},
    {0},
};
static const int io_cpus[] = {0, 1};
static const struct ipm_machine io_machine = {
    .probes = io_probes,
    .probe_count = 2,
    .patterns = io_patterns,
    .servers = io_servers,
    .drives = io_drives,
    .waits = io_waits,
    .descriptors_most = 1024,
    .cpus = io_cpus,
    .cpu_count = 2,
};

static struct ipm_options io_options;
static struct ipm_plan io_planned;

static void io_set(struct ipm_names *names, size_t at, const char *name) {
    names->count = at + 1;
    (void)snprintf(names->items[at], IPM_NAME_BYTES, "%s", name);
}

static void plan_io_begin(void) {
    io_planned = (struct ipm_plan){0};
    ipm_options_defaults(&io_options);
    io_set(&io_options.transports, 0, "brook");
    io_set(&io_options.ios, 0, "bellows");
    io_options.message_bytes = (struct ipm_sizes){.count = 1, .items = {64}};
}

static void plan_io_end(void) {
    ipm_plan_done(&io_planned);
}

TestSuite(model_plan_io, .init = plan_io_begin, .fini = plan_io_end);

static void io_plan(size_t count) {
    struct ipm_err err = {0};
    cr_assert_eq(ipm_plan_make(&io_planned, &io_options, &io_machine, &err), 0, "%s",
                 err.text);
    cr_assert_eq(io_planned.count, count);
}

static void io_expect_skip(const char *reason) {
    io_plan(1);
    cr_expect(io_planned.cases[0].skipped);
    cr_expect_str_eq(io_planned.cases[0].reason, reason);
}

static void io_refuse(const char *text, const char *hint) {
    struct ipm_err err = {0};
    cr_expect_eq(ipm_plan_make(&io_planned, &io_options, &io_machine, &err), -EINVAL);
    cr_expect_str_eq(err.text, text);
    cr_expect_str_eq(err.hint, hint);
}

Test(model_plan_io, multiplies_between_placement_and_framing) {
    static const char *const names[] = {
        "stream/brook/64",
        "stream/brook/64/framing=length",
        "stream/brook/64/io=bellows",
        "stream/brook/64/io=bellows/framing=length",
        "stream/brook/64/pin=same",
    };
    io_set(&io_options.ios, 0, "sync");
    io_set(&io_options.ios, 1, "bellows");
    io_set(&io_options.framings, 1, "length");
    io_options.pins.count = 2;
    io_options.pins.items[1] = (struct ipm_pin){.kind = IPM_PIN_SAME};
    io_plan(8);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cr_expect_str_eq(io_planned.cases[i].config.name, names[i]);
        cr_expect_not(io_planned.cases[i].skipped, "%s", io_planned.cases[i].reason);
    }
    cr_expect_str_eq(io_planned.cases[0].config.io, "sync");
    cr_expect_str_eq(io_planned.cases[3].config.io, "bellows");
}

Test(model_plan_io, is_the_transports_own_unless_asked) {
    ipm_options_defaults(&io_options);
    io_set(&io_options.transports, 0, "mill");
    io_plan(3);
    cr_expect_str_eq(io_planned.cases[0].config.io, "sync");
    cr_expect_not(io_planned.cases[0].skipped);
}

Test(model_plan_io, that_this_machine_has_not_says_why_and_what_to_do) {
    io_set(&io_options.ios, 0, "tides");
    io_expect_skip("no moon (wait for the night)");
}

Test(model_plan_io, drives_only_plain_descriptors) {
    io_set(&io_options.transports, 0, "mill");
    io_expect_skip("'--io bellows' replaces plain calls on descriptors, and "
                   "'mill' uses others");
}

Test(model_plan_io, waits_in_its_own_way) {
    io_set(&io_options.waits, 0, "poll");
    io_expect_skip(
        "'--io bellows' waits for its requests, not in the way of '--wait poll'");
}

Test(model_plan_io, serves_no_clients) {
    io_set(&io_options.patterns, 0, "funnel");
    io_expect_skip(
        "'--io bellows' is for patterns with one client, and 'funnel' has many");
}

Test(model_plan_io, makes_no_connections) {
    io_set(&io_options.patterns, 0, "knock");
    io_expect_skip("'--io bellows' needs open descriptors, and 'knock' opens them in "
                   "the window");
}

Test(model_plan_io, of_another_name_is_refused_with_the_nearest) {
    io_set(&io_options.ios, 0, "belows");
    io_refuse("unknown io 'belows'",
              "did you mean 'bellows'? 'ipcmark list io' shows all");
}

Test(model_plan_io, is_named_once) {
    io_set(&io_options.ios, 1, "bellows");
    io_refuse("io 'bellows' is given twice",
              "name each io once; '--rounds' repeats the measurement");
}
