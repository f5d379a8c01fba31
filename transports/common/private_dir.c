/* private_dir.c - a private directory for the names of sockets and FIFOs. */
#include "transports/common/private_dir.h"

#include "base/err.h"
#include "base/strbuf.h"
#include "transports/common/fd.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PRIVATE_DIR_PREFIX "ipcmark-dir-"

enum { PRIVATE_DIR_TRIES = 8, PRIVATE_DIR_OPEN = O_RDONLY | O_DIRECTORY | O_CLOEXEC };

/* The candidates: [0] is $TMPDIR, NULL if that is not set. A program with more rights
 * than its user ignores the variable. */
struct private_dir_places {
    const char *paths[3];
};

static struct private_dir_places private_dir_places(void) {
    const char *wanted = secure_getenv("TMPDIR");
    return (struct private_dir_places){
        {wanted && *wanted ? wanted : NULL, "/tmp", "/dev/shm"}};
}

enum { PRIVATE_DIR_PLACES = sizeof(struct private_dir_places) / sizeof(const char *) };

/* Writes the path of the socket in the directory. Returns 0 or -ENAMETOOLONG. */
static int private_dir_path(const struct ipm_private_dir *dir, char *ret_path,
                            size_t bytes) {
    struct ipm_strbuf path = ipm_strbuf_over(ret_path, bytes);
    return ipm_strbuf_add(&path, "%s/socket", dir->directory) ? 0 : -ENAMETOOLONG;
}

static void private_dir_unmake(struct ipm_private_dir *dir) {
    (void)rmdir(dir->directory);
    ipm_fd_close(&dir->lock);
    dir->directory[0] = '\0';
}

/* Locks the directory. Where the file system cannot lock directories (NFS), nobody can,
 * and the directory is never reclaimed. Returns -EAGAIN where a process that reclaims
 * locked it first and removes it. */
static int private_dir_lock(struct ipm_private_dir *dir) {
    dir->lock = open(dir->directory, PRIVATE_DIR_OPEN | O_NOFOLLOW);
    if (dir->lock < 0)
        return errno == ENOENT ? -EAGAIN : -errno;
    return flock(dir->lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK ? -EAGAIN : 0;
}

static int private_dir_create(struct ipm_private_dir *dir, const char *parent) {
    int failed = -EAGAIN;
    for (int i = 0; i < PRIVATE_DIR_TRIES && failed == -EAGAIN; i++) {
        *dir = (struct ipm_private_dir){.lock = -1};
        struct ipm_strbuf name = ipm_strbuf_over(dir->directory, sizeof dir->directory);
        if (!ipm_strbuf_add(&name, "%s/" PRIVATE_DIR_PREFIX "XXXXXX", parent))
            return -ENAMETOOLONG;
        if (!mkdtemp(dir->directory)) {
            dir->directory[0] = '\0';
            return -errno;
        }
        failed = private_dir_lock(dir);
        if (failed)
            private_dir_unmake(dir);
    }
    return failed;
}

/* Tries to make and fill the directory in `parent`, which messages call `name`. */
static int private_dir_try(struct ipm_private_dir *dir,
                           const struct ipm_private_dir_use *use, const char *parent,
                           const char *name, struct ipm_err *err) {
    int failed = private_dir_create(dir, parent);
    if (failed && failed != -ENAMETOOLONG)
        return ipm_err_sys(err, failed, "%s cannot be used", name);
    if (!failed)
        failed = use->fill(dir, use->context);
    if (!failed)
        return 0;
    ipm_private_dir_close(dir, IPM_PARENT);
    if (failed == -ENAMETOOLONG)
        return ipm_err_set(err, failed, "%s is too long for a %s path", name, use->what);
    return ipm_err_sys(err, failed, "%s cannot hold a %s", name, use->what);
}

int ipm_private_dir_make(struct ipm_private_dir *dir,
                         const struct ipm_private_dir_use *use, struct ipm_err *err) {
    const struct private_dir_places places = private_dir_places();
    struct ipm_err why = {0}; /* the first failure wins */
    for (size_t i = 0; i < PRIVATE_DIR_PLACES; i++) {
        const char *parent = places.paths[i];
        if (!parent ||
            private_dir_try(dir, use, parent, i == 0 ? "TMPDIR" : parent, &why) != 0)
            continue;
        struct ipm_strbuf notice = ipm_strbuf_over(dir->notice, sizeof dir->notice);
        if (why.code != 0)
            (void)ipm_strbuf_add(&notice, "%.100s: used %s", why.text, parent);
        return 0;
    }
    ipm_err_hint(err, "set TMPDIR to a directory with a short path and room in it");
    return ipm_err_set(err, why.code, "no dir for a %s: %s", use->what, why.text);
}

static int private_dir_bind(struct ipm_private_dir *dir, void *context) {
    const int *fd = context;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int failed = private_dir_path(dir, address.sun_path, sizeof address.sun_path);
    if (failed)
        return failed;
    return bind(*fd, (const struct sockaddr *)&address, sizeof address) == 0 ? 0 : -errno;
}

int ipm_private_dir_bind(struct ipm_private_dir *dir, int fd, struct ipm_err *err) {
    const struct ipm_private_dir_use use = {
        .what = "socket", .fill = private_dir_bind, .context = &fd};
    return ipm_private_dir_make(dir, &use, err);
}

void ipm_private_dir_close(struct ipm_private_dir *dir, enum ipm_side side) {
    char path[PATH_MAX];
    if (dir->directory[0] == '\0')
        return;
    if (side == IPM_CHILD) {
        ipm_fd_close(&dir->lock);
        return;
    }
    if (private_dir_path(dir, path, sizeof path) == 0)
        (void)unlink(path); /* it may not exist */
    private_dir_unmake(dir);
}

/* --- what was left behind --------------------------------------------------------------- */

/* Whether fd is a directory as made here, of this user, whose owner is gone. */
static bool private_dir_is_left(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 && status.st_uid == geteuid() &&
           (status.st_mode & 07777) == 0700 && flock(fd, LOCK_EX | LOCK_NB) == 0;
}

/* Removes sockets and FIFOs only: a directory with anything else in it stays. */
static void private_dir_reclaim_one(int parent, const char *name) {
    int fd = openat(parent, name, PRIVATE_DIR_OPEN | O_NOFOLLOW);
    DIR *listing = fd >= 0 && private_dir_is_left(fd) ? fdopendir(fd) : NULL;
    struct stat status;
    if (!listing) {
        ipm_fd_close(&fd);
        return;
    }
    for (struct dirent *entry; (entry = readdir(listing));)
        if (fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            (S_ISSOCK(status.st_mode) || S_ISFIFO(status.st_mode)))
            (void)unlinkat(fd, entry->d_name, 0);
    (void)unlinkat(parent, name, AT_REMOVEDIR);
    (void)closedir(listing);
}

static void private_dir_reclaim_in(DIR *parent) {
    const size_t prefix = sizeof PRIVATE_DIR_PREFIX - 1;
    for (struct dirent *entry; (entry = readdir(parent));)
        if (strncmp(entry->d_name, PRIVATE_DIR_PREFIX, prefix) == 0)
            private_dir_reclaim_one(dirfd(parent), entry->d_name);
}

void ipm_private_dir_reclaim(void) {
    const struct private_dir_places places = private_dir_places();
    for (size_t i = 0; i < PRIVATE_DIR_PLACES; i++) {
        DIR *parent = places.paths[i] ? opendir(places.paths[i]) : NULL;
        if (!parent)
            continue;
        private_dir_reclaim_in(parent);
        (void)closedir(parent);
    }
}
