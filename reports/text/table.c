/* table.c - writes the cases as a table. text/layout.c decides about columns and widths. */
#include "reports/text/text.h"

#include "model/report/report.h"
#include "reports/columns/format.h"
#include "reports/columns/sections.h"
#include "reports/renderer.h"
#include "reports/text/layout.h"
#include "reports/text/pen.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TABLE_EIGHTHS = 8 };

/* Returns the next column that is shown, or NULL. */
static const struct ipm_text_column *table_next(const struct ipm_text_layout *layout,
                                                size_t i) {
    for (i++; i < layout->set->count; i++)
        if (layout->widths[i] > 0)
            return &layout->set->columns[i];
    return NULL;
}

/* The first line that neighbours share is written above the last of them, where it fits. */
static void table_above(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
                        size_t i, unsigned end) {
    const char *above = layout->set->columns[i].above;
    const struct ipm_text_column *next = table_next(layout, i);
    if ((next == NULL || strcmp(next->above, above) != 0) &&
        pen->column + ipm_text_width(pen, above) < end)
        ipm_text_put_right(pen, IPM_TEXT_BOLD, above, end);
}

static void table_heading(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
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
                table_above(pen, layout, i, end);
            else
                ipm_text_put_right(pen, IPM_TEXT_BOLD, layout->set->columns[i].heading,
                                   end);
        }
        ipm_text_newline(pen);
    }
}

static void table_rule(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
                       const char *title) {
    ipm_text_put(pen, IPM_TEXT_DIM, "\u2500\u2500 ");
    ipm_text_wrap(pen, IPM_TEXT_BOLD, title, 3);
    if (pen->column + 2 <= layout->total) {
        char rule[4 * 256] = "";
        unsigned length = layout->total - pen->column - 1;
        for (size_t used = 0; length > 0 && used + 4 < sizeof rule; length--)
            used += (size_t)snprintf(rule + used, sizeof rule - used, "\u2500");
        ipm_text_move(pen, pen->column + 1);
        ipm_text_put(pen, IPM_TEXT_DIM, rule);
    }
    ipm_text_newline(pen);
}

/* U+2588 is a full block, U+258F an eighth of one. The shortest bar is one step. */
static void table_bar(char *bar, size_t size, double share, unsigned width, bool utf8) {
    unsigned steps = utf8 ? TABLE_EIGHTHS : 1;
    double length = fmin(share, 1) * width * steps;
    unsigned left = length < 1 ? 1 : (unsigned)(length + 0.5);
    size_t used = 0;
    while (left >= steps && used + 4 < size) {
        used += (size_t)snprintf(bar + used, size - used, "%s", utf8 ? "\u2588" : "#");
        left -= steps;
    }
    if (left > 0 && used + 4 < size) {
        const char part[] = {'\xE2', '\x96', (char)(0x90 - (int)left), '\0'};
        (void)snprintf(bar + used, size - used, "%s", part);
    }
}

/* Draws a bar for ranked cases, scaled to the fastest of the group. */
static void table_put_bar(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
                          enum ipm_text_style style, const struct ipm_case *c,
                          const struct ipm_case *fastest) {
    char bar[4 * 64] = "";
    if (layout->bar_width == 0 || fastest == NULL || !ipm_text_ranks(c))
        return;
    double share = ipm_text_rank(c) / ipm_text_rank(fastest);
    if (share > 0) {
        table_bar(bar, sizeof bar, share, layout->bar_width, pen->options->utf8);
        ipm_text_move(pen, pen->column + layout->gap);
        ipm_text_put(pen, style, bar);
    }
}

static enum ipm_text_style table_cell_style(const struct ipm_text_column *column,
                                            const struct ipm_statistic *statistic,
                                            enum ipm_text_style style) {
    if (!isfinite(statistic->median))
        return IPM_TEXT_DIM;
    if (column->alarming)
        return statistic->mean > 0 ? IPM_TEXT_WARN : IPM_TEXT_PLAIN;
    return style;
}

static void table_numbers(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
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
                pen,
                table_cell_style(column, &statistic, i == 0 ? style : IPM_TEXT_PLAIN),
                cell, end);
        }
    }
}

struct table_absence {
    const char *word;
    enum ipm_text_style style;
};

static const struct table_absence table_absences[] = {
    [IPM_CASE_OK] = {.word = "", .style = IPM_TEXT_PLAIN},
    [IPM_CASE_FAILED] = {.word = "failed:", .style = IPM_TEXT_BAD},
    [IPM_CASE_SKIPPED] = {.word = "skipped:", .style = IPM_TEXT_DIM},
};

static void table_reason(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
                         const struct ipm_case *c) {
    const struct table_absence *absence = &table_absences[c->status];
    unsigned indent = layout->label_width + layout->gap;
    ipm_text_move(pen, indent);
    ipm_text_put(pen, absence->style, absence->word);
    ipm_text_move(pen, pen->column + 1);
    ipm_text_wrap(pen, absence->style,
                  c->reason[0] != '\0' ? c->reason : "no reason given", indent);
}

static void table_row(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
                      const struct ipm_case *c, const struct ipm_case *fastest) {
    char label[IPM_TEXT_TITLE_BYTES];
    enum ipm_text_style style = c == fastest ? IPM_TEXT_GOOD : IPM_TEXT_PLAIN;
    ipm_text_label(label, &c->config);
    ipm_text_put_cut(pen, style, label, layout->label_width);
    if (c->status != IPM_CASE_OK) {
        table_reason(pen, layout, c);
    } else {
        table_numbers(pen, layout, c, style);
        table_put_bar(pen, layout, style, c, fastest);
    }
    ipm_text_newline(pen);
}

static void table_group(struct ipm_text_pen *pen, const struct ipm_text_layout *layout,
                        const struct ipm_text_section *section, size_t first) {
    const struct ipm_case *cases = section->report->cases;
    char title[IPM_TEXT_TITLE_BYTES];
    size_t ranked = 0;
    ipm_text_title(title, &cases[first].config, " \u00b7 ", false);
    table_rule(pen, layout, title);
    const struct ipm_case *fastest = ipm_text_fastest(section, first, &ranked);
    for (size_t i = first; i < section->end; i = ipm_text_group_next(section, i))
        table_row(pen, layout, &cases[i], fastest);
}

static void table_section(struct ipm_text_pen *pen,
                          const struct ipm_text_section *section) {
    const struct ipm_report *report = section->report;
    const char *pattern = report->cases[section->begin].config.pattern;
    struct ipm_text_layout layout;
    ipm_text_layout_fit(&layout, pen, section);
    table_heading(pen, &layout, section->named ? pattern : "");
    for (size_t i = section->begin; i < section->end; i++)
        if (ipm_text_leads(section, i))
            table_group(pen, &layout, section, i);
}

void ipm_text_table(struct ipm_text_pen *pen, const struct ipm_report *report) {
    for (size_t begin = 0; begin < report->case_count;) {
        const struct ipm_text_section section = ipm_text_section_at(report, begin);
        if (begin > 0)
            ipm_text_newline(pen);
        table_section(pen, &section);
        begin = section.end;
    }
}
