/* series.c - names, colours, markers and dashes of series. */
#include "reports/html/series.h"
#include "base/cell.h"

#include "model/report/report.h"
#include "reports/columns/format.h"
#include "reports/html/page.h"
#include "reports/html/plot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Whether all cases with a server have the same one, which names then leave out. */
static bool series_one_server(const struct ipm_report *report) {
    const char *server = "";
    for (size_t i = 0; i < report->case_count; i++) {
        const char *other = report->cases[i].config.server;
        if (server[0] != '\0' && other[0] != '\0' && strcmp(server, other) != 0)
            return false;
        server = other[0] != '\0' ? other : server;
    }
    return true;
}

static void series_name(char name[IPM_HTML_SERIES_BYTES],
                        const struct ipm_case_config *config, bool served) {
    struct ipm_case_config shown = *config;
    if (!served)
        shown.server[0] = '\0';
    (void)snprintf(name, IPM_HTML_SERIES_BYTES, "%.*s", IPM_HTML_SERIES_BYTES - 1,
                   ipm_text_label(&shown).text);
}

int ipm_html_series_of(struct ipm_html_series *ret_series,
                       const struct ipm_report *report) {
    const size_t most = report->case_count > 0 ? report->case_count : 1;
    *ret_series = (struct ipm_html_series){
        .names = calloc(most, sizeof *ret_series->names),
        .of_case = calloc(most, sizeof *ret_series->of_case),
        .one_server = series_one_server(report),
    };
    if (ret_series->names == NULL || ret_series->of_case == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < report->case_count; i++) {
        char *name = ret_series->names[ret_series->count]; /* kept if it is new */
        size_t number = 0;
        series_name(name, &report->cases[i].config, !ret_series->one_server);
        while (strcmp(ret_series->names[number], name) != 0)
            number++;
        ret_series->of_case[i] = number;
        ret_series->count += number == ret_series->count;
    }
    return 0;
}

void ipm_html_series_done(struct ipm_html_series *series) {
    free(series->names);
    free(series->of_case);
    *series = (struct ipm_html_series){0};
}

/* Adjacent series differ in colour and marker, and the first forty in marker or dash. */
static size_t series_color(size_t number) {
    return number % IPM_HTML_COLORS;
}

static size_t series_marker(size_t number) {
    return (number + number / IPM_HTML_COLORS) % IPM_HTML_MARKERS;
}

/* They can be read on white and on black, and are told apart by those who see no red, no green
 * or no blue. The style sheet has brighter ones for dark screens. */
static const char *const series_colors[IPM_HTML_COLORS] = {
    "#545fe7", "#a88b00", "#287047", "#f25577",
    "#b60899", "#8e78d5", "#636620", "#d666ab"};
static const char *const series_dashes[] = {"none", "6 3", "2 3", "9 3 2 3", "3 2 3 6"};
enum { SERIES_DASHES = sizeof series_dashes / sizeof series_dashes[0] };

void ipm_html_group_open(FILE *out, const struct ipm_html_series *series, size_t number) {
    const size_t color = series_color(number);
    ipm_html_ink_open(out, ipm_cell_print("s%zu c%zu", number, color).text,
                      series_colors[color], series->names[number]);
}

void ipm_html_line_open(FILE *out, size_t number) {
    HTML("<path class=\"line\" stroke=\"currentColor\" stroke-width=\"1.6\" "
         "stroke-dasharray=\"%s\" d=\"",
         series_dashes[number / IPM_HTML_COLORS % SERIES_DASHES]);
}

void ipm_html_marker_open(FILE *out, size_t number, double x, double y) {
    HTML("<use href=\"#m%zu\" x=\"%.1f\" y=\"%.1f\">", series_marker(number), x, y);
}

void ipm_html_swatch(FILE *out, size_t number) {
    HTML("<svg class=\"swatch c%zu\" color=\"%s\" fill=\"none\" "
         "viewBox=\"0 0 30 12\" width=\"30\" height=\"12\" "
         "aria-hidden=\"true\">",
         series_color(number), series_colors[series_color(number)]);
    ipm_html_line_open(out, number);
    HTML("M0 6H30\"/>");
    ipm_html_marker_open(out, number, 15, 6);
    HTML("</use></svg>");
}

void ipm_html_series_row(FILE *out, const struct ipm_html_series *series, size_t number) {
    HTML("<tr><th scope=\"row\">");
    ipm_html_swatch(out, number);
    HTML(" %s</th>", series->names[number]);
}

void ipm_html_series_boxes(FILE *out, const struct ipm_html_series *series) {
    if (series->count < 2) /* nothing to distinguish */
        return;
    /* Without the style sheet they have no effect, and are hidden. */
    HTML("<fieldset class=\"keys names\" hidden>\n<legend>Show only</legend>\n");
    for (size_t i = 0; i < series->count; i++) {
        HTML("<label><input type=\"checkbox\" id=\"k%zu\">", i);
        ipm_html_swatch(out, i);
        HTML(" <span>%s</span></label>\n", series->names[i]);
    }
    HTML("</fieldset>\n");
}

void ipm_html_series_rules(FILE *out, const struct ipm_html_series *series) {
    for (size_t i = 0; i < series->count; i++)
        HTML("aside:has(#k%zu:checked) ~ main .s%zu{opacity:1}\n"
             "aside:has(.names :checked):not(:has(#k%zu:checked)) ~ main "
             ".r%zu{display:none}\n",
             i, i, i, i);
}
