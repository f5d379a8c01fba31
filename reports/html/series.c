/* series.c - names, colours, markers and dashes of series. */
#include "reports/html/series.h"

#include "model/report/report.h"
#include "reports/columns/format.h"
#include "reports/html/page.h"

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
    char label[IPM_TEXT_TITLE_BYTES];
    struct ipm_case_config shown = *config;
    if (!served)
        shown.server[0] = '\0';
    ipm_text_label(label, &shown);
    (void)snprintf(name, IPM_HTML_SERIES_BYTES, "%.*s", IPM_HTML_SERIES_BYTES - 1, label);
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

/* --- looks ------------------------------------------------------------------------------ */

/* Adjacent series differ in colour and marker, and the first forty in marker or dash. */
static size_t series_color(size_t number) {
    return number % IPM_HTML_COLORS;
}

static size_t series_marker(size_t number) {
    return (number + number / IPM_HTML_COLORS) % IPM_HTML_MARKERS;
}

static size_t series_dash(size_t number) {
    return number / IPM_HTML_COLORS % IPM_HTML_DASHES;
}

void ipm_html_group_open(FILE *out, const struct ipm_html_series *series, size_t number) {
    ipm_html_print(out, "<g class=\"s s%zu c%zu d%zu\"><title>%s</title>\n", number,
                   series_color(number), series_dash(number), series->names[number]);
}

void ipm_html_marker_open(FILE *out, size_t number, double x, double y) {
    (void)fprintf(out, "<use href=\"#m%zu\" x=\"%.1f\" y=\"%.1f\">",
                  series_marker(number), x, y);
}

void ipm_html_swatch(FILE *out, size_t number) {
    (void)fprintf(out,
                  "<svg class=\"swatch c%zu d%zu\" viewBox=\"0 0 30 12\" width=\"30\" "
                  "height=\"12\" aria-hidden=\"true\">"
                  "<path class=\"line\" d=\"M0 6H30\"/>",
                  series_color(number), series_dash(number));
    ipm_html_marker_open(out, number, 15, 6);
    (void)fputs("</use></svg>", out);
}

void ipm_html_series_row(FILE *out, const struct ipm_html_series *series, size_t number) {
    (void)fputs("<tr><th scope=\"row\">", out);
    ipm_html_swatch(out, number);
    ipm_html_print(out, " %s</th>", series->names[number]);
}

/* --- highlighting ----------------------------------------------------------------------- */

void ipm_html_series_boxes(FILE *out, const struct ipm_html_series *series) {
    if (series->count < 2) /* nothing to distinguish */
        return;
    (void)fputs("<fieldset class=\"keys\">\n<legend>Highlight in all charts</legend>\n",
                out);
    for (size_t i = 0; i < series->count; i++) {
        (void)fprintf(out, "<label><input type=\"checkbox\" id=\"k%zu\">", i);
        ipm_html_swatch(out, i);
        ipm_html_print(out, " <span>%s</span></label>\n", series->names[i]);
    }
    (void)fputs("</fieldset>\n", out);
}

void ipm_html_series_rules(FILE *out, const struct ipm_html_series *series) {
    for (size_t i = 0; i < series->count; i++)
        (void)fprintf(out, "body:has(#k%zu:checked) .s%zu{opacity:1}\n", i, i);
}
