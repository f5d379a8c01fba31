/* report_sample.c - a report that no machine made; see report_sample.h. */
#include "tests/support/report_sample.h"

#include "base/facts.h"
#include "model/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A case in one line: what a trial of it gives, before the noise. */
struct sample_row {
    const char *transport;
    const char *congestion;
    const char *pin;
    uint64_t message_bytes;
    double bytes_per_second;
    enum ipm_case_status status;
    const char *reason;
    uint64_t lost_in_1000;
    uint64_t corrupt_messages;
    int known; /* 0: the kernel told nothing about the processes */
    int hollow;
};

static const struct sample_row sample_rows[] = {
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

static void sample_text(char *text, size_t size, const char *words) {
    (void)snprintf(text, size, "%s", words != NULL ? words : "");
}

/* From -1 to 1, and the same every time. */
static double sample_noise(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(int64_t)(*state >> 11 & 0xFFFFF) / 0x80000 - 1;
}

static void sample_fill_tool(struct ipm_tool *tool) {
    sample_text(tool->name, sizeof tool->name, "ipcmark");
    sample_text(tool->version, sizeof tool->version, "0.1.0");
    sample_text(tool->compiler, sizeof tool->compiler, "GNU 12.2.0");
    sample_text(tool->build_type, sizeof tool->build_type, "Release");
}

static int sample_fill_run(struct ipm_report *report) {
    static char *const command[] = {"ipcmark", "run", "--json", "odd \xff name\033.json"};
    sample_text(report->run.started_at, sizeof report->run.started_at,
                "2026-11-23T21:05:07Z");
    report->run.elapsed_ns = 9876543210;
    report->run.status = IPM_RUN_INTERRUPTED;
    report->run.seed = 42;
    return ipm_report_set_command(report, 4, (char **)command);
}

static void sample_fill_host(struct ipm_host *host) {
    sample_text(host->hostname, sizeof host->hostname, "b\xf6se\033]0;title\007");
    sample_text(host->os, sizeof host->os, "Debian GNU/Linux 12 (bookworm)");
    sample_text(host->kernel, sizeof host->kernel, "Linux 6.1.0-28-amd64");
    sample_text(host->architecture, sizeof host->architecture, "x86_64");
    sample_text(host->cpu_model, sizeof host->cpu_model,
                "Example \033[5mCPU\033[0m @ 2.60 GHz \xc2\xae");
    host->cpus_online = 4;
    host->cpus_allowed = 2;
    host->memory_bytes = 4294967296;
    sample_text(host->virtualization, sizeof host->virtualization, "kvm");
    sample_text(host->smt, sizeof host->smt, "on");
    sample_text(host->mitigations[0].name, IPM_NAME_BYTES, "meltdown");
    sample_text(host->mitigations[0].state, IPM_TEXT_BYTES, "Mitigation: PTI");
    sample_text(host->mitigations[1].name, IPM_NAME_BYTES, "spectre_v2");
    sample_text(host->mitigations[1].state, IPM_TEXT_BYTES, "Vulnerable");
    host->mitigation_count = 2;
    host->load_1m = 0.1;
    sample_text(host->clocksource, sizeof host->clocksource, "tsc");
    sample_text(host->congestion, sizeof host->congestion, "bbr");
    host->pipe_max_bytes = 1048576;
    host->so_sndbuf_max_bytes = 212992;
    host->so_rcvbuf_max_bytes = 212992;
    host->open_files_max = 1024;
}

static void sample_fill_names(struct ipm_names *names, const char *const *words,
                              size_t count) {
    names->count = count;
    for (size_t i = 0; i < count; i++) {
        sample_text(names->items[i], IPM_NAME_BYTES, words[i]);
    }
}

static void sample_fill_settings(struct ipm_options *settings, uint64_t rounds) {
    static const char *const transports[] = {"pipe", "pipe-pair", "unix",
                                             "tcp",  "udp",       "null"};
    static const char *const patterns[] = {"stream"};
    static const char *const congestion[] = {"cubic"};
    ipm_options_defaults(settings);
    sample_fill_names(&settings->transports, transports, 6);
    sample_fill_names(&settings->patterns, patterns, 1);
    sample_fill_names(&settings->congestion, congestion, 1);
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
        if (round == NULL) {
            return -1;
        }
        round->round = i;
        round->memcpy_bytes_per_second[0] = 9e9 * (1 + 0.1 * sample_noise(state));
        round->memcpy_bytes_per_second[1] = 12e9 * (1 + 0.1 * sample_noise(state));
        round->memcpy_bytes_per_second[2] = NAN;
        round->null_syscall_ns = 84.0 + sample_noise(state);
        round->null_transport_ns_per_message = i == 0 ? NAN : 3.3 + sample_noise(state);
    }
    return 0;
}

static const struct ipm_usage sample_unknown_usage = {-1, -1, -1, -1, -1,
                                                      -1, -1, -1, -1, -1};

static struct ipm_usage sample_usage(uint64_t elapsed_ns, int64_t cpu) {
    return (struct ipm_usage){
        .user_ns = (int64_t)(elapsed_ns / 8),
        .system_ns = (int64_t)(elapsed_ns / 2),
        .voluntary_switches = (int64_t)(elapsed_ns / 200000),
        .involuntary_switches = 3,
        .minor_faults = 0,
        .major_faults = 0,
        .peak_rss_bytes = 3 << 20,
        .migrations = cpu,
        .first_cpu = 0,
        .last_cpu = cpu,
    };
}

static void sample_fill_trial(struct ipm_sample *trial, const struct sample_row *row,
                              uint64_t round, uint64_t *state) {
    double rate = row->bytes_per_second * (1 + 0.04 * sample_noise(state));
    uint64_t elapsed_ns = 100000000;
    uint64_t messages = (uint64_t)(rate / 10 / (double)row->message_bytes);
    uint64_t lost = round % 2 == 0 ? messages * row->lost_in_1000 / 1000 : 0;
    trial->round = round;
    trial->elapsed_ns = elapsed_ns;
    trial->setup_ns = 400000 + round;
    trial->sent =
        (struct ipm_counts){messages, messages * row->message_bytes, messages, 0};
    trial->received = (struct ipm_counts){.messages = messages - lost,
                                          .bytes = (messages - lost) * row->message_bytes,
                                          .calls = messages / 3 + 1,
                                          .partial_calls = 1};
    trial->damage.lost_messages = lost;
    trial->damage.corrupt_messages = row->corrupt_messages;
    trial->usage[IPM_SENDER] = sample_usage(elapsed_ns, 0);
    trial->usage[IPM_RECEIVER] = sample_usage(elapsed_ns, round % 3 == 0 ? 0 : 1);
    if (!row->known) {
        trial->usage[IPM_SENDER] = trial->usage[IPM_RECEIVER] = sample_unknown_usage;
    }
    if (strcmp(row->transport, "tcp") == 0) {
        trial->wire = (struct ipm_wire_use){1, messages / 2, trial->sent.bytes, 0,
                                            messages / 2 * 52};
    }
}

static void sample_fill_config(struct ipm_case_config *config,
                               const struct sample_row *row) {
    const char *pin = row->pin != NULL ? row->pin : "none";
    (void)snprintf(config->name, sizeof config->name, "stream/%s/%llu%s%s%s%s",
                   row->transport, (unsigned long long)row->message_bytes,
                   row->congestion != NULL ? "/congestion=" : "",
                   row->congestion != NULL ? row->congestion : "",
                   row->pin != NULL ? "/pin=" : "", row->pin != NULL ? row->pin : "");
    sample_text(config->transport, sizeof config->transport, row->transport);
    sample_text(config->pattern, sizeof config->pattern, "stream");
    config->message_bytes = row->message_bytes;
    sample_text(config->framing, sizeof config->framing, "none");
    config->clients = 1;
    config->batch = 1;
    config->recv_bytes = 65536;
    sample_text(config->congestion, sizeof config->congestion, row->congestion);
    sample_text(config->pin, sizeof config->pin, pin);
    config->sender_cpu = row->pin != NULL ? 1 : -1;
    config->receiver_cpu = config->sender_cpu;
}

static void sample_fill_facts(struct ipm_case *c) {
    static const char *const keys[] = {
        [IPM_SENDER] = "local_path", [IPM_RECEIVER] = "peer_path"};
    for (int role = IPM_SENDER; role < IPM_ROLES; role++) {
        ipm_facts_number(&c->endpoint[role], "pipe_inode", 4711);
        ipm_facts_text(&c->endpoint[role], keys[role], "/tmp/\xff/socket");
        ipm_facts_text(&c->endpoint[role], "other_name", "");
        ipm_facts_number(&c->settings[role], "so_sndbuf_bytes", 212992);
        ipm_facts_number(&c->settings[role], "tcp_mss_bytes", -1);
    }
    if (strcmp(c->config.transport, "unix") == 0) {
        ipm_facts_text(&c->settings[IPM_SENDER], "notice",
                       "TMPDIR is too long for a socket: \033[2J/tmp was used");
    }
}

static int sample_fill_case(struct ipm_case *c, const struct sample_row *row,
                            uint64_t rounds, uint64_t *state) {
    sample_fill_config(&c->config, row);
    c->status = row->status;
    sample_text(c->reason, sizeof c->reason, row->reason);
    if (row->status != IPM_CASE_OK) {
        return 0;
    }
    sample_fill_facts(c);
    c->integrity.verified_messages = row->hollow ? 0 : 1000;
    c->integrity.verified_bytes = row->hollow ? 0 : 1000 * row->message_bytes;
    for (uint64_t i = 0; i < rounds; i++) {
        struct ipm_sample *trial = ipm_case_add_trial(c);
        if (trial == NULL) {
            return -1;
        }
        sample_fill_trial(trial, row, i, state);
    }
    return 0;
}

static int sample_fill(struct ipm_report *report, uint64_t rounds, size_t rows) {
    uint64_t state = 42;
    ipm_report_init(report);
    sample_fill_tool(&report->tool);
    sample_fill_host(&report->host);
    sample_fill_settings(&report->settings, rounds);
    if (sample_fill_run(report) != 0 ||
        sample_fill_references(&report->references, rounds, &state) != 0) {
        return -1;
    }
    for (size_t i = 0; i < rows; i++) {
        struct ipm_case *c = ipm_report_add_case(report);
        if (c == NULL || sample_fill_case(c, &sample_rows[i], rounds, &state) != 0) {
            return -1;
        }
    }
    return ipm_report_summarize(report);
}

int ipm_report_sample(struct ipm_report *report, uint64_t rounds) {
    return sample_fill(report, rounds, sizeof sample_rows / sizeof sample_rows[0]);
}

int ipm_report_sample_empty(struct ipm_report *report) {
    int code = sample_fill(report, 0, 0);
    report->run.status = IPM_RUN_FAILED;
    sample_text(report->error, sizeof report->error,
                "cannot fork: Resource temporarily unavailable");
    return code;
}
