/* junit.h - what the JUnit XML of a run and of a comparison share. */
#ifndef IPM_REPORTS_COMMON_JUNIT_H
#define IPM_REPORTS_COMMON_JUNIT_H

#include <stdio.h>

/* Opens a test suite and leaves its tag open for more attributes. The schema wants a time
 * without its zone, and no attribute may be empty: what is unknown gets a stand-in. */
void ipm_junit_suite(FILE *out, const char *name, const char *started_at,
                     const char *hostname);

#endif
