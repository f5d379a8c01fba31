/* bare_paced.c - what a programmer would write by hand to send messages by a schedule.
 *
 *   bare_paced TRANSPORT MESSAGE_BYTES MESSAGES [SENDER_CPU:RECEIVER_CPU]
 *
 * 10,000 messages a second at equal distances. Each carries the time that it is due, and the
 * receiver keeps the time that it took. Ends on two CPUs wait as ipcmark's do: the sender
 * sleeps until 50 us before the time and polls the clock for the rest.
 *
 * Prints the CPU time of both ends in ns and the number of messages of one trial. */
#include "tests/bench/bare_common.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/prctl.h>

enum { PACED_GAP_NS = 100000, PACED_BUSY_NS = 50000 };

static uint64_t paced_busy_ns; /* set before the trial */

static void paced_await(uint64_t due_ns) {
    if (bare_now_ns() + paced_busy_ns < due_ns) {
        const uint64_t until_ns = due_ns - paced_busy_ns;
        const struct timespec until = {.tv_sec = (time_t)(until_ns / 1000000000u),
                                       .tv_nsec = (long)(until_ns % 1000000000u)};
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
            ;
    }
    while (bare_now_ns() < due_ns)
        ;
}

static void paced_send(const struct bare_end *end, const struct bare_job *job) {
    const uint64_t start_ns = bare_now_ns();
    bare_need(prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL) == 0, "prctl");
    for (uint64_t n = 0; n < job->messages; n++) {
        const uint64_t due_ns = start_ns + n * PACED_GAP_NS;
        paced_await(due_ns);
        memcpy(job->buf, &due_ns, sizeof due_ns);
        bare_put(end->tx_fd, job, write);
    }
}

static uint64_t paced_recv(const struct bare_end *end, const struct bare_job *job) {
    uint64_t *took_ns = (uint64_t *)(void *)bare_touched(job->messages * sizeof *took_ns);
    uint64_t bytes = 0;
    uint64_t due_ns;
    for (uint64_t n = 0; n < job->messages; n++) {
        bytes += bare_take(end->rx_fd, job, job->message_bytes, read);
        memcpy(&due_ns, job->buf, sizeof due_ns);
        took_ns[n] = bare_now_ns() - due_ns;
    }
    free(took_ns);
    return bytes;
}

static const struct bare_transport paced_transports[] = {
    {.name = "pipe",
     .open = bare_open_pipe,
     .parent = paced_send,
     .child = paced_recv,
     .messages = 1},
    {.name = "unix",
     .open = bare_open_unix,
     .parent = paced_send,
     .child = paced_recv,
     .messages = 1},
    {.name = NULL},
};

int main(int argc, char **argv) {
    const struct bare_order order = bare_parse(argc, argv, paced_transports);
    paced_busy_ns = order.cpus[0] == order.cpus[1] ? 0 : PACED_BUSY_NS;
    const struct bare_result result = bare_warm_trial(&order);
    (void)printf("%" PRIu64 " %" PRIu64 "\n", result.cpu_ns, order.job.messages);
    return 0;
}
