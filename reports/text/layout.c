/* layout.c - chooses the width of each column of a section. */
#include "reports/text/layout.h"

#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/sections.h"
#include "reports/renderer.h"

#include <string.h>

enum {
    LAYOUT_LABEL_MOST = 20, /* of a label; then all columns fit into 80 */
    LAYOUT_LABEL_WIDE = 32,
    LAYOUT_BAR_MOST = 60,
};

static unsigned layout_larger(unsigned a, unsigned b) {
    return a > b ? a : b;
}

static unsigned layout_smaller(unsigned a, unsigned b) {
    return a < b ? a : b;
}

/* Returns 0 when the column is not for this width, or no case has a value for it. */
static unsigned layout_measure(const struct ipm_text_column *column,
                               const struct ipm_text_pen *pen,
                               const struct ipm_text_section *section) {
    unsigned widest = 0;
    unsigned room = pen->options->columns;
    if (room < column->wide || (column->narrow != 0 && room > column->narrow))
        return 0;
    for (size_t i = section->begin; i < section->end; i++) {
        const struct ipm_case *c = &section->report->cases[i];
        const struct ipm_statistic statistic = ipm_text_statistic(column, c);
        char cell[IPM_TEXT_CELL_BYTES];
        column->format(cell, &statistic);
        if (c->status == IPM_CASE_OK && strcmp(cell, "-") != 0)
            widest = layout_larger(widest, ipm_text_width(pen, cell));
    }
    if (widest == 0)
        return 0;
    if (!column->spans)
        widest = layout_larger(widest, ipm_text_width(pen, column->above));
    return layout_larger(widest, ipm_text_width(pen, column->heading));
}

static unsigned layout_label(const struct ipm_text_pen *pen,
                             const struct ipm_text_section *section) {
    unsigned most =
        pen->options->columns < IPM_TEXT_WIDE ? LAYOUT_LABEL_MOST : LAYOUT_LABEL_WIDE;
    unsigned widest = ipm_text_width(pen, "transport");
    if (section->named)
        widest = layout_larger(
            widest,
            ipm_text_width(pen, section->report->cases[section->begin].config.pattern));
    for (size_t i = section->begin; i < section->end; i++) {
        char label[IPM_TEXT_TITLE_BYTES];
        ipm_text_label(label, &section->report->cases[i].config);
        widest = layout_larger(widest, ipm_text_width(pen, label));
    }
    return layout_smaller(widest, most);
}

static unsigned layout_needs(const struct ipm_text_layout *layout, unsigned gap) {
    unsigned needs = layout->label_width;
    for (size_t i = 0; i < layout->set->count; i++)
        needs += layout->widths[i] > 0 ? gap + layout->widths[i] : 0;
    return needs;
}

/* Fits a bar of `bar_least` columns or more, or no bar where it is 0. */
static bool layout_try(struct ipm_text_layout *layout, unsigned room, unsigned gap,
                       unsigned bar_least) {
    const unsigned needs = layout_needs(layout, gap);
    const unsigned bar_gap = bar_least > 0 ? gap : 0;
    if (needs + bar_gap + bar_least > room)
        return false;
    layout->gap = gap;
    layout->bar_width =
        bar_least > 0 ? layout_smaller(room - needs - bar_gap, LAYOUT_BAR_MOST) : 0;
    layout->total = needs + bar_gap + layout->bar_width;
    return true;
}

void ipm_text_layout_fit(struct ipm_text_layout *layout, const struct ipm_text_pen *pen,
                         const struct ipm_text_section *section) {
    const unsigned room = pen->options->columns;
    *layout = (struct ipm_text_layout){.set = section->set,
                                       .label_width = layout_label(pen, section)};
    for (size_t i = 0; i < layout->set->count; i++)
        layout->widths[i] = layout_measure(&layout->set->columns[i], pen, section);
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
    layout->total = layout_needs(layout, layout->gap);
}
