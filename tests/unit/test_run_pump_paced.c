/* test_run_pump_paced.c - messages that carry their times, there and back by one thread. */
#include "base/clock.h"
#include "run/pump/pump.h"

#include <criterion/criterion.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PACED_LOOPS = 2000, PACED_BYTES = 64, PACED_READS = 20 };

static ssize_t paced_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    return send(end->tx_fd, buf, len, 0);
}

static ssize_t paced_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    return recv(end->rx_fd, buf, cap, 0);
}

static const struct ipm_transport paced_transport = {
    .name = "paced",
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MESSAGES,
    .send = paced_send,
    .recv = paced_recv};

static const struct ipm_case_config paced_config = {.message_bytes = PACED_BYTES,
                                                    .recv_bytes = 65536,
                                                    .rate_per_second = 1000,
                                                    .arrivals = "fixed"};

/* One direction: both pumps, and what the receiver measured. */
struct paced_way {
    struct ipm_endpoint from;
    struct ipm_endpoint to;
    struct ipm_pump out;
    struct ipm_pump in;
    struct ipm_timings timings;
};

static void paced_make(struct paced_way *way, int tx_fd, int rx_fd) {
    way->from = (struct ipm_endpoint){.ops = &paced_transport, .tx_fd = tx_fd};
    way->to = (struct ipm_endpoint){.ops = &paced_transport, .rx_fd = rx_fd};
    way->out = (struct ipm_pump){
        .end = &way->from, .config = &paced_config, .messages = PACED_LOOPS};
    way->in = way->out;
    way->in.end = &way->to;
    cr_assert_eq(ipm_pump_init(&way->out), 0);
    cr_assert_eq(ipm_pump_init(&way->in), 0);
    way->out.timings = way->in.timings = &way->timings;
}

/* Sends one message, of which only the time of sending matters, and receives it. Returns
 * that time. */
static uint64_t paced_move(struct paced_way *way, uint64_t sequence) {
    const uint64_t now_ns = ipm_clock_now_ns();
    way->out.times.due_ns = now_ns - 5000000;
    way->out.times.sent_ns = now_ns;
    cr_assert_eq(way->out.send_step(&way->out, sequence, 1), 0);
    cr_assert_eq(way->in.recv_once(&way->in), 1);
    return now_ns;
}

static uint64_t paced_read_ns(void) {
    uint64_t least_ns = UINT64_MAX;
    for (int i = 0; i < 1000; i++) {
        const uint64_t before_ns = ipm_clock_now_ns();
        const uint64_t took_ns = ipm_clock_now_ns() - before_ns;
        least_ns = took_ns < least_ns ? took_ns : least_ns;
    }
    return least_ns;
}

/* Between the two ways is the way back's read of the clock, and after them the loop's own:
 * the machine may be loaded, so the best loop of many is judged. */
Test(run_pump_paced, one_way_and_one_way_back_make_the_round_trip) {
    static struct paced_way there;
    static struct paced_way back;
    int fds[2];
    uint64_t sum_ns = 0;
    uint64_t least_ns = UINT64_MAX;
    cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
    paced_make(&there, fds[0], fds[1]);
    paced_make(&back, fds[1], fds[0]);
    for (uint64_t i = 0; i < PACED_LOOPS; i++) {
        const uint64_t began_ns = paced_move(&there, i);
        (void)paced_move(&back, i);
        const uint64_t trip_ns = ipm_clock_now_ns() - began_ns;
        const uint64_t both_ns =
            there.timings.since_sent.sum_ns + back.timings.since_sent.sum_ns - sum_ns;
        sum_ns += both_ns;
        cr_assert_leq(both_ns, trip_ns);
        if (trip_ns - both_ns < least_ns)
            least_ns = trip_ns - both_ns;
    }
    cr_expect_leq(least_ns, PACED_READS * paced_read_ns());
    cr_expect_eq(there.in.tracker.distinct, PACED_LOOPS);
    cr_expect_eq(there.timings.latency.sum_ns,
                 there.timings.since_sent.sum_ns + PACED_LOOPS * UINT64_C(5000000));
    ipm_pump_done(&there.out);
    ipm_pump_done(&there.in);
    ipm_pump_done(&back.out);
    ipm_pump_done(&back.in);
    (void)close(fds[0]);
    (void)close(fds[1]);
}
