/* The command line of `run` as a whole: its defaults, and what its options are to one
 * another. */
#include "app/commands/run_options.h"
#include "base/err.h"
#include "run/framings/framing.h"
#include "run/io/io.h"
#include "run/patterns/pattern.h"
#include "run/servers/server.h"
#include "tests/support/assert.h"
#include "transports/transport.h"

#include <string.h>

enum { WORDS_MOST = 16 };

static int request_parse(struct ipm_run_request *request, const char *const *words,
                         struct ipm_err *err) {
    char *argv[WORDS_MOST + 3] = {"ipcmark", "run"};
    int argc = 2;
    while (words[argc - 2] != NULL) {
        argv[argc] = (char *)words[argc - 2];
        argc++;
    }
    *request = (struct ipm_run_request){0};
    int code = ipm_optparse_parse(&ipm_run_syntax, argc, argv, 2, request, err);
    return code == 0 ? ipm_run_request_settle(request, err) : code;
}

#define PARSE(request, err, ...)                                                         \
    request_parse(request, (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL}, err)

Test(app_request, the_defaults_of_the_table_are_those_of_the_model) {
    struct ipm_run_request request;
    struct ipm_options wanted;
    struct ipm_err err = {0};
    ipm_options_defaults(&wanted);
    cr_assert(eq(int, PARSE(&request, &err), 0), "%s", err.text);
    const struct ipm_options *got = &request.options;
    cr_expect(eq(sz, got->transports.count, wanted.transports.count));
    for (size_t i = 0; i < wanted.transports.count; i++)
        cr_expect(eq(str, (char *)got->transports.items[i], wanted.transports.items[i]));
    cr_expect(eq(sz, got->patterns.count, 1));
    cr_expect(eq(str, (char *)got->patterns.items[0], wanted.patterns.items[0]));
    cr_expect(eq(
        int,
        memcmp(&got->message_bytes, &wanted.message_bytes, sizeof wanted.message_bytes),
        0));
    cr_expect(eq(sz, got->pins.count, 0)); /* the machine decides: ipm_pins_settle */
    cr_expect(
        eq(int, memcmp(&got->framings, &wanted.framings, sizeof wanted.framings), 0));
    cr_expect(eq(int, memcmp(&got->ios, &wanted.ios, sizeof wanted.ios), 0));
    cr_expect(eq(int, memcmp(&got->clients, &wanted.clients, sizeof wanted.clients), 0));
    cr_expect(eq(int, memcmp(&got->waits, &wanted.waits, sizeof wanted.waits), 0));
    cr_expect(eq(int, memcmp(&got->servers, &wanted.servers, sizeof wanted.servers), 0));
    for (size_t i = 0; i < IPM_SETTINGS; i++)
        cr_expect(ipm_setting_is_equal(&ipm_settings[i], &got->common, &wanted.common),
                  "%s", ipm_settings[i].key);
    cr_expect(eq(sz, got->congestion.count, wanted.congestion.count));
    cr_expect(eq(u64, got->rounds, wanted.rounds));
    cr_expect(eq(u64, got->warmup_rounds, wanted.warmup_rounds));
    cr_expect(eq(u64, got->duration_ns, wanted.duration_ns));
    cr_expect(eq(u64, got->timeout_ns, wanted.timeout_ns));
    cr_expect(eq(int, (int)got->recv_rule, (int)wanted.recv_rule));
}

Test(app_request, the_table_goes_to_standard_output_unless_something_else_does) {
    struct ipm_run_request request;
    cr_assert(eq(int, PARSE(&request, NULL, "--json", "x.json"), 0));
    const struct ipm_output *standard = ipm_outputs_standard(&request.outputs);
    cr_assert(ne(ptr, (void *)standard, NULL));
    cr_expect(eq(str, (char *)standard->renderer->name, "text"));
    cr_expect(eq(sz, request.outputs.count, 2));

    cr_assert(eq(int, PARSE(&request, NULL, "--json", "/dev/stdout"), 0));
    standard = ipm_outputs_standard(&request.outputs);
    cr_assert(ne(ptr, (void *)standard, NULL));
    cr_expect(eq(str, (char *)standard->renderer->name, "json"));
    cr_expect(eq(sz, request.outputs.count, 1));
}

Test(app_request, quiet_leaves_only_what_was_asked_for) {
    struct ipm_run_request request;
    cr_assert(eq(int, PARSE(&request, NULL, "-q"), 0));
    cr_expect(eq(sz, request.outputs.count, 0));
    cr_assert(eq(int, PARSE(&request, NULL, "-qetext=-"), 0));
    cr_expect(eq(sz, request.outputs.count, 1));
}

Test(app_request, all_names_every_transport) {
    struct ipm_run_request request;
    size_t count = 0;
    while (ipm_transports[count] != NULL)
        count++;
    cr_assert(eq(int, PARSE(&request, NULL, "all"), 0));
    cr_expect(eq(sz, request.options.transports.count, count));
    cr_assert(eq(int, PARSE(&request, NULL, "tcp,pipe", "unix"), 0));
    cr_assert(eq(sz, request.options.transports.count, 3));
    cr_expect(eq(str, request.options.transports.items[0], "tcp"));
    cr_expect(eq(str, request.options.transports.items[2], "unix"));
}

Test(app_request, all_names_every_pattern_framing_way_and_server) {
    struct ipm_run_request request;
    size_t patterns = 0;
    size_t framings = 0;
    size_t ios = 0;
    size_t servers = 0;
    while (ipm_patterns[patterns] != NULL)
        patterns++;
    while (ipm_framings[framings] != NULL)
        framings++;
    while (ipm_ios[ios] != NULL)
        ios++;
    while (ipm_servers[servers] != NULL)
        servers++;
    cr_assert(
        eq(int, PARSE(&request, NULL, "-pall", "-fall", "--io=all", "--server=all"), 0));
    cr_expect(eq(sz, request.options.patterns.count, patterns));
    cr_expect(eq(sz, request.options.framings.count, framings));
    cr_expect(eq(sz, request.options.ios.count, ios));
    cr_expect(eq(sz, request.options.servers.count, servers));
}

Test(app_request, waits_are_names_and_hybrid_takes_a_time) {
    struct ipm_run_request request;
    struct ipm_err err = {0};
    const struct ipm_names *waits = &request.options.waits;
    cr_assert(eq(int, PARSE(&request, NULL, "--wait", "all"), 0));
    cr_assert(eq(sz, waits->count, 4));
    cr_assert(eq(int, PARSE(&request, NULL, "--wait", "hybrid:1.5us,hybrid:1000ns"), 0));
    cr_assert(eq(sz, waits->count, 2));
    cr_expect(eq(str, (char *)waits->items[0], "hybrid:1500ns"));
    cr_expect(eq(str, (char *)waits->items[1], "hybrid:1us"));
    cr_assert(eq(int, PARSE(&request, NULL, "--spin"), 0));
    cr_assert(eq(sz, waits->count, 1));
    cr_expect(eq(str, (char *)waits->items[0], "spin"));
    cr_expect(lt(int, PARSE(&request, &err, "--wait", "hybrid:2h"), 0));
    cr_expect(eq(str, err.text, "hybrid '2h' is too large"), "%s", err.text);
    cr_expect(lt(int, PARSE(&request, NULL, "--wait", "hybrid:"), 0));
    cr_expect(lt(int, PARSE(&request, NULL, "--wait", "block:5us"), 0));
}

Test(app_request, clients_batch_and_think_are_numbers_in_their_range) {
    struct ipm_run_request request;
    cr_assert(eq(
        int, PARSE(&request, NULL, "-c1,16", "--batch", "1024", "--think", "1.5us"), 0));
    cr_assert(eq(sz, request.options.clients.count, 2));
    cr_expect(eq(u64, request.options.clients.items[1], 16));
    cr_expect(eq(u64, request.options.common.batch, 1024));
    cr_expect(eq(u64, request.options.common.think_ns, 1500));
    cr_expect(lt(int, PARSE(&request, NULL, "--batch", "1025"), 0));
    cr_expect(lt(int, PARSE(&request, NULL, "--batch", "0"), 0));
    cr_assert(eq(int, PARSE(&request, NULL, "--think", "1s"), 0));
    cr_expect(lt(int, PARSE(&request, NULL, "--think", "1001ms"), 0));
}

Test(app_request, work_is_two_times_and_a_word) {
    struct ipm_run_request request;
    const struct ipm_case_config *common = &request.options.common;
    cr_assert(eq(int, PARSE(&request, NULL, "--work", "1.5us:0s"), 0));
    cr_expect(eq(u64, common->sender_work_ns, 1500));
    cr_expect(eq(u64, common->receiver_work_ns, 0));
    cr_expect(not(common->touch));
    cr_assert(eq(int, PARSE(&request, NULL, "--work", "0s:100ms,touch"), 0));
    cr_expect(eq(u64, common->sender_work_ns, 0));
    cr_expect(eq(u64, common->receiver_work_ns, 100000000));
    cr_expect(common->touch);
    cr_expect(lt(int, PARSE(&request, NULL, "--work", "0s:101ms"), 0));
    cr_expect(lt(int, PARSE(&request, NULL, "--work", "touch"), 0));
}

Test(app_request, the_timeout_follows_a_long_duration_but_not_a_wish) {
    struct ipm_run_request request;
    struct ipm_err err = {0};
    cr_assert(eq(int, PARSE(&request, NULL, "-d", "1m"), 0));
    cr_expect(eq(u64, request.options.timeout_ns, 600000000000));
    cr_assert(eq(int, PARSE(&request, NULL, "-d", "1m", "--timeout", "61s"), 0));
    cr_expect(eq(u64, request.options.timeout_ns, 61000000000));
    cr_assert(lt(int, PARSE(&request, &err, "-d", "1m", "--timeout", "60s"), 0));
    cr_expect(
        eq(str, err.text, "the timeout is not longer than the duration of a trial"));
}

Test(app_request, the_receive_rule_is_message_or_a_size) {
    struct ipm_run_request request;
    cr_assert(eq(int, PARSE(&request, NULL, "--recv-size", "message"), 0));
    cr_expect(eq(int, (int)request.options.recv_rule, IPM_RECV_MESSAGE));
    cr_assert(
        eq(int, PARSE(&request, NULL, "--recv-size", "message", "--recv-size=1"), 0));
    cr_expect(eq(int, (int)request.options.recv_rule, IPM_RECV_BYTES));
    cr_expect(eq(u64, request.options.common.recv_bytes, 1));
}

Test(app_request, a_list_given_again_replaces_the_first) {
    struct ipm_run_request request;
    cr_assert(
        eq(int,
           PARSE(&request, NULL, "-s64", "-s", "1K,64", "--congestion=a,b",
                 "--congestion=b", "-pstream", "-pstream", "--pin=same", "--pin=0:1",
                 "-fnone", "-fnone", "-c1,2", "-c3", "--server=epoll", "--server=epoll"),
           0));
    cr_expect(eq(sz, request.options.message_bytes.count, 2));
    cr_expect(eq(sz, request.options.congestion.count, 1));
    cr_expect(eq(sz, request.options.patterns.count, 1));
    cr_expect(eq(sz, request.options.framings.count, 1));
    cr_expect(eq(sz, request.options.clients.count, 1));
    cr_expect(eq(u64, request.options.clients.items[0], 3));
    cr_expect(eq(sz, request.options.servers.count, 1));
    cr_expect(eq(sz, request.options.pins.count, 1));
    cr_expect(eq(int, (int)request.options.pins.items[0].kind, IPM_PIN_CPUS));
}

Test(app_request, the_largest_seed_is_that_of_a_signed_integer) {
    struct ipm_run_request request;
    cr_assert(eq(int, PARSE(&request, NULL, "--seed", "9223372036854775807"), 0));
    cr_expect(request.seed_given);
    cr_expect(eq(u64, request.options.seed, INT64_MAX));
    cr_assert(lt(int, PARSE(&request, NULL, "--seed", "9223372036854775808"), 0));
}
