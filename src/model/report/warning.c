/* warning.c - the messages of warnings. The rules are in warning_rules.c. */
#include "model/report/warning.h"

#include "base/strbuf.h"
#include "model/report/report.h"

#include <stdio.h>
#include <string.h>

enum {
    WARNING_NAMED_MOST = 3,    /* cases named in one message */
    WARNING_MORE_BYTES = 32,   /* room kept for " and 9999 more" */
    WARNING_DETAIL_BYTES = 96, /* of one case */
};

/* A list of cases at the end of a message. */
struct warning_list {
    struct ipm_strbuf *message;
    size_t named;
    size_t concerned;
};

/* Adds a case with its detail, which may be empty. What does not fit is counted. */
static void warning_list_add(struct warning_list *list, const struct ipm_case *c,
                             const char *detail) {
    const char *mark = list->named ? ", " : ": ";
    struct ipm_strbuf *message = list->message;
    if (list->named == list->concerned++ && list->named < WARNING_NAMED_MOST) {
        message->bytes -= WARNING_MORE_BYTES;
        list->named +=
            detail[0] ? ipm_strbuf_add(message, "%s%s (%s)", mark, c->config.name, detail)
                      : ipm_strbuf_add(message, "%s%s", mark, c->config.name);
        message->bytes += WARNING_MORE_BYTES;
    }
}

static void warning_list_end(struct warning_list *list) {
    const size_t more = list->concerned - list->named;
    if (more > 0)
        (void)ipm_strbuf_add(list->message, list->named ? " and %zu more" : ": %zu cases",
                             more);
}

static bool warning_find_cases(const struct ipm_report *report,
                               const struct ipm_warning_rule *rule,
                               struct ipm_strbuf *message) {
    struct warning_list list = {.message = message};
    (void)ipm_strbuf_add(message, "%s", rule->lead);
    for (size_t i = 0; i < report->case_count; i++) {
        char text[WARNING_DETAIL_BYTES];
        struct ipm_strbuf detail = ipm_strbuf_over(text, sizeof text);
        if (rule->concerns(report, &report->cases[i], &detail))
            warning_list_add(&list, &report->cases[i], text);
    }
    warning_list_end(&list);
    return list.concerned > 0;
}

/* --- notices: grouped by their text ---------------------------------------------------- */

enum { WARNING_NOTICES = 2 * 2 * IPM_ROLES }; /* of a case, each of them may be "" */

/* Returns a notice: what a transport says of an end, or which fact of it was refused. */
static const char *warning_notice(const struct ipm_case *c, size_t number) {
    static const char *const keys[] = {"notice", IPM_FACT_REFUSED};
    const size_t role = number % IPM_ROLES;
    const struct ipm_facts *facts =
        number % 4 < 2 ? &c->settings[role] : &c->endpoint[role];
    const struct ipm_fact *fact = ipm_facts_find(facts, keys[number / 4]);
    return fact && fact->kind == IPM_FACT_TEXT ? fact->text : "";
}

/* Whether one of the first notices has that text. */
static bool warning_has_notice(const struct ipm_case *c, size_t count,
                               const char *notice) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(warning_notice(c, i), notice) == 0)
            return true;
    return false;
}

/* Adds a notice and all the cases that have it, unless an earlier case had it. */
static void warning_add_notice(const struct ipm_report *report, size_t first,
                               const char *notice, struct ipm_strbuf *message) {
    struct warning_list list = {.message = message};
    for (size_t i = 0; i < first; i++)
        if (warning_has_notice(&report->cases[i], WARNING_NOTICES, notice))
            return;
    if (!ipm_strbuf_add(message, "%s%s", message->used ? "; " : "", notice))
        return;
    for (size_t i = first; i < report->case_count; i++)
        if (warning_has_notice(&report->cases[i], WARNING_NOTICES, notice))
            warning_list_add(&list, &report->cases[i], "");
    warning_list_end(&list);
}

static bool warning_find_notice(const struct ipm_report *report,
                                struct ipm_strbuf *message) {
    for (size_t i = 0; i < report->case_count; i++) {
        for (size_t n = 0; n < WARNING_NOTICES; n++) {
            const char *notice = warning_notice(&report->cases[i], n);
            if (notice[0] && !warning_has_notice(&report->cases[i], n, notice))
                warning_add_notice(report, i, notice, message);
        }
    }
    return message->used > 0;
}

/* --- all of them ----------------------------------------------------------------------- */

static bool warning_find(const struct ipm_report *report,
                         const struct ipm_warning_rule *rule,
                         struct ipm_strbuf *message) {
    if (rule->run)
        return rule->run(report, message);
    return rule->concerns ? warning_find_cases(report, rule, message)
                          : warning_find_notice(report, message);
}

void ipm_warnings_derive(struct ipm_report *report) {
    struct ipm_warnings *warnings = &report->warnings;
    memset(warnings, 0, sizeof *warnings);
    for (size_t i = 0; i < IPM_WARN_CODES; i++) {
        const struct ipm_warning_rule *rule = &ipm_warning_rules[i];
        struct ipm_warning *warning = &warnings->items[warnings->count];
        struct ipm_strbuf message =
            ipm_strbuf_over(warning->message, sizeof warning->message);
        if (!warning_find(report, rule, &message)) {
            memset(warning, 0, sizeof *warning);
            continue;
        }
        (void)snprintf(warning->code, sizeof warning->code, "%s", rule->word);
        (void)snprintf(warning->advice, sizeof warning->advice, "%s", rule->advice);
        warnings->count++;
    }
}
