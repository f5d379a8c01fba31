/* text.c - the report as text: the machine, a table and notes. text/layout.c decides about columns
 * and widths. */
#include "reports/text/text.h"

#include "model/report/report.h"
#include "reports/columns/format.h"
#include "reports/columns/sections.h"
#include "reports/common/choice.h"
#include "reports/common/clean.h"
#include "reports/common/comparison.h"
#include "reports/renderer.h"
#include "reports/text/layout.h"
#include "reports/text/pen.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { TEXT_EIGHTHS = 8 };

/* --- headings --------------------------------------------------------------------------- */

/* Returns the next column that is shown, or NULL. */
static const struct ipm_text_column *text_next(const struct ipm_text_layout *layout,
                                               size_t i) {
    for (i++; i < layout->set->count; i++)
        if (layout->widths[i] > 0)
            return &layout->set->columns[i];
    return NULL;
}

/* The first line that neighbours share is written above the last of them, where it fits. */
static void text_above(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
                       size_t i, unsigned end) {
    const char *above = layout->set->columns[i].above;
    const struct ipm_text_column *next = text_next(layout, i);
    if ((next == NULL || strcmp(next->above, above) != 0) &&
        pen->column + ipm_text_width(pen, above) < end)
        ipm_text_put_right(pen, IPM_TEXT_BOLD, above, end);
}

static void text_heading(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
                         const char *name) {
    for (int line = 0; line < 2; line++) {
        unsigned end = layout->label_width;
        ipm_text_put_cut(pen, IPM_TEXT_BOLD, line == 0 ? name : "transport",
                         layout->label_width);
        for (size_t i = 0; i < layout->set->count; i++) {
            if (layout->widths[i] == 0)
                continue;
            end += layout->gap + layout->widths[i];
            if (line == 0)
                text_above(pen, layout, i, end);
            else
                ipm_text_put_right(pen, IPM_TEXT_BOLD, layout->set->columns[i].heading,
                                   end);
        }
        ipm_text_newline(pen);
    }
}

static void text_rule(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
                      const char *title) {
    ipm_text_put(pen, IPM_TEXT_DIM, "\u2500\u2500 ");
    ipm_text_wrap(pen, IPM_TEXT_BOLD, title, 3);
    ipm_text_move(pen, pen->column + 1);
    while (pen->column < layout->total)
        ipm_text_put(pen, IPM_TEXT_DIM, "\u2500");
    ipm_text_newline(pen);
}

/* --- rows ------------------------------------------------------------------------------- */

/* Draws a bar for ranked cases, scaled to the fastest of the group; the shortest is one step.
 * U+2588 is a full block, U+258F an eighth of one. */
static void text_bar(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
                     enum ipm_text_style style, const struct ipm_case *c,
                     const struct ipm_case *fastest) {
    const unsigned steps = pen->options->utf8 ? TEXT_EIGHTHS : 1;
    if (layout->bar_width == 0 || fastest == NULL || !ipm_text_ranks(c))
        return;
    const double share = ipm_text_rank(c) / ipm_text_rank(fastest);
    if (!(share > 0))
        return;
    unsigned left = (unsigned)fmax(fmin(share, 1) * layout->bar_width * steps + 0.5, 1);
    ipm_text_move(pen, pen->column + layout->gap);
    for (; left >= steps; left -= steps)
        ipm_text_put(pen, style, steps > 1 ? "\u2588" : "#");
    if (left > 0)
        ipm_text_put(pen, style,
                     (const char[]){'\xE2', '\x96', (char)(0x90 - (int)left), '\0'});
}

static enum ipm_text_style text_cell_style(const struct ipm_text_column *column,
                                           const struct ipm_statistic *statistic,
                                           enum ipm_text_style style) {
    if (!isfinite(statistic->median))
        return IPM_TEXT_DIM;
    if (column->alarming)
        return statistic->mean > 0 ? IPM_TEXT_WARN : IPM_TEXT_PLAIN;
    return style;
}

static void text_numbers(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
                         const struct ipm_case *c, enum ipm_text_style style) {
    unsigned end = layout->label_width;
    for (size_t i = 0; i < layout->set->count; i++) {
        const struct ipm_text_column *column = &layout->set->columns[i];
        const struct ipm_statistic statistic = ipm_text_statistic(column, c);
        char cell[IPM_TEXT_CELL_BYTES];
        if (layout->widths[i] > 0) {
            end += layout->gap + layout->widths[i];
            column->format(cell, &statistic);
            ipm_text_put_right(
                pen, text_cell_style(column, &statistic, i == 0 ? style : IPM_TEXT_PLAIN),
                cell, end);
        }
    }
}

static void text_reason(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
                        const struct ipm_case *c) {
    const bool failed = c->status == IPM_CASE_FAILED;
    const enum ipm_text_style style = failed ? IPM_TEXT_BAD : IPM_TEXT_DIM;
    const unsigned indent = layout->label_width + layout->gap;
    ipm_text_move(pen, indent);
    ipm_text_put(pen, style, failed ? "failed:" : "skipped:");
    ipm_text_move(pen, pen->column + 1);
    ipm_text_wrap(pen, style, c->reason[0] != '\0' ? c->reason : "no reason given",
                  indent);
}

static void text_row(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
                     const struct ipm_case *c, const struct ipm_case *fastest) {
    char label[IPM_TEXT_TITLE_BYTES];
    enum ipm_text_style style = c == fastest ? IPM_TEXT_GOOD : IPM_TEXT_PLAIN;
    ipm_text_label(label, &c->config);
    ipm_text_put_cut(pen, style, label, layout->label_width);
    if (c->status != IPM_CASE_OK) {
        text_reason(pen, layout, c);
    } else {
        text_numbers(pen, layout, c, style);
        text_bar(pen, layout, style, c, fastest);
    }
    ipm_text_newline(pen);
}

static void text_group(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
                       const struct ipm_text_section *section, size_t first) {
    const struct ipm_case *cases = section->report->cases;
    char title[IPM_TEXT_TITLE_BYTES];
    size_t ranked = 0;
    ipm_text_title(title, &cases[first].config, " \u00b7 ", false);
    text_rule(pen, layout, title);
    const struct ipm_case *fastest = ipm_text_fastest(section, first, &ranked);
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i))
        text_row(pen, layout, &cases[i], fastest);
}

static void text_section(struct ipm_text_pen *pen,
                         const struct ipm_text_section *section) {
    const struct ipm_report *report = section->report;
    const char *pattern = report->cases[section->begin].config.pattern;
    struct ipm_text_layout layout;
    ipm_text_layout_fit(&layout, pen, section);
    text_heading(pen, &layout, section->named ? pattern : "");
    for (size_t i = section->begin; i < section->end; i++)
        if (ipm_text_leads(section, i))
            text_group(pen, &layout, section, i);
}

static void text_tables(struct ipm_text_pen *pen, const struct ipm_report *report) {
    for (size_t begin = 0; begin < report->case_count;) {
        const struct ipm_text_section section = ipm_text_section_at(report, begin);
        text_section(pen, &section);
        ipm_text_newline(pen);
        begin = section.end;
    }
}

static int text_render(const struct ipm_report *report,
                       const struct ipm_render_options *options, FILE *out,
                       struct ipm_err *err) {
    struct ipm_text_pen pen = {.out = out, .options = options};
    errno = 0;
    ipm_text_heading(&pen, report);
    text_tables(&pen, report);
    ipm_text_notes(&pen, report, options->warnings);
    return ipm_clean_end(out, "table", err);
}

const struct ipm_renderer ipm_renderer_text = {
    .name = "text",
    .summary = "a table for a person",
    .render = text_render,
    .render_comparison = ipm_comparison_text,
    .render_choice = ipm_choice_text,
    .render_explanation = ipm_explanation_text,
};
