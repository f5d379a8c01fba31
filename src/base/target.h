/* target.h - the target of a document: what exists there, and whether it may be
 * replaced. */
#ifndef IPM_BASE_TARGET_H
#define IPM_BASE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct ipm_err;

/* What a name refers to. `place` is the name with its symbolic links followed, because
 * renaming over a link would replace the link; it is NULL for an open descriptor. */
struct ipm_target {
    char *place;
    int descriptor; /* the descriptor of this process, or -1 */
    bool direct;    /* written directly: a device, a pipe, an open descriptor */
    bool exists;
    struct stat status; /* if it exists */
};

/* Fails for everything that cannot be written: directories, block devices, sockets,
 * read-only files, mount points, and descriptors that are closed or read-only. On success
 * the caller must call ipm_target_done. */
int ipm_target_find(struct ipm_target *target, const char *name, struct ipm_err *err);
void ipm_target_done(struct ipm_target *target);

/* Returns the descriptor of this process that the name leads to, open or not: 1 for "-"
 * and /dev/stdout, 3 for /dev/fd/3 and for a link to /proc/self/fd/3; otherwise -1. */
int ipm_target_descriptor(const char *name);

/* Returns the bytes of path up to and including its last slash, or 0. */
size_t ipm_target_folder_bytes(const char *path);

/* Stats the folder that path is in. Returns 0 or a negative errno. */
int ipm_target_stat_folder(const char *path, struct stat *ret_status);

/* Sets err for a failed write to name. Returns the code. */
int ipm_target_fail(const char *name, int code, struct ipm_err *err);

#endif
