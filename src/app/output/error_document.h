/* error_document.h - the document of a command that came to nothing, for `--json -`. */
#ifndef IPM_APP_OUTPUT_ERROR_DOCUMENT_H
#define IPM_APP_OUTPUT_ERROR_DOCUMENT_H

#include <stdbool.h>

struct ipm_err;

/* Whether the command line, which may be wrong anywhere, asks `run`, `compare` or `ab` (or a
 * command that does not exist) for its JSON document on standard output. */
bool ipm_error_document_wanted(int argc, char **argv);

/* Writes a valid document to standard output, with the words of err: of `run` a report with
 * status failed and no cases, of `compare` and `ab` a comparison without results. What goes
 * wrong on the way goes unsaid: the first failure is already to be told. */
void ipm_error_document_write(int argc, char **argv, const struct ipm_err *err);

#endif
