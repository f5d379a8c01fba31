/* cpio.c - writes an archive of the format "newc". */
#include "run/guest/cpio.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

enum { CPIO_ALIGN = 4 };

/* Headers and contents begin at multiples of four bytes. */
static void cpio_put(struct ipm_cpio *cpio, const void *bytes, size_t count) {
    static const char zeros[CPIO_ALIGN] = {0};
    (void)fwrite(bytes, 1, count, cpio->out);
    (void)fwrite(zeros, 1, -count % CPIO_ALIGN, cpio->out);
}

/* Times are 0 and owners are root, so that the same files make the same archive. */
static void cpio_entry(struct ipm_cpio *cpio, const char *name, unsigned mode,
                       const void *bytes, size_t count) {
    enum { HEADER_BYTES = 110 };
    char header[HEADER_BYTES + PATH_MAX];
    const unsigned links = S_ISDIR(mode) ? 2 : 1;
    const int used =
        snprintf(header, sizeof header,
                 "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s",
                 ++cpio->count, mode, 0u, 0u, links, 0u, (unsigned)count, 0u, 0u, 0u, 0u,
                 (unsigned)strlen(name) + 1, 0u, name);
    cpio_put(cpio, header, (size_t)used + 1);
    cpio_put(cpio, bytes, count);
}

/* A directory may come again: the kernel and cpio(1) leave it as it is. */
void ipm_cpio_add(struct ipm_cpio *cpio, const char *path, unsigned mode,
                  const void *bytes, size_t count) {
    char above[PATH_MAX];
    for (const char *slash = strchr(path + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        (void)snprintf(above, sizeof above, "%.*s", (int)(slash - path - 1), path + 1);
        cpio_entry(cpio, above, S_IFDIR | 0755, "", 0);
    }
    cpio_entry(cpio, path + 1, mode, bytes, count);
}

int ipm_cpio_end(struct ipm_cpio *cpio) {
    cpio_entry(cpio, "TRAILER!!!", 0, "", 0);
    return fflush(cpio->out) != 0 || ferror(cpio->out) ? -EIO : 0;
}
