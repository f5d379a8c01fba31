/* chart.c - the points of a chart. */
#include "reports/html/run.h"

#include "model/report/report.h"
#include "reports/html/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void ipm_html_chart_begin(struct ipm_html_chart *chart, struct ipm_html_run *page,
                          const char *what, const struct ipm_case_config *config,
                          bool by_size) {
    static const char separator[] = " \u00b7 ";
    char title[IPM_TEXT_TITLE_BYTES];
    struct ipm_case_config shown = *config;
    shown.server[0] = '\0'; /* the names of the series have it */
    ipm_text_title(title, &shown, separator, false);
    const char *rest = by_size ? strstr(title, separator) : title; /* the size is first */
    chart->figure.number = page->figures++;
    (void)snprintf(chart->figure.title, sizeof chart->figure.title, "%s%s%.200s", what,
                   by_size ? "" : separator, rest != NULL ? rest : "");
    chart->series = &page->series;
    chart->points = page->points;
}

void ipm_html_chart_add(struct ipm_html_chart *chart,
                        const struct ipm_html_point *point) {
    if (!ipm_html_axis_show(&chart->values, point->value) ||
        !ipm_html_axis_show(&chart->x, point->x))
        return;
    struct ipm_html_point *added = &chart->points[chart->count++];
    *added = *point;
    const size_t letters =
        ipm_html_letters(chart->series->names[point->series], IPM_HTML_NAME_MOST);
    chart->letters = letters > chart->letters ? letters : chart->letters;
    if (!ipm_html_axis_show(&chart->values, point->low) ||
        !ipm_html_axis_show(&chart->values, point->high))
        added->low = added->high = NAN;
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
