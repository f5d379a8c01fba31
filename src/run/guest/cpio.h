/* cpio.h - writes an archive of the format "newc", which the kernel unpacks as its first root
 * directory (Documentation/driver-api/early-userspace/buffer-format.rst). */
#ifndef IPM_RUN_GUEST_CPIO_H
#define IPM_RUN_GUEST_CPIO_H

#include <stddef.h>
#include <stdio.h>

struct ipm_cpio {
    FILE *out;
    unsigned count; /* of entries: the number of the last inode */
};

/* Adds the directories above an absolute path, and then the entry: a file with these bytes, a
 * directory without any, or a symbolic link with its target. `mode` is that of stat(2).
 * Failures are those of the stream. */
void ipm_cpio_add(struct ipm_cpio *cpio, const char *path, unsigned mode,
                  const void *bytes, size_t count);

/* Adds the last entry. Returns 0, or -EIO when the stream has failed. */
int ipm_cpio_end(struct ipm_cpio *cpio);

#endif
