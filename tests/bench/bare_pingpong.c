/* bare_pingpong.c - what a programmer would write by hand for requests of a parent that a
 * child answers, one at a time.
 *
 *   bare_pingpong TRANSPORT MESSAGE_BYTES ROUND_TRIPS [PARENT_CPU:CHILD_CPU]
 *
 * Both ends of unix-paused let 2 us go by before each send, of which the round trip has both.
 *
 * Prints the median round trip in ns, the mean and the number of round trips of one trial.
 * The clock is read once a round trip: each begins where the one before it ended. */
#include "tests/bench/bare_common.h"

#include <inttypes.h>
#include <stdlib.h>

BARE_INLINE void pingpong_ask(const struct bare_end *end, const struct bare_job *job,
                              ssize_t (*put)(int, const void *, size_t),
                              ssize_t (*take)(int, void *, size_t)) {
    uint64_t before_ns = bare_now_ns();
    for (uint64_t n = 0; n < job->messages; n++) {
        bare_put(end->tx_fd, job, put);
        (void)bare_take(end->rx_fd, job, job->message_bytes, take);
        const uint64_t now_ns = bare_now_ns();
        job->times_ns[n] = now_ns - before_ns;
        before_ns = now_ns;
    }
}

BARE_INLINE uint64_t pingpong_answer(const struct bare_end *end,
                                     const struct bare_job *job,
                                     ssize_t (*put)(int, const void *, size_t),
                                     ssize_t (*take)(int, void *, size_t)) {
    uint64_t bytes = 0;
    for (uint64_t n = 0; n < job->messages; n++) {
        bytes += bare_take(end->rx_fd, job, job->message_bytes, take);
        bare_put(end->tx_fd, job, put);
    }
    return bytes;
}

static void pingpong_ask_pipe(const struct bare_end *end, const struct bare_job *job) {
    pingpong_ask(end, job, write, read);
}

static uint64_t pingpong_answer_pipe(const struct bare_end *end,
                                     const struct bare_job *job) {
    return pingpong_answer(end, job, write, read);
}

static void pingpong_ask_socket(const struct bare_end *end, const struct bare_job *job) {
    pingpong_ask(end, job, bare_send, bare_recv);
}

static uint64_t pingpong_answer_socket(const struct bare_end *end,
                                       const struct bare_job *job) {
    return pingpong_answer(end, job, bare_send, bare_recv);
}

static void pingpong_ask_late(const struct bare_end *end, const struct bare_job *job) {
    pingpong_ask(end, job, bare_send_late, bare_recv);
}

static uint64_t pingpong_answer_late(const struct bare_end *end,
                                     const struct bare_job *job) {
    return pingpong_answer(end, job, bare_send_late, bare_recv);
}

static void pingpong_ask_datagram(const struct bare_end *end,
                                  const struct bare_job *job) {
    pingpong_ask(end, job, bare_send, bare_recv_datagram);
}

static uint64_t pingpong_answer_datagram(const struct bare_end *end,
                                         const struct bare_job *job) {
    return pingpong_answer(end, job, bare_send, bare_recv_datagram);
}

static const struct bare_transport pingpong_transports[] = {
    {.name = "pipe-pair",
     .open = bare_open_pipe_pair,
     .parent = pingpong_ask_pipe,
     .child = pingpong_answer_pipe},
    {.name = "unix",
     .open = bare_open_unix,
     .parent = pingpong_ask_socket,
     .child = pingpong_answer_socket},
    {.name = "unix-paused",
     .open = bare_open_unix,
     .parent = pingpong_ask_late,
     .child = pingpong_answer_late},
    {.name = "tcp",
     .open = bare_open_tcp,
     .parent = pingpong_ask_socket,
     .child = pingpong_answer_socket},
    {.name = "udp",
     .open = bare_open_udp,
     .parent = pingpong_ask_datagram,
     .child = pingpong_answer_datagram,
     .messages = 1},
    {.name = NULL},
};

static int pingpong_compare(const void *a, const void *b) {
    const uint64_t *left = a;
    const uint64_t *right = b;
    return (*left > *right) - (*left < *right);
}

int main(int argc, char **argv) {
    struct bare_order order = bare_parse(argc, argv, pingpong_transports);
    const uint64_t count = order.job.messages;
    uint64_t *times_ns = calloc(count + 1, sizeof *times_ns);
    bare_need(times_ns != NULL, "calloc");
    order.job.times_ns = times_ns;
    (void)bare_warm_trial(&order);
    uint64_t sum_ns = 0;
    for (uint64_t n = 0; n < count; n++)
        sum_ns += times_ns[n];
    qsort(times_ns, count, sizeof *times_ns, pingpong_compare);
    (void)printf("%" PRIu64 " %.1f %" PRIu64 "\n", times_ns[(count - 1) / 2],
                 (double)sum_ns / (double)count, count);
    free(times_ns);
    return 0;
}
