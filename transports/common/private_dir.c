/* private_dir.c - a private directory for the names of sockets and FIFOs. */
#include "transports/common/private_dir.h"

#include "base/err.h"
#include "base/strbuf.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int ipm_private_dir_path(const struct ipm_private_dir *place, char *ret_path,
                         size_t bytes, const char *name) {
    struct ipm_strbuf path = ipm_strbuf_over(ret_path, bytes);
    return ipm_strbuf_add(&path, "%s/%s", place->directory, name) ? 0 : -ENAMETOOLONG;
}

static int private_dir_make_directory(struct ipm_private_dir *place,
                                      const struct ipm_private_dir_use *use,
                                      const char *parent) {
    *place = (struct ipm_private_dir){.address = {.sun_family = AF_UNIX}};
    struct ipm_strbuf name =
        ipm_strbuf_over(place->directory, use->path_bytes - use->name_bytes);
    int failed = 0;
    if (!ipm_strbuf_add(&name, "%s/ipcmark-XXXXXX", parent))
        failed = -ENAMETOOLONG;
    else if (!mkdtemp(place->directory))
        failed = -errno;
    if (failed)
        *place = (struct ipm_private_dir){0};
    return failed;
}

/* Tries to make it in `parent`, which is called `name` in messages. */
static int private_dir_try(struct ipm_private_dir *place,
                           const struct ipm_private_dir_use *use, const char *parent,
                           const char *name, struct ipm_err *err) {
    int failed = private_dir_make_directory(place, use, parent);
    if (failed == -ENAMETOOLONG)
        return ipm_err_set(err, failed, "%s is too long for a %s path", name, use->what);
    if (failed)
        return ipm_err_sys(err, failed, "%s cannot be used", name);
    failed = use->fill(place, use->context);
    if (!failed)
        return 0;
    ipm_private_dir_remove(place);
    return ipm_err_sys(err, failed, "%s cannot hold a %s", name, use->what);
}

int ipm_private_dir_make(struct ipm_private_dir *place,
                         const struct ipm_private_dir_use *use, struct ipm_err *err) {
    static const char *const fallbacks[] = {"/tmp", "/dev/shm"};
    const char *wanted = getenv("TMPDIR");
    struct ipm_err why = {0}; /* the first failure wins */
    if (wanted && *wanted && private_dir_try(place, use, wanted, "TMPDIR", &why) == 0)
        return 0;
    for (size_t i = 0; i < sizeof fallbacks / sizeof *fallbacks; i++) {
        if (private_dir_try(place, use, fallbacks[i], fallbacks[i], &why) != 0)
            continue;
        struct ipm_strbuf notice = ipm_strbuf_over(place->notice, sizeof place->notice);
        if (why.code != 0)
            (void)ipm_strbuf_add(&notice, "%.100s: used %s", why.text, fallbacks[i]);
        return 0;
    }
    (void)ipm_err_set(err, why.code, "no place for a %s: %s", use->what, why.text);
    ipm_err_hint(err, "set TMPDIR to a directory with a short path and room in it");
    return why.code;
}

static int private_dir_fill_socket(struct ipm_private_dir *place, void *context) {
    const int *fd = context;
    struct sockaddr_un *address = &place->address;
    int failed = ipm_private_dir_path(place, address->sun_path, sizeof address->sun_path,
                                      "socket");
    if (failed)
        return failed;
    return bind(*fd, (const struct sockaddr *)address, sizeof *address) == 0 ? 0 : -errno;
}

int ipm_private_dir_bind(struct ipm_private_dir *place, int fd, struct ipm_err *err) {
    const struct ipm_private_dir_use use = {.what = "socket",
                                            .path_bytes = sizeof place->address.sun_path,
                                            .name_bytes = sizeof "/socket" - 1,
                                            .fill = private_dir_fill_socket,
                                            .context = &fd};
    return ipm_private_dir_make(place, &use, err);
}

void ipm_private_dir_remove(struct ipm_private_dir *place) {
    if (place->directory[0] == '\0')
        return;
    if (place->address.sun_path[0] != '\0')
        (void)unlink(place->address.sun_path); /* there may be none yet */
    (void)rmdir(place->directory);
    *place = (struct ipm_private_dir){0};
}
