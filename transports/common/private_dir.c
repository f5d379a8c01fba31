/* private_dir.c - a private directory for the names of sockets and FIFOs. */
#include "transports/common/private_dir.h"

#include "base/err.h"
#include "base/strbuf.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The path of the socket in it. Returns 0 or -ENAMETOOLONG. */
static int private_dir_path(const struct ipm_private_dir *dir, char *ret_path,
                            size_t bytes) {
    struct ipm_strbuf path = ipm_strbuf_over(ret_path, bytes);
    return ipm_strbuf_add(&path, "%s/socket", dir->directory) ? 0 : -ENAMETOOLONG;
}

static int private_dir_create(struct ipm_private_dir *dir, const char *parent) {
    struct ipm_strbuf name = ipm_strbuf_over(dir->directory, sizeof dir->directory);
    if (!ipm_strbuf_add(&name, "%s/ipcmark-XXXXXX", parent))
        return -ENAMETOOLONG;
    if (mkdtemp(dir->directory))
        return 0;
    dir->directory[0] = '\0';
    return -errno;
}

/* Tries to make and fill it in `parent`, which is called `name` in messages. */
static int private_dir_try(struct ipm_private_dir *dir,
                           const struct ipm_private_dir_use *use, const char *parent,
                           const char *name, struct ipm_err *err) {
    *dir = (struct ipm_private_dir){0};
    int failed = private_dir_create(dir, parent);
    if (failed && failed != -ENAMETOOLONG)
        return ipm_err_sys(err, failed, "%s cannot be used", name);
    if (!failed)
        failed = use->fill(dir, use->context);
    if (!failed)
        return 0;
    ipm_private_dir_remove(dir);
    if (failed == -ENAMETOOLONG)
        return ipm_err_set(err, failed, "%s is too long for a %s path", name, use->what);
    return ipm_err_sys(err, failed, "%s cannot hold a %s", name, use->what);
}

int ipm_private_dir_make(struct ipm_private_dir *dir,
                         const struct ipm_private_dir_use *use, struct ipm_err *err) {
    static const char *const fallbacks[] = {"/tmp", "/dev/shm"};
    const char *wanted = getenv("TMPDIR");
    struct ipm_err why = {0}; /* the first failure wins */
    if (wanted && *wanted && private_dir_try(dir, use, wanted, "TMPDIR", &why) == 0)
        return 0;
    for (size_t i = 0; i < sizeof fallbacks / sizeof *fallbacks; i++) {
        if (private_dir_try(dir, use, fallbacks[i], fallbacks[i], &why) != 0)
            continue;
        struct ipm_strbuf notice = ipm_strbuf_over(dir->notice, sizeof dir->notice);
        if (why.code != 0)
            (void)ipm_strbuf_add(&notice, "%.100s: used %s", why.text, fallbacks[i]);
        return 0;
    }
    (void)ipm_err_set(err, why.code, "no dir for a %s: %s", use->what, why.text);
    ipm_err_hint(err, "set TMPDIR to a directory with a short path and room in it");
    return why.code;
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

void ipm_private_dir_remove(struct ipm_private_dir *dir) {
    char path[PATH_MAX];
    if (dir->directory[0] == '\0')
        return;
    if (private_dir_path(dir, path, sizeof path) == 0)
        (void)unlink(path); /* there may be none */
    (void)rmdir(dir->directory);
    *dir = (struct ipm_private_dir){0};
}
