/* activity.h - what else the machine does: tasks that run or wait for a CPU, and CPU time that
 * the host of a virtual machine took. */
#ifndef IPM_RUN_HOST_ACTIVITY_H
#define IPM_RUN_HOST_ACTIVITY_H

#include "base/usage.h"

#include <stdint.h>

struct ipm_host;

/* Counters of all CPUs since the start, in ticks of the kernel; -1 is unknown. */
struct ipm_cpu_ticks {
    int64_t all;
    int64_t stolen;
};
struct ipm_cpu_ticks ipm_activity_ticks(const char *root);

/* Returns which share of the CPU time between the two was stolen, or NaN. */
double ipm_activity_steal_ratio(const struct ipm_cpu_ticks *before,
                                const struct ipm_cpu_ticks *after);

/* Fills the time that the host took so far, by number of the CPU; -1 is unknown. */
struct ipm_cpu_steal {
    int64_t ns[IPM_CPUS_MOST];
};
void ipm_activity_steal(const char *root, struct ipm_cpu_steal *ret_steal);

/* Looks at the machine for that time, during which this thread sleeps, and fills the load
 * average, the runnable tasks, the pressure and the steal of the host. `wait` sleeps; NULL:
 * nanosleep(2). `root` is "", or the folder that stands for / in a test. */
void ipm_activity_read(const char *root, uint64_t over_ns, void (*wait)(uint64_t ns),
                       struct ipm_host *host);

#endif
