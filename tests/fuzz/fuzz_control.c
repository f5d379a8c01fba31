/* fuzz_control.c - messages of a child that has lost its mind: they are refused, or every text
 * in them ends and every count is within its array. */
#include "fuzz.h"

#include "base/clock.h"
#include "run/trial/control.h"

#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool ends(const char *text, size_t size) {
    return memchr(text, '\0', size) != NULL;
}

static void check_facts(const struct ipm_facts *facts) {
    FUZZ_EXPECT(facts->count <= IPM_FACTS_MOST);
    for (unsigned i = 0; i < facts->count; i++) {
        const struct ipm_fact *fact = &facts->items[i];
        FUZZ_EXPECT(ends(fact->key, sizeof fact->key));
        FUZZ_EXPECT(fact->kind == IPM_FACT_NUMBER || fact->kind == IPM_FACT_TEXT);
        FUZZ_EXPECT(fact->kind == IPM_FACT_NUMBER || ends(fact->text, sizeof fact->text));
    }
}

static void check_message(const struct ipm_control_message *message) {
    FUZZ_EXPECT(message->kind >= IPM_CONTROL_ATTACHED &&
                message->kind <= IPM_CONTROL_ERROR);
    if (message->kind == IPM_CONTROL_ERROR) {
        FUZZ_EXPECT(message->as.err.code < 0);
        FUZZ_EXPECT(ends(message->as.err.text, sizeof message->as.err.text));
        FUZZ_EXPECT(ends(message->as.err.hint, sizeof message->as.err.hint));
    }
    if (message->kind == IPM_CONTROL_RESULT) {
        FUZZ_EXPECT(message->as.window.received.bytes <= INT64_MAX);
        FUZZ_EXPECT(message->as.window.usage.user_ns >= -1);
        check_facts(&message->as.window.endpoint);
        check_facts(&message->as.window.settings);
    }
}

/* A sound result, but for the counts of its facts. */
static size_t make_counts(unsigned char *bytes, const uint8_t counts[2]) {
    static struct ipm_control_message message = {.kind = IPM_CONTROL_RESULT};
    message.as.window.endpoint.count = counts[0];
    message.as.window.settings.count = counts[1];
    memcpy(bytes, &message, sizeof message);
    return offsetof(struct ipm_control_message, as) + sizeof message.as.window;
}

/* The first byte says how the rest becomes a message: as it is, or behind the head of a kind and
 * cut or filled to the length of that kind, which chance would not find. */
static size_t make_message(unsigned char *bytes, size_t room, const uint8_t *data,
                           size_t size) {
    const size_t head = offsetof(struct ipm_control_message, as);
    const enum ipm_control_kind kind = (enum ipm_control_kind)(data[0] % 8);
    const size_t lengths[8] = {[IPM_CONTROL_DONE] = sizeof(uint64_t),
                               [IPM_CONTROL_RESULT] = sizeof(struct ipm_window),
                               [IPM_CONTROL_ERROR] = sizeof(struct ipm_err)};
    const size_t left = size - 1 < room - head ? size - 1 : room - head;
    if (data[0] >= 128) {
        memcpy(bytes, data + 1, left);
        return left;
    }
    if (kind == IPM_CONTROL_RESULT && (data[0] & 64) != 0 && size > 2)
        return make_counts(bytes, data + 1);
    memset(bytes, 0, room);
    memcpy(bytes, &kind, sizeof kind);
    memcpy(bytes + head, data + 1, left < lengths[kind] ? left : lengths[kind]);
    return head + lengths[kind];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static unsigned char bytes[sizeof(struct ipm_control_message) + 64];
    static struct ipm_control_message message;
    struct ipm_err err = {0};
    int fds[2];
    if (size == 0 || ipm_control_open(fds, &err) != 0)
        return 0;
    const size_t length = make_message(bytes, sizeof bytes, data, size);
    FUZZ_EXPECT(send(fds[1], bytes, length, MSG_NOSIGNAL) == (ssize_t)length);
    memset(&message, 0xff, sizeof message);
    if (ipm_control_recv(fds[0], &message, ipm_clock_now_ns()) == 0)
        check_message(&message);
    (void)close(fds[0]);
    (void)close(fds[1]);
    return 0;
}
