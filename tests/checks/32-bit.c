/* 32-bit.c - messages through each ring, from this process to a child: for 32-bit.sh. */
#include "base/err.h"
#include "transports/transport.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MESSAGE_BYTES = 5000, MESSAGES = 3000, LOOKS = 100 };

extern const struct ipm_transport ipm_transport_shm_ring;
extern const struct ipm_transport ipm_transport_shm_spin;
extern const struct ipm_transport ipm_transport_shm_eventfd;

static unsigned char message[MESSAGE_BYTES];

static int yield(unsigned misses) {
    (void)misses;
    return sched_yield();
}

static int fail(const struct ipm_transport *ops, const char *words) {
    (void)fprintf(stderr, "%s: %s\n", ops->name, words);
    return 1;
}

static int run_side(struct ipm_link *link, enum ipm_side side) {
    const struct ipm_transport *ops = link->ops;
    struct ipm_err err = {0};
    struct ipm_endpoint end = {
        .ops = ops, .side = side, .looks = LOOKS, .on_miss = yield};
    unsigned char wanted[MESSAGE_BYTES];
    end.state = calloc(1, ops->end_size);
    if (!end.state || ops->attach(&end, link, &err) != 0)
        return fail(ops, err.text);
    for (unsigned i = 0; i < MESSAGES; i++) {
        memset(wanted, (int)(i % 251), sizeof wanted);
        if (side == IPM_PARENT ? ops->send(&end, wanted, sizeof wanted) < 0
                               : ops->recv(&end, message, sizeof message) < 0 ||
                                     memcmp(message, wanted, sizeof wanted) != 0)
            return fail(ops, "a message did not arrive as it was sent");
    }
    ops->detach(&end);
    free(end.state);
    return 0;
}

static int run(const struct ipm_transport *ops) {
    struct ipm_err err = {0};
    struct ipm_link link = {.ops = ops,
                            .config = {.message_bytes = MESSAGE_BYTES},
                            .state = calloc(1, ops->link_size)};
    int status = 1;
    if (!link.state || ops->open(&link, &err) != 0)
        return fail(ops, err.text);
    const pid_t child = fork();
    if (child == 0)
        _exit(run_side(&link, IPM_CHILD));
    const int failed = child < 0 || run_side(&link, IPM_PARENT) != 0;
    ops->close(&link, IPM_PARENT);
    if (child > 0 && waitpid(child, &status, 0) != child)
        status = 1;
    free(link.state);
    return failed || status != 0;
}

int main(void) {
    return run(&ipm_transport_shm_ring) | run(&ipm_transport_shm_spin) |
           run(&ipm_transport_shm_eventfd);
}
