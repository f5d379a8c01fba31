/* chart.c - the points of a chart. */
#include "reports/html/run.h"

#include "model/report/report.h"
#include "reports/columns/sections.h"
#include "reports/html/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ipm_cell ipm_html_pattern(const struct ipm_text_section *section) {
    const struct ipm_case_config *config = &section->report->cases[section->begin].config;
    struct ipm_cell name = ipm_cell_print(
        "%.20s%s", config->pattern, config->rate_per_second > 0 ? " at a rate" : "");
    if (name.text[0] >= 'a' && name.text[0] <= 'z')
        name.text[0] = (char)(name.text[0] - 'a' + 'A');
    return name;
}

void ipm_html_pattern_links(FILE *out, const struct ipm_html_run *page) {
    struct ipm_text_section section = {.report = page->report, .unit = page->unit};
    while (ipm_text_section_next(&section))
        HTML("<li><a href=\"#p%zu\">%s</a></li>\n", section.begin,
             ipm_html_pattern(&section).text);
}

struct ipm_cell ipm_html_place_class(const struct ipm_html_run *page, const char *pin) {
    for (size_t p = 0; p < page->pins.count; p++)
        if (strcmp(page->report->cases[page->pins.cases[p]].config.pin, pin) == 0)
            return ipm_cell_print(" z z%zu", p);
    return (struct ipm_cell){""};
}

void ipm_html_chart_begin(struct ipm_html_chart *chart, struct ipm_html_run *page,
                          const char *what, const struct ipm_case_config *config,
                          bool by_size) {
    static const char separator[] = " \u00b7 ";
    struct ipm_case_config shown = *config;
    shown.server[0] = '\0'; /* the names of the series have it */
    const struct ipm_title title = ipm_text_title(&shown, separator, false);
    const char *rest =
        by_size ? strstr(title.text, separator) : title.text; /* the size is first */
    chart->figure.number = page->figures++;
    chart->figure.pattern = ipm_cell_print("%s", config->pattern);
    (void)snprintf(chart->figure.title, sizeof chart->figure.title, "%s%s%.200s", what,
                   by_size ? "" : separator, rest != NULL ? rest : "");
    chart->figure.class = ipm_html_place_class(page, config->pin);
    chart->series = &page->series;
    chart->points = page->points;
}

/* Returns the value of a trial; NaN where it has none. */
static double chart_trial(const struct ipm_html_chart *chart,
                          const struct ipm_html_point *point, size_t number) {
    const struct ipm_metric_scope scope = {.subject = point->subject,
                                           .trial = &point->subject->trials[number]};
    return ipm_metric_of_trial(chart->metric, &scope);
}

static size_t chart_trials(const struct ipm_html_point *point) {
    return point->subject != NULL ? point->subject->trial_count : 0;
}

bool ipm_html_chart_show(struct ipm_html_chart *chart, struct ipm_html_point point) {
    if ((!isinf(point.value) && !ipm_html_axis_show(&chart->values, point.value)) ||
        !ipm_html_axis_show(&chart->x, point.x))
        return false;
    for (size_t i = 0; i < chart_trials(&point); i++)
        (void)ipm_html_axis_show(&chart->values, chart_trial(chart, &point, i));
    return true;
}

void ipm_html_chart_add(struct ipm_html_chart *chart, struct ipm_html_point point) {
    if (!ipm_html_chart_show(chart, point))
        return;
    const size_t letters =
        ipm_html_letters(chart->series->names[point.series], IPM_HTML_NAME_MOST);
    chart->letters = letters > chart->letters ? letters : chart->letters;
    if (!ipm_html_axis_show(&chart->values, point.low) ||
        !ipm_html_axis_show(&chart->values, point.high))
        point.low = point.high = NAN;
    chart->points[chart->count++] = point;
}

void ipm_html_trials(FILE *out, const struct ipm_html_chart *chart,
                     const struct ipm_html_point *point, double across, bool upright) {
    if (chart_trials(point) == 0)
        return;
    HTML("<path class=\"trials\" stroke-width=\"3\" stroke-opacity=\".6\" "
         "stroke-linecap=\"round\" d=\"");
    for (size_t i = 0; i < chart_trials(point); i++) {
        const double value = chart_trial(chart, point, i);
        if (!(value >= chart->values.low))
            continue;
        const double place = ipm_html_axis_place(&chart->values, value);
        HTML("M%.1f %.1fh0", upright ? across : place, upright ? place : across);
    }
    HTML("\"/>\n");
}

static int chart_compare(const void *one, const void *other) {
    const struct ipm_html_point *a = one;
    const struct ipm_html_point *b = other;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    if (a->series != b->series)
        return a->series < b->series ? -1 : 1;
    return (a->x > b->x) - (a->x < b->x);
}

void ipm_html_chart_sort(struct ipm_html_chart *chart) {
    qsort(chart->points, chart->count, sizeof *chart->points, chart_compare);
}
