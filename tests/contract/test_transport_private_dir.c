/* test_transport_private_dir.c - what a killed owner leaves is taken back, and nothing else. */
#include "tests/support/tempdir.h"
#include "transports/common/private_dir.h"
#include "transports/transport.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir_tmpdir[IPM_TEMPDIR_BYTES];

static void dir_set_up(void) {
    ipm_tempdir_open(dir_tmpdir);
    cr_assert_eq(setenv("TMPDIR", dir_tmpdir, 1), 0);
}

static void dir_tear_down(void) {
    ipm_tempdir_close(dir_tmpdir);
}

TestSuite(transport_private_dir, .init = dir_set_up, .fini = dir_tear_down);

/* A process that opens the transport, says so and stays. Returns its pid. */
static pid_t dir_open_in_child(const char *name) {
    const struct ipm_transport *ops = ipm_transport_find(name);
    struct ipm_link link = {.ops = ops, .config = {.message_bytes = 64}};
    int told[2];
    char byte = 0;
    cr_assert_eq(pipe2(told, O_CLOEXEC), 0);
    link.state = calloc(1, ops->link_size + 1);
    const pid_t child = fork();
    if (child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (ops->open(&link, NULL) != 0 || write(told[1], "", 1) != 1)
            _exit(1);
        (void)pause();
    }
    (void)close(told[1]);
    cr_assert_eq(read(told[0], &byte, 1), 1, "%s", name);
    (void)close(told[0]);
    free(link.state);
    return child;
}

static void dir_kill(pid_t child) {
    (void)kill(child, SIGKILL);
    cr_assert_eq(waitpid(child, NULL, 0), child);
}

static void dir_probe(const char *name) {
    size_t most = 0;
    cr_assert_eq(ipm_transport_find(name)->probe(&most, NULL), 0);
}

static void dir_check_taken_back(const char *name) {
    const pid_t child = dir_open_in_child(name);
    dir_probe("unix");
    cr_expect_eq(ipm_tempdir_count(dir_tmpdir), 1, "%s: taken from a live owner", name);
    dir_kill(child);
    cr_expect_eq(ipm_tempdir_count(dir_tmpdir), 1, "%s: the test shows nothing", name);
    dir_probe("unix");
    cr_expect_eq(ipm_tempdir_count(dir_tmpdir), 0, "%s: something is left", name);
}

Test(transport_private_dir, of_a_killed_owner_is_taken_back_by_the_next_probe) {
    dir_check_taken_back("unix");
    dir_check_taken_back("unix-seqpacket");
    dir_check_taken_back("unix-dgram");
    dir_check_taken_back("fifo");
}

static void dir_make(const char *name, mode_t mode, const char *file) {
    const char *path = ipm_tempdir_file(dir_tmpdir, name);
    cr_assert_eq(mkdir(path, mode), 0);
    cr_assert_eq(chmod(path, mode), 0);
    if (file)
        (void)close(creat(ipm_tempdir_file(path, file), 0600));
}

/* A directory with a file in it, one that others may enter, one with another name, a link. */
Test(transport_private_dir, is_never_taken_for_a_directory_that_ipcmark_did_not_make) {
    dir_make("ipcmark-dir-AAAAAA", 0700, "notes");
    dir_make("ipcmark-dir-BBBBBB", 0755, NULL);
    dir_make("ipcmark", 0700, NULL);
    cr_assert_eq(symlink("ipcmark", ipm_tempdir_file(dir_tmpdir, "ipcmark-dir-CCCCCC")),
                 0);
    ipm_private_dir_reclaim();
    cr_expect_eq(ipm_tempdir_count(dir_tmpdir), 4);
}

Test(transport_private_dir, of_another_user_is_left_alone) {
    const uid_t nobody = 65534;
    dir_make("ipcmark-dir-AAAAAA", 0700, NULL);
    if (chown(ipm_tempdir_file(dir_tmpdir, "ipcmark-dir-AAAAAA"), nobody, nobody) != 0) {
        ipm_tempdir_close(dir_tmpdir); /* a skip ends the test at once */
        cr_skip_test("only root can give a directory to another user");
    }
    ipm_private_dir_reclaim();
    cr_expect_eq(ipm_tempdir_count(dir_tmpdir), 1);
}
