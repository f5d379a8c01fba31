/* document.c - writes one document to one place. */
#include "app/output/document.h"

#include "base/err.h"
#include "base/outfile.h"
#include "base/target.h"

#include <errno.h>
#include <signal.h>

int ipm_document_put(int (*write)(const void *context, FILE *out, struct ipm_err *err),
                     const void *context, const char *target, struct ipm_err *err) {
    struct ipm_outfile file = {0};
    int code = 0;
    if (ipm_target_is_stdout(target)) {
        (void)signal(SIGPIPE, SIG_DFL); /* cannot fail for a signal that exists */
        code = ipm_outfile_check(target, err);
    }
    if (code == 0)
        code = ipm_outfile_open(&file, target, err);
    if (code < 0)
        return code;
    errno = 0;
    code = write(context, file.stream, err);
    /* errno is of the write that failed: each later call on the stream sets it again */
    if (ferror(file.stream) != 0)
        code = ipm_target_fail(target, errno != 0 ? -errno : -EIO, err);
    if (code == 0)
        return ipm_outfile_commit(&file, err);
    ipm_outfile_discard(&file);
    return code;
}
