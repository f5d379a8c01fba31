/* notes.c - cases that were not measured, with their reasons, and warnings with advice. */
#include "model/report/report.h"
#include "reports/columns/sections.h"
#include "reports/html/page.h"
#include "reports/html/run.h"

static void notes_rows(FILE *out, const struct ipm_report *report,
                       enum ipm_case_status status, const char *word) {
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        if (c->status != status)
            continue;
        ipm_html_print(out, "<tr><th scope=\"row\">%s</th>", c->config.name);
        ipm_html_badge(out, word, word);
        ipm_html_print(out, "<td>%s</td></tr>\n",
                       c->reason[0] != '\0' ? c->reason : "no reason given");
    }
}

void ipm_html_absent(FILE *out, const struct ipm_report *report) {
    static const char *const columns[] = {"case", "status", "reason", NULL};
    if (ipm_text_count(report, IPM_CASE_OK) == report->case_count)
        return;
    ipm_html_section_open(out, "absent", "Not measured");
    ipm_html_table_open(out, "absent-table", "words", "Cases without results", columns);
    notes_rows(out, report, IPM_CASE_FAILED, "failed");
    notes_rows(out, report, IPM_CASE_SKIPPED, "skipped");
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
