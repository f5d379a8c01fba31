/* highest.h - the highest rate at which the latencies of a case stay below a target. */
#ifndef IPM_MODEL_REPORT_HIGHEST_H
#define IPM_MODEL_REPORT_HIGHEST_H

#include "model/setting.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ipm_options;
struct ipm_report;

/* Of the cases that differ in the rate only. A rate holds the target when the percentile of its
 * trials without contention does, the rate was achieved, and no more messages were lost than the
 * percentile leaves out. Where every trial is contended, a rate that does not hold is unknown. */
struct ipm_highest {
    size_t first;                  /* of these cases, by its index in the report */
    struct ipm_case_config config; /* of that case */
    struct ipm_case_config held;   /* the highest rate that held; its rate is 0: none */
    struct ipm_case_config missed; /* the lowest one above it that did not; likewise */
    double held_ns;                /* the percentile there; NaN: none */
    double missed_ns; /* likewise; NaN also where the rate was not achieved */
    bool
        held_uncontended; /* it held in trials without contention, but not in all together */

    /* The highest rate with too few messages for the percentile, or with contention in all
     * trials; 0: none. */
    uint64_t unknown_per_second;
};

struct ipm_highest_list {
    size_t count;
    struct ipm_highest *items;
};

/* Fills the list from the measured cases of the report, which is summarised, by the target of the
 * options; without a target it is empty. Returns 0 or -ENOMEM. Call ipm_highest_done afterwards,
 * also on error. */
int ipm_highest_find(struct ipm_highest_list *ret_list, const struct ipm_report *report,
                     const struct ipm_options *options);
void ipm_highest_done(struct ipm_highest_list *list);

#endif
