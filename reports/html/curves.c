/* curves.c - a chart of a curve for each series, with its name at the end. */
#include "reports/html/run.h"

#include "reports/html/page.h"

#include <math.h>
#include <string.h>

enum {
    CURVES_LEFT = 54,
    CURVES_GAP = 18, /* from the right end to the markers of the names */
    CURVES_NAME = 8, /* from a marker to its name */
    CURVES_TOP = 26,
    CURVES_LEAST = 210, /* height between the axes' ends */
    CURVES_BELOW = 42,
    CURVES_WHISKER = 3,
    CURVES_TRIALS = 6, /* from the dots of trials to their median */
};

static double curves_y(const struct ipm_html_chart *chart, double value) {
    return isinf(value) ? chart->values.to : ipm_html_axis_place(&chart->values, value);
}

static bool curves_same(const struct ipm_html_chart *chart, size_t i, size_t j) {
    return j < chart->count && chart->points[i].series == chart->points[j].series;
}

/* Returns the index after the last point of the curve that begins with the point i. */
static size_t curves_end(const struct ipm_html_chart *chart, size_t i) {
    size_t end = i + 1;
    while (curves_same(chart, i, end))
        end++;
    return end;
}

/* Sorts the curves by their last points, from top to bottom, and places their names: each beside the
 * last point of its curve, or as near as the names above permit. */
static void curves_arrange(struct ipm_html_chart *chart, double bottom) {
    struct ipm_html_point *points = chart->points;
    for (size_t i = chart->count; i-- > 0;)
        points[i].order = curves_same(chart, i, i + 1) ? points[i + 1].order
                                                       : curves_y(chart, points[i].value);
    ipm_html_chart_sort(chart);
    for (size_t i = 0; i < chart->count; i++) {
        const double above = i > 0 ? points[i - 1].name_y : -INFINITY;
        points[i].name_y = i > 0 && curves_same(chart, i - 1, i)
                               ? above
                               : fmax(points[i].order, above + IPM_HTML_LINE);
    }
    for (size_t i = chart->count; i-- > 0;) {
        const double most =
            i + 1 < chart->count ? points[i + 1].name_y - IPM_HTML_LINE : bottom;
        points[i].name_y = curves_same(chart, i, i + 1) ? points[i + 1].name_y
                                                        : fmin(points[i].name_y, most);
    }
}

/* --- the picture ------------------------------------------------------------------------ */

/* Returns the place of the names' markers, from which the longest name just fits. */
static double curves_names(const struct ipm_html_chart *chart) {
    return IPM_HTML_WIDTH - CURVES_NAME - (double)(chart->letters * IPM_HTML_LETTER);
}

static double curves_x(const struct ipm_html_chart *chart, size_t i) {
    return ipm_html_axis_place(&chart->x, chart->points[i].x);
}

/* "1,234 (1,200–1,300)". */
static void curves_value(FILE *out, const struct ipm_html_axis *axis,
                         const struct ipm_html_point *point) {
    ipm_html_text(out, ipm_html_axis_word(axis, point->value).text);
    if (isfinite(point->low))
        HTML(" (%s\u2013%s)", ipm_html_axis_word(axis, point->low).text,
             ipm_html_axis_word(axis, point->high).text);
}

/* A ring marks what the note of the figure tells. */
static void curves_ring(FILE *out, double x, double y, const char *title) {
    HTML("<circle class=\"cross\" fill=\"none\" stroke=\"CanvasText\" "
         "stroke-width=\"1.5\" r=\"7\" cx=\"%.1f\" cy=\"%.1f\"><title>%s"
         "</title></circle>\n",
         x, y, title);
}

static void curves_mark(FILE *out, const struct ipm_html_chart *chart, size_t i) {
    const struct ipm_html_point *point = &chart->points[i];
    const double x = curves_x(chart, i);
    if (isfinite(point->low))
        HTML("<path class=\"whisker\" stroke-width=\"1.2\" d=\"M%.1f "
             "%.1fh%dm-%d 0V%.1fm-%d 0h%d\"/>\n",
             x - CURVES_WHISKER, curves_y(chart, point->low), 2 * CURVES_WHISKER,
             CURVES_WHISKER, curves_y(chart, point->high), CURVES_WHISKER,
             2 * CURVES_WHISKER);
    if (isinf(point->value)) {
        HTML("<path class=\"beyond\" stroke-width=\"1.8\" d=\"M%.1f %.1fl8 8m0-8l-8 "
             "8\"/>\n",
             x - 4, chart->values.to - 4);
        return;
    }
    ipm_html_marker_open(out, point->series, x, curves_y(chart, point->value));
    HTML("<title>%s, %s: ", chart->series->names[point->series],
         ipm_html_axis_word(&chart->x, point->x).text);
    curves_value(out, &chart->values, point);
    HTML("</title></use>\n");
    if (point->ringed)
        curves_ring(out, x, curves_y(chart, point->value),
                    chart->series->names[point->series]);
}

/* Writes the marker and the name of the series, and a line to them from the last point. */
static void curves_name(FILE *out, const struct ipm_html_chart *chart, size_t i) {
    const struct ipm_html_point *last = &chart->points[i];
    HTML("<path class=\"lead\" stroke-width=\".7\" stroke-opacity=\".55\" "
         "d=\"M%.1f %.1fL%.1f %.1f\"/>\n",
         curves_x(chart, i) + 5, curves_y(chart, last->value), curves_names(chart) - 6,
         last->name_y);
    ipm_html_marker_open(out, last->series, curves_names(chart), last->name_y);
    HTML("</use>");
    ipm_html_who(out, "start", curves_names(chart) + CURVES_NAME, last->name_y + 4.5,
                 chart->series->names[last->series], IPM_HTML_NAME_MOST);
}

static void curves_draw(FILE *out, const struct ipm_html_chart *chart, size_t begin,
                        size_t end) {
    ipm_html_group_open(out, chart->series, chart->points[begin].series);
    for (size_t i = begin; i < end; i++)
        ipm_html_trials(out, chart, &chart->points[i], curves_x(chart, i) - CURVES_TRIALS,
                        true);
    ipm_html_line_open(out, chart->points[begin].series);
    for (size_t i = begin; i < end; i++)
        HTML("%s%.1f %.1f", i == begin ? "M" : "L", curves_x(chart, i),
             curves_y(chart, chart->points[i].value));
    HTML("\"/>\n");
    for (size_t i = begin; i < end; i++)
        if (chart->points[i].marked)
            curves_mark(out, chart, i);
    curves_name(out, chart, end - 1);
    HTML("</g>\n");
}

/* --- crossovers ------------------------------------------------------------------------- */

static const struct ipm_html_point *curves_at(const struct ipm_html_chart *chart,
                                              size_t begin, double x) {
    for (size_t i = begin; curves_same(chart, begin, i); i++)
        if (chart->points[i].x == x)
            return &chart->points[i];
    return NULL;
}

/* Whether the two can be told apart: unknown intervals cannot. */
static bool curves_above(const struct ipm_html_point *a, const struct ipm_html_point *b) {
    return a->low > b->high;
}

/* Marks where the curve that begins with point i passes the one of point j, between two
 * neighbouring ticks at which they can be told apart, and adds it to the note. */
static void curves_cross(FILE *out, struct ipm_html_chart *chart, size_t i, size_t j,
                         const double *ticks) {
    const struct ipm_html_axis *x = &chart->x;
    const struct ipm_html_point *a[] = {curves_at(chart, i, ticks[0]),
                                        curves_at(chart, i, ticks[1])};
    const struct ipm_html_point *b[] = {curves_at(chart, j, ticks[0]),
                                        curves_at(chart, j, ticks[1])};
    if (a[0] == NULL || a[1] == NULL || b[0] == NULL || b[1] == NULL ||
        !curves_above(b[0], a[0]) || !curves_above(a[1], b[1]))
        return;
    char words[2 * IPM_TITLE_BYTES];
    const double before = log(b[0]->value / a[0]->value);
    const double share = before / (before + log(a[1]->value / b[1]->value));
    const double left = ipm_html_axis_place(x, ticks[0]);
    const double low = curves_y(chart, a[0]->value);
    (void)snprintf(words, sizeof words, "%.60s passes %.60s between %s and %s",
                   chart->series->names[a[0]->series], chart->series->names[b[0]->series],
                   ipm_html_axis_word(x, ticks[0]).text,
                   ipm_html_axis_word(x, ticks[1]).text);
    curves_ring(out, left + share * (ipm_html_axis_place(x, ticks[1]) - left),
                low + share * (curves_y(chart, a[1]->value) - low), words);
    const size_t used = strlen(chart->figure.note);
    (void)snprintf(chart->figure.note + used, sizeof chart->figure.note - used, "%s%s",
                   used == 0 ? "Crossovers (rings): " : "; ", words);
}

static void curves_crossings(FILE *out, struct ipm_html_chart *chart) {
    for (size_t t = 0; chart->metric != NULL && t + 1 < chart->x.tick_count; t++)
        for (size_t i = 0; i < chart->count; i = curves_end(chart, i))
            for (size_t j = 0; j < chart->count; j = curves_end(chart, j))
                curves_cross(out, chart, i, j, &chart->x.ticks[t]);
}

/* Draws the line at the limit, with the limit above its left end. */
static void curves_limit(FILE *out, const struct ipm_html_chart *chart) {
    const double y = curves_y(chart, chart->limit);
    if (!(chart->limit > 0))
        return;
    HTML("<path class=\"limit\" fill=\"none\" stroke=\"CanvasText\" "
         "stroke-dasharray=\"5 3\" d=\"M%d %.1fH%.1f\"/>\n",
         CURVES_LEFT, y, curves_names(chart) - CURVES_GAP);
    ipm_html_who(out, "start", CURVES_LEFT + 3, y - 4,
                 ipm_html_axis_word(&chart->values, chart->limit).text,
                 IPM_HTML_NAME_MOST);
}

/* --- all of it -------------------------------------------------------------------------- */

static void curves_picture(FILE *out, struct ipm_html_chart *chart) {
    size_t names = 0;
    ipm_html_chart_sort(chart);
    for (size_t i = 0; i < chart->count; i = curves_end(chart, i))
        names++;
    const double bottom = CURVES_TOP + fmax(CURVES_LEAST, (double)names * IPM_HTML_LINE);
    chart->figure.height = bottom + CURVES_BELOW;
    chart->x.from = CURVES_LEFT + 20;
    chart->x.to = curves_names(chart) - CURVES_GAP - 8;
    chart->values.from = bottom;
    chart->values.to = CURVES_TOP;
    ipm_html_axis_round(&chart->values);
    if (chart->scattered)
        ipm_html_axis_round(&chart->x);
    for (size_t i = 0; i < chart->count && !chart->scattered; i++)
        if (chart->points[i].marked)
            ipm_html_axis_tick(&chart->x, chart->points[i].x);
    curves_arrange(chart, bottom);
    ipm_html_figure_open(out, &chart->figure);
    ipm_html_axis_bottom(out, &chart->x, CURVES_TOP, bottom);
    ipm_html_axis_left(out, &chart->values, CURVES_LEFT,
                       curves_names(chart) - CURVES_GAP);
    curves_limit(out, chart);
    for (size_t i = 0; i < chart->count; i = curves_end(chart, i))
        curves_draw(out, chart, i, curves_end(chart, i));
    curves_crossings(out, chart);
}

/* --- the table -------------------------------------------------------------------------- */

static void curves_columns(FILE *out, const struct ipm_html_chart *chart) {
    const struct ipm_html_axis *x = &chart->x;
    struct ipm_cell cells[IPM_HTML_TICKS_MOST];
    const char *names[IPM_HTML_TICKS_MOST + 2] = {chart->values.name};
    for (size_t i = 0; i < x->tick_count; i++) {
        cells[i] = ipm_html_axis_word(x, x->ticks[i]);
        names[1 + i] = cells[i].text;
    }
    ipm_html_figure_table(out, &chart->figure, names);
}

static void curves_cell(FILE *out, const struct ipm_html_chart *chart, size_t begin,
                        double x) {
    const size_t end = curves_end(chart, begin);
    size_t i = begin;
    while (i < end && chart->points[i].x != x)
        i++;
    HTML("<td>");
    if (i < end)
        curves_value(out, &chart->values, &chart->points[i]);
    HTML(i < end ? "</td>" : "-</td>");
}

/* The table of scattered points: the values on both axes. */
static void curves_points(FILE *out, const struct ipm_html_chart *chart) {
    const char *columns[] = {"transport", chart->x.name, chart->values.name, NULL};
    ipm_html_figure_table(out, &chart->figure, columns);
    for (size_t i = 0; i < chart->count; i++) {
        ipm_html_series_row(out, chart->series, chart->points[i].series);
        ipm_html_cells(
            out, ipm_html_axis_word(&chart->x, chart->points[i].x).text,
            isinf(chart->points[i].value)
                ? "rate not achieved"
                : ipm_html_axis_word(&chart->values, chart->points[i].value).text);
    }
    ipm_html_figure_close(out);
}

void ipm_html_curves(FILE *out, struct ipm_html_chart *chart) {
    if (chart->count == 0 || !chart->values.shows)
        return;
    curves_picture(out, chart);
    if (chart->scattered) {
        curves_points(out, chart);
        return;
    }
    curves_columns(out, chart);
    for (size_t i = 0; i < chart->count; i = curves_end(chart, i)) {
        ipm_html_series_row(out, chart->series, chart->points[i].series);
        for (size_t j = 0; j < chart->x.tick_count; j++)
            curves_cell(out, chart, i, chart->x.ticks[j]);
        HTML("</tr>\n");
    }
    ipm_html_figure_close(out);
}
