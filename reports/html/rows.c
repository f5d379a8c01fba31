/* rows.c - a chart of a row for each point: a marker with its interval, or a bar of two sides in
 * two parts each. */
#include "reports/html/run.h"

#include "reports/html/page.h"

#include <math.h>

enum {
    ROWS_GAP = 8,     /* from the names to the left end */
    ROWS_RIGHT = 298, /* the values are on the right of it */
    ROWS_TOP = 8,
    ROWS_STEP = 20,
    ROWS_BAR = 12,
    ROWS_TRIALS = 6, /* from the line of a median to the dots of its trials */
    ROWS_KEY = 40,
    ROWS_KEY_STEP = 18,
    ROWS_KEY_WIDTH = 180,
    ROWS_KEY_SWATCH = 18,
    ROWS_BELOW = 40,
    ROWS_PARTS = 2, /* of a side */
};

/* The parts of each side of a bar. A side whose parts are unknown looks like its first. */
static const struct rows_part {
    const char *class;
    const char *fill;
} rows_parts[IPM_HTML_SIDES][ROWS_PARTS] = {
    {{"part-0", "#4a90d9"}, {"hatch", "url(#hatch-1)"}},
    {{"part-2", "#e08a4f"}, {"hatch", "url(#hatch-3)"}},
};
static const char *const rows_words[ROWS_PARTS] = {"user", "system"};

static bool rows_has_bars(const struct ipm_html_chart *chart) {
    return chart->sides[0] != NULL;
}

/* --- the picture ------------------------------------------------------------------------ */

static double rows_left(const struct ipm_html_chart *chart) {
    return ROWS_GAP + (double)(chart->letters * IPM_HTML_LETTER);
}

static void rows_rect(FILE *out, const struct rows_part *part, double x, double y,
                      double width) {
    HTML("<rect class=\"%s\" fill=\"%s\" stroke=\"none\" x=\"%.1f\" y=\"%.1f\" "
         "width=\"%.1f\" height=\"%d\"/>\n",
         part->class, part->fill, x, y, width, ROWS_BAR);
}

static double rows_x(const struct ipm_html_chart *chart, double value) {
    return ipm_html_axis_place(&chart->values, value);
}

static void rows_stretch(FILE *out, const struct ipm_html_chart *chart,
                         const struct rows_part *part, double y, double from, double to) {
    const double x = rows_x(chart, from);
    rows_rect(out, part, x, y - ROWS_BAR / 2.0, rows_x(chart, to) - x);
}

static void rows_bar(FILE *out, const struct ipm_html_chart *chart,
                     const struct ipm_html_point *row, double y) {
    double from = 0;
    for (size_t i = 0; i < IPM_HTML_SIDES; i++) {
        const double to = from + row->sides[i];
        const double cut = from + row->sides[i] * row->shares[i];
        rows_stretch(out, chart, &rows_parts[i][0], y, from, isfinite(cut) ? cut : to);
        if (isfinite(cut))
            rows_stretch(out, chart, &rows_parts[i][1], y, cut, to);
        from = to;
    }
}

static void rows_dot(FILE *out, const struct ipm_html_chart *chart,
                     const struct ipm_html_point *row, double y) {
    const double x = rows_x(chart, row->value);
    HTML("<path class=\"stem\" stroke-opacity=\".45\" d=\"M%.1f %.1fH%.1f\"/>\n",
         rows_left(chart), y, x);
    ipm_html_trials(out, chart, row, y + ROWS_TRIALS, false);
    ipm_html_whisker(out, &chart->values, row->low, row->high, y);
    ipm_html_marker_open(out, row->series, x, y);
    HTML("</use>\n");
}

static void rows_draw(FILE *out, const struct ipm_html_chart *chart,
                      const struct ipm_html_point *row, double y) {
    const char *name = chart->series->names[row->series];
    ipm_html_group_open(out, chart->series, row->series);
    ipm_html_who(out, "end", rows_left(chart) - ROWS_GAP, y + 4.5, name,
                 IPM_HTML_NAME_MOST);
    if (rows_has_bars(chart))
        rows_bar(out, chart, row, y);
    else
        rows_dot(out, chart, row, y);
    ipm_html_value(out, y + 4.5, ipm_html_axis_word(&chart->values, row->value).text);
    HTML("</g>\n");
}

/* Writes the legend of the bars, a line for each side. */
static void rows_key(FILE *out, const struct ipm_html_chart *chart) {
    for (size_t i = 0; i < (size_t)IPM_HTML_SIDES * ROWS_PARTS; i++) {
        const size_t x = i % ROWS_PARTS * ROWS_KEY_WIDTH;
        const size_t y = 4 + i / ROWS_PARTS * ROWS_KEY_STEP;
        rows_rect(out, &rows_parts[i / ROWS_PARTS][i % ROWS_PARTS], (double)x, (double)y,
                  ROWS_KEY_SWATCH);
        HTML("<text x=\"%zu\" y=\"%zu\">%s, %s</text>\n", x + ROWS_KEY_SWATCH + 6, y + 11,
             chart->sides[i / ROWS_PARTS], rows_words[i % ROWS_PARTS]);
    }
}

static void rows_picture(FILE *out, struct ipm_html_chart *chart) {
    const double top = ROWS_TOP + (rows_has_bars(chart) ? ROWS_KEY : 0);
    const double bottom = top + (double)chart->count * ROWS_STEP;
    chart->figure.height = bottom + ROWS_BELOW;
    chart->values.from = rows_left(chart);
    chart->values.to = ROWS_RIGHT;
    ipm_html_axis_round(&chart->values);
    for (size_t i = 0; i < chart->count; i++)
        chart->points[i].order =
            rows_has_bars(chart) ? chart->points[i].value : -chart->points[i].value;
    ipm_html_chart_sort(chart);
    ipm_html_figure_open(out, &chart->figure);
    if (rows_has_bars(chart))
        rows_key(out, chart);
    ipm_html_axis_bottom(out, &chart->values, top, bottom);
    for (size_t i = 0; i < chart->count; i++)
        rows_draw(out, chart, &chart->points[i], top + ((double)i + 0.5) * ROWS_STEP);
}

/* --- the table -------------------------------------------------------------------------- */

enum { ROWS_COLUMNS = 1 + IPM_HTML_SIDES * (1 + ROWS_PARTS) };

static void rows_columns(FILE *out, const struct ipm_html_chart *chart) {
    struct ipm_cell parts[IPM_HTML_SIDES][ROWS_PARTS];
    const char *columns[1 + ROWS_COLUMNS + 1] = {chart->values.name, "median",
                                                 "95 % from", "to"};
    size_t count = 1;
    if (rows_has_bars(chart))
        columns[count++] = "both ends";
    for (size_t i = 0; rows_has_bars(chart) && i < IPM_HTML_SIDES; i++) {
        columns[count++] = chart->sides[i];
        for (size_t j = 0; j < ROWS_PARTS; j++) {
            parts[i][j] = ipm_cell_print("%s, %s", chart->sides[i], rows_words[j]);
            columns[count++] = parts[i][j].text;
        }
    }
    ipm_html_figure_table(out, &chart->figure, columns);
}

static void rows_cells(FILE *out, const struct ipm_html_chart *chart,
                       const struct ipm_html_point *row) {
    double numbers[ROWS_COLUMNS] = {row->value, row->low, row->high};
    size_t count = rows_has_bars(chart) ? 1 : 3;
    for (size_t i = 0; rows_has_bars(chart) && i < IPM_HTML_SIDES; i++) {
        numbers[count++] = row->sides[i];
        numbers[count++] = row->sides[i] * row->shares[i];
        numbers[count++] = row->sides[i] * (1 - row->shares[i]);
    }
    for (size_t i = 0; i < count; i++)
        HTML("<td>%s</td>", isfinite(numbers[i])
                                ? ipm_html_axis_word(&chart->values, numbers[i]).text
                                : "-");
}

void ipm_html_rows(FILE *out, struct ipm_html_chart *chart) {
    if (chart->count == 0)
        return;
    rows_picture(out, chart);
    rows_columns(out, chart);
    for (size_t i = 0; i < chart->count; i++) {
        ipm_html_series_row(out, chart->series, chart->points[i].series);
        rows_cells(out, chart, &chart->points[i]);
        HTML("</tr>\n");
    }
    ipm_html_figure_close(out);
}
