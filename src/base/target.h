/* target.h - where a document is to go: what is there now, and whether it may be
 * replaced. */
#ifndef IPM_BASE_TARGET_H
#define IPM_BASE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct ipm_err;

/* What a name refers to. `place` is the name with its symbolic links followed, because
 * renaming over a link would replace the link; NULL for standard output. */
struct ipm_target {
    char *place;
    bool direct; /* a device, a pipe or standard output: nothing that can be replaced */
    bool exists;
    struct stat status; /* where it exists */
};

/* Fails on everything that is known without opening: directories, block devices, sockets,
 * read-only files, mount points. On success the caller must call ipm_target_done. */
int ipm_target_find(struct ipm_target *target, const char *name, struct ipm_err *err);
void ipm_target_done(struct ipm_target *target);

/* Whether it is "-" or /dev/stdout, whose links lead to the file behind descriptor 1,
 * which must not be replaced. */
bool ipm_target_is_stdout(const char *name);

/* Bytes of path up to and including its last slash, or 0. */
size_t ipm_target_folder_bytes(const char *path);

/* Words a failure to write to name. */
int ipm_target_fail(const char *name, int code, struct ipm_err *err);

#endif
