/* document.h - one document to one place: standard output ("-") or a file. */
#ifndef IPM_APP_OUTPUT_DOCUMENT_H
#define IPM_APP_OUTPUT_DOCUMENT_H

#include "app/commands/command.h"

#include <stdio.h>

/* What fills a document. Returns 0 or a negative errno and fills err. */
struct ipm_document {
    int (*write)(const void *context, FILE *out, struct ipm_err *err);
    const void *context;
};

/* Writes the document whole. A pipe on standard output that nobody reads any more ends the
 * process by SIGPIPE, as it does any filter: whatever else is to be written goes first.
 * Returns FINE or BAD. */
enum ipm_exit ipm_document_put(const struct ipm_document *document, const char *target,
                               struct ipm_err *err);

#endif
