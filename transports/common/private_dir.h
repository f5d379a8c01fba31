/* private_dir.h - a private directory in the file system, for names that two processes
 * use to connect.
 *
 * It has mode 0700 and is made under $TMPDIR. Where this fails (too long for a socket's
 * path, full, not writable), /tmp and then /dev/shm are tried. */
#ifndef IPM_TRANSPORTS_COMMON_PRIVATE_DIR_H
#define IPM_TRANSPORTS_COMMON_PRIVATE_DIR_H

#include "base/facts.h"

#include <limits.h>
#include <stddef.h>

struct ipm_err;

struct ipm_private_dir {
    char directory[PATH_MAX];
    char notice[IPM_FACT_TEXT_BYTES]; /* why not where it was wanted, or empty */
};

/* What a directory is for. */
struct ipm_private_dir_use {
    const char *what; /* in messages: "socket" */

    /* Makes names in the directory and returns 0, or leaves none and returns a negative
     * errno: then the next directory is tried. */
    int (*fill)(struct ipm_private_dir *dir, void *context);
    void *context;
};

/* Makes the directory and fills it. On error nothing is left. Returns 0 or a negative
 * errno, which is that of the first attempt. */
int ipm_private_dir_make(struct ipm_private_dir *dir,
                         const struct ipm_private_dir_use *use, struct ipm_err *err);

/* Makes the directory and binds the socket in it. Returns as ipm_private_dir_make. */
int ipm_private_dir_bind(struct ipm_private_dir *dir, int fd, struct ipm_err *err);

/* Removes the socket and the directory, from which the caller has removed all other
 * names. Safe to call twice, and on a zeroed struct. */
void ipm_private_dir_remove(struct ipm_private_dir *dir);

#endif
