/* outfile.h - a document that is either complete at its place or not there at all.
 *
 * A regular target is written beside itself, synced and renamed into place (rename(2) is
 * atomic). A device, a pipe and standard output ("-") are written directly. */
#ifndef IPM_BASE_OUTFILE_H
#define IPM_BASE_OUTFILE_H

#include <stdio.h>

struct ipm_err;

struct ipm_outfile {
    FILE *stream; /* write here */
    char *target; /* as the user named it */
    char *place;  /* target with its links followed: what is replaced */
    char *beside; /* the temporary name, or NULL when written directly */
};

/* Detects what would fail later: no such folder, a directory, no permission, a full
 * device. Leaves nothing behind and changes nothing. Blocks only on a slow file
 * system. */
int ipm_outfile_check(const char *target, struct ipm_err *err);

/* Opens for writing. On error nothing is left behind. */
int ipm_outfile_open(struct ipm_outfile *file, const char *target, struct ipm_err *err);

/* Renames the document into place now, as far as it is written, so that other programs
 * can read it while it grows. On error nothing is left behind. */
int ipm_outfile_publish(struct ipm_outfile *file, struct ipm_err *err);

/* Flushes, syncs, renames. On error the old target is untouched and no temporary is left.
 * The outfile is done with, either way. */
int ipm_outfile_commit(struct ipm_outfile *file, struct ipm_err *err);

/* Drops what was written. Safe after commit and on a zeroed struct. */
void ipm_outfile_discard(struct ipm_outfile *file);

#endif
