/* text.c - the report as text: the machine, a table and notes. text/layout.c decides about columns
 * and widths. */
#include "reports/text/text.h"

#include "model/report/report.h"
#include "reports/columns/format.h"
#include "reports/columns/sections.h"
#include "reports/common/clean.h"
#include "reports/renderer.h"
#include "reports/text/layout.h"
#include "reports/text/pen.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { TEXT_EIGHTHS = 8 };

/* A section and its layout: one side, or two placements side by side. */
struct text_table {
    struct ipm_text_pen *pen;
    struct ipm_text_layout layout;
    size_t sides;
    struct ipm_text_section side[IPM_TEXT_PLACEMENTS_MOST];
};

/* --- headings --------------------------------------------------------------------------- */

static void text_fill(struct ipm_text_pen *pen, unsigned end) {
    ipm_text_move(pen, pen->column + 1);
    while (pen->column < end)
        ipm_text_put(pen, IPM_TEXT_DIM, "\u2500");
}

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

/* Writes the first or the second line over the columns of a side. */
static void text_columns(const struct text_table *table, size_t side, bool above) {
    const struct ipm_text_layout *layout = &table->layout;
    unsigned end = ipm_text_layout_start(layout, side);
    for (size_t i = 0; i < layout->set->count; i++) {
        if (layout->widths[i] == 0)
            continue;
        end += layout->gap + layout->widths[i];
        if (above)
            text_above(table->pen, layout, i, end);
        else
            ipm_text_put_right(table->pen, IPM_TEXT_BOLD,
                               ipm_text_layout_heading(layout, i, table->pen->unit), end);
    }
}

/* Writes the placement over its side, and a rule that is as wide. */
static void text_placement(const struct text_table *table, size_t side) {
    const struct ipm_text_layout *layout = &table->layout;
    const struct ipm_text_section *section = &table->side[side];
    const unsigned start = ipm_text_layout_start(layout, side);
    const char *pin = section->report->cases[section->begin].config.pin;
    const unsigned room = layout->side - layout->gap;
    const char *words = ipm_text_placement(pin);
    if (words != NULL && strlen(words) > room)
        words = ipm_text_placement_word(pin);
    ipm_text_move(table->pen, start + layout->gap);
    ipm_text_put_cut(table->pen, IPM_TEXT_BOLD, words != NULL ? words : pin, room);
    text_fill(table->pen, start + layout->side);
}

static void text_heading(const struct text_table *table) {
    const struct ipm_text_section *section = &table->side[0];
    const struct ipm_case_config *first = &section->report->cases[section->begin].config;
    const unsigned width = table->layout.label_width;
    ipm_text_put_cut(table->pen, IPM_TEXT_BOLD, section->named ? first->pattern : "",
                     width);
    for (size_t side = 0; side < table->sides; side++)
        if (table->sides > 1)
            text_placement(table, side);
        else
            text_columns(table, side, true);
    ipm_text_newline(table->pen);
    ipm_text_put_cut(table->pen, IPM_TEXT_BOLD, ipm_text_label_heading(section).text,
                     width);
    for (size_t side = 0; side < table->sides; side++)
        text_columns(table, side, false);
    ipm_text_newline(table->pen);
}

static void text_rule(const struct text_table *table, const char *title) {
    ipm_text_put(table->pen, IPM_TEXT_DIM, "\u2500\u2500");
    if (title[0] != '\0') {
        ipm_text_move(table->pen, 3);
        ipm_text_wrap(table->pen, IPM_TEXT_BOLD, title, 3);
    }
    text_fill(table->pen, table->layout.total);
    ipm_text_newline(table->pen);
}

/* --- rows ------------------------------------------------------------------------------- */

/* Draws a bar for a ranked case, scaled to the most of the group; the shortest is one step.
 * U+2588 is a full block, U+258F an eighth of one. */
static void text_bar(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
                     enum ipm_text_style style, const struct ipm_case *c, double most) {
    const unsigned steps = pen->options->utf8 ? TEXT_EIGHTHS : 1;
    if (layout->bar_width == 0 || !(most > 0) || !ipm_text_ranks(c))
        return;
    const double share = ipm_text_rank(c) / most;
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
                         const struct ipm_case *c, enum ipm_text_style style,
                         unsigned end) {
    for (size_t i = 0; i < layout->set->count; i++) {
        const struct ipm_text_column *column = &layout->set->columns[i];
        const struct ipm_statistic statistic = ipm_text_statistic(column, c, pen->unit);
        if (layout->widths[i] > 0) {
            end += layout->gap + layout->widths[i];
            ipm_text_put_right(
                pen, text_cell_style(column, &statistic, i == 0 ? style : IPM_TEXT_PLAIN),
                column->format(&statistic).text, end);
        }
    }
}

/* The fastest case of each side, and the largest value of all. */
struct text_group {
    const struct ipm_case *fastest[IPM_TEXT_PLACEMENTS_MOST];
    double most;
};

/* The notes tell the reason of a case without a result. */
static void text_side(const struct text_table *table, size_t side,
                      const struct ipm_case *c, const struct text_group *group) {
    const unsigned start = ipm_text_layout_start(&table->layout, side);
    const enum ipm_text_style style =
        c == group->fastest[side] ? IPM_TEXT_GOOD : IPM_TEXT_PLAIN;
    if (c->status == IPM_CASE_OK) {
        text_numbers(table->pen, &table->layout, c, style, start);
        text_bar(table->pen, &table->layout, style, c, group->most);
        return;
    }
    ipm_text_move(table->pen, start + table->layout.gap);
    ipm_text_put(table->pen, c->status == IPM_CASE_FAILED ? IPM_TEXT_BAD : IPM_TEXT_DIM,
                 ipm_case_status_words[c->status]);
}

static const struct ipm_case *text_case(const struct text_table *table, size_t side,
                                        size_t row) {
    return &table->side[side].report->cases[table->side[side].begin + row];
}

/* A row that was skipped on all sides is not written. */
static bool text_is_shown(const struct text_table *table, size_t row) {
    for (size_t side = 0; side < table->sides; side++)
        if (text_case(table, side, row)->status != IPM_CASE_SKIPPED)
            return true;
    return false;
}

static void text_row(const struct text_table *table, size_t row,
                     const struct text_group *group) {
    bool good = false;
    for (size_t side = 0; side < table->sides; side++)
        good = good || text_case(table, side, row) == group->fastest[side];
    ipm_text_put_cut(table->pen, good ? IPM_TEXT_GOOD : IPM_TEXT_PLAIN,
                     ipm_text_row_label(&table->side[0], table->side[0].begin + row).text,
                     table->layout.label_width);
    for (size_t side = 0; side < table->sides; side++)
        text_side(table, side, text_case(table, side, row), group);
    ipm_text_newline(table->pen);
}

static void text_group(const struct text_table *table, size_t row) {
    const struct ipm_text_section *one = &table->side[0];
    struct text_group group = {.most = 0};
    size_t ranked = 0;
    for (size_t side = 0; side < table->sides; side++) {
        const struct ipm_text_section *section = &table->side[side];
        group.fastest[side] = ipm_text_fastest(section, section->begin + row, &ranked);
        group.most = fmax(group.most, ipm_text_most(section, section->begin + row));
    }
    bool begun = false;
    for (size_t i = one->begin + row; i < one->end; i = ipm_text_group_next(one, i)) {
        if (!text_is_shown(table, i - one->begin))
            continue;
        if (!begun)
            text_rule(table,
                      ipm_text_group_title(one, one->begin + row, " \u00b7 ").text);
        begun = true;
        text_row(table, i - one->begin, &group);
    }
}

static void text_section(struct ipm_text_pen *pen,
                         const struct ipm_text_section *section) {
    struct text_table table = {.pen = pen};
    if (!ipm_text_has_rows(section))
        return;
    table.sides = ipm_text_split(section, table.side);
    ipm_text_layout_fit(&table.layout, pen, section, table.sides);
    text_heading(&table);
    for (size_t i = table.side[0].begin; i < table.side[0].end; i++)
        if (ipm_text_leads(&table.side[0], i))
            text_group(&table, i - section->begin);
    ipm_text_newline(pen);
}

static void text_tables(struct ipm_text_pen *pen, const struct ipm_report *report) {
    struct ipm_text_section section = {.report = report, .unit = pen->unit};
    while (ipm_text_section_next(&section))
        text_section(pen, &section);
}

static int text_render(const struct ipm_document *document,
                       const struct ipm_render_options *options, FILE *out,
                       struct ipm_err *err) {
    const struct ipm_report *report = document->report;
    struct ipm_text_pen pen = {
        .out = out, .options = options, .unit = ipm_text_unit_of(options->unit, report)};
    errno = 0;
    ipm_text_heading(&pen, report);
    text_tables(&pen, report);
    ipm_text_notes(&pen, report, options->warnings);
    return ipm_clean_end(out, "table", err);
}

const struct ipm_renderer ipm_renderer_text = {
    .name = "text",
    .summary = "a table for a person",
    .render = {[IPM_DOCUMENT_REPORT] = text_render,
               [IPM_DOCUMENT_COMPARISON] = ipm_comparison_text,
               [IPM_DOCUMENT_CHOICE] = ipm_choice_text,
               [IPM_DOCUMENT_EXPLANATION] = ipm_explanation_text,
               [IPM_DOCUMENT_MERGE] = ipm_merge_text,
               [IPM_DOCUMENT_CHECKUP] = ipm_checkup_text},
};
