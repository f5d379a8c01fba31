/* failed.c - with `--json -` standard output is one valid JSON document, whatever happens:
 * this is the one for a run that was refused. Must not know why it was. */
#include "app/failed.h"

#include "app/command.h"
#include "app/outputs.h"
#include "app/version.h"
#include "base/clock.h"
#include "base/err.h"
#include "model/report.h"
#include "reports/renderer.h"
#include "run/host.h"

#include <stdio.h>
#include <string.h>

static bool failed_is(const char *text, const char *wanted) {
    return text != NULL && strcmp(text, wanted) == 0;
}

/* "--json=-", "--js -": any beginning of the name, as getopt_long(3) takes it. */
static bool failed_by_name(const char *word, const char *next, const char *name,
                           const char *value) {
    size_t length = strcspn(word + 2, "=");
    if (length == 0 || strncmp(word + 2, name, length) != 0)
        return false;
    return failed_is(word[2 + length] == '=' ? word + 2 + length + 1 : next, value);
}

/* "-ejson=-", "-qe json=-". */
static bool failed_by_letter(const char *word, const char *next) {
    const char *letter = strchr(word + 1, 'e');
    return letter != NULL && failed_is(letter[1] != '\0' ? letter + 1 : next, "json=-");
}

static bool failed_asks(const char *word, const char *next) {
    if (word[0] != '-')
        return false;
    if (word[1] != '-')
        return failed_by_letter(word, next);
    return failed_by_name(word, next, "json", "-") ||
           failed_by_name(word, next, "export", "json=-");
}

bool ipm_failed_wanted(int argc, char **argv) {
    struct ipm_err unknown = {0};
    const struct ipm_command *command =
        argc > 1 ? ipm_command_find(argv[1], &unknown) : NULL;
    if (command != NULL && strcmp(command->name, "run") != 0)
        return false;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (failed_asks(argv[i], argv[i + 1]))
            return true;
    return false;
}

void ipm_failed_write(int argc, char **argv, const struct ipm_err *err) {
    struct ipm_report report;
    struct ipm_err ignored = {0};
    struct ipm_outputs outputs = {
        .count = 1, .items = {{.renderer = ipm_renderer_find("json"), .target = "-"}}};
    ipm_report_init(&report);
    ipm_version_fill(&report.tool);
    ipm_host_read(&report.host);
    ipm_options_defaults(&report.settings);
    ipm_clock_wall_text(report.run.started_at);
    report.run.status = IPM_RUN_FAILED;
    (void)snprintf(report.error, sizeof report.error, "%s%s%s%s", err->text,
                   err->hint[0] != '\0' ? " (" : "", err->hint,
                   err->hint[0] != '\0' ? ")" : "");
    if (ipm_report_set_command(&report, argc, argv) == 0)
        (void)ipm_outputs_write(&outputs, &report, IPM_WHEN_NEVER, &ignored);
    ipm_report_done(&report);
}
