/* elf.h - whether a file is a shared library that this process could load. */
#ifndef IPM_BASE_ELF_H
#define IPM_BASE_ELF_H

struct ipm_err;

/* Looks at the first bytes only. dlopen(3) has no words for a library of another machine
 * ("No such file"), and waits for ever at a named pipe. Returns 0, or a negative errno and
 * words that begin behind the name of the file: "it is no ELF file". */
int ipm_elf_check(const char *path, struct ipm_err *err);

#endif
