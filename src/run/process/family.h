/* family.h - the processes that another program has started. */
#ifndef IPM_RUN_PROCESS_FAMILY_H
#define IPM_RUN_PROCESS_FAMILY_H

#include <sys/types.h>

enum { IPM_FAMILY_NAME_BYTES = 16 }; /* TASK_COMM_LEN of the kernel */

/* Returns the pid of a descendant that is stopped by a signal, and its name, or 0. Finds
 * none where the kernel does not list children (CONFIG_PROC_CHILDREN). */
pid_t ipm_family_find_stopped(pid_t pid, char ret_name[IPM_FAMILY_NAME_BYTES]);

#endif
