/* table.c - the rows of ios.def, and whether each can be used on this machine. */
#include "run/io/io.h"

#include "base/err.h"

#include <string.h>

#define IPM_IO(word) extern const struct ipm_io ipm_io_##word;
#include "run/io/ios.def"
#undef IPM_IO

#define IPM_IO(word) &ipm_io_##word,
const struct ipm_io *const ipm_ios[] = {
#include "run/io/ios.def"
    NULL,
};
#undef IPM_IO

const struct ipm_io *ipm_io_find(const char *name) {
    for (size_t i = 0; ipm_ios[i]; i++)
        if (strcmp(ipm_ios[i]->name, name) == 0)
            return ipm_ios[i];
    return NULL;
}

struct ipm_drive ipm_io_drive(const struct ipm_io *io) {
    struct ipm_drive drive = {.name = io->name, .drives = io->drives};
    struct ipm_err err = {0};
    drive.runnable = !io->probe || io->probe(&err) == 0;
    if (!drive.runnable)
        ipm_err_reason(&err, drive.reason, sizeof drive.reason);
    return drive;
}
