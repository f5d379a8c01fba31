/* junit.h - what the JUnit XML of a run and of a comparison have in common. */
#ifndef IPM_REPORTS_COMMON_JUNIT_H
#define IPM_REPORTS_COMMON_JUNIT_H

#include <stdio.h>

/* Opens the document and its test suite, and leaves the tag of the suite open for more
 * attributes. The schema requires a time without zone and no empty attribute, so unknown
 * values get a placeholder. */
void ipm_junit_suite(FILE *out, const char *name, const char *started_at,
                     const char *hostname);

#endif
