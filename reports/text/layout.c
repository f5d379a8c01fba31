/* layout.c - chooses the width of each column of a section. */
#include "reports/text/layout.h"

#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/sections.h"
#include "reports/renderer.h"

#include <assert.h>
#include <string.h>

enum {
    LAYOUT_LABEL_MOST = 20, /* of a label; then all columns fit into 80 */
    LAYOUT_LABEL_WIDE = 32,
    LAYOUT_BAR_MOST = 60,
    LAYOUT_BETWEEN = 2, /* sides, beside the gap of a column */
};

static unsigned layout_larger(unsigned a, unsigned b) {
    return a > b ? a : b;
}

static unsigned layout_smaller(unsigned a, unsigned b) {
    return a < b ? a : b;
}

const char *ipm_text_layout_heading(const struct ipm_text_layout *layout, size_t column,
                                    const struct ipm_text_unit *unit) {
    return ipm_text_column_heading(&layout->set->columns[column], layout->sides > 1,
                                   unit);
}

unsigned ipm_text_layout_start(const struct ipm_text_layout *layout, size_t side) {
    return layout->label_width + (unsigned)side * (layout->side + LAYOUT_BETWEEN);
}

/* Returns 0 when the column is not for this layout or width, or no case has a value for it. */
static unsigned layout_measure(const struct ipm_text_layout *layout, size_t index,
                               const struct ipm_text_pen *pen,
                               const struct ipm_text_section *section) {
    const struct ipm_text_column *column = &layout->set->columns[index];
    const char *heading = ipm_text_layout_heading(layout, index, section->unit);
    unsigned widest = 0;
    unsigned room = pen->options->columns;
    if (heading == NULL || room < column->wide ||
        (column->narrow != 0 && room > column->narrow))
        return 0;
    for (size_t i = section->begin; i < section->end; i++) {
        const struct ipm_case *c = &section->report->cases[i];
        const struct ipm_cell cell = ipm_text_cell(column, c, section->unit);
        if (c->status == IPM_CASE_OK && strcmp(cell.text, "-") != 0)
            widest = layout_larger(widest, ipm_text_width(pen, cell.text));
    }
    if (widest == 0)
        return 0;
    if (!column->spans && layout->sides == 1)
        widest = layout_larger(widest, ipm_text_width(pen, column->above));
    return layout_larger(widest, ipm_text_width(pen, heading));
}

static unsigned layout_label(const struct ipm_text_pen *pen,
                             const struct ipm_text_section *section) {
    unsigned most =
        pen->options->columns < IPM_TEXT_WIDE ? LAYOUT_LABEL_MOST : LAYOUT_LABEL_WIDE;
    unsigned widest = ipm_text_width(pen, ipm_text_label_heading(section).text);
    if (section->named)
        widest = layout_larger(
            widest,
            ipm_text_width(pen, section->report->cases[section->begin].config.pattern));
    for (size_t i = section->begin; i < section->end; i++)
        widest = layout_larger(widest,
                               ipm_text_width(pen, ipm_text_row_label(section, i).text));
    return layout_smaller(widest, most);
}

/* Returns the width of the columns of a side. */
static unsigned layout_needs(const struct ipm_text_layout *layout, unsigned gap) {
    unsigned needs = 0;
    for (size_t i = 0; i < layout->set->count; i++)
        needs += layout->widths[i] > 0 ? gap + layout->widths[i] : 0;
    return needs;
}

/* Fits a bar of `bar_least` columns or more, or no bar where it is 0. */
static bool layout_try(struct ipm_text_layout *layout, unsigned room, unsigned gap,
                       unsigned bar_least) {
    const unsigned sides = (unsigned)layout->sides;
    const unsigned others = layout->label_width + (sides - 1) * LAYOUT_BETWEEN;
    const unsigned needs = layout_needs(layout, gap) + (bar_least > 0 ? gap : 0);
    if (others + sides * (needs + bar_least) > room)
        return false;
    layout->gap = gap;
    layout->bar_width =
        bar_least > 0 ? layout_smaller((room - others) / sides - needs, LAYOUT_BAR_MOST)
                      : 0;
    layout->side = needs + layout->bar_width;
    layout->total = others + sides * layout->side;
    return true;
}

void ipm_text_layout_fit(struct ipm_text_layout *layout, const struct ipm_text_pen *pen,
                         const struct ipm_text_section *section, size_t sides) {
    const unsigned room = pen->options->columns;
    assert(sides > 0);
    *layout = (struct ipm_text_layout){
        .set = section->set, .sides = sides, .label_width = layout_label(pen, section)};
    for (size_t i = 0; i < layout->set->count; i++)
        layout->widths[i] = layout_measure(layout, i, pen, section);
    if (layout_try(layout, room, 2, 6) || layout_try(layout, room, 1, 4))
        return;
    for (unsigned leaves = 1; leaves <= IPM_TEXT_LEAVES_LAST + 1; leaves++) {
        if (layout_try(layout, room, 2, 0) || layout_try(layout, room, 1, 0))
            return;
        for (size_t i = 0; i < layout->set->count; i++)
            if (layout->set->columns[i].leaves == leaves)
                layout->widths[i] = 0;
    }
    layout->gap = 1; /* the terminal is narrower than a label and a number */
    layout->side = layout_needs(layout, layout->gap);
    layout->total = ipm_text_layout_start(layout, sides - 1) + layout->side;
}
