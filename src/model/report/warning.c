/* warning.c - THE table of warnings: words and advice; and how a message names the cases it
 * concerns. What is wrong with a run or a case is told by warning_rules.c. */
#include "model/report/warning.h"

#include "base/strbuf.h"
#include "model/report/report.h"
#include "model/report/warning_rules.h"

#include <stdio.h>
#include <string.h>

enum {
    WARNING_NAMED_MOST = 3,    /* cases named in one message */
    WARNING_MORE_BYTES = 32,   /* room kept for " and 9999 more" */
    WARNING_DETAIL_BYTES = 96, /* of one case */
};

/* A rule looks at the run as a whole (`run`), or at each case (`concerns`): then the message
 * is `lead`, and the cases with what the rule says of each. */
struct warning_rule {
    const char *word;
    const char *advice;
    const char *lead;
    bool (*run)(const struct ipm_report *report, struct ipm_strbuf *message);
    bool (*concerns)(const struct ipm_report *report, const struct ipm_case *c,
                     struct ipm_strbuf *detail);
};

/* A list of cases at the end of a message. */
struct warning_list {
    struct ipm_strbuf *message;
    size_t named;
    size_t concerned;
};

static bool warning_find_notice(const struct ipm_report *report,
                                struct ipm_strbuf *message);

static const struct warning_rule warning_rules[IPM_WARN_CODES] = {
    [IPM_WARN_GOVERNOR] =
        {
            .word = "governor",
            .run = ipm_warning_rule_governor,
            .advice = "cpupower frequency-set -g performance (as root)",
        },
    [IPM_WARN_LOAD] =
        {
            .word = "load",
            .run = ipm_warning_rule_load,
            .advice =
                "stop what else is running ('top' shows it), wait a minute, and run "
                "again",
        },
    [IPM_WARN_FEW_CPUS] =
        {
            .word = "few_cpus",
            .run = ipm_warning_rule_few_cpus,
            .advice =
                "allow two CPUs: 'taskset -c 0,1 ipcmark run', or a wider cpuset of "
                "the container",
        },
    [IPM_WARN_ONE_CPU] =
        {
            .word = "one_cpu",
            .lead = "the scheduler put both ends on one CPU in most trials",
            .concerns = ipm_warning_rule_one_cpu,
            .advice = "--pin same,split measures both placements, each for itself",
        },
    [IPM_WARN_WANDERED] =
        {
            .word = "wandered",
            .lead = "an end moved from CPU to CPU",
            .concerns = ipm_warning_rule_wandered,
            .advice = "--pin same,split keeps each end where it is",
        },
    [IPM_WARN_WIDE_INTERVAL] =
        {
            .word = "wide_interval",
            .lead = "the interval of the rate is wider than 10 % of the median",
            .concerns = ipm_warning_rule_wide_interval,
            .advice =
                "--rounds 30 narrows it, --pin same,split takes the scheduler out of "
                "it",
        },
    [IPM_WARN_FEW_ROUNDS] =
        {
            .word = "few_rounds",
            .run = ipm_warning_rule_few_rounds,
            .advice = "--rounds 10 or more; 30 to tell small differences",
        },
    [IPM_WARN_LOSS] =
        {
            .word = "loss",
            .lead = "messages were lost",
            .concerns = ipm_warning_rule_loss,
            .advice = "throughput is of what arrived; --buffer 4M and 'sysctl -w "
                      "net.core.rmem_max=4194304' give the receiver more room",
        },
    [IPM_WARN_DAMAGE] =
        {
            .word = "damage",
            .lead = "messages came doubled, out of order or corrupt",
            .concerns = ipm_warning_rule_damage,
            .advice =
                "do not rely on these cases; --verify checks every message of every "
                "trial",
        },
    [IPM_WARN_BUFFER] =
        {
            .word = "buffer",
            .lead = "the kernel gave less buffering than was asked for",
            .concerns = ipm_warning_rule_buffer,
            .advice = "raise the limits to the size wanted: 'sysctl -w "
                      "net.core.wmem_max=SIZE net.core.rmem_max=SIZE "
                      "fs.pipe-max-size=SIZE'",
        },
    [IPM_WARN_CONGESTION] =
        {
            .word = "congestion",
            .lead = "this system's congestion control may cost throughput on loopback",
            .concerns = ipm_warning_rule_congestion,
            .advice = "--congestion cubic to compare (bbr paces its sending on loopback, "
                      "too)",
        },
    [IPM_WARN_SHORT] =
        {
            .word = "short",
            .lead = "most windows took less than half or more than double of what was "
                    "asked for",
            .concerns = ipm_warning_rule_short,
            .advice = "--duration 500ms makes them longer, --warmup 3 calibrates on a "
                      "warmer machine",
        },
    [IPM_WARN_BUILD] =
        {
            .word = "build",
            .run = ipm_warning_rule_build,
            .advice = "cmake -S . -B build -DCMAKE_BUILD_TYPE=Release -DIPM_SANITIZE= && "
                      "cmake --build build",
        },
    [IPM_WARN_NOTICE] =
        {
            .word = "notice",
            .run = warning_find_notice,
            .advice = "'endpoints' and 'effective' of these cases in the JSON report say "
                      "what was used (--json FILE)",
        },
};

const char *ipm_warning_word(enum ipm_warning_code code) {
    return warning_rules[code].word;
}

/* Detail may be empty. What does not fit is counted, not cut. */
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
                               const struct warning_rule *rule,
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

/* --- notices: grouped by what they say ------------------------------------------------- */

static const char *warning_notice(const struct ipm_case *c, enum ipm_role role) {
    const struct ipm_fact *fact = ipm_facts_find(&c->settings[role], "notice");
    return fact && fact->kind == IPM_FACT_TEXT ? fact->text : "";
}

static bool warning_has_notice(const struct ipm_case *c, const char *notice) {
    return strcmp(warning_notice(c, IPM_SENDER), notice) == 0 ||
           strcmp(warning_notice(c, IPM_RECEIVER), notice) == 0;
}

/* One notice and all the cases that have it, unless an earlier case told it. */
static void warning_add_notice(const struct ipm_report *report, size_t first,
                               const char *notice, struct ipm_strbuf *message) {
    struct warning_list list = {.message = message};
    for (size_t i = 0; i < first; i++)
        if (warning_has_notice(&report->cases[i], notice))
            return;
    if (!ipm_strbuf_add(message, "%s%s", message->used ? "; " : "", notice))
        return;
    for (size_t i = first; i < report->case_count; i++)
        if (warning_has_notice(&report->cases[i], notice))
            warning_list_add(&list, &report->cases[i], "");
    warning_list_end(&list);
}

static bool warning_find_notice(const struct ipm_report *report,
                                struct ipm_strbuf *message) {
    for (size_t i = 0; i < report->case_count; i++) {
        const char *sender = warning_notice(&report->cases[i], IPM_SENDER);
        const char *receiver = warning_notice(&report->cases[i], IPM_RECEIVER);
        if (sender[0])
            warning_add_notice(report, i, sender, message);
        if (receiver[0] && strcmp(sender, receiver) != 0)
            warning_add_notice(report, i, receiver, message);
    }
    return message->used > 0;
}

/* --- all of them ----------------------------------------------------------------------- */

void ipm_warnings_derive(struct ipm_report *report) {
    struct ipm_warnings *warnings = &report->warnings;
    memset(warnings, 0, sizeof *warnings);
    for (size_t i = 0; i < IPM_WARN_CODES; i++) {
        const struct warning_rule *rule = &warning_rules[i];
        struct ipm_warning *warning = &warnings->items[warnings->count];
        struct ipm_strbuf message =
            ipm_strbuf_over(warning->message, sizeof warning->message);
        if (!(rule->run ? rule->run(report, &message)
                        : warning_find_cases(report, rule, &message))) {
            memset(warning, 0, sizeof *warning);
            continue;
        }
        (void)snprintf(warning->code, sizeof warning->code, "%s", rule->word);
        (void)snprintf(warning->advice, sizeof warning->advice, "%s", rule->advice);
        warnings->count++;
    }
}
