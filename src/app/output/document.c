/* document.c - writes one document to one place. */
#include "app/output/document.h"

#include "base/err.h"
#include "base/outfile.h"
#include "base/target.h"

#include <signal.h>
#include <unistd.h>

int ipm_document_put(int (*write)(const void *context, FILE *out, struct ipm_err *err),
                     const void *context, const char *target, struct ipm_err *err) {
    struct ipm_outfile file;
    struct ipm_err words = {0};
    if (ipm_target_descriptor(target) == STDOUT_FILENO)
        (void)signal(SIGPIPE, SIG_DFL); /* cannot fail for a signal that exists */
    int code = ipm_outfile_open(&file, target, err);
    if (code < 0)
        return code;
    code = write(context, file.stream, &words);
    if (code == 0 || file.failed != 0) /* then the target is to blame, and is named */
        return ipm_outfile_commit(&file, err);
    ipm_outfile_discard(&file);
    if (err != NULL && err->code == 0)
        *err = words;
    return code;
}
