/* target.c - what a name refers to. Opens, makes and changes nothing. */
#include "base/target.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TARGET_LINKS_MOST = 40 }; /* as the kernel's own limit, path_resolution(7) */

bool ipm_target_is_stdout(const char *name) {
    return strcmp(name, "-") == 0 || strcmp(name, "/dev/stdout") == 0;
}

size_t ipm_target_folder_bytes(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

int ipm_target_fail(const char *name, int code, struct ipm_err *err) {
    if (ipm_target_is_stdout(name))
        return ipm_err_sys(err, code, "cannot write to standard output");
    return ipm_err_sys(err, code, "cannot write '%s'", name);
}

/* Not realpath(3): the last link may point to a file that does not exist yet. */
static int target_follow(char **place) {
    char aim[PATH_MAX];
    for (int links = 0; links < TARGET_LINKS_MOST; links++) {
        ssize_t length = readlink(*place, aim, sizeof aim - 1);
        if (length < 0)
            return errno == EINVAL || errno == ENOENT ? 0 : -errno; /* it is no link */
        aim[length] = '\0';
        char *next = NULL;
        const int folder = aim[0] == '/' ? 0 : (int)ipm_target_folder_bytes(*place);
        if (asprintf(&next, "%.*s%s", folder, *place, aim) < 0)
            return -ENOMEM;
        free(*place);
        *place = next;
    }
    return -ELOOP;
}

static int target_refuse(const char *name, int code, const char *what,
                         struct ipm_err *err) {
    return ipm_err_set(err, code, "'%s' is %s", name, what);
}

/* A file that is mounted over another, as containers do, cannot be replaced by rename(2):
 * EBUSY. Kernels before 5.8 do not report mounts here. */
static bool target_is_mounted(const char *place) {
    struct statx status;
    return statx(AT_FDCWD, place, 0, STATX_TYPE, &status) == 0 &&
           (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/* In a folder with the sticky bit only the owner of the file, or of the folder, may rename
 * over it: inode(7). */
static bool target_is_kept(const struct ipm_target *target) {
    char folder[PATH_MAX];
    struct stat status;
    size_t bytes = ipm_target_folder_bytes(target->place);
    (void)snprintf(folder, sizeof folder, "%.*s.", (int)bytes, target->place);
    uid_t me = geteuid();
    return me != 0 && stat(folder, &status) == 0 && (status.st_mode & S_ISVTX) != 0 &&
           status.st_uid != me && target->status.st_uid != me;
}

static int target_check_regular(const struct ipm_target *target, const char *name,
                                struct ipm_err *err) {
    if (faccessat(AT_FDCWD, target->place, W_OK, AT_EACCESS) != 0) {
        int code = -errno;
        if (code != -EACCES)
            return ipm_target_fail(name, code, err);
        ipm_err_hint(err, "make it writable, or choose another name");
        return target_refuse(name, code, "read-only", err);
    }
    if (target_is_mounted(target->place)) {
        ipm_err_hint(err, "it is a mount point: mount the folder around it instead");
        return ipm_target_fail(name, -EBUSY, err);
    }
    if (target_is_kept(target)) {
        ipm_err_hint(err, "it is another user's, in a folder with the sticky bit");
        return ipm_target_fail(name, -EPERM, err);
    }
    return 0;
}

static int target_check(struct ipm_target *target, const char *name,
                        struct ipm_err *err) {
    mode_t mode = target->status.st_mode;
    size_t length = strlen(target->place);
    if (target->exists ? S_ISDIR(mode)
                       : length == ipm_target_folder_bytes(target->place)) {
        ipm_err_hint(err, "name a file in it");
        return target_refuse(name, -EISDIR, "a directory", err);
    }
    if (!target->exists)
        return 0;
    if (S_ISREG(mode))
        return target_check_regular(target, name, err);
    if (S_ISBLK(mode))
        return target_refuse(name, -EINVAL, "a block device", err);
    if (S_ISSOCK(mode))
        return target_refuse(name, -ENXIO, "a socket", err);
    target->direct = true;
    return 0;
}

static int target_look(struct ipm_target *target, const char *name, struct ipm_err *err) {
    target->exists = stat(name, &target->status) == 0;
    if (!target->exists && errno != ENOENT)
        return ipm_target_fail(name, -errno, err);
    target->place = strdup(name);
    if (target->place == NULL)
        return ipm_target_fail(name, -ENOMEM, err);
    if (!target->exists || S_ISREG(target->status.st_mode)) {
        int code = target_follow(&target->place);
        if (code != 0)
            return ipm_target_fail(name, code, err);
    }
    return target_check(target, name, err);
}

int ipm_target_find(struct ipm_target *target, const char *name, struct ipm_err *err) {
    *target = (struct ipm_target){0};
    if (ipm_target_is_stdout(name)) {
        target->direct = true;
        return 0;
    }
    if (name[0] == '\0') {
        ipm_err_hint(err, "name a file, or '-' for standard output");
        return ipm_target_fail(name, -ENOENT, err);
    }
    int code = target_look(target, name, err);
    if (code != 0)
        ipm_target_done(target);
    return code;
}

void ipm_target_done(struct ipm_target *target) {
    free(target->place);
    *target = (struct ipm_target){0};
}
