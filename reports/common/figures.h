/* figures.h - THE table of figures that other systems are given: name, unit, direction. For
 * the formats that hand single numbers on. Must not know those formats. */
#ifndef IPM_REPORTS_COMMON_FIGURES_H
#define IPM_REPORTS_COMMON_FIGURES_H

#include "model/report/stats.h"

#include <stdbool.h>
#include <stddef.h>

struct ipm_case;

enum ipm_figure_weight {
    IPM_FIGURE_ASIDE,   /* for those who take everything */
    IPM_FIGURE_LEAD,    /* watched where it is what the case is about */
    IPM_FIGURE_WATCHED, /* worth a chart and an alarm */
};

struct ipm_figure {
    const char
        *name; /* its key in the report; of a latency latency_p50_ns and the like */
    const char *unit;
    const char *meaning; /* a sentence without its full stop */
    const char *family;  /* its name where times are in seconds */
    double scale;        /* from the unit to that of the family */
    bool larger_is_better;
    enum ipm_figure_weight weight;
    size_t offset; /* of the statistic in struct ipm_summary, or ... */
    double ratio;  /* ... of a quantile of the latencies, above 0 */
};

/* The last one has no name. */
extern const struct ipm_figure ipm_figures[];

/* The statistic of an ok case; of a quantile only median and count are known. False: the
 * case has no such figure. */
bool ipm_figure_of(const struct ipm_figure *figure, const struct ipm_case *c,
                   struct ipm_statistic *ret_statistic);

/* Whether the figure is one to chart and to gate for that case. */
bool ipm_figure_is_watched(const struct ipm_figure *figure, const struct ipm_case *c);

#endif
