/* test_transport_fifo.c - what only FIFOs have: a name of their own until both are in, and
 * ends that are opened by it. */
#include "pair.h"
#include "tests/support/tempdir.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIFO_PATH_BYTES = 512 };

static const struct ipm_transport *fifo_ops(void) {
    return ipm_transport_find("fifo");
}

Test(transport_fifo, can_do_what_a_pipe_can) {
    cr_expect_eq(fifo_ops()->caps, ipm_transport_find("pipe")->caps);
    cr_expect_eq(fifo_ops()->direction, IPM_SIMPLEX);
    cr_expect_eq(fifo_ops()->family, IPM_FAMILY_PIPE);
}

/* The one entry of a folder, or of the only folder in it. */
static void fifo_entry(const char *folder, const char *name, char *ret_path) {
    DIR *entries = opendir(folder);
    cr_assert_not_null(entries, "%s", folder);
    ret_path[0] = '\0';
    for (struct dirent *entry = readdir(entries); entry; entry = readdir(entries))
        if (entry->d_name[0] != '.' && (!name || strcmp(entry->d_name, name) == 0))
            (void)snprintf(ret_path, FIFO_PATH_BYTES, "%s/%s", folder, entry->d_name);
    (void)closedir(entries);
    cr_assert_neq(ret_path[0], '\0', "nothing in %s", folder);
}

Test(transport_fifo, lies_in_a_folder_that_is_nobody_elses) {
    struct ipm_pair pair;
    struct stat status;
    char folder[FIFO_PATH_BYTES];
    char path[FIFO_PATH_BYTES];
    (void)umask(0);
    ipm_pair_open_plain(&pair, fifo_ops());
    fifo_entry(pair.leaks.folder, NULL, folder);
    cr_assert_eq(lstat(folder, &status), 0);
    cr_expect_eq(status.st_mode, (mode_t)(S_IFDIR | 0700));
    fifo_entry(folder, "0", path);
    cr_assert_eq(lstat(path, &status), 0);
    cr_expect_eq(status.st_mode, (mode_t)(S_IFIFO | 0600));
    pair.ops->close(&pair.link, IPM_PARENT);
    ipm_pair_end(&pair);
}

/* Somebody has put something else where the FIFO was. */
static int fifo_attach_to(void (*make)(const char *path), struct ipm_err *err) {
    struct ipm_pair pair;
    char folder[FIFO_PATH_BYTES];
    char path[FIFO_PATH_BYTES];
    ipm_pair_open_plain(&pair, fifo_ops());
    fifo_entry(pair.leaks.folder, NULL, folder);
    fifo_entry(folder, "0", path);
    cr_assert_eq(unlink(path), 0);
    make(path);
    int failed = pair.ops->attach(&pair.end, &pair.link, err);
    cr_expect_eq(pair.end.tx_fd, -1);
    pair.ops->close(&pair.link, IPM_PARENT);
    ipm_pair_end(&pair);
    return failed;
}

static void fifo_make_file(const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    cr_assert(fd >= 0);
    (void)close(fd);
}

static void fifo_make_link(const char *path) {
    cr_assert_eq(symlink("/dev/null", path), 0);
}

static void fifo_make_another(const char *path) {
    cr_assert_eq(mkfifo(path, 0600), 0);
}

Test(transport_fifo, is_not_opened_where_something_else_has_its_name) {
    struct ipm_err err = {0};
    cr_expect_eq(fifo_attach_to(fifo_make_file, &err), -EPERM);
    cr_expect_str_eq(err.text, "cannot open a FIFO: Operation not permitted");
    err = (struct ipm_err){0};
    cr_expect_eq(fifo_attach_to(fifo_make_link, &err), -ELOOP);
    err = (struct ipm_err){0};
    cr_expect_eq(fifo_attach_to(fifo_make_another, &err), -ENXIO); /* nobody reads it */
}

static void fifo_tell(const struct ipm_endpoint *end, int64_t *ret_inode,
                      char *ret_path) {
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    end->ops->describe(end, &endpoint, &settings);
    *ret_inode = ipm_facts_find(&endpoint, "pipe_inode")->number;
    (void)snprintf(ret_path, FIFO_PATH_BYTES, "%s",
                   ipm_facts_find(&endpoint, "fifo_path")->text);
}

static const char *fifo_compare(struct ipm_pair *pair) {
    int64_t inodes[2];
    char path[FIFO_PATH_BYTES];
    fifo_tell(&pair->end, &inodes[0], path);
    if (!ipm_pair_recv_all(&pair->end, (unsigned char *)&inodes[1], sizeof inodes[1]))
        return "the parent did not say";
    return inodes[0] == inodes[1] && strstr(path, "/ipcmark-") ? NULL
                                                               : "not the same FIFO";
}

static void fifo_say(struct ipm_pair *pair) {
    int64_t inode;
    char path[FIFO_PATH_BYTES];
    fifo_tell(&pair->end, &inode, path);
    cr_expect_not_null(strstr(path, "/ipcmark-"), "%s", path);
    cr_expect_neq(access(path, F_OK), 0, "%s is left", path);
    cr_assert(ipm_pair_send_all(&pair->end, (const unsigned char *)&inode, sizeof inode));
}

Test(transport_fifo, is_the_same_one_at_both_ends_and_gone_from_the_disk) {
    ipm_pair_run(fifo_ops(), fifo_compare, fifo_say);
}

Test(transport_fifo, falls_back_from_a_TMPDIR_that_is_missing_and_says_so) {
    struct ipm_pair pair;
    struct ipm_facts endpoint = {0};
    struct ipm_facts settings = {0};
    ipm_pair_open_plain(&pair, fifo_ops());
    pair.ops->close(&pair.link, IPM_PARENT);
    cr_assert_eq(setenv("TMPDIR", "/nonesuch", 1), 0);
    cr_assert_eq(pair.ops->open(&pair.link, &pair.err), 0, "%s", pair.err.text);
    cr_assert_eq(pair.ops->attach(&pair.end, &pair.link, &pair.err), 0);
    pair.ops->describe(&pair.end, &endpoint, &settings);
    cr_expect_str_eq(ipm_facts_find(&settings, "notice")->text,
                     "TMPDIR cannot be used: No such file or directory: used /tmp");
    pair.ops->close(&pair.link, IPM_PARENT);
    ipm_pair_end(&pair);
}
