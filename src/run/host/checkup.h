/* checkup.h - what `ipcmark doctor` looks at. It changes nothing. */
#ifndef IPM_RUN_HOST_CHECKUP_H
#define IPM_RUN_HOST_CHECKUP_H

struct ipm_checkup;
struct ipm_report;

/* Fills the findings and asks the rules. The host of the report has been read by
 * ipm_host_read and ipm_activity_read, with the same root. */
void ipm_checkup_read(const char *root, const struct ipm_report *report,
                      struct ipm_checkup *checkup);

#endif
