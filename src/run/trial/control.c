/* control.c - whole messages to and from a child. A message is checked on arrival,
 * because a transport under test, such as a plugin, may have corrupted the process
 * that sends it. */
#include "run/trial/control.h"

#include "base/clock.h"
#include "run/process/stop.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/* 2^53: the sum over a thousand clients fits, and every JSON reader keeps it exactly. */
static const int64_t CONTROL_COUNT_MOST = INT64_C(1) << 53;

int ipm_control_open(int ret_fds[2], struct ipm_err *err) {
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret_fds) == 0)
        return 0;
    return ipm_err_sys(err, -errno, "cannot make the control channel");
}

static size_t control_bytes(const struct ipm_control_message *message) {
    const size_t head = offsetof(struct ipm_control_message, as);
    switch (message->kind) {
    case IPM_CONTROL_DONE:
        return head + sizeof message->as.sent_messages;
    case IPM_CONTROL_RESULT:
        return head + sizeof message->as.window;
    case IPM_CONTROL_ERROR:
        return head + sizeof message->as.err;
    default:
        return head;
    }
}

int ipm_control_send(int fd, const struct ipm_control_message *message) {
    ssize_t moved;
    do
        moved = send(fd, message, control_bytes(message), MSG_NOSIGNAL);
    while (moved < 0 && errno == EINTR && !ipm_stop_wanted());
    return moved < 0 ? -errno : 0;
}

static int control_wait(int fd, uint64_t deadline_ns) {
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    for (;;) {
        const uint64_t now_ns = ipm_clock_now_ns();
        const struct timespec left =
            ipm_clock_timespec(deadline_ns > now_ns ? deadline_ns - now_ns : 0);
        int count = ppoll(&ready, 1, &left, NULL);
        if (count > 0)
            return 0;
        if (count == 0)
            return -ETIMEDOUT;
        if (errno != EINTR)
            return -errno;
        if (ipm_stop_wanted())
            return -EINTR;
    }
}

static bool control_ends(const char *text, size_t size) {
    return memchr(text, '\0', size) != NULL;
}

static bool control_facts_are_sound(const struct ipm_facts *facts) {
    if (facts->count > IPM_FACTS_MOST)
        return false;
    for (unsigned i = 0; i < facts->count; i++) {
        const struct ipm_fact *fact = &facts->items[i];
        if (!control_ends(fact->key, sizeof fact->key) ||
            !control_ends(fact->text, sizeof fact->text) ||
            (fact->kind != IPM_FACT_NUMBER && fact->kind != IPM_FACT_TEXT))
            return false;
    }
    return true;
}

/* Whether each of the 64-bit numbers lies between least and most. */
static bool control_numbers_are_sound(const void *numbers, size_t bytes, int64_t least,
                                      int64_t most) {
    for (size_t at = 0; at < bytes; at += sizeof(int64_t)) {
        int64_t number;
        memcpy(&number, (const char *)numbers + at, sizeof number);
        if (number < least || number > most)
            return false;
    }
    return true;
}

static bool control_window_is_sound(const struct ipm_window *window) {
    const size_t times = offsetof(struct ipm_window, sent);
    const size_t counts = offsetof(struct ipm_window, usage) - times;
    return control_numbers_are_sound(window, times, 0, INT64_MAX) &&
           control_numbers_are_sound(&window->sent, counts, 0, CONTROL_COUNT_MOST) &&
           control_numbers_are_sound(&window->usage, sizeof window->usage, -1,
                                     CONTROL_COUNT_MOST) &&
           control_facts_are_sound(&window->endpoint) &&
           control_facts_are_sound(&window->settings);
}

/* Whether every text is terminated, every count is within its array, and every number
 * is plausible. */
static bool control_is_sound(const struct ipm_control_message *message) {
    const struct ipm_err *err = &message->as.err;
    switch (message->kind) {
    case IPM_CONTROL_ATTACHED:
    case IPM_CONTROL_READY:
    case IPM_CONTROL_DONE:
        return true;
    case IPM_CONTROL_RESULT:
        return control_window_is_sound(&message->as.window);
    case IPM_CONTROL_ERROR:
        return err->code < 0 && control_ends(err->text, sizeof err->text) &&
               control_ends(err->hint, sizeof err->hint);
    }
    return false;
}

/* Whether receiving may go on. A descriptor may be ready and still return nothing
 * (BUGS in select(2)). A reset is reported once, before the data sent earlier. */
static bool control_goes_on(int reason) {
    return reason == EAGAIN || reason == EINTR || reason == ECONNRESET;
}

int ipm_control_recv(int fd, struct ipm_control_message *message, uint64_t deadline_ns) {
    ssize_t moved;
    do {
        int failed = control_wait(fd, deadline_ns);
        if (failed)
            return failed;
        moved = recv(fd, message, sizeof *message, MSG_DONTWAIT);
    } while (moved < 0 && control_goes_on(errno));
    if (moved < 0)
        return -errno;
    if (moved == 0)
        return -EPIPE;
    if ((size_t)moved < offsetof(struct ipm_control_message, as) ||
        (size_t)moved != control_bytes(message) || !control_is_sound(message))
        return -EPROTO;
    return 0;
}
