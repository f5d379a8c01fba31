/* cgroup.h - what the scheduler grants this process: its control groups (cgroups(7)), session
 * (autogroup, sched(7)) and nice value. */
#ifndef IPM_RUN_HOST_CGROUP_H
#define IPM_RUN_HOST_CGROUP_H

#include <stdint.h>

struct ipm_host;
struct ipm_memory_room;

/* Counters of a control group since it was made, which grow; -1 is unknown. */
struct ipm_throttle {
    int64_t periods; /* in which its CPU quota was used up */
    int64_t ns;      /* for which its processes waited for the next period */
};

/* Fills quota, weight, cpuset, autogroup and nice value. `root` is "", or in a test the folder
 * in whose place / is. What is not there stays unknown. */
void ipm_cgroup_read(const char *root, struct ipm_host *host);

/* Of the group that has the least quota. */
struct ipm_throttle ipm_cgroup_throttle(const char *root);

/* Lowers the room, which is that of the machine, to what the limits of the groups leave: usage
 * that is no cache of files counts. */
void ipm_cgroup_memory(const char *root, struct ipm_memory_room *room);

#endif
