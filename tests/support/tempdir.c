/* tempdir.c - makes and removes a test's folder. Must not know which test it is. */
#include "tests/support/tempdir.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEMPDIR_NAMES = 8, TEMPDIR_FDS = 8 };

void ipm_tempdir_open(char path[IPM_TEMPDIR_BYTES]) {
    const char *base = getenv("TMPDIR");
    int length = snprintf(path, IPM_TEMPDIR_BYTES, "%s/ipcmark-test.XXXXXX",
                          base != NULL && base[0] != '\0' ? base : "/tmp");
    if (length >= IPM_TEMPDIR_BYTES || mkdtemp(path) == NULL) {
        perror("cannot make a folder for the test");
        abort();
    }
}

const char *ipm_tempdir_file(const char *path, const char *name) {
    static char names[TEMPDIR_NAMES][IPM_TEMPDIR_BYTES * 2];
    static unsigned next;
    char *file = names[next++ % TEMPDIR_NAMES];
    (void)snprintf(file, sizeof names[0], "%s/%s", path, name);
    return file;
}

void ipm_tempdir_put(const char *path, const char *name, const char *text) {
    char whole[IPM_TEMPDIR_BYTES * 2];
    (void)snprintf(whole, sizeof whole, "%s%s", path, name);
    for (char *slash = whole + strlen(path) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        (void)mkdir(whole, 0700);
        *slash = '/';
    }
    FILE *file = fopen(whole, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
        perror("cannot write a file of the test");
        abort();
    }
}

int ipm_tempdir_count(const char *path) {
    DIR *folder = opendir(path);
    int count = -2; /* "." and ".." */
    while (folder != NULL && readdir(folder) != NULL)
        count++;
    if (folder != NULL)
        (void)closedir(folder);
    return count;
}

static int tempdir_remove(const char *path, const struct stat *status, int kind,
                          struct FTW *at) {
    (void)status, (void)kind, (void)at;
    (void)remove(path);
    return 0;
}

void ipm_tempdir_close(const char *path) {
    (void)nftw(path, tempdir_remove, TEMPDIR_FDS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
