/* test_transport_unix.c - what only a Unix socket has: a path, and a peer with a name. */
#include "base/err.h"
#include "pair.h"
#include "tests/support/tempdir.h"
#include "transports/common/fd.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un unix_server(void) {
    struct sockaddr_un address = {0};
    socklen_t bytes = sizeof address;
    cr_assert_eq(getsockname(ipm_pair_listener(), (struct sockaddr *)&address, &bytes),
                 0);
    return address;
}

static int unix_stranger(const struct sockaddr_un *server) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(connect(fd, (const struct sockaddr *)server, sizeof *server), 0);
    return fd;
}

Test(transport_unix, lives_in_a_private_directory_in_TMPDIR) {
    struct ipm_pair pair;
    struct stat status;
    ipm_pair_open_plain(&pair, ipm_transport_find("unix"));
    struct sockaddr_un server = unix_server();
    cr_expect_eq(strncmp(server.sun_path, pair.leaks.folder, strlen(pair.leaks.folder)),
                 0, "%s", server.sun_path);
    *strrchr(server.sun_path, '/') = '\0';
    cr_assert_eq(stat(server.sun_path, &status), 0);
    cr_expect_eq(status.st_mode & 07777, (mode_t)0700);
    pair.ops->close(&pair.link, IPM_PARENT);
    ipm_pair_end(&pair);
}

static const char *unix_take(struct ipm_pair *pair) {
    unsigned char bytes[4096];
    return ipm_pair_recv_all(&pair->end, bytes, sizeof bytes) &&
                   ipm_pair_holds(bytes, sizeof bytes, 4)
               ? NULL
               : "what came is not what was sent";
}

/* The test itself is the stranger: it has another pid than the child. */
Test(transport_unix, lets_the_child_in_past_strangers) {
    unsigned char bytes[4096];
    struct ipm_pair pair;
    ipm_pair_open_plain(&pair, ipm_transport_find("unix"));
    const struct sockaddr_un server = unix_server();
    int silent = unix_stranger(&server);
    int loud = unix_stranger(&server);
    cr_assert_eq(send(loud, "let me in", 9, MSG_NOSIGNAL), 9);
    ipm_pair_start(&pair, unix_take);
    ipm_pair_fill(bytes, sizeof bytes, 4);
    cr_expect(ipm_pair_send_all(&pair.end, bytes, sizeof bytes));
    cr_expect(recv(silent, bytes, 1, 0) <= 0, "a stranger got something");
    cr_expect(recv(loud, bytes, 1, 0) <= 0, "a stranger got something");
    (void)close(silent);
    (void)close(loud);
    ipm_pair_end(&pair);
}

/* As if the one who listens were not the parent. */
static const char *unix_attach_to_stranger(struct ipm_pair *pair) {
    pair->end.peer_pid = getpid();
    int failed = pair->ops->attach(&pair->end, &pair->link, &pair->err);
    return failed == -EPERM && strstr(pair->err.text, "another process listens at '")
               ? NULL
               : "a child talks to a stranger";
}

Test(transport_unix, is_not_talked_to_by_the_child_of_another) {
    struct ipm_pair pair;
    ipm_pair_open_plain(&pair, ipm_transport_find("unix"));
    ipm_pair_fork(&pair, unix_attach_to_stranger);
    cr_expect_not(ipm_pair_await(&pair));
    pair.ops->close(&pair.link, IPM_PARENT);
    ipm_pair_end(&pair);
}

static const char *unix_check_unnamed(struct ipm_pair *pair) {
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    pair->ops->describe(&pair->end, &endpoint, &settings);
    const struct ipm_fact *local = ipm_facts_find(&endpoint, "local_path");
    const struct ipm_fact *peer = ipm_facts_find(&endpoint, "peer_path");
    if (!local || local->text[0] != '\0')
        return "the client has a name";
    return peer && strstr(peer->text, "/ipcmark-") ? NULL : "the server has no name";
}

static void unix_check_named(struct ipm_pair *pair) {
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    pair->ops->describe(&pair->end, &endpoint, &settings);
    cr_expect_not_null(
        strstr(ipm_facts_find(&endpoint, "local_path")->text, "/ipcmark-"));
    cr_expect_str_eq(ipm_facts_find(&endpoint, "peer_path")->text, "");
}

Test(transport_unix, has_a_path_and_an_unnamed_client) {
    ipm_pair_run(ipm_transport_find("unix"), unix_check_unnamed, unix_check_named);
}

static const char *unix_do_nothing(struct ipm_pair *pair) {
    (void)pair;
    return NULL;
}

static void unix_set_tmpdir(const char *tmpdir) {
    if (tmpdir)
        cr_assert_eq(setenv("TMPDIR", tmpdir, 1), 0);
    else
        cr_assert_eq(unsetenv("TMPDIR"), 0);
}

static void unix_check_gone(char *path) {
    cr_expect_eq(strncmp(path, "/tmp/ipcmark-", 13), 0, "%s", path);
    cr_expect_neq(access(path, F_OK), 0, "%s is left", path);
    *strrchr(path, '/') = '\0';
    cr_expect_neq(access(path, F_OK), 0, "%s is left", path);
}

/* A pair with this TMPDIR goes to /tmp, with this notice, or NULL for none. */
static void unix_check_notice(const char *tmpdir, const char *notice) {
    const struct ipm_transport *ops = ipm_transport_find("unix");
    struct ipm_pair pair;
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    ipm_pair_open_plain(&pair, ops);
    ops->close(&pair.link, IPM_PARENT);
    unix_set_tmpdir(tmpdir);
    cr_assert_eq(ops->open(&pair.link, &pair.err), 0, "%s", pair.err.text);
    struct sockaddr_un server = unix_server();
    ipm_pair_start(&pair, unix_do_nothing);
    ops->describe(&pair.end, &endpoint, &settings);
    unix_check_gone(server.sun_path);
    const struct ipm_fact *fact = ipm_facts_find(&settings, "notice");
    cr_expect_eq(fact != NULL, notice != NULL);
    if (fact && notice)
        cr_expect_str_eq(fact->text, notice);
    ipm_pair_end(&pair);
}

Test(transport_unix, falls_back_from_a_TMPDIR_that_is_too_long_and_says_so) {
    char folder[200] = "/tmp/";
    memset(folder + 5, 'x', 150);
    cr_assert(mkdir(folder, 0700) == 0 || errno == EEXIST);
    unix_check_notice(folder, "TMPDIR is too long for a socket path: used /tmp");
    cr_expect_eq(rmdir(folder), 0, "something is left in TMPDIR");
}

Test(transport_unix, falls_back_from_a_TMPDIR_that_is_missing_and_says_so) {
    unix_check_notice("/nonesuch/folder",
                      "TMPDIR cannot be used: No such file or directory: used /tmp");
}

Test(transport_unix, falls_back_from_a_TMPDIR_that_is_full_and_says_so) {
    if (unshare(CLONE_NEWNS) != 0 ||
        mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", "/mnt", "tmpfs", 0, "nr_inodes=2") != 0)
        cr_skip_test("mounting is refused here");
    unix_check_notice("/mnt",
                      "TMPDIR cannot hold a socket: No space left on device: used /tmp");
    cr_expect_eq(ipm_tempdir_count("/mnt"), 0, "the full TMPDIR holds a directory");
}

Test(transport_unix, needs_no_notice_when_TMPDIR_is_not_set_or_empty) {
    unix_check_notice(NULL, NULL);
    unix_check_notice("", NULL);
}

/* A listener whose queue is full makes connect wait (unix(7)): not for ever. */
Test(transport_unix, gives_up_connecting_to_who_never_accepts) {
    struct sockaddr_un server = {.sun_family = AF_UNIX};
    socklen_t bytes = sizeof server;
    struct ipm_err err = {0};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int second = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(bind(listener, (struct sockaddr *)&server, sizeof(sa_family_t)), 0);
    cr_assert_eq(listen(listener, 0), 0);
    cr_assert_eq(getsockname(listener, (struct sockaddr *)&server, &bytes), 0);
    int first = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(ipm_fd_connect(first, (struct sockaddr *)&server, bytes, 1000, &err), 0);
    cr_expect_eq(ipm_fd_connect(second, (struct sockaddr *)&server, bytes, 50, &err),
                 -ETIMEDOUT);
    cr_expect_str_eq(err.text, "cannot connect to the parent within 50 ms");
}
