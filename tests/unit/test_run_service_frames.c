/* test_run_service_frames.c - a service finds messages in a stream however it is split, and
 * no message where there is none. No process: the transport is a script. */
#include "base/err.h"
#include "run/patterns/pattern.h"
#include "run/servers/server.h"
#include "run/servers/service.h"
#include "tests/support/trial.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

enum { FRAMES_MOST_BYTES = 200, FRAMES_STREAM_BYTES = 4096 };

/* What recv gives and send takes, call by call. */
static struct {
    unsigned char stream[FRAMES_STREAM_BYTES];
    size_t stream_bytes;
    size_t given;
    size_t recv_most; /* a call */
    unsigned char answers[FRAMES_STREAM_BYTES];
    size_t answered;
    size_t send_most; /* a call; every other call is EAGAIN when it is less than asked */
    bool full;
} script;

static ssize_t script_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    size_t left = script.stream_bytes - script.given;
    (void)end;
    if (left > cap)
        left = cap;
    if (left > script.recv_most)
        left = script.recv_most;
    memcpy(buf, script.stream + script.given, left);
    script.given += left;
    return (ssize_t)left;
}

static ssize_t script_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    (void)end;
    script.full = !script.full && len > script.send_most;
    if (script.full) {
        errno = EAGAIN;
        return -1;
    }
    const size_t taken = len < script.send_most ? len : script.send_most;
    memcpy(script.answers + script.answered, buf, taken);
    script.answered += taken;
    return (ssize_t)taken;
}

static void script_detach(struct ipm_endpoint *end) {
    (void)end;
}

static const struct ipm_transport script_transport = {
    .name = "script",
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI,
    .recv = script_recv,
    .send = script_send,
    .detach = script_detach,
};

/* One byte of length before the contents; 255 is no length. */
static int byte_find(struct ipm_framer *framer, const unsigned char *bytes, size_t filled,
                     struct ipm_frame *ret_frame) {
    if (filled > 0 && bytes[0] == 255)
        return -EBADMSG;
    if (filled > 0 && bytes[0] > framer->message_bytes)
        return -EMSGSIZE;
    if (filled == 0 || filled < 1u + bytes[0])
        return 0;
    *ret_frame = (struct ipm_frame){
        .frame_bytes = 1u + bytes[0], .contents_offset = 1, .contents_bytes = bytes[0]};
    return 1;
}

static const struct ipm_framing byte_framing = {
    .name = "byte", .head_bytes = 1, .find = byte_find};

static struct ipm_test_trial frames_test;
static struct ipm_trial_config frames_config;

static struct ipm_service_channel *frames_open(const char *pattern, uint64_t messages) {
    struct ipm_service *service = NULL;
    struct ipm_err err = {0};
    frames_test =
        ipm_test_trial_make(&script_transport, pattern, FRAMES_MOST_BYTES, messages);
    frames_test.settings.recv_bytes = 64;
    frames_test.trial.framing = &byte_framing;
    frames_test.trial.server = ipm_server_find("epoll");
    frames_config = ipm_test_trial_config(&frames_test);
    cr_assert_eq(ipm_service_open(&service, &frames_config,
                                  strcmp(pattern, "fan-in-rpc") == 0, &err),
                 0, "%s", err.text);
    service->channels[0].end.ops = &script_transport;
    script.given = script.answered = 0;
    script.full = false;
    script.send_most = SIZE_MAX;
    return &service->channels[0];
}

/* Lengths 0, 7, 14 ... as far as they go. Returns how many. */
static uint64_t frames_write(void) {
    uint64_t count = 0;
    script.stream_bytes = 0;
    for (size_t length = 0; length <= FRAMES_MOST_BYTES; length += 7, count++) {
        script.stream[script.stream_bytes++] = (unsigned char)length;
        memset(script.stream + script.stream_bytes, (int)length, length);
        script.stream_bytes += length;
    }
    return count;
}

static void frames_turn_until_over(struct ipm_service_channel *channel) {
    int over = 0;
    for (int turns = 0; over == 0 && turns < 20000; turns++)
        over = ipm_service_step(channel);
    cr_assert_eq(over, 1, "%d", over);
}

Test(run_service_frames, are_found_whatever_the_split) {
    const uint64_t messages = frames_write();
    for (size_t most = 1; most <= 300; most++) {
        struct ipm_service_channel *channel = frames_open("fan-in", messages);
        script.recv_most = most;
        frames_turn_until_over(channel);
        cr_expect_eq(channel->client->received.messages, messages);
        cr_expect_eq(channel->client->framing_bytes, messages);
        cr_expect_eq(channel->client->received.bytes, script.stream_bytes - messages);
        cr_expect(!channel->client->gone);
        ipm_service_close(channel->service);
    }
}

Test(run_service_frames, are_answered_as_they_came_whatever_is_taken) {
    const uint64_t messages = frames_write();
    for (size_t most = 1; most <= 300; most += 3) {
        struct ipm_service_channel *channel = frames_open("fan-in-rpc", messages);
        script.recv_most = 100;
        script.send_most = most;
        frames_turn_until_over(channel);
        cr_assert_eq(script.answered, script.stream_bytes);
        cr_expect_eq(memcmp(script.answers, script.stream, script.stream_bytes), 0);
        cr_expect_eq(channel->client->sent.messages, messages);
        cr_expect_eq(channel->client->sent.bytes, script.stream_bytes - messages);
        ipm_service_close(channel->service);
    }
}

static void frames_hostile(unsigned char first, int failed, const char *words) {
    struct ipm_service_channel *channel = frames_open("fan-in", 10);
    script.stream[0] = first;
    script.stream_bytes = 50;
    script.recv_most = SIZE_MAX;
    cr_expect_eq(ipm_service_step(channel), failed);
    cr_expect_str_eq(channel->service->err.text, words);
    ipm_service_close(channel->service);
}

Test(run_service_frames, that_are_none_end_in_words) {
    frames_hostile(255, -EBADMSG,
                   "client 0 sent bytes that are not a message: Bad message");
    frames_hostile(254, -EMSGSIZE,
                   "client 0 sent bytes that are not a message: Message too long");
}

/* The stream ends inside a message: the client is gone, not done. */
Test(run_service_frames, that_are_cut_make_a_client_that_is_gone) {
    struct ipm_service_channel *channel = frames_open("fan-in", 10);
    script.stream[0] = 100;
    script.stream_bytes = 60;
    script.recv_most = SIZE_MAX;
    frames_turn_until_over(channel);
    cr_expect(channel->client->gone);
    cr_expect_eq(channel->client->received.messages, 0);
    ipm_service_close(channel->service);
}
