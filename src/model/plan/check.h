/* check.h - the checks before planning, and finding rows by name. For the files of the plan
 * only. */
#ifndef IPM_MODEL_PLAN_CHECK_H
#define IPM_MODEL_PLAN_CHECK_H

#include "model/plan/plan.h"

/* What probe said of the transport of that name, or NULL. */
const struct ipm_probe *ipm_plan_find(const struct ipm_machine *machine,
                                      const char *name);

/* The pattern of that name, or NULL. */
const struct ipm_kind *ipm_plan_find_pattern(const struct ipm_machine *machine,
                                             const char *name);

/* The way to drive descriptors of that name, or NULL. */
const struct ipm_drive *ipm_plan_find_drive(const struct ipm_machine *machine,
                                            const char *name);

/* Returns 0 or -EINVAL: an unknown transport, pattern, server or way of I/O, the same thing twice in a
 * list, a CPU that may not be used. Framings are words here: no plan depends on what they
 * do. */
int ipm_plan_check(const struct ipm_options *options, const struct ipm_machine *machine,
                   struct ipm_err *err);

#endif
