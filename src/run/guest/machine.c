/* machine.c - the machines that can be emulated, and which programs are theirs. */
#include "run/guest/guest.h"

#include "base/err.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

/* The report comes out of the port `report`. A name of the kernel's command line that it does not
 * know becomes a variable of the first process, which opens that port. */
static const struct ipm_guest_machine machines[] = {
    [IPM_GUEST_X86_64] = {.name = "x86_64",
                          .qemu = "qemu-system-x86_64",
                          .qemu_package = "qemu-system-x86",
                          .kernel_package = "linux-image-cloud-amd64",
                          .elf = EM_X86_64,
                          .options = {"-cpu", "qemu64", "-serial", "chardev:report"},
                          .words =
                              "console=ttyS0 tsc=reliable " IPM_GUEST_PORT "=/dev/ttyS1"},
    [IPM_GUEST_AARCH64] = {.name = "aarch64",
                           .qemu = "qemu-system-aarch64",
                           .qemu_package = "qemu-system-arm",
                           .kernel_package = "linux-image-cloud-arm64",
                           .elf = EM_AARCH64,
                           .options = {"-machine", "virt", "-cpu", "cortex-a57",
                                       "-device", "pci-serial,chardev=report"},
                           .words = "console=ttyAMA0 " IPM_GUEST_PORT "=/dev/ttyS0"},
};

const char *const ipm_guest_kind_words[] = {[IPM_GUEST_HOST] = "host",
                                            [IPM_GUEST_X86_64] = "x86_64",
                                            [IPM_GUEST_AARCH64] = "aarch64",
                                            NULL};

#if defined(__aarch64__)
static const enum ipm_guest_kind machine_host = IPM_GUEST_AARCH64;
#else
static const enum ipm_guest_kind machine_host = IPM_GUEST_X86_64;
#endif

const struct ipm_guest_machine *ipm_guest_machine(enum ipm_guest_kind kind) {
    return &machines[kind == IPM_GUEST_HOST ? machine_host : kind];
}

bool ipm_guest_is_foreign(const struct ipm_guest_machine *machine) {
    return machine != &machines[machine_host];
}

static bool machine_has_loader(FILE *file, const Elf64_Ehdr *header) {
    for (unsigned i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr segment;
        if (fseek(file, (long)(header->e_phoff + i * sizeof segment), SEEK_SET) != 0 ||
            fread(&segment, sizeof segment, 1, file) != 1)
            return false;
        if (segment.p_type == PT_INTERP)
            return true;
    }
    return false;
}

/* Programs of 32 bits name their machine in the same place. These programs, and those of another
 * byte order, are assumed to have a loader. */
int ipm_guest_elf_read(const char *path, struct ipm_guest_elf *ret_elf) {
    Elf64_Ehdr header = {0};
    FILE *file = fopen(path, "re");
    const bool read = file && fread(&header, sizeof header, 1, file) == 1 &&
                      memcmp(header.e_ident, ELFMAG, SELFMAG) == 0;
    const bool like_ours =
        header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_version == EV_CURRENT;
    if (read)
        *ret_elf = (struct ipm_guest_elf){
            .machine = header.e_machine,
            .has_loader = !like_ours || machine_has_loader(file, &header)};
    if (file)
        (void)fclose(file); /* it was only read */
    return read ? 0 : -ENOEXEC;
}

int ipm_guest_check_program(const struct ipm_guest_machine *machine, const char *path,
                            struct ipm_err *err) {
    struct ipm_guest_elf elf = {0};
    const bool readable = ipm_guest_elf_read(path, &elf) == 0;
    const bool foreign = ipm_guest_is_foreign(machine);
    if (readable && elf.machine == machine->elf && (!elf.has_loader || !foreign))
        return 0;
    ipm_err_hint(err, "'--binary FILE' names an ipcmark that is built for %s%s",
                 machine->name, foreign ? " with '-DIPM_STATIC=ON'" : "");
    return ipm_err_set(err, -ENOEXEC, "'%.200s' is no %sprogram for %s", path,
                       readable && elf.machine == machine->elf ? "static " : "",
                       machine->name);
}
