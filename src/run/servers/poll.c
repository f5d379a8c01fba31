/* poll.c - one thread, non-blocking descriptors, poll(2). */
#include "run/process/stop.h"
#include "run/servers/server.h"
#include "run/servers/service.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

/* The channels still open, without gaps: the last one replaces one that ends. */
struct poll_own {
    nfds_t count;
    struct pollfd *fds;
    struct ipm_service_channel **channels;
};

static void poll_done(struct ipm_service *service) {
    struct poll_own *own = service->own;
    if (own) {
        free(own->fds);
        free(own->channels);
    }
    free(own);
    service->own = NULL;
}

static void poll_wait_for(struct poll_own *own, nfds_t which) {
    const struct ipm_service_channel *channel = own->channels[which];
    const bool writing = ipm_service_is_writing(channel);
    own->fds[which] =
        (struct pollfd){.fd = writing ? channel->end.tx_fd : channel->end.rx_fd,
                        .events = writing ? POLLOUT : POLLIN};
}

static int poll_prepare(struct ipm_service *service, struct ipm_err *err) {
    struct poll_own *own = calloc(1, sizeof *own);
    if (!own)
        return ipm_err_sys(err, -ENOMEM, "cannot allocate the channels");
    service->own = own;
    own->fds = calloc(service->channel_count, sizeof *own->fds);
    own->channels = calloc(service->channel_count, sizeof(void *));
    if (!own->fds || !own->channels)
        return ipm_err_sys(err, -ENOMEM, "cannot allocate the channels");
    for (; own->count < service->channel_count; own->count++) {
        own->channels[own->count] = &service->channels[own->count];
        poll_wait_for(own, own->count);
    }
    return ipm_service_unblock(service, err);
}

static void poll_forget(struct poll_own *own, nfds_t which) {
    own->count--;
    own->fds[which] = own->fds[own->count];
    own->channels[which] = own->channels[own->count];
}

static int poll_serve_one(struct poll_own *own, nfds_t which) {
    const bool before = ipm_service_is_writing(own->channels[which]);
    const int over = ipm_service_step(own->channels[which]);
    if (over > 0)
        poll_forget(own, which);
    else if (before != ipm_service_is_writing(own->channels[which]))
        poll_wait_for(own, which);
    return over < 0 ? over : 0;
}

/* Serves from the last channel to the first: a channel that ends is replaced by the last one, which
 * has been served. */
static int poll_serve_ready(struct poll_own *own, int ready) {
    int failed = 0;
    for (nfds_t i = own->count; i-- > 0 && ready > 0 && !failed;) {
        if (own->fds[i].revents == 0)
            continue;
        ready--;
        failed = poll_serve_one(own, i);
    }
    return failed;
}

static int poll_serve(struct ipm_service *service) {
    struct poll_own *own = service->own;
    int failed = 0;
    int ready = 0;
    while (!failed && atomic_load(&service->left) > 0) {
        const int timeout_ms = ipm_service_timeout_ms(service, ready);
        ready = poll(own->fds, own->count, timeout_ms);
        if (ready < 0 && errno != EINTR)
            return -errno;
        if (ready <= 0 || ipm_stop_flag)
            failed = ipm_service_check_stop(service);
        if (!failed && ready > 0)
            failed = poll_serve_ready(own, ready);
    }
    return failed;
}

const struct ipm_server ipm_server_poll = {
    .strategy = {.name = "poll", .clients_most = UINT64_MAX, .polls = true},
    .summary = "one thread, non-blocking, poll(2)",
    .prepare = poll_prepare,
    .serve = poll_serve,
    .done = poll_done,
};
