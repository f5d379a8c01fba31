/* private_dir.h - a private directory for names by which two processes connect.
 *
 * It has mode 0700 and is made in $TMPDIR. If that fails (too long for a socket's path,
 * full, not writable), /tmp and then /dev/shm are tried. Its owner holds a lock on it,
 * flock(2), which the kernel releases when the owner dies, so that the next run
 * recognises a directory that was left behind. */
#ifndef IPM_TRANSPORTS_COMMON_PRIVATE_DIR_H
#define IPM_TRANSPORTS_COMMON_PRIVATE_DIR_H

#include "base/facts.h"
#include "transports/transport.h"

#include <limits.h>

struct ipm_private_dir {
    char directory[PATH_MAX];         /* empty if there is none */
    int lock;                         /* a descriptor of the directory, or -1 */
    char notice[IPM_FACT_TEXT_BYTES]; /* why the first candidate was not used, or empty */
};

/* The use of a directory. */
struct ipm_private_dir_use {
    const char *what; /* in messages: "socket" */

    /* Makes names in the directory and returns 0, or leaves none and returns a negative
     * errno; then the next directory is tried. */
    int (*fill)(struct ipm_private_dir *dir, void *context);
    void *context;
};

/* Makes the directory and fills it. Leaves nothing on error. Returns 0 or the negative
 * errno of the first attempt. */
int ipm_private_dir_make(struct ipm_private_dir *dir,
                         const struct ipm_private_dir_use *use, struct ipm_err *err);

/* Makes the directory and binds the socket in it. Returns as ipm_private_dir_make. */
int ipm_private_dir_bind(struct ipm_private_dir *dir, int fd, struct ipm_err *err);

/* In the parent, removes the socket and the directory, from which the caller has removed
 * all other names. In a child, closes its copy of the lock. Keeps the notice. Safe twice
 * and on a zeroed struct. */
void ipm_private_dir_close(struct ipm_private_dir *dir, enum ipm_side side);

/* Removes this user's directories, with the sockets and FIFOs in them, whose owners were
 * killed. It is part of a probe, so that each run does it once. */
void ipm_private_dir_reclaim(void);

#endif
