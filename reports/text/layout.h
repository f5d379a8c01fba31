/* layout.h - the columns of a section that fit, and their widths. */
#ifndef IPM_REPORTS_TEXT_LAYOUT_H
#define IPM_REPORTS_TEXT_LAYOUT_H

#include "reports/columns/columns.h"
#include "reports/text/pen.h"

struct ipm_text_section;

struct ipm_text_layout {
    const struct ipm_text_set *set;
    unsigned label_width;
    unsigned widths[IPM_TEXT_COLUMNS_MOST]; /* 0: not shown */
    unsigned gap;
    unsigned bar_width; /* 0: no bar */
    unsigned total;     /* width of a row */
};

/* Fits the columns that have a known value into the pen's width: the bar shrinks first,
 * then columns are dropped. */
void ipm_text_layout_fit(struct ipm_text_layout *layout, const struct ipm_text_pen *pen,
                         const struct ipm_text_section *section);

#endif
