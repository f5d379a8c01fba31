/* outfile.h - a document that is either complete at its place or not there at all.
 *
 * A regular target is written to a file without a name in the same folder (O_TMPFILE, open(2)),
 * or where there is none to a hidden file beside the target, synced, and renamed into place
 * (rename(2) is atomic). A device, a pipe and an open descriptor ("-", /dev/fd/N) are written
 * directly. */
#ifndef IPM_BASE_OUTFILE_H
#define IPM_BASE_OUTFILE_H

#include <stdbool.h>
#include <stdio.h>

struct ipm_err;

struct ipm_outfile {
    FILE *stream; /* write here */
    char *target; /* as the user named it */
    char *place;  /* target with its links followed: what is replaced */
    char *beside; /* the temporary name, or NULL: it has none */
    int fd;       /* behind the stream */
    int failed;   /* the first failure to write, a negative errno */
    bool unnamed; /* it has no name yet */
};

/* Detects what would fail later: no such folder, a directory, no permission, a full
 * device. Leaves nothing behind and changes nothing. Blocks only on a slow file
 * system. */
int ipm_outfile_check(const char *target, struct ipm_err *err);

/* Opens for writing. On error nothing is left behind. The struct must not move until commit or
 * discard. */
int ipm_outfile_open(struct ipm_outfile *file, const char *target, struct ipm_err *err);

/* Renames the document into place now, as far as it is written, so that other programs
 * can read it while it grows. On error nothing is left behind. */
int ipm_outfile_publish(struct ipm_outfile *file, struct ipm_err *err);

/* Flushes, syncs, renames. On error the old target is untouched, no temporary is left, and the
 * error is the first one that a write met. The outfile is done with, either way. */
int ipm_outfile_commit(struct ipm_outfile *file, struct ipm_err *err);

/* Drops what was written. Safe after commit and on a zeroed struct. */
void ipm_outfile_discard(struct ipm_outfile *file);

#endif
