/* boots.h - one report of several boots of a machine whose clock counts instructions. */
#ifndef IPM_MODEL_REPORT_BOOTS_H
#define IPM_MODEL_REPORT_BOOTS_H

#include "model/report/report.h"

/* Adds a report of one round, whose trials become those of the next round of `all`, in which
 * the clock counts instructions. A case that failed in any boot has failed. The trials move,
 * and `boot` is done afterwards. The first boot makes `all`, which must be initialised.
 * Returns 0, -EINVAL (the cases of the boots are not the same) or -ENOMEM. Statistics are not
 * derived. */
int ipm_boots_add(struct ipm_report *all, struct ipm_report *boot, uint64_t round);

#endif
