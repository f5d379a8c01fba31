/* columns.h - the columns of the tables of results. */
#ifndef IPM_REPORTS_COLUMNS_COLUMNS_H
#define IPM_REPORTS_COLUMNS_COLUMNS_H

#include "model/metric.h"
#include "model/report/stats.h"
#include "reports/columns/format.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    IPM_TEXT_COLUMNS_MOST = 16,
    IPM_TEXT_WIDE = 100, /* from this width on, the interval has its own column */
    IPM_TEXT_LEAVES_LAST = 6,
};

struct ipm_text_column {
    const char *above;   /* first line of the heading; neighbours may share it */
    const char *heading; /* second line; NULL: it is shown side by side only */
    const char
        *beside; /* the only line where placements are side by side; NULL: it is not
                          * shown there */

    /* Returns the value for a case: a statistic of its summary, or one number in the
     * members median and mean; NaN when unknown. */
    struct ipm_statistic (*of)(const struct ipm_text_column *column,
                               const struct ipm_case *c);
    enum ipm_metric_id metric; /* the metric, where the value is one */
    struct ipm_cell (*format)(const struct ipm_statistic *statistic);
    unsigned leaves; /* columns leave in this order when the width is short; 0 stays */
    unsigned wide;   /* least width at which it is shown, ... */
    unsigned narrow; /* ... or largest width; 0: no limit */
    bool spans;      /* the first line may extend over the column before */
    bool alarming;   /* a value above zero is highlighted */
    bool bytes;      /* a rate of bytes: IPM_TEXT_UNIT in a heading is its unit */
};

/* Cases are ranked by the first column; its heading is the unit. */
struct ipm_text_set {
    enum ipm_metric_id primary; /* of the cases that it is for, and ... */
    const char *sender;         /* ... what their pattern calls the end that begins */
    size_t count;               /* at most IPM_TEXT_COLUMNS_MOST */
    const struct ipm_text_column *columns;
};

/* Returns the set for the primary metric and the ends of the case. Other ends, as in a report
 * of a later version, get the first set with the same primary metric. */
const struct ipm_text_set *ipm_text_set_of(const struct ipm_case *c);

/* Returns the value of a column for a case, in the unit that is chosen for rates of bytes. */
struct ipm_statistic ipm_text_statistic(const struct ipm_text_column *column,
                                        const struct ipm_case *c,
                                        const struct ipm_text_unit *unit);

/* Returns the heading, or the one side by side, with that unit; NULL: it is not shown. */
#define IPM_TEXT_UNIT "MiB/s"
const char *ipm_text_column_heading(const struct ipm_text_column *column, bool beside,
                                    const struct ipm_text_unit *unit);

/* Returns the value in words. */
struct ipm_cell ipm_text_cell(const struct ipm_text_column *column,
                              const struct ipm_case *c, const struct ipm_text_unit *unit);

#endif
