/* notes.c - writes the lines above and below the table. */
#include "reports/text/text.h"

#include "base/units.h"
#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/format.h"
#include "reports/columns/sections.h"
#include "reports/renderer.h"
#include "reports/text/pen.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTES_ITEM_BYTES = 704 };

/* A line "name: item · item". It is written when its first item is added; an empty item is left
 * out. */
struct notes_line {
    struct ipm_text_pen *pen;
    const char *name;
    enum ipm_text_style style;
    size_t count;
};

__attribute__((format(printf, 2, 3))) static void notes_item(struct notes_line *line,
                                                             const char *format, ...) {
    char item[NOTES_ITEM_BYTES];
    unsigned indent = (unsigned)strlen(line->name);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(item, sizeof item, format, arguments);
    va_end(arguments);
    if (item[0] == '\0')
        return;
    if (line->count == 0) {
        ipm_text_put(line->pen, line->style, line->name);
        ipm_text_move(line->pen, indent);
    }
    ipm_text_item(line->pen, IPM_TEXT_PLAIN, item, indent, line->count == 0);
    line->count++;
}

static void notes_end(const struct notes_line *line) {
    if (line->count > 0)
        ipm_text_newline(line->pen);
}

static void notes_machine(struct notes_line *line, const struct ipm_host *host) {
    notes_item(line, "%s", host->cpu_model);
    char quota[IPM_TEXT_CELL_BYTES] = "";
    if (isfinite(host->cpu_quota_cpus))
        (void)snprintf(quota, sizeof quota, ", quota %.3g", host->cpu_quota_cpus);
    if (host->cpus_online > 0 && host->cpus_allowed > 0 &&
        host->cpus_allowed != host->cpus_online) {
        notes_item(line, "%" PRId64 " of %" PRId64 " CPUs%s", host->cpus_allowed,
                   host->cpus_online, quota);
    } else if (host->cpus_online > 0) {
        notes_item(line, "%" PRId64 " CPU%s%s", host->cpus_online,
                   host->cpus_online == 1 ? "" : "s", quota);
    }
    notes_item(line, "%s", host->kernel);
    if (strcmp(host->virtualization, "none") != 0)
        notes_item(line, "%s", host->virtualization);
    if (host->congestion[0] != '\0')
        notes_item(line, "TCP %s", host->congestion);
}

static void notes_settings(struct notes_line *line, const struct ipm_report *report) {
    char text[IPM_UNITS_TEXT_BYTES];
    const struct ipm_options *settings = &report->settings;
    notes_item(line, "%" PRIu64 " round%s \u00d7 %s", settings->rounds,
               settings->rounds == 1 ? "" : "s",
               ipm_units_time(text, (double)settings->duration_ns));
    if (settings->recv_rule == IPM_RECV_MESSAGE) {
        notes_item(line, "receive buffer: the message");
    } else if (settings->recv_rule == IPM_RECV_BYTES) {
        char size[IPM_TEXT_CELL_BYTES];
        ipm_text_size(size, settings->common.recv_bytes);
        notes_item(line, "receive buffer: %s", size);
    }
    notes_item(line, "seed %" PRIu64, report->run.seed);
}

static void notes_plugins(struct ipm_text_pen *pen, const struct ipm_origins *plugins) {
    for (size_t i = 0; i < plugins->count; i++) {
        const struct ipm_origin *plugin = &plugins->items[i];
        struct notes_line line = {
            .pen = pen, .name = "plugin: ", .style = IPM_TEXT_PLAIN};
        notes_item(&line, "%s", plugin->path);
        for (size_t j = 0; j < plugin->transports.count; j++)
            notes_item(&line, "%s", plugin->transports.items[j]);
        notes_end(&line);
    }
}

static void notes_beside(struct ipm_text_pen *pen, const char *command) {
    struct notes_line line = {.pen = pen, .name = "beside: ", .style = IPM_TEXT_PLAIN};
    if (command[0] == '\0')
        return;
    notes_item(&line, "%s", command);
    notes_end(&line);
}

void ipm_text_heading(struct ipm_text_pen *pen, const struct ipm_report *report) {
    struct notes_line line = {.pen = pen, .name = "", .style = IPM_TEXT_PLAIN};
    notes_machine(&line, &report->host);
    notes_settings(&line, report);
    notes_end(&line);
    notes_plugins(pen, &report->settings.plugins);
    notes_beside(pen, report->settings.beside);
    ipm_text_newline(pen);
}

/* Adds the group and the row of a case, and what is said of it. */
static void notes_case(struct notes_line *line, const struct ipm_case *c, bool named,
                       const char *result) {
    char title[IPM_TEXT_TITLE_BYTES];
    char label[IPM_TEXT_TITLE_BYTES];
    ipm_text_title(title, &c->config, " ", named);
    ipm_text_label(label, &c->config);
    notes_item(line, "%.200s %.100s%s", title, label, result);
}

static void notes_fastest_of(struct notes_line *line,
                             const struct ipm_text_section *section, size_t first) {
    size_t ranked = 0;
    const struct ipm_case *fastest = ipm_text_fastest(section, first, &ranked);
    if (ranked < 2) /* there is nothing to compare */
        return;
    const struct ipm_text_column *column = &section->set->columns[0];
    const struct ipm_statistic statistic = ipm_text_statistic(column, fastest);
    char rate[IPM_TEXT_CELL_BYTES];
    char result[2 * IPM_TEXT_CELL_BYTES];
    column->format(rate, &statistic);
    (void)snprintf(result, sizeof result, " %s %.20s", rate, column->heading);
    notes_case(line, fastest, section->named, result);
}

static void notes_fastest(struct ipm_text_pen *pen, const struct ipm_report *report) {
    struct notes_line line = {.pen = pen, .name = "fastest: ", .style = IPM_TEXT_GOOD};
    for (size_t begin = 0; begin < report->case_count;) {
        const struct ipm_text_section section = ipm_text_section_at(report, begin);
        for (size_t i = begin; i < section.end; i++)
            if (ipm_text_leads(&section, i))
                notes_fastest_of(&line, &section, i);
        begin = section.end;
    }
    notes_end(&line);
}

enum { NOTES_CROSSOVERS_MOST = 6 };

static void notes_crossovers(struct ipm_text_pen *pen, const struct ipm_report *report) {
    struct notes_line line = {.pen = pen, .name = "crossover: ", .style = IPM_TEXT_GOOD};
    const size_t count = report->crossovers.count;
    for (size_t i = 0; i < count && i < NOTES_CROSSOVERS_MOST; i++) {
        const struct ipm_crossover *crossover = &report->crossovers.items[i];
        struct ipm_case_config shared = crossover->passed;
        char labels[2][IPM_TEXT_TITLE_BYTES];
        char sizes[2][IPM_TEXT_CELL_BYTES];
        char title[IPM_TEXT_TITLE_BYTES];
        shared.message_bytes = 0; /* which leaves it out of the title */
        ipm_text_title(title, &shared, " ", ipm_text_names_patterns(report));
        ipm_text_label(labels[0], &crossover->passed);
        ipm_text_label(labels[1], &crossover->passes);
        ipm_text_about(sizes[0], (double)crossover->passed.message_bytes);
        ipm_text_about(sizes[1], (double)crossover->passes.message_bytes);
        notes_item(&line, "%.100s passes %.100s between %s and %s%s%.100s", labels[1],
                   labels[0], sizes[0], sizes[1], title[0] != '\0' ? ", " : "", title);
    }
    if (count > NOTES_CROSSOVERS_MOST)
        notes_item(&line, "and %zu more", count - NOTES_CROSSOVERS_MOST);
    if (count == 0 && report->settings.find_crossovers)
        notes_item(&line, "none between these sizes");
    notes_end(&line);
}

static void notes_reference(struct notes_line *line, const char *name, const char *unit,
                            const struct ipm_statistic *statistic) {
    char number[IPM_TEXT_CELL_BYTES];
    ipm_text_median(number, statistic);
    if (isfinite(statistic->median))
        notes_item(line, "%s %s %s", name, number, unit);
}

static void notes_references(struct ipm_text_pen *pen,
                             const struct ipm_references *references) {
    struct notes_line line = {.pen = pen, .name = "reference: ", .style = IPM_TEXT_BOLD};
    for (size_t i = 0; i < references->sizes.count; i++) {
        const struct ipm_statistic *rate = &references->memcpy_bytes_per_second[i];
        char size[IPM_TEXT_CELL_BYTES];
        char number[IPM_TEXT_CELL_BYTES];
        ipm_text_size(size, references->sizes.items[i]);
        ipm_text_mebibytes(number, rate);
        if (isfinite(rate->median))
            notes_item(&line, "memcpy %s %s MiB/s", size, number);
    }
    notes_reference(&line, "null system call", "ns", &references->null_syscall_ns);
    notes_reference(&line, "core to core", "ns", &references->core_to_core_ns);
    notes_reference(&line, "null transport", "ns/msg",
                    &references->null_transport_ns_per_message);
    notes_end(&line);
}

/* Adds "64 B pipe faults 0+0.01 / 0+0.02": user and kernel, of the sender and the receiver. */
static void notes_counted(struct notes_line *line, const struct ipm_case *c, bool named,
                          const struct ipm_names *counters, size_t at) {
    const size_t first = ipm_metric_of_counter(counters->items[at]);
    char cells[IPM_METRICS_OF_COUNTER][IPM_TEXT_CELL_BYTES];
    char result[5 * IPM_TEXT_CELL_BYTES];
    if (first == IPM_METRICS)
        return;
    for (size_t i = 0; i < IPM_METRICS_OF_COUNTER; i++)
        ipm_text_median(cells[i], &c->summary.metrics[first + i]);
    (void)snprintf(result, sizeof result, " %s %s+%s / %s+%s", counters->items[at],
                   cells[0], cells[1], cells[2], cells[3]);
    notes_case(line, c, named, result);
}

static void notes_counters(struct ipm_text_pen *pen, const struct ipm_report *report) {
    const bool named = ipm_text_names_patterns(report);
    const struct ipm_names *counters = &report->settings.counters;
    struct notes_line line = {.pen = pen, .name = "counters: ", .style = IPM_TEXT_BOLD};
    if (counters->count > 0)
        notes_item(&line, "per message, user+kernel, sender / receiver");
    for (size_t i = 0; i < report->case_count; i++)
        for (size_t k = 0; k < counters->count; k++)
            if (report->cases[i].status == IPM_CASE_OK)
                notes_counted(&line, &report->cases[i], named, counters, k);
    notes_end(&line);
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

/* With many clients, only the CPU of one is known, so such cases are left out. */
static void notes_placement(struct ipm_text_pen *pen, const struct ipm_report *report) {
    struct notes_line line = {.pen = pen, .name = "placement: ", .style = IPM_TEXT_BOLD};
    struct notes_places places = {0};
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        for (size_t t = 0; c->config.server[0] == '\0' && t < c->trial_count; t++)
            notes_add_place(&places, c->trials[t].usage[IPM_SENDER].last_cpu,
                            c->trials[t].usage[IPM_RECEIVER].last_cpu);
    }
    qsort(places.items, places.count, sizeof places.items[0], notes_place_order);
    for (size_t i = 0; i < places.count && i < NOTES_PLACES_SHOWN; i++)
        notes_item(&line, "%s%" PRId64 "/%" PRId64 " in %.0f %%%s",
                   i == 0 ? "sender/receiver on CPU " : "", places.items[i].sender_cpu,
                   places.items[i].receiver_cpu,
                   floor(100.0 * (double)places.items[i].trials / (double)places.trials),
                   i == 0 ? " of trials" : "");
    notes_end(&line);
}

/* --- what was lost, warnings, the end --------------------------------------------------- */

static void notes_integrity(struct ipm_text_pen *pen, const struct ipm_report *report,
                            enum ipm_integrity_status status, const char *name,
                            enum ipm_text_style style) {
    const bool named = ipm_text_names_patterns(report);
    struct notes_line line = {.pen = pen, .name = name, .style = style};
    for (size_t i = 0; i < report->case_count; i++)
        if (report->cases[i].integrity.status == status)
            notes_case(&line, &report->cases[i], named, "");
    notes_end(&line);
}

static void notes_remark(struct ipm_text_pen *pen, enum ipm_text_style style,
                         const char *name, const char *text, unsigned indent) {
    ipm_text_move(pen, indent);
    ipm_text_put(pen, style, name);
    ipm_text_move(pen, pen->column + 1);
    ipm_text_line(pen, IPM_TEXT_PLAIN, indent + 2, "%s", text);
}

static void notes_top_warnings(struct ipm_text_pen *pen,
                               const struct ipm_warnings *warnings) {
    const struct ipm_warnings_top top = ipm_warnings_top(warnings);
    for (size_t i = 0; i < top.count; i++) {
        char line[NOTES_ITEM_BYTES];
        (void)snprintf(line, sizeof line, "%s%s", top.lines[i],
                       i + 1 == top.count ? top.more : "");
        notes_remark(pen, IPM_TEXT_WARN, "warning:", line, 0);
    }
}

static void notes_all_warnings(struct ipm_text_pen *pen,
                               const struct ipm_warnings *warnings) {
    for (size_t i = 0; i < warnings->count; i++) {
        const struct ipm_warning *warning = &warnings->items[i];
        notes_remark(pen, IPM_TEXT_WARN, "warning:", warning->message, 0);
        if (warning->effect[0] != '\0')
            notes_remark(pen, IPM_TEXT_BOLD, "effect:", warning->effect, 2);
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
    notes_fastest(pen, report);
    notes_crossovers(pen, report);
    notes_references(pen, &report->references);
    notes_counters(pen, report);
    notes_placement(pen, report);
    notes_integrity(pen, report, IPM_INTEGRITY_LOSSY, "lossy: ", IPM_TEXT_WARN);
    notes_integrity(pen, report, IPM_INTEGRITY_CORRUPT, "corrupt: ", IPM_TEXT_BAD);
    if (warnings == IPM_WARNINGS_SHOW_TOP)
        notes_top_warnings(pen, &report->warnings);
    if (warnings == IPM_WARNINGS_SHOW_ALL)
        notes_all_warnings(pen, &report->warnings);
    notes_ending(pen, report);
}
