/* Outfile: a document is whole at its place or not there, and nothing is left beside it. */
#include "base/err.h"
#include "base/outfile.h"
#include "tests/support/assert.h"
#include "tests/support/refuse.h"
#include "tests/support/tempdir.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char folder[IPM_TEMPDIR_BYTES];
static struct ipm_err err;

static void setup(void) {
    ipm_tempdir_open(folder);
}

static void teardown(void) {
    ipm_tempdir_close(folder);
}

TestSuite(base_outfile, .init = setup, .fini = teardown);

static const char *at(const char *name) {
    return ipm_tempdir_file(folder, name);
}

static void put(const char *name, const char *text) {
    FILE *stream = fopen(at(name), "w");
    cr_assert(ne(ptr, stream, NULL));
    (void)fputs(text, stream);
    (void)fclose(stream);
}

static void expect_content(const char *name, const char *text) {
    char content[64] = "";
    FILE *stream = fopen(at(name), "r");
    cr_assert(ne(ptr, stream, NULL), "no '%s'", name);
    content[fread(content, 1, sizeof content - 1, stream)] = '\0';
    (void)fclose(stream);
    cr_expect(eq(str, content, (char *)text));
}

static void write_whole(const char *target, const char *text) {
    struct ipm_outfile file;
    cr_assert(eq(int, ipm_outfile_open(&file, target, &err), 0), "%s", err.text);
    (void)fputs(text, file.stream);
    cr_assert(eq(int, ipm_outfile_commit(&file, &err), 0), "%s", err.text);
}

static mode_t mode_of(const char *name) {
    struct stat status;
    cr_assert(eq(int, stat(at(name), &status), 0));
    return status.st_mode & 07777U;
}

/* Both look at the same world, so they must refuse alike. */
static void expect_refused(const char *target, int code, const char *words) {
    struct ipm_err open_err = {0};
    struct ipm_outfile file;
    char wanted[IPM_ERR_TEXT_BYTES];
    (void)snprintf(wanted, sizeof wanted, words, target);
    err = (struct ipm_err){0};
    cr_expect(eq(int, ipm_outfile_check(target, &err), code), "for '%s'", target);
    cr_expect(eq(str, err.text, wanted));
    cr_expect(eq(int, ipm_outfile_open(&file, target, &open_err), code), "for '%s'",
              target);
    cr_expect(eq(str, open_err.text, wanted));
    cr_expect(eq(str, open_err.hint, err.hint));
    ipm_outfile_discard(&file);
}

Test(base_outfile, a_new_file_is_there_whole_and_alone) {
    cr_assert(eq(int, ipm_outfile_check(at("new"), &err), 0));
    cr_assert(eq(int, ipm_tempdir_count(folder), 0), "the check left something");
    write_whole(at("new"), "whole");
    expect_content("new", "whole");
    cr_assert(eq(int, ipm_tempdir_count(folder), 1));
}

Test(base_outfile, the_old_file_stays_until_the_new_one_is_whole) {
    struct ipm_outfile file;
    put("report", "old");
    cr_assert(eq(int, ipm_outfile_check(at("report"), &err), 0));
    cr_assert(eq(int, ipm_outfile_open(&file, at("report"), &err), 0));
    (void)fputs("new", file.stream);
    (void)fflush(file.stream);
    expect_content("report", "old");
    cr_assert(eq(int, ipm_outfile_commit(&file, &err), 0));
    expect_content("report", "new");
    cr_assert(eq(int, ipm_tempdir_count(folder), 1));
}

Test(base_outfile, discard_leaves_the_old_file_and_nothing_else) {
    struct ipm_outfile file;
    put("report", "old");
    cr_assert(eq(int, ipm_outfile_open(&file, at("report"), &err), 0));
    (void)fputs("new", file.stream);
    ipm_outfile_discard(&file);
    expect_content("report", "old");
    cr_assert(eq(int, ipm_tempdir_count(folder), 1));
}

Test(base_outfile, discard_is_safe_after_commit_and_on_zeroes) {
    struct ipm_outfile file = {0};
    ipm_outfile_discard(&file);
    cr_assert(eq(int, ipm_outfile_open(&file, at("report"), &err), 0));
    cr_assert(eq(int, ipm_outfile_commit(&file, &err), 0));
    ipm_outfile_discard(&file);
    expect_content("report", "");
}

Test(base_outfile, what_is_being_written_is_hidden_and_not_inherited) {
    struct ipm_outfile file;
    cr_assert(eq(int, ipm_outfile_open(&file, at("report"), &err), 0));
    if (file.unnamed)
        cr_expect(eq(int, ipm_tempdir_count(folder), 0));
    else
        cr_expect(eq(ptr, strstr(file.beside, at(".report.")), file.beside));
    cr_assert(eq(int, fcntl(file.fd, F_GETFD), FD_CLOEXEC));
    ipm_outfile_discard(&file);
}

Test(base_outfile, a_target_that_appears_meanwhile_is_replaced) {
    struct ipm_outfile file;
    cr_assert(eq(int, ipm_outfile_open(&file, at("report"), &err), 0));
    put("report", "meanwhile");
    (void)fputs("new", file.stream);
    cr_assert(eq(int, ipm_outfile_commit(&file, &err), 0), "%s", err.text);
    expect_content("report", "new");
    cr_assert(eq(int, ipm_tempdir_count(folder), 1));
}

Test(base_outfile, a_deleted_working_directory_is_told) {
    cr_assert(eq(int, mkdir(at("gone"), 0700), 0));
    cr_assert(eq(int, chdir(at("gone")), 0));
    cr_assert(eq(int, rmdir(at("gone")), 0));
    expect_refused("report", -ENOENT, "cannot write '%s': No such file or directory");
    cr_expect(eq(str, err.hint, "the working directory was deleted"));
}

Test(base_outfile, a_name_without_a_folder_is_in_the_current_one) {
    cr_assert(eq(int, chdir(folder), 0));
    cr_assert(eq(int, ipm_outfile_check("report", &err), 0));
    write_whole("report", "here");
    expect_content("report", "here");
    cr_assert(eq(int, ipm_tempdir_count(folder), 1));
}

Test(base_outfile, the_longest_name_still_has_a_temporary) {
    char name[256];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    cr_assert(eq(int, ipm_outfile_check(at(name), &err), 0), "%s", err.text);
    write_whole(at(name), "long");
    expect_content(name, "long");
}

Test(base_outfile, a_new_file_has_the_mode_of_the_umask) {
    (void)umask(027);
    write_whole(at("new"), "x");
    cr_assert(eq(uint, mode_of("new"), 0640));
    cr_assert(eq(uint, umask(022), 027));
}

Test(base_outfile, a_replaced_file_keeps_its_mode_and_owner) {
    struct stat status;
    put("report", "old");
    cr_assert(eq(int, chmod(at("report"), 0604), 0));
    if (geteuid() == 0)
        cr_assert(eq(int, chown(at("report"), 1234, 2345), 0));
    cr_assert(eq(int, stat(at("report"), &status), 0));
    uid_t owner = status.st_uid;
    write_whole(at("report"), "new");
    cr_assert(eq(uint, mode_of("report"), 0604));
    cr_assert(eq(int, stat(at("report"), &status), 0));
    cr_assert(eq(uint, status.st_uid, owner));
}

Test(base_outfile, a_link_is_written_through_and_kept) {
    cr_assert(eq(int, mkdir(at("real"), 0755), 0));
    put("real/report", "old");
    cr_assert(eq(int, symlink("real/report", at("second")), 0));
    cr_assert(eq(int, symlink(at("second"), at("first")), 0));
    cr_assert(eq(int, ipm_outfile_check(at("first"), &err), 0));
    write_whole(at("first"), "new");
    struct stat status;
    cr_assert(eq(int, lstat(at("first"), &status), 0));
    cr_assert(eq(uint, status.st_mode & S_IFMT, S_IFLNK));
    expect_content("real/report", "new");
    cr_assert(eq(int, ipm_tempdir_count(at("real")), 1));
}

Test(base_outfile, a_link_to_what_is_not_there_yet_makes_it) {
    cr_assert(eq(int, symlink("yet", at("link")), 0));
    cr_assert(eq(int, ipm_outfile_check(at("link"), &err), 0));
    write_whole(at("link"), "made");
    expect_content("yet", "made");
    cr_assert(eq(int, ipm_tempdir_count(folder), 2));
}

Test(base_outfile, links_in_a_circle_are_refused) {
    cr_assert(eq(int, symlink("b", at("a")), 0));
    cr_assert(eq(int, symlink("a", at("b")), 0));
    expect_refused(at("a"), -ELOOP,
                   "cannot write '%s': Too many levels of symbolic links");
}

Test(base_outfile, folders_are_refused) {
    expect_refused(folder, -EISDIR, "'%s' is a directory");
    expect_refused(at("none/"), -EISDIR, "'%s' is a directory");
    expect_refused(".", -EISDIR, "'%s' is a directory");
    cr_assert(eq(int, ipm_tempdir_count(folder), 0));
}

Test(base_outfile, a_missing_folder_is_refused_and_named) {
    expect_refused(at("no/report"), -ENOENT,
                   "cannot write '%s': No such file or directory");
    cr_assert(ne(ptr, strstr(err.hint, "does not exist"), NULL));
    cr_assert(ne(ptr, strstr(err.hint, at("no")), NULL));
}

Test(base_outfile, names_that_cannot_be_are_refused) {
    char name[300];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    put("file", "x");
    expect_refused("", -ENOENT, "cannot write '%s': No such file or directory");
    expect_refused(at("file/report"), -ENOTDIR, "cannot write '%s': Not a directory");
    expect_refused(at(name), -ENAMETOOLONG, "cannot write '%s': File name too long");
}

/* Root may write anywhere, so it steps down; the folder stays its own. */
static void step_down(mode_t folder_mode) {
    cr_assert(eq(int, chmod(folder, folder_mode), 0));
    if (geteuid() == 0)
        cr_assert(eq(int, seteuid(65534), 0));
}

static void step_up(void) {
    (void)seteuid(getuid());
    (void)chmod(folder, 0700);
}

Test(base_outfile, a_folder_that_is_not_writable_is_refused) {
    step_down(0555);
    expect_refused(at("report"), -EACCES, "cannot write '%s': Permission denied");
    cr_expect(ne(ptr, strstr(err.hint, "must be writable"), NULL));
    step_up();
}

Test(base_outfile, a_read_only_file_is_refused) {
    put("report", "old");
    cr_assert(eq(int, chmod(at("report"), 0444), 0));
    step_down(0777);
    expect_refused(at("report"), -EACCES, "'%s' is read-only");
    step_up();
    expect_content("report", "old");
}

Test(base_outfile, the_file_of_another_in_a_sticky_folder_is_refused) {
    if (geteuid() != 0) {
        teardown(); /* Criterion does not call it for a skipped test */
        cr_skip_test("needs root to be another user");
    }
    put("report", "old");
    cr_assert(eq(int, chmod(at("report"), 0666), 0));
    step_down(01777);
    expect_refused(at("report"), -EPERM, "cannot write '%s': Operation not permitted");
    step_up();
    cr_assert(eq(int, ipm_tempdir_count(folder), 1));
}

Test(base_outfile, rights_of_another_group_are_not_given_to_ones_own) {
    if (geteuid() != 0) {
        teardown();
        cr_skip_test("needs root to be another user");
    }
    put("report", "old");
    cr_assert(eq(int, chown(at("report"), 1234, 2345), 0));
    cr_assert(eq(int, chmod(at("report"), 0666), 0));
    step_down(0777);
    write_whole(at("report"), "new");
    step_up();
    cr_assert(eq(uint, mode_of("report"), 0606));
}

Test(base_outfile, a_socket_is_refused) {
    cr_assert(eq(int, mknod(at("socket"), S_IFSOCK | 0600, 0), 0));
    expect_refused(at("socket"), -ENXIO, "'%s' is a socket");
}

static void limit_file_size(rlim_t bytes) {
    const struct rlimit limit = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};
    (void)signal(SIGXFSZ, SIG_IGN);
    cr_assert(eq(int, setrlimit(RLIMIT_FSIZE, &limit), 0));
}

Test(base_outfile, a_file_system_without_room_is_refused_by_the_check) {
    limit_file_size(4096);
    int code = ipm_outfile_check(at("report"), &err);
    limit_file_size(RLIM_INFINITY);
    cr_assert(eq(int, code, -EFBIG));
    cr_assert(eq(int, ipm_tempdir_count(folder), 0));
}

Test(base_outfile, a_write_that_fails_half_way_leaves_the_old_file) {
    struct ipm_outfile file;
    put("report", "old");
    cr_assert(eq(int, ipm_outfile_open(&file, at("report"), &err), 0));
    limit_file_size(4096);
    for (int i = 0; i < 100000; i++)
        (void)fputs("a line\n", file.stream);
    int code = ipm_outfile_commit(&file, &err);
    limit_file_size(RLIM_INFINITY);
    cr_assert(eq(int, code, -EFBIG));
    cr_assert(ne(ptr, strstr(err.text, ": File too large"), NULL));
    expect_content("report", "old");
    cr_assert(eq(int, ipm_tempdir_count(folder), 1));
}

Test(base_outfile, a_target_that_goes_away_fails_the_commit_and_leaves_nothing) {
    struct ipm_outfile file;
    cr_assert(eq(int, ipm_outfile_open(&file, at("report"), &err), 0));
    cr_assert(eq(int, mkdir(at("report"), 0755), 0));
    cr_assert(eq(int, ipm_outfile_commit(&file, &err), -EISDIR));
    cr_assert(eq(int, ipm_tempdir_count(folder), 1));
}

Test(base_outfile, a_published_one_can_be_watched_as_it_grows) {
    struct ipm_outfile file;
    put("grows", "old");
    cr_assert(eq(int, ipm_outfile_open(&file, at("grows"), &err), 0), "%s", err.text);
    expect_content("grows", "old");
    cr_assert(eq(int, ipm_outfile_publish(&file, &err), 0), "%s", err.text);
    expect_content("grows", "");
    (void)fputs("one", file.stream);
    (void)fflush(file.stream);
    expect_content("grows", "one");
    (void)fputs("two", file.stream);
    cr_assert(eq(int, ipm_outfile_commit(&file, &err), 0), "%s", err.text);
    expect_content("grows", "onetwo");
}

Test(base_outfile, publishing_where_the_folder_is_gone_leaves_nothing) {
    struct ipm_outfile file;
    cr_assert(eq(int, mkdir(at("sub"), 0700), 0));
    cr_assert(eq(int, ipm_outfile_open(&file, at("sub/x"), &err), 0), "%s", err.text);
    if (file.beside != NULL)
        cr_assert(eq(int, unlink(file.beside), 0));
    cr_assert(eq(int, rmdir(at("sub")), 0));
    cr_expect(eq(int, ipm_outfile_publish(&file, &err), -ENOENT));
    cr_expect(eq(ptr, file.stream, NULL));
    cr_expect(ne(str, err.text, ""));
}

/* As some file systems in user space do; rename(3) is one of these calls. */
static void refuse_to_rename(void) {
#ifdef SYS_rename
    ipm_refuse(SYS_rename, EPERM);
#endif
#ifdef SYS_renameat
    ipm_refuse(SYS_renameat, EPERM);
#endif
    ipm_refuse(SYS_renameat2, EPERM);
}

Test(base_outfile, where_renaming_is_refused_the_old_file_is_overwritten) {
    put("report", "an old document");
    cr_assert(eq(int, chmod(at("report"), 0640), 0));
    refuse_to_rename();
    write_whole(at("report"), "new");
    expect_content("report", "new");
    cr_expect(eq(u32, mode_of("report"), 0640));
    cr_expect(eq(int, ipm_tempdir_count(folder), 1));
}

Test(base_outfile, where_renaming_is_refused_a_published_one_grows) {
    struct ipm_outfile file;
    put("grows", "old");
    refuse_to_rename();
    cr_assert(eq(int, ipm_outfile_open(&file, at("grows"), &err), 0), "%s", err.text);
    (void)fputs("one", file.stream);
    cr_assert(eq(int, ipm_outfile_publish(&file, &err), 0), "%s", err.text);
    (void)fputs("two", file.stream);
    cr_assert(eq(int, ipm_outfile_commit(&file, &err), 0), "%s", err.text);
    expect_content("grows", "onetwo");
    cr_expect(eq(int, ipm_tempdir_count(folder), 1));
}
