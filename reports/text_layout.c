/* text_layout.c - the columns of the table and the room that each gets; see text_layout.h.
 * Must not print. */
#include "reports/text_layout.h"

#include "model/report.h"
#include "reports/renderer.h"

#include <math.h>
#include <string.h>

enum {
    LAYOUT_WIDE = 100,      /* from here on the interval is spelled out */
    LAYOUT_LABEL_MOST = 20, /* of a transport's label; with it all columns fit into 80 */
    LAYOUT_LABEL_WIDE = 32,
    LAYOUT_BAR_MOST = 60,
    LAYOUT_LEAVES_LAST = 6,
};

#define OF(member) .offset = offsetof(struct ipm_summary, member)

const struct ipm_text_column ipm_text_columns[] = {
    {.above = "",
     .heading = "MiB/s",
     OF(throughput_bytes_per_second),
     .format = ipm_text_mebibytes},
    {.above = "",
     .heading = "\u00b1%",
     OF(throughput_bytes_per_second),
     .format = ipm_text_percent,
     .leaves = 3,
     .narrow = LAYOUT_WIDE - 1},
    {.above = "95 % interval",
     .spans = true,
     .heading = "MiB/s",
     OF(throughput_bytes_per_second),
     .format = ipm_text_range,
     .leaves = 3,
     .wide = LAYOUT_WIDE},
    {.above = "",
     .heading = "msg/s",
     OF(messages_per_second),
     .format = ipm_text_median,
     .leaves = 5},
    {.above = "",
     .heading = "send",
     OF(sender_cpu_ns_per_message),
     .format = ipm_text_median,
     .leaves = 2},
    {.above = "CPU ns/msg",
     .spans = true,
     .heading = "recv",
     OF(receiver_cpu_ns_per_message),
     .format = ipm_text_median,
     .leaves = 2},
    {.above = "",
     .heading = "calls",
     OF(calls_per_message),
     .format = ipm_text_median,
     .leaves = 1},
    {.above = "per message",
     .spans = true,
     .heading = "ctxsw",
     OF(context_switches_per_message),
     .format = ipm_text_median,
     .leaves = 1},
    {.above = "loss",
     .heading = "%",
     OF(loss_ratio),
     .format = ipm_text_loss,
     .leaves = LAYOUT_LEAVES_LAST,
     .alarming = true},
    {.above = "vs",
     .heading = "pipe",
     OF(pipe_ratio),
     .format = ipm_text_times,
     .leaves = 4},
};

_Static_assert(sizeof ipm_text_columns / sizeof ipm_text_columns[0] == IPM_TEXT_COLUMNS,
               "a layout has a width for each column");

const struct ipm_statistic *ipm_text_statistic(const struct ipm_text_column *column,
                                               const struct ipm_case *c) {
    const void *at = (const char *)&c->summary + column->offset;
    return at;
}

static unsigned layout_larger(unsigned a, unsigned b) {
    return a > b ? a : b;
}

static unsigned layout_smaller(unsigned a, unsigned b) {
    return a < b ? a : b;
}

static unsigned layout_heading(const struct ipm_text_column *column,
                               const struct ipm_text_pen *pen) {
    unsigned above = column->spans ? 0 : ipm_text_width(pen, column->above);
    return layout_larger(above, ipm_text_width(pen, column->heading));
}

/* 0 when the column is not for this width, or no case has a value for it. */
static unsigned layout_measure(const struct ipm_text_column *column,
                               const struct ipm_text_pen *pen,
                               const struct ipm_report *report) {
    unsigned widest = 0;
    unsigned room = pen->options->columns;
    if (room < column->wide || (column->narrow != 0 && room > column->narrow)) {
        return 0;
    }
    for (size_t i = 0; i < report->case_count; i++) {
        char cell[IPM_TEXT_CELL_BYTES];
        column->format(cell, ipm_text_statistic(column, &report->cases[i]));
        if (report->cases[i].status == IPM_CASE_OK && strcmp(cell, "-") != 0) {
            widest = layout_larger(widest, ipm_text_width(pen, cell));
        }
    }
    return widest == 0 ? 0 : layout_larger(widest, layout_heading(column, pen));
}

static unsigned layout_label(const struct ipm_text_pen *pen,
                             const struct ipm_report *report) {
    unsigned most =
        pen->options->columns < LAYOUT_WIDE ? LAYOUT_LABEL_MOST : LAYOUT_LABEL_WIDE;
    unsigned widest = ipm_text_width(pen, "transport");
    for (size_t i = 0; i < report->case_count; i++) {
        char label[IPM_TEXT_TITLE_BYTES];
        ipm_text_label(label, &report->cases[i].config);
        widest = layout_larger(widest, ipm_text_width(pen, label));
    }
    return layout_smaller(widest, most);
}

static unsigned layout_needs(const struct ipm_text_layout *layout, unsigned gap) {
    unsigned needs = layout->label_width;
    for (size_t i = 0; i < IPM_TEXT_COLUMNS; i++) {
        needs += layout->widths[i] > 0 ? gap + layout->widths[i] : 0;
    }
    return needs;
}

struct layout_step {
    unsigned gap;
    unsigned bar_least;
};

/* Tried in order; the ones without a bar again after each column that left. */
static const struct layout_step layout_steps[] = {
    {.gap = 2, .bar_least = 6},
    {.gap = 1, .bar_least = 4},
    {.gap = 2, .bar_least = 0},
    {.gap = 1, .bar_least = 0},
};

static bool layout_try(struct ipm_text_layout *layout, const struct layout_step *step,
                       unsigned room) {
    unsigned needs = layout_needs(layout, step->gap);
    unsigned bar_gap = step->bar_least > 0 ? step->gap : 0;
    if (needs + bar_gap + step->bar_least > room) {
        return false;
    }
    layout->gap = step->gap;
    layout->bar_width =
        step->bar_least > 0 ? layout_smaller(room - needs - bar_gap, LAYOUT_BAR_MOST) : 0;
    layout->total = needs + bar_gap + layout->bar_width;
    return true;
}

static void layout_drop(struct ipm_text_layout *layout, unsigned leaves) {
    for (size_t i = 0; i < IPM_TEXT_COLUMNS; i++) {
        if (ipm_text_columns[i].leaves == leaves) {
            layout->widths[i] = 0;
        }
    }
}

void ipm_text_layout_fit(struct ipm_text_layout *layout, const struct ipm_text_pen *pen,
                         const struct ipm_report *report) {
    const size_t steps = sizeof layout_steps / sizeof layout_steps[0];
    unsigned room = pen->options->columns;
    *layout = (struct ipm_text_layout){.label_width = layout_label(pen, report)};
    for (size_t i = 0; i < IPM_TEXT_COLUMNS; i++) {
        layout->widths[i] = layout_measure(&ipm_text_columns[i], pen, report);
    }
    for (unsigned leaves = 1; leaves <= LAYOUT_LEAVES_LAST + 1; leaves++) {
        for (size_t i = leaves == 1 ? 0 : steps / 2; i < steps; i++) {
            if (layout_try(layout, &layout_steps[i], room)) {
                return;
            }
        }
        layout_drop(layout, leaves);
    }
    layout->gap = 1; /* a terminal narrower than a label and a number */
    layout->total = layout_needs(layout, layout->gap);
}
