/* target.h - where a document is to go: what stands there now, and may it be replaced. */
#ifndef IPM_BASE_TARGET_H
#define IPM_BASE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct ipm_err;

/* What a name leads to. `place` is the name with its symbolic links followed, as replacing
 * a link is not writing to what it points at; NULL for standard output. */
struct ipm_target {
    char *place;
    bool direct; /* a device, a pipe or standard output: nothing that can be replaced */
    bool exists;
    struct stat status; /* where it exists */
};

/* Fails on all that can be told by looking: directories, block devices, sockets, read-only
 * files, mount points. On success the caller owes ipm_target_done. */
int ipm_target_find(struct ipm_target *target, const char *name, struct ipm_err *err);
void ipm_target_done(struct ipm_target *target);

/* "-" and /dev/stdout, which would else be looked up to the file behind descriptor 1, and
 * that be replaced under the feet of whoever redirected it. */
bool ipm_target_is_stdout(const char *name);

/* Bytes of path up to and with its last slash; 0 where it has none. */
size_t ipm_target_folder_bytes(const char *path);

/* Words a failure to write to name. */
int ipm_target_fail(const char *name, int code, struct ipm_err *err);

#endif
