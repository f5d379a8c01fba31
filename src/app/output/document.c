/* document.c - one document to one place. Must not know what is in it. */
#include "app/output/document.h"

#include "base/err.h"
#include "base/outfile.h"
#include "base/target.h"

#include <errno.h>
#include <signal.h>

/* errno is still of the write that failed: on a failed stream every call sets it anew. What
 * fflush(3) says later is less. */
static int document_fill(const struct ipm_document *document, const char *target,
                         FILE *out, struct ipm_err *err) {
    errno = 0;
    int code = document->write(document->context, out, err);
    if (ferror(out) == 0)
        return code;
    return ipm_target_fail(target, errno != 0 ? -errno : -EIO, err);
}

enum ipm_exit ipm_document_put(const struct ipm_document *document, const char *target,
                               struct ipm_err *err) {
    struct ipm_outfile file = {0};
    if (ipm_target_is_stdout(target)) {
        (void)signal(SIGPIPE, SIG_DFL); /* cannot fail for a signal that exists */
        if (ipm_outfile_check(target, err) < 0)
            return IPM_EXIT_BAD;
    }
    if (ipm_outfile_open(&file, target, err) < 0)
        return IPM_EXIT_BAD;
    if (document_fill(document, target, file.stream, err) < 0) {
        ipm_outfile_discard(&file);
        return IPM_EXIT_BAD;
    }
    return ipm_outfile_commit(&file, err) < 0 ? IPM_EXIT_BAD : IPM_EXIT_FINE;
}
