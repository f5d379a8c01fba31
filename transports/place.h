/* place.h - a private name in the file system for a socket.
 *
 * The name is in a directory of its own with mode 0700, under $TMPDIR. Where that cannot be
 * (too long for a socket's path, full, not writable), /tmp and then /dev/shm are tried. */
#ifndef IPM_PLACE_H
#define IPM_PLACE_H

#include "base/facts.h"

#include <sys/un.h>

struct ipm_err;

struct ipm_place {
    char directory[sizeof((struct sockaddr_un *)0)->sun_path];
    struct sockaddr_un address;       /* its path is inside the directory */
    char notice[IPM_FACT_TEXT_BYTES]; /* why not where it was wanted, or empty */
};

/* Makes the directory and binds the socket in it. On error nothing is left. Returns 0 or a
 * negative errno, which is that of the place wanted first. */
int ipm_place_bind(struct ipm_place *place, int fd, struct ipm_err *err);

/* Removes the name and the directory. Safe to call twice, and on a zeroed place. */
void ipm_place_remove(struct ipm_place *place);

#endif
