/* slow.c - a library to preload (LD_PRELOAD, ld.so(8)): behind every call that sends it spins
 * for the share IPM_SLOW_SHARE of the time since it last did. The child does not. So the true
 * change is known where both sides take turns, waiting included: round trips, and messages on
 * one CPU (--pin same) that fill the channel. Elsewhere the other side makes up for it while
 * this one spins, or is woken at other times, and nobody knows how much. With a share of 0 it
 * costs the same looks at the clock: that is what to compare with. */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static double slow_share;
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
    slow_share = share ? atof(share) : 0;
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

/* Who has not sent for so long was doing something else. */
static const double SLOW_PAUSE_NS = 1e7;

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

#define SLOW_CALL(type, call)                                                            \
    const type result = call;                                                            \
    slow_spin();                                                                         \
    return result

ssize_t write(int fd, const void *data, size_t length) {
    SLOW_CALL(ssize_t, slow_write(fd, data, length));
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    SLOW_CALL(ssize_t, slow_writev(fd, parts, count));
}

ssize_t send(int fd, const void *data, size_t length, int flags) {
    SLOW_CALL(ssize_t, slow_send(fd, data, length, flags));
}

ssize_t sendto(int fd, const void *data, size_t length, int flags,
               const struct sockaddr *address, socklen_t size) {
    SLOW_CALL(ssize_t, slow_sendto(fd, data, length, flags, address, size));
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    SLOW_CALL(ssize_t, slow_sendmsg(fd, message, flags));
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags) {
    SLOW_CALL(int, slow_sendmmsg(fd, messages, count, flags));
}
