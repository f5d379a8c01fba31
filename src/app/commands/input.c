/* input.c - reads a stored report. */
#include "app/commands/input.h"

#include "app/cli/name_table.h"
#include "base/err.h"
#include "model/report/report.h"
#include "reports/renderer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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
