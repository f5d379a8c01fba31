/* epoll.c - one thread, non-blocking descriptors, level-triggered epoll(7). */
#include "run/process/stop.h"
#include "run/servers/server.h"
#include "run/servers/service.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EPOLL_EVENTS = 64 };

struct epoll_own {
    int fd;
    struct epoll_event events[EPOLL_EVENTS];
};

static int epoll_change(const struct epoll_own *own, int action,
                        struct ipm_service_channel *channel, int fd, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = channel};
    return epoll_ctl(own->fd, action, fd, &event) == 0 ? 0 : -errno;
}

static void epoll_done(struct ipm_service *service) {
    struct epoll_own *own = service->own;
    if (own && own->fd >= 0)
        (void)close(own->fd);
    free(own);
    service->own = NULL;
}

static int epoll_prepare(struct ipm_service *service, struct ipm_err *err) {
    struct epoll_own *own = calloc(1, sizeof *own);
    int failed = 0;
    if (!own)
        return ipm_err_sys(err, -ENOMEM, "cannot allocate the events");
    service->own = own;
    own->fd = epoll_create1(EPOLL_CLOEXEC);
    if (own->fd < 0)
        return ipm_err_sys(err, -errno, "cannot make an epoll instance");
    for (unsigned i = 0; i < service->channel_count && !failed; i++) {
        struct ipm_service_channel *channel = &service->channels[i];
        failed = epoll_change(own, EPOLL_CTL_ADD, channel, channel->end.rx_fd, EPOLLIN);
    }
    if (failed)
        return ipm_err_sys(err, failed, "cannot add a client to an epoll instance");
    return ipm_service_unblock(service, err);
}

/* Switches between waiting for requests and waiting for room for a response. With two
 * simplex channels these are two descriptors, and the second one is in the set only
 * while a response is pending. */
static int epoll_wait_for(const struct epoll_own *own,
                          struct ipm_service_channel *channel, bool writing) {
    const struct ipm_endpoint *end = &channel->end;
    const bool two = end->tx_fd != end->rx_fd;
    int failed = epoll_change(own, EPOLL_CTL_MOD, channel, end->rx_fd,
                              !writing ? EPOLLIN
                              : two    ? 0
                                       : EPOLLOUT);
    if (failed || !two)
        return failed;
    return epoll_change(own, writing ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, channel, end->tx_fd,
                        EPOLLOUT);
}

static int epoll_forget(const struct epoll_own *own, struct ipm_service_channel *channel,
                        bool writing) {
    const struct ipm_endpoint *end = &channel->end;
    int failed = epoll_change(own, EPOLL_CTL_DEL, channel, end->rx_fd, 0);
    if (failed || !writing || end->tx_fd == end->rx_fd)
        return failed;
    return epoll_change(own, EPOLL_CTL_DEL, channel, end->tx_fd, 0);
}

static int epoll_serve_one(const struct epoll_own *own,
                           struct ipm_service_channel *channel) {
    const bool before = ipm_service_is_writing(channel);
    const int over = ipm_service_step(channel);
    const bool after = ipm_service_is_writing(channel);
    if (over > 0)
        return epoll_forget(own, channel, before);
    if (over < 0 || before == after)
        return over;
    return epoll_wait_for(own, channel, after);
}

static int epoll_serve(struct ipm_service *service) {
    struct epoll_own *own = service->own;
    int failed = 0;
    int ready = 0;
    while (!failed && atomic_load(&service->left) > 0) {
        const int timeout_ms = ipm_service_timeout_ms(service, ready);
        ready = epoll_wait(own->fd, own->events, EPOLL_EVENTS, timeout_ms);
        if (ready < 0 && errno != EINTR)
            return -errno;
        if (ready <= 0 || ipm_stop_flag)
            failed = ipm_service_check_stop(service);
        for (int i = 0; i < ready && !failed; i++)
            failed = epoll_serve_one(own, own->events[i].data.ptr);
    }
    return failed;
}

const struct ipm_server ipm_server_epoll = {
    .strategy = {.name = "epoll", .clients_most = UINT64_MAX, .polls = true},
    .summary = "one thread, non-blocking, level-triggered epoll(7)",
    .prepare = epoll_prepare,
    .serve = epoll_serve,
    .done = epoll_done,
};
