/* markdown.c - the report for a pull request or a wiki: a table for each pattern with the
 * columns of the text table, failed and skipped cases, and warnings. */
#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/sections.h"
#include "reports/common/clean.h"
#include "reports/common/comparison.h"
#include "reports/renderer.h"

#include <errno.h>
#include <inttypes.h>

extern const struct ipm_renderer ipm_renderer_markdown;

#define MARKDOWN(...) ipm_clean_print(out, ipm_escapes_markdown, __VA_ARGS__)

/* --- above the tables ------------------------------------------------------------------- */

static void markdown_item(FILE *out, const char *text) {
    if (text[0] != '\0')
        MARKDOWN(" · %s", text);
}

static void markdown_heading(FILE *out, const struct ipm_report *report) {
    MARKDOWN("### ipcmark %s\n\n", report->tool.version);
    (void)fprintf(out, "%" PRIu64 " round%s", report->settings.rounds,
                  report->settings.rounds == 1 ? "" : "s");
    markdown_item(out, report->host.cpu_model);
    markdown_item(out, report->host.kernel);
    markdown_item(out, report->host.virtualization);
    markdown_item(out, report->run.started_at);
    (void)fputs("\n", out);
}

/* --- a table ---------------------------------------------------------------------------- */

static void markdown_columns(FILE *out, const struct ipm_text_section *section) {
    (void)fputs("\n| case |", out);
    for (size_t i = 0; i < section->set->count; i++) {
        const struct ipm_text_column *column = &section->set->columns[i];
        if (ipm_text_shows(section, column))
            MARKDOWN(column->above[0] != '\0' ? " %s %s |" : "%s %s |", column->above,
                     column->heading);
    }
    (void)fputs("\n|---|", out);
    for (size_t i = 0; i < section->set->count; i++)
        if (ipm_text_shows(section, &section->set->columns[i]))
            (void)fputs("--:|", out);
    (void)fputs("\n", out);
}

static void markdown_row(FILE *out, const struct ipm_text_section *section,
                         const struct ipm_case *c, bool fastest) {
    MARKDOWN(fastest ? "| **%s** |" : "| %s |", c->config.name);
    for (size_t i = 0; i < section->set->count; i++) {
        const struct ipm_text_column *column = &section->set->columns[i];
        const struct ipm_statistic statistic = ipm_text_statistic(column, c);
        char cell[IPM_TEXT_CELL_BYTES];
        if (!ipm_text_shows(section, column))
            continue;
        column->format(cell, &statistic);
        MARKDOWN(" %s |", cell);
    }
    (void)fputs("\n", out);
}

/* The fastest of two or more cases of a group is bold. */
static void markdown_group(FILE *out, const struct ipm_text_section *section,
                           size_t first) {
    size_t ranked = 0;
    const struct ipm_case *fastest = ipm_text_fastest(section, first, &ranked);
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i)) {
        const struct ipm_case *c = &section->report->cases[i];
        if (c->status == IPM_CASE_OK)
            markdown_row(out, section, c, ranked > 1 && c == fastest);
    }
}

static void markdown_section(FILE *out, const struct ipm_text_section *section) {
    if (!ipm_text_has_rows(section))
        return;
    markdown_columns(out, section);
    for (size_t i = section->begin; i < section->end; i++)
        if (ipm_text_leads(section, i))
            markdown_group(out, section, i);
}

static void markdown_tables(FILE *out, const struct ipm_report *report) {
    for (size_t begin = 0; begin < report->case_count;) {
        const struct ipm_text_section section = ipm_text_section_at(report, begin);
        markdown_section(out, &section);
        begin = section.end;
    }
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
        MARKDOWN("- %s: %s\n", c->config.name,
                 c->reason[0] != '\0' ? c->reason : "no reason given");
    }
    if (begun && status == IPM_CASE_SKIPPED)
        (void)fputs("\n</details>\n", out);
}

static void markdown_warnings(FILE *out, const struct ipm_warnings *warnings) {
    (void)fputs(warnings->count > 0 ? "\n**Warnings**\n\n" : "", out);
    for (size_t i = 0; i < warnings->count; i++)
        MARKDOWN(warnings->items[i].advice[0] != '\0' ? "- %s; advice: %s\n" : "- %s%s\n",
                 warnings->items[i].message, warnings->items[i].advice);
}

static void markdown_ending(FILE *out, const struct ipm_report *report) {
    if (report->run.status == IPM_RUN_INTERRUPTED)
        (void)fputs("\n**Interrupted**: the results are of the trials done until then.\n",
                    out);
    if (report->error[0] != '\0')
        MARKDOWN("\n**Error**: %s\n", report->error);
}

static int markdown_render(const struct ipm_report *report,
                           const struct ipm_render_options *options, FILE *out,
                           struct ipm_err *err) {
    (void)options;
    errno = 0;
    markdown_heading(out, report);
    markdown_tables(out, report);
    markdown_absent(out, report, IPM_CASE_FAILED, "\n**Failed**\n\n");
    markdown_absent(out, report, IPM_CASE_SKIPPED,
                    "\n<details><summary>Skipped</summary>\n\n");
    markdown_warnings(out, &report->warnings);
    markdown_ending(out, report);
    return ipm_clean_end(out, "Markdown", err);
}

const struct ipm_renderer ipm_renderer_markdown = {
    .name = "markdown",
    .summary = "tables for a pull request, an issue or a job summary",
    .render = markdown_render,
    .render_comparison = ipm_comparison_markdown,
};
