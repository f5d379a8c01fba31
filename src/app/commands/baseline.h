/* baseline.h - stored reports: a folder for comparison with a new one, or files and folders. */
#ifndef IPM_APP_COMMANDS_BASELINE_H
#define IPM_APP_COMMANDS_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

struct ipm_err;
struct ipm_report;

enum { IPM_BASELINE_NAMES_BYTES = 128 };

struct ipm_baseline {
    size_t count;
    struct ipm_report *reports;
    char **names; /* the paths of their files */
    size_t
        unlike; /* reports that were left out: of another machine, or with other settings */
    char unlike_names
        [IPM_BASELINE_NAMES_BYTES]; /* of their files, as far as there is room */
};

/* Reads the last `most` reports of the folder, ordered by name, that have the machine and
 * settings of `like` and are not `like` itself. Files whose names start with a dot or do
 * not end in .json are skipped; another file that is not a report is an error. Call
 * ipm_baseline_done afterwards, also on error. */
int ipm_baseline_read(struct ipm_baseline *baseline, const char *folder, size_t most,
                      const struct ipm_report *like, struct ipm_err *err);
void ipm_baseline_done(struct ipm_baseline *baseline);

/* Tells on standard error which reports were left out, if any. */
void ipm_baseline_tell(const struct ipm_baseline *baseline);

/* Whether reports can be added to the folder, and all that are there can be read. Returns 0 or a
 * negative errno. */
int ipm_baseline_check(const char *folder, struct ipm_err *err);

/* Whether that is a folder. */
bool ipm_baseline_is_folder(const char *name);

/* Reads each of the files, and all reports of each of the folders, and derives their statistics.
 * Call ipm_baseline_done afterwards, also on error. */
int ipm_baseline_read_all(struct ipm_baseline *baseline, const char *const *names,
                          size_t count, struct ipm_err *err);

/* Adds a report. Its name sorts by the start time of the run. */
int ipm_baseline_save(const char *folder, const struct ipm_report *report,
                      struct ipm_err *err);

#endif
