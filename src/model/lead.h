/* lead.h - the figure that a case is about: its throughput, unless it counts round trips or
 * connections. */
#ifndef IPM_MODEL_LEAD_H
#define IPM_MODEL_LEAD_H

#include "model/report/report.h"

/* Of a summary: the same figure for every case of a pattern that was measured. */
const struct ipm_statistic *ipm_lead_of(const struct ipm_summary *summary);

#endif
