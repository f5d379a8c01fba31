/* select.c - one thread, non-blocking descriptors, select(2), which supports only
 * descriptors below FD_SETSIZE. */
#include "run/process/stop.h"
#include "run/servers/server.h"
#include "run/servers/service.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/select.h>
#include <unistd.h>

/* Upper bound of the other descriptors of a trial. */
enum { SELECT_OTHERS = 64 };

struct select_own {
    int above; /* one more than the highest descriptor */
    fd_set reading;
    fd_set writing;
};

static void select_done(struct ipm_service *service) {
    free(service->own);
    service->own = NULL;
}

/* Moves a descriptor to the lowest free number. */
static int select_lower(int *fd, struct ipm_err *err) {
    if (*fd < FD_SETSIZE)
        return 0;
    const int lower = fcntl(*fd, F_DUPFD_CLOEXEC, 0);
    if (lower < 0)
        return ipm_err_sys(err, -errno, "cannot give a descriptor a lower number");
    (void)close(*fd);
    *fd = lower;
    if (lower < FD_SETSIZE)
        return 0;
    return ipm_err_set(err, -EMFILE, "select(2) supports only %d descriptors",
                       FD_SETSIZE);
}

/* Moves the descriptor for responses only where the server responds. */
static int select_lower_end(struct ipm_endpoint *end, bool responds,
                            struct ipm_err *err) {
    const bool one = end->tx_fd == end->rx_fd;
    int failed = select_lower(&end->rx_fd, err);
    if (one)
        end->tx_fd = end->rx_fd;
    return failed || one || !responds ? failed : select_lower(&end->tx_fd, err);
}

static void select_add(struct select_own *own, int fd, fd_set *set) {
    FD_SET(fd, set);
    if (fd >= own->above)
        own->above = fd + 1;
}

static int select_prepare(struct ipm_service *service, struct ipm_err *err) {
    struct select_own *own = calloc(1, sizeof *own);
    int failed = 0;
    if (!own)
        return ipm_err_sys(err, -ENOMEM, "cannot allocate the channels");
    service->own = own;
    FD_ZERO(&own->reading);
    FD_ZERO(&own->writing);
    for (unsigned i = 0; i < service->channel_count && !failed; i++) {
        failed = select_lower_end(&service->channels[i].end, service->responds, err);
        if (!failed)
            select_add(own, service->channels[i].end.rx_fd, &own->reading);
    }
    return failed ? failed : ipm_service_unblock(service, err);
}

static int select_serve_one(struct select_own *own, struct ipm_service_channel *channel) {
    const bool before = ipm_service_is_writing(channel);
    const int over = ipm_service_step(channel);
    const bool after = ipm_service_is_writing(channel);
    if (over < 0 || (over == 0 && before == after))
        return over;
    FD_CLR(before ? channel->end.tx_fd : channel->end.rx_fd,
           before ? &own->writing : &own->reading);
    if (over == 0)
        select_add(own, after ? channel->end.tx_fd : channel->end.rx_fd,
                   after ? &own->writing : &own->reading);
    return 0;
}

/* Whether the descriptor that a channel waits for is in the sets. With two simplex
 * channels, a descriptor that the channel does not wait for is never in them. */
static bool select_is_ready(const struct ipm_service_channel *channel,
                            const fd_set *readable, const fd_set *writable) {
    return ipm_service_is_writing(channel) ? FD_ISSET(channel->end.tx_fd, writable)
                                           : FD_ISSET(channel->end.rx_fd, readable);
}

static int select_serve_ready(struct ipm_service *service, const fd_set *readable,
                              const fd_set *writable, int ready) {
    int failed = 0;
    for (unsigned i = 0; i < service->channel_count && ready > 0 && !failed; i++) {
        struct ipm_service_channel *channel = &service->channels[i];
        if (!select_is_ready(channel, readable, writable))
            continue;
        ready--;
        failed = select_serve_one(service->own, channel);
    }
    return failed;
}

static int select_serve(struct ipm_service *service) {
    struct select_own *own = service->own;
    int failed = 0;
    int ready = 0;
    while (!failed && atomic_load(&service->left) > 0) {
        struct timeval none = {0};
        const bool looks = ipm_service_timeout_ms(service, ready) == 0;
        fd_set readable = own->reading;
        fd_set writable = own->writing;
        ready = select(own->above, &readable, &writable, NULL, looks ? &none : NULL);
        if (ready < 0 && errno != EINTR)
            return -errno;
        if (ready <= 0 || ipm_stop_flag)
            failed = ipm_service_check_stop(service);
        if (!failed && ready > 0)
            failed = select_serve_ready(service, &readable, &writable, ready);
    }
    return failed;
}

const struct ipm_server ipm_server_select = {
    .strategy = {.name = "select",
                 .clients_most = FD_SETSIZE - SELECT_OTHERS,
                 .polls = true,
                 .reason = "select(2) supports 1024 descriptors"},
    .summary = "one thread, non-blocking, select(2)",
    .prepare = select_prepare,
    .serve = select_serve,
    .done = select_done,
};
_Static_assert(FD_SETSIZE == 1024, "the reason names it");
