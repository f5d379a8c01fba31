/* private_dir.h - a private directory in the file system, for names that two processes
 * use to connect.
 *
 * It has mode 0700 and is made under $TMPDIR. Where this fails (too long for a socket's
 * path, full, not writable), /tmp and then /dev/shm are tried. Its owner holds a lock on
 * it, flock(2), which the kernel releases when the owner dies: by this, the next run
 * recognises a directory that was left behind. */
#ifndef IPM_TRANSPORTS_COMMON_PRIVATE_DIR_H
#define IPM_TRANSPORTS_COMMON_PRIVATE_DIR_H

#include "base/facts.h"
#include "transports/transport.h"

#include <limits.h>
#include <stddef.h>

struct ipm_private_dir {
    char directory[PATH_MAX];         /* empty: there is none */
    int lock;                         /* a descriptor of the directory, or -1 */
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

/* The parent: removes the socket and the directory, from which the caller has removed all
 * other names. A child: closes its copy of the lock. Keeps the notice. Safe to call twice,
 * and on a zeroed struct. */
void ipm_private_dir_close(struct ipm_private_dir *dir, enum ipm_side side);

/* Removes the directories, with the sockets and FIFOs in them, whose owners were killed:
 * those of this user in the places where directories are made. Part of a probe, so that
 * each run does it once. */
void ipm_private_dir_reclaim(void);

#endif
