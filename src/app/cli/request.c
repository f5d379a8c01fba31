/* request.c - the command line of `run`: its table of options, and what they must be to
 * one another. Must not know the machine: CPUs and limits are for the plan. */
#include "app/cli/request.h"

#include "app/cli/lists.h"
#include "app/cli/plugins.h"
#include "app/cli/request_set.h"
#include "base/err.h"
#include "reports/renderer.h"

#include <errno.h>
#include <stddef.h>

#define REQUEST_MS   ((uint64_t)1000000)
#define REQUEST_HOUR ((uint64_t)3600000 * REQUEST_MS)

/* --- the table ---------------------------------------------------------------------- */

#define REQUEST_AT(member) offsetof(struct ipm_request, member)

enum request_key {
    REQUEST_PLUGIN = 256,
    REQUEST_SERVER,
    REQUEST_IO,
    REQUEST_BATCH,
    REQUEST_THINK,
    REQUEST_RECV_SIZE,
    REQUEST_PIN,
    REQUEST_SPIN,
    REQUEST_COPY,
    REQUEST_CONGESTION,
    REQUEST_VERIFY,
    REQUEST_SEED,
    REQUEST_TIMEOUT,
    REQUEST_JSON,
    REQUEST_PROGRESS,
    REQUEST_COLOR,
};

static const struct ipm_option request_options[] = {
    {.help = "what to measure; every list multiplies the cases"},
    IPM_OPTION_PLUGIN(REQUEST_PLUGIN, REQUEST_AT(options.plugins)),
    {.name = "pattern",
     .key = 'p',
     .argument = "LIST",
     .help = "who sends what to whom; 'ipcmark list patterns' shows them, 'all' is every "
             "one",
     .fallback = "stream",
     .set = ipm_request_set_patterns},
    {.name = "size",
     .key = 's',
     .argument = "LIST",
     .help = "message sizes, 1 to 1G; 64..1M is a range in fourfold steps, both ends "
             "included",
     .fallback = "64,4K,64K",
     .set = ipm_request_set_sizes},
    {.name = "framing",
     .key = 'f',
     .argument = "LIST",
     .help =
         "how messages are told apart in a byte stream; 'ipcmark list framings' shows "
         "them",
     .fallback = "none",
     .set = ipm_request_set_framings},
    {.name = "io",
     .key = REQUEST_IO,
     .argument = "LIST",
     .help =
         "how descriptors are driven: sync, or uring where the kernel has it; 'ipcmark "
         "list io' shows the ways",
     .fallback = "sync",
     .set = ipm_request_set_ios},
    {.name = "clients",
     .key = 'c',
     .argument = "LIST",
     .help = "how many clients a server has where there are many, 1 to 1000",
     .fallback = "4",
     .set = ipm_request_set_clients},
    {.name = "server",
     .key = REQUEST_SERVER,
     .argument = "LIST",
     .help = "how they are served; 'ipcmark list servers' shows the ways",
     .fallback = "epoll",
     .set = ipm_request_set_servers},
    {.name = "congestion",
     .key = REQUEST_CONGESTION,
     .argument = "LIST",
     .help = "congestion controls for TCP (default the system's)",
     .set = ipm_request_set_congestion},
    {.name = "pin",
     .key = REQUEST_PIN,
     .argument = "LIST",
     .help = "CPUs of the two ends: none, same, split, or CPU:CPU as sender:receiver",
     .fallback = "none",
     .set = ipm_request_set_pins},
    {.help = "how to measure"},
    {.name = "rounds",
     .key = 'r',
     .argument = "N",
     .help = "timed trials of each case",
     .fallback = "10",
     .set = ipm_optparse_set_number,
     .offset = REQUEST_AT(options.rounds),
     .unit = &ipm_unit_count,
     .least = 1,
     .most = IPM_ROUNDS_MOST},
    {.name = "duration",
     .key = 'd',
     .argument = "TIME",
     .help = "how long a trial is to take",
     .fallback = "100ms",
     .set = ipm_optparse_set_number,
     .offset = REQUEST_AT(options.duration_ns),
     .unit = &ipm_unit_time,
     .least = REQUEST_MS,
     .most = REQUEST_HOUR},
    {.name = "warmup",
     .key = 'w',
     .argument = "N",
     .help = "untimed rounds before",
     .fallback = "1",
     .set = ipm_optparse_set_number,
     .offset = REQUEST_AT(options.warmup_rounds),
     .unit = &ipm_unit_count,
     .least = 0,
     .most = IPM_ROUNDS_MOST},
    {.name = "batch",
     .key = REQUEST_BATCH,
     .argument = "N",
     .help = "messages handed over a call; else the transport's own",
     .set = ipm_optparse_set_number,
     .offset = REQUEST_AT(options.batch),
     .unit = &ipm_unit_count,
     .least = 1,
     .most = IPM_BATCH_MOST},
    {.name = "think",
     .key = REQUEST_THINK,
     .argument = "TIME",
     .help = "between an answer and the next request",
     .fallback = "0s",
     .set = ipm_optparse_set_number,
     .offset = REQUEST_AT(options.think_ns),
     .unit = &ipm_unit_time,
     .least = 0,
     .most = 1000 * REQUEST_MS},
    {.name = "buffer",
     .key = 'b',
     .argument = "SIZE",
     .help = "kernel buffering to ask for; without it, the kernel's default",
     .set = ipm_optparse_set_number,
     .offset = REQUEST_AT(options.buffer_bytes),
     .unit = &ipm_unit_size,
     .least = 1,
     .most = IPM_SIZE_MOST},
    {.name = "recv-size",
     .key = REQUEST_RECV_SIZE,
     .argument = "SIZE|message",
     .help = "receive buffer of a byte stream; without it, 64K or the message if larger",
     .set = ipm_request_set_recv,
     .offset = REQUEST_AT(options.recv_bytes),
     .unit = &ipm_unit_size,
     .least = 1,
     .most = IPM_SIZE_MOST},
    {.name = "spin",
     .key = REQUEST_SPIN,
     .help = "busy-poll on both sides instead of blocking",
     .set = ipm_optparse_set_true,
     .offset = REQUEST_AT(options.spin)},
    {.name = "copy",
     .key = REQUEST_COPY,
     .help =
         "shared memory: copy every message in and out instead of writing and reading "
         "it where it lies",
     .set = ipm_optparse_set_true,
     .offset = REQUEST_AT(options.copy)},
    {.name = "verify",
     .key = REQUEST_VERIFY,
     .help = "check the contents of every timed message, too",
     .set = ipm_optparse_set_true,
     .offset = REQUEST_AT(options.verify)},
    {.name = "seed",
     .key = REQUEST_SEED,
     .argument = "N",
     .help = "of contents and order; without it, drawn and recorded",
     .set = ipm_request_set_seed,
     .offset = REQUEST_AT(options.seed),
     .unit = &ipm_unit_count,
     .least = 0,
     .most = INT64_MAX},
    {.name = "timeout",
     .key = REQUEST_TIMEOUT,
     .argument = "TIME",
     .help = "ends a trial that hangs; without it, 30s or ten durations if longer",
     .set = ipm_optparse_set_number,
     .offset = REQUEST_AT(options.timeout_ns),
     .unit = &ipm_unit_time,
     .least = REQUEST_MS,
     .most = 24 * REQUEST_HOUR},
    {.help = "what to show; '-' as FILE is standard output, in place of the table"},
    {.name = "json",
     .key = REQUEST_JSON,
     .argument = "FILE",
     .help = "write the JSON report; the same as --export json=FILE",
     .set = ipm_request_set_json},
    {.name = "export",
     .key = 'e',
     .argument = "FORMAT=FILE",
     .help = "write the report in a format of 'ipcmark list formats'; may be repeated",
     .set = ipm_request_set_export},
    {.name = "quiet",
     .key = 'q',
     .help =
         "no table, no progress, no warnings: only errors and what is asked for by FILE",
     .set = ipm_optparse_set_true,
     .offset = REQUEST_AT(quiet)},
    {.name = "progress",
     .key = REQUEST_PROGRESS,
     .argument = "WHEN",
     .help = "auto, always or never; auto: when standard error is a terminal",
     .fallback = "auto",
     .set = ipm_request_set_when,
     .offset = REQUEST_AT(progress)},
    {.name = "color",
     .key = REQUEST_COLOR,
     .argument = "WHEN",
     .help = "auto, always or never; auto: when standard output is a terminal",
     .fallback = "auto",
     .set = ipm_request_set_when,
     .offset = REQUEST_AT(color)},
    IPM_OPTION_HELP,
    {0},
};

const struct ipm_optparse ipm_request_syntax = {
    .command = "ipcmark run",
    .operands = "[TRANSPORT...]",
    .about =
        "Measure what it costs to move bytes between a parent process and its children. "
        "Without TRANSPORT: pipe, pipe-pair, unix, tcp and udp; 'all' is every one of "
        "'ipcmark list'.",
    .after = "Sizes end in K, M or G (1,024 each), times in ns, us, ms, s, m or h.\n"
             "\n"
             "examples:\n"
             "  ipcmark run -s 64..1M pipe unix\n"
             "  ipcmark run -p ping-pong -s 64 all\n"
             "  ipcmark run -p fan-in --clients 1,16 --server thread,epoll unix\n"
             "  ipcmark run --pin same,split --json report.json\n"
             "  ipcmark run --plugin ./mine.so mine unix",
    .options = request_options,
    .operand = ipm_request_take_transports,
    .fallback = "pipe,pipe-pair,unix,tcp,udp",
};

/* --- the whole ---------------------------------------------------------------------- */

static int request_settle_timeout(struct ipm_options *options, struct ipm_err *err) {
    struct ipm_options defaults;
    ipm_options_defaults(&defaults);
    uint64_t tenfold_ns = 10 * options->duration_ns;
    if (options->timeout_ns == 0)
        options->timeout_ns =
            tenfold_ns > defaults.timeout_ns ? tenfold_ns : defaults.timeout_ns;
    if (options->timeout_ns > options->duration_ns)
        return 0;
    ipm_err_set(err, -EINVAL, "the timeout is not longer than the duration of a trial");
    ipm_err_hint(err, "give '--timeout' several times the time of '--duration'");
    return -EINVAL;
}

/* -EINVAL never happens: the row of the table is the program's own. */
static int request_add_table(struct ipm_request *request, struct ipm_err *err) {
    if (request->quiet || ipm_outputs_standard(&request->outputs) != NULL)
        return 0;
    const struct ipm_renderer *table = ipm_outputs_renderer("text", err);
    return table != NULL ? ipm_outputs_add(&request->outputs, table, "-", err) : -EINVAL;
}

int ipm_request_parse(struct ipm_request *ret_request, int argc, char **argv,
                      struct ipm_err *err) {
    *ret_request = (struct ipm_request){0};
    int code = ipm_optparse_parse(&ipm_request_syntax, argc, argv, 2, ret_request, err);
    if (code == 0)
        code = request_settle_timeout(&ret_request->options, err);
    return code == 0 ? request_add_table(ret_request, err) : code;
}
