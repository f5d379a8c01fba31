/* memory.c - what is left of the memory of the machine, and of its control groups. */
#include "run/host/memory.h"

#include "model/plan/plan.h"
#include "run/host/cgroup.h"
#include "run/host/sysfile.h"

#include <stdio.h>
#include <stdlib.h>

enum { MEMORY_KIB = 1024 };

/* Of a line of proc_meminfo(5): "MemAvailable:   23657 kB". Returns -1 when there is none. */
static int64_t memory_line_bytes(const char *root, const char *key) {
    char text[IPM_NAME_BYTES];
    char *end = text;
    ipm_sysfile_value(root, "/proc/meminfo", key, text, sizeof text);
    const long long kib = strtoll(text, &end, 10);
    return end == text ? -1 : (int64_t)kib * MEMORY_KIB;
}

void ipm_memory_read(const char *root, struct ipm_memory_room *ret_room) {
    const int64_t free_bytes = memory_line_bytes(root, "MemAvailable");
    const int64_t swap_bytes = memory_line_bytes(root, "SwapFree");
    *ret_room = (struct ipm_memory_room){0};
    if (free_bytes >= 0) {
        ret_room->bytes = (uint64_t)(free_bytes + (swap_bytes > 0 ? swap_bytes : 0));
        (void)snprintf(ret_room->limit, sizeof ret_room->limit,
                       "the memory of this machine");
    }
    ipm_cgroup_memory(root, ret_room);
}
