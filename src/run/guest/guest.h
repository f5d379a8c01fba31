/* guest.h - runs a program in an emulated machine whose clock counts instructions: QEMU's
 * emulator with -icount, one CPU, and nothing but that program.
 *
 * The same program, kernel, words and seed give the same report to the last digit, whatever
 * else the machine is doing. */
#ifndef IPM_RUN_GUEST_GUEST_H
#define IPM_RUN_GUEST_GUEST_H

#include <limits.h>
#include <stdint.h>
#include <stdio.h>

struct ipm_err;

#define IPM_GUEST_QEMU           "qemu-system-x86_64"
#define IPM_GUEST_QEMU_PACKAGE   "qemu-system-x86"
#define IPM_GUEST_KERNEL_PACKAGE "linux-image-cloud-amd64"

/* Finds the emulator in PATH, and the kernel that is booted unless another one is named: that
 * of this machine if it can be read, else the newest below /boot. Returns 0, or -ENOENT with
 * the package that has it. `root` is "" but in tests. */
int ipm_guest_find_qemu(char ret_path[PATH_MAX], struct ipm_err *err);
int ipm_guest_find_kernel(const char *root, char ret_path[PATH_MAX], struct ipm_err *err);

struct ipm_guest_boot {
    const char *kernel;
    const char *append; /* more words for the kernel, or "" */
    FILE *image;        /* of image.h */
    uint64_t seed;      /* of the random numbers that the machine gives the kernel */
    uint64_t most_ns;   /* of real time, until it has to be ready */
};

/* Boots it and waits for its end. *ret_report is what the program wrote to its standard
 * output, to be read from the start; the caller closes it. Returns 0, -EINTR (stopped by the
 * user), or a negative errno with one line that has the end of the console. Whatever happens,
 * nothing of the guest is left. */
int ipm_guest_run(const struct ipm_guest_boot *boot, FILE **ret_report,
                  struct ipm_err *err);

/* init.c: lives as the first process of the guest: prepares it, runs the words of image.h,
 * writes the standard output of that program to the second serial port, and ends the guest.
 * Returns -EPERM, and has done nothing, where this is not a guest. */
int ipm_guest_init(struct ipm_err *err);

#endif
