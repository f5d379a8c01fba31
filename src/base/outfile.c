/* outfile.c - documents that are complete or not there at all: written beside their
 * target, synced, renamed. */
#include "base/outfile.h"

#include "base/err.h"
#include "base/target.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    OUTFILE_PROBE_BYTES = 64 * 1024, /* allocated by the check */
    OUTFILE_NAME_MOST = 200,         /* with ".", ".XXXXXX" still below NAME_MAX */
};

/* Makes and opens a file beside place. The caller frees *ret_name. */
static int outfile_make_beside(const char *place, char **ret_name) {
    size_t folder = ipm_target_folder_bytes(place);
    size_t base = ipm_utf8_fit(place + folder, OUTFILE_NAME_MOST);
    char *name = NULL;
    if (asprintf(&name, "%.*s.%.*s.XXXXXX", (int)folder, place, (int)base,
                 place + folder) < 0)
        return -ENOMEM;
    int fd = mkostemp(name, O_CLOEXEC);
    int code = fd < 0 ? -errno : fd;
    if (fd < 0)
        free(name);
    else
        *ret_name = name;
    return code;
}

static int outfile_fail_beside(const char *name, const char *place, int code,
                               struct ipm_err *err) {
    int folder = (int)ipm_target_folder_bytes(place);
    if (code == -ENOENT)
        ipm_err_hint(err, "there is no folder '%.*s'", folder, place);
    if (code == -EACCES || code == -EPERM)
        ipm_err_hint(err,
                     "a file is first written beside its target: the folder '%.*s' must "
                     "be writable",
                     folder == 0 ? 1 : folder, folder == 0 ? "." : place);
    return ipm_target_fail(name, code, err);
}

/* An empty write to a character device fails if it is full (/dev/full, full(4)). */
static int outfile_probe_write(int fd) {
    return write(fd, "", 0) < 0 && errno != EAGAIN ? -errno : 0;
}

static int outfile_probe_stdout(struct ipm_err *err) {
    struct stat status;
    int flags = fcntl(STDOUT_FILENO, F_GETFL);
    if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY) {
        ipm_err_hint(err, "it is closed, or open for reading only");
        return -EBADF;
    }
    return fstat(STDOUT_FILENO, &status) == 0 && S_ISCHR(status.st_mode)
               ? outfile_probe_write(STDOUT_FILENO)
               : 0;
}

/* A FIFO is not opened: that would block until there is a reader, and then give that
 * reader an early end of file. fifo(7) */
static int outfile_probe_direct(const struct ipm_target *target) {
    if (S_ISFIFO(target->status.st_mode))
        return faccessat(AT_FDCWD, target->place, W_OK, AT_EACCESS) == 0 ? 0 : -errno;
    int fd = open(target->place, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int code = fd < 0 ? -errno : outfile_probe_write(fd);
    if (fd >= 0)
        (void)close(fd);
    return code;
}

/* Access rights do not tell all (root, read-only file systems, quotas): only making a
 * file and allocating space does. */
static int outfile_probe_beside(const char *target, struct ipm_err *err) {
    struct ipm_outfile file;
    int code = ipm_outfile_open(&file, target, err);
    if (code != 0)
        return code;
    code = -posix_fallocate(fileno(file.stream), 0, OUTFILE_PROBE_BYTES);
    ipm_outfile_discard(&file);
    if (code == 0 || code == -EOPNOTSUPP || code == -EINVAL)
        return 0;
    return ipm_target_fail(target, code, err);
}

int ipm_outfile_check(const char *target, struct ipm_err *err) {
    struct ipm_target found;
    int code = ipm_target_find(&found, target, err);
    if (code != 0)
        return code;
    if (!found.direct)
        code = outfile_probe_beside(target, err);
    else if (found.place == NULL)
        code = outfile_probe_stdout(err);
    else
        code = outfile_probe_direct(&found);
    if (code != 0)
        code = ipm_target_fail(target, code, err); /* the first words win */
    ipm_target_done(&found);
    return code;
}

/* Of standard output, which has no place, it is a duplicate, so that closing the stream does
 * not close descriptor 1. What stdio has buffered for it is written first. */
static int outfile_open_direct(const char *place) {
    if (place == NULL && fflush(stdout) != 0)
        return -errno;
    int fd = place == NULL ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
                           : open(place, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

/* Gives the new file the owner and mode of the old one, or those that open(2) would have
 * given it: mkostemp(3) gives 0600 whatever the umask. */
static int outfile_dress(int fd, const struct ipm_target *target) {
    mode_t mode = 0;
    if (target->exists) {
        mode = target->status.st_mode & 0777U;
        if (fchown(fd, target->status.st_uid, target->status.st_gid) != 0 &&
            fchown(fd, (uid_t)-1, target->status.st_gid) != 0)
            mode &= ~(mode_t)S_IRWXG; /* these rights were meant for another group */
    } else {
        mode_t mask = umask(0);
        (void)umask(mask);
        mode = 0666U & ~mask;
    }
    return fchmod(fd, mode) == 0 ? 0 : -errno;
}

static int outfile_open_beside(struct ipm_outfile *file,
                               const struct ipm_target *target) {
    int fd = outfile_make_beside(target->place, &file->beside);
    if (fd < 0)
        return fd;
    int code = outfile_dress(fd, target);
    if (code != 0)
        (void)close(fd);
    return code != 0 ? code : fd;
}

/* Takes ownership of the place of `found`. */
static int outfile_open_found(struct ipm_outfile *file, struct ipm_target *found) {
    int fd = found->direct ? outfile_open_direct(found->place)
                           : outfile_open_beside(file, found);
    file->place = found->place;
    found->place = NULL;
    if (fd < 0)
        return fd;
    file->stream = fdopen(fd, "w");
    if (file->stream != NULL)
        return 0;
    int code = -errno;
    (void)close(fd);
    return code;
}

int ipm_outfile_open(struct ipm_outfile *file, const char *target, struct ipm_err *err) {
    *file = (struct ipm_outfile){0};
    struct ipm_target found;
    int code = ipm_target_find(&found, target, err);
    if (code != 0)
        return code;
    file->target = strdup(target);
    code = file->target == NULL ? -ENOMEM : outfile_open_found(file, &found);
    if (code != 0) {
        const char *place = file->place != NULL ? file->place : found.place;
        code = found.direct ? ipm_target_fail(target, code, err)
                            : outfile_fail_beside(target, place, code, err);
        ipm_outfile_discard(file);
    }
    ipm_target_done(&found);
    return code;
}

/* Writes and syncs all of the document, and closes the stream. Returns 0 or the first
 * failure: a write that failed while the document was made is tried again by fflush(3),
 * which gives the reason. fsync(2) refuses what has no disk behind it with EINVAL or
 * EROFS. */
static int outfile_settle(FILE *stream) {
    int code = fflush(stream) == 0 ? 0 : -errno;
    if (code == 0 && ferror(stream))
        code = -EIO;
    if (code == 0 && fsync(fileno(stream)) != 0 && errno != EINVAL && errno != EROFS)
        code = -errno;
    if (code != 0)
        __fpurge(stream);
    if (fclose(stream) != 0 && code == 0)
        code = -errno;
    return code;
}

/* The document is complete at its place by now; if the folder cannot be synced, a power
 * failure may bring back the old one. */
static void outfile_sync_folder(const char *place) {
    size_t folder = ipm_target_folder_bytes(place);
    char *name = strndup(folder == 0 ? "." : place, folder == 0 ? 1 : folder);
    int fd = name == NULL ? -1 : open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
    free(name);
}

static int outfile_put_in_place(struct ipm_outfile *file) {
    if (file->beside == NULL)
        return 0;
    if (rename(file->beside, file->place) != 0)
        return -errno;
    free(file->beside);
    file->beside = NULL;
    outfile_sync_folder(file->place);
    return 0;
}

int ipm_outfile_publish(struct ipm_outfile *file, struct ipm_err *err) {
    int code = fflush(file->stream) == 0 ? 0 : -errno;
    if (code == 0)
        code = outfile_put_in_place(file);
    if (code != 0) {
        code = ipm_target_fail(file->target, code, err);
        ipm_outfile_discard(file);
    }
    return code;
}

int ipm_outfile_commit(struct ipm_outfile *file, struct ipm_err *err) {
    int code = outfile_settle(file->stream);
    file->stream = NULL;
    if (code == 0)
        code = outfile_put_in_place(file);
    if (code != 0)
        code = ipm_target_fail(file->target, code, err);
    ipm_outfile_discard(file);
    return code;
}

void ipm_outfile_discard(struct ipm_outfile *file) {
    if (file->stream != NULL) {
        __fpurge(file->stream); /* or fclose(3) would write what is dropped */
        (void)fclose(file->stream);
    }
    if (file->beside != NULL)
        (void)unlink(file->beside);
    free(file->beside);
    free(file->place);
    free(file->target);
    *file = (struct ipm_outfile){0};
}
