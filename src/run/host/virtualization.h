/* virtualization.h - whether this is a physical machine, a guest, or a container. */
#ifndef IPM_RUN_HOST_VIRTUALIZATION_H
#define IPM_RUN_HOST_VIRTUALIZATION_H

#include <stddef.h>

/* "none", "kvm" or the name of another hypervisor, or "vm" where that is not known;
 * followed by "+container" inside of one. */
void ipm_virtualization_read(const char *root, char *text, size_t size);

#endif
