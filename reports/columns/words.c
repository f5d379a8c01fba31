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
    const struct ipm_case_config *config = &report->cases[index].config;
    const struct ipm_title title =
        ipm_text_title_without(config, " ", ipm_text_names_patterns(report),
                               ipm_settings_with(IPM_SETTING_PLACE));
    (void)snprintf(name, ABSENT_NAME_BYTES, "%.110s %.40s", title.text,
                   ipm_text_label(config).text);
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

struct ipm_sentence ipm_text_absent(const struct ipm_report *report, size_t index) {
    struct ipm_sentence words;
    struct ipm_strbuf text = ipm_strbuf_over(words.text, sizeof words.text);
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
    return words;
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

struct ipm_sentence ipm_text_told(const struct ipm_report *report, const char *text) {
    struct ipm_sentence told = {""};
    struct ipm_strbuf out = ipm_strbuf_over(told.text, sizeof told.text);
    for (const char *at = text; *at != '\0';) {
        const size_t between = strspn(at, TOLD_ENDS);
        const char *word = at + between;
        const size_t length = strcspn(word, TOLD_ENDS);
        const struct ipm_case *c =
            memchr(word, '/', length) != NULL ? told_case(report, word, length) : NULL;
        const bool fits = c != NULL
                              ? ipm_strbuf_add(&out, "%.*s%s", (int)between, at,
                                               ipm_text_case(&c->config).text)
                              : ipm_strbuf_add(&out, "%.*s", (int)(between + length), at);
        if (!fits) {
            (void)snprintf(told.text, sizeof told.text, "%s", text);
            return told;
        }
        at = word + length;
    }
    return told;
}

struct ipm_cell ipm_text_target(const struct ipm_options *options) {
    return ipm_cell_print("%.7s <= %.16s", options->target,
                          ipm_units_exact(&ipm_unit_time, options->target_ns).text);
}

struct ipm_sentence ipm_text_highest(const struct ipm_highest *highest,
                                     const struct ipm_options *options, bool named) {
    struct ipm_sentence words;
    struct ipm_strbuf text = ipm_strbuf_over(words.text, sizeof words.text);
    const struct ipm_title label = ipm_text_label(&highest->config);
    const struct ipm_cell target = ipm_text_target(options);
    const struct ipm_cell missed =
        ipm_units_metric((double)highest->missed.rate_per_second);
    const bool misses = highest->missed.rate_per_second > 0;
    (void)ipm_strbuf_add(&text, "%.150s: ",
                         ipm_text_title_without(&highest->config, ", ", named,
                                                ipm_settings_with(IPM_SETTING_PACE))
                             .text);
    if (highest->held.rate_per_second > 0) {
        (void)ipm_strbuf_add(
            &text, "%.100s holds %s up to %s/s", label.text, target.text,
            ipm_units_metric((double)highest->held.rate_per_second).text);
        if (misses)
            (void)ipm_strbuf_add(&text, " (%s/s does not)", missed.text);
        else
            (void)ipm_strbuf_add(&text, ", the highest rate that was tried");
        return words;
    }
    if (misses)
        (void)ipm_strbuf_add(&text, "%.100s does not hold %s at %s/s", label.text,
                             target.text, missed.text);
    if (highest->unknown_per_second > 0)
        (void)ipm_strbuf_add(&text,
                             "%s%s/s has too few messages, or too much contention, to "
                             "tell; a longer '--duration' has more messages",
                             misses ? ", and " : "",
                             ipm_units_metric((double)highest->unknown_per_second).text);
    else
        (void)ipm_strbuf_add(&text, ", the lowest rate that was tried");
    return words;
}
