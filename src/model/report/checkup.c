/* checkup.c - the rules of warnings that are about the machine alone, without a run. */
#include "model/report/checkup.h"

#include "base/strbuf.h"

const char *const ipm_fitness_words[] = {[IPM_FITNESS_INFO] = "info",
                                         [IPM_FITNESS_FIT] = "fit",
                                         [IPM_FITNESS_UNFIT] = "unfit",
                                         [IPM_FITNESS_UNKNOWN] = "unknown",
                                         NULL};

static enum ipm_fitness checkup_fitness(const struct ipm_checkup *checkup,
                                        enum ipm_warning_code rule, bool applies) {
    enum ipm_fitness fitness = applies ? IPM_FITNESS_UNFIT : IPM_FITNESS_FIT;
    for (size_t i = 0; !applies && i < checkup->count; i++)
        if (checkup->findings[i].rule == rule) {
            fitness = checkup->findings[i].fitness;
            if (fitness == IPM_FITNESS_FIT)
                break;
        }
    return fitness;
}

void ipm_checkup_judge(struct ipm_checkup *checkup, const struct ipm_report *report) {
    checkup->verdict = IPM_FITNESS_FIT;
    for (size_t i = 0; i < IPM_WARN_CODES; i++) {
        const struct ipm_warning_rule *rule = &ipm_warning_rules[i];
        char text[IPM_WARNING_TEXT_BYTES];
        struct ipm_strbuf message = ipm_strbuf_over(text, sizeof text);
        if (!rule->unfit_when)
            continue;
        const bool applies = rule->run(report, &message);
        checkup->rules[checkup->rule_count++] = (struct ipm_checkup_rule){
            .code = rule->word,
            .unfit_when = rule->unfit_when,
            .effect = rule->effect,
            .fitness = checkup_fitness(checkup, (enum ipm_warning_code)i, applies)};
        if (applies)
            checkup->verdict = IPM_FITNESS_UNFIT;
    }
}

void ipm_checkup_judge_finding(struct ipm_finding *finding,
                               const struct ipm_report *report) {
    const struct ipm_warning_rule *rule = &ipm_warning_rules[finding->rule];
    struct ipm_strbuf message =
        ipm_strbuf_over(finding->message, sizeof finding->message);
    if (!rule->unfit_when)
        return;
    if (rule->run(report, &message)) {
        finding->fitness = IPM_FITNESS_UNFIT;
        return;
    }
    finding->message[0] = '\0';
    finding->fitness =
        finding->value.kind == IPM_VALUE_UNKNOWN ? IPM_FITNESS_UNKNOWN : IPM_FITNESS_FIT;
}
