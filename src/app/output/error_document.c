/* error_document.c - with `--json -` standard output is one valid JSON document, whatever happens:
 * this is the one of a command that was refused. Must not know why it was. */
#include "app/output/error_document.h"

#include "app/commands/command.h"
#include "app/commands/version.h"
#include "app/output/outputs.h"
#include "base/clock.h"
#include "base/err.h"
#include "model/compare/comparison.h"
#include "model/report/report.h"
#include "reports/renderer.h"
#include "run/host/host.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool error_document_is(const char *text, const char *wanted) {
    return text != NULL && strcmp(text, wanted) == 0;
}

/* "--json=-", "--js -": any beginning of the name, as getopt_long(3) takes it. */
static bool error_document_by_name(const char *word, const char *next, const char *name,
                                   const char *value) {
    size_t length = strcspn(word + 2, "=");
    if (length == 0 || strncmp(word + 2, name, length) != 0)
        return false;
    return error_document_is(word[2 + length] == '=' ? word + 2 + length + 1 : next,
                             value);
}

/* "-ejson=-", "-qe json=-". */
static bool error_document_by_letter(const char *word, const char *next) {
    const char *letter = strchr(word + 1, 'e');
    return letter != NULL &&
           error_document_is(letter[1] != '\0' ? letter + 1 : next, "json=-");
}

static bool error_document_asks(const char *word, const char *next) {
    if (word[0] != '-')
        return false;
    if (word[1] != '-')
        return error_document_by_letter(word, next);
    return error_document_by_name(word, next, "json", "-") ||
           error_document_by_name(word, next, "export", "json=-");
}

/* --- the documents ---------------------------------------------------------------------- */

static const struct ipm_outputs *error_document_json(void) {
    static struct ipm_outputs outputs = {.count = 1, .items = {{.target = "-"}}};
    outputs.items[0].renderer = ipm_renderer_find("json");
    return &outputs;
}

static void error_document_words(char *words, size_t size, const struct ipm_err *err) {
    (void)snprintf(words, size, "%s%s%s%s", err->text, err->hint[0] != '\0' ? " (" : "",
                   err->hint, err->hint[0] != '\0' ? ")" : "");
}

static void error_document_run(int argc, char **argv, const struct ipm_err *err) {
    struct ipm_report report;
    struct ipm_err ignored = {0};
    ipm_report_init(&report);
    ipm_version_fill(&report.tool);
    ipm_host_read(&report.host);
    ipm_options_defaults(&report.settings);
    ipm_clock_wall_text(report.run.started_at);
    report.run.status = IPM_RUN_FAILED;
    error_document_words(report.error, sizeof report.error, err);
    if (ipm_report_set_command(&report, argc, argv) == 0)
        (void)ipm_outputs_write(error_document_json(), &report, IPM_WHEN_NEVER, &ignored);
    ipm_report_done(&report);
}

/* Its settings are unknown: the command line could not be read to its end. */
static void error_document_comparison(bool paired, const struct ipm_err *err) {
    struct ipm_comparison comparison = {
        .paired = paired, .threshold = NAN, .alpha = NAN, .gate = IPM_GATE_UNDECIDED};
    struct ipm_err ignored = {0};
    ipm_version_fill(&comparison.tool);
    ipm_clock_wall_text(comparison.started_at);
    error_document_words(comparison.error, sizeof comparison.error, err);
    (void)ipm_outputs_write_comparison(error_document_json(), &comparison, IPM_WHEN_NEVER,
                                       &ignored);
    ipm_comparison_done(&comparison);
}

static void error_document_compare(int argc, char **argv, const struct ipm_err *err) {
    (void)argc;
    (void)argv;
    error_document_comparison(false, err);
}

static void error_document_ab(int argc, char **argv, const struct ipm_err *err) {
    (void)argc;
    (void)argv;
    error_document_comparison(true, err);
}

struct error_document_form {
    const char *command;
    void (*write)(int argc, char **argv, const struct ipm_err *err);
};

/* The commands with a JSON document of their own. */
static const struct error_document_form failed_forms[] = {
    {"run", error_document_run},
    {"compare", error_document_compare},
    {"ab", error_document_ab},
    {NULL, NULL}};

/* What does not exist was to be `run`, as far as anyone can know. */
static const struct error_document_form *error_document_form(int argc, char **argv) {
    struct ipm_err unknown = {0};
    const struct ipm_command *command =
        argc > 1 ? ipm_command_find(argv[1], &unknown) : NULL;
    const struct error_document_form *form = failed_forms;
    while (command != NULL && form->command != NULL &&
           strcmp(form->command, command->name) != 0)
        form++;
    return form->command != NULL ? form : NULL;
}

bool ipm_error_document_wanted(int argc, char **argv) {
    if (error_document_form(argc, argv) == NULL)
        return false;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (error_document_asks(argv[i], argv[i + 1]))
            return true;
    return false;
}

void ipm_error_document_write(int argc, char **argv, const struct ipm_err *err) {
    const struct error_document_form *form = error_document_form(argc, argv);
    if (form != NULL)
        form->write(argc, argv, err);
}
