/* sysfile.c - small files of the kernel. What cannot be read is unknown, not an error. */
#include "run/host/sysfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SYSFILE_LINE_BYTES = 1024 };

static void sysfile_copy(char *text, size_t size, const char *from) {
    static const char around[] = " \t\r\n\"";
    from += strspn(from, around);
    size_t length = strlen(from);
    while (length > 0 && strchr(around, from[length - 1]))
        length--;
    if (length > size - 1)
        length = size - 1;
    memcpy(text, from, length);
    text[length] = '\0';
}

bool ipm_sysfile_join(char whole[IPM_SYSFILE_PATH_BYTES], const char *root,
                      const char *path) {
    const int bytes = snprintf(whole, IPM_SYSFILE_PATH_BYTES, "%s%s", root, path);
    errno = ENAMETOOLONG;
    return bytes >= 0 && bytes < IPM_SYSFILE_PATH_BYTES;
}

FILE *ipm_sysfile_open(const char *root, const char *path) {
    char whole[IPM_SYSFILE_PATH_BYTES];
    return ipm_sysfile_join(whole, root, path) ? fopen(whole, "re") : NULL;
}

bool ipm_sysfile_exists(const char *root, const char *path) {
    char whole[IPM_SYSFILE_PATH_BYTES];
    return ipm_sysfile_join(whole, root, path) && access(whole, F_OK) == 0;
}

void ipm_sysfile_line(const char *root, const char *path, char *text, size_t size) {
    char line[SYSFILE_LINE_BYTES];
    FILE *file = ipm_sysfile_open(root, path);
    text[0] = '\0';
    if (!file)
        return;
    if (fgets(line, sizeof line, file))
        sysfile_copy(text, size, line);
    (void)fclose(file);
}

int64_t ipm_sysfile_number(const char *root, const char *path) {
    char line[SYSFILE_LINE_BYTES];
    char *end = line;
    ipm_sysfile_line(root, path, line, sizeof line);
    long long number = strtoll(line, &end, 10);
    return end == line ? -1 : (int64_t)number;
}

int64_t ipm_sysfile_counter(const char *root, const char *path, const char *key) {
    char line[SYSFILE_LINE_BYTES];
    const size_t length = strlen(key);
    int64_t number = -1;
    FILE *file = ipm_sysfile_open(root, path);
    if (!file)
        return -1;
    while (number < 0 && fgets(line, sizeof line, file))
        if (strncmp(line, key, length) == 0 && line[length] == ' ')
            number = strtoll(line + length, NULL, 10);
    (void)fclose(file);
    return number;
}

void ipm_sysfile_value(const char *root, const char *path, const char *key, char *text,
                       size_t size) {
    char line[SYSFILE_LINE_BYTES];
    FILE *file = ipm_sysfile_open(root, path);
    text[0] = '\0';
    if (!file)
        return;
    while (!text[0] && fgets(line, sizeof line, file)) {
        const char *after = line + strcspn(line, ":=");
        if (strncmp(line, key, strlen(key)) == 0 && *after)
            sysfile_copy(text, size, after + 1);
    }
    (void)fclose(file);
}
