/* sysfile.h - one value of a small file in /proc or /sys. */
#ifndef IPM_RUN_HOST_SYSFILE_H
#define IPM_RUN_HOST_SYSFILE_H

#include <stddef.h>
#include <stdint.h>

/* The first line, without its end; "" when there is no such file. */
void ipm_sysfile_line(const char *path, char *text, size_t size);

/* The first whole number, or -1. */
int64_t ipm_sysfile_number(const char *path);

/* The number after `key` and a space, of the line that begins with them, or -1. */
int64_t ipm_sysfile_counter(const char *path, const char *key);

/* The text after `key` and the first ":" or "=", of the first line that begins with the
 * key, without surrounding blanks and quotes; "" when there is none. */
void ipm_sysfile_value(const char *path, const char *key, char *text, size_t size);

#endif
