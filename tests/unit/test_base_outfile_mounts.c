/* Outfile: file systems that are read-only, full, or mounted over the target. Each test
 * mounts in a mount namespace of its own, so that nothing is left of it. */
#include "base/err.h"
#include "base/outfile.h"
#include "tests/support/assert.h"
#include "tests/support/tempdir.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static char mounts_folder[IPM_TEMPDIR_BYTES];
static char outer[IPM_TEMPDIR_BYTES];
static struct ipm_err mounts_err;

/* Mounts a file system at `folder`, or skips the test where that is not allowed. */
static void mount_at_folder(unsigned long flags, const char *options) {
    ipm_tempdir_open(mounts_folder);
    (void)memcpy(outer, mounts_folder, sizeof outer);
    if (unshare(CLONE_NEWNS) != 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", mounts_folder, "tmpfs", flags, options) != 0) {
        ipm_tempdir_close(mounts_folder);
        cr_skip_test("needs the right to mount");
    }
}

static void mounts_teardown(void) {
    (void)umount2(outer, MNT_DETACH);
    ipm_tempdir_close(outer);
}

TestSuite(base_outfile_mounts, .fini = mounts_teardown);

static void mounts_refused(int code, const char *words) {
    const char *target = ipm_tempdir_file(mounts_folder, "report");
    cr_expect(eq(int, ipm_outfile_check(target, &mounts_err), code));
    cr_expect(ne(ptr, strstr(mounts_err.text, words), NULL), "'%s'", mounts_err.text);
}

Test(base_outfile_mounts, a_read_only_file_system_is_refused) {
    mount_at_folder(MS_RDONLY, NULL);
    mounts_refused(-EROFS, ": Read-only file system");
}

Test(base_outfile_mounts, a_file_system_without_room_is_refused) {
    mount_at_folder(0, "size=32k");
    mounts_refused(-ENOSPC, ": No space left on device");
    cr_assert(eq(int, ipm_tempdir_count(mounts_folder), 0));
}

Test(base_outfile_mounts, a_file_system_without_room_fails_the_commit_and_is_left_clean) {
    struct ipm_outfile file;
    mount_at_folder(0, "size=32k");
    cr_assert(eq(
        int,
        ipm_outfile_open(&file, ipm_tempdir_file(mounts_folder, "report"), &mounts_err),
        0));
    for (int i = 0; i < 100000; i++)
        (void)fputs("a line\n", file.stream);
    cr_assert(eq(int, ipm_outfile_commit(&file, &mounts_err), -ENOSPC));
    cr_assert(ne(ptr, strstr(mounts_err.text, ": No space left on device"), NULL));
    cr_assert(eq(int, ipm_tempdir_count(mounts_folder), 0));
}

Test(base_outfile_mounts, a_target_that_is_a_mount_point_is_refused) {
    const char *target = NULL;
    mount_at_folder(0, NULL);
    target = ipm_tempdir_file(mounts_folder, "report");
    int fd = open(target, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    cr_assert(le(int, 0, fd));
    (void)close(fd);
    cr_assert(eq(int, mount(target, target, NULL, MS_BIND, NULL), 0));
    mounts_refused(-EBUSY, ": Device or resource busy");
    cr_expect(ne(ptr, strstr(mounts_err.hint, "mount point"), NULL));
}
