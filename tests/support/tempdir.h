/* tempdir.h - a folder of a test's own, gone when the test is. */
#ifndef IPM_TEMPDIR_H
#define IPM_TEMPDIR_H

enum { IPM_TEMPDIR_BYTES = 256 };

/* Makes a private folder below TMPDIR or /tmp. Ends the test when it cannot. */
void ipm_tempdir_open(char path[IPM_TEMPDIR_BYTES]);

/* "path/name", in memory that lasts until the next 8 calls. */
const char *ipm_tempdir_file(const char *path, const char *name);

/* Entries in it, but for "." and "..". */
int ipm_tempdir_count(const char *path);

/* Removes the folder and all that is in it. Never fails. */
void ipm_tempdir_close(const char *path);

/* Writes a file below it, and makes the folders on its path: "/proc/stat". */
void ipm_tempdir_put(const char *path, const char *name, const char *text);

#endif
