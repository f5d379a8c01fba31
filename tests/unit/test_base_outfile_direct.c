/* Outfile: devices, FIFOs and standard output are written as they are. */
#include "base/err.h"
#include "base/outfile.h"
#include "tests/support/assert.h"
#include "tests/support/tempdir.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char direct_folder[IPM_TEMPDIR_BYTES];
static struct ipm_err direct_err;

static void direct_setup(void) {
    ipm_tempdir_open(direct_folder);
}

static void direct_teardown(void) {
    ipm_tempdir_close(direct_folder);
}

TestSuite(base_outfile_direct, .init = direct_setup, .fini = direct_teardown);

static const char *direct_at(const char *name) {
    return ipm_tempdir_file(direct_folder, name);
}

Test(base_outfile_direct, a_full_device_is_refused_by_the_check) {
    cr_assert(eq(int, ipm_outfile_check("/dev/full", &direct_err), -ENOSPC));
    cr_assert(
        eq(str, direct_err.text, "cannot write '/dev/full': No space left on device"));
}

Test(base_outfile_direct, a_full_device_fails_the_commit) {
    struct ipm_outfile file;
    cr_assert(eq(int, ipm_outfile_open(&file, "/dev/full", &direct_err), 0));
    (void)fputs("text", file.stream);
    cr_assert(eq(int, ipm_outfile_commit(&file, &direct_err), -ENOSPC));
    cr_assert(
        eq(str, direct_err.text, "cannot write '/dev/full': No space left on device"));
}

Test(base_outfile_direct, a_device_is_written_directly) {
    cr_assert(eq(int, ipm_outfile_check("/dev/null", &direct_err), 0));
    struct ipm_outfile file;
    cr_assert(eq(int, ipm_outfile_open(&file, "/dev/null", &direct_err), 0));
    cr_assert(eq(ptr, file.place, NULL));
    (void)fputs("text", file.stream);
    cr_assert(eq(int, ipm_outfile_commit(&file, &direct_err), 0));
}

Test(base_outfile_direct, the_check_of_a_fifo_does_not_wait_for_its_reader,
     .timeout = 60) {
    cr_assert(eq(int, mkfifo(direct_at("fifo"), 0600), 0));
    cr_assert(eq(int, ipm_outfile_check(direct_at("fifo"), &direct_err), 0));
}

Test(base_outfile_direct, a_fifo_is_written_directly_and_stays) {
    cr_assert(eq(int, mkfifo(direct_at("fifo"), 0600), 0));
    int reader = open(direct_at("fifo"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    cr_assert(le(int, 0, reader));
    struct ipm_outfile file;
    cr_assert(eq(int, ipm_outfile_open(&file, direct_at("fifo"), &direct_err), 0));
    (void)fputs("through", file.stream);
    cr_assert(eq(int, ipm_outfile_commit(&file, &direct_err), 0));
    char text[16] = "";
    cr_assert(eq(long, read(reader, text, sizeof text - 1), 7));
    (void)close(reader);
    cr_assert(eq(str, text, "through"));
    cr_assert(eq(int, ipm_tempdir_count(direct_folder), 1));
}

static int commit_to_closed_fifo(int lines) {
    (void)signal(SIGPIPE, SIG_IGN);
    cr_assert(eq(int, mkfifo(direct_at("fifo"), 0600), 0));
    int reader = open(direct_at("fifo"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    cr_assert(le(int, 0, reader));
    struct ipm_outfile file;
    cr_assert(eq(int, ipm_outfile_open(&file, direct_at("fifo"), &direct_err), 0));
    (void)close(reader);
    for (int i = 0; i < lines; i++)
        (void)fputs("a line\n", file.stream);
    return ipm_outfile_commit(&file, &direct_err);
}

Test(base_outfile_direct, a_reader_that_left_is_told_as_epipe) {
    cr_assert(eq(int, commit_to_closed_fifo(1), -EPIPE));
}

Test(base_outfile_direct, a_reader_that_left_in_the_middle_is_told_as_epipe) {
    cr_assert(eq(int, commit_to_closed_fifo(100000), -EPIPE));
}

static void direct_expect_content(const char *name, const char *text) {
    char content[64] = "";
    int fd = open(direct_at(name), O_RDONLY | O_CLOEXEC);
    cr_assert(le(long, 0, read(fd, content, sizeof content - 1)));
    (void)close(fd);
    cr_expect(eq(str, content, (char *)text));
}

/* Runs step with descriptor 1 replaced by what `path` opens to (closed for NULL). */
static int with_stdout(const char *path, int flags, int (*step)(const char *target)) {
    int kept = dup(STDOUT_FILENO);
    int other = path != NULL ? open(path, flags | O_CLOEXEC, 0600) : -1;
    (void)close(STDOUT_FILENO);
    if (other >= 0)
        (void)dup2(other, STDOUT_FILENO);
    direct_err = (struct ipm_err){0};
    int code = step("-");
    if (code == 0 && fcntl(STDOUT_FILENO, F_GETFD) < 0)
        code = -1;
    (void)dup2(kept, STDOUT_FILENO);
    (void)close(kept);
    (void)close(other);
    return code;
}

static int check_step(const char *target) {
    return ipm_outfile_check(target, &direct_err);
}

static int write_step(const char *target) {
    struct ipm_outfile file;
    (void)printf("before ");
    int code = ipm_outfile_open(&file, target, &direct_err);
    if (code != 0)
        return code;
    (void)fputs("text", file.stream);
    return ipm_outfile_commit(&file, &direct_err);
}

static int write_by_name_step(const char *target) {
    (void)target;
    return write_step("/dev/stdout");
}

static int discard_step(const char *target) {
    struct ipm_outfile file;
    int code = ipm_outfile_open(&file, target, &direct_err);
    if (code == 0)
        (void)fputs("text", file.stream);
    ipm_outfile_discard(&file);
    return code;
}

Test(base_outfile_direct, standard_output_is_written_in_order_and_stays_open) {
    cr_assert(eq(int, with_stdout(direct_at("out"), O_WRONLY | O_CREAT, write_step), 0));
    direct_expect_content("out", "before text");
}

Test(base_outfile_direct, standard_output_by_its_name_is_not_replaced) {
    struct stat before;
    struct stat after;
    int made = open(direct_at("out"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    (void)close(made);
    cr_assert(eq(int, stat(direct_at("out"), &before), 0));
    cr_assert(eq(int, with_stdout(direct_at("out"), O_WRONLY, write_by_name_step), 0));
    cr_assert(eq(int, stat(direct_at("out"), &after), 0));
    cr_assert(eq(ulong, before.st_ino, after.st_ino));
    direct_expect_content("out", "before text");
}

Test(base_outfile_direct, what_is_discarded_does_not_reach_standard_output) {
    cr_assert(
        eq(int, with_stdout(direct_at("out"), O_WRONLY | O_CREAT, discard_step), 0));
    direct_expect_content("out", "");
}

Test(base_outfile_direct, standard_output_that_is_closed_is_refused) {
    cr_assert(eq(int, with_stdout(NULL, 0, check_step), -EBADF));
    cr_assert(
        eq(str, direct_err.text, "cannot write to standard output: Bad file descriptor"));
    cr_assert(eq(int, with_stdout(NULL, 0, discard_step), -EBADF));
    cr_assert(
        eq(str, direct_err.text, "cannot write to standard output: Bad file descriptor"));
}

Test(base_outfile_direct, standard_output_that_is_full_or_cannot_be_written_is_refused) {
    cr_expect(eq(int, with_stdout("/dev/full", O_WRONLY, check_step), -ENOSPC));
    cr_expect(eq(int, with_stdout("/dev/null", O_RDONLY, check_step), -EBADF));
    cr_expect(eq(int, with_stdout("/dev/null", O_WRONLY, check_step), 0));
    cr_expect(eq(int, ipm_tempdir_count(direct_folder), 0));
}
