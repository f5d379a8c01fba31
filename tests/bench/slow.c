/* slow.c - a library to preload (LD_PRELOAD, ld.so(8)): every call that sends takes longer by
 * the share IPM_SLOW_SHARE of the time that it took, spent spinning. So the true change of
 * whoever only sends is known. With a share of 0 it costs the same looks at the clock, but for
 * those of spinning: that is what to compare with. */
#include <dlfcn.h>
#include <errno.h>
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

__attribute__((constructor)) static void slow_begin(void) {
    const char *share = getenv("IPM_SLOW_SHARE");
    slow_share = share ? atof(share) : 0;
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

/* The call's errno is its caller's. */
static void slow_spin(double begun_ns) {
    const int saved = errno;
    const double now_ns = slow_now_ns();
    const double until_ns = now_ns + slow_share * (now_ns - begun_ns);
    while (slow_now_ns() < until_ns)
        ;
    errno = saved;
}

#define SLOW_CALL(type, call)                                                            \
    const double begun_ns = slow_now_ns();                                               \
    const type result = call;                                                            \
    slow_spin(begun_ns);                                                                 \
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
