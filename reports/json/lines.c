/* lines.c - a JSON object on a line for each event of a run, as it happens, so that a long
 * run can be followed and a killed one leaves its results. The objects are those of the
 * report. */
#include "base/err.h"
#include "model/report/report.h"
#include "reports/json/codec.h"
#include "reports/renderer.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool lines_is_in(const char *const *words, const char *word) {
    for (; *words != NULL; words++)
        if (strcmp(*words, word) == 0)
            return true;
    return false;
}

/* Writes the fields that are in the list of keys (with `but`: that are not). */
static int lines_put(json_t *line, const struct ipm_json_object *object, const void *base,
                     const struct ipm_report *report, const char *const *keys, bool but) {
    const struct ipm_json_field *field = NULL;
    struct ipm_json_walk walk = {.object = object};
    while ((field = ipm_json_next(&walk)) != NULL)
        if (lines_is_in(keys, field->key) != but &&
            json_object_set_new(line, field->key, ipm_json_write(field, base, report)) !=
                0)
            return -1;
    return 0;
}

static json_t *lines_names(const struct ipm_report *report) {
    json_t *names = json_array();
    for (size_t i = 0; names != NULL && i < report->case_count; i++)
        ipm_json_append(
            &names, ipm_json_mended(report->cases[i].config.name, IPM_CASE_NAME_BYTES));
    return names;
}

/* --- events ----------------------------------------------------------------------------- */

static int lines_start(json_t *line, const struct ipm_report *report,
                       const struct ipm_event *event) {
    static const char *const version[] = {"schema_version", NULL};
    static const char *const of_run[] = {"started_at", "command", "seed", "labels", NULL};
    static const char *const of_report[] = {"tool", "host", "settings", NULL};
    const struct ipm_json_object *whole = &ipm_json_of_report;
    (void)event;
    if (lines_put(line, whole, report, report, version, false) != 0 ||
        lines_put(line, &ipm_json_of_run, &report->run, report, of_run, false) != 0 ||
        lines_put(line, whole, report, report, of_report, false) != 0)
        return -1;
    return json_object_set_new(line, "cases", lines_names(report));
}

/* A failed case has no trial, and a trial has no reason. */
static int lines_trial(json_t *line, const struct ipm_report *report,
                       const struct ipm_event *event) {
    static const char *const name[] = {"name", NULL};
    static const char *const reason[] = {"reason", NULL};
    static const struct ipm_json_field trial = {
        .codec = &ipm_json_object, .behind = true, .object = &ipm_json_of_trial};
    const struct ipm_case *c = &report->cases[event->case_index];
    const struct ipm_json_object *whole = &ipm_json_of_case;
    if (lines_put(line, whole, c, report, name, false) != 0 ||
        json_object_set_new(line, "trial",
                            ipm_json_write(&trial, &event->trial, report)) != 0)
        return -1;
    return event->trial != NULL ? json_object_set_new(line, "reason", json_null())
                                : lines_put(line, whole, c, report, reason, false);
}

static int lines_case(json_t *line, const struct ipm_report *report,
                      const struct ipm_event *event) {
    static const char *const told[] = {"trials", NULL};
    const struct ipm_case *c = &report->cases[event->case_index];
    return lines_put(line, &ipm_json_of_case, c, report, told, true);
}

static int lines_end(json_t *line, const struct ipm_report *report,
                     const struct ipm_event *event) {
    static const char *const keys[] = {"run", "references", "warnings", "error", NULL};
    (void)event;
    return lines_put(line, &ipm_json_of_report, report, report, keys, false);
}

static const struct {
    const char *word;
    int (*put)(json_t *line, const struct ipm_report *report,
               const struct ipm_event *event);
} lines_kinds[] = {
    [IPM_EVENT_START] = {"start", lines_start},
    [IPM_EVENT_TRIAL] = {"trial", lines_trial},
    [IPM_EVENT_CASE] = {"case", lines_case},
    [IPM_EVENT_END] = {"end", lines_end},
};

static int lines_event(const struct ipm_report *report, const struct ipm_event *event,
                       FILE *out, struct ipm_err *err) {
    json_t *line = json_object();
    const char *word = lines_kinds[event->kind].word;
    if (json_object_set_new(line, "event", json_string(word)) != 0 ||
        lines_kinds[event->kind].put(line, report, event) != 0) {
        json_decref(line);
        line = NULL;
    }
    return ipm_json_sink(line, (struct ipm_json_form){.compact = true}, out, err);
}

/* --- of a finished report --------------------------------------------------------------- */

/* Orders trials by rounds; the report does not have the order inside a round. */
static int lines_order(const void *left, const void *right) {
    const struct ipm_event *const a = left;
    const struct ipm_event *const b = right;
    if (a->trial->round != b->trial->round)
        return a->trial->round < b->trial->round ? -1 : 1;
    if (a->case_index != b->case_index)
        return a->case_index < b->case_index ? -1 : 1;
    return a->trial < b->trial ? -1 : a->trial > b->trial;
}

/* Returns the trials in their order, on the heap, or NULL without memory. */
static struct ipm_event *lines_sort(const struct ipm_report *report, size_t *ret_count) {
    size_t count = 0;
    for (size_t i = 0; i < report->case_count; i++)
        count += report->cases[i].trial_count;
    struct ipm_event *const events = calloc(count + 1, sizeof *events);
    if (events == NULL)
        return NULL;
    *ret_count = 0;
    for (size_t i = 0; i < report->case_count; i++)
        for (size_t t = 0; t < report->cases[i].trial_count; t++)
            events[(*ret_count)++] =
                (struct ipm_event){IPM_EVENT_TRIAL, i, &report->cases[i].trials[t]};
    qsort(events, count, sizeof *events, lines_order);
    return events;
}

static int lines_trials(const struct ipm_report *report, FILE *out, struct ipm_err *err) {
    size_t count = 0;
    int code = 0;
    struct ipm_event *const events = lines_sort(report, &count);
    if (events == NULL)
        return ipm_err_sys(err, -ENOMEM, "cannot write the JSON document");
    for (size_t i = 0; i < count && code == 0; i++)
        code = lines_event(report, &events[i], out, err);
    free(events);
    for (size_t i = 0; i < report->case_count && code == 0; i++) {
        const struct ipm_event event = {.kind = IPM_EVENT_TRIAL, .case_index = i};
        if (report->cases[i].status == IPM_CASE_FAILED)
            code = lines_event(report, &event, out, err);
    }
    return code;
}

static int lines_render(const struct ipm_document *document,
                        const struct ipm_render_options *options, FILE *out,
                        struct ipm_err *err) {
    const struct ipm_report *report = document->report;
    struct ipm_event event = {.kind = IPM_EVENT_START};
    static struct ipm_report begun; /* what was known at the start; large for a stack */
    begun = *report;
    begun.host.cpu_throttled_periods = begun.host.cpu_throttled_ns = -1;
    begun.host.steal_ratio = NAN;
    (void)options;
    int code = lines_event(&begun, &event, out, err);
    if (code == 0)
        code = lines_trials(report, out, err);
    event.kind = IPM_EVENT_CASE;
    for (size_t i = 0; i < report->case_count && code == 0; i++) {
        event.case_index = i;
        code = lines_event(report, &event, out, err);
    }
    event.kind = IPM_EVENT_END;
    return code == 0 ? lines_event(report, &event, out, err) : code;
}

const struct ipm_renderer ipm_renderer_jsonl = {
    .name = "jsonl",
    .summary = "one JSON object a line for each event, written as it happens",
    .render = {[IPM_DOCUMENT_REPORT] = lines_render},
    .event = lines_event,
};
