/* qemu.c - the command line of the emulator, and why a guest gave no report. */
#include "run/guest/guest.h"

#include "base/err.h"
#include "run/process/program.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { QEMU_ARGUMENTS = 40, QEMU_WORDS_BYTES = 2048, QEMU_TAIL_BYTES = 160 };

/* Turns off what differs between boots or kernels: random addresses, mitigations, and checks of the
 * clock. The self-tests of the kernel's ciphers would take half of the boot. */
#define QEMU_KERNEL_WORDS                                                                \
    "quiet panic=-1 nokaslr norandmaps mitigations=off cryptomgr.notests rdinit=/init"

/* The files are in memory: the emulator opens them by the descriptors of this process. */
struct qemu_command {
    char image[64];
    char report[96];
    char seed[24];
    char words[QEMU_WORDS_BYTES];
    char *argv[QEMU_ARGUMENTS];
};

static void qemu_fill(struct qemu_command *command, const struct ipm_guest_boot *boot,
                      FILE *report) {
    const char *const argv[] = {boot->machine->qemu,
                                "-nodefaults",
                                "-no-user-config",
                                "-no-reboot",
                                "-display",
                                "none",
                                "-accel",
                                "tcg",
                                "-icount",
                                "shift=0,sleep=off",
                                "-smp",
                                "1",
                                "-m",
                                "512",
                                "-rtc",
                                "base=2026-01-01,clock=vm",
                                "-seed",
                                command->seed,
                                "-kernel",
                                boot->kernel,
                                "-initrd",
                                command->image,
                                "-append",
                                command->words,
                                "-serial",
                                "stdio",
                                "-chardev",
                                command->report};
    const size_t count = sizeof argv / sizeof *argv;
    const int me = getpid();
    (void)snprintf(command->image, sizeof command->image, "/proc/%d/fd/%d", me,
                   fileno(boot->image));
    (void)snprintf(command->report, sizeof command->report,
                   "file,id=report,path=/proc/%d/fd/%d", me, fileno(report));
    (void)snprintf(command->seed, sizeof command->seed, "%" PRIu64, boot->seed);
    (void)snprintf(command->words, sizeof command->words, "%s %s %s -- guest",
                   boot->machine->words, QEMU_KERNEL_WORDS, boot->append);
    for (size_t i = 0; i < count; i++)
        command->argv[i] = (char *)argv[i]; /* execv(3) does not change it */
    for (size_t i = 0; boot->machine->options[i]; i++)
        command->argv[count + i] = (char *)boot->machine->options[i];
}

/* Copies the last line that is not empty, without colours and times: "[    1.2] ". */
static void qemu_last_line(FILE *file, char tail[QEMU_TAIL_BYTES]) {
    char line[512];
    tail[0] = '\0';
    rewind(file);
    while (fgets(line, sizeof line, file)) {
        char *text = line;
        if (strncmp(text, "[", 1) == 0 && strstr(text, "] "))
            text = strstr(text, "] ") + 2;
        text[strcspn(text, "\r\n")] = '\0';
        for (char *at = text; *at; at++)
            if (!isprint((unsigned char)*at))
                *at = ' ';
        if (text[strspn(text, " ")] && !strstr(text, "reboot: ") &&
            !strstr(text, "end Kernel panic"))
            (void)snprintf(tail, QEMU_TAIL_BYTES, "%.*s", QEMU_TAIL_BYTES - 1, text);
    }
}

static int qemu_refuse(const struct ipm_said *said, const struct ipm_guest_boot *boot,
                       int code, struct ipm_err *err) {
    char console[QEMU_TAIL_BYTES];
    char own[QEMU_TAIL_BYTES];
    qemu_last_line(said->out, console);
    qemu_last_line(said->err, own);
    const bool refused = own[0] && !console[0] && code != -ETIMEDOUT;
    if (refused)
        ipm_err_hint(err,
                     "'--kernel IMAGE' is a kernel for this machine, and '--binary FILE' "
                     "an ipcmark for it");
    if (refused)
        return ipm_err_set(err, -EIO, "the guest cannot be run: %s", own);
    if (code == -ETIMEDOUT)
        ipm_err_hint(err, "'--timeout' gives it more time");
    return ipm_err_set(err, -EIO, "the guest with kernel '%.100s' %s; its console %s%s",
                       boot->kernel,
                       code == -ETIMEDOUT ? "was not ready in time" : "gave no report",
                       console[0] ? "ends with: " : "is empty", console);
}

static bool qemu_is_empty(FILE *report) {
    const bool empty = getc(report) == EOF;
    rewind(report);
    return empty;
}

int ipm_guest_run(const struct ipm_guest_boot *boot, FILE **ret_report,
                  struct ipm_err *err) {
    struct qemu_command command = {0};
    struct ipm_said said = {0};
    FILE *report = ipm_program_file("report");
    if (!report)
        return ipm_err_sys(err, -errno, "cannot make a file in memory");
    qemu_fill(&command, boot, report);
    struct ipm_err failure = {0};
    int code = ipm_program_run_for(command.argv, boot->most_ns, &said, &failure);
    if (code != 0 && code != -ETIMEDOUT)
        *err = failure;
    if (code == -ETIMEDOUT || (code == 0 && (said.status != 0 || qemu_is_empty(report))))
        code = qemu_refuse(&said, boot, code, err);
    ipm_said_done(&said);
    if (code == 0)
        *ret_report = report;
    else
        (void)fclose(report);
    return code;
}
