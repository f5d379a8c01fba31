/* test_run_guest.c - what a guest is booted from, and who may live as its first process. */
#include "base/err.h"
#include "run/guest/guest.h"
#include "run/guest/image.h"
#include "tests/support/tempdir.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

TestSuite(run_guest);

static char guest_root[IPM_TEMPDIR_BYTES];
static char path[PATH_MAX];
static struct ipm_err guest_err;

static void guest_file(const char *name) {
    char file[PATH_MAX];
    (void)snprintf(file, sizeof file, "%s/boot/%s", guest_root, name);
    FILE *out = fopen(file, "w");
    cr_assert_not_null(out);
    (void)fclose(out);
}

/* By version, not by letters: 56 comes behind 9. */
Test(run_guest, boots_the_newest_kernel_by_default) {
    char boot[IPM_TEMPDIR_BYTES + 8];
    ipm_tempdir_open(guest_root);
    (void)snprintf(boot, sizeof boot, "%s/boot", guest_root);
    cr_assert_eq(mkdir(boot, 0755), 0);
    cr_expect_eq(ipm_guest_find_kernel(ipm_guest_machine(IPM_GUEST_HOST), guest_root,
                                       path, &guest_err),
                 -ENOENT);
    cr_expect_not_null(
        strstr(guest_err.hint, ipm_guest_machine(IPM_GUEST_HOST)->kernel_package), "%s",
        guest_err.hint);
    guest_file("vmlinuz-6.1.0-9-amd64");
    guest_file("vmlinuz-6.1.0-56-amd64");
    guest_file("initrd.img-6.1.0-99-amd64");
    cr_expect_eq(ipm_guest_find_kernel(ipm_guest_machine(IPM_GUEST_HOST), guest_root,
                                       path, &guest_err),
                 0);
    cr_expect_str_eq(path + strlen(boot), "/vmlinuz-6.1.0-56-amd64");
    ipm_tempdir_close(guest_root);
}

Test(run_guest, a_missing_emulator_is_named_with_its_package) {
    cr_assert_eq(setenv("PATH", "/nowhere:", 1), 0);
    cr_expect_eq(ipm_guest_find_qemu(ipm_guest_machine(IPM_GUEST_HOST), path, &guest_err),
                 -ENOENT);
    cr_expect_str_eq(guest_err.hint + strlen("apt-get install "),
                     ipm_guest_machine(IPM_GUEST_HOST)->qemu_package);
}

Test(run_guest, its_first_process_is_that_of_no_other_machine) {
    cr_expect_eq(ipm_guest_init(&guest_err), -EPERM);
    cr_expect_neq(guest_err.hint[0], '\0');
}

/* What libraries it has, its own loader tells. */
Test(run_guest, the_image_has_the_program_its_loader_and_its_words) {
    static const char *const words[] = {"run", "--messages", "7"};
    static char bytes[32 << 20];
    const struct ipm_guest_image image = {.init = "/bin/true",
                                          .program = "/bin/true",
                                          .preload = "",
                                          .words = words,
                                          .word_count = 3};
    FILE *file = ipm_guest_image_make(&image, &guest_err);
    cr_assert_not_null(file, "%s", guest_err.text);
    rewind(file);
    const size_t count = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    cr_assert_lt(count, sizeof bytes);
    cr_expect_not_null(memmem(bytes, count, "bin/true", sizeof "bin/true"));
    cr_expect_not_null(memmem(bytes, count, "/bin/true\0run\0--messages\0007", 27));
    cr_expect_not_null(memmem(bytes, count, "libc.so.6", sizeof "libc.so.6"));
    cr_expect_not_null(memmem(bytes, count, "TRAILER!!!", sizeof "TRAILER!!!"));
}

Test(run_guest, a_program_that_cannot_be_read_is_named) {
    const struct ipm_guest_image image = {
        .init = "/bin/true", .program = "/nowhere/ipcmark", .preload = ""};
    cr_expect_null(ipm_guest_image_make(&image, &guest_err));
    cr_expect_str_eq(guest_err.text,
                     "cannot read '/nowhere/ipcmark': No such file or directory");
}

/* What this machine is, is a program of it with a loader. */
Test(run_guest, a_foreign_machine_has_other_programs_and_no_kernel_here) {
    const struct ipm_guest_machine *host = ipm_guest_machine(IPM_GUEST_HOST);
    const struct ipm_guest_machine *other = ipm_guest_machine(
        host == ipm_guest_machine(IPM_GUEST_AARCH64) ? IPM_GUEST_X86_64
                                                     : IPM_GUEST_AARCH64);
    cr_expect_not(ipm_guest_is_foreign(host));
    cr_expect(ipm_guest_is_foreign(other));
    cr_expect_eq(ipm_guest_find_kernel(other, "", path, &guest_err), -ENOENT);
    cr_expect_not_null(strstr(guest_err.hint, other->kernel_package), "%s",
                       guest_err.hint);
    guest_err = (struct ipm_err){0};
    cr_expect_eq(ipm_guest_check_program(other, "/proc/self/exe", &guest_err), -ENOEXEC);
    cr_expect_not_null(strstr(guest_err.text, other->name), "%s", guest_err.text);
}
