/* limits.h - what the kernel lets one process have. */
#ifndef IPM_BASE_LIMITS_H
#define IPM_BASE_LIMITS_H

#include <stdint.h>

/* Raises the soft limit on open descriptors to the hard one, for this process and its
 * children, and returns the hard one: UINT64_MAX when there is none. The soft limit is low
 * for the sake of select(2), which knows no descriptor from 1024 on (getrlimit(2),
 * select(2)): who selects must look at its descriptors. Where it cannot be raised it stays,
 * and what it is is returned. */
uint64_t ipm_limits_raise_descriptors(void);

#endif
