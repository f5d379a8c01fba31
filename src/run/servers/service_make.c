/* service_make.c - the memory of a service and the ends of its clients: everything
 * that is done before and after the window. */
#include "run/servers/service.h"

#include "base/err.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"
#include "run/pump/loops.h"
#include "run/servers/server.h"
#include "run/servers/service_steps.h"
#include "run/trial_config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { SERVICE_PAGE_BYTES = 4096 };

static bool service_shares(const struct ipm_trial_config *config) {
    return (config->transport->caps & IPM_CAP_SHARED) != 0;
}

/* The first framing of the table has no boundaries. */
static const struct ipm_framing *service_framing(const struct ipm_trial_config *config) {
    return config->framing ? config->framing : *ipm_framings;
}

/* Returns the bytes that recv is offered: enough for the longest message where
 * messages are separated. */
static size_t service_buf_bytes(const struct ipm_service *service) {
    const struct ipm_framing *framing = service_framing(service->config);
    const struct ipm_case_config *settings = service->config->settings;
    const size_t message_bytes = (size_t)settings->message_bytes;
    const size_t frame_bytes = framing->head_bytes + message_bytes + framing->tail_bytes;
    if (service->step == ipm_service_step_messages)
        return message_bytes;
    return service->step == ipm_service_step_stream && settings->recv_bytes < frame_bytes
               ? frame_bytes
               : (size_t)settings->recv_bytes;
}

static size_t service_round(size_t bytes) {
    return (bytes + SERVICE_PAGE_BYTES - 1) & ~(size_t)(SERVICE_PAGE_BYTES - 1);
}

static void *service_place(unsigned char *base, size_t *offset, size_t bytes) {
    void *piece = base ? base + *offset : NULL;
    *offset += service_round(bytes);
    return piece;
}

/* Returns the size of a response with its framing. */
static size_t service_response_bytes(const struct ipm_service *service) {
    const struct ipm_framing *framing = service_framing(service->config);
    return framing->head_bytes + framing->tail_bytes +
           (size_t)ipm_settings_response_bytes(service->config->settings);
}

/* Assigns the parts of one piece of shared memory; base is NULL when only the size is
 * wanted. Without several workers all clients share one buffer where a message is
 * handled before the next call of recv, as a plain program would do it. */
static size_t service_lay_out(struct ipm_service *service, unsigned char *base) {
    const size_t clients = service->client_count;
    const bool verify = service->config->settings->verify;
    const bool cleans = verify && service_framing(service->config)->clean;
    const bool one_buf = service->step != ipm_service_step_stream && !service->responds &&
                         !service->config->server->has_workers;
    size_t bytes = service_round(sizeof *service);
    service->message_stride =
        service_round((size_t)service->config->settings->message_bytes);
    service->buf_stride = one_buf ? 0 : service_round(service->buf_bytes);
    service->clients = service_place(base, &bytes, clients * sizeof *service->clients);
    service->channels =
        service_place(base, &bytes, service->channel_count * sizeof *service->channels);
    service->checkers =
        service->checks ? service_place(base, &bytes, clients * sizeof(struct ipm_pump))
                        : NULL;
    service->awaited =
        cleans ? service_place(base, &bytes, clients * service->message_stride) : NULL;
    service->bufs = service_place(base, &bytes,
                                  one_buf ? service->buf_bytes
                                          : service->channel_count * service->buf_stride);
    if (service->respond != ipm_service_make)
        return bytes;
    service->response_stride = service_round(service_response_bytes(service));
    service->makers =
        service_place(base, &bytes, service->channel_count * sizeof *service->makers);
    service->responses =
        service_place(base, &bytes, service->channel_count * service->response_stride);
    return bytes;
}

static void service_make_checker(struct ipm_pump *checker, unsigned which,
                                 const struct ipm_service *service,
                                 unsigned char *awaited) {
    const struct ipm_trial_config *config = service->config;
    *checker = (struct ipm_pump){.message_bytes = (size_t)config->settings->message_bytes,
                                 .seed = config->seed + which,
                                 .framing = service_framing(config),
                                 .awaited = awaited,
                                 .on_message = service->timed ? ipm_pump_on_message_times
                                               : config->settings->verify
                                                   ? ipm_pump_on_message_contents
                                                   : ipm_pump_on_message_number};
    ipm_tracker_init(&checker->tracker, config->messages);
    checker->tracker.short_numbers =
        service->loses && checker->message_bytes < IPM_PAYLOAD_TELLING_BYTES;
    checker->tracker.by_count =
        checker->tracker.short_numbers || (service->loses && service->responds);
}

static int service_make_lock(struct ipm_service_client *client) {
    pthread_mutexattr_t attributes;
    int failed = pthread_mutexattr_init(&attributes);
    if (failed)
        return -failed;
    failed = pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    if (!failed)
        failed = pthread_mutex_init(&client->lock, &attributes);
    (void)pthread_mutexattr_destroy(&attributes);
    return -failed;
}

static int service_make_client(struct ipm_service *service, unsigned which) {
    struct ipm_service_client *client = &service->clients[which];
    client->work = service->clients[0].work; /* measured once */
    if (service->checkers) {
        client->checker = &service->checkers[which];
        service_make_checker(
            client->checker, which, service,
            service->awaited ? service->awaited + which * service->message_stride : NULL);
    }
    return service_make_lock(client);
}

/* Frames stay as they were made. */
static struct ipm_pump *service_make_maker(struct ipm_service *service, unsigned which) {
    const struct ipm_case_config *settings = service->config->settings;
    struct ipm_pump *maker = &service->makers[which];
    *maker =
        (struct ipm_pump){.message_bytes = (size_t)ipm_settings_response_bytes(settings),
                          .frame_bytes = service_response_bytes(service),
                          .framing = service_framing(service->config),
                          .buf = service->responses + which * service->response_stride,
                          .stamp = settings->verify ? ipm_pump_stamp_contents
                                   : service->loses ? ipm_pump_stamp_numbers
                                                    : ipm_pump_stamp_nothing};
    memset(maker->buf, 0, maker->frame_bytes);
    maker->framing->wrap(maker->buf, maker->message_bytes);
    return maker;
}

static void service_make_channel(struct ipm_service *service, unsigned which) {
    struct ipm_service_channel *channel = &service->channels[which];
    *channel = (struct ipm_service_channel){
        .service = service,
        .client = &service->clients[which],
        .buf = service->bufs + which * service->buf_stride,
        .maker = service->makers ? service_make_maker(service, which) : NULL,
        .framer = {.message_bytes = (size_t)service->config->settings->message_bytes},
        .end = {.rx_fd = -1, .tx_fd = -1}};
    memset(channel->buf, 0, service->buf_bytes);
}

static int service_fill(struct ipm_service *service) {
    int failed = 0;
    if (service->works)
        ipm_work_init(&service->clients[0].work, service->config->settings, IPM_RECEIVER);
    for (unsigned i = 0; i < service->client_count && !failed; i++)
        failed = service_make_client(service, i);
    for (unsigned i = 0; i < service->channel_count; i++)
        service_make_channel(service, i);
    return !failed && sem_init(&service->wake, 1, 0) != 0 ? -errno : failed;
}

/* Fills all members that do not point into the shared memory. */
static struct ipm_service service_choose(const struct ipm_trial_config *config,
                                         bool responds) {
    const struct ipm_case_config *settings = config->settings;
    const unsigned caps = config->transport->caps;
    const bool workers = config->server->has_workers;
    const bool timed = settings->rate_per_second > 0 && !responds;
    const bool splits = settings->verify || timed || responds ||
                        ipm_work_is_asked(settings) ||
                        service_framing(config) != *ipm_framings;
    const unsigned clients = (unsigned)settings->clients;
    struct ipm_service service = {
        .config = config,
        .responds = responds,
        .locked = workers && clients > 1 && service_shares(config),
        .loses = (caps & IPM_CAP_RELIABLE) == 0,
        .timed = timed,
        .works = ipm_work_is_asked(settings),
        .checks = settings->verify || timed || (caps & IPM_CAP_RELIABLE) == 0,
        .wait = ipm_wait_choose(settings->wait, caps),
        .calls = *config->transport,
        .client_count = clients,
        .channel_count = service_shares(config) && !workers ? 1 : clients,
        .find = service_framing(config)->find,
        .step = (caps & IPM_CAP_MESSAGES) != 0 ? ipm_service_step_messages
                : splits                       ? ipm_service_step_stream
                                               : ipm_service_step_count,
        .respond = settings->response_bytes > 0 ? ipm_service_make : ipm_service_echo,
        .left = clients};
    service.buf_bytes = service_buf_bytes(&service);
    return service;
}

int ipm_service_open(struct ipm_service **ret_service,
                     const struct ipm_trial_config *config, bool responds,
                     struct ipm_err *err) {
    struct ipm_service made = service_choose(config, responds);
    made.map_bytes = service_lay_out(&made, NULL);
    void *memory = mmap(NULL, made.map_bytes, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return ipm_err_sys(err, -errno, "cannot make buffers of %zu bytes for clients",
                           made.map_bytes);
    struct ipm_service *service = memory;
    (void)service_lay_out(&made, memory);
    *service = made;
    int failed = service_fill(service);
    if (failed) {
        ipm_service_close(service);
        return ipm_err_sys(err, failed, "cannot make a service");
    }
    *ret_service = service;
    return 0;
}

static void service_drop_end(struct ipm_endpoint *end) {
    if (end->ops)
        end->ops->detach(end);
    free(end->state);
    *end = (struct ipm_endpoint){.rx_fd = -1, .tx_fd = -1};
}

unsigned ipm_service_own_ends(const struct ipm_service *service) {
    return service_shares(service->config) ? 1 : service->channel_count;
}

void ipm_service_close(struct ipm_service *service) {
    if (!service)
        return;
    for (unsigned i = 0; i < ipm_service_own_ends(service); i++)
        service_drop_end(&service->channels[i].end);
    for (unsigned i = 0; i < service->client_count; i++)
        (void)pthread_mutex_destroy(&service->clients[i].lock);
    (void)sem_destroy(&service->wake);
    (void)munmap(service, service->map_bytes);
}

/* Whether a client that is not yet attached has died. */
static bool service_lost_one(const struct ipm_service *service) {
    for (unsigned i = 0; i < service->channel_count; i++)
        if (!service->channels[i].end.ops && service->clients[i].pid > 0 &&
            ipm_spawn_has_ended(service->clients[i].pid))
            return true;
    return false;
}

/* Attaches one client. The death of a client that is not yet attached ends the wait.
 * Any other death does not; that of an attached client is noticed in the window. */
static int service_meet(struct ipm_service *service, struct ipm_endpoint *end,
                        struct ipm_link *link, struct ipm_err *err) {
    for (;;) {
        struct ipm_err seen = {0};
        int failed = link->ops->attach(end, link, &seen);
        if (failed != -EINTR || ipm_stop_flag || service_lost_one(service)) {
            if (failed)
                *err = seen;
            return failed;
        }
        link->ops->detach(end);
    }
}

/* Attaches one client, whichever connects first. */
static int service_attach_one(struct ipm_service *service, struct ipm_link *link,
                              struct ipm_err *err) {
    const bool shared = ipm_service_own_ends(service) < service->client_count;
    struct ipm_endpoint end = {.side = IPM_PARENT, .rx_fd = -1, .tx_fd = -1};
    end.state = calloc(1, link->ops->end_size + 1);
    if (!end.state)
        return ipm_err_sys(err, -ENOMEM, "cannot make an end of '%s'", link->ops->name);
    end.ops = link->ops;
    end.counted = service->step == ipm_service_step_count;
    end.peer_pid = service->client_count == 1 ? service->clients[0].pid : 0;
    int failed = service_meet(service, &end, link, err);
    if (!failed &&
        (end.peer >= service->client_count || end.other_count > IPM_ENDPOINT_OTHER_FDS))
        failed = ipm_err_set(err, -EPROTO, "'%s' attached an end that cannot be",
                             link->ops->name); /* a plugin */
    if (!failed)
        failed =
            ipm_wait_prepare(service->wait, service->config->settings->wait, &end, err);
    if (!failed && service->config->server->has_workers)
        ipm_wait_wrap(service->wait, &end, &service->calls);
    struct ipm_service_channel *channel =
        &service->channels[shared || failed ? 0 : end.peer];
    if (!failed && channel->end.ops)
        failed = ipm_err_set(err, -EPROTO, "client %u attached twice", end.peer);
    if (failed)
        service_drop_end(&end);
    else
        channel->end = end;
    return failed;
}

int ipm_service_attach(struct ipm_service *service, struct ipm_link *link,
                       struct ipm_err *err) {
    const unsigned ends = ipm_service_own_ends(service);
    int failed = 0;
    for (unsigned i = 0; i < ends && !failed; i++)
        failed = service_attach_one(service, link, err);
    for (unsigned i = ends; i < service->channel_count && !failed; i++)
        service->channels[i].end = service->channels[0].end;
    return failed;
}

int ipm_service_unblock(struct ipm_service *service, struct ipm_err *err) {
    int failed = 0;
    service->tries = ipm_wait_count_tries(service->wait, service->config->settings->wait,
                                          &service->channels[0].end);
    for (unsigned i = 0; i < service->channel_count && !failed; i++)
        failed = ipm_wait_unblock(&service->channels[i].end, err);
    return failed;
}

/* Sums the usage of all worker processes, peak memory included. */
static struct ipm_usage service_workers_usage(const struct ipm_service *service) {
    struct ipm_usage sum = service->channels[0].usage;
    for (unsigned i = 1; i < service->channel_count; i++) {
        const struct ipm_usage *more = &service->channels[i].usage;
        const bool known = sum.peak_rss_bytes >= 0 && more->peak_rss_bytes >= 0;
        ipm_usage_add(&sum, more);
        sum.peak_rss_bytes = known ? sum.peak_rss_bytes + more->peak_rss_bytes : -1;
    }
    return sum;
}

void ipm_service_conclude(const struct ipm_service *service, struct ipm_usage *usage,
                          struct ipm_counts *received) {
    if (service->apart)
        *usage = service_workers_usage(service);
    usage->work_ns = 0;
    for (unsigned i = 0; i < service->client_count; i++)
        usage->work_ns += ipm_work_ns(&service->clients[i].work);
    for (unsigned i = 0; i < service->channel_count; i++) {
        received->calls += service->channels[i].idle_calls;
        received->partial_calls += service->channels[i].idle_calls;
    }
}

/* Several workers do not observe messages in the order of arrival, so reordering is
 * not counted. */
struct ipm_damage ipm_service_count(struct ipm_service *service, unsigned client,
                                    uint64_t sent_messages) {
    struct ipm_service_client *one = &service->clients[client];
    const struct ipm_trial_config *config = service->config;
    if (service->step == ipm_service_step_count)
        one->received.messages = one->received.bytes / config->settings->message_bytes;
    if (!one->checker)
        return (struct ipm_damage){0};
    ipm_tracker_finish(&one->checker->tracker, sent_messages, one->received.messages);
    struct ipm_damage damage = one->checker->tracker.damage;
    if (service->locked)
        damage.reordered_messages = 0;
    return damage;
}
