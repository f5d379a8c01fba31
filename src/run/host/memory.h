/* memory.h - how much memory the processes of a run may still take. */
#ifndef IPM_RUN_HOST_MEMORY_H
#define IPM_RUN_HOST_MEMORY_H

struct ipm_memory_room;

/* Fills the room by the least of what the machine and the control groups have left. `root` is as
 * in cgroup.h. */
void ipm_memory_read(const char *root, struct ipm_memory_room *ret_room);

#endif
