/* test_model_calm.h - a report that no warning objects to, for tests to disturb. */
#ifndef TEST_MODEL_CALM_H
#define TEST_MODEL_CALM_H

#include "model/report/report.h"

enum { TEST_WARN_ROUNDS = 10 };

/* Makes the report, with one case "stream/unix/64". Freed by ipm_report_done. */
struct ipm_case *test_warn_calm(struct ipm_report *r);

/* One more calm case; moves those that are there. */
struct ipm_case *test_warn_add_case(struct ipm_report *r, const char *name);

/* Summarises; the warning of that code, or NULL. */
const struct ipm_warning *test_warn_find(struct ipm_report *r,
                                         enum ipm_warning_code code);

/* Expects this warning in these words, and no other. */
void test_warn_expect(struct ipm_report *r, enum ipm_warning_code code,
                      const char *message);
void test_warn_expect_none(struct ipm_report *r);

#endif
