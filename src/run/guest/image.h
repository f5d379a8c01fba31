/* image.h - the first root directory of a guest: a program, its libraries and its words. */
#ifndef IPM_RUN_GUEST_IMAGE_H
#define IPM_RUN_GUEST_IMAGE_H

#include <stddef.h>
#include <stdio.h>

struct ipm_err;

/* Where the guest finds what it runs: words that end with a zero byte each, the program
 * first. */
#define IPM_GUEST_WORDS "/words"

struct ipm_guest_image {
    const char *init;    /* absolute path of this program, which is the first process */
    const char *program; /* absolute path of what it runs */
    const char
        *preload; /* libraries that it loads by itself, separated by colons, or "" */
    const char *const *words; /* its arguments */
    size_t word_count;
};

/* Returns the archive as a file in memory, which the caller closes, or NULL. */
FILE *ipm_guest_image_make(const struct ipm_guest_image *image, struct ipm_err *err);

struct ipm_cpio {
    FILE *out;
    unsigned count; /* of entries: the number of the last inode */
};

/* Adds the directories above an absolute path, and then the entry: a file with these bytes, a
 * directory without any, or a symbolic link with its target. `mode` is that of stat(2).
 * Failures are those of the stream. */
void ipm_cpio_add(struct ipm_cpio *cpio, const char *path, unsigned mode,
                  const void *bytes, size_t count);

/* Adds the last entry. Returns 0, or -EIO when the stream has failed. */
int ipm_cpio_end(struct ipm_cpio *cpio);

#endif
