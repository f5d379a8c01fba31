/* crossover.h - between which message sizes one transport passes another. */
#ifndef IPM_MODEL_REPORT_CROSSOVER_H
#define IPM_MODEL_REPORT_CROSSOVER_H

#include "model/setting.h"

#include <stddef.h>
#include <stdint.h>

struct ipm_report;

/* Two transports under the same conditions, by the primary metric of the pattern: the first
 * is better at one size, the second at the next larger size at which there is a difference.
 * A difference is one of the trials of a round: the 95 % interval of their ratio. */
struct ipm_crossover {
    struct ipm_case_config passed; /* better up to below_bytes, which is its size */
    struct ipm_case_config passes; /* better from above_bytes on, which is its size */
};

struct ipm_crossovers {
    size_t count;
    struct ipm_crossover *items;
};

/* Fills the list from the measured cases of the report. Returns 0 or -ENOMEM. Call
 * ipm_crossovers_done afterwards, also on error. */
int ipm_crossovers_find(struct ipm_crossovers *ret_list, const struct ipm_report *report);
void ipm_crossovers_done(struct ipm_crossovers *list);

/* Returns a size between both that would narrow the crossover, or 0: they are less than a
 * fifth apart. */
uint64_t ipm_crossover_between(const struct ipm_crossover *crossover);

#endif
