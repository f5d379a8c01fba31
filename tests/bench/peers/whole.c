/* whole.c - a library to preload (LD_PRELOAD, ld.so(8)): every recv waits for all it asks for.
 * For fio, which takes a part of a message for the whole answer. */
#include <dlfcn.h>
#include <stddef.h>
#include <sys/socket.h>

static ssize_t (*whole_recv)(int, void *, size_t, int);

/* dlsym(3): ISO C knows no way from an object's address to a function's, POSIX wants this. */
__attribute__((constructor)) static void whole_find(void) {
    *(void **)&whole_recv = dlsym(RTLD_NEXT, "recv");
}

ssize_t recv(int fd, void *buf, size_t bytes, int flags) {
    return whole_recv(fd, buf, bytes, flags | MSG_WAITALL);
}
