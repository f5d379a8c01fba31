/* gauge.h - THE table of figures by which two measurements are compared: name, unit, which
 * way is better, the value of one trial. Pure arithmetic. */
#ifndef IPM_MODEL_GAUGE_H
#define IPM_MODEL_GAUGE_H

#include "model/report/report.h"

#include <stdbool.h>
#include <stddef.h>

/* What a machine twice as fast does to a figure. */
enum ipm_gauge_kind {
    IPM_GAUGE_RATE,  /* doubles it */
    IPM_GAUGE_TIME,  /* halves it */
    IPM_GAUGE_COUNT, /* leaves it alone */
};

struct ipm_gauge {
    const char *name; /* on the command line: "latency-p99" */
    const char *key;  /* in the report, with its unit: "latency_p99_ns" */
    const char *unit; /* for a person: "ns" */
    bool more_is_better;
    enum ipm_gauge_kind kind;
    double least; /* less counts as this: nobody acts upon it, and 0 has no logarithm */
    double quantile; /* of the latencies of a trial, or 0: ... */
    size_t offset;   /* ... the figure of struct ipm_summary there */
};

enum { IPM_GAUGES_MOST = 16 };

/* The last one has no name. */
extern const struct ipm_gauge ipm_gauges[];

/* The gauge of that name, or NULL. */
const struct ipm_gauge *ipm_gauge_find(const char *name);

/* The figure that the case is about, as lead.h has it. */
const struct ipm_gauge *ipm_gauge_lead(const struct ipm_case *c);

/* The figure of one trial, not less than the least; NaN where the case has none. */
double ipm_gauge_of_trial(const struct ipm_gauge *gauge,
                          const struct ipm_references *references,
                          const struct ipm_case *c, size_t trial);

/* Which figures of a case are judged. */
struct ipm_gauge_choice {
    bool lead; /* what the case is about */
    bool chosen[IPM_GAUGES_MOST];
};

bool ipm_gauge_is_chosen(const struct ipm_gauge_choice *choice,
                         const struct ipm_gauge *gauge, const struct ipm_case *c);

#endif
