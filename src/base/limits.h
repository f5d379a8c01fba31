/* limits.h - what the kernel lets one process have. */
#ifndef IPM_BASE_LIMITS_H
#define IPM_BASE_LIMITS_H

#include <stdint.h>

/* Raises the soft limit on open descriptors to the hard one, for this process and its
 * children, and returns the hard one: UINT64_MAX when there is none. The soft limit is
 * low because of select(2), which takes no descriptor from 1024 on (getrlimit(2),
 * select(2)): a user of select must check its descriptors. Where the limit cannot be
 * raised it stays, and is returned. */
uint64_t ipm_limits_raise_descriptors(void);

#endif
