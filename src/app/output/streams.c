/* streams.c - the three standard descriptors at the start of the program. */
#include "app/output/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void ipm_streams_secure(void) {
    static const int unfit[] = {O_WRONLY, O_RDONLY, O_RDONLY};
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
            continue;
        /* open(2) gives the lowest free number, which is fd: those below are in use */
        if (open("/dev/null", unfit[fd] | O_CLOEXEC) != fd)
            return;
    }
}
