/* leaks.c - looks at /proc/self/fd, at waitpid and into TMPDIR. */
#include "tests/support/leaks.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int leaks_entries(const char *path) {
    DIR *folder = opendir(path);
    int count = 0;
    cr_assert_not_null(folder, "cannot read %s", path);
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    (void)closedir(folder);
    return count;
}

static bool leaks_is_kernel_worker(const char *thread) {
    char path[64];
    char name[32] = "";
    (void)snprintf(path, sizeof path, "/proc/self/task/%.16s/comm", thread);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    (void)!fgets(name, sizeof name, file);
    (void)fclose(file);
    return strncmp(name, "iou-wrk-", 8) == 0;
}

int ipm_leaks_threads(void) {
    DIR *folder = opendir("/proc/self/task");
    int count = 0;
    cr_assert_not_null(folder);
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        count += entry->d_name[0] != '.' && !leaks_is_kernel_worker(entry->d_name);
    (void)closedir(folder);
    return count;
}

void ipm_leaks_begin(struct ipm_leaks *leaks) {
    ipm_tempdir_open(leaks->folder);
    cr_assert_eq(setenv("TMPDIR", leaks->folder, 1), 0);
    leaks->descriptors = leaks_entries("/proc/self/fd");
}

void ipm_leaks_check(const struct ipm_leaks *leaks) {
    cr_assert_eq(leaks_entries("/proc/self/fd"), leaks->descriptors,
                 "a descriptor was left open");
    cr_assert_eq(leaks_entries(leaks->folder), 0, "a file was left in TMPDIR");
    cr_assert_eq(waitpid(-1, NULL, WNOHANG), -1, "a child was left");
    cr_assert_eq(errno, ECHILD);
}

void ipm_leaks_end(struct ipm_leaks *leaks) {
    ipm_leaks_check(leaks);
    cr_assert_eq(rmdir(leaks->folder), 0);
    *strrchr(leaks->folder, '/') = '\0';
    cr_assert_eq(setenv("TMPDIR", leaks->folder, 1), 0); /* what it was, or /tmp */
}
