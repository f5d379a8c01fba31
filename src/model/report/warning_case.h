/* warning_case.h - the rules of warnings about single cases, for the table. */
#ifndef IPM_MODEL_REPORT_WARNING_CASE_H
#define IPM_MODEL_REPORT_WARNING_CASE_H

#include "model/report/warning.h"

/* Whether the case was measured without --pin. */
bool ipm_warning_case_unpinned(const struct ipm_case *c);

/* As `concerns` of struct ipm_warning_rule. */
double ipm_warning_case_one_cpu(const struct ipm_report *report, const struct ipm_case *c,
                                struct ipm_strbuf *detail);
double ipm_warning_case_migrated(const struct ipm_report *report,
                                 const struct ipm_case *c, struct ipm_strbuf *detail);
double ipm_warning_case_wide_interval(const struct ipm_report *report,
                                      const struct ipm_case *c,
                                      struct ipm_strbuf *detail);
double ipm_warning_case_saturated(const struct ipm_report *report,
                                  const struct ipm_case *c, struct ipm_strbuf *detail);
double ipm_warning_case_short(const struct ipm_report *report, const struct ipm_case *c,
                              struct ipm_strbuf *detail);
double ipm_warning_case_loss(const struct ipm_report *report, const struct ipm_case *c,
                             struct ipm_strbuf *detail);
double ipm_warning_case_damage(const struct ipm_report *report, const struct ipm_case *c,
                               struct ipm_strbuf *detail);
double ipm_warning_case_stopped(const struct ipm_report *report, const struct ipm_case *c,
                                struct ipm_strbuf *detail);
double ipm_warning_case_contended(const struct ipm_report *report,
                                  const struct ipm_case *c, struct ipm_strbuf *detail);
double ipm_warning_case_buffer(const struct ipm_report *report, const struct ipm_case *c,
                               struct ipm_strbuf *detail);
double ipm_warning_case_congestion(const struct ipm_report *report,
                                   const struct ipm_case *c, struct ipm_strbuf *detail);

#endif
