/* layout.h - the columns of a section that fit, and their widths. */
#ifndef IPM_REPORTS_TEXT_LAYOUT_H
#define IPM_REPORTS_TEXT_LAYOUT_H

#include "reports/columns/columns.h"
#include "reports/text/pen.h"

struct ipm_text_section;

struct ipm_text_layout {
    const struct ipm_text_set *set;
    size_t sides; /* 2: two placements side by side, each with all of the columns */
    unsigned label_width;
    unsigned widths[IPM_TEXT_COLUMNS_MOST]; /* 0: not shown */
    unsigned gap;
    unsigned bar_width; /* 0: no bar */
    unsigned side;      /* width of a side */
    unsigned total;     /* width of a row */
};

/* Fits the columns that have a known value into the pen's width: the bar shrinks first,
 * then columns are dropped. */
void ipm_text_layout_fit(struct ipm_text_layout *layout, const struct ipm_text_pen *pen,
                         const struct ipm_text_section *section, size_t sides);

/* Returns the column of the pen after which that side begins. */
unsigned ipm_text_layout_start(const struct ipm_text_layout *layout, size_t side);

/* Returns the heading of a column, or NULL where the layout does not show it. */
const char *ipm_text_layout_heading(const struct ipm_text_layout *layout, size_t column,
                                    const struct ipm_text_unit *unit);

#endif
