/* service.c - receives from the clients of a server, and sends responses: the steps of the
 * window. */
#include "run/servers/service.h"

#include "base/clock.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"
#include "run/servers/server.h"
#include "run/servers/service_steps.h"
#include "run/trial_config.h"

#include <errno.h>
#include <string.h>
#include <time.h>

/* Only the first call counts: a client ends once. */
static void service_end_client(struct ipm_service *service,
                               struct ipm_service_client *client, bool gone) {
    if (atomic_exchange(&client->over, true))
        return;
    if (client->end_ns == 0)
        client->end_ns = ipm_clock_now_ns();
    client->gone = gone;
    if (atomic_fetch_sub(&service->left, 1) == 1)
        (void)sem_post(&service->wake);
}

static bool service_is_shared(const struct ipm_service_channel *channel) {
    return (channel->end.ops->caps & IPM_CAP_SHARED) != 0;
}

static bool service_is_connected(const struct ipm_service_channel *channel) {
    return (channel->end.ops->caps & IPM_CAP_CONNECTED) != 0;
}

static int service_is_over(const struct ipm_service_channel *channel) {
    return service_is_shared(channel) ? atomic_load(&channel->service->left) == 0
                                      : atomic_load(&channel->client->over);
}

static void service_lock(struct ipm_service_channel *channel) {
    if (channel->service->locked)
        (void)pthread_mutex_lock(&channel->client->lock);
}

static void service_unlock(struct ipm_service_channel *channel) {
    if (channel->service->locked)
        (void)pthread_mutex_unlock(&channel->client->lock);
}

/* A call that failed. A peer that dies with bytes unread resets the connection (tcp(7),
 * unix(7)), and one that is gone before a datagram arrives refuses it (udp(7)): of whom the
 * refusal is, an end for all cannot tell. */
static int service_classify_error(struct ipm_service_channel *channel, int reason) {
    if (reason == EAGAIN || reason == EINTR)
        return service_is_over(channel);
    if (reason != EPIPE && reason != ECONNRESET && reason != ECONNREFUSED)
        return -reason;
    channel->answer_left = 0;
    if (!service_is_shared(channel) || channel->service->client_count == 1)
        service_end_client(channel->service, channel->client, true);
    return service_is_over(channel);
}

/* recv gave nothing: the end of a stream that was not over, or no bytes now. A call that was
 * broken off because all is over is none of the window's. */
static int service_stop_short(struct ipm_service_channel *channel, ssize_t moved) {
    const int reason = moved < 0 ? errno : EPIPE;
    channel->idle_calls += atomic_load(&channel->service->left) > 0;
    return service_classify_error(channel, reason);
}

/* Sends what is left of an answer, as far as it is taken. */
static int service_send_response(struct ipm_service_channel *channel) {
    struct ipm_service_client *client = channel->client;
    while (channel->answer_left > 0) {
        const size_t offered = channel->answer_left;
        ssize_t moved = channel->end.ops->send(
            &channel->end, channel->buf + channel->answer_at, offered);
        client->sent.calls++;
        client->sent.partial_calls += moved != (ssize_t)offered;
        if (moved < 0)
            return service_classify_error(channel, errno);
        channel->answer_at += (size_t)moved;
        channel->answer_left -= (size_t)moved;
    }
    client->sent.messages++;
    client->sent.bytes += channel->answer_bytes;
    if (!channel->service->loses &&
        client->sent.messages >= channel->service->config->messages)
        service_end_client(channel->service, client, false);
    return service_is_over(channel);
}

/* Without those that came twice. */
static bool service_has_all(const struct ipm_service_client *client, uint64_t messages) {
    return (client->checker ? client->checker->tracker.distinct
                            : client->received.messages) >= messages;
}

/* With the last request came the client's last byte, whenever its response is taken. */
static int service_respond(struct ipm_service_channel *channel, size_t at,
                           size_t frame_bytes, size_t contents_bytes) {
    struct ipm_service_client *client = channel->client;
    if (client->end_ns == 0 &&
        service_has_all(client, channel->service->config->messages))
        client->end_ns = ipm_clock_now_ns();
    channel->answer_at = at;
    channel->answer_left = frame_bytes;
    channel->answer_bytes = contents_bytes;
    return service_send_response(channel);
}

/* Order, and with --verify contents, of one message: checked by the pump's own code. */
static void service_on_message(struct ipm_service_client *client,
                               const unsigned char *contents, size_t bytes) {
    struct ipm_pump *checker = client->checker;
    checker->counts.messages = client->received.messages - 1; /* its place */
    if (bytes == checker->message_bytes)
        checker->on_message(checker, contents);
    else
        checker->tracker.damage.corrupt_messages++;
}

static void service_count_call(struct ipm_service_client *client, ssize_t moved,
                               size_t offered) {
    client->received.calls++;
    client->received.partial_calls += moved != (ssize_t)offered;
}

/* A stream whose bytes are only counted. */
int ipm_service_step_count(struct ipm_service_channel *channel) {
    const struct ipm_trial_config *config = channel->service->config;
    struct ipm_service_client *client = channel->client;
    const size_t offered = channel->service->buf_bytes;
    ssize_t moved = channel->end.ops->recv(&channel->end, channel->buf, offered);
    if (moved <= 0)
        return service_stop_short(channel, moved);
    service_count_call(client, moved, offered);
    client->received.bytes += (uint64_t)moved;
    if (client->received.bytes < config->messages * config->settings->message_bytes)
        return 0;
    service_end_client(channel->service, client, false);
    return 1;
}

static int service_take_frame(struct ipm_service_channel *channel,
                              const struct ipm_frame *frame) {
    const struct ipm_service *service = channel->service;
    struct ipm_service_client *client = channel->client;
    const size_t at = channel->parsed;
    channel->parsed += frame->frame_bytes;
    client->received.messages++;
    client->received.bytes += frame->contents_bytes;
    client->framing_bytes += frame->frame_bytes - frame->contents_bytes;
    if (client->checker)
        service_on_message(client, channel->buf + at + frame->contents_offset,
                           frame->contents_bytes);
    if (service->answers)
        return service_respond(channel, at, frame->frame_bytes, frame->contents_bytes);
    if (client->received.messages >= service->config->messages)
        service_end_client(channel->service, client, false);
    return service_is_over(channel);
}

static int service_refuse_frame(struct ipm_service_channel *channel, int failed) {
    return ipm_err_sys(&channel->service->err, failed,
                       "client %u sent what is no message",
                       (unsigned)(channel->client - channel->service->clients));
}

/* Deals with every whole message at the front of the buffer and moves the rest there,
 * unless an answer is still to be sent from it. */
static int service_split(struct ipm_service_channel *channel) {
    struct ipm_service *service = channel->service;
    struct ipm_frame frame;
    int over = 0;
    while (over == 0 && !ipm_service_is_writing(channel)) {
        int found = service->find(&channel->framer, channel->buf + channel->parsed,
                                  channel->filled - channel->parsed, &frame);
        if (found < 0)
            return service_refuse_frame(channel, found);
        if (found == 0)
            break;
        over = service_take_frame(channel, &frame);
    }
    if (channel->parsed > 0 && !ipm_service_is_writing(channel)) {
        channel->filled -= channel->parsed;
        memmove(channel->buf, channel->buf + channel->parsed, channel->filled);
        channel->parsed = 0;
    }
    return over;
}

/* A stream in which messages are told apart. */
int ipm_service_step_stream(struct ipm_service_channel *channel) {
    if (ipm_service_is_writing(channel)) {
        int over = service_send_response(channel);
        return over != 0 || ipm_service_is_writing(channel) ? over
                                                            : service_split(channel);
    }
    const size_t offered = channel->service->buf_bytes - channel->filled;
    if (offered == 0)
        return service_refuse_frame(channel, -EMSGSIZE);
    ssize_t moved =
        channel->end.ops->recv(&channel->end, channel->buf + channel->filled, offered);
    if (moved <= 0)
        return service_stop_short(channel, moved);
    service_count_call(channel->client, moved, offered);
    channel->filled += (size_t)moved;
    return service_split(channel);
}

/* One that the transport has kept whole. Without a byte it is a mark: all has been sent; what
 * is connected has no marks, and an end where there is no byte. One
 * worker may receive the mark while another still holds a message that came before it. */
static int service_take_message(struct ipm_service_channel *channel, size_t bytes) {
    struct ipm_service *service = channel->service;
    struct ipm_service_client *client = channel->client;
    const size_t offered = (size_t)service->config->settings->message_bytes;
    if (bytes == 0 && atomic_load(&client->over))
        return service_is_over(channel);
    service_count_call(client, (ssize_t)bytes, offered);
    if (bytes > 0) {
        client->received.messages++;
        client->received.bytes += bytes;
        if (client->checker)
            service_on_message(client, channel->buf, bytes);
    }
    if (service->answers && bytes > 0)
        return service_respond(channel, 0, bytes < offered ? bytes : offered, bytes);
    if (bytes == 0 || service_has_all(client, service->config->messages))
        service_end_client(service, client, false);
    return service_is_over(channel);
}

int ipm_service_step_messages(struct ipm_service_channel *channel) {
    struct ipm_service *service = channel->service;
    if (!ipm_service_is_writing(channel)) {
        ssize_t moved =
            channel->end.ops->recv(&channel->end, channel->buf,
                                   (size_t)service->config->settings->message_bytes);
        if (moved < 0 || (moved == 0 && service_is_connected(channel)))
            return service_stop_short(channel, moved);
        channel->client = &service->clients[channel->end.peer];
        service_lock(channel);
        int over = service_take_message(channel, (size_t)moved);
        service_unlock(channel);
        return over;
    }
    service_lock(channel);
    int over = service_send_response(channel);
    service_unlock(channel);
    return over;
}

int ipm_service_work(struct ipm_service_channel *channel) {
    struct ipm_service *service = channel->service;
    int over = 0;
    while (over == 0 && !atomic_load_explicit(&service->cancelled, memory_order_relaxed))
        over = ipm_service_step(channel);
    return over < 0 ? over : 0;
}

/* Streams end by themselves, after what the dead have sent. */
static void service_find_dead(struct ipm_service *service) {
    for (unsigned i = 0; i < service->client_count; i++) {
        struct ipm_service_client *client = &service->clients[i];
        if (!atomic_load(&client->over) && client->pid > 0 &&
            ipm_spawn_has_ended(client->pid))
            service_end_client(service, client, true);
    }
}

int ipm_service_check_stop(struct ipm_service *service) {
    if (ipm_stop_flag)
        return -EINTR;
    if (ipm_stop_child_died() &&
        (service->config->transport->caps & IPM_CAP_CONNECTED) == 0)
        service_find_dead(service);
    return 0;
}

void ipm_service_worker_done(struct ipm_service *service) {
    if (atomic_fetch_sub(&service->working, 1) == 1)
        (void)sem_post(&service->wake);
}

/* A signal that comes just before the wait is lost: so it is never long. */
static void service_wait(struct ipm_service *service, uint64_t most_ns) {
    const struct timespec until = ipm_clock_timespec(ipm_clock_now_ns() + most_ns);
    (void)sem_clockwait(&service->wake, CLOCK_MONOTONIC, &until);
}

int ipm_service_await(struct ipm_service *service,
                      void (*interrupt)(struct ipm_service *service),
                      int (*check)(struct ipm_service *service)) {
    const uint64_t quiet_ns = 50000000;
    const uint64_t ending_ns = 2000000;
    int failed = 0;
    bool late = false; /* they had a while to come back by themselves */
    while (atomic_load(&service->working) > 0) {
        const bool ending = failed != 0 || atomic_load(&service->left) == 0;
        if (late)
            interrupt(service);
        service_wait(service, ending ? ending_ns : quiet_ns);
        late = ending;
        const int stopped = ipm_service_check_stop(service);
        const int checked = check(service);
        if (!failed)
            failed = stopped ? stopped : checked;
        if (failed)
            atomic_store(&service->cancelled, true);
        if (checked == -ECHILD)
            break; /* that worker never comes back */
    }
    return failed;
}

int ipm_service_serve(struct ipm_pump *pump) {
    struct ipm_service *service = pump->own;
    int failed = service->config->server->serve(service);
    for (unsigned i = 0; i < service->client_count && !failed; i++)
        if (service->clients[i].gone)
            failed = ipm_err_set(&service->err, -EPIPE,
                                 "client %u left before it was done", i);
    return failed;
}
