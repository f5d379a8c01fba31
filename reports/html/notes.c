/* notes.c - what was not measured and why, and warnings with advice. */
#include "model/report/report.h"
#include "reports/html/page.h"
#include "reports/html/run.h"

#include <stdbool.h>

struct notes_kind {
    enum ipm_case_status status;
    const char *word;
};

/* What is worse first. */
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
        (void)fputs("<tr><th scope=\"row\">", out);
        ipm_html_text(out, c->config.name);
        (void)fprintf(out, "</th><td><span class=\"badge %s\">%s</span></td><td>",
                      kind->word, kind->word);
        ipm_html_text(out, c->reason[0] != '\0' ? c->reason : "no reason given");
        (void)fputs("</td></tr>\n", out);
    }
}

void ipm_html_absent(FILE *out, const struct ipm_report *report) {
    if (notes_count(report) == 0)
        return;
    (void)fputs("<section aria-labelledby=\"absent\">\n"
                "<h2 id=\"absent\">Not measured</h2>\n"
                "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
                "aria-labelledby=\"absent-table\">\n<table class=\"words\">\n"
                "<caption id=\"absent-table\">Cases without figures</caption>\n"
                "<thead><tr><th scope=\"col\">case</th><th scope=\"col\">status</th>"
                "<th scope=\"col\">reason</th></tr></thead>\n<tbody>\n",
                out);
    for (size_t i = 0; i < sizeof notes_kinds / sizeof notes_kinds[0]; i++)
        notes_rows(out, report, &notes_kinds[i]);
    (void)fputs("</tbody>\n</table>\n</div>\n</section>\n", out);
}

void ipm_html_warnings(FILE *out, const struct ipm_report *report) {
    const struct ipm_warnings *warnings = &report->warnings;
    if (warnings->count == 0)
        return;
    (void)fputs("<section aria-labelledby=\"warnings\">\n"
                "<h2 id=\"warnings\">Warnings</h2>\n<ul class=\"warnings\">\n",
                out);
    for (size_t i = 0; i < warnings->count; i++) {
        (void)fputs("<li><p>", out);
        ipm_html_text(out, warnings->items[i].message);
        (void)fputs("</p>", out);
        if (warnings->items[i].advice[0] != '\0') {
            (void)fputs("\n<p><strong>Advice:</strong> ", out);
            ipm_html_text(out, warnings->items[i].advice);
            (void)fputs("</p>", out);
        }
        (void)fputs("</li>\n", out);
    }
    (void)fputs("</ul>\n</section>\n", out);
}
