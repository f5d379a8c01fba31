/* test_model_plan_traits.c - which lists multiply which patterns, and what does not go
 * together. The machine is made up here: nothing depends on a row of a table. */
#include "base/err.h"
#include "model/plan/plan.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static int traits_dial(struct ipm_endpoint *end, const struct ipm_link *link) {
    (void)end;
    (void)link;
    return 0;
}

static ssize_t traits_send_batch(struct ipm_endpoint *end, const void *buf, size_t len,
                                 unsigned count) {
    (void)end;
    (void)buf;
    (void)len;
    return (ssize_t)count;
}

static const struct ipm_transport traits_brook = {
    .name = "brook", .direction = IPM_SIMPLEX, .caps = IPM_CAP_RELIABLE};
static const struct ipm_transport traits_delta = {
    .name = "delta",
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_MULTI | IPM_CAP_POLLABLE,
    .connect = traits_dial,
};
static const struct ipm_transport traits_drops = {
    .name = "drops", .direction = IPM_DUPLEX, .caps = IPM_CAP_MESSAGES};
static const struct ipm_transport traits_rain = {
    .name = "rain",
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_MULTI | IPM_CAP_POLLABLE,
    .send_batch = traits_send_batch,
};

static const struct ipm_transport traits_flood = {
    .name = "flood",
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_MULTI | IPM_CAP_POLLABLE,
    .call_messages = 64,
    .call_bytes = 65507,
    .send_batch = traits_send_batch,
};

static const struct ipm_transport traits_twins = {
    .name = "twins",
    .direction = IPM_DUPLEX_BY_TWO,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_MULTI | IPM_CAP_POLLABLE,
};

static const struct ipm_transport traits_murmur = {
    .name = "murmur",
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_MULTI,
};

static const struct ipm_probe traits_probes[] = {
    {.transport = &traits_brook, .max_message_bytes = SIZE_MAX, .runnable = true},
    {.transport = &traits_delta, .max_message_bytes = SIZE_MAX, .runnable = true},
    {.transport = &traits_drops, .max_message_bytes = 65507, .runnable = true},
    {.transport = &traits_rain, .max_message_bytes = 65507, .runnable = true},
    {.transport = &traits_twins, .max_message_bytes = SIZE_MAX, .runnable = true},
    {.transport = &traits_murmur, .max_message_bytes = SIZE_MAX, .runnable = true},
    {.transport = &traits_flood, .max_message_bytes = 65507, .runnable = true},
};
static const struct ipm_kind traits_patterns[] = {
    {.name = "stream", .traits = IPM_TRAIT_BATCHES | IPM_TRAIT_FRAMES | IPM_TRAIT_PACED},
    {.name = "seesaw",
     .traits =
         IPM_TRAIT_TWO_WAY | IPM_TRAIT_FRAMES | IPM_TRAIT_ANSWERS | IPM_TRAIT_PACED},
    {.name = "knock",
     .traits = IPM_TRAIT_CONNECTS | IPM_TRAIT_ANSWERS,
     .primary = IPM_METRIC_CONNECTIONS,
     .ends = {[IPM_SENDER] = "visitor", [IPM_RECEIVER] = "host"}},
    {.name = "funnel",
     .traits = IPM_TRAIT_CLIENTS | IPM_TRAIT_BATCHES | IPM_TRAIT_FRAMES},
    {.name = "plain"},
    {0},
};
static const struct ipm_strategy traits_servers[] = {
    {.name = "epoll", .clients_most = UINT64_MAX, .polls = true},
    {.name = "choose", .clients_most = 10, .reason = "choose(2) counts on its fingers"},
    {0},
};
static const struct ipm_drive traits_drives[] = {
    {.name = "sync", .runnable = true},
    {.name = "bellows", .drives = true, .runnable = true},
    {.name = "tides", .drives = true, .reason = "no moon"},
    {0},
};
static const struct ipm_wait_kind traits_waits[] = {
    {.name = "block", .sleeps = true},
    {.name = "spin", .needs = IPM_CAP_POLLABLE},
    {.name = "poll", .polls = true, .needs = IPM_CAP_POLLABLE}};
static const int traits_cpus[] = {0, 1};
static const struct ipm_machine traits_machine = {
    .probes = traits_probes,
    .probe_count = 7,
    .patterns = traits_patterns,
    .servers = traits_servers,
    .drives = traits_drives,
    .waits = traits_waits,
    .descriptors_most = 1024,
    .cpus = traits_cpus,
    .cpu_count = 2,
};

static struct ipm_options asked;
static struct ipm_plan made;

static void traits_only(struct ipm_names *names, const char *name) {
    names->count = 1;
    (void)snprintf(names->items[0], IPM_NAME_BYTES, "%s", name);
}

static void traits_more(struct ipm_names *names, const char *name) {
    (void)snprintf(names->items[names->count++], IPM_NAME_BYTES, "%s", name);
}

static void traits_begin(void) {
    made = (struct ipm_plan){0};
    ipm_options_defaults(&asked);
    traits_only(&asked.transports, "delta");
    asked.message_bytes = (struct ipm_sizes){.count = 1, .items = {64}};
}

static void traits_end(void) {
    ipm_plan_done(&made);
}

TestSuite(model_plan_traits, .init = traits_begin, .fini = traits_end);

static void traits_plan(void) {
    struct ipm_err err = {0};
    ipm_plan_done(&made);
    cr_assert_eq(ipm_plan_make(&made, &asked, &traits_machine, &err), 0, "%s", err.text);
}

static const struct ipm_plan_case *traits_case(const char *pattern,
                                               const char *transport) {
    traits_only(&asked.patterns, pattern);
    traits_only(&asked.transports, transport);
    traits_plan();
    cr_assert_eq(made.count, 1);
    return &made.cases[0];
}

static void traits_expect_runs(const char *pattern, const char *transport) {
    const struct ipm_plan_case *c = traits_case(pattern, transport);
    cr_expect_not(c->skipped, "%s", c->reason);
    cr_expect_str_eq(c->reason, "");
}

static void traits_expect_skip(const char *pattern, const char *transport,
                               const char *reason) {
    const struct ipm_plan_case *c = traits_case(pattern, transport);
    cr_expect(c->skipped);
    cr_expect_str_eq(c->reason, reason);
}

/* --- which lists multiply ----------------------------------------------------------- */

/* Two framings, three client counts, two servers, two sizes. */
static void traits_ask_everything(void) {
    traits_more(&asked.framings, "length");
    asked.clients = (struct ipm_sizes){.count = 3, .items = {1, 4, 9}};
    traits_more(&asked.servers, "choose");
    asked.message_bytes = (struct ipm_sizes){.count = 2, .items = {64, 4096}};
}

static size_t traits_count(const char *pattern) {
    traits_only(&asked.patterns, pattern);
    traits_plan();
    return made.count;
}

Test(model_plan_traits, a_list_multiplies_only_where_it_says_something) {
    traits_ask_everything();
    cr_expect_eq(traits_count("stream"), 2 * 2);
    cr_expect_eq(traits_count("seesaw"), 2 * 2);
    cr_expect_eq(traits_count("plain"), 2);
    cr_expect_eq(traits_count("knock"), 1);
    cr_expect_eq(traits_count("funnel"), 2 * 3 * 2 * 2);
}

Test(model_plan_traits, patterns_of_all_kinds_stand_beside_one_another) {
    traits_ask_everything();
    for (size_t i = 1; traits_patterns[i].name; i++)
        traits_more(&asked.patterns, traits_patterns[i].name);
    traits_more(&asked.transports, "rain");
    traits_plan();
    cr_expect_eq(made.count, 2 * (4 + 4 + 1 + 24 + 2));
    for (size_t i = 0; i < made.count; i++)
        for (size_t k = 0; k < i; k++)
            cr_expect_str_neq(made.cases[i].config.name, made.cases[k].config.name);
}

Test(model_plan_traits, the_order_is_framing_clients_server_size_transport) {
    static const char *const names[] = {
        "funnel/delta/64/clients=1/server=epoll",
        "funnel/rain/64/clients=1/server=epoll",
        "funnel/delta/4096/clients=1/server=epoll",
        "funnel/rain/4096/clients=1/server=epoll",
        "funnel/delta/64/clients=1/server=choose",
    };
    traits_ask_everything();
    traits_more(&asked.transports, "rain");
    (void)traits_count("funnel");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        cr_expect_str_eq(made.cases[i].config.name, names[i]);
    cr_expect_str_eq(made.cases[8].config.name, "funnel/delta/64/clients=4/server=epoll");
    cr_expect_str_eq(made.cases[24].config.name,
                     "funnel/delta/64/framing=length/clients=1/server=epoll");
}

Test(model_plan_traits, who_has_no_server_has_one_client) {
    const struct ipm_plan_case *c = traits_case("seesaw", "delta");
    cr_expect_eq(c->config.clients, 1);
    cr_expect_str_eq(c->config.server, "");
    cr_expect_str_eq(c->config.name, "seesaw/delta/64");
    c = traits_case("funnel", "delta");
    cr_expect_eq(c->config.clients, 4);
    cr_expect_str_eq(c->config.server, "epoll");
    cr_expect_str_eq(c->config.name, "funnel/delta/64/clients=4/server=epoll");
}

Test(model_plan_traits, a_connection_is_of_one_byte_and_is_there_once) {
    asked.message_bytes = (struct ipm_sizes){.count = 3, .items = {64, 4096, 65536}};
    const struct ipm_plan_case *c = traits_case("knock", "delta");
    cr_expect_not(c->skipped);
    cr_expect_eq(c->config.message_bytes, 1);
    cr_expect_str_eq(c->config.name, "knock/delta/1");
}

Test(model_plan_traits, a_case_has_the_names_of_the_ends_of_its_pattern) {
    cr_expect_str_eq(traits_case("knock", "delta")->ends[IPM_SENDER], "visitor");
    cr_expect_str_eq(traits_case("knock", "delta")->ends[IPM_RECEIVER], "host");
}

Test(model_plan_traits, a_case_has_the_primary_metric_of_its_pattern) {
    cr_expect_eq(traits_case("knock", "delta")->primary, IPM_METRIC_CONNECTIONS);
    cr_expect_eq(traits_case("stream", "delta")->primary, IPM_METRIC_THROUGHPUT);
}

Test(model_plan_traits, only_who_waits_thinks_and_who_connects_does_not_work) {
    asked.common.think_ns = 1000;
    asked.common.sender_work_ns = 7;
    const struct ipm_plan_case *c = traits_case("seesaw", "delta");
    cr_expect_eq(c->config.think_ns, 1000);
    cr_expect_str_eq(c->config.name, "seesaw/delta/64/think=1000/send-work=7");
    c = traits_case("knock", "delta");
    cr_expect_eq(c->config.think_ns, 0);
    cr_expect_str_eq(c->config.name, "knock/delta/1");
    c = traits_case("stream", "delta");
    cr_expect_str_eq(c->config.name, "stream/delta/64/send-work=7");
}

Test(model_plan_traits, what_is_not_default_is_in_the_name) {
    traits_only(&asked.framings, "length");
    asked.common.batch = 8;
    asked.common.buffer_bytes = 4096;
    asked.pins.items[0].kind = IPM_PIN_SAME;
    const struct ipm_plan_case *c = traits_case("funnel", "delta");
    cr_expect_str_eq(c->config.name,
                     "funnel/delta/64/framing=length/clients=4/server=epoll/"
                     "pin=same/batch=8/buffer=4096");
    cr_expect_str_eq(c->config.framing, "length");
    cr_expect_eq(c->config.batch, 8);
}

/* --- what does not go together ------------------------------------------------------ */

Test(model_plan_traits, both_ways_do_not_fit_into_one) {
    traits_expect_runs("stream", "brook");
    traits_expect_skip("seesaw", "brook",
                       "'seesaw' sends in both directions, and 'brook' in one only");
}

Test(model_plan_traits, what_is_not_connected_makes_no_connections) {
    traits_expect_runs("knock", "delta");
    traits_expect_skip("knock", "drops",
                       "'knock' needs connections, and 'drops' has none");
}

Test(model_plan_traits, one_link_for_one_child_has_no_room_for_clients) {
    traits_expect_runs("funnel", "rain");
    traits_expect_skip("funnel", "drops",
                       "'funnel' needs many clients, and 'drops' has only one");
}

Test(model_plan_traits, what_keeps_messages_apart_needs_no_framing) {
    traits_expect_runs("stream", "drops");
    traits_only(&asked.framings, "length");
    traits_expect_runs("stream", "brook");
    traits_expect_skip("stream", "drops",
                       "'drops' preserves message boundaries: '--framing length' is for "
                       "byte streams");
}

Test(model_plan_traits, a_batch_is_for_patterns_and_transports_that_take_one) {
    asked.common.batch = 2;
    traits_expect_runs("stream", "brook");
    traits_expect_runs("stream", "rain");
    traits_expect_skip("stream", "drops",
                       "'drops' sends one message per call: '--batch' needs more");
    traits_expect_skip("seesaw", "delta",
                       "'seesaw' sends one message per call: '--batch' is for "
                       "patterns that stream");
}

static void traits_expect_batch(uint64_t message_bytes, uint64_t wanted,
                                const char *name) {
    asked.message_bytes.items[0] = message_bytes;
    const struct ipm_plan_case *c = traits_case("stream", "flood");
    cr_expect_eq(c->config.batch, wanted, "%s", name);
    cr_expect_str_eq(c->config.name, name);
}

Test(model_plan_traits, a_transport_made_for_several_a_call_has_its_own_batch) {
    traits_expect_batch(64, 64, "stream/flood/64");
    traits_expect_batch(1400, 46, "stream/flood/1400");
    traits_expect_batch(32754, 1, "stream/flood/32754");
    traits_expect_batch(65508, 1, "stream/flood/65508");
    cr_expect_eq(traits_case("seesaw", "flood")->config.batch, 1);
    cr_expect_eq(traits_case("stream", "rain")->config.batch, 1);
}

Test(model_plan_traits, a_batch_of_the_user_goes_before_the_transports_own) {
    asked.common.batch = 1;
    traits_expect_batch(1400, 1, "stream/flood/1400/batch=1");
    asked.common.batch = 46;
    traits_expect_batch(1400, 46, "stream/flood/1400");
}

Test(model_plan_traits, a_batch_is_at_most_a_gibibyte) {
    asked.common.batch = 1024;
    asked.message_bytes.items[0] = 1 << 20;
    traits_expect_runs("stream", "brook");
    asked.message_bytes.items[0]++;
    traits_expect_skip("stream", "brook",
                       "a batch of 1024 messages of 1048577 bytes is larger than 1 GiB");
    asked.common.batch = 1;
    traits_expect_runs("stream", "brook");
}

Test(model_plan_traits, a_server_has_its_limit_and_says_why) {
    traits_only(&asked.servers, "choose");
    asked.clients.items[0] = 10;
    traits_expect_runs("funnel", "delta");
    asked.clients.items[0] = 11;
    traits_expect_skip("funnel", "delta",
                       "11 clients exceed the maximum of 'choose', 10: choose(2) counts "
                       "on its fingers");
}

Test(model_plan_traits, a_client_over_two_channels_takes_twice_of_that_limit) {
    traits_only(&asked.servers, "choose");
    asked.clients.items[0] = 5;
    traits_expect_runs("funnel", "twins");
    asked.clients.items[0] = 6;
    traits_expect_skip("funnel", "twins",
                       "6 clients exceed the maximum of 'choose' with two descriptors "
                       "each, 5: choose(2) counts on its fingers");
}

/* 4 a client and 64 for everything else. */
Test(model_plan_traits, clients_take_descriptors_and_there_are_only_so_many) {
    asked.clients.items[0] = 240;
    traits_expect_runs("funnel", "delta");
    asked.clients.items[0] = 241;
    traits_expect_skip("funnel", "delta",
                       "241 clients need about 1028 descriptors, and the hard limit here "
                       "is 1024: 'prlimit --nofile=NUMBER' as root raises it");
    traits_expect_runs("stream", "delta");
}

Test(model_plan_traits, waits_for_descriptors_only_where_there_are_any) {
    traits_only(&asked.waits, "poll");
    cr_expect_str_eq(traits_case("plain", "murmur")->reason,
                     "'--wait poll' waits for descriptors, and 'murmur' has none");
    cr_expect_not(traits_case("plain", "delta")->skipped);
    traits_only(&asked.waits, "spin");
    cr_expect_str_eq(
        traits_case("plain", "murmur")->reason,
        "'--wait spin' needs descriptors or memory to poll, and 'murmur' has neither");
    traits_only(&asked.waits, "block");
    cr_expect_not(traits_case("plain", "murmur")->skipped);
    traits_only(&asked.servers, "epoll");
    cr_expect_str_eq(traits_case("funnel", "murmur")->reason,
                     "'epoll' waits for descriptors, and 'murmur' has none");
    cr_expect_not(traits_case("funnel", "delta")->skipped);
    traits_only(&asked.servers, "choose");
    cr_expect_not(traits_case("funnel", "murmur")->skipped);
}
