/* differ.c - what else is different between two runs than their figures. Knows no
 * case. */
#include "model/compare/compare.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Each writes what a report says, as a person would read it; "" is unknown. */
#define DIFFER_TEXT(name, member)                                                        \
    static void differ_##name(char text[IPM_DIFFERENCE_BYTES],                           \
                              const struct ipm_report *report) {                         \
        (void)snprintf(text, IPM_DIFFERENCE_BYTES, "%s", report->member);                \
    }
#define DIFFER_NUMBER(name, member)                                                      \
    static void differ_##name(char text[IPM_DIFFERENCE_BYTES],                           \
                              const struct ipm_report *report) {                         \
        (void)snprintf(text, IPM_DIFFERENCE_BYTES, "%" PRIu64,                           \
                       (uint64_t)report->member);                                        \
    }

DIFFER_TEXT(hostname, host.hostname)
DIFFER_TEXT(architecture, host.architecture)
DIFFER_TEXT(cpu_model, host.cpu_model)
DIFFER_NUMBER(cpus_allowed, host.cpus_allowed)
DIFFER_TEXT(virtualization, host.virtualization)
DIFFER_TEXT(os, host.os)
DIFFER_TEXT(kernel, host.kernel)
DIFFER_TEXT(governor, host.governor)
DIFFER_TEXT(turbo, host.turbo)
DIFFER_TEXT(smt, host.smt)
DIFFER_TEXT(clocksource, host.clocksource)
DIFFER_TEXT(congestion, host.congestion)
DIFFER_TEXT(version, tool.version)
DIFFER_TEXT(commit, tool.commit)
DIFFER_TEXT(compiler, tool.compiler)
DIFFER_TEXT(build_type, tool.build_type)
DIFFER_NUMBER(duration, settings.duration_ns)
DIFFER_NUMBER(rounds, settings.rounds)
DIFFER_NUMBER(warmup, settings.warmup_rounds)
DIFFER_NUMBER(batch, settings.common.batch)
DIFFER_NUMBER(think, settings.common.think_ns)
DIFFER_NUMBER(buffer, settings.common.buffer_bytes)
DIFFER_NUMBER(recv_rule, settings.recv_rule)
DIFFER_NUMBER(recv, settings.common.recv_bytes)
DIFFER_NUMBER(spin, settings.common.spin)
DIFFER_NUMBER(verify, settings.common.verify)

static void differ_status(char text[IPM_DIFFERENCE_BYTES],
                          const struct ipm_report *report) {
    static const char *const words[] = {[IPM_RUN_COMPLETE] = "complete",
                                        [IPM_RUN_INTERRUPTED] = "interrupted",
                                        [IPM_RUN_FAILED] = "failed"};
    (void)snprintf(text, IPM_DIFFERENCE_BYTES, "%s", words[report->run.status]);
}

/* What makes runs unlike: figures of another machine, or of something else. What is under
 * test (kernel, version) does not, nor how often it was measured. */
static const struct {
    const char *what;
    void (*say)(char text[IPM_DIFFERENCE_BYTES], const struct ipm_report *report);
    bool unlike;
} differ_table[] = {
    {"run status", differ_status, false},
    {"hostname", differ_hostname, true},
    {"architecture", differ_architecture, true},
    {"cpu model", differ_cpu_model, true},
    {"allowed cpus", differ_cpus_allowed, true},
    {"virtualization", differ_virtualization, true},
    {"os", differ_os, false},
    {"kernel", differ_kernel, false},
    {"governor", differ_governor, true},
    {"turbo", differ_turbo, true},
    {"smt", differ_smt, true},
    {"clocksource", differ_clocksource, false},
    {"congestion control", differ_congestion, false},
    {"version", differ_version, false},
    {"commit", differ_commit, false},
    {"compiler", differ_compiler, false},
    {"build type", differ_build_type, false},
    {"duration (ns)", differ_duration, true},
    {"rounds", differ_rounds, false},
    {"warm-up rounds", differ_warmup, false},
    {"batch", differ_batch, true},
    {"think (ns)", differ_think, true},
    {"buffer (bytes)", differ_buffer, true},
    {"receive rule", differ_recv_rule, true},
    {"receive size (bytes)", differ_recv, true},
    {"spin", differ_spin, true},
    {"verify", differ_verify, true},
};
enum { DIFFER_ROWS = sizeof differ_table / sizeof differ_table[0] };

static bool differ_at(size_t row, char sides[IPM_ARMS][IPM_DIFFERENCE_BYTES],
                      const struct ipm_report *base, const struct ipm_report *fresh) {
    differ_table[row].say(sides[IPM_ARM_BASE], base);
    differ_table[row].say(sides[IPM_ARM_NEW], fresh);
    return strcmp(sides[IPM_ARM_BASE], sides[IPM_ARM_NEW]) != 0;
}

static int differ_add(struct ipm_comparison *comparison, size_t row,
                      const struct ipm_report *base, const struct ipm_report *fresh) {
    char sides[IPM_ARMS][IPM_DIFFERENCE_BYTES];
    if (!differ_at(row, sides, base, fresh))
        return 0;
    for (size_t i = 0; i < comparison->difference_count; i++)
        if (comparison->differences[i].what == differ_table[row].what &&
            strcmp(comparison->differences[i].sides[IPM_ARM_BASE], sides[IPM_ARM_BASE]) ==
                0)
            return 0;
    struct ipm_difference *difference = ipm_comparison_add_difference(comparison);
    if (!difference)
        return -ENOMEM;
    difference->what = differ_table[row].what;
    memcpy(difference->sides, sides, sizeof sides);
    return 0;
}

int ipm_compare_differ(struct ipm_comparison *comparison,
                       const struct ipm_compare_input *input) {
    int failed = 0;
    const struct ipm_report *bases = input->sides[IPM_ARM_BASE].reports;
    if (input->sides[IPM_ARM_NEW].count == 0)
        return 0;
    for (size_t row = 0; row < DIFFER_ROWS; row++)
        for (size_t i = 0; i < input->sides[IPM_ARM_BASE].count && !failed; i++)
            failed =
                differ_add(comparison, row, &bases[i], input->sides[IPM_ARM_NEW].reports);
    return failed;
}

bool ipm_compare_is_alike(const struct ipm_report *a, const struct ipm_report *b) {
    char sides[IPM_ARMS][IPM_DIFFERENCE_BYTES];
    for (size_t row = 0; row < DIFFER_ROWS; row++)
        if (differ_table[row].unlike && differ_at(row, sides, a, b))
            return false;
    return true;
}
