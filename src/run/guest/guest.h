/* guest.h - runs a program in an emulated machine whose clock counts instructions: QEMU's
 * emulator with -icount, one CPU, and nothing but that program.
 *
 * The same program, kernel, words and seed give the same report to the last digit, whatever
 * else the machine is doing. */
#ifndef IPM_RUN_GUEST_GUEST_H
#define IPM_RUN_GUEST_GUEST_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct ipm_err;

/* The variable by which the first process knows where the report goes. */
#define IPM_GUEST_PORT "IPM_GUEST_PORT"

enum ipm_guest_kind { IPM_GUEST_HOST, IPM_GUEST_X86_64, IPM_GUEST_AARCH64 };
extern const char *const ipm_guest_kind_words[]; /* ends with NULL */

enum { IPM_GUEST_OPTIONS_MOST = 8 };

/* A kind of machine that is emulated. */
struct ipm_guest_machine {
    const char *name;
    const char *qemu;
    const char *qemu_package; /* of Debian, as is the next */
    const char *kernel_package;
    uint16_t elf;                                /* e_machine of its programs */
    const char *options[IPM_GUEST_OPTIONS_MOST]; /* of the emulator; end with NULL */
    const char *words;                           /* for the kernel */
};

/* Returns the machine; that of the host is x86_64 unless there is a better one. */
const struct ipm_guest_machine *ipm_guest_machine(enum ipm_guest_kind kind);
bool ipm_guest_is_foreign(const struct ipm_guest_machine *machine);

/* Finds the emulator in PATH, and the kernel that is booted unless another one is named: that
 * of this machine if it can be read, else the newest below /boot; none of them is of a foreign
 * machine. Returns 0, or -ENOENT with the package that has it. `root` is "" but in tests. */
int ipm_guest_find_qemu(const struct ipm_guest_machine *machine, char ret_path[PATH_MAX],
                        struct ipm_err *err);
int ipm_guest_find_kernel(const struct ipm_guest_machine *machine, const char *root,
                          char ret_path[PATH_MAX], struct ipm_err *err);

/* What can be read of a program without running it. */
struct ipm_guest_elf {
    uint16_t machine;
    bool has_loader; /* it is not static */
};

/* Returns 0, or -ENOEXEC where that is no program in the ELF format. */
int ipm_guest_elf_read(const char *path, struct ipm_guest_elf *ret_elf);

/* Checks that a program can run on the machine, and on a foreign one alone. Returns 0 or
 * -ENOEXEC. */
int ipm_guest_check_program(const struct ipm_guest_machine *machine, const char *path,
                            struct ipm_err *err);

struct ipm_guest_boot {
    const struct ipm_guest_machine *machine;
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
