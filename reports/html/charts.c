/* charts.c - the drawings of a pattern in their order: the rates, then the costs of each
 * group of cases. Groups after the first are folded. */
#include "model/report/report.h"
#include "reports/columns/sections.h"
#include "reports/html/run.h"

static void charts_group(FILE *out, struct ipm_html_run *page,
                         const struct ipm_text_section *section, size_t first) {
    ipm_html_latencies(out, page, section, first);
    ipm_html_costs(out, page, section, first);
}

static bool charts_has_figures(const struct ipm_text_section *section, size_t first) {
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i))
        if (section->report->cases[i].status == IPM_CASE_OK)
            return true;
    return false;
}

void ipm_html_charts(FILE *out, struct ipm_html_run *page,
                     const struct ipm_text_section *section) {
    size_t groups = 0;
    (void)fputs("<div class=\"charts\">\n", out);
    ipm_html_rates(out, page, section);
    for (size_t i = section->begin; i < section->end; i++) {
        if (!ipm_text_leads(section, i) || !charts_has_figures(section, i))
            continue;
        if (groups++ == 1)
            (void)fputs(
                "</div>\n<details class=\"more\">\n<summary>Costs of the other cases"
                "</summary>\n<div class=\"charts\">\n",
                out);
        charts_group(out, page, section, i);
    }
    (void)fputs(groups < 2 ? "</div>\n" : "</div>\n</details>\n", out);
}
