/* run_options.c - the options of `run`. The plan checks what depends on the
 * machine. */
#include "app/commands/run_options.h"

#include "app/cli/lists.h"
#include "app/cli/name_table.h"
#include "app/cli/plugins.h"
#include "app/commands/run_load.h"
#include "base/err.h"
#include "base/words.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define REQUEST_MS   ((uint64_t)1000000)
#define REQUEST_HOUR ((uint64_t)3600000 * REQUEST_MS)

/* --- setters ------------------------------------------------------------------------ */

static int request_take_transports(const struct ipm_optparse *syntax, void *target,
                                   const char *list, struct ipm_err *err) {
    struct ipm_run_request *request = target;
    (void)syntax;
    return ipm_name_table_take(&ipm_name_table_transports, list,
                               &request->options.transports, err);
}

static int request_set_recv(const struct ipm_option *option, void *target,
                            const char *value, struct ipm_err *err) {
    struct ipm_run_request *request = target;
    struct ipm_err size_err = {0};
    bool message = strcmp(value, "message") == 0;
    request->options.recv_rule = message ? IPM_RECV_MESSAGE : IPM_RECV_BYTES;
    request->options.common.recv_bytes = 0;
    if (message || ipm_optparse_set_number(option, target, value, &size_err) == 0)
        return 0;
    ipm_err_hint(err, "it may be 1 to 1G, or 'message' for the size of the message");
    return ipm_err_set(err, size_err.code, "%s", size_err.text);
}

static const char *request_arrival_at(const void *context, size_t i) {
    (void)context;
    return ipm_arrival_words[i];
}

static int request_set_arrivals(const struct ipm_option *option, void *target,
                                const char *value, struct ipm_err *err) {
    struct ipm_run_request *request = target;
    size_t i = 0;
    (void)option;
    while (ipm_arrival_words[i] && strcmp(ipm_arrival_words[i], value) != 0)
        i++;
    if (strcmp(value, "exponential") == 0)
        ipm_err_hint(err, "did you mean 'poisson'?");
    if (!ipm_arrival_words[i])
        return ipm_words_refuse(err, "distribution of arrivals", "", value,
                                request_arrival_at, NULL, "ipcmark run --help");
    (void)snprintf(request->options.common.arrivals, IPM_NAME_BYTES, "%s", value);
    return 0;
}

static int request_set_precision(const struct ipm_option *option, void *target,
                                 const char *value, struct ipm_err *err) {
    const double *ratio = ipm_optparse_member(option, target);
    const int code = ipm_optparse_set_percent(option, target, value, err);
    return code != 0 || *ratio > 0
               ? code
               : ipm_err_refuse(err, "it may be more than 0% up to 1000%",
                                "precision '%.100s' is too small", value);
}

static int request_set_spin(const struct ipm_option *option, void *target,
                            const char *value, struct ipm_err *err) {
    (void)value;
    return ipm_name_table_set(option, target, "spin", err);
}

static int request_set_beside(const struct ipm_option *option, void *target,
                              const char *value, struct ipm_err *err) {
    char *member = ipm_optparse_member(option, target);
    const int code = ipm_optparse_check_text(option, value, err);
    if (code == 0 && strlen(value) >= IPM_BESIDE_BYTES)
        return ipm_err_set(err, -EINVAL, "the command of '--beside' is too long");
    if (code == 0)
        memcpy(member, value, strlen(value) + 1);
    return code;
}

static int request_set_duration(const struct ipm_option *option, void *target,
                                const char *value, struct ipm_err *err) {
    struct ipm_run_request *request = target;
    request->options.messages = 0;
    return ipm_optparse_set_number(option, target, value, err);
}

static int request_add_label(const struct ipm_option *option, void *target,
                             const char *value, struct ipm_err *err) {
    return ipm_labels_add(ipm_optparse_member(option, target), value, err);
}

static int request_set_seed(const struct ipm_option *option, void *target,
                            const char *value, struct ipm_err *err) {
    struct ipm_run_request *request = target;
    request->seed_given = true;
    return ipm_optparse_set_number(option, target, value, err);
}

/* --- the table ---------------------------------------------------------------------- */

#define REQUEST_AT(member)   offsetof(struct ipm_run_request, member)
#define REQUEST_FLAG(member) IPM_OPTION_FLAG(struct ipm_run_request, member)
#define REQUEST_NAMES(member, words)                                                     \
    .argument = "LIST", .is_list = true, .set = ipm_name_table_set,                      \
    .offset = REQUEST_AT(options.member), .table = &ipm_name_table_##words
#define REQUEST_LIST(member, kind)                                                       \
    .argument = "LIST", .is_list = true, .set = ipm_lists_set,                           \
    .offset = REQUEST_AT(options.member), .table = &ipm_list_##kind
#define REQUEST_NUMBER(member, unit, least, most)                                        \
    IPM_OPTION_NUMBER(struct ipm_run_request, options.member, unit, least, most)

static const struct ipm_option request_options[] = {
    {.help = "what to measure; every list multiplies the cases"},
    IPM_OPTION_PLUGIN(REQUEST_AT(options.plugins)),
    IPM_OPTION(
        "pattern", 'p',
        "communication patterns; 'ipcmark list patterns' shows them, 'all' selects "
        "every one",
        .fallback = "stream", REQUEST_NAMES(patterns, patterns)),
    IPM_OPTION("size", 's',
               "message sizes, 1 to 1G; 64..1M is a range in fourfold steps, both ends "
               "included; 64:4K, in patterns with responses, is the size of requests and "
               "that of responses",
               .fallback = "64,4K,64K", REQUEST_LIST(message_bytes, sizes)),
    IPM_OPTION("find-crossovers", 0,
               "add sizes between those where two transports change places, after brief "
               "runs, up to 12",
               REQUEST_FLAG(options.find_crossovers)),
    IPM_OPTION(
        "framing", 'f',
        "how messages are delimited in a byte stream; 'ipcmark list framings' shows "
        "all",
        .fallback = "none", REQUEST_NAMES(framings, framings)),
    IPM_OPTION(
        "io", 0,
        "I/O backend: sync, or uring where the kernel has it; 'ipcmark list io' shows "
        "all",
        .fallback = "sync", REQUEST_NAMES(ios, io)),
    IPM_OPTION("clients", 'c', "number of clients in patterns that have many, 1 to 1000",
               .fallback = "4", REQUEST_LIST(clients, clients)),
    IPM_OPTION("server", 0,
               "how the clients are served; 'ipcmark list servers' shows all",
               .fallback = "epoll", REQUEST_NAMES(servers, servers)),
    IPM_OPTION(
        "pairs", 0,
        "number of pairs of processes that run at once, each over a link of its own, "
        "in stream, duplex and ping-pong, 1 to 256",
        .fallback = "1", REQUEST_LIST(pairs, pairs)),
    IPM_OPTION(
        "wait", 0,
        "what both sides do when a call finds nothing: block, spin, poll, or "
        "hybrid[:TIME], which tries for 20us or TIME and then sleeps; 'ipcmark list "
        "waits' shows all",
        .fallback = "block", REQUEST_NAMES(waits, waits)),
    IPM_OPTION(
        "congestion", 0,
        "congestion controls for TCP, 'all' those that the kernel has loaded (default "
        "the system's)",
        .argument = "LIST", /* of any words */
        .set = ipm_lists_set, .offset = REQUEST_AT(options.congestion),
        .table = &ipm_list_congestion),
    IPM_OPTION(
        "pin", 0,
        "CPUs of the two ends: none, same, split, CPU:CPU as sender:receiver, or the "
        "distance of two CPUs: smt (one core), llc (two cores below one last-level "
        "cache), cross-llc (two such caches), node (two nodes of memory) "
        "(default same,split; none where only one CPU is allowed)",
        REQUEST_LIST(pins, pins)),
    IPM_OPTION("inflight", 0,
               "requests that a client of ping-pong or fan-in-rpc has outstanding, 1 to "
               "65536, as far as the buffers of both directions hold them",
               .fallback = "1", REQUEST_LIST(inflight, inflight)),
    IPM_OPTION("rate", 0,
               "messages per second that each sender offers, by a schedule: 1k, 20k, or "
               "max; latency counts from the scheduled time; sweep looks for the highest "
               "rate that holds --target",
               .fallback = "max", .offered = "max sweep",
               REQUEST_LIST(rate_per_second, rates_or_sweep)),
    IPM_OPTION("target", 0,
               "latency that a rate of --rate sweep must hold: p50, p90, p99, p99.9 or "
               "p99.99, such as p99=100us",
               .argument = "PERCENTILE=TIME",
               .offered = "p50= p90= p99= p99.9= p99.99=", .set = ipm_run_load_set_target,
               .unit = &ipm_unit_time, .least = 1, .most = REQUEST_HOUR),
    IPM_OPTION("arrivals", 0,
               "distances between the messages of a rate: fixed or poisson",
               .argument = "KIND", .fallback = "fixed", .offered = "fixed poisson",
               .set = request_set_arrivals),
    {.help = "how to measure"},
    IPM_OPTION("rounds", 'r', "timed trials of each case", .fallback = "7",
               REQUEST_NUMBER(rounds, count, 1, IPM_ROUNDS_MOST)),
    IPM_OPTION("duration", 'd', "length of the timed window of a trial",
               .fallback = "90ms", .set = request_set_duration,
               .offset = REQUEST_AT(options.duration_ns), .unit = &ipm_unit_time,
               .least = REQUEST_MS, .most = REQUEST_HOUR),
    IPM_OPTION("messages", 0,
               "a fixed number of messages in each trial, of each client, instead of "
               "as many as fill the duration; the later of the two options counts",
               REQUEST_NUMBER(messages, count, 1, IPM_MESSAGES_MOST)),
    IPM_OPTION("warmup", 'w', "untimed rounds before the timed ones", .fallback = "1",
               REQUEST_NUMBER(warmup_rounds, count, 0, IPM_ROUNDS_MOST)),
    IPM_OPTION(
        "precision", 0,
        "add rounds until the interval of the primary metric of each case is "
        "as narrow as +- PERCENT of its median, with and without contended trials, or "
        "the budget is over",
        .argument = "PERCENT", .set = request_set_precision,
        .offset = REQUEST_AT(options.precision_ratio)),
    IPM_OPTION(
        "budget", 0,
        "time in which a run adds rounds: those that --precision needs or --rate sweep "
        "(default 10m), or else rounds that replace contended trials and, with both "
        "ends on one CPU, slowed trials",
        REQUEST_NUMBER(budget_ns, time, 1000 * REQUEST_MS, 168 * REQUEST_HOUR)),
    IPM_OPTION(
        "beside", 0,
        "run a program as load from before the first trial to the end, such as "
        "'stress-ng --cpu 1'; its output is dropped, and all of its processes are ended",
        .argument = "COMMAND", .set = request_set_beside,
        .offset = REQUEST_AT(options.beside)),
    IPM_OPTION("batch", 0,
               "messages per call: fewer calls for each message; without it, the "
               "transport's own number, 1 for most",
               REQUEST_NUMBER(common.batch, count, 1, IPM_BATCH_MOST)),
    IPM_OPTION("think", 0,
               "pause between a response and the next request, not part of the latency",
               .fallback = "0s",
               REQUEST_NUMBER(common.think_ns, time, 0, 1000 * REQUEST_MS)),
    IPM_OPTION("work", 0,
               "arithmetic of sender and receiver for each message, as a part of their "
               "CPU time; with touch, each cache line of it is written and read",
               .argument = "TIME:TIME[,touch]", .fallback = "0s:0s",
               .offered = "1us:1us 1us:1us,touch", .set = ipm_run_load_set_work,
               .offset = REQUEST_AT(options.common), .unit = &ipm_unit_time,
               .most = 100 * REQUEST_MS),
    IPM_OPTION("buffer", 'b',
               "kernel buffer size to request; without it, the kernel's default",
               REQUEST_NUMBER(common.buffer_bytes, size, 1, IPM_SIZE_MOST / 2)),
    IPM_OPTION(
        "recv-size", 0,
        "receive buffer of a byte stream; without it, 64K or the message if larger",
        .argument = "SIZE|message", .offered = "message", .set = request_set_recv,
        .offset = REQUEST_AT(options.common.recv_bytes), .unit = &ipm_unit_size,
        .least = 1, .most = IPM_SIZE_MOST),
    IPM_OPTION("spin", 0, "the same as --wait spin", .set = request_set_spin,
               .offset = REQUEST_AT(options.waits), .table = &ipm_name_table_waits),
    IPM_OPTION(
        "copy", 0,
        "shared memory: copy every message in and out instead of writing and reading "
        "it in place",
        REQUEST_FLAG(options.common.copy)),
    IPM_OPTION("verify", 0,
               "check the contents of every timed message, too: the figures contain that "
               "work",
               REQUEST_FLAG(options.common.verify)),
    IPM_OPTION(
        "counters", 0,
        "count events of both sides per message, in user space and in the kernel: "
        "cycles, instructions, cache-misses, context-switches, migrations, faults, "
        "or all",
        REQUEST_NAMES(counters, counters)),
    IPM_OPTION("seed", 0,
               "seed of contents and order; without it, a random one, which is recorded",
               .set = request_set_seed, .offset = REQUEST_AT(options.seed),
               .unit = &ipm_unit_count, .least = 0, .most = INT64_MAX),
    IPM_OPTION("timeout", 0,
               "end a trial that hangs; without it, 30s or ten durations if longer",
               REQUEST_NUMBER(timeout_ns, time, REQUEST_MS, 24 * REQUEST_HOUR)),
    {.help = "what is measured"},
    IPM_OPTION("label", 0, "a label of the report, such as node=rack7; may be repeated",
               .argument = "KEY=VALUE", .offered = "commit= branch= run_id= job=",
               .set = request_add_label, .offset = REQUEST_AT(labels)),
    IPM_OPTION("no-ci-labels", 0,
               "do not take the labels commit, branch, run_id, job and ci from the "
               "environment of GitHub Actions, GitLab, Jenkins or Buildkite",
               REQUEST_FLAG(no_ci_labels)),
    {.help = "output; '-' as FILE is standard output, instead of the table"},
    IPM_OPTION("json", 0, "write the JSON report; the same as --export json=FILE",
               .argument = "FILE", .set = ipm_outputs_set_file,
               .offset = REQUEST_AT(outputs)),
    IPM_OPTION("export", 'e',
               "write the report in a format of 'ipcmark list formats'; may be repeated",
               .argument = "FORMAT=FILE", .set = ipm_outputs_set_export,
               .offset = REQUEST_AT(outputs)),
    IPM_OPTION("live", 0,
               "write a line to standard error after each round: what it measured",
               REQUEST_FLAG(live)),
    IPM_OPTION("quiet", 'q',
               "no table, progress or warnings: only errors and the requested files",
               REQUEST_FLAG(quiet)),
    IPM_OPTION_UNIT(struct ipm_run_request),
    IPM_OPTION_WARNINGS(struct ipm_run_request),
    IPM_OPTION_WHEN(struct ipm_run_request, progress, "standard error"),
    IPM_OPTION_WHEN(struct ipm_run_request, color, "standard output"),
    IPM_OPTION_HELP,
    {0},
};

const struct ipm_optparse ipm_run_syntax = {
    .command = "ipcmark run",
    .operands = "[TRANSPORT...]",
    .about =
        "Measure what communication between a parent process and its children costs. "
        "Without TRANSPORT: pipe, pipe-pair, unix, tcp and udp; 'all' selects every "
        "transport of 'ipcmark list', and a pattern such as 'tcp*' those that match.",
    .after =
        "A LIST is separated by commas. Sizes are in bytes or end in K, M or G (1,024\n"
        "each), times end in ns, us, ms, s, m or h. Names may be patterns, and numbers\n"
        "have fractions and exponents: 'e*', 1.5K, 1e6.\n"
        "\n"
        "examples:\n"
        "  ipcmark run -s 64..1M --find-crossovers pipe unix\n"
        "  ipcmark run -p ping-pong -s 64 all\n"
        "  ipcmark run -p fan-in --clients 1,16 --server thread,epoll unix\n"
        "  ipcmark run --pin same,split --json report.json\n"
        "  ipcmark run -s 64 --rate sweep --target p99=100us pipe unix\n"
        "  ipcmark run --plugin mine/build/example.so example unix",
    .options = request_options,
    .operand = request_take_transports,
    .fallback = "pipe,pipe-pair,unix,tcp,udp",
};

/* --- the request ---------------------------------------------------------------------- */

static int request_settle_timeout(struct ipm_options *options, struct ipm_err *err) {
    static struct ipm_options defaults; /* too large for a small stack */
    ipm_options_defaults(&defaults);
    uint64_t tenfold_ns = 10 * options->duration_ns;
    if (options->timeout_ns == 0)
        options->timeout_ns =
            tenfold_ns > defaults.timeout_ns ? tenfold_ns : defaults.timeout_ns;
    if (options->timeout_ns > options->duration_ns)
        return 0;
    return ipm_err_refuse(err, "give '--timeout' several times the time of '--duration'",
                          "the timeout is not longer than the duration of a trial");
}

static void request_settle_budget(struct ipm_options *options) {
    const bool precise = options->precision_ratio > 0;
    if (!precise)
        options->precision_ratio = NAN;
    const bool adds = precise || options->target[0] != '\0';
    if (adds && options->budget_ns == 0)
        options->budget_ns = REQUEST_HOUR / 6;
}

int ipm_run_request_settle(struct ipm_run_request *request, struct ipm_err *err) {
    if (request->live && request->quiet)
        return ipm_err_refuse(err, "give one of them",
                              "'--live' writes lines, and '--quiet' writes none");
    int code = request_settle_timeout(&request->options, err);
    if (code == 0)
        code = ipm_run_load_settle(&request->options, err);
    request_settle_budget(&request->options);
    return code == 0 ? ipm_outputs_add_text(&request->outputs, request->quiet, err)
                     : code;
}
