/* init.c - the first process of a guest. Nothing else runs there. */
#include "run/guest/guest.h"

#include "base/err.h"
#include "run/guest/image.h"
#include "run/process/program.h"
#include "run/process/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

enum { INIT_WORDS_MOST = 1024, INIT_BLOCK_BYTES = 65536 };

/* Ignores a mount that fails: the code that needs it reports it. /tmp needs no mount, because the
 * root directory is in memory, and a mount would hide a program below it. */
static void init_mount(void) {
    static const struct {
        const char *type;
        const char *where;
    } mounts[] = {{"devtmpfs", "/dev"},
                  {"proc", "/proc"},
                  {"sysfs", "/sys"},
                  {"tmpfs", "/dev/shm"},
                  {"mqueue", "/dev/mqueue"}};
    (void)mkdir("/tmp", 01777);
    for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
        (void)mkdir(mounts[i].where, 0755);
        (void)mount(mounts[i].type, mounts[i].where, mounts[i].type, 0, NULL);
    }
}

static void init_raise_loopback(void) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    (void)ioctl(fd, SIOCSIFFLAGS, &request);
    (void)close(fd);
}

/* Fills argv with the words, which it keeps. Returns whether there are any. */
static bool init_read_words(char *argv[INIT_WORDS_MOST]) {
    FILE *file = fopen(IPM_GUEST_WORDS, "re");
    size_t count = 0;
    size_t room = 0;
    if (!file)
        return false;
    while (count < INIT_WORDS_MOST - 1 && getdelim(&argv[count], &room, '\0', file) > 0) {
        count++;
        room = 0;
    }
    argv[count] = NULL;
    (void)fclose(file); /* it was only read */
    return count > 0;
}

/* The line discipline would change the bytes of a report. */
static int init_open_port(void) {
    struct termios raw;
    const char *port = getenv(IPM_GUEST_PORT);
    const int fd = port ? open(port, O_WRONLY | O_NOCTTY | O_CLOEXEC) : -1;
    if (fd >= 0 && tcgetattr(fd, &raw) == 0) {
        cfmakeraw(&raw);
        (void)tcsetattr(fd, TCSANOW, &raw);
    }
    return fd;
}

static void init_copy(FILE *from, int to) {
    static char block[INIT_BLOCK_BYTES];
    rewind(from);
    for (size_t count; (count = fread(block, 1, sizeof block, from)) > 0;)
        for (size_t done = 0; done < count;) {
            const ssize_t written = write(to, block + done, count - done);
            if (written <= 0)
                return; /* the host sees that the report is cut */
            done += (size_t)written;
        }
    (void)tcdrain(to);
}

/* Standard error goes to memory too, because a message on the console would run the code of a
 * serial port inside a window. */
static void init_run(char *argv[]) {
    FILE *out = ipm_program_file("out");
    FILE *errors = ipm_program_file("errors");
    struct ipm_err err = {0};
    pid_t child = 0;
    if (!out || !errors)
        ipm_err_sys(&err, -errno, "cannot make a file in memory");
    else if (ipm_spawn_program(argv, fileno(out), fileno(errors), &child, &err) == 0) {
        (void)ipm_spawn_reap(child);
        init_copy(errors, STDERR_FILENO);
        init_copy(out, init_open_port());
    }
    if (err.code != 0) {
        (void)!write(STDERR_FILENO, err.text, strlen(err.text));
        (void)!write(STDERR_FILENO, "\n", 1);
    }
}

int ipm_guest_init(struct ipm_err *err) {
    static char *argv[INIT_WORDS_MOST];
    if (getpid() != 1 || !init_read_words(argv)) {
        ipm_err_hint(err, "'ipcmark count' boots a guest whose first process this is");
        return ipm_err_set(err, -EPERM, "'guest' is not for a user to run");
    }
    init_mount();
    init_raise_loopback();
    init_run(argv);
    /* Reboots, at which the emulator ends (-no-reboot). Not every machine can be powered off. */
    (void)reboot(RB_AUTOBOOT);
    _exit(1); /* the kernel panics, which ends the emulator as well */
}
