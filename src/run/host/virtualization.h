/* virtualization.h - whether the machine is one, or a guest, or a container. */
#ifndef IPM_RUN_HOST_VIRTUALIZATION_H
#define IPM_RUN_HOST_VIRTUALIZATION_H

#include <stddef.h>

/* "none", "kvm" or another hypervisor's name, "vm" where that is not known, with "+container" behind it inside one. */
void ipm_virtualization_read(char *text, size_t size);

#endif
