/* live.h - a line for each round of a run, for a person who watches it. */
#ifndef IPM_APP_OUTPUT_LIVE_H
#define IPM_APP_OUTPUT_LIVE_H

#include "reports/columns/format.h"

#include <stdint.h>
#include <stdio.h>

/* Writes the values of a round: the primary metric of each case that has a trial in it. A round
 * without any is not written; rates of bytes have that unit. The line is cut at `columns`,
 * 0: not at all. */
void ipm_live_write(FILE *out, const struct ipm_report *report, uint64_t round,
                    unsigned columns, enum ipm_unit_choice choice);

#endif
