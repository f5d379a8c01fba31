/* words.c - cases without a result, highest rates and warnings, in words. */
#include "reports/columns/words.h"

#include "base/strbuf.h"
#include "base/units.h"
#include "model/report/highest.h"
#include "model/report/report.h"
#include "reports/columns/format.h"
#include "reports/columns/sections.h"

#include <stdio.h>
#include <string.h>

enum { ABSENT_NAMES_MOST = 3, ABSENT_NAME_BYTES = 160 };

/* Returns the length of the name of the case's own transport, in quotes, if it begins here. */
static size_t reason_own_name(const struct ipm_case *c, const char *at) {
    const size_t length = strlen(c->config.transport);
    return at[0] == '\'' && strncmp(at + 1, c->config.transport, length) == 0 &&
                   at[1 + length] == '\''
               ? length + 2
               : 0;
}

/* Whether two reasons differ in nothing but the names of their transports. */
static bool reason_is_alike(const struct ipm_case *a, const struct ipm_case *b) {
    const char *left = a->reason;
    const char *right = b->reason;
    while (*left == *right && *left != '\0') {
        const size_t own = reason_own_name(a, left);
        const size_t other = reason_own_name(b, right);
        left += own > 0 && other > 0 ? own : 1;
        right += own > 0 && other > 0 ? other : 1;
    }
    return *left == *right;
}

bool ipm_text_shares_reason(const struct ipm_report *report, size_t one, size_t other) {
    const struct ipm_case *a = &report->cases[one];
    const struct ipm_case *b = &report->cases[other];
    return a->status == b->status && reason_is_alike(a, b);
}

bool ipm_text_leads_reason(const struct ipm_report *report, size_t index) {
    size_t i = 0;
    while (!ipm_text_shares_reason(report, i, index))
        i++;
    return i == index;
}

static void absent_name(char name[ABSENT_NAME_BYTES], const struct ipm_report *report,
                        size_t index) {
    char title[IPM_TEXT_TITLE_BYTES];
    char label[IPM_TEXT_TITLE_BYTES];
    const struct ipm_case_config *config = &report->cases[index].config;
    ipm_text_title_without(title, config, " ", ipm_text_names_patterns(report),
                           ipm_settings_with(IPM_SETTING_PLACE));
    ipm_text_label(label, config);
    (void)snprintf(name, ABSENT_NAME_BYTES, "%.110s %.40s", title, label);
}

/* Whether cases over another transport have the reason of that one. */
static bool absent_is_of_several(const struct ipm_report *report, size_t index) {
    const char *transport = report->cases[index].config.transport;
    for (size_t i = index; i < report->case_count; i++)
        if (strcmp(report->cases[i].config.transport, transport) != 0 &&
            ipm_text_shares_reason(report, index, i))
            return true;
    return false;
}

/* Whether a case over the same transport comes before it in the list. */
static bool absent_is_named(const struct ipm_report *report, size_t first, size_t index) {
    const char *transport = report->cases[index].config.transport;
    for (size_t i = first; i < index; i++)
        if (strcmp(report->cases[i].config.transport, transport) == 0 &&
            ipm_text_shares_reason(report, first, i))
            return true;
    return false;
}

void ipm_text_absent(char words[IPM_TEXT_ABSENT_BYTES], const struct ipm_report *report,
                     size_t index) {
    struct ipm_strbuf text = ipm_strbuf_over(words, IPM_TEXT_ABSENT_BYTES);
    char names[ABSENT_NAMES_MOST][ABSENT_NAME_BYTES];
    const bool several = absent_is_of_several(report, index);
    size_t known = 0;
    size_t more = 0;
    for (size_t i = index; i < report->case_count; i++) {
        char name[ABSENT_NAME_BYTES];
        size_t at = 0;
        if (!ipm_text_shares_reason(report, index, i))
            continue;
        absent_name(name, report, i);
        while (at < known && strcmp(names[at], name) != 0)
            at++;
        if (at == ABSENT_NAMES_MOST ||
            (at == known && several && absent_is_named(report, index, i))) {
            more++;
        } else if (at == known) {
            memcpy(names[known++], name, sizeof name);
            (void)ipm_strbuf_add(&text, "%s%s", at > 0 ? ", " : "", name);
        }
    }
    if (more > 0)
        (void)ipm_strbuf_add(&text, " and %zu more", more);
}

const char *ipm_text_shared_reason(char words[IPM_REASON_BYTES],
                                   const struct ipm_report *report, size_t index) {
    const struct ipm_case *c = &report->cases[index];
    struct ipm_strbuf text = ipm_strbuf_over(words, IPM_REASON_BYTES);
    if (!absent_is_of_several(report, index))
        return ipm_text_reason(report, index);
    for (const char *at = c->reason; *at != '\0';) {
        const size_t own = reason_own_name(c, at);
        (void)ipm_strbuf_add(&text, own > 0 ? "the transport" : "%c", *at);
        at += own > 0 ? own : 1;
    }
    return c->reason[0] != '\0' ? words : ipm_text_reason(report, index);
}

const char *ipm_text_reason(const struct ipm_report *report, size_t index) {
    const char *reason = report->cases[index].reason;
    return reason[0] != '\0' ? reason : "no reason given";
}

static const char TOLD_ENDS[] = " (),;"; /* of a name in a sentence */

static const struct ipm_case *told_case(const struct ipm_report *report, const char *name,
                                        size_t length) {
    for (size_t i = 0; i < report->case_count; i++)
        if (strncmp(report->cases[i].config.name, name, length) == 0 &&
            report->cases[i].config.name[length] == '\0')
            return &report->cases[i];
    return NULL;
}

const char *ipm_text_told(char told[IPM_TEXT_TOLD_BYTES], const struct ipm_report *report,
                          const char *text) {
    struct ipm_strbuf out = ipm_strbuf_over(told, IPM_TEXT_TOLD_BYTES);
    for (const char *at = text; *at != '\0';) {
        const size_t between = strspn(at, TOLD_ENDS);
        const char *word = at + between;
        const size_t length = strcspn(word, TOLD_ENDS);
        const struct ipm_case *c =
            memchr(word, '/', length) != NULL ? told_case(report, word, length) : NULL;
        char name[IPM_TEXT_TITLE_BYTES];
        (void)snprintf(name, sizeof name, "%.*s", (int)length, word);
        if (c != NULL)
            ipm_text_case(name, &c->config);
        if (!ipm_strbuf_add(&out, "%.*s%s", (int)between, at, name))
            return text; /* it does not fit */
        at = word + length;
    }
    return told;
}

void ipm_text_target(char target[IPM_TEXT_CELL_BYTES],
                     const struct ipm_options *options) {
    char time[IPM_UNITS_TEXT_BYTES];
    (void)snprintf(target, IPM_TEXT_CELL_BYTES, "%.7s <= %.16s", options->target,
                   ipm_units_exact(time, &ipm_unit_time, options->target_ns));
}

static void highest_held(struct ipm_strbuf *text, const char *held, const char *missed,
                         const struct ipm_highest *highest) {
    if (highest->missed.rate_per_second > 0)
        (void)ipm_strbuf_add(text, "%s/s (%s/s does not)", held, missed);
    else
        (void)ipm_strbuf_add(text, "%s/s, the highest rate that was tried", held);
}

static void highest_none(struct ipm_strbuf *text, const char *label, const char *target,
                         const char *missed, const char *unknown,
                         const struct ipm_highest *highest) {
    if (highest->missed.rate_per_second > 0)
        (void)ipm_strbuf_add(text, "%s does not hold %s at %s/s", label, target, missed);
    if (highest->unknown_per_second > 0)
        (void)ipm_strbuf_add(text,
                             "%s%s/s has too few messages, or too much contention, to "
                             "tell; a longer '--duration' has more messages",
                             highest->missed.rate_per_second > 0 ? ", and " : "",
                             unknown);
    else
        (void)ipm_strbuf_add(text, ", the lowest rate that was tried");
}

void ipm_text_highest(char words[IPM_TEXT_HIGHEST_BYTES],
                      const struct ipm_highest *highest,
                      const struct ipm_options *options, bool named) {
    char target[IPM_TEXT_CELL_BYTES];
    char title[IPM_TEXT_TITLE_BYTES];
    char label[IPM_TEXT_TITLE_BYTES];
    char rates[3][IPM_UNITS_TEXT_BYTES];
    struct ipm_strbuf text = ipm_strbuf_over(words, IPM_TEXT_HIGHEST_BYTES);
    (void)ipm_units_metric(rates[0], (double)highest->held.rate_per_second);
    (void)ipm_units_metric(rates[1], (double)highest->missed.rate_per_second);
    (void)ipm_units_metric(rates[2], (double)highest->unknown_per_second);
    ipm_text_target(target, options);
    ipm_text_label(label, &highest->config);
    ipm_text_title_without(title, &highest->config, ", ", named,
                           ipm_settings_with(IPM_SETTING_PACE));
    (void)ipm_strbuf_add(&text, "%.150s: ", title);
    if (highest->held.rate_per_second > 0) {
        (void)ipm_strbuf_add(&text, "%.100s holds %s up to ", label, target);
        highest_held(&text, rates[0], rates[1], highest);
        return;
    }
    label[100] = '\0';
    highest_none(&text, label, target, rates[1], rates[2], highest);
}
