/* rows.c - a chart of rows. */
#include "reports/html/rows.h"

#include "base/array.h"
#include "reports/html/page.h"
#include "reports/html/series.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum {
    ROWS_LEFT = 124,  /* the names are on the left of it */
    ROWS_RIGHT = 362, /* the values are on the right of it */
    ROWS_TOP = 8,
    ROWS_STEP = 20,
    ROWS_BAR = 12,
    ROWS_KEY = 36,
    ROWS_KEY_STEP = 17,
    ROWS_KEY_WIDTH = 130,
    ROWS_BELOW = 38,
    ROWS_PARTS = 2, /* of a side */
};

void ipm_html_rows_add(struct ipm_html_rows *chart, const struct ipm_html_row *row) {
    if (chart->failed || !ipm_html_axis_show(&chart->axis, row->value))
        return;
    struct ipm_html_row *added =
        ipm_array_add(&chart->rows, &chart->count, sizeof *added);
    chart->failed = added == NULL;
    if (chart->failed)
        return;
    *added = *row;
    if (!ipm_html_axis_show(&chart->axis, row->low) ||
        !ipm_html_axis_show(&chart->axis, row->high))
        added->low = added->high = NAN;
}

static int rows_larger(const void *a, const void *b) {
    return ipm_html_ascending(b, a);
}

/* --- the picture ------------------------------------------------------------------------ */

static double rows_x(const struct ipm_html_rows *chart, double value) {
    return ipm_html_axis_place(&chart->axis, value);
}

static void rows_rect(FILE *out, const struct ipm_html_rows *chart, const char *class,
                      double y, double from, double to) {
    const double x = rows_x(chart, from);
    (void)fprintf(out,
                  "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
                  "height=\"%d\"/>\n",
                  class, x, y - ROWS_BAR / 2.0, rows_x(chart, to) - x, ROWS_BAR);
}

static void rows_bar(FILE *out, const struct ipm_html_rows *chart,
                     const struct ipm_html_row *row, double y) {
    static const char *const parts[IPM_HTML_SIDES][ROWS_PARTS] = {{"part-0", "hatch-1"},
                                                                  {"part-2", "hatch-3"}};
    static const char *const wholes[IPM_HTML_SIDES] = {"whole-0", "whole-2"};
    double from = 0;
    for (size_t i = 0; i < IPM_HTML_SIDES; i++) {
        const double to = from + row->sides[i];
        const double cut = from + row->sides[i] * row->shares[i];
        if (isfinite(cut)) {
            rows_rect(out, chart, parts[i][0], y, from, cut);
            rows_rect(out, chart, parts[i][1], y, cut, to);
        } else {
            rows_rect(out, chart, wholes[i], y, from, to);
        }
        from = to;
    }
}

static void rows_dot(FILE *out, const struct ipm_html_rows *chart,
                     const struct ipm_html_row *row, double y) {
    const double x = rows_x(chart, row->value);
    (void)fprintf(out, "<path class=\"stem\" d=\"M%d %.1fH%.1f\"/>\n", ROWS_LEFT, y, x);
    if (isfinite(row->low))
        (void)fprintf(out,
                      "<path class=\"whisker\" d=\"M%.1f %.1fv6m0-3H%.1fm0-3v6\"/>\n",
                      rows_x(chart, row->low), y - 3, rows_x(chart, row->high));
    ipm_html_marker_open(out, row->series, x, y);
    (void)fputs("</use>\n", out);
}

static void rows_draw(FILE *out, const struct ipm_html_rows *chart,
                      const struct ipm_html_row *row, double y) {
    char cell[IPM_TEXT_CELL_BYTES];
    const char *name = chart->series->names[row->series];
    ipm_html_group_open(out, row->series, name);
    (void)fprintf(out, "<text class=\"who end\" x=\"%d\" y=\"%.1f\">", ROWS_LEFT - 8,
                  y + 4);
    ipm_html_short(out, name, IPM_HTML_NAME_MOST);
    (void)fputs("</text>\n", out);
    if (chart->bars)
        rows_bar(out, chart, row, y);
    else
        rows_dot(out, chart, row, y);
    chart->axis.format(cell, row->value);
    ipm_html_print(out, "<text class=\"value end\" x=\"%d\" y=\"%.1f\">%s</text>\n</g>\n",
                   IPM_HTML_WIDTH - 2, y + 4, cell);
}

/* Writes the legend of the bars, a line for each side. */
static void rows_key(FILE *out, const struct ipm_html_rows *chart) {
    static const char *const fills[] = {"part-0", "hatch-1", "part-2", "hatch-3"};
    for (size_t i = 0; i < sizeof fills / sizeof fills[0]; i++) {
        const size_t x = ROWS_LEFT + i % ROWS_PARTS * ROWS_KEY_WIDTH;
        const size_t y = 4 + i / ROWS_PARTS * ROWS_KEY_STEP;
        (void)fprintf(out,
                      "<rect class=\"%s\" x=\"%zu\" y=\"%zu\" width=\"18\" "
                      "height=\"%d\"/>\n<text x=\"%zu\" y=\"%zu\">%s, %s</text>\n",
                      fills[i], x, y, ROWS_BAR, x + 24, y + 10,
                      chart->sides[i / ROWS_PARTS], chart->parts[i % ROWS_PARTS]);
    }
}

static void rows_picture(FILE *out, struct ipm_html_rows *chart) {
    const double top = ROWS_TOP + (chart->bars ? ROWS_KEY : 0);
    const double bottom = top + (double)chart->count * ROWS_STEP;
    chart->figure.height = bottom + ROWS_BELOW;
    chart->axis.from = ROWS_LEFT;
    chart->axis.to = ROWS_RIGHT;
    ipm_html_axis_round(&chart->axis);
    qsort(chart->rows, chart->count, sizeof *chart->rows,
          chart->largest_first ? rows_larger : ipm_html_ascending);
    ipm_html_figure_open(out, &chart->figure);
    if (chart->bars)
        rows_key(out, chart);
    ipm_html_axis_bottom(out, &chart->axis, top, bottom);
    for (size_t i = 0; i < chart->count; i++)
        rows_draw(out, chart, &chart->rows[i], top + ((double)i + 0.5) * ROWS_STEP);
}

/* --- the table -------------------------------------------------------------------------- */

static void rows_number(FILE *out, const struct ipm_html_rows *chart, double value) {
    char cell[IPM_TEXT_CELL_BYTES] = "-";
    if (isfinite(value))
        chart->axis.format(cell, value);
    ipm_html_cell(out, cell);
}

static void rows_headings(FILE *out, const struct ipm_html_rows *chart) {
    ipm_html_column(out, chart->axis.name);
    ipm_html_column(out, chart->bars ? "both ends" : "median");
    if (!chart->bars) {
        ipm_html_column(out, "95 % from");
        ipm_html_column(out, "to");
        return;
    }
    for (size_t i = 0; i < IPM_HTML_SIDES; i++) {
        ipm_html_column(out, chart->sides[i]);
        for (size_t j = 0; j < ROWS_PARTS; j++)
            ipm_html_print(out, "<th scope=\"col\">%s, %s</th>", chart->sides[i],
                           chart->parts[j]);
    }
}

static void rows_cells(FILE *out, const struct ipm_html_rows *chart,
                       const struct ipm_html_row *row) {
    rows_number(out, chart, row->value);
    if (!chart->bars) {
        rows_number(out, chart, row->low);
        rows_number(out, chart, row->high);
        return;
    }
    for (size_t i = 0; i < IPM_HTML_SIDES; i++) {
        rows_number(out, chart, row->sides[i]);
        rows_number(out, chart, row->sides[i] * row->shares[i]);
        rows_number(out, chart, row->sides[i] * (1 - row->shares[i]));
    }
}

static void rows_table(FILE *out, const struct ipm_html_rows *chart) {
    ipm_html_figure_table(out, &chart->figure);
    rows_headings(out, chart);
    ipm_html_figure_body(out);
    for (size_t i = 0; i < chart->count; i++) {
        const struct ipm_html_row *row = &chart->rows[i];
        ipm_html_row(out, row->series, chart->series->names[row->series]);
        rows_cells(out, chart, row);
        (void)fputs("</tr>\n", out);
    }
    ipm_html_figure_close(out);
}

int ipm_html_rows_put(FILE *out, struct ipm_html_rows *chart) {
    if (chart->count > 0 && !chart->failed) {
        rows_picture(out, chart);
        rows_table(out, chart);
    }
    free(chart->rows);
    return chart->failed ? -ENOMEM : 0;
}
