/* replace.c - by rename(2), or else by a copy. */
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <unistd.h>

enum { REPLACE_COPY_BYTES = 0x7ffff000 }; /* the most that one call takes */

bool ipm_replace_is_loss(int why) {
    return why == EIO || why == ENOSPC || why == EDQUOT || why == EFBIG;
}

int ipm_replace_copy(int to, int from) {
    off_t at = 0;
    ssize_t moved = 0;
    while ((moved = sendfile(to, from, &at, REPLACE_COPY_BYTES)) > 0)
        continue;
    return moved < 0 || (fsync(to) != 0 && ipm_replace_is_loss(errno)) ? -errno : 0;
}

static int replace_content(const char *place, const char *beside, int fd) {
    const int from = open(beside, O_RDONLY | O_CLOEXEC);
    const int to =
        from < 0 ? -1 : open(place, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int code = to < 0 ? -errno : ipm_replace_copy(to, from);
    if (code == 0 && fd >= 0 && dup3(to, fd, O_CLOEXEC) < 0)
        code = -errno;
    if (from >= 0)
        (void)close(from);
    if (to >= 0)
        (void)close(to);
    return code;
}

int ipm_replace_file(const char *place, const char *beside, int fd) {
    if (rename(beside, place) == 0)
        return 0;
    if (errno != EPERM && errno != ENOSYS && errno != EOPNOTSUPP && errno != EINVAL)
        return -errno;
    const int code = replace_content(place, beside, fd);
    if (code == 0)
        (void)unlink(beside);
    return code;
}
