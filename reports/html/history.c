/* history.c - a page with a chart for each case: its primary metric over the runs of a history. */
#include "model/compare/history.h"

#include "base/err.h"
#include "base/utf8.h"
#include "reports/columns/columns.h"
#include "reports/columns/format.h"
#include "reports/columns/sections.h"
#include "reports/common/comparison.h"
#include "reports/html/page.h"
#include "reports/html/run.h"
#include "reports/renderer.h"

#include <stdlib.h>
#include <string.h>

/* Letters by which a commit is known, as more do not fit below the chart; charts of a pattern that
 * are not folded, which has room for all cases of a default run. */
enum { HISTORY_WORD = 7, HISTORY_OPEN = 36 };

_Static_assert((int)IPM_HISTORY_MOST < (int)IPM_HTML_POINTS_MOST &&
                   (int)IPM_HISTORY_MOST < (int)IPM_HTML_TICKS_MOST,
               "a run is a point and a tick");

struct history_page {
    struct ipm_html_run
        run; /* of the newest report, which has the cases and their colours */
    const struct ipm_history *history;
    enum ipm_unit_choice unit;
    struct ipm_cell words[IPM_HISTORY_MOST]; /* of the runs */
};

static const struct ipm_report *history_newest(const struct history_page *page) {
    return page->history->runs[page->history->count - 1];
}

/* --- above and beside -------------------------------------------------------------------- */

static void history_title(FILE *out, void *context) {
    const struct history_page *page = context;
    HTML("ipcmark: history of %s", history_newest(page)->host.hostname);
}

static void history_heading(FILE *out, void *context) {
    const struct history_page *page = context;
    const struct ipm_history *history = page->history;
    const struct ipm_report *newest = history_newest(page);
    HTML("<h1>How the cost of communication changed</h1>\n<ul class=\"facts\">\n"
         "<li>%s</li>\n<li>%s</li>\n<li>%zu run%s</li>\n<li>%s to %s</li>\n",
         newest->host.hostname, newest->host.cpu_model, history->count,
         history->count == 1 ? "" : "s", history->runs[0]->run.started_at,
         newest->run.started_at);
    if (history->unlike > 0)
        HTML("<li>left out: %zu of another machine or other settings</li>\n",
             history->unlike);
    if (history->older > 0)
        HTML("<li>left out: %zu older</li>\n", history->older);
    HTML("</ul>\n");
}

static void history_rules(FILE *out, void *context) {
    ipm_html_box_rules(out, &((const struct history_page *)context)->run);
}

static void history_aside(FILE *out, void *context) {
    const struct history_page *page = context;
    HTML("<nav aria-label=\"Contents\">\n<ul>\n");
    ipm_html_link(out, true, "answer", "What changed?");
    ipm_html_pattern_links(out, &page->run);
    ipm_html_link(out, true, "runs", "Runs");
    HTML("</ul>\n</nav>\n");
    ipm_html_boxes(out, &page->run);
}

/* --- charts ------------------------------------------------------------------------------ */

/* Returns the case of that name if the run measured it, or NULL. */
static const struct ipm_case *history_find(const struct ipm_report *report,
                                           const char *name) {
    for (size_t i = 0; i < report->case_count; i++)
        if (report->cases[i].status == IPM_CASE_OK &&
            strcmp(report->cases[i].config.name, name) == 0)
            return &report->cases[i];
    return NULL;
}

static void history_points(struct ipm_html_chart *chart, const struct history_page *page,
                           const struct ipm_text_column *column, size_t index) {
    const char *name = history_newest(page)->cases[index].config.name;
    for (size_t i = 0; i < page->history->count; i++) {
        const struct ipm_case *c = history_find(page->history->runs[i], name);
        const struct ipm_statistic *rate =
            c != NULL ? ipm_metric_of_case(&ipm_metrics[column->metric], c) : NULL;
        if (rate == NULL)
            continue;
        const struct ipm_html_point point = {.series = page->run.series.of_case[index],
                                             .x = (double)i,
                                             .value = rate->median,
                                             .low = rate->ci95_low,
                                             .high = rate->ci95_high,
                                             .marked = true};
        ipm_html_chart_add(chart, point);
    }
}

static void history_chart(FILE *out, struct history_page *page,
                          const struct ipm_text_section *section, size_t index) {
    const struct ipm_text_column *column = section->set->columns;
    const bool bytes = ipm_metric_is_byte_rate(&ipm_metrics[column->metric]);
    struct ipm_html_chart chart = {
        .figure =
            {.description =
                 "Medians over the trials of each run, the newest on the right; "
                 "vertical bars are 95 % intervals of the medians, where there were "
                 "enough trials. The vertical axis is logarithmic."},
        .x = {.name = "run, by its commit or its day", .words = page->words},
        .values = {.name = ipm_text_column_heading(column, false, page->run.unit),
                   .format = bytes ? ipm_text_rate : ipm_text_number,
                   .unit = bytes ? page->run.unit->bytes_per_second : 1,
                   .logarithmic = true}};
    ipm_html_chart_begin(&chart, &page->run,
                         page->run.series.names[page->run.series.of_case[index]],
                         &section->report->cases[index].config, false);
    chart.figure.class = ipm_cell_print("%s r r%zu", chart.figure.class.text,
                                        page->run.series.of_case[index]);
    history_points(&chart, page, column, index);
    ipm_html_curves(out, &chart);
}

static size_t history_count(const struct ipm_text_section *section) {
    size_t count = 0;
    for (size_t i = section->begin; i < section->end; i++)
        count += section->report->cases[i].status == IPM_CASE_OK;
    return count;
}

/* The charts after the first ones are folded. */
static void history_charts(FILE *out, struct history_page *page,
                           const struct ipm_text_section *section) {
    const size_t all = history_count(section);
    size_t count = 0;
    HTML("<div class=\"charts\">\n");
    for (size_t i = section->begin; i < section->end; i++) {
        if (section->report->cases[i].status != IPM_CASE_OK)
            continue;
        if (count++ == HISTORY_OPEN)
            HTML("</div>\n<details class=\"more\">\n<summary>%zu more case%s"
                 "</summary>\n<div class=\"charts\">\n",
                 all - HISTORY_OPEN, all - HISTORY_OPEN == 1 ? "" : "s");
        history_chart(out, page, section, i);
    }
    HTML(count <= HISTORY_OPEN ? "</div>\n" : "</div>\n</details>\n");
}

/* --- the runs ---------------------------------------------------------------------------- */

static void history_runs(FILE *out, const struct history_page *page) {
    ipm_html_section_open(out, "runs", "Runs");
    ipm_html_table_open(out, "runs-table", "words", "Runs, the newest first", "run",
                        "started", "labels", "ipcmark", "commit of ipcmark", "kernel");
    for (size_t i = page->history->count; i-- > 0;) {
        const struct ipm_report *run = page->history->runs[i];
        ipm_html_row_open(out, page->words[i].text);
        ipm_html_cells(out, ipm_comparison_known(run->run.started_at),
                       ipm_labels_text(&run->run.labels).text,
                       ipm_comparison_known(run->tool.version),
                       ipm_comparison_known(run->tool.commit),
                       ipm_comparison_known(run->host.kernel));
    }
    ipm_html_table_close(out);
    HTML("</section>\n");
}

static void history_main(FILE *out, void *context) {
    struct history_page *page = context;
    struct ipm_text_section section = {.report = history_newest(page),
                                       .unit = page->run.unit};
    ipm_html_changes(out, page->history, page->unit);
    while (ipm_text_section_next(&section)) {
        HTML("<section class=\"y y%zu\" aria-labelledby=\"p%zu\">\n<h2 "
             "id=\"p%zu\">%s</h2>\n",
             section.begin, section.begin, section.begin,
             ipm_html_pattern(&section).text);
        history_charts(out, page, &section);
        HTML("</section>\n");
    }
    history_runs(out, page);
}

static const struct ipm_html_part history_parts[] = {
    {"title", history_title}, {"rules", history_rules}, {"heading", history_heading},
    {"aside", history_aside}, {"main", history_main},   {NULL, NULL},
};

/* Names a run by its commit, else by its day: "11-28". */
static void history_name_runs(struct history_page *page) {
    for (size_t i = 0; i < page->history->count; i++) {
        const struct ipm_run_info *run = &page->history->runs[i]->run;
        const char *commit = ipm_labels_find(&run->labels, "commit");
        const bool dated = strlen(run->started_at) > 10;
        const char *word = commit;
        if (commit[0] == '\0')
            word = dated ? run->started_at + 5 : "?";
        page->words[i] = ipm_cell_print(
            "%.*s", (int)ipm_utf8_fit(word, commit[0] != '\0' ? HISTORY_WORD : 5), word);
    }
}

int ipm_history_html(const struct ipm_document *document,
                     const struct ipm_render_options *options, FILE *out,
                     struct ipm_err *err) {
    const struct ipm_history *history = document->history;
    struct history_page page = {.history = history, .unit = options->unit};
    const struct ipm_report *newest = history_newest(&page);
    int code = ipm_html_run_make(&page.run, newest, options->unit);
    history_name_runs(&page);
    if (code != 0)
        code = ipm_err_sys(err, code, "cannot write the page");
    else
        code = ipm_html_page(out, history_parts, &page, &newest->tool, err);
    ipm_html_run_done(&page.run);
    return code;
}
