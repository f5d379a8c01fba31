/* checkup.c - what `ipcmark doctor` found, for a person: the rules, then a paragraph a finding. */
#include "model/report/checkup.h"
#include "reports/common/clean.h"
#include "reports/renderer.h"
#include "reports/text/pen.h"
#include "reports/text/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CHECKUP_INDENT = 22, CHECKUP_RULE_INDENT = 9, CHECKUP_VALUE_BYTES = 256 };

static const enum ipm_text_style checkup_styles[] = {[IPM_FITNESS_INFO] = IPM_TEXT_PLAIN,
                                                     [IPM_FITNESS_FIT] = IPM_TEXT_GOOD,
                                                     [IPM_FITNESS_UNFIT] = IPM_TEXT_BAD,
                                                     [IPM_FITNESS_UNKNOWN] =
                                                         IPM_TEXT_PLAIN};

static void checkup_value(char text[CHECKUP_VALUE_BYTES],
                          const struct ipm_finding *finding) {
    const struct ipm_value *value = &finding->value;
    switch (value->kind) {
    case IPM_VALUE_WHOLE:
        (void)snprintf(text, CHECKUP_VALUE_BYTES, "%" PRId64, value->whole);
        break;
    case IPM_VALUE_REAL:
        (void)snprintf(text, CHECKUP_VALUE_BYTES, "%.3g", value->real);
        break;
    case IPM_VALUE_TEXT:
        (void)snprintf(text, CHECKUP_VALUE_BYTES, "%s", value->text);
        break;
    case IPM_VALUE_UNKNOWN:
        (void)snprintf(text, CHECKUP_VALUE_BYTES, "unknown: %s", finding->reason);
        break;
    }
}

static void checkup_line(struct ipm_text_pen *pen, enum ipm_text_style style,
                         const char *text) {
    ipm_text_move(pen, CHECKUP_INDENT);
    ipm_text_line(pen, style, CHECKUP_INDENT, "%s", text);
}

/* The findings of one rule follow each other, and the first one has its message. */
static void checkup_finding(struct ipm_text_pen *pen, const struct ipm_finding *finding,
                            const char *last_message) {
    char value[CHECKUP_VALUE_BYTES];
    checkup_value(value, finding);
    ipm_text_put(pen, IPM_TEXT_BOLD, finding->key);
    checkup_line(pen, checkup_styles[finding->fitness], value);
    if (finding->message[0] != '\0' && strcmp(finding->message, last_message) != 0)
        checkup_line(pen, IPM_TEXT_WARN, finding->message);
    checkup_line(pen, IPM_TEXT_PLAIN, finding->meaning);
    ipm_text_move(pen, CHECKUP_INDENT);
    ipm_text_line(pen, IPM_TEXT_DIM, CHECKUP_INDENT, "command: %s",
                  finding->command != NULL ? finding->command : "none");
}

static void checkup_rule(struct ipm_text_pen *pen, const struct ipm_checkup_rule *rule) {
    ipm_text_put(pen, checkup_styles[rule->fitness], ipm_fitness_words[rule->fitness]);
    ipm_text_move(pen, CHECKUP_RULE_INDENT);
    ipm_text_line(pen, IPM_TEXT_PLAIN, CHECKUP_RULE_INDENT, "%s: unfit when %s; then %s",
                  rule->code, rule->unfit_when, rule->effect);
}

int ipm_checkup_text(const struct ipm_document *document,
                     const struct ipm_render_options *options, FILE *out,
                     struct ipm_err *err) {
    const struct ipm_checkup *checkup = document->checkup;
    struct ipm_text_pen pen = {.out = out, .options = options};
    errno = 0;
    for (size_t i = 0; i < checkup->rule_count; i++)
        checkup_rule(&pen, &checkup->rules[i]);
    ipm_text_newline(&pen);
    for (size_t i = 0; i < checkup->count; i++)
        checkup_finding(&pen, &checkup->findings[i],
                        i > 0 ? checkup->findings[i - 1].message : "");
    return ipm_clean_end(out, "text", err);
}
