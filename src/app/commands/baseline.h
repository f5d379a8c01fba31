/* baseline.h - a folder of reports that a new one is compared with. */
#ifndef IPM_APP_COMMANDS_BASELINE_H
#define IPM_APP_COMMANDS_BASELINE_H

#include <stddef.h>

struct ipm_err;
struct ipm_report;

struct ipm_baseline {
    size_t count;
    struct ipm_report *reports;
    char **names; /* of their files, with the folder */
};

/* Reads the last `most` reports of the folder, in the order of their names, that are of the
 * same machine and settings as `like` and are not `like` itself. Files whose names begin
 * with a dot or do not end in .json are skipped; one that is not a report is an error.
 * ipm_baseline_done afterwards, also on error. */
int ipm_baseline_read(struct ipm_baseline *baseline, const char *folder, size_t most,
                      const struct ipm_report *like, struct ipm_err *err);
void ipm_baseline_done(struct ipm_baseline *baseline);

/* Adds a report; its name sorts by the time when the run began. */
int ipm_baseline_save(const char *folder, const struct ipm_report *report,
                      struct ipm_err *err);

#endif
