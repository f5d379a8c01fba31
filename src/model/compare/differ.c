/* differ.c - differences of machines, versions and settings between two runs. */
#include "model/compare/compare.h"

#include "base/array.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* A property of a report: a text, or a number, which may be the index of a word. */
struct differ_row {
    const char *what;
    size_t offset; /* in struct ipm_report */
    bool number;
    bool real;
    const char *const *words; /* of an enum, by value; or NULL */
    bool unlike;              /* such runs are not comparable */
    size_t none; /* offset of a number that is 0 where there is no such thing */
};

#define DIFFER_AT(member) .offset = offsetof(struct ipm_report, member)

/* The kernel and the version may be what is tested, so they do not make runs incomparable,
 * nor does the number of trials. */
static const struct differ_row differ_rows[] = {
    {"run status", DIFFER_AT(run.status), .words = ipm_run_status_words},
    {"hostname", DIFFER_AT(host.hostname), .unlike = true},
    {"architecture", DIFFER_AT(host.architecture), .unlike = true},
    {"cpu model", DIFFER_AT(host.cpu_model), .unlike = true},
    {"allowed cpus", DIFFER_AT(host.cpus_allowed), .number = true, .unlike = true},
    {"cpu quota", DIFFER_AT(host.cpu_quota_cpus), .real = true, .unlike = true,
     .none = offsetof(struct ipm_report, host.cpu_quota_period_ns)},
    {"cpuset", DIFFER_AT(host.cpuset), .unlike = true},
    {"cpu weight", DIFFER_AT(host.cpu_weight), .number = true},
    {"cpu shares", DIFFER_AT(host.cpu_shares), .number = true},
    {"autogroup", DIFFER_AT(host.autogroup)},
    {"nice", DIFFER_AT(host.nice)},
    {"virtualization", DIFFER_AT(host.virtualization), .unlike = true},
    {"os", DIFFER_AT(host.os)},
    {"kernel", DIFFER_AT(host.kernel)},
    {"governor", DIFFER_AT(host.governor), .unlike = true},
    {"turbo", DIFFER_AT(host.turbo), .unlike = true},
    {"smt", DIFFER_AT(host.smt), .unlike = true},
    {"clock", DIFFER_AT(host.clock), .words = ipm_clock_words, .unlike = true},
    {"clocksource", DIFFER_AT(host.clocksource)},
    {"congestion control", DIFFER_AT(host.congestion)},
    {"version", DIFFER_AT(tool.version)},
    {"commit", DIFFER_AT(tool.commit)},
    {"compiler", DIFFER_AT(tool.compiler)},
    {"build type", DIFFER_AT(tool.build_type)},
    {"duration_ns", DIFFER_AT(settings.duration_ns), .number = true, .unlike = true},
    {"messages", DIFFER_AT(settings.messages), .number = true, .unlike = true},
    {"rounds", DIFFER_AT(settings.rounds), .number = true},
    {"warm-up rounds", DIFFER_AT(settings.warmup_rounds), .number = true},
    {"program beside", DIFFER_AT(settings.beside), .unlike = true},
    {"receive rule", DIFFER_AT(settings.recv_rule), .words = ipm_recv_rule_words,
     .unlike = true},
};

/* The common settings follow these rows. */
enum {
    DIFFER_ROWS = sizeof differ_rows / sizeof differ_rows[0],
    DIFFER_ALL = DIFFER_ROWS + IPM_SETTINGS,
};

static bool differ_is_unlike(size_t row) {
    return row >= DIFFER_ROWS || differ_rows[row].unlike;
}

static bool differ_is_none(const struct differ_row *row,
                           const struct ipm_report *report) {
    int64_t number = -1;
    if (row->none != 0)
        memcpy(&number, (const char *)report + row->none, sizeof number);
    return number == 0;
}

/* Writes the property for a reader; "" is unknown. */
static void differ_say_row(char text[IPM_DIFFERENCE_BYTES], const struct differ_row *row,
                           const struct ipm_report *report) {
    const char *member = (const char *)report + row->offset;
    unsigned word = 0;
    int64_t number = 0;
    double real = 0;
    text[0] = '\0';
    if (differ_is_none(row, report)) {
        (void)snprintf(text, IPM_DIFFERENCE_BYTES, "none");
    } else if (row->words) {
        memcpy(&word, member, sizeof word);
        (void)snprintf(text, IPM_DIFFERENCE_BYTES, "%s", row->words[word]);
    } else if (row->real) {
        memcpy(&real, member, sizeof real);
        if (!isnan(real))
            (void)snprintf(text, IPM_DIFFERENCE_BYTES, "%.4g", real);
    } else if (row->number) {
        memcpy(&number, member, sizeof number);
        if (number >= 0)
            (void)snprintf(text, IPM_DIFFERENCE_BYTES, "%" PRId64, number);
    } else {
        const bool asked = row->offset >= offsetof(struct ipm_report, settings);
        (void)snprintf(text, IPM_DIFFERENCE_BYTES, "%s",
                       asked && member[0] == '\0' ? "none" : member);
    }
}

static void differ_say(char text[IPM_DIFFERENCE_BYTES], size_t row,
                       const struct ipm_report *report) {
    if (row < DIFFER_ROWS)
        differ_say_row(text, &differ_rows[row], report);
    else
        (void)snprintf(
            text, IPM_DIFFERENCE_BYTES, "%s",
            ipm_setting_text(&ipm_settings[row - DIFFER_ROWS], &report->settings.common)
                .text);
}

bool ipm_compare_property(size_t number, const struct ipm_report *report,
                          struct ipm_property *ret_property) {
    if (number >= DIFFER_ALL)
        return false;
    const bool common = number >= DIFFER_ROWS;
    ret_property->what =
        common ? ipm_settings[number - DIFFER_ROWS].key : differ_rows[number].what;
    ret_property->setting =
        common || differ_rows[number].offset >= offsetof(struct ipm_report, settings);
    ret_property->unlike = differ_is_unlike(number);
    differ_say(ret_property->text, number, report);
    return true;
}

/* Whether the property differs. A setting that is not common to all cases has no value in
 * the options, and counts as equal. */
static bool differ_at(size_t row, struct ipm_difference *ret_difference,
                      const struct ipm_report *base, const struct ipm_report *fresh) {
    ret_difference->what =
        row < DIFFER_ROWS ? differ_rows[row].what : ipm_settings[row - DIFFER_ROWS].key;
    differ_say(ret_difference->sides[IPM_ARM_BASE], row, base);
    differ_say(ret_difference->sides[IPM_ARM_NEW], row, fresh);
    return strcmp(ret_difference->sides[IPM_ARM_BASE],
                  ret_difference->sides[IPM_ARM_NEW]) != 0;
}

static int differ_add(struct ipm_comparison *comparison, size_t row,
                      const struct ipm_report *base, const struct ipm_report *fresh) {
    struct ipm_difference found;
    if (!differ_at(row, &found, base, fresh))
        return 0;
    for (size_t i = 0; i < comparison->difference_count; i++)
        if (comparison->differences[i].what == found.what &&
            strcmp(comparison->differences[i].sides[IPM_ARM_BASE],
                   found.sides[IPM_ARM_BASE]) == 0)
            return 0;
    struct ipm_difference *difference =
        ipm_array_add(&comparison->differences, &comparison->difference_count,
                      sizeof *comparison->differences);
    if (!difference)
        return -ENOMEM;
    *difference = found;
    return 0;
}

int ipm_compare_differ(struct ipm_comparison *comparison,
                       const struct ipm_compare_input *input) {
    int failed = 0;
    const struct ipm_report *bases = input->sides[IPM_ARM_BASE].reports;
    if (input->sides[IPM_ARM_NEW].count == 0)
        return 0;
    for (size_t row = 0; row < DIFFER_ALL; row++)
        for (size_t i = 0; i < input->sides[IPM_ARM_BASE].count && !failed; i++)
            failed =
                differ_add(comparison, row, &bases[i], input->sides[IPM_ARM_NEW].reports);
    return failed;
}

bool ipm_compare_is_alike(const struct ipm_report *a, const struct ipm_report *b) {
    struct ipm_difference difference;
    for (size_t row = 0; row < DIFFER_ALL; row++)
        if (differ_is_unlike(row) && differ_at(row, &difference, a, b))
            return false;
    return true;
}
