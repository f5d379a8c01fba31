/* target.h - where a document is to go: what is there now, and whether it may be
 * replaced. */
#ifndef IPM_BASE_TARGET_H
#define IPM_BASE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct ipm_err;

/* What a name refers to. `place` is the name with its symbolic links followed, because
 * renaming over a link would replace the link; NULL for an open descriptor. */
struct ipm_target {
    char *place;
    int descriptor; /* of this process, which the name leads to, or -1 */
    bool direct;    /* it is written as it is: a device, a pipe, an open descriptor */
    bool exists;
    struct stat status; /* where it exists */
};

/* Fails on everything that is known without opening: directories, block devices, sockets,
 * read-only files, mount points, and descriptors that are closed or cannot be written. On
 * success the caller must call ipm_target_done. */
int ipm_target_find(struct ipm_target *target, const char *name, struct ipm_err *err);
void ipm_target_done(struct ipm_target *target);

/* The descriptor of this process that the name leads to, open or not: 1 for "-" and
 * /dev/stdout, 3 for /dev/fd/3 and for a link to /proc/self/fd/3. Else -1. */
int ipm_target_descriptor(const char *name);

/* Bytes of path up to and including its last slash, or 0. */
size_t ipm_target_folder_bytes(const char *path);

/* Looks at the folder that path is in. Returns 0 or a negative errno. */
int ipm_target_stat_folder(const char *path, struct stat *ret_status);

/* Words a failure to write to name. */
int ipm_target_fail(const char *name, int code, struct ipm_err *err);

#endif
