/* curves.c - a chart of lines. */
#include "reports/html/curves.h"

#include "base/array.h"
#include "reports/html/page.h"
#include "reports/html/series.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum {
    CURVES_LEFT = 48,
    CURVES_RIGHT = 292, /* the names are on the right of it */
    CURVES_NAMES = 310,
    CURVES_TOP = 24,
    CURVES_LEAST = 216, /* height between the axes' ends */
    CURVES_BELOW = 40,
    CURVES_WHISKER = 3,
};

void ipm_html_curves_begin(struct ipm_html_curves *chart, size_t series) {
    struct ipm_html_curve *curve =
        chart->curve_count > 0 ? &chart->curves[chart->curve_count - 1] : NULL;
    if (curve == NULL || curve->count > 0) /* a curve without points is reused */
        curve = ipm_array_add(&chart->curves, &chart->curve_count, sizeof *curve);
    chart->failed = chart->failed || curve == NULL;
    if (!chart->failed)
        *curve = (struct ipm_html_curve){.series = series, .first = chart->point_count};
}

void ipm_html_curves_add(struct ipm_html_curves *chart,
                         const struct ipm_html_point *point) {
    if (chart->failed || !ipm_html_axis_show(&chart->y, point->y) ||
        !ipm_html_axis_show(&chart->x, point->x))
        return;
    struct ipm_html_point *added =
        ipm_array_add(&chart->points, &chart->point_count, sizeof *added);
    chart->failed = added == NULL;
    if (chart->failed)
        return;
    *added = *point;
    if (!ipm_html_axis_show(&chart->y, point->low) ||
        !ipm_html_axis_show(&chart->y, point->high))
        added->low = added->high = NAN;
    chart->curves[chart->curve_count - 1].count++;
}

/* --- names ------------------------------------------------------------------------------ */

static const struct ipm_html_point *curves_last(const struct ipm_html_curves *chart,
                                                const struct ipm_html_curve *curve) {
    return &chart->points[curve->first + curve->count - 1];
}

/* Writes each name, after the marker of its curve, beside the end of the curve or as near
 * as the names above permit. */
static void curves_spread(struct ipm_html_curves *chart, double bottom) {
    struct ipm_html_curve *curves = chart->curves;
    for (size_t i = 0; i < chart->curve_count; i++)
        curves[i].label =
            ipm_html_axis_place(&chart->y, curves_last(chart, &curves[i])->y);
    qsort(curves, chart->curve_count, sizeof *curves, ipm_html_ascending);
    for (size_t i = 1; i < chart->curve_count; i++)
        curves[i].label = fmax(curves[i].label, curves[i - 1].label + IPM_HTML_LINE);
    double most = bottom;
    for (size_t i = chart->curve_count; i-- > 0;) {
        curves[i].label = fmin(curves[i].label, most);
        most = curves[i].label - IPM_HTML_LINE;
    }
}

static void curves_sort(struct ipm_html_curves *chart) {
    for (size_t i = 0; i < chart->curve_count; i++)
        qsort(&chart->points[chart->curves[i].first], chart->curves[i].count,
              sizeof *chart->points, ipm_html_ascending);
}

static void curves_name(FILE *out, const struct ipm_html_curves *chart,
                        const struct ipm_html_curve *curve) {
    const struct ipm_html_point *last = curves_last(chart, curve);
    (void)fprintf(out, "<path class=\"lead\" d=\"M%.1f %.1fL%d %.1f\"/>\n",
                  ipm_html_axis_place(&chart->x, last->x) + 5,
                  ipm_html_axis_place(&chart->y, last->y), CURVES_NAMES - 6,
                  curve->label);
    ipm_html_marker_open(out, curve->series, CURVES_NAMES, curve->label);
    (void)fprintf(out, "</use><text class=\"who\" x=\"%d\" y=\"%.1f\">", CURVES_NAMES + 8,
                  curve->label + 4);
    ipm_html_short(out, chart->series->names[curve->series], IPM_HTML_NAME_MOST);
    (void)fputs("</text>\n", out);
}

/* --- curves ----------------------------------------------------------------------------- */

static void curves_line(FILE *out, const struct ipm_html_curves *chart,
                        const struct ipm_html_curve *curve) {
    (void)fputs("<path class=\"line\" d=\"", out);
    for (size_t i = 0; i < curve->count; i++) {
        const struct ipm_html_point *point = &chart->points[curve->first + i];
        (void)fprintf(out, "%s%.1f %.1f", i == 0 ? "M" : "L",
                      ipm_html_axis_place(&chart->x, point->x),
                      ipm_html_axis_place(&chart->y, point->y));
    }
    (void)fputs("\"/>\n", out);
}

/* "1,234 (1,200–1,300)". */
static void curves_value(FILE *out, const struct ipm_html_axis *axis,
                         const struct ipm_html_point *point) {
    char cell[IPM_TEXT_CELL_BYTES];
    char low[IPM_TEXT_CELL_BYTES];
    char high[IPM_TEXT_CELL_BYTES];
    axis->format(cell, point->y);
    ipm_html_text(out, cell);
    if (!isfinite(point->low))
        return;
    axis->format(low, point->low);
    axis->format(high, point->high);
    ipm_html_print(out, " (%s\u2013%s)", low, high);
}

static void curves_mark(FILE *out, const struct ipm_html_curves *chart,
                        const struct ipm_html_curve *curve,
                        const struct ipm_html_point *point) {
    char cell[IPM_TEXT_CELL_BYTES];
    const double x = ipm_html_axis_place(&chart->x, point->x);
    if (isfinite(point->low))
        (void)fprintf(
            out, "<path class=\"whisker\" d=\"M%.1f %.1fh%dm-%d 0V%.1fm-%d 0h%d\"/>\n",
            x - CURVES_WHISKER, ipm_html_axis_place(&chart->y, point->low),
            2 * CURVES_WHISKER, CURVES_WHISKER,
            ipm_html_axis_place(&chart->y, point->high), CURVES_WHISKER,
            2 * CURVES_WHISKER);
    ipm_html_marker_open(out, curve->series, x, ipm_html_axis_place(&chart->y, point->y));
    chart->x.format(cell, point->x);
    ipm_html_print(out, "<title>%s, %s: ", chart->series->names[curve->series], cell);
    curves_value(out, &chart->y, point);
    (void)fputs("</title></use>\n", out);
}

static void curves_draw(FILE *out, const struct ipm_html_curves *chart,
                        const struct ipm_html_curve *curve) {
    ipm_html_group_open(out, curve->series, chart->series->names[curve->series]);
    curves_line(out, chart, curve);
    for (size_t i = 0; i < curve->count; i++)
        if (chart->points[curve->first + i].marked)
            curves_mark(out, chart, curve, &chart->points[curve->first + i]);
    curves_name(out, chart, curve);
    (void)fputs("</g>\n", out);
}

static void curves_picture(FILE *out, struct ipm_html_curves *chart) {
    const double names = (double)chart->curve_count * IPM_HTML_LINE;
    const double bottom = CURVES_TOP + fmax(CURVES_LEAST, names);
    chart->figure.height = bottom + CURVES_BELOW;
    chart->x.from = CURVES_LEFT + 8;
    chart->x.to = CURVES_RIGHT - 8;
    chart->y.from = bottom;
    chart->y.to = CURVES_TOP;
    ipm_html_axis_round(&chart->y);
    curves_sort(chart);
    curves_spread(chart, bottom);
    ipm_html_figure_open(out, &chart->figure);
    ipm_html_axis_bottom(out, &chart->x, CURVES_TOP, bottom);
    ipm_html_axis_left(out, &chart->y, CURVES_LEFT, CURVES_RIGHT);
    for (size_t i = 0; i < chart->curve_count; i++)
        curves_draw(out, chart, &chart->curves[i]);
}

/* --- the table -------------------------------------------------------------------------- */

static void curves_cell(FILE *out, const struct ipm_html_curves *chart,
                        const struct ipm_html_curve *curve, double x) {
    const struct ipm_html_point *point = &chart->points[curve->first];
    const struct ipm_html_point *end = point + curve->count;
    while (point < end && fabs(point->x - x) > 1e-9)
        point++;
    if (point == end) {
        ipm_html_cell(out, "-");
        return;
    }
    (void)fputs("<td>", out);
    curves_value(out, &chart->y, point);
    (void)fputs("</td>", out);
}

static void curves_table(FILE *out, const struct ipm_html_curves *chart) {
    char cell[IPM_TEXT_CELL_BYTES];
    ipm_html_figure_table(out, &chart->figure);
    ipm_html_column(out, chart->y.name);
    for (size_t i = 0; i < chart->x.tick_count; i++) {
        chart->x.format(cell, chart->x.ticks[i]);
        ipm_html_column(out, cell);
    }
    ipm_html_figure_body(out);
    for (size_t i = 0; i < chart->curve_count; i++) {
        const struct ipm_html_curve *curve = &chart->curves[i];
        ipm_html_row(out, curve->series, chart->series->names[curve->series]);
        for (size_t j = 0; j < chart->x.tick_count; j++)
            curves_cell(out, chart, curve, chart->x.ticks[j]);
        (void)fputs("</tr>\n", out);
    }
    ipm_html_figure_close(out);
}

int ipm_html_curves_put(FILE *out, struct ipm_html_curves *chart) {
    if (chart->curve_count > 0 && chart->curves[chart->curve_count - 1].count == 0)
        chart->curve_count--;
    if (chart->curve_count > 0 && !chart->failed) {
        curves_picture(out, chart);
        curves_table(out, chart);
    }
    free(chart->curves);
    free(chart->points);
    return chart->failed ? -ENOMEM : 0;
}
