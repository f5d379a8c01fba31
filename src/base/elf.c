/* elf.c - the header of an ELF file; see elf.h. Loads nothing. */
#include "base/elf.h"

#include "base/err.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What elf(5) has at the same place in files of 32 and of 64 bits. */
struct elf_head {
    unsigned char ident[EI_NIDENT];
    Elf64_Half type;
    Elf64_Half machine;
};

/* Returns 0 or a negative errno; 0 and a head of zeros for a file that is too short. */
static int elf_read(const char *path, struct elf_head *head) {
    struct stat status;
    *head = (struct elf_head){0};
    /* O_NONBLOCK: a named pipe is opened at once, and then told from a file */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return -errno;
    int failed = fstat(fd, &status) != 0 ? -errno : 0;
    if (!failed && S_ISDIR(status.st_mode))
        failed = -EISDIR;
    if (!failed && S_ISREG(status.st_mode) && read(fd, head, sizeof *head) < 0)
        failed = -errno;
    (void)close(fd);
    return failed;
}

int ipm_elf_check(const char *path, struct ipm_err *err) {
    struct elf_head file;
    struct elf_head self;
    const int failed = elf_read(path, &file);
    if (failed)
        return ipm_err_set(err, failed, "%s", strerror(-failed));
    if (memcmp(file.ident, ELFMAG, SELFMAG) != 0)
        return ipm_err_set(err, -ENOEXEC, "it is no shared library: no ELF file");
    /* Where /proc is not there, dlopen(3) finds out. */
    if (elf_read("/proc/self/exe", &self) != 0)
        return 0;
    if (file.ident[EI_CLASS] != self.ident[EI_CLASS] ||
        file.ident[EI_DATA] != self.ident[EI_DATA] || file.machine != self.machine)
        return ipm_err_set(err, -ENOEXEC, "it was built for another kind of machine");
    if (file.type != ET_DYN)
        return ipm_err_set(err, -ENOEXEC, "it is an ELF file, but no shared library");
    return 0;
}
