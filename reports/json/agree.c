/* agree.c - refuses a report whose parts contradict each other, as one does that was changed by
 * hand: what is shown and compared would depend on which part is believed. */
#include "base/strbuf.h"
#include "model/report/report.h"
#include "reports/json/codec.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The words of a refusal are "cases[3]", what contradicts, and the name of the case. */
#define AGREE_CASE " (case '%.100s')"

/* --- references ------------------------------------------------------------------------- */

/* Each round is there once and has each size: maps.c marks those that are missing. */
static int agree_references(struct ipm_json_reading *reading) {
    const struct ipm_references *references = &reading->report->references;
    for (size_t r = 0; r < references->count; r++) {
        const struct ipm_reference_round *row = &references->rounds[r];
        if (r > 0 && row->round <= row[-1].round)
            return ipm_json_refuse(
                reading, "references.rounds[%zu].round is not above that before it", r);
        for (size_t i = 0; i < references->sizes.count; i++)
            if (row->memcpy_bytes_per_second[i] < 0)
                return ipm_json_refuse(
                    reading,
                    "references.rounds[%zu].memcpy_bytes_per_second.%" PRIu64
                    " is missing",
                    r, references->sizes.items[i]);
    }
    return 0;
}

/* --- names ------------------------------------------------------------------------------ */

struct agree_name {
    const char *name;
    size_t index; /* of the case */
};

static int agree_order(const void *left, const void *right) {
    const struct agree_name *a = left;
    const struct agree_name *b = right;
    const int order = strcmp(a->name, b->name);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* Of two cases of one name a comparison would see one. */
static int agree_names(struct ipm_json_reading *reading) {
    const struct ipm_report *report = reading->report;
    struct agree_name *sorted = calloc(report->case_count + 1, sizeof *sorted);
    int code = sorted != NULL ? 0 : -ENOMEM;
    for (size_t c = 0; code == 0 && c < report->case_count; c++)
        sorted[c] = (struct agree_name){report->cases[c].config.name, c};
    if (code == 0)
        qsort(sorted, report->case_count, sizeof *sorted, agree_order);
    for (size_t c = 1; code == 0 && c < report->case_count; c++)
        if (strcmp(sorted[c - 1].name, sorted[c].name) == 0)
            code = ipm_json_refuse(reading, "cases[%zu].name is that of cases[%zu] too",
                                   sorted[c].index, sorted[c - 1].index);
    free(sorted);
    return code;
}

/* Whether a name is made as those of ipcmark are: "stream/pipe/64", and then what is not
 * default. Any other name says nothing about settings. */
static bool agree_is_made(const char *name) {
    const char *transport = strchr(name, '/');
    const char *size = transport != NULL ? strchr(transport + 1, '/') : NULL;
    const size_t digits = size != NULL ? strspn(size + 1, "0123456789") : 0;
    return digits > 0 && strchr("/:", size[1 + digits]) != NULL; /* or its end */
}

/* Returns the setting that a part of a name, such as "pin=same", says otherwise, or NULL. */
static const struct ipm_setting *agree_part(const struct ipm_case_config *config,
                                            const char *part, size_t length) {
    const char *equals = memchr(part, '=', length);
    const size_t word = equals != NULL ? (size_t)(equals - part) : 0;
    for (size_t i = 0; i < IPM_SETTINGS && word > 0; i++) {
        const struct ipm_setting *setting = &ipm_settings[i];
        if (setting->word == NULL || strlen(setting->word) != word ||
            strncmp(setting->word, part, word) != 0)
            continue;
        const struct ipm_cell value = ipm_setting_text(setting, config);
        const size_t bytes = length - word - 1;
        return strlen(value.text) == bytes && strncmp(value.text, equals + 1, bytes) == 0
                   ? NULL
                   : setting;
    }
    return NULL;
}

/* The last part of a name that is as long as it may be is cut. "recv=message" is a rule. */
static const struct ipm_setting *agree_parts(const struct ipm_case_config *config,
                                             const char *rest) {
    const char *end = config->name + IPM_CASE_NAME_BYTES - 1;
    const struct ipm_setting *other = NULL;
    while (*rest != '\0' && other == NULL) {
        const size_t length = strcspn(rest, "/");
        const bool is_rule = strncmp(rest, "recv=message", length) == 0;
        other = is_rule || rest + length == end ? NULL : agree_part(config, rest, length);
        rest += length + (rest[length] == '/');
    }
    return other;
}

/* The settings that every such name begins with. */
static void agree_start(char start[IPM_CASE_NAME_BYTES],
                        const struct ipm_case_config *config) {
    struct ipm_strbuf text = ipm_strbuf_over(start, IPM_CASE_NAME_BYTES);
    (void)ipm_strbuf_add(&text, "%s/%s/%" PRIu64, config->pattern, config->transport,
                         config->message_bytes);
    if (config->response_bytes > 0)
        (void)ipm_strbuf_add(&text, ":%" PRIu64, config->response_bytes);
}

static int agree_name(struct ipm_json_reading *reading, size_t index) {
    const struct ipm_case_config *config = &reading->report->cases[index].config;
    char start[IPM_CASE_NAME_BYTES];
    agree_start(start, config);
    const char *rest = config->name + strlen(start);
    if (!agree_is_made(config->name))
        return 0;
    if (strncmp(config->name, start, strlen(start)) != 0 ||
        (*rest != '\0' && *rest != '/'))
        return ipm_json_refuse(
            reading, "cases[%zu].name contradicts its settings, '%s'" AGREE_CASE, index,
            start, config->name);
    const struct ipm_setting *other = agree_parts(config, rest + (*rest == '/'));
    if (other == NULL)
        return 0;
    return ipm_json_refuse(reading, "cases[%zu].name contradicts its %s, '%s'" AGREE_CASE,
                           index, other->key, ipm_setting_text(other, config).text,
                           config->name);
}

/* --- cases ------------------------------------------------------------------------------ */

/* A case that failed in a later round keeps its trials. */
static int agree_status(struct ipm_json_reading *reading, size_t index) {
    const struct ipm_case *c = &reading->report->cases[index];
    const char *status = ipm_case_status_words[c->status];
    if ((c->status == IPM_CASE_OK) != (c->reason[0] == '\0'))
        return ipm_json_refuse(
            reading, "cases[%zu].reason is %s, and status is %s" AGREE_CASE, index,
            c->reason[0] == '\0' ? "missing" : "given", status, c->config.name);
    if (c->status == IPM_CASE_SKIPPED && c->trial_count > 0)
        return ipm_json_refuse(
            reading, "cases[%zu].trials is not empty, and status is %s" AGREE_CASE, index,
            status, c->config.name);
    return 0;
}

/* Returns what contradicts in the trial, or NULL. More messages may be received than were sent:
 * a network may double them. */
static const char *agree_find(const struct ipm_sample *trial, bool is_first) {
    return !is_first && trial->round <= trial[-1].round
               ? "round is not above that before it"
           : trial->damage.lost_messages > trial->sent.messages
               ? "lost_messages is more than were sent"
               : NULL;
}

static int agree_trials(struct ipm_json_reading *reading, size_t index) {
    const struct ipm_case *c = &reading->report->cases[index];
    for (size_t t = 0; t < c->trial_count; t++) {
        const char *words = agree_find(&c->trials[t], t == 0);
        if (words != NULL)
            return ipm_json_refuse(reading, "cases[%zu].trials[%zu].%s" AGREE_CASE, index,
                                   t, words, c->config.name);
    }
    return 0;
}

int ipm_json_agree(struct ipm_json_reading *reading) {
    int code = agree_names(reading);
    if (code == 0)
        code = agree_references(reading);
    for (size_t c = 0; c < reading->report->case_count && code == 0; c++) {
        code = agree_name(reading, c);
        if (code == 0)
            code = agree_status(reading, c);
        if (code == 0)
            code = agree_trials(reading, c);
    }
    return code;
}
