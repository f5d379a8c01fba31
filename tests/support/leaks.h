/* leaks.h - nothing left behind: no descriptor, no child, no thread, no file. */
#ifndef IPM_LEAKS_H
#define IPM_LEAKS_H

#include "tests/support/tempdir.h"

struct ipm_leaks {
    int descriptors;
    char folder[IPM_TEMPDIR_BYTES]; /* a fresh TMPDIR of this test */
};

/* Counts descriptors and gives the test a TMPDIR of its own. */
void ipm_leaks_begin(struct ipm_leaks *leaks);

/* Fails the test when there is a descriptor more, a child (also a zombie) or a file. */
void ipm_leaks_check(const struct ipm_leaks *leaks);

/* Returns the number of threads of this process that user space made. The kernel's worker
 * threads of io_uring(7) are left out: it makes them when it wants to, "iou-wrk-PID", and
 * keeps them until the process exits. */
int ipm_leaks_threads(void);

/* Checks, and removes the folder. */
void ipm_leaks_end(struct ipm_leaks *leaks);

#endif
