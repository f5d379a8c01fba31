/* markdown.c - for a pull request or a wiki. Of a run: a table for each pattern with the columns
 * of the text table, failed and skipped cases, and warnings. Of a comparison: the worst results
 * first, unchanged results folded. */
#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/sections.h"
#include "reports/columns/words.h"
#include "reports/common/clean.h"
#include "reports/common/comparison.h"
#include "reports/renderer.h"

#include <errno.h>
#include <inttypes.h>

#define MARKDOWN(...) ipm_clean_print(out, ipm_escapes_markdown, __VA_ARGS__)

/* --- above the tables ------------------------------------------------------------------- */

/* Writes a separator and the text, or nothing where the text is empty. */
static void markdown_part(FILE *out, const char *before, const char *text) {
    if (text[0] == '\0')
        return;
    (void)fputs(before, out);
    MARKDOWN("%s", text);
}

static void markdown_labels(FILE *out, const struct ipm_labels *labels) {
    for (size_t i = 0; i < labels->count; i++)
        markdown_part(out, " · ", ipm_label_text(&labels->items[i]).text);
}

static void markdown_heading(FILE *out, const struct ipm_report *report) {
    MARKDOWN("### ipcmark %s\n\n", report->tool.version);
    (void)fprintf(out, "%" PRIu64 " round%s", report->settings.rounds,
                  report->settings.rounds == 1 ? "" : "s");
    markdown_part(out, " · ", report->host.cpu_model);
    markdown_part(out, " · ", report->host.kernel);
    markdown_part(out, " · ", report->host.virtualization);
    markdown_part(out, " · ", report->run.started_at);
    markdown_labels(out, &report->run.labels);
    (void)fputs("\n", out);
}

/* --- a table ---------------------------------------------------------------------------- */

/* A section and its columns that are shown, which takes a look at all of its cases. */
struct markdown_table {
    const struct ipm_text_section *section;
    size_t count;
    const struct ipm_text_column *columns[IPM_TEXT_COLUMNS_MOST];
};

static void markdown_choose(struct markdown_table *table) {
    const struct ipm_text_set *const set = table->section->set;
    for (size_t i = 0; i < set->count; i++)
        if (ipm_text_shows(table->section, &set->columns[i]))
            table->columns[table->count++] = &set->columns[i];
}

static void markdown_columns(FILE *out, const struct markdown_table *table) {
    (void)fputs("\n| case |", out);
    for (size_t i = 0; i < table->count; i++) {
        const struct ipm_text_column *column = table->columns[i];
        MARKDOWN(column->above[0] != '\0' ? " %s %s |" : "%s %s |", column->above,
                 ipm_text_column_heading(column, false, table->section->unit));
    }
    (void)fputs("\n|---|", out);
    for (size_t i = 0; i < table->count; i++)
        (void)fputs("--:|", out);
    (void)fputs("\n", out);
}

static void markdown_row(FILE *out, const struct markdown_table *table,
                         const struct ipm_case *c, bool fastest) {
    MARKDOWN(fastest ? "| **%s** |" : "| %s |", c->config.name);
    for (size_t i = 0; i < table->count; i++)
        MARKDOWN(" %s |", ipm_text_cell(table->columns[i], c, table->section->unit).text);
    (void)fputs("\n", out);
}

/* The fastest of two or more cases of a group is bold. */
static void markdown_group(FILE *out, const struct markdown_table *table, size_t first) {
    const struct ipm_text_section *const section = table->section;
    size_t ranked = 0;
    const struct ipm_case *fastest = ipm_text_fastest(section, first, &ranked);
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i)) {
        const struct ipm_case *c = &section->report->cases[i];
        if (c->status == IPM_CASE_OK)
            markdown_row(out, table, c, ranked > 1 && c == fastest);
    }
}

static void markdown_section(FILE *out, const struct ipm_text_section *section) {
    struct markdown_table table = {.section = section};
    if (!ipm_text_has_rows(section))
        return;
    markdown_choose(&table);
    markdown_columns(out, &table);
    for (size_t i = section->begin; i < section->end; i++)
        if (ipm_text_leads(section, i))
            markdown_group(out, &table, i);
}

static void markdown_tables(FILE *out, const struct ipm_report *report,
                            const struct ipm_text_unit *unit) {
    struct ipm_text_section section = {.report = report, .unit = unit};
    while (ipm_text_section_next(&section))
        markdown_section(out, &section);
}

/* --- below them ------------------------------------------------------------------------- */

static void markdown_absent(FILE *out, const struct ipm_report *report,
                            enum ipm_case_status status, const char *title) {
    bool begun = false;
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        if (c->status != status)
            continue;
        (void)fputs(begun ? "" : title, out);
        begun = true;
        MARKDOWN("- %s: %s\n", c->config.name, ipm_text_reason(report, i));
    }
    if (begun && status == IPM_CASE_SKIPPED)
        (void)fputs("\n</details>\n", out);
}

static void markdown_top_warnings(FILE *out, const struct ipm_report *report) {
    const struct ipm_warnings_top top = ipm_warnings_top(&report->warnings);
    for (size_t i = 0; i < top.count; i++)
        MARKDOWN("- %s%s\n", ipm_text_told(report, top.lines[i]).text,
                 i + 1 == top.count ? top.more : "");
}

static void markdown_warnings(FILE *out, const struct ipm_report *report,
                              enum ipm_warnings_shown shown) {
    const struct ipm_warnings *warnings = &report->warnings;
    if (warnings->count == 0 || shown == IPM_WARNINGS_SHOW_NONE)
        return;
    (void)fputs("\n**Warnings**\n\n", out);
    if (shown == IPM_WARNINGS_SHOW_TOP) {
        markdown_top_warnings(out, report);
        return;
    }
    for (size_t i = 0; i < warnings->count; i++) {
        MARKDOWN("- %s", ipm_text_told(report, warnings->items[i].message).text);
        markdown_part(
            out, "; effect: ", ipm_text_told(report, warnings->items[i].effect).text);
        markdown_part(out, "; advice: ", warnings->items[i].advice);
        (void)fputs("\n", out);
    }
}

static void markdown_ending(FILE *out, const struct ipm_report *report) {
    if (report->run.status == IPM_RUN_INTERRUPTED)
        (void)fputs("\n**Interrupted**: the results are of the trials done until then.\n",
                    out);
    if (report->error[0] != '\0')
        MARKDOWN("\n**Error**: %s\n", report->error);
}

static int markdown_render(const struct ipm_document *document,
                           const struct ipm_render_options *options, FILE *out,
                           struct ipm_err *err) {
    const struct ipm_report *report = document->report;
    errno = 0;
    markdown_heading(out, report);
    markdown_tables(out, report, ipm_text_unit_of(options->unit, report));
    markdown_absent(out, report, IPM_CASE_FAILED, "\n**Failed**\n\n");
    markdown_absent(out, report, IPM_CASE_SKIPPED,
                    "\n<details><summary>Skipped</summary>\n\n");
    markdown_warnings(out, report, options->warnings);
    markdown_ending(out, report);
    return ipm_clean_end(out, "Markdown", err);
}

/* --- a comparison ------------------------------------------------------------------------ */

static void markdown_run(FILE *out, const struct ipm_comparison *comparison,
                         const struct ipm_compared_run *run) {
    MARKDOWN("- **%s** %s", ipm_comparison_arm(comparison, run->side),
             run->name[0] != '\0' ? run->name : "(unchanged)");
    markdown_part(out, " · ipcmark ", run->version);
    markdown_part(out, " · commit ", run->commit);
    markdown_part(out, " · ", run->hostname);
    markdown_part(out, " · ", run->kernel);
    markdown_part(out, " · ", run->started_at);
    markdown_labels(out, &run->labels);
    (void)fputs("\n", out);
}

static void markdown_differences(FILE *out, const struct ipm_comparison *comparison) {
    if (comparison->difference_count > 0)
        (void)fputs("\n**Differences**\n\n", out);
    for (size_t i = 0; i < comparison->difference_count; i++) {
        const struct ipm_difference *difference = &comparison->differences[i];
        MARKDOWN("- %s: %s → %s\n", difference->what,
                 ipm_comparison_known(difference->sides[IPM_ARM_BASE]),
                 ipm_comparison_known(difference->sides[IPM_ARM_NEW]));
    }
}

static void markdown_result(FILE *out, const struct ipm_comparison *comparison,
                            const struct ipm_compared *compared,
                            enum ipm_unit_choice unit) {
    const struct ipm_comparison_cells cells =
        ipm_comparison_cells(comparison, compared, unit);
    const bool regressed = compared->verdict == IPM_VERDICT_REGRESSED;
    MARKDOWN(regressed ? "| **%s** |" : "| %s |", ipm_verdict_words[compared->verdict]);
    MARKDOWN(" %s | %s | %s | %s | %s | %s | %s | %s |\n",
             ipm_text_case(&comparison->cases[compared->case_index]).text,
             compared->metric->name, cells.sides[IPM_ARM_BASE].text,
             cells.sides[IPM_ARM_NEW].text, cells.change.text, cells.interval.text,
             cells.limit.text, cells.note);
}

/* Writes the unchanged results, or all others. */
static void markdown_results(FILE *out, const struct ipm_comparison *comparison,
                             bool same, enum ipm_unit_choice unit) {
    (void)fprintf(out,
                  "\n| verdict | case | metric | %s | %s | change | 95 %% interval | "
                  "limit | |\n|---|---|---|--:|--:|--:|--:|--:|---|\n",
                  ipm_comparison_arm(comparison, IPM_ARM_BASE),
                  ipm_comparison_arm(comparison, IPM_ARM_NEW));
    for (size_t i = 0; i < comparison->result_count; i++)
        if ((comparison->results[i].verdict == IPM_VERDICT_SAME) == same)
            markdown_result(out, comparison, &comparison->results[i], unit);
}

static void markdown_all_results(FILE *out, const struct ipm_comparison *comparison,
                                 enum ipm_unit_choice unit) {
    const size_t same = ipm_comparison_count(comparison, IPM_VERDICT_SAME);
    if (same < comparison->result_count)
        markdown_results(out, comparison, false, unit);
    if (same == 0)
        return;
    (void)fprintf(out, "\n<details><summary>%zu same</summary>\n", same);
    markdown_results(out, comparison, true, unit);
    (void)fputs("\n</details>\n", out);
}

static void markdown_unmatched(FILE *out, const struct ipm_comparison *comparison,
                               bool bad, const char *title) {
    bool begun = false;
    for (size_t i = 0; i < comparison->unmatched_count; i++) {
        const struct ipm_unmatched *unmatched = &comparison->unmatched[i];
        if (ipm_comparison_is_bad(comparison, unmatched) != bad)
            continue;
        (void)fputs(begun ? "" : title, out);
        begun = true;
        MARKDOWN("- %s (%s)",
                 ipm_text_case(&comparison->cases[unmatched->case_index]).text,
                 ipm_comparison_state(comparison, unmatched->state).text);
        markdown_part(out, ": ", unmatched->reason);
        (void)fputs("\n", out);
    }
    if (begun && !bad)
        (void)fputs("\n</details>\n", out);
}

static int markdown_compare(const struct ipm_document *document,
                            const struct ipm_render_options *options, FILE *out,
                            struct ipm_err *err) {
    const struct ipm_comparison *comparison = document->comparison;
    char note[IPM_COMPARISON_NOTE_BYTES];
    errno = 0;
    ipm_comparison_say(note, comparison);
    (void)fprintf(out, "### ipcmark %s\n\n", note);
    for (size_t i = 0; i < comparison->run_count; i++)
        markdown_run(out, comparison, &comparison->runs[i]);
    if (comparison->seed != 0)
        (void)fprintf(out, "- order: seed %" PRIu64 "\n", comparison->seed);
    markdown_differences(out, comparison);
    markdown_all_results(out, comparison, options->unit);
    markdown_unmatched(out, comparison, true, "\n**Missing or broken**\n\n");
    markdown_unmatched(out, comparison, false,
                       "\n<details><summary>Not compared</summary>\n\n");
    return ipm_clean_end(out, "Markdown", err);
}

const struct ipm_renderer ipm_renderer_markdown = {
    .name = "markdown",
    .summary = "tables for a pull request, an issue or a job summary",
    .render = {[IPM_DOCUMENT_REPORT] = markdown_render,
               [IPM_DOCUMENT_COMPARISON] = markdown_compare},
};
