/* document.h - writes one document to one place: standard output ("-") or a file. */
#ifndef IPM_APP_OUTPUT_DOCUMENT_H
#define IPM_APP_OUTPUT_DOCUMENT_H

#include <stdio.h>

struct ipm_err;

/* Has `write` fill the document, and completes it. A pipe on standard output that nobody
 * reads ends the process by SIGPIPE, as it ends any filter: write other documents first.
 * Returns 0 or a negative errno. */
int ipm_document_put(int (*write)(const void *context, FILE *out, struct ipm_err *err),
                     const void *context, const char *target, struct ipm_err *err);

#endif
