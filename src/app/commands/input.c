/* input.c - reads stored reports: one, or several at a time. */
#include "app/commands/input.h"

#include "app/cli/name_table.h"
#include "base/err.h"
#include "model/report/report.h"
#include "reports/renderer.h"
#include "run/process/worker.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int input_parse(struct ipm_report *report, const char *name, struct ipm_err *err) {
    if (strcmp(name, "-") == 0)
        return ipm_report_read(report, stdin, "standard input", err);
    FILE *in = fopen(name, "re");
    if (in == NULL) {
        int code = ipm_err_sys(err, -errno, "cannot open '%.200s'", name);
        if (ipm_name_table_holds(&ipm_name_table_transports, name))
            ipm_err_hint(err, "'ipcmark run' compares transports: 'ipcmark run pipe %s'",
                         name);
        ipm_err_hint(err, "'ipcmark run --json FILE' writes reports");
        return code;
    }
    int code = ipm_report_read(report, in, name, err);
    (void)fclose(in); /* it was only read */
    return code;
}

int ipm_input_read_trials(struct ipm_report *report, const char *name,
                          struct ipm_err *err) {
    ipm_report_init(report);
    return input_parse(report, name, err);
}

int ipm_input_read(struct ipm_report *report, const char *name, struct ipm_err *err) {
    int code = ipm_input_read_trials(report, name, err);
    if (code < 0)
        return code;
    code = ipm_report_summarize(report);
    return code < 0 ? ipm_err_sys(err, code, "cannot summarise '%.200s'", name) : 0;
}

/* --- several at a time ------------------------------------------------------------------- */

struct input_files {
    struct ipm_report *reports;
    const char *const *names;
    size_t count;
    atomic_size_t next;
    int (*read)(struct ipm_report *report, const char *name, struct ipm_err *err);
};

struct input_reader {
    struct input_files *files;
    size_t last; /* the file that was read last */
    struct ipm_err err;
};

/* Reads files until none is left or one is refused: those before it were begun already. */
static int input_run(void *context) {
    struct input_reader *reader = context;
    struct input_files *files = reader->files;
    size_t i;
    while ((i = atomic_fetch_add(&files->next, 1)) < files->count) {
        reader->last = i;
        if (files->read(&files->reports[i], files->names[i], &reader->err) < 0)
            atomic_store(&files->next, files->count);
    }
    return reader->err.code;
}

static bool input_is_regular(const char *name) {
    struct stat status;
    return stat(name, &status) == 0 && S_ISREG(status.st_mode);
}

static bool input_is_shared(const struct input_files *files) {
    size_t regular = 0;
    while (regular < files->count && input_is_regular(files->names[regular]))
        regular++;
    return regular == files->count && files->count > 1;
}

int ipm_input_read_each(struct ipm_report *reports, const char *const *names,
                        size_t count,
                        int (*read)(struct ipm_report *report, const char *name,
                                    struct ipm_err *err),
                        struct ipm_err *err) {
    struct input_files files = {
        .reports = reports, .names = names, .count = count, .read = read};
    struct input_reader readers[] = {{.files = &files}, {.files = &files}};
    struct ipm_worker second = {0};
    const bool shared = input_is_shared(&files) &&
                        ipm_worker_start(&second, input_run, &readers[1], NULL) == 0;
    if (shared)
        ipm_worker_go(&second);
    int code = input_run(&readers[0]);
    const struct input_reader *first = &readers[0];
    if (shared && ipm_worker_join(&second) < 0 &&
        (code == 0 || readers[1].last < readers[0].last))
        first = &readers[1];
    code = first->err.code;
    if (code < 0)
        *err = first->err;
    return code;
}
