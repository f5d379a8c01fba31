/* withheld.h - the CPU time that was withheld from a trial: by a quota, by the host of a
 * virtual machine, by other programs. */
#ifndef IPM_RUN_SCHEDULE_WITHHELD_H
#define IPM_RUN_SCHEDULE_WITHHELD_H

#include "run/schedule/runner.h"

/* What was withheld so far. */
struct ipm_withheld {
    struct ipm_throttle throttle;
    struct ipm_cpu_steal steal;
};

void ipm_withheld_read(struct ipm_withheld *withheld,
                       const struct ipm_executor *executor);

/* Fills steal_ns, throttled_ns and contended of a trial between the two readings. */
void ipm_withheld_tell(const struct ipm_withheld *before,
                       const struct ipm_withheld *after,
                       const struct ipm_case_config *config, struct ipm_sample *sample);

#endif
