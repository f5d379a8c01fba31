/* fault.c - wrappers around what can fail. The state is shared memory, because half of the
 * calls are made by a child. */
#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/random.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

struct fault {
    enum ipm_fault_side side;
    pid_t parent;
    int armed;
    int left; /* calls of that side before the one that fails */
    int error_number;
    int struck;
    char name[32];
};

void *__real_mmap(void *address, size_t size, int protection, int flags, int fd,
                  off_t offset);

/* Shared by the process that arms first and its children: tests that run at the same time may be
 * children of one process that never does. */
static struct fault *fault_now = &(struct fault){0};

static void fault_share(void) {
    void *memory = __real_mmap(NULL, sizeof *fault_now, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        abort();
    fault_now = memory;
}

void ipm_fault_arm(enum ipm_fault_side side, int nth, int error_number) {
    if (fault_now->parent == 0)
        fault_share();
    *fault_now = (struct fault){.side = side,
                                .parent = getpid(),
                                .armed = 1,
                                .left = nth,
                                .error_number = error_number};
}

int ipm_fault_disarm(void) {
    fault_now->armed = 0;
    return fault_now->struck;
}

const char *ipm_fault_name(void) {
    return fault_now->name;
}

int ipm_fault_is_told(const char *words) {
    static const char *const own[] = {"fcntl", "poll", "connect", "getsockopt",
                                      "mq_open"};
    bool is_own = false;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        is_own = is_own || strcmp(fault_now->name, own[i]) == 0;
    return strstr(words, "timed out after") == NULL &&
           (strstr(words, strerror(fault_now->error_number)) != NULL ||
            strstr(words, strerror(ENOMEM)) != NULL || /* of an allocation */
            (is_own && strstr(words, "unexpected message from") == NULL));
}

/* Whether this call is the one. */
static int fault_strikes(const char *name) {
    struct fault *fault = fault_now;
    if (!fault->armed)
        return 0;
    const int mine = (getpid() == fault->parent) == (fault->side == IPM_FAULT_PARENT);
    if (!mine || fault->left-- != 0)
        return 0;
    fault->struck = 1;
    strncpy(fault->name, name, sizeof fault->name - 1);
    errno = fault->error_number;
    return 1;
}

#define FAULT(result, name, parameters, arguments, failure)                              \
    result __real_##name parameters;                                                     \
    result __wrap_##name parameters;                                                     \
    result __wrap_##name parameters {                                                    \
        return fault_strikes(#name) ? (failure) : __real_##name arguments;               \
    }

FAULT(pid_t, fork, (void), (), -1)
FAULT(int, pipe2, (int fds[2], int flags), (fds, flags), -1)
FAULT(int, socket, (int family, int type, int protocol), (family, type, protocol), -1)
FAULT(int, socketpair, (int family, int type, int protocol, int fds[2]),
      (family, type, protocol, fds), -1)
FAULT(int, bind, (int fd, const struct sockaddr *name, socklen_t size), (fd, name, size),
      -1)
FAULT(int, listen, (int fd, int backlog), (fd, backlog), -1)
FAULT(int, connect, (int fd, const struct sockaddr *name, socklen_t size),
      (fd, name, size), -1)
FAULT(int, accept4, (int fd, struct sockaddr *name, socklen_t *size, int flags),
      (fd, name, size, flags), -1)
FAULT(int, getsockname, (int fd, struct sockaddr *name, socklen_t *size),
      (fd, name, size), -1)
FAULT(int, getsockopt, (int fd, int level, int option, void *value, socklen_t *size),
      (fd, level, option, value, size), -1)
FAULT(int, setsockopt, (int fd, int level, int option, const void *value, socklen_t size),
      (fd, level, option, value, size), -1)
FAULT(int, poll, (struct pollfd * fds, nfds_t count, int timeout_ms),
      (fds, count, timeout_ms), -1)
FAULT(ssize_t, getrandom, (void *buf, size_t size, unsigned flags), (buf, size, flags),
      -1)
FAULT(char *, mkdtemp, (char *name), (name), NULL)
FAULT(void *, calloc, (size_t count, size_t size), (count, size), NULL)
FAULT(void *, malloc, (size_t size), (size), NULL)
FAULT(void *, mmap,
      (void *address, size_t size, int protection, int flags, int fd, off_t offset),
      (address, size, protection, flags, fd, offset), MAP_FAILED)
FAULT(int, posix_memalign, (void **memory, size_t alignment, size_t size),
      (memory, alignment, size), ENOMEM)

/* With what follows the action, as an address or as a number: it is one word here. */
int __real_fcntl(int fd, int action, ...);
int __wrap_fcntl(int fd, int action, ...);
int __wrap_fcntl(int fd, int action, ...) {
    va_list more;
    va_start(more, action);
    void *word = va_arg(more, void *);
    va_end(more);
    return fault_strikes("fcntl") ? -1 : __real_fcntl(fd, action, word);
}

/* With the mode or without: it is one word, too. */
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = va_arg(more, mode_t);
    va_end(more);
    return fault_strikes("open") ? -1 : __real_open(path, flags, mode);
}

FAULT(int, mkfifo, (const char *path, mode_t mode), (path, mode), -1)
FAULT(ssize_t, vmsplice,
      (int fd, const struct iovec *parts, size_t count, unsigned flags),
      (fd, parts, count, flags), -1)
FAULT(ssize_t, splice,
      (int in, off64_t *in_at, int out, off64_t *out_at, size_t size, unsigned flags),
      (in, in_at, out, out_at, size, flags), -1)
FAULT(int, fstat, (int fd, struct stat *status), (fd, status), -1)
FAULT(int, eventfd, (unsigned count, int flags), (count, flags), -1)
FAULT(int, mq_getattr, (mqd_t queue, struct mq_attr *given), (queue, given), -1)
FAULT(int, mq_send, (mqd_t queue, const char *buf, size_t size, unsigned priority),
      (queue, buf, size, priority), -1)
FAULT(ssize_t, mq_receive, (mqd_t queue, char *buf, size_t size, unsigned *priority),
      (queue, buf, size, priority), -1)
FAULT(int, msgget, (key_t key, int flags), (key, flags), -1)
FAULT(int, msgsnd, (int queue, const void *message, size_t size, int flags),
      (queue, message, size, flags), -1)
FAULT(ssize_t, msgrcv, (int queue, void *message, size_t size, long type, int flags),
      (queue, message, size, type, flags), -1)
FAULT(int, semget, (key_t key, int count, int flags), (key, count, flags), -1)
FAULT(int, semop, (int set, struct sembuf *steps, size_t count), (set, steps, count), -1)
FAULT(ssize_t, process_vm_readv,
      (pid_t pid, const struct iovec *local, unsigned long locals,
       const struct iovec *remote, unsigned long remotes, unsigned long flags),
      (pid, local, locals, remote, remotes, flags), -1)

/* The kernel does not fail to remove what is there and is the caller's. */
int __real_msgctl(int queue, int action, struct msqid_ds *status);
int __wrap_msgctl(int queue, int action, struct msqid_ds *status);
int __wrap_msgctl(int queue, int action, struct msqid_ds *status) {
    return action != IPC_RMID && fault_strikes("msgctl")
               ? -1
               : __real_msgctl(queue, action, status);
}

mqd_t __real_mq_open(const char *name, int flags, ...);
mqd_t __wrap_mq_open(const char *name, int flags, ...);
mqd_t __wrap_mq_open(const char *name, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = va_arg(more, mode_t);
    struct mq_attr *wanted = va_arg(more, struct mq_attr *);
    va_end(more);
    return fault_strikes("mq_open") ? -1 : __real_mq_open(name, flags, mode, wanted);
}

FAULT(int, epoll_create1, (int flags), (flags), -1)
FAULT(int, epoll_ctl, (int fd, int action, int other, struct epoll_event *event),
      (fd, action, other, event), -1)
FAULT(int, sem_init, (sem_t * sem, int shared, unsigned value), (sem, shared, value), -1)
FAULT(int, pthread_create,
      (pthread_t * thread, const pthread_attr_t *attributes, void *(*start)(void *),
       void *context),
      (thread, attributes, start, context), fault_now->error_number)
