/* choice_sample.c - a made-up report to choose from: see choice_sample.h. */
#include "tests/support/choice_sample.h"

#include "tests/support/compare_sample.h"
#include "tests/support/report_sample_case.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHOICE_SIZES = 4, CHOICE_TRANSPORTS = 5, CHOICE_PINS = 2 };
enum { CHOICE_CASES = CHOICE_SIZES * CHOICE_TRANSPORTS * CHOICE_PINS };

static const uint64_t choice_sizes[CHOICE_SIZES] = {64, 1024, 4096, 16384};
static const char *const choice_pins[CHOICE_PINS] = {"same", "split"};

static const struct {
    const char *transport;
    double fixed_ns[CHOICE_PINS];
    double per_byte_ns[CHOICE_PINS];
} choice_rows[CHOICE_TRANSPORTS] = {
    {"pipe", {800, 1600}, {0.25, 0.5}}, {"pipe-pair", {805, 1610}, {0.251, 0.5}},
    {"unix", {2000, 400}, {0.1, 0.1}},  {"tcp", {3000, 3000}, {0.3, 0.3}},
    {"udp", {2500, 5000}, {0.3, 0.6}},
};

static double choice_time_ns(size_t transport, size_t pin, uint64_t bytes) {
    const double time_ns = choice_rows[transport].fixed_ns[pin] +
                           choice_rows[transport].per_byte_ns[pin] * (double)bytes;
    return transport == 3 && bytes > 64 && bytes < 16384 ? 3 * time_ns : time_ns;
}

void ipm_choice_sample(struct ipm_report *report, size_t rounds) {
    struct ipm_compare_row rows[CHOICE_CASES];
    for (size_t i = 0; i < CHOICE_CASES; i++) {
        const size_t transport = i % CHOICE_TRANSPORTS;
        const size_t pin = i / CHOICE_TRANSPORTS / CHOICE_SIZES;
        const uint64_t bytes = choice_sizes[i / CHOICE_TRANSPORTS % CHOICE_SIZES];
        const bool skipped = transport == 4 && bytes == 16384;
        rows[i] = (struct ipm_compare_row){
            .transport = choice_rows[transport].transport,
            .bytes_per_second =
                1e9 * (double)bytes / choice_time_ns(transport, pin, bytes),
            .noise = 0.03,
            .status = skipped ? IPM_CASE_SKIPPED : IPM_CASE_OK};
    }
    ipm_compare_sample(report, rows, CHOICE_CASES, rounds, 1, 3);
    for (size_t i = 0; i < CHOICE_CASES; i++) {
        struct ipm_case *c = &report->cases[i];
        c->config.message_bytes = choice_sizes[i / CHOICE_TRANSPORTS % CHOICE_SIZES];
        ipm_sample_text(c->config.pin, sizeof c->config.pin,
                        choice_pins[i / CHOICE_TRANSPORTS / CHOICE_SIZES]);
        c->integrity.verified_messages = 1;
        (void)snprintf(c->config.name, sizeof c->config.name,
                       "stream/%s/%" PRIu64 "/pin=%s", c->config.transport,
                       c->config.message_bytes, c->config.pin);
        ipm_sample_text(c->ends[IPM_SENDER], IPM_NAME_BYTES, "sender");
        ipm_sample_text(c->ends[IPM_RECEIVER], IPM_NAME_BYTES, "receiver");
    }
    if (ipm_report_summarize(report) != 0)
        abort();
}
