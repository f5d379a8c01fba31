/* work.c - work between messages. A pump with work has other steps, so the loops need not test for
 * work. */
#include "run/pump/work.h"

#include "base/clock.h"
#include "run/process/stop.h"
#include "run/pump/loops.h"

#include <errno.h>
#include <time.h>

enum { WORK_BATCHES = 20, WORK_BATCH_LOOPS = 10000 };

bool ipm_work_is_asked(const struct ipm_case_config *config) {
    return config->sender_work_ns > 0 || config->receiver_work_ns > 0 || config->touch;
}

/* Returns the time of the fastest batch, because other batches were disturbed. */
static uint64_t work_batch_ns(void) {
    uint64_t best_ns = UINT64_MAX;
    for (int i = 0; i < WORK_BATCHES; i++) {
        const uint64_t began_ns = ipm_clock_now_ns();
        ipm_work_loop(WORK_BATCH_LOOPS);
        const uint64_t took_ns = ipm_clock_now_ns() - began_ns;
        best_ns = took_ns < best_ns ? took_ns : best_ns;
    }
    return best_ns + 1;
}

void ipm_work_init(struct ipm_work *work, const struct ipm_case_config *config,
                   enum ipm_role role) {
    *work = (struct ipm_work){.each_ns = role == IPM_SENDER ? config->sender_work_ns
                                                            : config->receiver_work_ns,
                              .touches = config->touch};
    if (work->each_ns > 0)
        work->loops = work->each_ns * WORK_BATCH_LOOPS / work_batch_ns();
}

static int work_after_sending(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    const int failed = pump->worked.send_step(pump, sequence, count);
    for (unsigned i = 0; i < count && !failed; i++)
        ipm_work_do(&pump->work);
    return failed;
}

/* A response follows the work for its request. */
static int work_before_responding(struct ipm_pump *pump, uint64_t sequence,
                                  unsigned count) {
    ipm_work_do(&pump->work);
    return pump->worked.send_step(pump, sequence, count);
}

static void work_write(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    ipm_work_write(pump->buf, count * pump->frame_bytes);
    pump->worked.stamp(pump, sequence, count);
}

static void work_read(struct ipm_pump *pump, const unsigned char *contents) {
    pump->worked.on_message(pump, contents);
    ipm_work_read(contents, pump->message_bytes);
}

static void work_on_message(struct ipm_pump *pump, const unsigned char *contents) {
    pump->worked.on_message(pump, contents);
    if (pump->work.touches)
        ipm_work_read(contents, pump->message_bytes);
    ipm_work_do(&pump->work);
}

void ipm_pump_work_on_contents(struct ipm_pump *pump) {
    pump->worked.stamp = pump->stamp;
    if (pump->config->touch)
        pump->stamp = work_write;
}

/* A pump either sends or receives, so it uses one of the two steps. The client of a pattern with
 * responses works in its loop instead, so that no latency contains the work. */
void ipm_pump_work_on_messages(struct ipm_pump *pump) {
    const bool client = pump->answers && pump->works_as == IPM_SENDER;
    pump->worked.send_step = pump->send_step;
    pump->worked.on_message = pump->on_message;
    if (!client)
        pump->send_step = pump->answers ? work_before_responding : work_after_sending;
    if (pump->send_all != ipm_pump_send_paced)
        pump->send_all = ipm_pump_send_groups;
    pump->on_message = !pump->answers        ? work_on_message
                       : pump->config->touch ? work_read
                                             : pump->on_message;
    pump->recv_all = ipm_pump_recv_each;
}

bool ipm_pump_pauses(const struct ipm_pump *pump) {
    return pump->config->think_ns > 0 || ipm_work_is_asked(pump->config);
}

uint64_t ipm_pump_pause(struct ipm_pump *pump) {
    ipm_work_do(&pump->work);
    uint64_t now_ns = ipm_clock_now_ns();
    const uint64_t until_ns = now_ns + pump->config->think_ns;
    if (pump->config->think_ns == 0)
        return now_ns;
    const struct timespec until = ipm_clock_timespec(until_ns);
    const bool spins = pump->wait->spins;
    while (!spins && !ipm_stop_flag &&
           clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
        continue;
    now_ns = ipm_clock_now_ns();
    while (spins && now_ns < until_ns && !ipm_stop_flag)
        now_ns = ipm_clock_now_ns();
    return now_ns;
}
