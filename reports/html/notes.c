/* notes.c - cases that were not measured, with their reasons, and warnings with advice. */
#include "model/report/report.h"
#include "reports/html/page.h"
#include "reports/html/run.h"

#include <stdbool.h>

struct notes_kind {
    enum ipm_case_status status;
    const char *word;
};

/* Failed cases come first. */
static const struct notes_kind notes_kinds[] = {
    {IPM_CASE_FAILED, "failed"},
    {IPM_CASE_SKIPPED, "skipped"},
};

static size_t notes_count(const struct ipm_report *report) {
    size_t count = 0;
    for (size_t i = 0; i < report->case_count; i++)
        count += report->cases[i].status != IPM_CASE_OK;
    return count;
}

static void notes_rows(FILE *out, const struct ipm_report *report,
                       const struct notes_kind *kind) {
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        if (c->status != kind->status)
            continue;
        ipm_html_print(out, "<tr><th scope=\"row\">%s</th>", c->config.name);
        ipm_html_badge(out, kind->word, kind->word);
        ipm_html_print(out, "<td>%s</td></tr>\n",
                       c->reason[0] != '\0' ? c->reason : "no reason given");
    }
}

void ipm_html_absent(FILE *out, const struct ipm_report *report) {
    static const char *const columns[] = {"case", "status", "reason", NULL};
    if (notes_count(report) == 0)
        return;
    ipm_html_section_open(out, "absent", "Not measured");
    ipm_html_table_open(out, "absent-table", "words", "Cases without results", columns);
    for (size_t i = 0; i < sizeof notes_kinds / sizeof notes_kinds[0]; i++)
        notes_rows(out, report, &notes_kinds[i]);
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
