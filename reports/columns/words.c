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

/* Reasons name the first settings: transport and pattern. */
enum { REASON_NAMES = 2, ABSENT_NAMES_MOST = 3 };

/* Returns the length of the name of the case's own transport or pattern, in quotes, if it begins
 * here, and sets the setting that has it. */
static size_t reason_own_name(const struct ipm_case *c, const char *at,
                              const struct ipm_setting **ret_named) {
    for (size_t i = 0; i < REASON_NAMES && at[0] == '\''; i++) {
        const char *name = (const char *)&c->config + ipm_settings[i].offset;
        const size_t length = strlen(name);
        *ret_named = &ipm_settings[i];
        if (strncmp(at + 1, name, length) == 0 && at[1 + length] == '\'')
            return length + 2;
    }
    return 0;
}

/* Whether two reasons differ in nothing but the names of their transports and patterns. */
static bool reason_is_alike(const struct ipm_case *a, const struct ipm_case *b) {
    const char *left = a->reason;
    const char *right = b->reason;
    while (*left == *right && *left != '\0') {
        const struct ipm_setting *named[2] = {NULL};
        const size_t own = reason_own_name(a, left, &named[0]);
        const size_t other = reason_own_name(b, right, &named[1]);
        const bool both = own > 0 && other > 0 && named[0] == named[1];
        left += both ? own : 1;
        right += both ? other : 1;
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

static void absent_add(struct ipm_strbuf *text, const struct ipm_report *report,
                       size_t index, const char *before) {
    const struct ipm_case_config *config = &report->cases[index].config;
    const struct ipm_title title =
        ipm_text_title_without(config, " ", ipm_text_names_patterns(report),
                               ipm_settings_with(IPM_SETTING_PLACE));
    (void)ipm_strbuf_add(text, "%s%.110s %.40s", before, title.text,
                         ipm_text_label(config).text);
}

/* Whether cases with another value of the setting have the reason of that one. */
static bool absent_vary(const struct ipm_report *report, size_t index,
                        const struct ipm_setting *setting) {
    for (size_t i = index; i < report->case_count; i++)
        if (!ipm_setting_is_equal(setting, &report->cases[i].config,
                                  &report->cases[index].config) &&
            ipm_text_shares_reason(report, index, i))
            return true;
    return false;
}

/* Whether a case with the reason comes before it that is over the same transport; if `alike`, that
 * differs in nothing but the placement. */
static bool absent_is_told(const struct ipm_report *report, size_t first, size_t index,
                           bool alike) {
    const struct ipm_case_config *config = &report->cases[index].config;
    const uint64_t settings = alike ? ~ipm_settings_with(IPM_SETTING_PLACE) : 0;
    for (size_t i = first; i < index; i++) {
        const struct ipm_case_config *other = &report->cases[i].config;
        if (strcmp(other->transport, config->transport) == 0 &&
            ipm_settings_agree(other, config, settings) &&
            ipm_text_shares_reason(report, first, i))
            return true;
    }
    return false;
}

struct ipm_sentence ipm_text_absent(const struct ipm_report *report, size_t index) {
    struct ipm_sentence words;
    struct ipm_strbuf text = ipm_strbuf_over(words.text, sizeof words.text);
    const bool several = absent_vary(report, index, &ipm_settings[0]);
    size_t known = 0;
    size_t more = 0;
    for (size_t i = index; i < report->case_count; i++) {
        if (!ipm_text_shares_reason(report, index, i) ||
            absent_is_told(report, index, i, true))
            continue;
        if (known == ABSENT_NAMES_MOST ||
            (several && absent_is_told(report, index, i, false)))
            more++;
        else
            absent_add(&text, report, i, known++ > 0 ? ", " : "");
    }
    if (more > 0)
        (void)ipm_strbuf_add(&text, " and %zu more", more);
    return words;
}

const char *ipm_text_shared_reason(char words[IPM_REASON_BYTES],
                                   const struct ipm_report *report, size_t index) {
    const struct ipm_case *c = &report->cases[index];
    struct ipm_strbuf text = ipm_strbuf_over(words, IPM_REASON_BYTES);
    for (const char *at = c->reason; *at != '\0';) {
        const struct ipm_setting *named = NULL;
        const size_t own = reason_own_name(c, at, &named);
        const bool shared = own > 0 && absent_vary(report, index, named);
        if (shared)
            (void)ipm_strbuf_add(&text, "the %s", named->key);
        else
            (void)ipm_strbuf_add(&text, "%c", *at);
        at += shared ? own : 1;
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
            &text, "%.100s holds %s up to %s/s%s", label.text, target.text,
            ipm_units_metric((double)highest->held.rate_per_second).text,
            highest->held_uncontended ? " in trials without contention" : "");
        if (misses)
            (void)ipm_strbuf_add(&text, " (%s/s does not)", missed.text);
        else
            (void)ipm_strbuf_add(&text, ", the highest rate that was tried");
        return words;
    }
    if (misses)
        (void)ipm_strbuf_add(&text, "%.100s does not hold %s at %s/s", label.text,
                             target.text, missed.text);
    else
        (void)ipm_strbuf_add(&text, "%.100s is undecided about %s", label.text,
                             target.text);
    if (highest->unknown_per_second == 0)
        (void)ipm_strbuf_add(&text, ", the lowest rate that was tried");
    else
        (void)ipm_strbuf_add(&text,
                             "%s at %s/s: too few messages, or too much contention, to "
                             "tell; a longer '--duration' has more messages",
                             misses ? ", and is undecided" : "",
                             ipm_units_metric((double)highest->unknown_per_second).text);
    return words;
}
