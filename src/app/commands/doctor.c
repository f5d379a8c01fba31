/* doctor.c - `ipcmark doctor`: whether this machine is fit to measure on. Changes nothing. */
#include "app/cli/optparse.h"
#include "app/commands/command.h"
#include "app/commands/run_options.h"
#include "app/commands/version.h"
#include "app/output/ending.h"
#include "app/output/outputs.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "model/report/checkup.h"
#include "reports/renderer.h"
#include "run/host/activity.h"
#include "run/host/checkup.h"
#include "run/host/host.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

static const uint64_t doctor_look_ns = 1000000000;

struct doctor_request {
    const char *json; /* the file, "-"; NULL: none */
    enum ipm_when color;
};

static bool doctor_is_file(const char *word) {
    return word[0] != '-' || word[1] == '\0';
}

static int doctor_set_json(const struct ipm_option *option, void *target,
                           const char *value, struct ipm_err *err) {
    const char *file = value != NULL ? value : "-";
    const int code = ipm_ending_check_json(file, err);
    return code != 0 ? code : ipm_optparse_set_text(option, target, file, err);
}

static const struct ipm_option doctor_options[] = {
    IPM_OPTION("json", 0,
               "write a JSON document, to standard output without FILE or with '-'",
               .argument = "[FILE]", .is_value = doctor_is_file, .set = doctor_set_json,
               .offset = offsetof(struct doctor_request, json)),
    IPM_OPTION_WHEN(struct doctor_request, color, "standard output"),
    IPM_OPTION_HELP,
    {0},
};

static const struct ipm_optparse doctor_syntax = {
    .command = "ipcmark doctor",
    .about =
        "Look for a second at what decides how good figures are on this machine, and "
        "tell for each what it means for a figure and which command would change it. "
        "Nothing is changed.",
    .options = doctor_options,
    .after = "The exit status is 0 if the machine is fit to measure on, and 1 if a rule "
             "at the\n"
             "top of the output applies: quota, few_cpus, load, steal, clocksource or\n"
             "governor. 'ipcmark run' warns by the same rules.\n"
             "\n"
             "examples:\n"
             "  ipcmark doctor\n"
             "  ipcmark doctor --json machine.json",
    .run = &ipm_run_syntax,
};

static int doctor_write(const struct doctor_request *request,
                        const struct ipm_checkup *checkup, struct ipm_err *err) {
    const struct ipm_document document = {.kind = IPM_DOCUMENT_CHECKUP,
                                          .checkup = checkup};
    int code = 0;
    if (request->json != NULL)
        code = ipm_outputs_put_as("json", &document, request->json, request->color, err);
    if (code == 0 && (request->json == NULL || strcmp(request->json, "-") != 0))
        code = ipm_outputs_put_as("text", &document, "-", request->color, err);
    return code;
}

static void doctor_describe(struct ipm_checkup *checkup) {
    *checkup = (struct ipm_checkup){0};
    ipm_version_fill(&checkup->tool);
    ipm_clock_wall_text(checkup->started_at);
}

static void doctor_look(struct ipm_checkup *checkup) {
    static struct ipm_report report; /* too large for a small stack */
    ipm_report_init(&report);
    ipm_host_read("", &report.host);
    ipm_activity_read("", doctor_look_ns, NULL, &report.host);
    ipm_checkup_read("", &report, checkup);
    ipm_report_done(&report);
}

static enum ipm_exit doctor_judge(const struct ipm_checkup *checkup,
                                  struct ipm_err *err) {
    char codes[IPM_ERR_TEXT_BYTES / 2];
    struct ipm_strbuf list = ipm_strbuf_over(codes, sizeof codes);
    for (size_t i = 0; i < checkup->rule_count; i++)
        if (checkup->rules[i].fitness == IPM_FITNESS_UNFIT)
            (void)ipm_strbuf_add(&list, "%s%s", list.used ? ", " : "",
                                 checkup->rules[i].code);
    if (checkup->verdict == IPM_FITNESS_FIT)
        return IPM_EXIT_FINE;
    ipm_err_set(err, -ENOTSUP, "this machine is not fit to measure on: %s", codes);
    return IPM_EXIT_BAD;
}

static enum ipm_exit doctor_run(const struct ipm_call *call, struct ipm_err *err) {
    static struct ipm_checkup checkup; /* too large for a small stack */
    const struct doctor_request *request = call->request;
    if (request->json != NULL && ipm_outfile_check(request->json, err) < 0)
        return IPM_EXIT_REFUSED;
    doctor_describe(&checkup);
    doctor_look(&checkup);
    return doctor_write(request, &checkup, err) < 0 ? IPM_EXIT_REFUSED
                                                    : doctor_judge(&checkup, err);
}

static void doctor_refuse(const struct ipm_call *call, const char *error) {
    static struct ipm_checkup checkup;
    const struct ipm_document document = {.kind = IPM_DOCUMENT_CHECKUP,
                                          .checkup = &checkup};
    (void)call;
    doctor_describe(&checkup);
    (void)snprintf(checkup.error, sizeof checkup.error, "%s", error);
    (void)ipm_outputs_put_as("json", &document, "-", IPM_WHEN_NEVER, NULL);
}

const struct ipm_command ipm_command_doctor = {
    .name = "doctor",
    .summary = "tell whether this machine is fit to measure on",
    .syntax = &doctor_syntax,
    .request_bytes = sizeof(struct doctor_request),
    .run = doctor_run,
    .refuse = doctor_refuse,
};
