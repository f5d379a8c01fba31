/* columns.h - which columns the table of a pattern has: one set a pattern. */
#ifndef IPM_REPORTS_COLUMNS_COLUMNS_H
#define IPM_REPORTS_COLUMNS_COLUMNS_H

#include "model/metric.h"
#include "model/report/sample.h"
#include "model/report/stats.h"
#include "reports/columns/format.h"

#include <stdbool.h>
#include <stddef.h>

struct ipm_case;

enum {
    IPM_TEXT_COLUMNS_MOST = 16,
    IPM_TEXT_WIDE = 100, /* from here on the interval is spelled out */
    IPM_TEXT_LEAVES_LAST = 6,
};

struct ipm_text_column {
    const char *above;   /* first line of the heading; neighbours may share it */
    const char *heading; /* second line */

    /* The figure of a case: a statistic of its summary, or one number in its members median
     * and mean, NaN when unknown. */
    struct ipm_statistic (*of)(const struct ipm_text_column *column,
                               const struct ipm_case *c);
    enum ipm_metric_id metric; /* whose figure it is, where it is a metric's */
    void (*format)(char cell[IPM_TEXT_CELL_BYTES], const struct ipm_statistic *statistic);
    unsigned leaves; /* when room is short: first 1, then 2 ...; 0 stays */
    unsigned wide;   /* shown from this many columns on, ... */
    unsigned narrow; /* ... or up to this many; 0: no such limit */
    bool spans;      /* the first line may reach over the column before */
    bool alarming;   /* a value above zero is bad news */
};

/* The first column is what cases are ranked by, and its heading is the unit of it. */
struct ipm_text_set {
    const char *pattern;
    const char *ends[IPM_ROLES]; /* what the two ends are called */
    size_t count;                /* at most IPM_TEXT_COLUMNS_MOST */
    const struct ipm_text_column *columns;
};

/* The set of the case's pattern. A pattern that has none, as in the report of a later
 * version, is shown as the first one with the same primary metric. */
const struct ipm_text_set *ipm_text_set_of(const struct ipm_case *c);

/* What a column shows of a case. */
struct ipm_statistic ipm_text_statistic(const struct ipm_text_column *column,
                                        const struct ipm_case *c);

#endif
