/* longer.c - part of a second ipcmark, whose calls that send execute IPM_LONGER more instructions
 * each, a multiple of two: a path that is longer by a known number. In a guest of `ipcmark
 * count` the kernel passes the variable on: --append-b IPM_LONGER=100. */
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static unsigned long longer_turns;

__attribute__((constructor)) static void longer_begin(void) {
    const char *instructions = getenv("IPM_LONGER");
    longer_turns = instructions ? strtoul(instructions, NULL, 10) / 2 : 0;
}

/* Two instructions a turn, whatever the compiler does. */
static void longer_spin(void) {
    unsigned long turns = longer_turns;
    if (turns > 0)
        __asm__ volatile("1: dec %0\n\tjnz 1b" : "+r"(turns) : : "cc");
}

#define LONGER(type, name, parameters, arguments)                                        \
    type __real_##name parameters;                                                       \
    type __wrap_##name parameters;                                                       \
    type __wrap_##name parameters {                                                      \
        longer_spin();                                                                   \
        return __real_##name arguments;                                                  \
    }

LONGER(ssize_t, write, (int fd, const void *data, size_t bytes), (fd, data, bytes))
LONGER(ssize_t, send, (int fd, const void *data, size_t bytes, int flags),
       (fd, data, bytes, flags))
