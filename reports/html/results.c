/* results.c - the table of a pattern with the columns of the text table and a body for each
 * group of cases; the cases that were not measured, with their reasons; warnings with advice. */
#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/sections.h"
#include "reports/html/page.h"
#include "reports/html/run.h"

#include <string.h>

static size_t results_columns(FILE *out, const struct ipm_text_section *section) {
    size_t count = 1;
    (void)fputs("<thead><tr><th scope=\"col\">transport</th>", out);
    for (size_t i = 0; i < section->set->count; i++) {
        const struct ipm_text_column *column = &section->set->columns[i];
        if (!ipm_text_shows(section, column))
            continue;
        ipm_html_print(out,
                       column->above[0] != '\0' ? "<th scope=\"col\">%s <br>%s</th>"
                                                : "<th scope=\"col\">%s%s</th>",
                       column->above, column->heading);
        count++;
    }
    (void)fputs("</tr></thead>\n", out);
    return count;
}

static void results_badge(FILE *out, bool wanted, const char *word) {
    if (wanted)
        (void)fprintf(out, " <span class=\"badge %s\">%s</span>", word, word);
}

static void results_row(FILE *out, const struct ipm_html_run *page,
                        const struct ipm_text_section *section, size_t index,
                        bool fastest) {
    const struct ipm_case *c = &section->report->cases[index];
    const size_t series = page->series.of_case[index];
    (void)fprintf(out, "<tr%s><th scope=\"row\">", fastest ? " class=\"best\"" : "");
    ipm_html_swatch(out, series);
    ipm_html_print(out, " %s", page->series.names[series]);
    results_badge(out, fastest, "fastest");
    results_badge(out, c->integrity.status == IPM_INTEGRITY_LOSSY, "lossy");
    results_badge(out, c->integrity.status == IPM_INTEGRITY_CORRUPT, "corrupt");
    (void)fputs("</th>", out);
    for (size_t i = 0; i < section->set->count; i++) {
        char cell[IPM_TEXT_CELL_BYTES];
        const struct ipm_text_column *column = &section->set->columns[i];
        const struct ipm_statistic statistic = ipm_text_statistic(column, c);
        if (!ipm_text_shows(section, column))
            continue;
        column->format(cell, &statistic);
        const bool alarm = column->alarming && statistic.mean > 0;
        ipm_html_print(out, alarm ? "<td class=\"alarm\">%s</td>" : "<td>%s</td>", cell);
    }
    (void)fputs("</tr>\n", out);
}

static void results_group(FILE *out, const struct ipm_html_run *page,
                          const struct ipm_text_section *section, size_t first,
                          size_t columns) {
    size_t ranked = 0;
    char title[IPM_TEXT_TITLE_BYTES];
    const struct ipm_case *cases = section->report->cases;
    const struct ipm_case *fastest = ipm_text_fastest(section, first, &ranked);
    bool begun = false;
    ipm_text_title(title, &cases[first].config, " \u00b7 ", false);
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i)) {
        if (cases[i].status != IPM_CASE_OK)
            continue;
        if (!begun)
            ipm_html_print(out,
                           "<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" "
                           "colspan=\"%zu\"><span>%s</span></th></tr>\n",
                           columns, title);
        begun = true;
        results_row(out, page, section, i, ranked > 1 && &cases[i] == fastest);
    }
    (void)fputs(begun ? "</tbody>\n" : "", out);
}

void ipm_html_results(FILE *out, const struct ipm_html_run *page,
                      const struct ipm_text_section *section) {
    if (!ipm_text_has_rows(section)) {
        (void)fputs("<p>No case was measured: see below.</p>\n", out);
        return;
    }
    char id[32];
    char caption[IPM_TEXT_TITLE_BYTES];
    (void)snprintf(id, sizeof id, "t%zu", section->begin);
    (void)snprintf(caption, sizeof caption,
                   "Results: %s; medians over the trials, mean of the loss",
                   section->report->cases[section->begin].config.pattern);
    ipm_html_table_begin(out, id, "results", caption);
    const size_t columns = results_columns(out, section);
    for (size_t i = section->begin; i < section->end; i++)
        if (ipm_text_leads(section, i))
            results_group(out, page, section, i, columns);
    (void)fputs("</table>\n</div>\n", out);
}

/* --- cases without results, and warnings ------------------------------------------------- */

static void results_absent(FILE *out, const struct ipm_report *report,
                           enum ipm_case_status status) {
    const char *word = ipm_case_status_words[status];
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        if (c->status != status)
            continue;
        ipm_html_row_open(out, c->config.name);
        ipm_html_badge(out, word, word);
        ipm_html_cells(out, c->reason[0] != '\0' ? c->reason : "no reason given");
    }
}

void ipm_html_absent(FILE *out, const struct ipm_report *report) {
    if (ipm_text_count(report, IPM_CASE_OK) == report->case_count)
        return;
    ipm_html_section_open(out, "absent", "Not measured");
    ipm_html_table_open(out, "absent-table", "words", "Cases without results", "case",
                        "status", "reason");
    results_absent(out, report, IPM_CASE_FAILED);
    results_absent(out, report, IPM_CASE_SKIPPED);
    ipm_html_table_close(out);
    (void)fputs("</section>\n", out);
}

void ipm_html_warnings(FILE *out, const struct ipm_report *report) {
    const struct ipm_warnings *warnings = &report->warnings;
    if (warnings->count == 0)
        return;
    ipm_html_section_open(out, "warnings", "Warnings");
    (void)fputs("<ul class=\"warnings\">\n", out);
    for (size_t i = 0; i < warnings->count; i++) {
        ipm_html_print(out, "<li><p>%s</p>", warnings->items[i].message);
        if (warnings->items[i].advice[0] != '\0')
            ipm_html_print(out, "\n<p><strong>Advice:</strong> %s</p>",
                           warnings->items[i].advice);
        (void)fputs("</li>\n", out);
    }
    (void)fputs("</ul>\n</section>\n", out);
}
