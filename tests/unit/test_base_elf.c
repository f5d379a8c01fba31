/* test_base_elf.c - which files could be loaded, told by their first bytes. */
#include "base/elf.h"
#include "base/err.h"
#include "tests/support/tempdir.h"

#include <criterion/criterion.h>
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct ipm_err elf_err;

static int elf_check(const char *path) {
    elf_err = (struct ipm_err){0};
    const int failed = ipm_elf_check(path, &elf_err);
    cr_assert_eq(failed, elf_err.code);
    return failed;
}

/* Checks a file of these bytes. */
static int elf_check_bytes(const void *bytes, size_t count) {
    char folder[IPM_TEMPDIR_BYTES];
    ipm_tempdir_open(folder);
    const char *path = ipm_tempdir_file(folder, "x.so");
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(bytes, 1, count, file), count);
    cr_assert_eq(fclose(file), 0);
    const int failed = elf_check(path);
    ipm_tempdir_close(folder);
    return failed;
}

/* The header of this very program: the right machine, whatever that is. */
static Elf64_Ehdr elf_own(void) {
    Elf64_Ehdr head;
    FILE *file = fopen("/proc/self/exe", "rb");
    cr_assert_not_null(file);
    cr_assert_eq(fread(&head, sizeof head, 1, file), 1u);
    (void)fclose(file);
    return head;
}

Test(base_elf, takes_a_shared_library_of_this_machine) {
    Elf64_Ehdr head = elf_own();
    head.e_type = ET_DYN;
    cr_expect_eq(elf_check_bytes(&head, sizeof head), 0, "%s", elf_err.text);
}

Test(base_elf, refuses_another_machine_word_size_or_byte_order) {
    const char *words = "it was built for another kind of machine";
    Elf64_Ehdr head = elf_own();
    head.e_machine ^= 1;
    cr_expect_eq(elf_check_bytes(&head, sizeof head), -ENOEXEC);
    cr_expect_str_eq(elf_err.text, words);
    head = elf_own();
    head.e_ident[EI_CLASS] ^= ELFCLASS32 ^ ELFCLASS64;
    cr_expect_eq(elf_check_bytes(&head, sizeof head), -ENOEXEC);
    cr_expect_str_eq(elf_err.text, words);
    head = elf_own();
    head.e_ident[EI_DATA] ^= ELFDATA2LSB ^ ELFDATA2MSB;
    cr_expect_eq(elf_check_bytes(&head, sizeof head), -ENOEXEC);
    cr_expect_str_eq(elf_err.text, words);
}

Test(base_elf, refuses_what_is_elf_but_no_library) {
    Elf64_Ehdr head = elf_own();
    head.e_type = ET_REL;
    cr_expect_eq(elf_check_bytes(&head, sizeof head), -ENOEXEC);
    cr_expect_str_eq(elf_err.text, "it is an ELF file, but no shared library");
}

Test(base_elf, refuses_files_that_are_none_however_short) {
    for (size_t count = 0; count < 6; count++) {
        cr_expect_eq(elf_check_bytes("#!/bin", count), -ENOEXEC);
        cr_expect_str_eq(elf_err.text, "it is no shared library: no ELF file");
    }
}

Test(base_elf, does_not_wait_for_who_writes_into_a_named_pipe) {
    char folder[IPM_TEMPDIR_BYTES];
    ipm_tempdir_open(folder);
    const char *path = ipm_tempdir_file(folder, "x.so");
    cr_assert_eq(mkfifo(path, 0600), 0);
    cr_expect_eq(elf_check(path), -ENOEXEC);
    ipm_tempdir_close(folder);
}

Test(base_elf, tells_a_folder_and_what_is_not_there) {
    cr_expect_eq(elf_check("/"), -EISDIR);
    cr_expect_eq(elf_check("/nowhere/x.so"), -ENOENT);
    cr_expect_str_eq(elf_err.text, "No such file or directory");
}
