/* failed.h - the report of a run that came to nothing, for `--json -`. */
#ifndef IPM_FAILED_H
#define IPM_FAILED_H

#include <stdbool.h>

struct ipm_err;

/* Whether the command line, which may be wrong anywhere, asks `run` (or a command that does
 * not exist) for the JSON report on standard output. */
bool ipm_failed_wanted(int argc, char **argv);

/* Writes a valid report to standard output: status failed, the words of err, no cases. What
 * goes wrong on the way goes unsaid: the first failure is already to be told. */
void ipm_failed_write(int argc, char **argv, const struct ipm_err *err);

#endif
