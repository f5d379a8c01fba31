/* html.c - a report as a page that needs no network, no script and no other file. The other
 * files of this folder write its parts. */
#include "base/err.h"
#include "base/units.h"
#include "model/report/report.h"
#include "reports/columns/sections.h"
#include "reports/html/page.h"
#include "reports/html/run.h"
#include "reports/renderer.h"

#include <stdlib.h>

/* --- the head --------------------------------------------------------------------------- */

static void html_title(FILE *out, void *context) {
    const struct ipm_report *report = ((const struct ipm_html_run *)context)->report;
    HTML("ipcmark");
    if (report->host.hostname[0] != '\0')
        HTML(" on %s", report->host.hostname);
    if (report->run.started_at[0] != '\0')
        HTML(", %s", report->run.started_at);
}

static void html_rules(FILE *out, void *context) {
    ipm_html_box_rules(out, context);
}

static void html_item(FILE *out, const char *text) {
    if (text[0] != '\0')
        HTML("<li>%s</li>\n", text);
}

static void html_ending(FILE *out, const struct ipm_report *report) {
    if (report->run.status == IPM_RUN_INTERRUPTED)
        HTML("<p class=\"ending\">Interrupted: the run was stopped early; the "
             "results are of the trials done until then.</p>\n");
    if (report->run.status == IPM_RUN_FAILED)
        HTML("<p class=\"ending\">Failed: the run ended early.</p>\n");
    if (report->error[0] != '\0')
        HTML("<p class=\"ending\">Error: %s</p>\n", report->error);
}

static void html_labels(FILE *out, const struct ipm_labels *labels) {
    for (size_t i = 0; i < labels->count; i++)
        html_item(out, ipm_label_text(&labels->items[i]).text);
}

static void html_heading(FILE *out, void *context) {
    const struct ipm_report *report = ((const struct ipm_html_run *)context)->report;
    HTML("<h1>Cost of communication between two processes</h1>\n<ul "
         "class=\"facts\">\n");
    html_item(out, report->host.hostname);
    html_item(out, report->host.cpu_model);
    html_item(out, report->host.kernel);
    html_item(out, report->host.virtualization);
    html_item(out, ipm_text_rounds(report).text);
    html_item(out, report->run.started_at);
    html_labels(out, &report->run.labels);
    HTML("</ul>\n");
    html_ending(out, report);
}

/* --- beside the results ----------------------------------------------------------------- */

static void html_aside(FILE *out, void *context) {
    const struct ipm_html_run *page = context;
    const struct ipm_report *report = page->report;
    HTML("<nav aria-label=\"Contents\">\n<ul>\n");
    ipm_html_link(out, report->case_count > 0, "answer", ipm_html_answer_title(report));
    ipm_html_pattern_links(out, page);
    ipm_html_link(out, page->models.known > 0, "models", "Cost by size");
    ipm_html_link(out, ipm_text_count(report, IPM_CASE_OK) > 0, "results", "Tables");
    ipm_html_link(out, ipm_text_count(report, IPM_CASE_OK) < report->case_count, "absent",
                  "Not measured");
    ipm_html_link(out, report->warnings.count > 0, "warnings", "Warnings");
    ipm_html_link(out, true, "machine", "Machine and settings");
    HTML("</ul>\n</nav>\n");
    ipm_html_boxes(out, page);
}

/* --- the results ------------------------------------------------------------------------ */

static bool html_has_figures(const struct ipm_text_section *section, size_t first) {
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i))
        if (section->report->cases[i].status == IPM_CASE_OK)
            return true;
    return false;
}

/* Draws the same chart of all placements of the group that begins at `first`. */
static void html_beside(FILE *out, struct ipm_html_run *page,
                        const struct ipm_text_section *section, size_t first,
                        void (*draw)(FILE *out, struct ipm_html_run *page,
                                     const struct ipm_text_section *section,
                                     size_t first)) {
    for (size_t i = first; i < section->end; i = ipm_text_beside_next(section, i))
        if (ipm_text_leads(section, i) && html_has_figures(section, i))
            draw(out, page, section, i);
}

/* Draws the rates, then the costs of each group of cases. The costs of all groups but the first are
 * folded: a page of eight sizes would be too long. */
static void html_charts(FILE *out, struct ipm_html_run *page,
                        const struct ipm_text_section *section) {
    size_t groups = 0;
    HTML("<div class=\"charts\">\n");
    ipm_html_loads(out, page, section);
    if (!section->swept)
        ipm_html_rates(out, page, section);
    for (size_t i = section->begin; i < section->end && !section->swept; i++) {
        if (!ipm_text_leads_beside(section, i))
            continue;
        if (groups++ == 1)
            HTML("</div>\n<details class=\"more\">\n<summary>Costs of the other cases"
                 "</summary>\n<div class=\"charts\">\n");
        html_beside(out, page, section, i, ipm_html_latencies);
        html_beside(out, page, section, i, ipm_html_costs);
        html_beside(out, page, section, i, ipm_html_efforts);
    }
    HTML(groups < 2 ? "</div>\n" : "</div>\n</details>\n");
}

static void html_section(FILE *out, struct ipm_html_run *page,
                         const struct ipm_text_section *section) {
    HTML("<section class=\"y y%zu\" aria-labelledby=\"p%zu\">\n<h2 id=\"p%zu\">%s</h2>\n",
         section->begin, section->begin, section->begin, ipm_html_pattern(section).text);
    const char *server = section->report->cases[section->begin].config.server;
    if (page->series.one_server && server[0] != '\0')
        HTML("<p>Server: %s</p>\n", server);
    if (!ipm_text_has_rows(section))
        HTML("<p>No case was measured: see below.</p>\n");
    else
        html_charts(out, page, section);
    HTML("</section>\n");
}

static void html_main(FILE *out, void *context) {
    struct ipm_html_run *page = context;
    const struct ipm_report *report = page->report;
    if (report->case_count == 0)
        HTML("<p>There was nothing to measure.</p>\n");
    else
        ipm_html_answer(out, page);
    ipm_html_heat(out, page);
    struct ipm_text_section section = {.report = report, .unit = page->unit};
    while (ipm_text_section_next(&section))
        html_section(out, page, &section);
    ipm_html_models(out, &page->models);
    ipm_html_results(out, page);
    ipm_html_absent(out, report);
    ipm_html_warnings(out, report);
    ipm_html_machine(out, page);
}

static const struct ipm_html_part html_parts[] = {
    {"title", html_title}, {"rules", html_rules}, {"heading", html_heading},
    {"aside", html_aside}, {"main", html_main},   {NULL, NULL},
};

static int html_render(const struct ipm_document *document,
                       const struct ipm_render_options *options, FILE *out,
                       struct ipm_err *err) {
    const struct ipm_report *report = document->report;
    struct ipm_html_run page;
    int code = ipm_html_run_make(&page, report, options->unit);
    if (code == 0)
        code = ipm_html_models_make(&page.models, report);
    if (code != 0)
        code = ipm_err_sys(err, code, "cannot write the page");
    else
        code = ipm_html_page(out, html_parts, &page, &report->tool, err);
    ipm_html_models_done(&page.models);
    ipm_html_run_done(&page);
    return code;
}

const struct ipm_renderer ipm_renderer_html = {
    .name = "html",
    .summary = "one page with charts, for a browser: no network, no script",
    .render = {[IPM_DOCUMENT_REPORT] = html_render,
               [IPM_DOCUMENT_COMPARISON] = ipm_comparison_html,
               [IPM_DOCUMENT_HISTORY] = ipm_history_html},
};
