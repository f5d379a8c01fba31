/* report_sample.c - a report that no machine made; see report_sample.h. */
#include "tests/support/report_sample.h"

#include "base/facts.h"
#include "model/report/report.h"
#include "tests/support/report_sample_case.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct ipm_sample_row sample_streams[] = {
    {.transport = "pipe", .message_bytes = 64, .bytes_per_second = 60e6, .known = 1},
    {.transport = "pipe-pair",
     .message_bytes = 64,
     .status = IPM_CASE_FAILED,
     .reason = "the receiver was killed by signal 9 (Killed) inside the window, 41 ms "
               "after it opened; \033[31mnot red\033[0m \xff\xfe"},
    {.transport = "unix", .message_bytes = 64, .bytes_per_second = 46e6, .known = 1},
    {.transport = "tcp", .message_bytes = 64, .bytes_per_second = 203e6, .known = 1},
    {.transport = "udp",
     .message_bytes = 64,
     .bytes_per_second = 31e6,
     .lost_in_1000 = 123,
     .known = 1},
    {.transport = "null",
     .message_bytes = 64,
     .bytes_per_second = 19e9,
     .known = 1,
     .hollow = 1},
    {.transport = "pipe", .message_bytes = 65536, .bytes_per_second = 2.1e9, .known = 1},
    {.transport = "unix",
     .message_bytes = 65536,
     .bytes_per_second = 3.4e9,
     .corrupt_messages = 1,
     .known = 1},
    {.transport = "tcp", .message_bytes = 65536, .bytes_per_second = 0.9e9},
    {.transport = "tcp",
     .congestion = "cubic",
     .message_bytes = 65536,
     .bytes_per_second = 3.9e9,
     .known = 1},
    {.transport = "udp",
     .message_bytes = 65536,
     .status = IPM_CASE_SKIPPED,
     .reason = "65536 bytes are more than the largest message of udp here, 65507 bytes"},
    {.transport = "pipe",
     .pin = "same",
     .message_bytes = 4096,
     .bytes_per_second = 3.25e9,
     .known = 1},
    {.transport = "tcp",
     .pin = "same",
     .message_bytes = 4096,
     .bytes_per_second = 1.5e9,
     .known = 1},
};

#define SAMPLE_PING                                                                      \
    .pattern = "ping-pong", .message_bytes = 64, .answer_messages = 2, .known = 1
#define SAMPLE_FAN .pattern = "fan-in", .message_bytes = 4096, .known = 1
#define SAMPLE_RPC                                                                       \
    .pattern = "fan-in-rpc", .clients = 4, .flows = 4, .answer_messages = 2, .known = 1

/* Each pattern, in the order of a plan. */
static const struct ipm_sample_row sample_patterns[] = {
    {.transport = "pipe", .message_bytes = 64, .bytes_per_second = 60e6, .known = 1},
    {.transport = "tcp", .message_bytes = 64, .bytes_per_second = 203e6, .known = 1},
    {.transport = "pipe",
     .message_bytes = 64,
     .framing = "length",
     .io = "uring",
     .batch = 8,
     .bytes_per_second = 58e6,
     .known = 1},
    {.transport = "udp",
     .message_bytes = 64,
     .framing = "length",
     .io = "uring",
     .batch = 8,
     .status = IPM_CASE_SKIPPED,
     .reason =
         "'udp' preserves message boundaries: '--framing length' is for byte streams"},
    {.transport = "pipe",
     .pattern = "duplex",
     .message_bytes = 65536,
     .status = IPM_CASE_SKIPPED,
     .reason = "pipe carries one way only, and duplex goes both ways"},
    {.transport = "pipe-pair",
     .pattern = "duplex",
     .message_bytes = 65536,
     .bytes_per_second = 2.9e9,
     .flows = 2,
     .known = 1},
    {.transport = "unix",
     .pattern = "duplex",
     .message_bytes = 65536,
     .bytes_per_second = 4.1e9,
     .flows = 2,
     .known = 1},
    {.transport = "udp",
     .pattern = "duplex",
     .message_bytes = 65536,
     .bytes_per_second = 1.9e9,
     .lost_in_1000 = 17,
     .flows = 2,
     .known = 1},
    {.transport = "pipe-pair", SAMPLE_PING, .answers = 8000, .answer_ns = 9000},
    {.transport = "tcp",
     SAMPLE_PING,
     .wait = "spin",
     .congestion = "cubic",
     .answers = 4000,
     .answer_ns = 17000},
    {.transport = "udp",
     .pattern = "ping-pong",
     .message_bytes = 64,
     .status = IPM_CASE_FAILED,
     .reason = "the trial took longer than 10s"},
    {.transport = "unix",
     SAMPLE_PING,
     .framing = "delimiter",
     .think_ns = 1000000,
     .answers = 900,
     .answer_ns = 41000},
    {.transport = "pipe",
     .pattern = "connect",
     .message_bytes = 1,
     .answers = 6000,
     .answer_ns = 12000,
     .answer_messages = 1,
     .hollow = 1,
     .known = 1},
    {.transport = "tcp",
     .pattern = "connect",
     .message_bytes = 1,
     .answers = 1500,
     .answer_ns = 52000,
     .answer_messages = 1,
     .hollow = 1,
     .known = 1},
    {.transport = "udp",
     .pattern = "connect",
     .message_bytes = 1,
     .status = IPM_CASE_SKIPPED,
     .reason = "udp makes no connections"},
    {.transport = "unix",
     SAMPLE_FAN,
     .clients = 4,
     .server = "epoll",
     .bytes_per_second = 1.8e9,
     .flows = 4},
    {.transport = "udp",
     SAMPLE_FAN,
     .clients = 4,
     .server = "epoll",
     .bytes_per_second = 1.1e9,
     .lost_in_1000 = 250,
     .flows = 4},
    {.transport = "pipe-pair",
     SAMPLE_FAN,
     .clients = 4,
     .server = "process",
     .bytes_per_second = 2.2e9,
     .flows = 4},
    {.transport = "unix",
     SAMPLE_FAN,
     .clients = 16,
     .server = "epoll",
     .framing = "length",
     .bytes_per_second = 1.5e9,
     .flows = 16},
    {.transport = "unix",
     SAMPLE_FAN,
     .clients = 1000,
     .server = "select",
     .status = IPM_CASE_SKIPPED,
     .reason = "1000 clients exceed the maximum of 'select', 960: select(2) supports "
               "1024 descriptors"},
    /* The server comes before the size: what is to be compared is not side by side. */
    {.transport = "unix",
     SAMPLE_RPC,
     .message_bytes = 64,
     .server = "thread",
     .answers = 20000,
     .answer_ns = 15000},
    {.transport = "unix",
     SAMPLE_RPC,
     .message_bytes = 4096,
     .server = "thread",
     .answers = 15000,
     .answer_ns = 19000},
    {.transport = "unix",
     SAMPLE_RPC,
     .message_bytes = 64,
     .server = "poll",
     .answers = 26000,
     .answer_ns = 11000},
    {.transport = "unix",
     SAMPLE_RPC,
     .message_bytes = 4096,
     .server = "poll",
     .answers = 14000,
     .answer_ns = 21000},
    {.transport = "pipe-pair",
     SAMPLE_RPC,
     .message_bytes = 64,
     .server = "epoll",
     .rate = 10000,
     .answers = 4000,
     .answer_ns = 12000},
    {.transport = "unix",
     SAMPLE_RPC,
     .message_bytes = 64,
     .server = "epoll",
     .rate = 10000,
     .answers = 2900,
     .answer_ns = 9000000},
};

#define SAMPLE_SIDE(place, size, name, rate, ...)                                        \
    {                                                                                    \
        .transport = (name), .pin = (place), .message_bytes = (size),                    \
        .bytes_per_second = (rate), .known = 1, __VA_ARGS__                              \
    }
#define SAMPLE_TOO_LARGE                                                                 \
    .status = IPM_CASE_SKIPPED, .reason = "65536 bytes are more than udp takes here"
static const struct ipm_sample_row sample_sides[] = {
    SAMPLE_SIDE("same", 64, "pipe", 95e6),
    SAMPLE_SIDE("same", 64, "pipe-pair", 95e6),
    SAMPLE_SIDE("same", 64, "unix", 55e6),
    SAMPLE_SIDE("same", 64, "udp", 9e6, .lost_in_1000 = 400),
    SAMPLE_SIDE("same", 65536, "pipe", 4e9),
    SAMPLE_SIDE("same", 65536, "pipe-pair", 3.6e9),
    SAMPLE_SIDE("same", 65536, "unix", 5.6e9),
    SAMPLE_SIDE("same", 65536, "udp", 0, SAMPLE_TOO_LARGE),
    SAMPLE_SIDE("split", 64, "pipe", 38e6),
    SAMPLE_SIDE("split", 64, "pipe-pair", 38e6),
    SAMPLE_SIDE("split", 64, "unix", 38e6),
    SAMPLE_SIDE("split", 64, "udp", 10e6),
    SAMPLE_SIDE("split", 65536, "pipe", 0.5e9),
    SAMPLE_SIDE("split", 65536, "pipe-pair", 0, .status = IPM_CASE_FAILED,
                .reason = "the receiver was killed by signal 9 (Killed)"),
    SAMPLE_SIDE("split", 65536, "unix", 1.7e9),
    SAMPLE_SIDE("split", 65536, "udp", 0, SAMPLE_TOO_LARGE),
};

static void sample_fill_tool(struct ipm_tool *tool) {
    ipm_sample_text(tool->name, sizeof tool->name, "ipcmark");
    ipm_sample_text(tool->version, sizeof tool->version, "0.1.0");
    ipm_sample_text(tool->compiler, sizeof tool->compiler, "GNU 12.2.0");
    ipm_sample_text(tool->build_type, sizeof tool->build_type, "Release");
}

static int sample_fill_run(struct ipm_report *report) {
    static char *const command[] = {"ipcmark", "run", "--json", "odd \xff name\033.json"};
    ipm_sample_text(report->run.started_at, sizeof report->run.started_at,
                    "2026-11-23T21:05:07Z");
    report->run.elapsed_ns = 9876543210;
    report->run.status = IPM_RUN_INTERRUPTED;
    report->run.seed = 42;
    (void)ipm_labels_add(&report->run.labels, "commit=1a2b3c4d", NULL);
    (void)ipm_labels_add(&report->run.labels, "branch=fix/<&>\"|`_*\xff", NULL);
    return ipm_report_set_command(report, 4, (char **)command);
}

static void sample_fill_host(struct ipm_host *host) {
    ipm_sample_text(host->hostname, sizeof host->hostname, "b\xf6se\033]0;title\007");
    ipm_sample_text(host->os, sizeof host->os, "Debian GNU/Linux 12 (bookworm)");
    ipm_sample_text(host->kernel, sizeof host->kernel, "Linux 6.1.0-28-amd64");
    ipm_sample_text(host->architecture, sizeof host->architecture, "x86_64");
    ipm_sample_text(host->cpu_model, sizeof host->cpu_model,
                    "Example \033[5mCPU\033[0m @ 2.60 GHz \xc2\xae");
    host->cpus_online = 4;
    host->cpus_allowed = 2;
    host->memory_bytes = 4294967296;
    ipm_sample_text(host->virtualization, sizeof host->virtualization, "kvm");
    ipm_sample_text(host->smt, sizeof host->smt, "on");
    ipm_sample_text(host->mitigations[0].name, IPM_NAME_BYTES, "meltdown");
    ipm_sample_text(host->mitigations[0].text, IPM_TEXT_BYTES, "Mitigation: PTI");
    ipm_sample_text(host->mitigations[1].name, IPM_NAME_BYTES, "spectre_v2");
    ipm_sample_text(host->mitigations[1].text, IPM_TEXT_BYTES, "Vulnerable");
    host->mitigation_count = 2;
    host->load_1m = 0.1;
    ipm_sample_text(host->clocksource, sizeof host->clocksource, "tsc");
    ipm_sample_text(host->congestion, sizeof host->congestion, "bbr");
    host->pipe_max_bytes = 1048576;
    host->so_sndbuf_max_bytes = 212992;
    host->so_rcvbuf_max_bytes = 212992;
    host->open_files_max = 1024;
}

static void sample_fill_names(struct ipm_names *names, const char *const *words,
                              size_t count) {
    names->count = count;
    for (size_t i = 0; i < count; i++)
        ipm_sample_text(names->items[i], IPM_NAME_BYTES, words[i]);
}

static void sample_fill_plugin(struct ipm_origins *plugins) {
    static const char *const transports[] = {"mine", "other"};
    plugins->count = 1;
    ipm_sample_text(plugins->items[0].path, sizeof plugins->items[0].path,
                    "/home/\033[31mme\xff/my transports/mine.so");
    sample_fill_names(&plugins->items[0].transports, transports, 2);
}

static void sample_fill_settings(struct ipm_options *settings, uint64_t rounds) {
    static const char *const transports[] = {"pipe", "pipe-pair", "unix",
                                             "tcp",  "udp",       "null"};
    static const char *const patterns[] = {"stream"};
    static const char *const congestion[] = {"cubic"};
    ipm_options_defaults(settings);
    sample_fill_names(&settings->transports, transports, 6);
    sample_fill_names(&settings->patterns, patterns, 1);
    sample_fill_plugin(&settings->plugins);
    sample_fill_names(&settings->congestion, congestion, 1);
    settings->common.batch = 1;
    settings->message_bytes = (struct ipm_sizes){.count = 3, .items = {64, 65536, 4096}};
    settings->pins.count = 3;
    settings->pins.items[0] = (struct ipm_pin){.kind = IPM_PIN_NONE, -1, -1};
    settings->pins.items[1] = (struct ipm_pin){.kind = IPM_PIN_SAME, -1, -1};
    settings->pins.items[2] = (struct ipm_pin){.kind = IPM_PIN_CPUS, 0, 1};
    settings->rounds = rounds;
    settings->warmup_rounds = 1;
    settings->duration_ns = 100000000;
    settings->seed = 42;
}

static int sample_fill_references(struct ipm_references *references, uint64_t rounds,
                                  uint64_t *state) {
    references->sizes = (struct ipm_sizes){.count = 3, .items = {64, 65536, 4096}};
    for (uint64_t i = 0; i < rounds; i++) {
        struct ipm_reference_round *round = ipm_references_add_round(references);
        if (round == NULL)
            return -1;
        round->round = i;
        round->memcpy_bytes_per_second[0] = 9e9 * (1 + 0.1 * ipm_sample_noise(state));
        round->memcpy_bytes_per_second[1] = 12e9 * (1 + 0.1 * ipm_sample_noise(state));
        round->memcpy_bytes_per_second[2] = NAN;
        round->null_syscall_ns = 84.0 + ipm_sample_noise(state);
        round->core_to_core_ns = 131.0 + (double)i;
        round->context_switch_ns = 1310.0 + (double)i;
        round->null_transport_ns_per_message =
            i == 0 ? NAN : 3.3 + ipm_sample_noise(state);
    }
    return 0;
}

struct sample_rows {
    const struct ipm_sample_row *items;
    size_t count;
};

static int sample_fill(struct ipm_report *report, uint64_t rounds,
                       const struct sample_rows *rows) {
    uint64_t state = 42;
    ipm_report_init(report);
    sample_fill_tool(&report->tool);
    sample_fill_host(&report->host);
    sample_fill_settings(&report->settings, rounds);
    if (sample_fill_run(report) != 0 ||
        sample_fill_references(&report->references, rounds, &state) != 0) {
        return -1;
    }
    for (size_t i = 0; i < rows->count; i++) {
        struct ipm_case *c = ipm_report_add_case(report);
        if (c == NULL || ipm_sample_fill_case(c, &rows->items[i], rounds, &state) != 0) {
            return -1;
        }
    }
    return ipm_report_summarize(report);
}

#define SAMPLE_ROWS(array)                                                               \
    { .items = (array), .count = sizeof(array) / sizeof((array)[0]) }

int ipm_report_sample(struct ipm_report *report, uint64_t rounds) {
    static const struct sample_rows rows = SAMPLE_ROWS(sample_streams);
    return sample_fill(report, rounds, &rows);
}

int ipm_report_sample_patterns(struct ipm_report *report, uint64_t rounds) {
    static const struct sample_rows rows = SAMPLE_ROWS(sample_patterns);
    return sample_fill(report, rounds, &rows);
}

int ipm_report_sample_sides(struct ipm_report *report, uint64_t rounds) {
    static const struct sample_rows rows = SAMPLE_ROWS(sample_sides);
    return sample_fill(report, rounds, &rows);
}

int ipm_report_sample_empty(struct ipm_report *report) {
    static const struct sample_rows rows = {.count = 0};
    int code = sample_fill(report, 0, &rows);
    report->run.status = IPM_RUN_FAILED;
    ipm_sample_text(report->error, sizeof report->error,
                    "cannot fork: Resource temporarily unavailable");
    return code;
}
