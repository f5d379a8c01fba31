/* outfile.c - writes documents to a hidden file, syncs and renames it, so that they are
 * complete or absent. */
#include "base/outfile.h"
#include "base/cell.h"

#include "base/err.h"
#include "base/replace.h"
#include "base/target.h"
#include "base/utf8.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum {
    OUTFILE_PROBE_BYTES = 64 * 1024, /* allocated by the check */
    OUTFILE_NAME_MOST = 200,         /* with ".", ".XXXXXXXX" below NAME_MAX */
    OUTFILE_TRIES = 100,
    OUTFILE_PATIENCE_MS = 1000, /* for a reader, after a signal */
};

/* --- writing ---------------------------------------------------------------------------- */

/* Whether a descriptor that refused a write can be written now. Waits for it, without a
 * limit unless a signal came. */
static bool outfile_await(int fd, int why) {
    struct pollfd end = {.fd = fd, .events = POLLOUT};
    if (why == EAGAIN && poll(&end, 1, -1) > 0)
        return true;
    if (why != EAGAIN && why != EINTR)
        return false;
    int ready = 0;
    do
        ready = poll(&end, 1, OUTFILE_PATIENCE_MS);
    while (ready < 0 && errno == EINTR);
    return ready > 0;
}

/* Returns 0 or a negative errno. */
static int outfile_write(int fd, const char *data, size_t bytes) {
    while (bytes > 0) {
        const ssize_t written = write(fd, data, bytes);
        if (written >= 0) {
            data += written;
            bytes -= (size_t)written;
            continue;
        }
        const int why = errno;
        if (!outfile_await(fd, why))
            return -why;
    }
    return 0;
}

/* For fopencookie(3). Keeps the first failure, because stdio drops the rest of a failed
 * write and its errno. */
static ssize_t outfile_take(void *cookie, const char *data, size_t bytes) {
    struct ipm_outfile *file = cookie;
    if (file->failed == 0)
        file->failed = outfile_write(file->fd, data, bytes);
    return file->failed == 0 ? (ssize_t)bytes : 0;
}

static void outfile_note(struct ipm_outfile *file, int code) {
    if (file->failed == 0)
        file->failed = code;
}

static void outfile_flush(struct ipm_outfile *file) {
    if (fflush(file->stream) != 0)
        outfile_note(file, -errno); /* unless outfile_take has kept the cause */
}

static void outfile_sync(struct ipm_outfile *file) {
    if (file->failed == 0 && fsync(file->fd) != 0 && ipm_replace_is_loss(errno))
        file->failed = -errno;
}

static void outfile_close(struct ipm_outfile *file) {
    if (file->stream == NULL)
        return;
    __fpurge(file->stream); /* otherwise fclose(3) would write what is dropped */
    (void)fclose(file->stream);
    file->stream = NULL;
    const bool in_place = file->place != NULL && file->beside == NULL;
    if (close(file->fd) != 0 && ipm_replace_is_loss(errno) && !in_place)
        outfile_note(file, -errno); /* network file systems may report errors here */
}

/* --- names ------------------------------------------------------------------------------ */

/* Links fd. The second call needs no /proc, but a privilege or Linux 6.10: open(2),
 * linkat(2). */
static int outfile_link(int fd, const char *name) {
    const struct ipm_cell magic = ipm_cell_print("/proc/self/fd/%d", fd);
    if (linkat(AT_FDCWD, magic.text, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0)
        return 0;
    const int code = -errno;
    return code != -EEXIST && linkat(fd, "", AT_FDCWD, name, AT_EMPTY_PATH) == 0 ? 0
                                                                                 : code;
}

/* Sets file->beside to a hidden name next to its place, by linking fd or, with fd -1, by
 * making a file of that mode. Returns 0, the new descriptor, or a negative errno. */
static int outfile_make_beside(struct ipm_outfile *file, int fd, mode_t mode) {
    const size_t folder = ipm_target_folder_bytes(file->place);
    const int base = (int)ipm_utf8_fit(file->place + folder, OUTFILE_NAME_MOST);
    int code = -EEXIST;
    for (int i = 0; i < OUTFILE_TRIES && code == -EEXIST; i++) {
        uint32_t drawn = (uint32_t)getpid() + (uint32_t)i;
        (void)!getrandom(&drawn, sizeof drawn, GRND_NONBLOCK); /* any name suffices */
        if (asprintf(&file->beside, "%.*s.%.*s.%08x", (int)folder, file->place, base,
                     file->place + folder, drawn) < 0) {
            file->beside = NULL;
            return -ENOMEM;
        }
        code = fd >= 0 ? outfile_link(fd, file->beside)
                       : open(file->beside, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (code < 0 && fd < 0)
            code = -errno;
        if (code < 0) {
            free(file->beside);
            file->beside = NULL;
        }
    }
    return code;
}

/* For a file system on which an unnamed file cannot be linked. */
static int outfile_copy(struct ipm_outfile *file) {
    struct stat status;
    const int fd = outfile_make_beside(file, -1, S_IRUSR | S_IWUSR);
    if (fd < 0)
        return fd;
    if (fstat(file->fd, &status) == 0) {
        (void)!fchown(fd, status.st_uid, status.st_gid); /* as far as permitted */
        (void)fchmod(fd, status.st_mode & 0777U);
    }
    const int code = ipm_replace_copy(fd, file->fd);
    (void)dup3(fd, file->fd, O_CLOEXEC);
    (void)close(fd);
    return code;
}

/* Names the file. A link cannot replace a file, so the file gets a name next to it
 * first. */
static int outfile_name(struct ipm_outfile *file) {
    if (!file->unnamed)
        return 0;
    file->unnamed = false;
    int code = outfile_link(file->fd, file->place);
    if (code == -EEXIST)
        code = outfile_make_beside(file, file->fd, 0);
    return code == 0 ? 0 : outfile_copy(file);
}

/* Opens the folder of `place` or, with O_TMPFILE, an unnamed file in it. */
static int outfile_open_folder(const char *place, int flags, mode_t mode) {
    assert(place != NULL);
    const size_t folder = ipm_target_folder_bytes(place);
    char *name = strndup(folder == 0 ? "." : place, folder == 0 ? 1 : folder);
    const int fd = name == NULL ? -1 : open(name, flags | O_CLOEXEC, mode);
    free(name);
    return fd;
}

/* Errors are ignored: the document is complete at its place, and without the sync a power
 * failure may only restore the old one. */
static void outfile_sync_folder(const char *place) {
    const int fd = outfile_open_folder(place, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return;
    (void)fsync(fd);
    (void)close(fd);
}

static int outfile_put_in_place(struct ipm_outfile *file) {
    const int open = file->stream != NULL ? file->fd : -1;
    const int code =
        file->beside != NULL ? ipm_replace_file(file->place, file->beside, open) : 0;
    if (code != 0)
        return code;
    free(file->beside);
    file->beside = NULL;
    if (file->place != NULL)
        outfile_sync_folder(file->place);
    return 0;
}

/* --- the check -------------------------------------------------------------------------- */

static int outfile_fail_beside(const struct ipm_outfile *file, int code,
                               struct ipm_err *err) {
    assert(file->target != NULL && file->place != NULL);
    const int folder = (int)ipm_target_folder_bytes(file->place);
    if (code == -ENOENT && folder == 0)
        ipm_err_hint(err, "the working directory was deleted");
    if (code == -ENOENT)
        ipm_err_hint(err, "the folder '%.*s' does not exist", folder, file->place);
    if (code == -EACCES || code == -EPERM)
        ipm_err_hint(err,
                     "a file is first written next to its target: the folder '%.*s' must "
                     "be writable",
                     folder == 0 ? 1 : folder, folder == 0 ? "." : file->place);
    return ipm_target_fail(file->target, code, err);
}

/* An empty write to a character device fails if the device is full (/dev/full,
 * full(4)). */
static int outfile_probe_write(int fd) {
    return write(fd, "", 0) < 0 && errno != EAGAIN ? -errno : 0;
}

/* A FIFO is not opened, because that would block until there is a reader and then give
 * that reader an early end of file: fifo(7). */
static int outfile_probe_direct(const struct ipm_target *target) {
    struct stat status = target->status;
    if (target->descriptor >= 0)
        return fstat(target->descriptor, &status) == 0 && S_ISCHR(status.st_mode)
                   ? outfile_probe_write(target->descriptor)
                   : 0;
    if (S_ISFIFO(status.st_mode))
        return faccessat(AT_FDCWD, target->place, W_OK, AT_EACCESS) != 0 &&
                       errno == EACCES
                   ? -EACCES
                   : 0;
    int fd = open(target->place, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int code = fd < 0 ? -errno : outfile_probe_write(fd);
    if (fd >= 0)
        (void)close(fd);
    return code;
}

/* Makes a file and allocates space, because access rights alone do not decide (root,
 * read-only file systems, quotas). */
static int outfile_probe_beside(struct ipm_outfile *file, struct ipm_err *err) {
    int fd = outfile_open_folder(file->place, O_RDWR | O_TMPFILE, S_IRUSR);
    if (fd < 0)
        fd = outfile_make_beside(file, -1, S_IRUSR);
    if (fd < 0)
        return outfile_fail_beside(file, fd, err);
    int why = posix_fallocate(fd, 0, OUTFILE_PROBE_BYTES);
    (void)close(fd); /* first: FUSE and NFS rename what is removed while it is open */
    if (file->beside != NULL && unlink(file->beside) != 0 && why == 0)
        why = errno;
    free(file->beside);
    return ipm_replace_is_loss(why) ? ipm_target_fail(file->target, -why, err) : 0;
}

int ipm_outfile_check(const char *target, struct ipm_err *err) {
    struct ipm_target found;
    int code = ipm_target_find(&found, target, err);
    if (code != 0)
        return code;
    struct ipm_outfile file = {.target = (char *)target, .place = found.place};
    code = found.direct ? outfile_probe_direct(&found) : outfile_probe_beside(&file, err);
    if (code != 0)
        code = ipm_target_fail(target, code, err); /* the first error wins */
    ipm_target_done(&found);
    return code;
}

/* --- opening ---------------------------------------------------------------------------- */

/* Opens a direct target. An open descriptor is duplicated, so that closing the stream
 * does not close it, after what stdio has buffered for it is written. Anything else is
 * appended to, because it may be another process's file. */
static int outfile_open_direct(const struct ipm_target *target) {
    if (target->descriptor == STDOUT_FILENO && fflush(stdout) != 0)
        return -errno;
    int fd = target->descriptor >= 0
                 ? fcntl(target->descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
                 : open(target->place, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

/* Gives the new file the owner and mode of the old one, as far as the file system
 * permits. Before that, or without it, only the owner may read it. */
static void outfile_dress(int fd, const struct ipm_target *target) {
    const struct stat *old = &target->status;
    mode_t mode = old->st_mode & 0777U;
    struct stat made;
    if (!target->exists || fstat(fd, &made) != 0)
        return;
    if ((made.st_uid != old->st_uid || made.st_gid != old->st_gid) &&
        fchown(fd, old->st_uid, old->st_gid) != 0 && made.st_gid != old->st_gid &&
        fchown(fd, (uid_t)-1, old->st_gid) != 0)
        mode &= ~(mode_t)S_IRWXG; /* they applied to another group */
    (void)fchmod(fd, mode);
}

static int outfile_open_beside(struct ipm_outfile *file,
                               const struct ipm_target *target) {
    const mode_t mode = target->exists ? target->status.st_mode & 0600U : 0666;
    int fd = outfile_open_folder(file->place, O_RDWR | O_TMPFILE, mode);
    file->unnamed = fd >= 0;
    if (fd < 0)
        fd = outfile_make_beside(file, -1, mode);
    if (fd >= 0)
        outfile_dress(fd, target);
    return fd;
}

/* Takes ownership of the place of `found`. */
static int outfile_open_found(struct ipm_outfile *file, struct ipm_target *found) {
    static const cookie_io_functions_t calls = {.write = outfile_take};
    file->place = found->direct ? NULL : found->place;
    file->fd =
        found->direct ? outfile_open_direct(found) : outfile_open_beside(file, found);
    if (!found->direct)
        found->place = NULL;
    if (file->fd < 0)
        return file->fd;
    file->stream = fopencookie(file, "w", calls);
    if (file->stream != NULL)
        return 0;
    (void)close(file->fd);
    return -ENOMEM;
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
        code = file->place == NULL ? ipm_target_fail(target, code, err)
                                   : outfile_fail_beside(file, code, err);
        ipm_outfile_discard(file);
    }
    ipm_target_done(&found);
    return code;
}

/* --- the end ---------------------------------------------------------------------------- */

int ipm_outfile_publish(struct ipm_outfile *file, struct ipm_err *err) {
    outfile_flush(file);
    int code = file->failed;
    if (code == 0)
        code = outfile_name(file);
    if (code == 0)
        code = outfile_put_in_place(file);
    if (code != 0) {
        code = ipm_target_fail(file->target, code, err);
        ipm_outfile_discard(file);
    }
    return code;
}

int ipm_outfile_commit(struct ipm_outfile *file, struct ipm_err *err) {
    outfile_flush(file);
    outfile_sync(file);
    if (file->failed == 0)
        file->failed = outfile_name(file);
    outfile_close(file);
    if (file->failed == 0)
        file->failed = outfile_put_in_place(file);
    const int code =
        file->failed == 0 ? 0 : ipm_target_fail(file->target, file->failed, err);
    ipm_outfile_discard(file);
    return code;
}

void ipm_outfile_discard(struct ipm_outfile *file) {
    outfile_close(file);
    if (file->beside != NULL)
        (void)unlink(file->beside);
    free(file->beside);
    free(file->place);
    free(file->target);
    *file = (struct ipm_outfile){0};
}
