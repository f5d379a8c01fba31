/* plugins_none.c - stands in for plugins.c in a static program (IPM_STATIC): a library that it
 * opened would need the very libc that it was linked with, beside it (dlopen(3)). */
#include "app/cli/plugins.h"

#include "base/err.h"

#include <errno.h>

int ipm_plugins_load(const char *file, struct ipm_origins *origins, struct ipm_err *err) {
    (void)origins;
    ipm_err_set(err, -ENOTSUP,
                "cannot load plugin '%.120s': this ipcmark is a static program", file);
    return ipm_err_hint(err, "build it without -DIPM_STATIC=ON"), -ENOTSUP;
}

int ipm_plugins_set(const struct ipm_option *option, void *target, const char *value,
                    struct ipm_err *err) {
    (void)option;
    (void)target;
    return ipm_plugins_load(value, NULL, err);
}
