/* outputs.c - the documents that a command writes. */
#include "app/output/outputs.h"

#include "app/cli/name_table.h"
#include "app/cli/optparse.h"
#include "app/output/ending.h"
#include "base/err.h"
#include "base/target.h"
#include "model/report/report.h"
#include "reports/renderer.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char outputs_standard[] = "-";

static const char *outputs_normal(const char *target) {
    return ipm_target_descriptor(target) == STDOUT_FILENO ? outputs_standard : target;
}

static bool outputs_same_place(const char *a, const char *b) {
    struct stat folders[2];
    return strcmp(a + ipm_target_folder_bytes(a), b + ipm_target_folder_bytes(b)) == 0 &&
           ipm_target_stat_folder(a, &folders[0]) == 0 &&
           ipm_target_stat_folder(b, &folders[1]) == 0 &&
           folders[0].st_dev == folders[1].st_dev &&
           folders[0].st_ino == folders[1].st_ino;
}

/* Whether both are one descriptor or one file, which need not exist yet. Invalid targets
 * are refused later, by the check of the outputs. */
static bool outputs_same(const char *a, const char *b) {
    struct ipm_target targets[2] = {{.place = NULL}, {.place = NULL}};
    if (strcmp(a, b) == 0)
        return true;
    bool same = ipm_target_find(&targets[0], a, NULL) == 0 &&
                ipm_target_find(&targets[1], b, NULL) == 0 &&
                targets[0].descriptor == targets[1].descriptor &&
                (targets[0].place == NULL || targets[1].place == NULL ||
                 outputs_same_place(targets[0].place, targets[1].place));
    ipm_target_done(&targets[0]);
    ipm_target_done(&targets[1]);
    return same;
}

static bool outputs_is_standard(const struct ipm_output *output) {
    return strcmp(output->target, outputs_standard) == 0;
}

int ipm_outputs_check_name(const char *target, struct ipm_err *err) {
    if (!ipm_name_table_holds(&ipm_name_table_transports, target))
        return 0;
    ipm_err_hint(err, "write './%.100s' where the file is meant", target);
    return ipm_err_set(err, -EINVAL, "the file '%.100s' has the name of a transport",
                       target);
}

int ipm_outputs_add(struct ipm_outputs *outputs, const char *format, const char *target,
                    struct ipm_err *err) {
    const struct ipm_renderer *renderer = ipm_renderer_find(format);
    if (renderer == NULL)
        return ipm_name_table_refuse(&ipm_name_table_formats, format, err);
    if (ipm_outputs_check_name(target, err) != 0)
        return -EINVAL;
    target = outputs_normal(target);
    for (size_t i = 0; i < outputs->count; i++) {
        if (!outputs_same(outputs->items[i].target, target))
            continue;
        return ipm_err_refuse(err, "each document needs a file of its own",
                              "output '%.200s' is given twice", target);
    }
    if (outputs->count == IPM_OUTPUTS_MOST)
        return ipm_err_set(err, -EINVAL, "more than %d outputs", IPM_OUTPUTS_MOST);
    size_t at = outputs->count++;
    if (at > 0 && outputs_is_standard(&outputs->items[at - 1])) {
        outputs->items[at] = outputs->items[at - 1];
        at--;
    }
    outputs->items[at] = (struct ipm_output){.renderer = renderer, .target = target};
    return 0;
}

int ipm_outputs_add_text(struct ipm_outputs *outputs, bool quiet, struct ipm_err *err) {
    if (quiet || ipm_outputs_standard(outputs) != NULL)
        return 0;
    return ipm_outputs_add(outputs, "text", outputs_standard, err);
}

int ipm_outputs_set_file(const struct ipm_option *option, void *target, const char *value,
                         struct ipm_err *err) {
    int code = ipm_optparse_check_text(option, value, err);
    if (code == 0)
        code = ipm_ending_check_json(value, err);
    return code != 0 ? code
                     : ipm_outputs_add(ipm_optparse_member(option, target), option->name,
                                       value, err);
}

int ipm_outputs_set_export(const struct ipm_option *option, void *target,
                           const char *value, struct ipm_err *err) {
    char format[64];
    const char *equals = strchr(value, '=');
    if (equals == NULL)
        ipm_ending_hint_export(value, err);
    if (equals == NULL || equals[1] == '\0')
        return ipm_err_refuse(err, "write FORMAT=FILE, such as json=report.json",
                              "export '%.100s' names no file", value);
    (void)snprintf(format, sizeof format, "%.*s", (int)(equals - value), value);
    return ipm_outputs_add(ipm_optparse_member(option, target), format, equals + 1, err);
}

const struct ipm_output *ipm_outputs_standard(const struct ipm_outputs *outputs) {
    if (outputs->count == 0)
        return NULL;
    const struct ipm_output *last = &outputs->items[outputs->count - 1];
    return outputs_is_standard(last) ? last : NULL;
}

/* What some formats do not show, and those that do. */
static const struct {
    const char *what;
    const char *formats;
} outputs_special[IPM_DOCUMENTS] = {
    [IPM_DOCUMENT_COMPARISON] = {"comparison", "text, json, markdown, html and junit do"},
    [IPM_DOCUMENT_EXPLANATION] = {"explanation", "text and json do"},
    [IPM_DOCUMENT_MERGE] = {"merge", "text and json do"},
};

int ipm_outputs_check(const struct ipm_outputs *outputs, enum ipm_document_kind kind,
                      struct ipm_err *err) {
    int code = 0;
    for (size_t i = 0; i < outputs->count; i++)
        if (outputs->items[i].renderer->render[kind] == NULL)
            return ipm_err_refuse(
                err, outputs_special[kind].formats, "format '%s' shows no %s",
                outputs->items[i].renderer->name, outputs_special[kind].what);
    for (size_t i = 0; i < outputs->count && code == 0; i++)
        code = ipm_outfile_check(outputs->items[i].target, err);
    return code;
}

/* --- writing ---------------------------------------------------------------------------- */

/* Restores SIGPIPE, so that a closed reader ends the process as it ends any filter. */
static void outputs_let_pipe_break(const char *target) {
    if (ipm_target_descriptor(target) == STDOUT_FILENO)
        (void)signal(SIGPIPE, SIG_DFL); /* cannot fail for a signal that exists */
}

int ipm_outputs_put(int (*write)(const void *context, FILE *out, struct ipm_err *err),
                    const void *context, const char *target, struct ipm_err *err) {
    struct ipm_outfile file;
    struct ipm_err words = {0};
    outputs_let_pipe_break(target);
    int code = ipm_outfile_open(&file, target, err);
    if (code < 0)
        return code;
    code = write(context, file.stream, &words);
    if (code == 0 || file.failed != 0) /* the target failed, or nothing did */
        return ipm_outfile_commit(&file, err);
    ipm_outfile_discard(&file);
    if (err != NULL && err->code == 0)
        *err = words;
    return code;
}

/* The arguments of a renderer. */
struct outputs_page {
    const struct ipm_renderer *renderer;
    const struct ipm_document *document;
    struct ipm_render_options options;
};

static int outputs_render(const void *context, FILE *out, struct ipm_err *err) {
    const struct outputs_page *page = context;
    return page->renderer->render[page->document->kind](page->document, &page->options,
                                                        out, err);
}

int ipm_outputs_put_as(const char *format, const struct ipm_document *document,
                       const char *target, enum ipm_when color, struct ipm_err *err) {
    const int fd = strcmp(target, outputs_standard) == 0 ? STDOUT_FILENO : -1;
    const struct outputs_page page = {.renderer = ipm_renderer_find(format),
                                      .document = document,
                                      .options = ipm_terminal_options(fd, color)};
    return ipm_outputs_put(outputs_render, &page, target, err);
}

/* --- events ----------------------------------------------------------------------------- */

/* A child that ends or a timer must not interrupt a write to a slow reader; only the
 * signals by which the user ends the program may. */
static void outputs_mask(int how) {
    sigset_t others;
    (void)sigemptyset(&others);
    (void)sigaddset(&others, SIGCHLD);
    (void)sigaddset(&others, SIGALRM);
    (void)sigprocmask(how, &others, NULL);
}

static int outputs_open(struct ipm_output *output, struct ipm_err *err) {
    if (output->renderer->event == NULL)
        return 0;
    const int code = ipm_outfile_open(&output->live, output->target, err);
    return code == 0 ? ipm_outfile_publish(&output->live, err) : code;
}

int ipm_outputs_open(struct ipm_outputs *outputs, struct ipm_err *err) {
    int code = 0;
    outputs_mask(SIG_BLOCK);
    for (size_t i = 0; i < outputs->count && code == 0; i++)
        code = outputs_open(&outputs->items[i], err);
    outputs_mask(SIG_UNBLOCK);
    for (size_t i = 0; i < outputs->count && code != 0; i++)
        ipm_outfile_discard(&outputs->items[i].live);
    return code;
}

static void outputs_add_event(struct ipm_output *output, const struct ipm_report *report,
                              const struct ipm_event *event) {
    struct ipm_err ignored = {0}; /* the file keeps a failure */
    if (output->live.stream == NULL || output->live.failed != 0)
        return;
    (void)output->renderer->event(report, event, output->live.stream, &ignored);
    (void)fflush(output->live.stream);
}

void ipm_outputs_add_event(struct ipm_outputs *outputs, const struct ipm_report *report,
                           const struct ipm_event *event) {
    outputs_mask(SIG_BLOCK);
    for (size_t i = 0; i < outputs->count; i++)
        outputs_add_event(&outputs->items[i], report, event);
    outputs_mask(SIG_UNBLOCK);
}

static int outputs_close(struct ipm_output *output, const struct ipm_report *report,
                         struct ipm_err *err) {
    struct ipm_event event = {.kind = IPM_EVENT_CASE};
    outputs_let_pipe_break(output->target);
    if (output->live.failed == -EPIPE && outputs_is_standard(output))
        (void)raise(SIGPIPE); /* its reader closed it while the signal was ignored */
    for (; event.case_index < report->case_count; event.case_index++)
        outputs_add_event(output, report, &event);
    event = (struct ipm_event){.kind = IPM_EVENT_END};
    outputs_add_event(output, report, &event);
    return ipm_outfile_commit(&output->live, err);
}

int ipm_outputs_write(struct ipm_outputs *outputs, const struct ipm_document *document,
                      enum ipm_when color, struct ipm_err *err) {
    int failed = 0;
    for (size_t i = 0; i < outputs->count; i++) {
        struct ipm_output *output = &outputs->items[i];
        const int fd = outputs_is_standard(output) ? STDOUT_FILENO : -1;
        struct outputs_page page = {.renderer = output->renderer,
                                    .document = document,
                                    .options = ipm_terminal_options(fd, color)};
        page.options.warnings = outputs->warnings;
        page.options.unit = outputs->unit;
        const int code =
            output->live.stream != NULL
                ? outputs_close(output, document->report, err)
                : ipm_outputs_put(outputs_render, &page, output->target, err);
        failed = code < 0 ? code : failed;
    }
    return failed;
}
