/* comparison_forest.c - the changes of one metric as a drawing: for each case the median
 * and its interval on an axis of ratios, with the range that counts as no change shaded.
 * Verdicts differ by marker, not by colour alone. */
#include "reports/common/comparison.h"
#include "reports/html/page.h"
#include "reports/html/plot.h"

#include <math.h>

enum {
    FOREST_LEFT = 8,
    FOREST_RIGHT = IPM_HTML_WIDTH - 8,
    FOREST_TOP = 6,
    FOREST_STEP = 36,
    FOREST_NAME_DOWN = 13, /* from the top of a row to the name */
    FOREST_LINE_DOWN = 25, /* ... to the middle of the interval */
    FOREST_BAND = 14,      /* height of the shaded range */
    FOREST_BELOW = 40,
    FOREST_NAME_MOST = 34,
    FOREST_TICK_LEAST = 48, /* least distance of ticks */
};

static const double forest_margin = 0.04;

struct forest {
    const struct ipm_comparison *comparison;
    const struct ipm_metric *metric;
    bool same;
    size_t rows;
    struct ipm_html_axis axis;
};

static bool forest_has(const struct forest *forest, size_t i) {
    const struct ipm_compared *compared = &forest->comparison->results[i];
    return !ipm_comparison_lacks_change(compared) && compared->metric == forest->metric &&
           (compared->verdict == IPM_VERDICT_SAME) == forest->same;
}

/* --- the axis --------------------------------------------------------------------------- */

static struct ipm_cell forest_format(double ratio) {
    const double percent = round((ratio - 1) * 100);
    return ipm_cell_print(percent != 0 ? "%+.0f %%" : "%.0f %%", percent + 0.0);
}

/* Adds ticks from "no change" outwards, wherever their labels fit. */
static void forest_ticks(struct ipm_html_axis *axis, const double *ratios, size_t count) {
    double last = ipm_html_axis_place(axis, 1);
    for (size_t i = 0; i < count; i++) {
        const double place = ipm_html_axis_place(axis, ratios[i]);
        if (ratios[i] < axis->low || ratios[i] > axis->high ||
            fabs(place - last) < FOREST_TICK_LEAST)
            continue;
        ipm_html_axis_tick(axis, ratios[i]);
        last = place;
    }
}

static void forest_scale(struct forest *forest) {
    static const double less[] = {0.99, 0.98, 0.95, 0.9,  0.8,  0.7, 0.5,
                                  0.3,  0.2,  0.1,  0.05, 0.02, 0.01};
    static const double more[] = {1.01, 1.02, 1.05, 1.1, 1.2, 1.3, 1.5, 2,
                                  3,    5,    10,   20,  50,  100, 1000};
    struct ipm_html_axis *axis = &forest->axis;
    const double margin = exp(log(axis->high / axis->low) * forest_margin);
    axis->low /= margin;
    axis->high *= margin;
    axis->from = FOREST_LEFT + FOREST_TICK_LEAST / 2.0;
    axis->to = FOREST_RIGHT - FOREST_TICK_LEAST / 2.0;
    ipm_html_axis_tick(axis, 1);
    forest_ticks(axis, less, sizeof less / sizeof less[0]);
    forest_ticks(axis, more, sizeof more / sizeof more[0]);
}

static void forest_survey(struct forest *forest) {
    struct ipm_html_axis *axis = &forest->axis;
    const double threshold = 1 + forest->comparison->threshold;
    (void)ipm_html_axis_show(axis, threshold);
    (void)ipm_html_axis_show(axis, 1 / threshold);
    for (size_t i = 0; i < forest->comparison->result_count; i++) {
        const struct ipm_compared *compared = &forest->comparison->results[i];
        const double own = 1 + compared->threshold;
        const double shown[] = {compared->ratio, compared->ratio_low,
                                compared->ratio_high, own, 1 / own};
        if (!forest_has(forest, i))
            continue;
        forest->rows++;
        for (size_t s = 0; s < sizeof shown / sizeof shown[0]; s++)
            (void)ipm_html_axis_show(axis, shown[s]);
    }
    forest_scale(forest);
}

/* --- a row ------------------------------------------------------------------------------ */

static void forest_row(FILE *out, const struct forest *forest,
                       const struct ipm_compared *compared, double y) {
    static const struct {
        const char *marker;
        const char *color;
    } styles[IPM_VERDICTS] = {
        [IPM_VERDICT_REGRESSED] = {"m4", "#c8283a"},
        [IPM_VERDICT_IMPROVED] = {"m2", "#12854a"},
        [IPM_VERDICT_SAME] = {"m0", "#6b7480"},
        [IPM_VERDICT_UNDECIDED] = {"m3", "#9a6200"},
        [IPM_VERDICT_INSUFFICIENT] = {"m6", "#9a6200"},
        [IPM_VERDICT_MACHINE] = {"m6", "#9a6200"},
    };
    const struct ipm_html_axis *axis = &forest->axis;
    const char *verdict = ipm_verdict_words[compared->verdict];
    const double middle = y + FOREST_LINE_DOWN;
    const double from = ipm_html_axis_place(axis, 1 / (1 + compared->threshold));
    const double to = ipm_html_axis_place(axis, 1 + compared->threshold);
    const struct ipm_title name =
        ipm_text_case(&forest->comparison->cases[compared->case_index]);
    char title[IPM_TITLE_BYTES + IPM_CELL_BYTES];
    (void)snprintf(title, sizeof title, "%s: %s", name.text, verdict);
    ipm_html_ink_open(out, verdict, styles[compared->verdict].color, title);
    ipm_html_who(out, "start", FOREST_LEFT, y + FOREST_NAME_DOWN, name.text,
                 FOREST_NAME_MOST);
    ipm_html_value(out, y + FOREST_NAME_DOWN,
                   ipm_comparison_change_of(forest->comparison, compared->ratio).text);
    if (isfinite(compared->threshold))
        HTML("<rect class=\"band\" fill=\"GrayText\" fill-opacity=\".3\" "
             "stroke=\"none\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
             "height=\"%d\"/>\n",
             from, middle - FOREST_BAND / 2.0, to - from, FOREST_BAND);
    HTML("<path class=\"none\" stroke=\"CanvasText\" stroke-dasharray=\"2 2\" "
         "d=\"M%.1f %.1fv%d\"/>\n",
         ipm_html_axis_place(axis, 1), middle - FOREST_BAND / 2.0, FOREST_BAND);
    ipm_html_whisker(out, axis, compared->ratio_low, compared->ratio_high, middle);
    HTML("<use href=\"#%s\" x=\"%.1f\" y=\"%.1f\"/>\n", styles[compared->verdict].marker,
         ipm_html_axis_place(axis, compared->ratio), middle);
    HTML("</g>\n");
}

/* --- the figure ------------------------------------------------------------------------- */

static void forest_picture(FILE *out, const struct forest *forest,
                           const struct ipm_html_figure *figure) {
    double y = FOREST_TOP;
    ipm_html_figure_open(out, figure);
    ipm_html_axis_bottom(out, &forest->axis, FOREST_TOP, figure->height - FOREST_BELOW);
    for (size_t i = 0; i < forest->comparison->result_count; i++) {
        if (!forest_has(forest, i))
            continue;
        forest_row(out, forest, &forest->comparison->results[i], y);
        y += FOREST_STEP;
    }
}

static void forest_table(FILE *out, const struct forest *forest,
                         const struct ipm_html_figure *figure) {
    const char *const columns[] = {"case",   "verdict",
                                   "change", ipm_comparison_interval(forest->comparison),
                                   "limit",  NULL};
    ipm_html_figure_table(out, figure, columns);
    for (size_t i = 0; i < forest->comparison->result_count; i++) {
        const struct ipm_compared *compared = &forest->comparison->results[i];
        const struct ipm_comparison_cells cells =
            ipm_comparison_cells(forest->comparison, compared, IPM_UNIT_AUTO);
        if (!forest_has(forest, i))
            continue;
        ipm_html_row_open(
            out, ipm_text_case(&forest->comparison->cases[compared->case_index]).text);
        ipm_html_cells(out, ipm_verdict_words[compared->verdict], cells.change.text,
                       cells.interval.text, cells.limit.text);
    }
    ipm_html_figure_close(out);
}

static void forest_put(FILE *out, struct forest *forest, size_t number) {
    struct ipm_html_figure figure = {
        .number = number,
        .description = "Worst first: the median and its 95 % interval, on an axis of "
                       "ratios. The shaded area counts as no change. Markers: triangle "
                       "down, regressed; triangle up, improved; circle, same; "
                       "diamond, undecided; cross, insufficient or of the machine.",
        .height = FOREST_TOP + (double)forest->rows * FOREST_STEP + FOREST_BELOW};
    (void)snprintf(figure.title, sizeof figure.title, "Change of %s, %s against %s%s",
                   forest->metric->name,
                   ipm_comparison_arm(forest->comparison, IPM_ARM_NEW),
                   ipm_comparison_arm(forest->comparison, IPM_ARM_BASE),
                   forest->same ? ": unchanged" : "");
    forest_picture(out, forest, &figure);
    forest_table(out, forest, &figure);
}

void ipm_html_forests(FILE *out, const struct ipm_comparison *comparison, bool same,
                      size_t *figures) {
    for (size_t m = 0; m < IPM_METRICS; m++) {
        const struct ipm_metric *metric = &ipm_metrics[m];
        struct forest forest = {
            .comparison = comparison,
            .metric = metric,
            .same = same,
            .axis = {.logarithmic = true,
                     .format = forest_format,
                     .name = metric->more_is_better
                                 ? "\u2190 worse \u00b7 better \u2192"
                                 : "\u2190 better \u00b7 worse \u2192"},
        };
        forest_survey(&forest);
        if (forest.rows > 0)
            forest_put(out, &forest, (*figures)++);
    }
}
