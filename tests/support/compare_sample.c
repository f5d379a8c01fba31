/* compare_sample.c - made-up reports: see compare_sample.h. Knows no comparison. */
#include "tests/support/compare_sample.h"

#include "tests/support/report_sample_case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { COMPARE_MESSAGE_BYTES = 4096 };

static void compare_add_trial(struct ipm_case *c, const struct ipm_compare_row *row,
                              size_t round, size_t rounds, double speed,
                              uint64_t *state) {
    struct ipm_sample *trial = ipm_case_add_trial(c);
    const double far = rounds > 1 ? (double)round / (double)(rounds - 1) : 0;
    const bool slowed = round % 4 < row->slowed;
    const double rate = row->bytes_per_second * speed * (1 + row->drift * far) /
                        (slowed ? 1.3 : 1) * (1 + row->noise * ipm_sample_noise(state));
    if (!trial)
        abort();
    trial->round = round;
    trial->elapsed_ns = 100000000;
    trial->setup_ns = 200000;
    trial->sent.bytes = trial->received.bytes = (uint64_t)(rate / 10);
    trial->sent.messages = trial->sent.bytes / COMPARE_MESSAGE_BYTES + 1;
    trial->received.messages = trial->sent.messages;
    trial->sent.calls = trial->received.calls = trial->sent.messages;
    trial->contended = round < row->contended;
    trial->null_syscall_ns = row->one_cpu ? 150 / speed * (slowed ? 1.4 : 1) : NAN;
    trial->usage[IPM_SENDER].system_ns = (int64_t)(80000000);
    trial->usage[IPM_RECEIVER].system_ns = (int64_t)(60000000);
}

static void compare_add_case(struct ipm_report *report, const struct ipm_compare_row *row,
                             size_t rounds, double speed, uint64_t *state) {
    struct ipm_case *c = ipm_report_add_case(report);
    if (!c)
        abort();
    (void)snprintf(c->config.name, sizeof c->config.name, "stream/%s/%d", row->transport,
                   COMPARE_MESSAGE_BYTES);
    ipm_sample_text(c->config.transport, sizeof c->config.transport, row->transport);
    ipm_sample_text(c->config.pattern, sizeof c->config.pattern, "stream");
    ipm_sample_text(c->config.framing, sizeof c->config.framing, "none");
    ipm_sample_text(c->config.io, sizeof c->config.io, "sync");
    ipm_sample_text(c->config.wait, sizeof c->config.wait, "block");
    ipm_sample_text(c->config.pin, sizeof c->config.pin, "none");
    c->config.message_bytes = c->config.recv_bytes = COMPARE_MESSAGE_BYTES;
    c->config.clients = c->config.pairs = c->config.batch = c->config.inflight = 1;
    c->config.sender_cpu = c->config.receiver_cpu = row->one_cpu ? 0 : -1;
    c->config.sender_core = c->config.receiver_core = c->config.memory_node = -1;
    c->status = row->status;
    if (row->status != IPM_CASE_OK)
        ipm_sample_text(c->reason, sizeof c->reason, "no such family here");
    for (size_t i = 0; row->status == IPM_CASE_OK && i < rounds; i++)
        compare_add_trial(c, row, i, rounds, speed, state);
}

static void compare_add_round(struct ipm_report *report, size_t round, double speed,
                              uint64_t *state) {
    struct ipm_reference_round *added = ipm_references_add_round(&report->references);
    if (!added)
        abort();
    added->round = round;
    added->memcpy_bytes_per_second[0] =
        5e10 * speed * (1 + ipm_sample_noise(state) / 500);
    added->null_syscall_ns = 150 / speed * (1 + ipm_sample_noise(state) / 500);
    added->core_to_core_ns = 120 / speed;
    added->context_switch_ns = 1200 / speed;
    added->null_transport_ns_per_message = 1.5 / speed;
}

void ipm_compare_sample(struct ipm_report *report, const struct ipm_compare_row *rows,
                        size_t count, size_t rounds, double speed, uint64_t seed) {
    uint64_t state = seed + 1;
    ipm_report_init(report);
    ipm_options_defaults(&report->settings);
    report->settings.rounds = rounds;
    ipm_sample_text(report->tool.name, sizeof report->tool.name, "ipcmark");
    ipm_sample_text(report->tool.version, sizeof report->tool.version, "0.1.0");
    ipm_sample_text(report->host.hostname, sizeof report->host.hostname, "sample");
    ipm_sample_text(report->host.kernel, sizeof report->host.kernel, "Linux 6.1.0");
    ipm_sample_text(report->run.started_at, sizeof report->run.started_at,
                    "2026-07-01T12:00:00Z");
    report->run.seed = seed;
    report->references.sizes =
        (struct ipm_sizes){.count = 1, .items = {COMPARE_MESSAGE_BYTES}};
    for (size_t i = 0; i < rounds; i++)
        compare_add_round(report, i, speed, &state);
    for (size_t i = 0; i < count; i++)
        compare_add_case(report, &rows[i], rounds, speed, &state);
    if (ipm_report_summarize(report) != 0)
        abort();
}
