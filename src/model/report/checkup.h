/* checkup.h - what `ipcmark doctor` found on this machine. Plain data. */
#ifndef IPM_MODEL_REPORT_CHECKUP_H
#define IPM_MODEL_REPORT_CHECKUP_H

#include "model/report/report.h"

enum { IPM_FINDINGS_MOST = 48 };

/* Whether a value is fit to measure with. */
enum ipm_fitness {
    IPM_FITNESS_INFO,    /* no rule is about it */
    IPM_FITNESS_FIT,     /* the rule about it does not apply */
    IPM_FITNESS_UNFIT,   /* the rule about it applies */
    IPM_FITNESS_UNKNOWN, /* there is a rule, and the value is not known */
};
extern const char *const ipm_fitness_words[]; /* by value, NULL at the end */

enum ipm_value_kind {
    IPM_VALUE_UNKNOWN,
    IPM_VALUE_WHOLE,
    IPM_VALUE_REAL,
    IPM_VALUE_TEXT
};

struct ipm_value {
    enum ipm_value_kind kind;
    int64_t whole;
    double real;
    char text[IPM_TEXT_BYTES];
};

struct ipm_finding {
    const char *key; /* ends in the unit of the value */
    struct ipm_value value;
    char reason[IPM_TEXT_BYTES]; /* why the value is unknown, or "" */
    const char *meaning;         /* what it means for a figure */
    const char *command;         /* what would change it; NULL: nothing */
    enum ipm_warning_code rule;  /* that is about it; 0: none */
    enum ipm_fitness fitness;
    char message[IPM_WARNING_TEXT_BYTES]; /* of the rule, when unfit */
};

/* A rule, which is one of the warnings of a run. */
struct ipm_checkup_rule {
    const char *code;
    const char *unfit_when;
    const char *effect;
    enum ipm_fitness fitness; /* unknown: so are all findings that it is about */
};

struct ipm_checkup {
    struct ipm_tool tool;
    char started_at[IPM_NAME_BYTES]; /* RFC 3339 UTC */
    enum ipm_fitness verdict; /* unfit when a rule applies; info: there is an error */
    size_t rule_count;
    struct ipm_checkup_rule rules[IPM_WARN_CODES];
    size_t count;
    struct ipm_finding findings[IPM_FINDINGS_MOST];
    char error[IPM_REASON_BYTES]; /* why nothing was looked at, or "" */
};

/* Asks the rules about the machine of the report, and sets the verdict and the rules. Findings
 * have been judged by ipm_checkup_judge_finding. */
void ipm_checkup_judge(struct ipm_checkup *checkup, const struct ipm_report *report);

/* Sets the fitness and the message of a finding that a rule is about, unless the rule
 * needs a run. */
void ipm_checkup_judge_finding(struct ipm_finding *finding,
                               const struct ipm_report *report);

#endif
