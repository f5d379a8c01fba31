/* notes.c - writes the lines below the table. */
#include "reports/text/text.h"

#include "model/report/report.h"
#include "reports/columns/format.h"
#include "reports/columns/sections.h"
#include "reports/columns/standing.h"
#include "reports/columns/words.h"
#include "reports/renderer.h"
#include "reports/text/pen.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Adds the standing of a group: "4 KiB two CPUs: no difference between pipe and tcp". */
static void notes_standing(struct ipm_text_line *line,
                           const struct ipm_text_section *section, size_t first,
                           bool *open) {
    const struct ipm_sentence words = ipm_text_standing(section, first);
    const struct ipm_title title = ipm_text_title_without(
        &section->report->cases[first].config, ", ", section->named, section->rows);
    if (words.text[0] == '\0')
        return;
    *open |= strncmp(words.text, "undecided", strlen("undecided")) == 0;
    ipm_text_line_add(line, "%.200s%s%s", title.text, title.text[0] != '\0' ? ": " : "",
                      words.text);
}

/* The groups of all placements of a size are told before those of the next size. */
static void notes_standings(struct ipm_text_line *line,
                            const struct ipm_text_section *sides, size_t count,
                            bool *open) {
    for (size_t i = sides[0].begin; i < sides[0].end; i++)
        for (size_t side = 0; side < count && ipm_text_leads(&sides[0], i); side++)
            notes_standing(line, &sides[side], i - sides[0].begin + sides[side].begin,
                           open);
}

static void notes_fastest(struct ipm_text_pen *pen, const struct ipm_report *report) {
    struct ipm_text_line line = {.pen = pen, .name = "fastest: ", .style = IPM_TEXT_GOOD};
    bool open = false;
    if (report->host.clock == IPM_CLOCK_INSTRUCTIONS) /* the table has every digit */
        return;
    struct ipm_text_section section = {.report = report, .unit = pen->unit};
    while (ipm_text_section_next(&section)) {
        struct ipm_text_section sides[IPM_TEXT_PLACEMENTS_MOST];
        const size_t count = ipm_text_split(&section, sides);
        notes_standings(&line, sides, count, &open);
    }
    if (line.count > 0)
        ipm_text_line_add(&line, "compared in pairs, round by round%s",
                          open ? "; undecided: one may be twice as fast" : "");
    ipm_text_line_end(&line);
}

static void notes_placements(struct ipm_text_pen *pen, const struct ipm_report *report) {
    struct ipm_text_line line = {
        .pen = pen, .name = "placement: ", .style = IPM_TEXT_GOOD};
    struct ipm_text_section section = {.report = report, .unit = pen->unit};
    while (ipm_text_section_next(&section)) {
        struct ipm_text_section sides[IPM_TEXT_PLACEMENTS_MOST];
        struct ipm_sentence words = {""};
        if (ipm_text_split(&section, sides) > 1)
            words = ipm_text_placement_effect(sides);
        const bool named = section.named && words.text[0] != '\0';
        ipm_text_line_add(&line, "%s%s%s",
                          named ? report->cases[section.begin].config.pattern : "",
                          named ? ": " : "", words.text);
    }
    ipm_text_line_end(&line);
}

enum { NOTES_CROSSOVERS_MOST = 6 };

static void notes_crossovers(struct ipm_text_pen *pen, const struct ipm_report *report) {
    struct ipm_text_line line = {
        .pen = pen, .name = "crossover: ", .style = IPM_TEXT_GOOD};
    const size_t count = report->crossovers.count;
    for (size_t i = 0; i < count && i < NOTES_CROSSOVERS_MOST; i++)
        ipm_text_line_add(&line, "%s",
                          ipm_text_crossover(report, &report->crossovers.items[i]).text);
    if (count > NOTES_CROSSOVERS_MOST)
        ipm_text_line_add(&line, "and %zu more", count - NOTES_CROSSOVERS_MOST);
    if (count == 0 && report->settings.find_crossovers)
        ipm_text_line_add(&line, "none between these sizes");
    ipm_text_line_end(&line);
}

static void notes_highest(struct ipm_text_pen *pen, const struct ipm_report *report) {
    const bool named = ipm_text_names_patterns(report);
    struct ipm_text_line line = {
        .pen = pen, .name = "highest rate: ", .style = IPM_TEXT_GOOD};
    for (size_t i = 0; i < report->highest_rates.count; i++)
        ipm_text_line_add(
            &line, "%s",
            ipm_text_highest(&report->highest_rates.items[i], &report->settings, named)
                .text);
    ipm_text_line_end(&line);
}

static void notes_reference(struct ipm_text_line *line, const char *name, const char *per,
                            const struct ipm_statistic *statistic) {
    if (isfinite(statistic->median))
        ipm_text_line_add(line, "%s %s%s", name, ipm_text_time(statistic).text, per);
}

static void notes_references(struct ipm_text_pen *pen,
                             const struct ipm_references *references) {
    struct ipm_text_line line = {
        .pen = pen, .name = "reference: ", .style = IPM_TEXT_BOLD};
    for (size_t i = 0; i < references->sizes.count; i++) {
        const double rate = references->memcpy_bytes_per_second[i].median;
        if (isfinite(rate))
            ipm_text_line_add(
                &line, "memcpy %s %s %s", ipm_text_size(references->sizes.items[i]).text,
                ipm_text_rate(rate / pen->unit->bytes_per_second).text, pen->unit->word);
    }
    notes_reference(&line, "null system call", "", &references->null_syscall_ns);
    notes_reference(&line, "core to core", "", &references->core_to_core_ns);
    notes_reference(&line, "context switch", "", &references->context_switch_ns);
    notes_reference(&line, "null transport", "/msg",
                    &references->null_transport_ns_per_message);
    ipm_text_line_end(&line);
}

/* Adds a case by its group and its row, without the settings of that set, and a result. */
static void notes_case(struct ipm_text_line *line, const struct ipm_case *c, bool named,
                       uint64_t without, const char *result) {
    ipm_text_line_add(line, "%.200s %.100s%s",
                      ipm_text_title_without(&c->config, " ", named, without).text,
                      ipm_text_label(&c->config).text, result);
}

/* Adds "64 B pipe faults 0+0.01 / 0+0.02": user and kernel, of the sender and the receiver. */
static void notes_counted(struct ipm_text_line *line, const struct ipm_case *c,
                          bool named, const struct ipm_names *counters, size_t at) {
    const size_t first = ipm_metric_of_counter(counters->items[at]);
    const struct ipm_statistic *counted = &ipm_case_summary(c)->metrics[first];
    char result[6 * IPM_CELL_BYTES];
    if (first == IPM_METRICS)
        return;
    (void)snprintf(result, sizeof result, " %s %s+%s / %s+%s", counters->items[at],
                   ipm_text_median(&counted[0]).text, ipm_text_median(&counted[1]).text,
                   ipm_text_median(&counted[2]).text, ipm_text_median(&counted[3]).text);
    notes_case(line, c, named, 0, result);
}

static void notes_counters(struct ipm_text_pen *pen, const struct ipm_report *report) {
    const bool named = ipm_text_names_patterns(report);
    const struct ipm_names *counters = &report->settings.counters;
    struct ipm_text_line line = {
        .pen = pen, .name = "counters: ", .style = IPM_TEXT_BOLD};
    if (counters->count > 0)
        ipm_text_line_add(&line, "per message, user+kernel, sender / receiver");
    for (size_t i = 0; i < report->case_count; i++)
        for (size_t k = 0; k < counters->count; k++)
            if (report->cases[i].status == IPM_CASE_OK)
                notes_counted(&line, &report->cases[i], named, counters, k);
    ipm_text_line_end(&line);
}

/* --- where the ends ran ----------------------------------------------------------------- */

enum { NOTES_PLACES_MOST = 256, NOTES_PLACES_SHOWN = 3 };

struct notes_places {
    size_t trials; /* whose CPUs are known */
    size_t count;
    struct notes_place {
        int64_t sender_cpu;
        int64_t receiver_cpu;
        size_t trials;
    } items[NOTES_PLACES_MOST];
};

/* Orders by frequency, then by CPU. */
static int notes_place_order(const void *one, const void *other) {
    const struct notes_place *a = one;
    const struct notes_place *b = other;
    if (a->trials != b->trials)
        return a->trials > b->trials ? -1 : 1;
    if (a->sender_cpu != b->sender_cpu)
        return a->sender_cpu < b->sender_cpu ? -1 : 1;
    return a->receiver_cpu < b->receiver_cpu ? -1 : 1;
}

/* Counts a trial by the CPUs at the end of its window. A placement that exceeds the table is
 * counted only as a trial. */
static void notes_add_place(struct notes_places *places, int64_t sender,
                            int64_t receiver) {
    struct notes_place *place = places->items;
    struct notes_place *end = place + places->count;
    if (sender < 0 || receiver < 0)
        return;
    places->trials++;
    while (place < end &&
           (place->sender_cpu != sender || place->receiver_cpu != receiver))
        place++;
    if (place == places->items + NOTES_PLACES_MOST)
        return;
    *place = (struct notes_place){sender, receiver, place->trials + 1};
    places->count += place == end;
}

/* Cases that are not pinned. With many clients, only the CPU of one is known, so such cases are
 * left out. */
static void notes_cpus(struct ipm_text_pen *pen, const struct ipm_report *report) {
    struct ipm_text_line line = {
        .pen = pen, .name = "not pinned: ", .style = IPM_TEXT_BOLD};
    struct notes_places places = {0};
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        const bool counts = c->config.server[0] == '\0' && c->config.sender_cpu < 0;
        for (size_t t = 0; counts && t < c->trial_count; t++)
            notes_add_place(&places, c->trials[t].usage[IPM_SENDER].last_cpu,
                            c->trials[t].usage[IPM_RECEIVER].last_cpu);
    }
    qsort(places.items, places.count, sizeof places.items[0], notes_place_order);
    for (size_t i = 0; i < places.count && i < NOTES_PLACES_SHOWN; i++)
        ipm_text_line_add(
            &line, "%s%" PRId64 "/%" PRId64 " in %.0f %%%s",
            i == 0 ? "sender/receiver on CPU " : "", places.items[i].sender_cpu,
            places.items[i].receiver_cpu,
            floor(100.0 * (double)places.items[i].trials / (double)places.trials),
            i == 0 ? " of trials" : "");
    ipm_text_line_end(&line);
}

/* --- what was lost, warnings, the end --------------------------------------------------- */

/* Whether no earlier case with the same integrity differs by its placement only. */
static bool notes_is_first(const struct ipm_report *report, size_t index) {
    const struct ipm_case *c = &report->cases[index];
    const uint64_t others = ~ipm_settings_with(IPM_SETTING_PLACE);
    for (size_t i = 0; i < index; i++)
        if (report->cases[i].integrity.status == c->integrity.status &&
            ipm_settings_agree(&report->cases[i].config, &c->config, others))
            return false;
    return true;
}

static void notes_integrity(struct ipm_text_pen *pen, const struct ipm_report *report,
                            enum ipm_integrity_status status, const char *name,
                            enum ipm_text_style style) {
    const bool named = ipm_text_names_patterns(report);
    struct ipm_text_line line = {.pen = pen, .name = name, .style = style};
    for (size_t i = 0; i < report->case_count; i++)
        if (report->cases[i].integrity.status == status && notes_is_first(report, i))
            notes_case(&line, &report->cases[i], named,
                       ipm_settings_with(IPM_SETTING_PLACE), "");
    ipm_text_line_end(&line);
}

static void notes_absent(struct ipm_text_pen *pen, const struct ipm_report *report,
                         enum ipm_case_status status, const char *name,
                         enum ipm_text_style style) {
    for (size_t i = 0; i < report->case_count; i++) {
        char reason[IPM_REASON_BYTES];
        if (report->cases[i].status != status || !ipm_text_leads_reason(report, i))
            continue;
        ipm_text_put(pen, style, name);
        ipm_text_move(pen, pen->column + 1);
        ipm_text_line(pen, IPM_TEXT_PLAIN, 2, "%s: %s", ipm_text_absent(report, i).text,
                      ipm_text_shared_reason(reason, report, i));
    }
}

static void notes_remark(struct ipm_text_pen *pen, enum ipm_text_style style,
                         const char *name, const char *text, unsigned indent) {
    ipm_text_move(pen, indent);
    ipm_text_put(pen, style, name);
    ipm_text_move(pen, pen->column + 1);
    ipm_text_line(pen, IPM_TEXT_PLAIN, indent + 2, "%s", text);
}

static void notes_top_warnings(struct ipm_text_pen *pen,
                               const struct ipm_report *report) {
    const struct ipm_warnings_top top = ipm_warnings_top(&report->warnings);
    for (size_t i = 0; i < top.count; i++) {
        char line[IPM_TEXT_ITEM_BYTES];
        (void)snprintf(line, sizeof line, "%s%s",
                       ipm_text_told(report, top.lines[i]).text,
                       i + 1 == top.count ? top.more : "");
        notes_remark(pen, IPM_TEXT_WARN, "warning:", line, 0);
    }
}

static void notes_all_warnings(struct ipm_text_pen *pen,
                               const struct ipm_report *report) {
    for (size_t i = 0; i < report->warnings.count; i++) {
        const struct ipm_warning *warning = &report->warnings.items[i];
        notes_remark(pen, IPM_TEXT_WARN,
                     "warning:", ipm_text_told(report, warning->message).text, 0);
        if (warning->effect[0] != '\0')
            notes_remark(pen, IPM_TEXT_BOLD,
                         "effect:", ipm_text_told(report, warning->effect).text, 2);
        if (warning->advice[0] != '\0')
            notes_remark(pen, IPM_TEXT_BOLD, "advice:", warning->advice, 2);
    }
}

static void notes_ending(struct ipm_text_pen *pen, const struct ipm_report *report) {
    if (report->run.status == IPM_RUN_INTERRUPTED)
        notes_remark(
            pen, IPM_TEXT_BAD, "interrupted:",
            "the run was stopped early; the results are of the trials done until "
            "then",
            0);
    if (report->run.status == IPM_RUN_FAILED)
        notes_remark(pen, IPM_TEXT_BAD, "failed:", "the run ended early", 0);
    if (report->error[0] != '\0')
        notes_remark(pen, IPM_TEXT_BAD, "error:", report->error, 0);
}

void ipm_text_notes(struct ipm_text_pen *pen, const struct ipm_report *report,
                    enum ipm_warnings_shown warnings) {
    notes_absent(pen, report, IPM_CASE_FAILED, "failed:", IPM_TEXT_BAD);
    notes_highest(pen, report);
    notes_fastest(pen, report);
    notes_placements(pen, report);
    notes_crossovers(pen, report);
    if (report->host.clock != IPM_CLOCK_INSTRUCTIONS) /* they are times */
        notes_references(pen, &report->references);
    notes_counters(pen, report);
    notes_cpus(pen, report);
    notes_absent(pen, report, IPM_CASE_SKIPPED, "skipped:", IPM_TEXT_DIM);
    notes_integrity(pen, report, IPM_INTEGRITY_LOSSY, "lossy: ", IPM_TEXT_WARN);
    notes_integrity(pen, report, IPM_INTEGRITY_CORRUPT, "corrupt: ", IPM_TEXT_BAD);
    if (warnings == IPM_WARNINGS_SHOW_TOP)
        notes_top_warnings(pen, report);
    if (warnings == IPM_WARNINGS_SHOW_ALL)
        notes_all_warnings(pen, report);
    notes_ending(pen, report);
}
