/* warning.c - the messages of warnings. The rules are in warning_rules.c. */
#include "model/report/warning.h"

#include "base/strbuf.h"
#include "model/report/calm.h"
#include "model/report/report.h"

#include <stdio.h>
#include <string.h>

enum {
    WARNING_NAMED_MOST = 3,    /* cases named in one message */
    WARNING_MORE_BYTES = 32,   /* room kept for " and 9999 more" */
    WARNING_DETAIL_BYTES = 96, /* of one case */
};

const char *const ipm_warnings_shown_words[] = {[IPM_WARNINGS_SHOW_TOP] = "top",
                                                [IPM_WARNINGS_SHOW_ALL] = "all",
                                                [IPM_WARNINGS_SHOW_NONE] = "none",
                                                NULL};

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

/* What a rule found. */
struct warning_finding {
    struct ipm_warning *warning; /* NULL: nothing */
    size_t cases;                /* 0: it concerns the run */
    const struct ipm_case *worst;
    double badness; /* of the worst case */
    char detail[WARNING_DETAIL_BYTES];
};

static void warning_keep_worst(struct warning_finding *finding, const struct ipm_case *c,
                               double badness, const char *detail) {
    finding->cases++;
    if (badness <= finding->badness)
        return;
    finding->badness = badness;
    finding->worst = c;
    (void)snprintf(finding->detail, sizeof finding->detail, "%s", detail);
}

static bool warning_find_cases(const struct ipm_report *report,
                               const struct ipm_warning_rule *rule,
                               struct ipm_strbuf *message,
                               struct warning_finding *finding) {
    struct warning_list list = {.message = message};
    (void)ipm_strbuf_add(message, "%s", rule->lead);
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        char text[WARNING_DETAIL_BYTES];
        struct ipm_strbuf detail = ipm_strbuf_over(text, sizeof text);
        const double badness = rule->concerns(report, c, &detail);
        if (!(badness > 0))
            continue;
        warning_list_add(&list, c, text);
        warning_keep_worst(finding, c, badness, text);
    }
    warning_list_end(&list);
    return list.concerned > 0;
}

/* --- notices: grouped by their text ---------------------------------------------------- */

enum { WARNING_NOTICES = 3 * 2 * IPM_ROLES }; /* of a case, each of them may be "" */

/* Returns a notice: what a transport says of an end, or which fact of it was refused. */
static const char *warning_notice(const struct ipm_case *c, size_t number) {
    static const char *const keys[] = {"notice", IPM_FACT_REFUSED, "counters_refused"};
    const size_t role = number % IPM_ROLES;
    const struct ipm_fact_list *facts =
        number % 4 < 2 ? &c->settings[role] : &c->endpoint[role];
    const struct ipm_fact *fact = ipm_fact_list_find(facts, keys[number / 4]);
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

/* Adds a notice and all the cases that have it, unless an earlier case had it. Returns whether
 * there was room for it. */
static bool warning_add_notice(const struct ipm_report *report, size_t first,
                               const char *notice, struct ipm_strbuf *message) {
    struct warning_list list = {.message = message};
    for (size_t i = 0; i < first; i++)
        if (warning_has_notice(&report->cases[i], WARNING_NOTICES, notice))
            return true;
    if (!ipm_strbuf_add(message, "%s%s", message->used ? "; " : "", notice))
        return false;
    for (size_t i = first; i < report->case_count; i++)
        if (warning_has_notice(&report->cases[i], WARNING_NOTICES, notice))
            warning_list_add(&list, &report->cases[i], "");
    warning_list_end(&list);
    return true;
}

/* Ends at the first notice without room, because each notice is compared with all cases. */
static bool warning_find_notice(const struct ipm_report *report,
                                struct ipm_strbuf *message) {
    bool room = true;
    for (size_t i = 0; i < report->case_count && room; i++) {
        for (size_t n = 0; n < WARNING_NOTICES && room; n++) {
            const char *notice = warning_notice(&report->cases[i], n);
            if (notice[0] && !warning_has_notice(&report->cases[i], n, notice))
                room = warning_add_notice(report, i, notice, message);
        }
    }
    return message->used > 0;
}

/* --- all of them ----------------------------------------------------------------------- */

/* A warning about the whole machine is left out where no case was measured. */
static bool warning_has_figures(const struct ipm_report *report) {
    for (size_t i = 0; i < report->case_count; i++)
        if (report->cases[i].status == IPM_CASE_OK)
            return true;
    return false;
}

static bool warning_find(const struct ipm_report *report,
                         const struct ipm_warning_rule *rule, struct ipm_strbuf *message,
                         struct warning_finding *finding) {
    if (rule->timed && report->host.clock == IPM_CLOCK_INSTRUCTIONS)
        return false;
    if (rule->run)
        return warning_has_figures(report) && rule->run(report, message);
    return rule->concerns ? warning_find_cases(report, rule, message, finding)
                          : warning_find_notice(report, message);
}

static void warning_advise(const struct ipm_report *report,
                           const struct ipm_warning_rule *rule, char *text, size_t size) {
    struct ipm_strbuf advice = ipm_strbuf_over(text, size);
    for (size_t i = 0; i < IPM_WARNING_ADVICE_MOST; i++) {
        const struct ipm_warning_advice *one = &rule->advice[i];
        if (one->text && !(one->done && one->done(report)))
            (void)ipm_strbuf_add(&advice, "%s%s", advice.used ? "; " : "", one->text);
    }
}

/* "EFFECT DETAIL (CASE)" of the worst case. */
static void warning_tell_effect(const struct ipm_warning_rule *rule,
                                const struct warning_finding *finding) {
    struct ipm_strbuf effect =
        ipm_strbuf_over(finding->warning->effect, sizeof finding->warning->effect);
    if (rule->effect)
        (void)ipm_strbuf_add(&effect, "%s", rule->effect);
    if (finding->detail[0])
        (void)ipm_strbuf_add(&effect, " %s", finding->detail);
    if (finding->worst)
        (void)ipm_strbuf_add(&effect, " (%s)", finding->worst->config.name);
}

/* Whether `by` explains the other one: it was found, and where it is a matter of cases,
 * in the worst case of the other one, too. */
static bool warning_explains(const struct ipm_report *report,
                             const struct warning_finding *by,
                             const struct ipm_warning_rule *rule,
                             const struct warning_finding *other) {
    char text[WARNING_DETAIL_BYTES];
    struct ipm_strbuf ignored = ipm_strbuf_over(text, sizeof text);
    return by->warning && (!rule->concerns || !other->worst ||
                           rule->concerns(report, other->worst, &ignored) > 0);
}

/* Returns the code of the worst warning that explains this one, or the code itself. */
static size_t warning_explanation(const struct ipm_report *report,
                                  const struct warning_finding *findings, size_t code) {
    for (size_t by = 0; by < IPM_WARN_CODES; by++)
        if ((ipm_warning_rules[code].causes >> by & 1) &&
            warning_explains(report, &findings[by], &ipm_warning_rules[by],
                             &findings[code]))
            return by;
    return code;
}

/* Returns the one that explains it without being explained. No chain of the table is longer
 * than the codes are many. */
static size_t warning_cause(const struct ipm_report *report,
                            const struct warning_finding *findings, size_t code) {
    for (size_t i = 0; i < IPM_WARN_CODES; i++)
        code = warning_explanation(report, findings, code);
    return code;
}

/* The short form: "WHAT (N cases): EFFECT", of which the effect is the first one that it explains, or
 * its own. */
static void warning_tell_line(const struct warning_finding *findings, size_t code,
                              const size_t *causes) {
    struct ipm_warning *warning = findings[code].warning;
    const char *lead = ipm_warning_rules[code].lead;
    const char *effect = warning->effect;
    struct ipm_strbuf line = ipm_strbuf_over(warning->line, sizeof warning->line);
    (void)ipm_strbuf_add(&line, "%s", lead ? lead : warning->message);
    if (findings[code].cases > 1)
        (void)ipm_strbuf_add(&line, " (%zu cases)", findings[code].cases);
    for (size_t i = IPM_WARN_CODES; i-- > 0;)
        if (findings[i].warning && i != code && causes[i] == code)
            effect = findings[i].warning->effect;
    if (effect[0])
        (void)ipm_strbuf_add(&line, ": %s", effect);
}

static void warning_relate(const struct ipm_report *report,
                           const struct warning_finding *findings) {
    size_t causes[IPM_WARN_CODES] = {0};
    for (size_t i = 0; i < IPM_WARN_CODES; i++)
        if (findings[i].warning)
            causes[i] = warning_cause(report, findings, i);
    for (size_t i = 0; i < IPM_WARN_CODES; i++) {
        struct ipm_warning *warning = findings[i].warning;
        if (warning && causes[i] == i)
            warning_tell_line(findings, i, causes);
        else if (warning)
            (void)snprintf(warning->cause, sizeof warning->cause, "%s",
                           ipm_warning_rules[causes[i]].word);
    }
}

void ipm_warnings_derive(struct ipm_report *report) {
    struct ipm_warnings *warnings = &report->warnings;
    struct warning_finding findings[IPM_WARN_CODES] = {0};
    memset(warnings, 0, sizeof *warnings);
    report->fastest_call_ns = ipm_calm_fastest_ns(report);
    for (size_t i = 0; i < IPM_WARN_CODES; i++) {
        const struct ipm_warning_rule *rule = &ipm_warning_rules[i];
        struct ipm_warning *warning = &warnings->items[warnings->count];
        struct ipm_strbuf message =
            ipm_strbuf_over(warning->message, sizeof warning->message);
        if (!warning_find(report, rule, &message, &findings[i])) {
            memset(warning, 0, sizeof *warning);
            continue;
        }
        findings[i].warning = warning;
        (void)snprintf(warning->code, sizeof warning->code, "%s", rule->word);
        warning_advise(report, rule, warning->advice, sizeof warning->advice);
        warning_tell_effect(rule, &findings[i]);
        warnings->count++;
    }
    warning_relate(report, findings);
}

/* --- the short form -------------------------------------------------------------------- */

struct ipm_warnings_top ipm_warnings_top(const struct ipm_warnings *warnings) {
    struct ipm_warnings_top top = {0};
    size_t hidden = 0;
    for (size_t i = 0; i < warnings->count; i++) {
        if (!warnings->items[i].line[0])
            continue;
        if (top.count < IPM_WARNINGS_TOP)
            top.lines[top.count++] = warnings->items[i].line;
        else
            hidden++;
    }
    if (hidden > 0)
        (void)snprintf(top.more, sizeof top.more, " (%zu more: --warnings all)", hidden);
    else
        (void)snprintf(top.more, sizeof top.more, " (advice: --warnings all)");
    return top;
}
