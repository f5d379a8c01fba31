/* service.c - receives from the clients of a server, and sends responses: the steps of the
 * window. */
#include "run/servers/service.h"

#include "base/clock.h"
#include "base/libc.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"
#include "run/servers/server.h"
#include "run/servers/service_steps.h"
#include "run/trial_config.h"

#include <errno.h>
#include <string.h>
#include <time.h>

/* Marks a client as over. Later calls for the same client do nothing. */
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

/* Returns 0 when a failed call may be repeated, or a negative errno. A peer that dies
 * with unread bytes resets the connection (tcp(7), unix(7)); one that is gone before a
 * datagram arrives refuses it (udp(7)). An end shared by all clients cannot tell which
 * client refused. */
static int service_classify_error(struct ipm_service_channel *channel, int reason) {
    if (reason == EAGAIN)
        ipm_wait_missed(channel->service->wait, channel->idle_calls);
    if (reason == EAGAIN || reason == EINTR)
        return service_is_over(channel);
    if (reason != EPIPE && reason != ECONNRESET && reason != ECONNREFUSED)
        return -reason;
    channel->response_left = 0;
    if (!service_is_shared(channel) || channel->service->client_count == 1)
        service_end_client(channel->service, channel->client, true);
    return service_is_over(channel);
}

/* Handles a recv that returned no bytes: an early end of the stream, or no data yet; or, of a
 * plugin, more than fits. A call that was interrupted because all clients are over is not
 * counted. */
static int service_stop_short(struct ipm_service_channel *channel, ssize_t moved) {
    const int reason = moved < 0 ? errno : moved == 0 ? EPIPE : EMSGSIZE;
    channel->idle_calls += atomic_load(&channel->service->left) > 0;
    return service_classify_error(channel, reason);
}

/* Sends the rest of a response, as far as the transport accepts it. */
static int service_send_response(struct ipm_service_channel *channel) {
    struct ipm_service_client *client = channel->client;
    while (channel->response_left > 0) {
        const size_t offered = channel->response_left;
        ssize_t moved =
            channel->service->calls.send(&channel->end, channel->response, offered);
        client->sent.calls++;
        client->sent.partial_calls += moved != (ssize_t)offered;
        if (moved < 0 || (size_t)moved > offered)
            return service_classify_error(channel, moved < 0 ? errno : EMSGSIZE);
        channel->response += moved;
        channel->response_left -= (size_t)moved;
    }
    client->sent.messages++;
    client->sent.bytes += channel->response_bytes;
    if (!channel->service->loses &&
        client->sent.messages >= channel->service->config->messages)
        service_end_client(channel->service, client, false);
    return service_is_over(channel);
}

/* Whether all messages have arrived; duplicates do not count. */
static bool service_has_all(const struct ipm_service_client *client, uint64_t messages) {
    return (client->checker ? client->checker->tracker.distinct
                            : client->received.messages) >= messages;
}

void ipm_service_echo(struct ipm_service_channel *channel, size_t at, size_t frame_bytes,
                      size_t contents_bytes) {
    channel->response = channel->buf + at;
    channel->response_left = frame_bytes;
    channel->response_bytes = contents_bytes;
}

/* A response has the number of its request. Where messages may be lost, the number is read from the
 * request, which is at the front of the buffer because there are no frames. */
void ipm_service_make(struct ipm_service_channel *channel, size_t at, size_t frame_bytes,
                      size_t contents_bytes) {
    const struct ipm_service *service = channel->service;
    const struct ipm_service_client *client = channel->client;
    struct ipm_pump *maker = channel->maker;
    (void)at;
    (void)frame_bytes;
    const uint64_t number = service->loses
                                ? ipm_payload_read(channel->buf, contents_bytes,
                                                   client->checker->tracker.next)
                                : client->received.messages - 1;
    maker->seed = service->config->seed + (uint64_t)(client - service->clients);
    maker->stamp(maker, number, 1);
    channel->response = maker->buf;
    channel->response_left = maker->frame_bytes;
    channel->response_bytes = maker->message_bytes;
}

/* The last request brings the last byte of the client, even if its response is sent later. */
static int service_respond(struct ipm_service_channel *channel, size_t at,
                           size_t frame_bytes, size_t contents_bytes) {
    struct ipm_service_client *client = channel->client;
    if (client->end_ns == 0 &&
        service_has_all(client, channel->service->config->messages))
        client->end_ns = ipm_clock_now_ns();
    channel->service->respond(channel, at, frame_bytes, contents_bytes);
    return service_send_response(channel);
}

/* Checks the order and, with --verify, the contents of one message with the pump's
 * code. */
static void service_on_message(struct ipm_service_client *client,
                               const unsigned char *contents, size_t bytes) {
    struct ipm_pump *checker = client->checker;
    checker->counts.messages = client->received.messages - 1; /* its index */
    if (bytes == checker->message_bytes)
        checker->on_message(checker, contents);
    else
        checker->tracker.damage.corrupt_messages++;
}

/* Works for one message, before it is responded to. */
static void service_do_work(struct ipm_service_client *client,
                            const unsigned char *contents, size_t bytes) {
    if (client->work.touches)
        ipm_work_read(contents, bytes);
    ipm_work_do(&client->work);
}

static void service_count_call(struct ipm_service_client *client, ssize_t moved,
                               size_t offered) {
    client->received.calls++;
    client->received.partial_calls += moved != (ssize_t)offered;
}

/* Receives from a stream whose bytes are only counted. */
int ipm_service_step_count(struct ipm_service_channel *channel) {
    const struct ipm_trial_config *config = channel->service->config;
    struct ipm_service_client *client = channel->client;
    const size_t offered = channel->service->buf_bytes;
    ssize_t moved = channel->service->calls.recv(&channel->end, channel->buf, offered);
    if (moved <= 0 || (size_t)moved > offered)
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
    if (service->works)
        service_do_work(client, channel->buf + at + frame->contents_offset,
                        frame->contents_bytes);
    if (service->responds)
        return service_respond(channel, at, frame->frame_bytes, frame->contents_bytes);
    if (client->received.messages >= service->config->messages)
        service_end_client(channel->service, client, false);
    return service_is_over(channel);
}

static int service_refuse_frame(struct ipm_service_channel *channel, int failed) {
    return ipm_err_sys(&channel->service->err, failed,
                       "client %u sent bytes that are not a message",
                       (unsigned)(channel->client - channel->service->clients));
}

/* Handles every whole message at the front of the buffer and moves the rest to the
 * front, unless a response is still to be sent from it. */
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

/* Receives from a stream whose messages are separated by the framing. */
int ipm_service_step_stream(struct ipm_service_channel *channel) {
    if (ipm_service_is_writing(channel)) {
        int over = service_send_response(channel);
        return over != 0 || ipm_service_is_writing(channel) ? over
                                                            : service_split(channel);
    }
    const size_t offered = channel->service->buf_bytes - channel->filled;
    if (offered == 0)
        return service_refuse_frame(channel, -EMSGSIZE);
    ssize_t moved = channel->service->calls.recv(&channel->end,
                                                 channel->buf + channel->filled, offered);
    if (moved <= 0 || (size_t)moved > offered)
        return service_stop_short(channel, moved);
    service_count_call(channel->client, moved, offered);
    channel->filled += (size_t)moved;
    return service_split(channel);
}

/* Handles one message of a transport that preserves boundaries. An empty message is
 * the mark after the last message; a connected transport has no marks, and an empty
 * message is its end. One worker may receive the mark while another still holds an
 * earlier message. */
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
        if (service->works)
            service_do_work(client, channel->buf, bytes);
    }
    if (service->responds && bytes > 0)
        return service_respond(channel, 0, bytes < offered ? bytes : offered, bytes);
    if (bytes == 0 || service_has_all(client, service->config->messages))
        service_end_client(service, client, false);
    return service_is_over(channel);
}

int ipm_service_step_messages(struct ipm_service_channel *channel) {
    struct ipm_service *service = channel->service;
    if (!ipm_service_is_writing(channel)) {
        const size_t offered = (size_t)service->config->settings->message_bytes;
        ssize_t moved = service->calls.recv(&channel->end, channel->buf, offered);
        if (moved < 0 || (size_t)moved > offered ||
            (moved == 0 && service_is_connected(channel)))
            return service_stop_short(channel, moved);
        if (channel->end.peer >= service->client_count)
            return -EPROTO; /* of a plugin */
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

int ipm_service_timeout_ms(struct ipm_service *service, int ready) {
    service->misses = ready > 0 ? 0 : service->misses + 1;
    ipm_wait_missed(service->wait, service->misses);
    return service->misses < service->tries ? 0 : -1;
}

int ipm_service_work(struct ipm_service_channel *channel) {
    struct ipm_service *service = channel->service;
    int over = 0;
    while (over == 0 && !atomic_load_explicit(&service->cancelled, memory_order_relaxed))
        over = ipm_service_step(channel);
    return over < 0 ? over : 0;
}

/* Marks clients that died as gone, where no end-of-file reports it. Streams end by
 * themselves, after the data that the dead client had sent. */
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

/* Waits for at most most_ns. A signal just before the wait is lost, so the wait must
 * be short. */
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
    bool late = false; /* the workers had enough time to return */
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
            break; /* that worker never returns */
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
