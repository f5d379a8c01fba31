/* slow.c - a library to preload (LD_PRELOAD, ld.so(8)): behind every call that sends it spins
 * for the share IPM_SLOW_SHARE of the time since it last did. The child does not. So the true
 * change is known where both sides take turns, waiting included: round trips, and messages on
 * one CPU (--pin same) that fill the channel. Elsewhere the other side makes up for it while
 * this one spins, or is woken at other times, and nobody knows how much. With a share of 0 it
 * costs the same looks at the clock: that is what to compare with. IPM_SLOW_KIND says what is
 * slow instead of "write": "read", "both", "syscall" (one more system call for each message
 * sent), "copy" (one more copy of it) or "lock" (a lock that is taken and released by system calls
 * for it); the last three know no share but 0, which is none. */
#include <dlfcn.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { SLOW_WRITE = 1, SLOW_READ = 2, SLOW_SYSCALL = 4, SLOW_COPY = 8, SLOW_LOCK = 16 };

static const struct {
    const char *word;
    unsigned kinds;
} slow_words[] = {
    {"write", SLOW_WRITE},     {"read", SLOW_READ}, {"both", SLOW_WRITE | SLOW_READ},
    {"syscall", SLOW_SYSCALL}, {"copy", SLOW_COPY}, {"lock", SLOW_LOCK}};

static unsigned slow_kinds = SLOW_WRITE;
static double slow_share;
static ssize_t (*slow_read)(int, void *, size_t);
static ssize_t (*slow_recv)(int, void *, size_t, int);
static ssize_t (*slow_write)(int, const void *, size_t);
static ssize_t (*slow_writev)(int, const struct iovec *, int);
static ssize_t (*slow_send)(int, const void *, size_t, int);
static ssize_t (*slow_sendto)(int, const void *, size_t, int, const struct sockaddr *,
                              socklen_t);
static ssize_t (*slow_sendmsg)(int, const struct msghdr *, int);
static int (*slow_sendmmsg)(int, struct mmsghdr *, unsigned, int);

/* dlsym(3): ISO C knows no way from an object's address to a function's, POSIX wants this. */
#define SLOW_FIND(name) *(void **)&slow_##name = dlsym(RTLD_NEXT, #name)

static void slow_spare_child(void) {
    slow_share = 0;
}

__attribute__((constructor)) static void slow_begin(void) {
    const char *share = getenv("IPM_SLOW_SHARE");
    const char *kind = getenv("IPM_SLOW_KIND");
    slow_share = share ? atof(share) : 0;
    for (size_t i = 0; kind && i < sizeof slow_words / sizeof *slow_words; i++)
        if (strcmp(kind, slow_words[i].word) == 0)
            slow_kinds = slow_words[i].kinds;
    SLOW_FIND(read);
    SLOW_FIND(recv);
    (void)pthread_atfork(NULL, NULL, slow_spare_child);
    SLOW_FIND(write);
    SLOW_FIND(writev);
    SLOW_FIND(send);
    SLOW_FIND(sendto);
    SLOW_FIND(sendmsg);
    SLOW_FIND(sendmmsg);
}

static double slow_now_ns(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Who has not sent for so long was doing something else, or another program had the CPU. */
static const double SLOW_PAUSE_NS = 5e5;

/* Of this thread; 0 before its first call. */
static _Thread_local double slow_last_ns;

/* The call's errno is its caller's. */
static void slow_spin(void) {
    const int saved = errno;
    double now_ns = slow_now_ns();
    const double since_ns = now_ns - slow_last_ns;
    const double until_ns = now_ns + slow_share * since_ns;
    while (since_ns < SLOW_PAUSE_NS && now_ns < until_ns)
        now_ns = slow_now_ns();
    slow_last_ns = now_ns;
    errno = saved;
}

/* Does what is planted behind a call that moved so many bytes. */
static void slow_plant(unsigned kind, const void *data, ssize_t bytes) {
    static char copy[1 << 20];
    static uint32_t lock;
    const size_t length = bytes < 0 ? 0 : (size_t)bytes;
    if ((slow_kinds & kind) != 0)
        slow_spin();
    if (kind != SLOW_WRITE || !(slow_share > 0))
        return;
    if ((slow_kinds & SLOW_SYSCALL) != 0)
        (void)syscall(SYS_getppid);
    if ((slow_kinds & SLOW_LOCK) != 0) {
        (void)syscall(SYS_futex, &lock, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0);
        (void)syscall(SYS_futex, &lock, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0);
    }
    if ((slow_kinds & SLOW_COPY) != 0 && data)
        memcpy(copy, data, length < sizeof copy ? length : sizeof copy);
    __asm__ volatile("" : : "r"(copy) : "memory"); /* nobody reads the copy */
}

#define SLOW_CALL(type, call, data)                                                      \
    const type result = call;                                                            \
    slow_plant(SLOW_WRITE, data, (ssize_t)result);                                       \
    return result

ssize_t read(int fd, void *data, size_t length) {
    const ssize_t result = slow_read(fd, data, length);
    slow_plant(SLOW_READ, data, result);
    return result;
}

ssize_t recv(int fd, void *data, size_t length, int flags) {
    const ssize_t result = slow_recv(fd, data, length, flags);
    slow_plant(SLOW_READ, data, result);
    return result;
}

ssize_t write(int fd, const void *data, size_t length) {
    SLOW_CALL(ssize_t, slow_write(fd, data, length), data);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    SLOW_CALL(ssize_t, slow_writev(fd, parts, count), NULL);
}

ssize_t send(int fd, const void *data, size_t length, int flags) {
    SLOW_CALL(ssize_t, slow_send(fd, data, length, flags), data);
}

ssize_t sendto(int fd, const void *data, size_t length, int flags,
               const struct sockaddr *address, socklen_t size) {
    SLOW_CALL(ssize_t, slow_sendto(fd, data, length, flags, address, size), data);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    SLOW_CALL(ssize_t, slow_sendmsg(fd, message, flags), NULL);
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags) {
    SLOW_CALL(int, slow_sendmmsg(fd, messages, count, flags), NULL);
}
