/* plot.c - figures and axes. */
#include "reports/html/plot.h"

#include "reports/html/page.h"

#include <math.h>
#include <string.h>

/* A <figure> would have wide margins where a policy refuses the style sheet, and its words
 * would be too small on a phone. */
void ipm_html_figure_open(FILE *out, const struct ipm_html_figure *figure) {
    HTML("<div class=\"figure%s\" role=\"figure\" aria-labelledby=\"f%zu-title\">\n"
         "<h3>%s</h3>\n"
         "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 %d %.0f\" "
         "width=\"100%%\" height=\"%.0f\" preserveAspectRatio=\"xMinYMid\" "
         "fill=\"CanvasText\" "
         "font-family=\"system-ui, sans-serif\" font-size=\"13\" "
         "aria-labelledby=\"f%zu-title f%zu-desc\">\n"
         "<title id=\"f%zu-title\">%s</title>\n<desc id=\"f%zu-desc\">"
         "%s The same figures are in the table that follows.</desc>\n",
         figure->class.text, figure->number, figure->title, IPM_HTML_WIDTH,
         figure->height, figure->height, figure->number, figure->number, figure->number,
         figure->title, figure->number, figure->description);
}

void ipm_html_figure_table(FILE *out, const struct ipm_html_figure *figure,
                           const char *const *columns) {
    char caption[2 * IPM_TITLE_BYTES];
    (void)snprintf(caption, sizeof caption, "%s%s%s", figure->pattern.text,
                   figure->pattern.text[0] != '\0' ? ": " : "", figure->title);
    HTML("</svg>\n<p class=\"how\">%s%s%s</p>\n"
         "<details class=\"data\"><summary>As a table</summary>\n",
         figure->note, figure->note[0] != '\0' ? ". " : "", figure->description);
    ipm_html_table_open_of(out, ipm_cell_print("f%zu-table", figure->number).text, "",
                           caption, columns);
}

void ipm_html_figure_close(FILE *out) {
    ipm_html_table_close(out);
    HTML("</details>\n</div>\n");
}

enum { PLOT_TICK_DOWN = 15, PLOT_NAME_DOWN = 33 };

#define PLOT_GRID                                                                        \
    "<path class=\"grid\" fill=\"none\" stroke=\"GrayText\" stroke-opacity=\".4\" "

/* Formats a tick, which is a round number, without decimals: "10", "2k". */
static void plot_shorten(char *cell) {
    char *point = strchr(cell, '.');
    char *end = point != NULL ? point + strspn(point, ".0123456789") : NULL;
    if (point == NULL || point == cell)
        return;
    char *keep = end;
    while (keep > point && (keep[-1] == '0' || keep[-1] == '.'))
        keep--;
    memmove(keep, end, strlen(end) + 1);
}

static struct ipm_cell plot_words(const struct ipm_html_axis *axis, double value) {
    struct ipm_cell cell = ipm_html_axis_word(axis, value);
    if (axis->words == NULL)
        plot_shorten(cell.text);
    return cell;
}

static void plot_tick(FILE *out, const char *words, double x, double y,
                      const char *anchor) {
    HTML("<text class=\"tick\" text-anchor=\"%s\" x=\"%.1f\" "
         "y=\"%.1f\">%s</text>\n",
         anchor, x, y, words);
}

/* Draws a line for each tick, and its label where it does not overlap the one before. */
void ipm_html_axis_bottom(FILE *out, const struct ipm_html_axis *axis, double top,
                          double bottom) {
    double free_from = -INFINITY;
    for (size_t i = 0; i < axis->tick_count; i++) {
        const struct ipm_cell cell = plot_words(axis, axis->ticks[i]);
        const double x = ipm_html_axis_place(axis, axis->ticks[i]);
        const double half = (double)strlen(cell.text) * IPM_HTML_LETTER / 2;
        HTML(PLOT_GRID "d=\"M%.1f %.1fV%.1f\"/>\n", x, top, bottom);
        if (x - half < free_from)
            continue;
        plot_tick(out, cell.text, x, bottom + PLOT_TICK_DOWN, "middle");
        free_from = x + half;
    }
    HTML("<text class=\"name\" text-anchor=\"middle\" x=\"%.1f\" "
         "y=\"%.1f\">%s</text>\n",
         (axis->from + axis->to) / 2, bottom + PLOT_NAME_DOWN, axis->name);
}

void ipm_html_axis_left(FILE *out, const struct ipm_html_axis *axis, double left,
                        double right) {
    for (size_t i = 0; i < axis->tick_count; i++) {
        const double y = ipm_html_axis_place(axis, axis->ticks[i]);
        HTML(PLOT_GRID "d=\"M%.1f %.1fH%.1f\"/>\n", left, y, right);
        plot_tick(out, plot_words(axis, axis->ticks[i]).text, left - 5, y + 4, "end");
    }
    HTML("<text class=\"name\" x=\"2\" y=\"12\">%s</text>\n", axis->name);
}

#define PLOT_WORDS_LOOK                                                                  \
    "fill=\"CanvasText\" stroke=\"Canvas\" stroke-width=\"3\" paint-order=\"stroke\" "   \
    "stroke-linejoin=\"round\" "

void ipm_html_who(FILE *out, const char *anchor, double x, double y, const char *name,
                  size_t most) {
    HTML("<text class=\"who\" " PLOT_WORDS_LOOK
         "text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">",
         anchor, x, y);
    ipm_html_short(out, name, most);
    HTML("</text>\n");
}

void ipm_html_value(FILE *out, double y, const char *value) {
    HTML("<text class=\"value\" " PLOT_WORDS_LOOK
         "text-anchor=\"end\" x=\"%d\" y=\"%.1f\">",
         IPM_HTML_WIDTH - 2, y);
    HTML("%s</text>\n", value);
}

void ipm_html_ink_open(FILE *out, const char *class, const char *color,
                       const char *title) {
    HTML("<g class=\"s %s\" color=\"%s\" fill=\"none\" "
         "stroke=\"currentColor\"><title>%s</title>\n",
         class, color, title);
}

void ipm_html_whisker(FILE *out, const struct ipm_html_axis *axis, double low,
                      double high, double y) {
    if (isfinite(low) && isfinite(high))
        HTML("<path class=\"whisker\" d=\"M%.1f %.1fv6m0-3H%.1fm0-3v6\"/>\n",
             ipm_html_axis_place(axis, low), y - 3, ipm_html_axis_place(axis, high));
}
