/* text_layout.h - which columns the table has, which of them fit, and how wide each is. */
#ifndef IPM_TEXT_LAYOUT_H
#define IPM_TEXT_LAYOUT_H

#include "reports/text_format.h"
#include "reports/text_pen.h"

#include <stdbool.h>
#include <stddef.h>

enum { IPM_TEXT_COLUMNS = 10 };

struct ipm_text_column {
    const char *above;   /* first line of the heading */
    const char *heading; /* second line */
    size_t offset;       /* of the statistic in struct ipm_summary */
    void (*format)(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *statistic);
    unsigned leaves; /* when room is short: first 1, then 2 ...; 0 stays */
    unsigned wide;   /* shown from this many columns on, ... */
    unsigned narrow; /* ... or up to this many; 0: no such limit */
    bool spans;      /* the first line belongs to the column before, too */
    bool alarming;   /* a value above zero is bad news */
};

/* In order, IPM_TEXT_COLUMNS of them. */
extern const struct ipm_text_column ipm_text_columns[];

struct ipm_text_layout {
    unsigned label_width;
    unsigned widths[IPM_TEXT_COLUMNS]; /* 0: not shown */
    unsigned gap;
    unsigned bar_width; /* 0: no bar */
    unsigned total;     /* columns of a whole row */
};

/* The statistic that a column shows of a case. */
const struct ipm_statistic *ipm_text_statistic(const struct ipm_text_column *column,
                                               const struct ipm_case *c);

/* Fits every column with a known value in it into the pen's width: the bar shrinks first,
 * then columns leave. */
void ipm_text_layout_fit(struct ipm_text_layout *layout, const struct ipm_text_pen *pen,
                         const struct ipm_report *report);

#endif
