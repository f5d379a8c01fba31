/* outfile.h - a document that is either complete at its place or absent.
 *
 * A regular target is written to an unnamed file in the same folder (O_TMPFILE, open(2)),
 * or to a hidden file next to the target, synced, and renamed into place (rename(2) is
 * atomic). A device, a pipe and an open descriptor ("-", /dev/fd/N) are written
 * directly. */
#ifndef IPM_BASE_OUTFILE_H
#define IPM_BASE_OUTFILE_H

#include <stdbool.h>
#include <stdio.h>

struct ipm_err;

struct ipm_outfile {
    FILE *stream; /* write here */
    char *target; /* as the user named it */
    char *place;  /* target with links followed: what is replaced */
    char *beside; /* the temporary name, or NULL */
    int fd;       /* of the stream */
    int failed;   /* the first failed write, a negative errno */
    bool unnamed; /* it has no name yet */
};

/* Detects later failures: no such folder, a directory, no permission, a full device.
 * Changes nothing. Blocks only on a slow file system. */
int ipm_outfile_check(const char *target, struct ipm_err *err);

/* Opens for writing. Leaves nothing behind on error. The struct must not move until
 * commit or discard. */
int ipm_outfile_open(struct ipm_outfile *file, const char *target, struct ipm_err *err);

/* Renames the document into place as far as it is written, so that other programs can
 * read it while it grows. Leaves nothing behind on error. */
int ipm_outfile_publish(struct ipm_outfile *file, struct ipm_err *err);

/* Flushes, syncs and renames. On error the old target is unchanged, no temporary file is
 * left, and err is the first failed write. The outfile is closed in either case. */
int ipm_outfile_commit(struct ipm_outfile *file, struct ipm_err *err);

/* Drops the document. Safe after commit and on a zeroed struct. */
void ipm_outfile_discard(struct ipm_outfile *file);

#endif
