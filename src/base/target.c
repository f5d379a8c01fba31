/* target.c - finds out what a name refers to. Opens, makes and changes nothing. */
#include "base/target.h"

#include "base/err.h"
#include "base/libc.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { TARGET_LINKS_MOST = 40 }; /* the kernel's limit, path_resolution(7) */

size_t ipm_target_folder_bytes(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

/* Writes "folder/." or ".". */
static void target_put_folder(char folder[PATH_MAX], const char *path) {
    (void)snprintf(folder, PATH_MAX, "%.*s.", (int)ipm_target_folder_bytes(path), path);
}

int ipm_target_stat_folder(const char *path, struct stat *ret_status) {
    char folder[PATH_MAX];
    target_put_folder(folder, path);
    return stat(folder, ret_status) == 0 ? 0 : -errno;
}

int ipm_target_fail(const char *name, int code, struct ipm_err *err) {
    if (code == -EINTR)
        return ipm_err_set(err, code, "interrupted while '%s' was written", name);
    if (ipm_target_descriptor(name) == STDOUT_FILENO)
        return ipm_err_sys(err, code, "cannot write to standard output");
    return ipm_err_sys(err, code, "cannot write '%s'", name);
}

/* --- links ------------------------------------------------------------------------------ */

/* Links in a folder of descriptors cannot be followed by name (proc(5)): the file may be
 * deleted, and a pipe has no path. */
static bool target_is_magic(const char *place) {
    char folder[PATH_MAX];
    struct statfs system;
    target_put_folder(folder, place);
    return isdigit((unsigned char)place[ipm_target_folder_bytes(place)]) &&
           statfs(folder, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

static bool target_is_in(const char *folder, const struct stat *status) {
    struct stat other;
    return stat(folder, &other) == 0 && other.st_dev == status->st_dev &&
           other.st_ino == status->st_ino;
}

/* Returns the descriptor number of a magic link, or -1 if it belongs to another
 * process. */
static int target_own_descriptor(const char *place) {
    struct stat folder;
    char *end = NULL;
    const long number = strtol(place + ipm_target_folder_bytes(place), &end, 10);
    if (*end != '\0' || number > INT_MAX || ipm_target_stat_folder(place, &folder) != 0 ||
        !(target_is_in("/proc/self/fd", &folder) ||
          target_is_in("/proc/thread-self/fd", &folder)))
        return -1;
    return (int)number;
}

/* Follows one link. Returns 1, 0 if place is no link, or a negative errno. */
static int target_step(char **place) {
    char aim[PATH_MAX];
    const ssize_t length = readlink(*place, aim, sizeof aim - 1);
    if (length < 0)
        return errno == EINVAL || errno == ENOENT ? 0 : -errno;
    aim[length] = '\0';
    char *next = NULL;
    const int folder = aim[0] == '/' ? 0 : (int)ipm_target_folder_bytes(*place);
    if (asprintf(&next, "%.*s%s", folder, *place, aim) < 0)
        return -ENOMEM;
    free(*place);
    *place = next;
    return 1;
}

/* realpath(3) is not used, because the last link may point to a file that does not exist
 * yet. */
static int target_follow(struct ipm_target *target) {
    for (int links = 0; links < TARGET_LINKS_MOST; links++) {
        if (target_is_magic(target->place)) {
            target->descriptor = target_own_descriptor(target->place);
            target->direct = true;
            return 0;
        }
        const int more = target_step(&target->place);
        if (more <= 0)
            return more;
    }
    return -ELOOP;
}

/* "-" and the names of the standard streams are also recognised without /proc. */
static int target_resolve(struct ipm_target *target, const char *name) {
    *target = (struct ipm_target){.descriptor = -1};
    if (strcmp(name, "-") == 0 || strcmp(name, "/dev/stdout") == 0)
        target->descriptor = STDOUT_FILENO;
    else if (strcmp(name, "/dev/stderr") == 0)
        target->descriptor = STDERR_FILENO;
    if (target->descriptor >= 0) {
        target->direct = true;
        return 0;
    }
    target->place = strdup(name);
    return target->place != NULL ? target_follow(target) : -ENOMEM;
}

int ipm_target_descriptor(const char *name) {
    struct ipm_target target;
    const int code = target_resolve(&target, name);
    const int descriptor = code == 0 ? target.descriptor : -1;
    ipm_target_done(&target);
    return descriptor;
}

/* --- checks ----------------------------------------------------------------------------- */

static int target_refuse(const char *name, int code, const char *what,
                         struct ipm_err *err) {
    return ipm_err_set(err, code, "'%s' is %s", name, what);
}

/* A file that is mounted over another, as in containers, cannot be replaced by rename(2):
 * EBUSY. Kernels before 5.8 do not report mounts here. */
static bool target_is_mounted(const char *place) {
    struct statx status;
    return statx(AT_FDCWD, place, 0, STATX_TYPE, &status) == 0 &&
           (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/* In a folder with the sticky bit only the owner of the file or of the folder may rename
 * over it: inode(7). */
static bool target_is_kept(const struct ipm_target *target) {
    struct stat status;
    uid_t me = geteuid();
    return me != 0 && ipm_target_stat_folder(target->place, &status) == 0 &&
           (status.st_mode & S_ISVTX) != 0 && status.st_uid != me &&
           target->status.st_uid != me;
}

/* Only EACCES counts: an old sandbox fails every faccessat2(2) with EPERM. */
static int target_check_regular(const struct ipm_target *target, const char *name,
                                struct ipm_err *err) {
    if (faccessat(AT_FDCWD, target->place, W_OK, AT_EACCESS) != 0) {
        if (errno == EROFS)
            return ipm_target_fail(name, -EROFS, err);
        if (errno == EACCES) {
            ipm_err_hint(err, "make it writable, or choose another name");
            return target_refuse(name, -EACCES, "read-only", err);
        }
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

/* A descriptor that is closed by exec(3) was opened by this program: its number was
 * closed at the start. A socket without a peer cannot be written either. */
static int target_check_descriptor(const struct ipm_target *target, const char *name,
                                   struct ipm_err *err) {
    const int fd = target->descriptor;
    const int flags = fcntl(fd, F_GETFL);
    struct sockaddr_storage peer;
    socklen_t bytes = sizeof peer;
    if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY ||
        (fd > STDERR_FILENO && (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0)) {
        ipm_err_hint(err, "it is closed, or open for reading only");
        return ipm_target_fail(name, -EBADF, err);
    }
    return getpeername(fd, (struct sockaddr *)&peer, &bytes) != 0 && errno == ENOTCONN
               ? ipm_target_fail(name, -ENOTCONN, err)
               : 0;
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
    if (S_ISBLK(mode))
        return target_refuse(name, -EINVAL, "a block device", err);
    if (S_ISSOCK(mode))
        return target_refuse(name, -ENXIO, "a socket", err);
    if (S_ISREG(mode) && !target->direct)
        return target_check_regular(target, name, err);
    target->direct = true;
    return 0;
}

static int target_look(struct ipm_target *target, const char *name, struct ipm_err *err) {
    int code = target_resolve(target, name);
    if (target->descriptor >= 0)
        return target_check_descriptor(target, name, err);
    target->exists = stat(name, &target->status) == 0;
    if (!target->exists && errno != ENOENT)
        code = -errno;
    return code != 0 ? ipm_target_fail(name, code, err) : target_check(target, name, err);
}

int ipm_target_find(struct ipm_target *target, const char *name, struct ipm_err *err) {
    if (name[0] == '\0') {
        *target = (struct ipm_target){.descriptor = -1};
        ipm_err_hint(err, "name a file, or '-' for standard output");
        return ipm_target_fail(name, -ENOENT, err);
    }
    int code = target_look(target, name, err);
    if (target->descriptor >= 0 || code != 0)
        ipm_target_done(target);
    return code;
}

void ipm_target_done(struct ipm_target *target) {
    free(target->place);
    target->place = NULL;
}
