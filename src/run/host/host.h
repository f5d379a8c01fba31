/* host.h - what the machine is: kernel, CPU, governor, limits, control groups, virtualisation. Reads
 * /proc and /sys; what is not there stays unknown. */
#ifndef IPM_RUN_HOST_HOST_H
#define IPM_RUN_HOST_HOST_H

struct ipm_host;

/* `root` precedes every path: "", or the folder that stands for / in a test. */
void ipm_host_read(const char *root, struct ipm_host *host);

#endif
