/* baseline.c - reads a folder of reports, and adds to it. */
#include "app/commands/baseline.h"

#include "app/commands/input.h"
#include "app/output/outputs.h"
#include "base/array.h"
#include "base/err.h"
#include "base/outfile.h"
#include "model/compare/compare.h"
#include "model/report/report.h"
#include "reports/common/clean.h"
#include "reports/renderer.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void ipm_baseline_done(struct ipm_baseline *baseline) {
    for (size_t i = 0; i < baseline->count; i++) {
        if (baseline->reports != NULL)
            ipm_report_done(&baseline->reports[i]);
        free(baseline->names[i]);
    }
    free(baseline->reports);
    free(baseline->names);
    *baseline = (struct ipm_baseline){0};
}

static int baseline_is_report(const struct dirent *entry) {
    const size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 5 &&
           strcmp(entry->d_name + length - 5, ".json") == 0;
}

/* Reports of the other clock are not meant for this comparison. */
static void baseline_leave_out(struct ipm_baseline *baseline, const char *path,
                               const struct ipm_report *report,
                               const struct ipm_report *like) {
    enum { END_BYTES = sizeof ", ..." };
    char *names = baseline->unlike_names;
    const size_t used = strlen(names);
    const size_t room = sizeof baseline->unlike_names - used;
    const char *name = strrchr(path, '/') + 1;
    const char *comma = used > 0 ? ", " : "";
    if (report->host.clock != like->host.clock || ipm_compare_is_alike(report, like))
        return;
    if (used < 3 || strcmp(names + used - 3, "...") != 0) /* else the list has its end */
        (void)snprintf(names + used, room, "%s%s", comma,
                       strlen(comma) + strlen(name) + END_BYTES < room ? name : "...");
    baseline->unlike++;
}

void ipm_baseline_tell(const struct ipm_baseline *baseline) {
    if (baseline->unlike > 0)
        ipm_clean_print(stderr, NULL,
                        "ipcmark: left out: %zu report%s of another machine or with "
                        "other settings (%s)\n",
                        baseline->unlike, baseline->unlike == 1 ? "" : "s",
                        baseline->unlike_names);
}

/* Refuses what is no file of a folder of reports: opening a FIFO would wait for a writer. */
static int baseline_look(const char *path, struct ipm_err *err) {
    struct stat status;
    if (stat(path, &status) != 0 || S_ISREG(status.st_mode))
        return 0; /* opening it tells what is wrong */
    return ipm_err_refuse(err, "remove it: whatever ends in .json is read",
                          "'%.200s' is no regular file", path);
}

static char *baseline_path(const char *folder, const struct dirent *entry) {
    char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    return strdup(path);
}

/* Keeps the comparable ones of `count` reports behind those that are kept. */
static void baseline_keep(struct ipm_baseline *baseline, size_t count,
                          const struct ipm_report *like) {
    const size_t end = baseline->count + count;
    for (size_t i = baseline->count; i < end; i++) {
        struct ipm_report *report = &baseline->reports[i];
        char *name = baseline->names[i];
        if (ipm_compare_is_alike(report, like) &&
            (report->run.seed != like->run.seed ||
             strcmp(report->run.started_at, like->run.started_at) != 0)) {
            struct ipm_report *kept = &baseline->reports[baseline->count];
            if (kept != report) {
                *kept = *report;
                memset(report, 0, sizeof *report);
            }
            baseline->names[baseline->count++] = name;
            continue;
        }
        baseline_leave_out(baseline, name, report, like);
        ipm_report_done(report);
        free(name);
    }
}

/* Reads the files that the entries name, from the last one, and keeps what is comparable. */
static int baseline_take(struct ipm_baseline *baseline, const char *folder,
                         struct dirent **entries, size_t count,
                         const struct ipm_report *like, struct ipm_err *err) {
    struct ipm_report *reports = baseline->reports + baseline->count;
    char **names = baseline->names + baseline->count;
    const char *irregular = NULL; /* the first one */
    size_t before = 0;            /* files before it */
    int code = 0;
    for (size_t i = 0; i < count; i++) {
        names[i] = baseline_path(folder, entries[count - 1 - i]);
        if (names[i] == NULL)
            code = ipm_err_sys(err, -ENOMEM, "cannot read '%.200s'", folder);
        else if (irregular == NULL && baseline_look(names[i], NULL) != 0)
            irregular = names[i];
        before += irregular == NULL;
    }
    if (code == 0)
        code = ipm_input_read_each(reports, (const char *const *)names, before,
                                   ipm_input_read_trials, err);
    if (code == 0 && irregular != NULL)
        code = baseline_look(irregular, err);
    if (code == 0)
        baseline_keep(baseline, count, like);
    else
        baseline->count += count; /* ipm_baseline_done frees them */
    return code;
}

/* Reads at once as many files as can be kept: so many are read in any case. */
static int baseline_fill(struct ipm_baseline *baseline, const char *folder, size_t most,
                         const struct ipm_report *like, struct dirent **entries,
                         size_t count, struct ipm_err *err) {
    int code = 0;
    baseline->reports = calloc(most, sizeof *baseline->reports);
    baseline->names = calloc(most, sizeof *baseline->names);
    if (baseline->reports == NULL || baseline->names == NULL)
        return ipm_err_sys(err, -ENOMEM, "cannot read '%.200s'", folder);
    while (count > 0 && baseline->count < most && code == 0) {
        const size_t room = most - baseline->count;
        const size_t next = room < count ? room : count;
        count -= next;
        code = baseline_take(baseline, folder, entries + count, next, like, err);
    }
    return code;
}

/* Returns the number of reports, by name, or a negative errno. */
static int baseline_scan(const char *folder, struct dirent ***ret_entries,
                         struct ipm_err *err) {
    const int count = scandir(folder, ret_entries, baseline_is_report, alphasort);
    if (count >= 0)
        return count;
    const int failed =
        ipm_err_sys(err, -errno, "cannot read the folder '%.200s'", folder);
    ipm_err_hint(err, failed == -ENOTDIR
                          ? "a folder of reports is needed, not one report"
                          : "make it, and fill it with 'ipcmark compare --save'");
    return failed;
}

int ipm_baseline_read(struct ipm_baseline *baseline, const char *folder, size_t most,
                      const struct ipm_report *like, struct ipm_err *err) {
    struct dirent **entries = NULL;
    const int count = baseline_scan(folder, &entries, err);
    if (count < 0)
        return count;
    const int code =
        baseline_fill(baseline, folder, most, like, entries, (size_t)count, err);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return code;
}

static int baseline_add(struct ipm_baseline *baseline, const char *path,
                        struct ipm_err *err) {
    char **name = ipm_array_add(&baseline->names, &baseline->count, sizeof *name);
    if (name != NULL)
        *name = strdup(path);
    return name != NULL && *name != NULL
               ? 0
               : ipm_err_sys(err, -ENOMEM, "cannot read '%.200s'", path);
}

/* Calls `visit` with the path of each report of the folder, by name, until it refuses one. */
static int baseline_each(const char *folder,
                         int (*visit)(struct ipm_baseline *baseline, const char *path,
                                      struct ipm_err *err),
                         struct ipm_baseline *baseline, struct ipm_err *err) {
    struct dirent **entries = NULL;
    const int count = baseline_scan(folder, &entries, err);
    int code = count < 0 ? count : 0;
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (code == 0)
            code = baseline_look(path, err);
        if (code == 0)
            code = visit(baseline, path, err);
        free(entries[i]);
    }
    free(entries);
    return code;
}

/* A long history is not kept in memory. */
static int baseline_check_report(struct ipm_baseline *baseline, const char *path,
                                 struct ipm_err *err) {
    static struct ipm_report report; /* too large for a small stack */
    (void)baseline;
    const int code = ipm_input_read_trials(&report, path, err);
    ipm_report_done(&report);
    return code;
}

/* What is damaged is refused before anything is measured. */
static int baseline_check_reports(const char *folder, struct ipm_err *err) {
    const int code = baseline_each(folder, baseline_check_report, NULL, err);
    if (code != 0)
        ipm_err_hint(err, "remove that file from the folder, or repair it");
    return code;
}

/* Whether a file can be made there and has room: a full disk allows the first alone. */
static int baseline_check_room(const char *folder) {
    char path[PATH_MAX];
    const int bytes = snprintf(path, sizeof path, "%s/.new.json", folder);
    return bytes < 0 || (size_t)bytes >= sizeof path ? -ENAMETOOLONG
                                                     : ipm_outfile_check(path, NULL);
}

int ipm_baseline_check(const char *folder, struct ipm_err *err) {
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int code = fd >= 0 ? 0 : -errno;
    if (fd >= 0)
        (void)close(fd);
    if (code == 0 && access(folder, W_OK | X_OK) != 0)
        code = -errno;
    if (code == 0)
        code = baseline_check_room(folder);
    if (code == 0)
        return baseline_check_reports(folder, err);
    ipm_err_sys(err, code, "cannot use the folder '%.200s'", folder);
    if (code == -ENOENT)
        ipm_err_hint(err, "make it: 'mkdir DIR'; the first run is saved there");
    else if (code == -ENOTDIR)
        ipm_err_hint(err, "a folder of reports is needed, not one report");
    else if (code == -EACCES || code == -EROFS)
        ipm_err_hint(err, "runs are saved there: it must be writable");
    else if (code == -ENOSPC || code == -EDQUOT)
        ipm_err_hint(err, "runs are saved there: it must have room");
    ipm_err_hint(err, "a folder of reports is needed");
    return code;
}

bool ipm_baseline_is_folder(const char *name) {
    struct stat status;
    return stat(name, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Adds the names of the files, and of all reports of the folders. */
static int baseline_add_all(struct ipm_baseline *baseline, const char *const *names,
                            size_t count, struct ipm_err *err) {
    int code = 0;
    for (size_t i = 0; i < count && code == 0; i++)
        code = ipm_baseline_is_folder(names[i])
                   ? baseline_each(names[i], baseline_add, baseline, err)
                   : baseline_add(baseline, names[i], err);
    return code;
}

int ipm_baseline_read_all(struct ipm_baseline *baseline, const char *const *names,
                          size_t count, struct ipm_err *err) {
    struct ipm_err later = {0}; /* what is wrong with a file before it comes first */
    int code = baseline_add_all(baseline, names, count, &later);
    baseline->reports = calloc(baseline->count + 1, sizeof *baseline->reports);
    if (baseline->reports == NULL)
        code = ipm_err_sys(err, -ENOMEM, "cannot read '%.200s'", names[0]);
    else if (ipm_input_read_each(baseline->reports, (const char *const *)baseline->names,
                                 baseline->count, ipm_input_read, err) < 0)
        code = err->code;
    else if (code < 0)
        *err = later;
    return code;
}

/* Only letters and digits of the time are used in the name, because a report may contain
 * any text there. */
int ipm_baseline_save(const char *folder, const struct ipm_report *report,
                      struct ipm_err *err) {
    const struct ipm_document document = {.report = report};
    char stamp[IPM_NAME_BYTES] = "";
    char path[PATH_MAX];
    size_t used = 0;
    for (const char *at = report->run.started_at; *at != '\0'; at++)
        if (isalnum((unsigned char)*at))
            stamp[used++] = *at;
    (void)snprintf(path, sizeof path, "%.3000s/%s-%" PRIu64 ".json", folder, stamp,
                   report->run.seed);
    return ipm_outputs_put_as("json", &document, path, IPM_WHEN_NEVER, err);
}
