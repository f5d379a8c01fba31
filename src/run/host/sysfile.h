/* sysfile.h - one value of a small file in /proc or /sys.
 *
 * `root` precedes every path: "", or the folder that stands for / in a test. */
#ifndef IPM_RUN_HOST_SYSFILE_H
#define IPM_RUN_HOST_SYSFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { IPM_SYSFILE_PATH_BYTES = 2048 };

/* Writes root and path. Returns false and sets errno if they are too long. */
bool ipm_sysfile_join(char whole[IPM_SYSFILE_PATH_BYTES], const char *root,
                      const char *path);

/* Opens a file for reading. Returns NULL and sets errno if that is not possible. */
FILE *ipm_sysfile_open(const char *root, const char *path);

/* Whether there is such a file, of any kind. */
bool ipm_sysfile_exists(const char *root, const char *path);

/* The first line, without its end; "" when there is no such file. */
void ipm_sysfile_line(const char *root, const char *path, char *text, size_t size);

/* The first whole number, or -1. */
int64_t ipm_sysfile_number(const char *root, const char *path);

/* The number after `key` and a space, of the line that begins with them, or -1. */
int64_t ipm_sysfile_counter(const char *root, const char *path, const char *key);

/* The text after `key` and the first ":" or "=", of the first line that begins with the
 * key, without surrounding blanks and quotes; "" when there is none. */
void ipm_sysfile_value(const char *root, const char *path, const char *key, char *text,
                       size_t size);

#endif
