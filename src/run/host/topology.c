/* topology.c - the cores, caches and nodes of CPUs, from
 * Documentation/ABI/stable/sysfs-devices-system-cpu. */
#include "run/host/topology.h"
#include "base/cell.h"

#include "run/host/sysfile.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    TOPOLOGY_LIST_BYTES = 1024,
    TOPOLOGY_CACHES_MOST = 16,
    TOPOLOGY_NODES_MOST = 256,
};

/* Whether the CPU is in a list such as "0-3,8". */
static bool topology_holds(const char *list, int cpu) {
    char *rest = NULL;
    for (const char *at = list; *at >= '0' && *at <= '9'; at = rest + (*rest == ',')) {
        const long first = strtol(at, &rest, 10);
        const long last = *rest == '-' ? strtol(rest + 1, &rest, 10) : first;
        if (first <= cpu && cpu <= last)
            return true;
    }
    return false;
}

/* Returns the number that a file of a CPU begins with, or a negative errno. */
static int topology_number(const char *root, int cpu, const char *file) {
    const struct ipm_cell path =
        ipm_cell_print("/sys/devices/system/cpu/cpu%d/%s", cpu, file);
    return (int)ipm_sysfile_number(root, path.text);
}

/* The caches of a CPU have numbers without a gap. */
static int topology_cache(const char *root, int cpu) {
    int highest = 0;
    int first = -1;
    for (int i = 0; i < TOPOLOGY_CACHES_MOST; i++) {
        const int level =
            topology_number(root, cpu, ipm_cell_print("cache/index%d/level", i).text);
        if (level < 0)
            break;
        if (level <= highest)
            continue;
        highest = level;
        first = topology_number(root, cpu,
                                ipm_cell_print("cache/index%d/shared_cpu_list", i).text);
    }
    return first;
}

/* Processors of Intel name the CPUs of slow cores, others tell the capacity of each CPU. */
static int topology_kind(const char *root, int cpu) {
    char list[TOPOLOGY_LIST_BYTES];
    ipm_sysfile_line(root, "/sys/devices/cpu_atom/cpus", list, sizeof list);
    if (list[0] != '\0')
        return topology_holds(list, cpu);
    return topology_number(root, cpu, "cpu_capacity");
}

static void topology_read_nodes(const char *root, const int *cpus, int cpu_count,
                                struct ipm_cpu_place *places) {
    char list[TOPOLOGY_LIST_BYTES];
    int nodes = 0;
    for (int node = 0; node < TOPOLOGY_NODES_MOST; node++) {
        const struct ipm_cell path =
            ipm_cell_print("/sys/devices/system/node/node%d/cpulist", node);
        ipm_sysfile_line(root, path.text, list, sizeof list);
        nodes += list[0] != '\0';
        for (int i = 0; i < cpu_count; i++)
            if (topology_holds(list, cpus[i]))
                places[i].node = node;
    }
    for (int i = 0; i < cpu_count && nodes < 2; i++)
        places[i].node = -1;
}

void ipm_topology_read(const char *root, const int *cpus, int cpu_count,
                       struct ipm_cpu_place *ret_places) {
    for (int i = 0; i < cpu_count; i++)
        ret_places[i] = (struct ipm_cpu_place){
            .core = topology_number(root, cpus[i], "topology/thread_siblings_list"),
            .cache = topology_cache(root, cpus[i]),
            .node = -1,
            .kind = topology_kind(root, cpus[i])};
    topology_read_nodes(root, cpus, cpu_count, ret_places);
}
