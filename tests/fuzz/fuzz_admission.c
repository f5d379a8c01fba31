/* fuzz_admission.c - several connections that say anything, in any order and in pieces: each that
 * says the token and a number of a child is admitted, no other is, and nothing behind that is
 * read. */
#include "fuzz.h"

#include "base/err.h"
#include "transports/common/admission.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { CALLERS = 4, PEERS = 3, SAID_MOST = 64, SOON_MS = 1 };

struct caller {
    int fd;
    size_t said_bytes;
    unsigned char said[SAID_MOST];
};

/* An abstract address of the kernel's choice. */
static int gate_listen(struct sockaddr_un *ret_address, socklen_t *ret_bytes) {
    const struct sockaddr_un any = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    FUZZ_EXPECT(fd >= 0);
    FUZZ_EXPECT(bind(fd, (const struct sockaddr *)&any, sizeof any.sun_family) == 0);
    FUZZ_EXPECT(listen(fd, CALLERS) == 0);
    *ret_bytes = sizeof *ret_address;
    FUZZ_EXPECT(getsockname(fd, (struct sockaddr *)ret_address, ret_bytes) == 0);
    return fd;
}

static void caller_say(struct caller *caller, const void *bytes, size_t count) {
    if (caller->fd < 0 || caller->said_bytes + count > SAID_MOST ||
        send(caller->fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)count)
        return;
    memcpy(caller->said + caller->said_bytes, bytes, count);
    caller->said_bytes += count;
}

/* The token, or a part of it, a number, single bytes, or the end of the connection. */
static void caller_act(struct caller *caller, const struct ipm_admission *gate,
                       struct fuzz_input *input) {
    const unsigned what = (unsigned)fuzz_take(input, 1);
    const unsigned number = (unsigned)fuzz_take(input, 1);
    const unsigned char byte = (unsigned char)number;
    if (what < 64)
        caller_say(caller, gate->token, number % (IPM_ADMISSION_TOKEN_BYTES + 1));
    else if (what < 128)
        caller_say(caller, &number, sizeof number);
    else if (what < 250)
        caller_say(caller, &byte, 1);
    else if (caller->fd >= 0) {
        (void)close(caller->fd);
        caller->fd = -1;
    }
}

static bool caller_is_child(const struct caller *caller, const struct ipm_admission *gate,
                            unsigned peer) {
    unsigned number = 0;
    if (caller->said_bytes < IPM_ADMISSION_HELLO_BYTES ||
        memcmp(caller->said, gate->token, IPM_ADMISSION_TOKEN_BYTES) != 0)
        return false;
    memcpy(&number, caller->said + IPM_ADMISSION_TOKEN_BYTES, sizeof number);
    return number == peer;
}

/* What is left to be read is what some child said behind its hello. */
static void check_admitted(const struct caller callers[CALLERS],
                           const struct ipm_admission *gate, int fd, unsigned peer) {
    unsigned char rest[SAID_MOST];
    const ssize_t got = recv(fd, rest, sizeof rest, MSG_DONTWAIT);
    const size_t left = got > 0 ? (size_t)got : 0;
    bool found = false;
    FUZZ_EXPECT(peer < PEERS);
    for (int i = 0; i < CALLERS; i++)
        found = found ||
                (caller_is_child(&callers[i], gate, peer) &&
                 callers[i].said_bytes == IPM_ADMISSION_HELLO_BYTES + left &&
                 memcmp(callers[i].said + IPM_ADMISSION_HELLO_BYTES, rest, left) == 0);
    FUZZ_EXPECT(found);
    (void)close(fd);
}

static unsigned count_children(const struct caller callers[CALLERS],
                               const struct ipm_admission *gate) {
    unsigned count = 0;
    for (int i = 0; i < CALLERS; i++)
        for (unsigned peer = 0; peer < PEERS; peer++)
            count += caller_is_child(&callers[i], gate, peer);
    return count;
}

/* Returns whether one was admitted. */
static bool admit_one(const struct caller callers[CALLERS], struct ipm_admission *gate) {
    struct ipm_err err;
    unsigned peer = PEERS;
    int fd = -1;
    int failed;
    do { /* libFuzzer has a signal a second */
        err = (struct ipm_err){0};
        failed = ipm_admission_admit(gate, SOON_MS, &fd, &peer, &err);
    } while (failed == -EINTR);
    FUZZ_EXPECT(!failed || failed == -ETIMEDOUT);
    if (!failed)
        check_admitted(callers, gate, fd, peer);
    return !failed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz_input input = {data, size};
    struct caller callers[CALLERS] = {0};
    struct sockaddr_un address;
    socklen_t bytes;
    struct ipm_admission gate = {0};
    struct ipm_err err = {0};
    unsigned admitted = 0;
    const int listener = gate_listen(&address, &bytes);
    FUZZ_EXPECT(ipm_admission_init(&gate, listener, PEERS, &err) == 0);
    for (int i = 0; i < CALLERS; i++) {
        callers[i].fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        FUZZ_EXPECT(connect(callers[i].fd, (struct sockaddr *)&address, bytes) == 0);
    }
    while (input.size > 0) {
        const unsigned which = (unsigned)fuzz_take(&input, 1);
        caller_act(&callers[which % CALLERS], &gate, &input);
        if (which >= 200)
            admitted += admit_one(callers, &gate);
    }
    for (int i = 0; i < CALLERS;
         i++) /* twice: the first time, it may only have accepted */
        for (int tries = 0; tries < 2; tries++)
            admitted += admit_one(callers, &gate);
    FUZZ_EXPECT(admitted == count_children(callers, &gate));
    for (int i = 0; i < CALLERS; i++)
        if (callers[i].fd >= 0)
            (void)close(callers[i].fd);
    ipm_admission_done(&gate);
    (void)close(listener);
    return 0;
}
