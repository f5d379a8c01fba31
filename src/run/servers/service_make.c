/* service_make.c - the memory of a service and the ends of its clients: all that is done
 * before the window and after it. */
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

/* What is where in one piece of shared memory. */
struct service_plan {
    unsigned channels;
    unsigned buffers;
    size_t buf_bytes;
    size_t buf_stride;
    size_t awaited_stride;
    bool checked;
    size_t clients_at;
    size_t channels_at;
    size_t checkers_at;
    size_t awaited_at;
    size_t buffers_at;
    size_t bytes;
};

static bool service_has_messages(const struct ipm_trial_config *config) {
    return (config->transport->caps & IPM_CAP_MESSAGES) != 0;
}

/* The first of the table has no boundaries. */
static const struct ipm_framing *service_framing(const struct ipm_trial_config *config) {
    return config->framing ? config->framing : *ipm_framings;
}

/* Whether messages are told apart in a stream, or its bytes only counted. */
static bool service_is_splitting(const struct ipm_trial_config *config, bool answers) {
    return !service_has_messages(config) && (config->settings->verify || answers ||
                                             service_framing(config) != *ipm_framings);
}

static size_t service_round(size_t bytes) {
    return (bytes + SERVICE_PAGE_BYTES - 1) & ~(size_t)(SERVICE_PAGE_BYTES - 1);
}

/* What is offered to recv, and holds the longest message where they are told apart. */
static size_t service_buf_bytes(const struct ipm_trial_config *config, bool answers) {
    const struct ipm_framing *framing = service_framing(config);
    const size_t frame_bytes = framing->head_bytes +
                               (size_t)config->settings->message_bytes +
                               framing->tail_bytes;
    if (service_has_messages(config))
        return (size_t)config->settings->message_bytes;
    return service_is_splitting(config, answers) &&
                   config->settings->recv_bytes < frame_bytes
               ? frame_bytes
               : (size_t)config->settings->recv_bytes;
}

/* Bytes that are only counted go into the same buffer for all, unless there are several
 * workers; so would a program do it. */
static struct service_plan service_lay_out(const struct ipm_trial_config *config,
                                           bool answers) {
    const bool shared = (config->transport->caps & IPM_CAP_SHARED) != 0;
    const bool has_workers = config->server->has_workers;
    const size_t clients = (size_t)config->settings->clients;
    struct service_plan plan = {
        .channels = shared && !has_workers ? 1 : (unsigned)clients,
        .buf_bytes = service_buf_bytes(config, answers),
        .checked = config->settings->verify ||
                   (config->transport->caps & IPM_CAP_RELIABLE) == 0};
    if (config->settings->verify && service_framing(config)->clean)
        plan.awaited_stride = service_round((size_t)config->settings->message_bytes);
    plan.buffers =
        service_is_splitting(config, answers) || has_workers ? plan.channels : 1;
    plan.buf_stride = service_round(plan.buf_bytes);
    plan.clients_at = service_round(sizeof(struct ipm_service));
    plan.channels_at =
        plan.clients_at + service_round(clients * sizeof(struct ipm_service_client));
    plan.checkers_at = plan.channels_at +
                       service_round(plan.channels * sizeof(struct ipm_service_channel));
    plan.awaited_at = plan.checkers_at +
                      service_round(plan.checked ? clients * sizeof(struct ipm_pump) : 0);
    plan.buffers_at = plan.awaited_at + clients * plan.awaited_stride;
    plan.bytes = plan.buffers_at + plan.buffers * plan.buf_stride;
    return plan;
}

static void service_make_checker(struct ipm_pump *checker, unsigned which,
                                 const struct ipm_trial_config *config,
                                 unsigned char *awaited) {
    *checker = (struct ipm_pump){.message_bytes = (size_t)config->settings->message_bytes,
                                 .seed = config->seed + which,
                                 .framing = service_framing(config),
                                 .awaited = awaited,
                                 .on_message = config->settings->verify
                                                   ? ipm_pump_on_message_contents
                                                   : ipm_pump_on_message_number};
    ipm_tracker_init(&checker->tracker, config->messages);
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

static int service_make_client(struct ipm_service *service, unsigned which,
                               const struct service_plan *plan) {
    unsigned char *const base = (unsigned char *)service;
    struct ipm_service_client *client = &service->clients[which];
    struct ipm_pump *checkers = (void *)(base + plan->checkers_at);
    if (plan->checked) {
        client->checker = &checkers[which];
        service_make_checker(client->checker, which, service->config,
                             plan->awaited_stride > 0
                                 ? base + plan->awaited_at + which * plan->awaited_stride
                                 : NULL);
    }
    return service_make_lock(client);
}

static void service_make_channel(struct ipm_service *service, unsigned which,
                                 unsigned char *buf) {
    struct ipm_service_channel *channel = &service->channels[which];
    *channel = (struct ipm_service_channel){
        .service = service,
        .client = &service->clients[which],
        .buf = buf,
        .framer = {.message_bytes = (size_t)service->config->settings->message_bytes},
        .end = {.rx_fd = -1, .tx_fd = -1}};
    memset(buf, 0, service->buf_bytes);
}

static int service_fill(struct ipm_service *service, const struct service_plan *plan) {
    unsigned char *const base = (unsigned char *)service;
    for (unsigned i = 0; i < service->client_count; i++) {
        int failed = service_make_client(service, i, plan);
        if (failed)
            return failed;
    }
    for (unsigned i = 0; i < plan->channels; i++)
        service_make_channel(service, i,
                             base + plan->buffers_at +
                                 (plan->buffers > 1 ? i : 0) * plan->buf_stride);
    return sem_init(&service->wake, 1, 0) == 0 ? 0 : -errno;
}

static void service_choose(struct ipm_service *service,
                           const struct ipm_trial_config *config, bool answers) {
    service->answers = answers;
    service->locked = config->server->has_workers && config->settings->clients > 1 &&
                      (config->transport->caps & IPM_CAP_SHARED) != 0;
    service->wait = ipm_wait_choose(config->settings->spin, config->transport->caps);
    service->find = service_framing(config)->find;
    service->step = service_has_messages(config)            ? ipm_service_step_messages
                    : service_is_splitting(config, answers) ? ipm_service_step_stream
                                                            : ipm_service_step_count;
    atomic_init(&service->left, service->client_count);
}

int ipm_service_open(struct ipm_service **ret_service,
                     const struct ipm_trial_config *config, bool answers,
                     struct ipm_err *err) {
    const struct service_plan plan = service_lay_out(config, answers);
    void *memory =
        mmap(NULL, plan.bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return ipm_err_sys(err, -errno, "cannot make buffers of %zu bytes for clients",
                           plan.bytes);
    struct ipm_service *service = memory;
    service->config = config;
    service->map_bytes = plan.bytes;
    service->client_count = (unsigned)config->settings->clients;
    service->channel_count = plan.channels;
    service->buf_bytes = plan.buf_bytes;
    service->clients = (void *)((unsigned char *)memory + plan.clients_at);
    service->channels = (void *)((unsigned char *)memory + plan.channels_at);
    service_choose(service, config, answers);
    int failed = service_fill(service, &plan);
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
    return (service->config->transport->caps & IPM_CAP_SHARED) != 0
               ? 1
               : service->channel_count;
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

/* Whether one has died that is still to come. */
static bool service_lost_one(const struct ipm_service *service) {
    for (unsigned i = 0; i < service->channel_count; i++)
        if (!service->channels[i].end.ops && service->clients[i].pid > 0 &&
            ipm_spawn_has_ended(service->clients[i].pid))
            return true;
    return false;
}

/* The death of a process breaks the wait off. When it was none of ours it does not matter
 * here, nor when it had come: that is told where it is missed. */
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

/* Meets one client, whichever comes. */
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
    if (!failed)
        failed = ipm_wait_prepare(service->wait, &end, err);
    struct ipm_service_channel *channel = &service->channels[shared ? 0 : end.peer];
    if (!failed && channel->end.ops)
        failed = ipm_err_set(err, -EPROTO, "client %u came twice", end.peer);
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
    for (unsigned i = 0; i < service->channel_count && !failed; i++)
        failed = ipm_wait_unblock(&service->channels[i].end, err);
    return failed;
}

/* The memory of a server is that of all its processes. */
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
    for (unsigned i = 0; i < service->channel_count; i++) {
        received->calls += service->channels[i].idle_calls;
        received->partial_calls += service->channels[i].idle_calls;
    }
}

/* The order in which several workers look at messages is not that in which they came. */
struct ipm_damage ipm_service_count(struct ipm_service *service, unsigned client,
                                    uint64_t sent_messages) {
    struct ipm_service_client *one = &service->clients[client];
    const struct ipm_trial_config *config = service->config;
    if (service->step == ipm_service_step_count)
        one->received.messages = one->received.bytes / config->settings->message_bytes;
    if (!one->checker)
        return (struct ipm_damage){0};
    ipm_tracker_finish(&one->checker->tracker, sent_messages);
    struct ipm_damage damage = one->checker->tracker.damage;
    if (!config->settings->verify &&
        config->settings->message_bytes < IPM_PAYLOAD_TELLING_BYTES)
        damage = (struct ipm_damage){.lost_messages =
                                         sent_messages > one->received.messages
                                             ? sent_messages - one->received.messages
                                             : 0};
    if (service->locked)
        damage.reordered_messages = 0;
    return damage;
}
