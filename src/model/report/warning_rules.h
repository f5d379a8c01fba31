/* warning_rules.h - what is wrong with a run, or with one case of it. For warning.c only.
 *
 * Each returns whether it is so. A rule of the run words the whole message; a rule of a
 * case words what is particular to that case, or nothing. */
#ifndef IPM_MODEL_REPORT_WARNING_RULES_H
#define IPM_MODEL_REPORT_WARNING_RULES_H

#include "base/strbuf.h"
#include "model/report/report.h"

#include <stdbool.h>

bool ipm_warning_rule_governor(const struct ipm_report *report,
                               struct ipm_strbuf *message);
bool ipm_warning_rule_load(const struct ipm_report *report, struct ipm_strbuf *message);
bool ipm_warning_rule_few_cpus(const struct ipm_report *report,
                               struct ipm_strbuf *message);
bool ipm_warning_rule_few_rounds(const struct ipm_report *report,
                                 struct ipm_strbuf *message);
bool ipm_warning_rule_build(const struct ipm_report *report, struct ipm_strbuf *message);

bool ipm_warning_rule_one_cpu(const struct ipm_report *report, const struct ipm_case *c,
                              struct ipm_strbuf *detail);
bool ipm_warning_rule_wandered(const struct ipm_report *report, const struct ipm_case *c,
                               struct ipm_strbuf *detail);
bool ipm_warning_rule_wide_interval(const struct ipm_report *report,
                                    const struct ipm_case *c, struct ipm_strbuf *detail);
bool ipm_warning_rule_loss(const struct ipm_report *report, const struct ipm_case *c,
                           struct ipm_strbuf *detail);
bool ipm_warning_rule_damage(const struct ipm_report *report, const struct ipm_case *c,
                             struct ipm_strbuf *detail);
bool ipm_warning_rule_buffer(const struct ipm_report *report, const struct ipm_case *c,
                             struct ipm_strbuf *detail);
bool ipm_warning_rule_congestion(const struct ipm_report *report,
                                 const struct ipm_case *c, struct ipm_strbuf *detail);
bool ipm_warning_rule_short(const struct ipm_report *report, const struct ipm_case *c,
                            struct ipm_strbuf *detail);

#endif
