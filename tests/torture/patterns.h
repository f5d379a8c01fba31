/* patterns.h - one trial of a pattern over a transport, and that it leaves no thread. */
#ifndef IPM_TORTURE_PATTERNS_H
#define IPM_TORTURE_PATTERNS_H

#include "tests/support/trial.h"

#include <stdbool.h>
#include <stdint.h>

enum { PATTERNS_MESSAGES = 60 };

/* Whether the transport has what the pattern needs. */
bool ipm_patterns_can(const struct ipm_transport *ops, const struct ipm_pattern *row);

struct ipm_test_trial ipm_patterns_config(const struct ipm_transport *ops,
                                          const char *pattern, uint64_t bytes);

/* A trial that has to succeed; the caller frees what the sample holds. */
struct ipm_sample ipm_patterns_run(const struct ipm_test_trial *config);

/* Before the first trial; and after: fails when a thread is left. */
void ipm_patterns_begin(void);
void ipm_patterns_end(void);

#endif
