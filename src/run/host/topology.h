/* topology.h - the cores, caches and nodes of CPUs, from sysfs(5). */
#ifndef IPM_RUN_HOST_TOPOLOGY_H
#define IPM_RUN_HOST_TOPOLOGY_H

#include "model/plan/plan.h"

/* Fills the place of each CPU. What the files below root ("" is /) do not say is -1. */
void ipm_topology_read(const char *root, const int *cpus, int cpu_count,
                       struct ipm_cpu_place *ret_places);

#endif
