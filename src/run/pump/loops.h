/* loops.h - the functions that ipm_pump_init chooses from, and what the loops share.
 * Private to src/run/pump, except that a service notes messages as a pump does. */
#ifndef IPM_RUN_PUMP_LOOPS_H
#define IPM_RUN_PUMP_LOOPS_H

#include "base/clock.h"
#include "run/pump/pump.h"

/* Messages of a series at most: the stop flag is read between two. */
enum { IPM_PUMP_SERIES = 64 };

/* send_step: sends the next `count` messages, starting with `sequence`. Returns 0 or a
 * negative errno.
 *
 * group: by one call of send, and more where it accepts less. batch: the same with
 * send_batch. leased: written into the space that the transport leases, one group. */
typedef int ipm_pump_step(struct ipm_pump *pump, uint64_t sequence, unsigned count);
ipm_pump_step ipm_pump_send_group;
ipm_pump_step ipm_pump_send_batch;
ipm_pump_step ipm_pump_send_leased;

/* send_all: send_plain sends one unchanged message per call, send_series several, and send_groups
 * uses send_step. */
int ipm_pump_send_plain(struct ipm_pump *pump);
int ipm_pump_send_series(struct ipm_pump *pump);
int ipm_pump_send_groups(struct ipm_pump *pump);

/* paced.c: send_all by the schedule, and what it needs. stamp_times and on_message_times
 * write and read the times of a message; the others do it in place. */
int ipm_pump_send_paced(struct ipm_pump *pump);
void ipm_pump_unpace(struct ipm_pump *pump);

/* stamp: writes the next `count` messages to the front of buf. */
typedef void ipm_pump_stamp(struct ipm_pump *pump, uint64_t sequence, unsigned count);
ipm_pump_stamp ipm_pump_stamp_nothing;
ipm_pump_stamp ipm_pump_stamp_numbers;
ipm_pump_stamp ipm_pump_stamp_contents;
ipm_pump_stamp ipm_pump_stamp_frames;

/* recv_once: makes one receiving call. Returns 1 or more to go on, 0 at the end, or a
 * negative errno. */
int ipm_pump_recv_once(struct ipm_pump *pump);
int ipm_pump_recv_batch(struct ipm_pump *pump);
int ipm_pump_recv_once_placed(struct ipm_pump *pump);

/* recv_all: receives bytes that are only counted, messages that are only counted,
 * numbered messages, messages read in place, series of them read or copied from there, or any kind
 * by recv_once. */
int ipm_pump_recv_stream(struct ipm_pump *pump);
int ipm_pump_recv_messages(struct ipm_pump *pump);
int ipm_pump_recv_numbered(struct ipm_pump *pump);
int ipm_pump_recv_all_placed(struct ipm_pump *pump);
int ipm_pump_recv_series_placed(struct ipm_pump *pump);
int ipm_pump_recv_series_copied(struct ipm_pump *pump);
int ipm_pump_recv_each(struct ipm_pump *pump);

/* take: handles `moved` bytes that arrived after the pending ones. Returns 0 or a
 * negative errno. */
int ipm_pump_take_bytes(struct ipm_pump *pump, size_t moved);
int ipm_pump_take_frames(struct ipm_pump *pump, size_t moved);
int ipm_pump_take_frames_noted(struct ipm_pump *pump, size_t moved);
int ipm_pump_take_message(struct ipm_pump *pump, size_t moved);

/* on_message: handles a whole message of the right length. */
typedef void ipm_pump_on_message(struct ipm_pump *pump, const unsigned char *contents);
ipm_pump_on_message ipm_pump_on_message_nothing;
ipm_pump_on_message
    ipm_pump_on_message_read; /* in place: loads all of it into this CPU's cache */
ipm_pump_on_message ipm_pump_on_message_number;
ipm_pump_on_message ipm_pump_on_message_contents;

/* --- what the loops share --------------------------------------------------------------- */

/* Handle a recv that did not move exactly one message, and a borrow of that kind,
 * whose message is released. Return as recv_once. */
int ipm_pump_recv_odd(struct ipm_pump *pump, ssize_t moved);
int ipm_pump_borrowed_odd(struct ipm_pump *pump, ssize_t moved);

/* Handles a call that moved `moved` of `offered` bytes. Returns as recv_once. */
int ipm_pump_pulled(struct ipm_pump *pump, ssize_t moved, size_t offered);

/* Receives until `wanted` messages have arrived in total. Returns 0, -EPIPE at an
 * early end, -EINTR or another negative errno. */
int ipm_pump_recv_until(struct ipm_pump *pump, uint64_t wanted);

/* Counts whole messages received by one call each. */
void ipm_pump_count_whole(struct ipm_pump *pump, uint64_t messages);

/* Counts messages sent by `calls` calls, and the partial calls. */
void ipm_pump_count_sent(struct ipm_pump *pump, uint64_t messages, uint64_t calls);

/* Sends the rest of `bytes` at the front of buf, of which one call moved `moved`.
 * Returns 0 or a negative errno. */
int ipm_pump_send_rest(struct ipm_pump *pump, ssize_t moved, size_t bytes);

/* Loads the whole message into this CPU's cache. */
static inline void ipm_pump_read(struct ipm_pump *pump, const unsigned char *message) {
    ipm_work_read(message, pump->message_bytes);
}

/* work.c: writes contents before the other stamp, and replaces steps by those that work. */
void ipm_pump_work_on_contents(struct ipm_pump *pump);
void ipm_pump_work_on_messages(struct ipm_pump *pump);

/* Counts the calls that moved no message. Where one call moves several messages there
 * are none. */
void ipm_pump_count_partial(struct ipm_counts *counts);

/* --- requests ---------------------------------------------------------------------------- */

/* Records a round trip that began at began_ns and ends now. Returns the time, at which the next
 * request is sent: one reading of the clock per round trip. */
static inline uint64_t ipm_pump_record_round_trip(struct ipm_pump *pump,
                                                  uint64_t began_ns) {
    const uint64_t now_ns = ipm_clock_now_ns();
    ipm_histogram_record(pump->latency, now_ns - began_ns);
    return now_ns;
}

/* work.c: whether a client works or pauses between a response and the next request. */
bool ipm_pump_pauses(const struct ipm_pump *pump);

/* Works, and then sleeps, or with --wait spin polls the clock, until think_ns have passed or the
 * stop flag is set. Returns the time. */
uint64_t ipm_pump_pause(struct ipm_pump *pump);

/* request_retry.c: requests over a transport that may lose messages, and the responses, which go on
 * until the mark. A signal every IPM_PUMP_RETRY_TICK_US interrupts a recv that waits in vain. */
enum { IPM_PUMP_RETRY_TICK_US = 20000 };
int ipm_pump_request_lossy(struct ipm_pump *pump);
int ipm_pump_respond_lossy(struct ipm_pump *pump);

/* request_paced.c: requests by a schedule, and responses to requests that do not wait for
 * the response to the one before. */
int ipm_pump_prepare_paced(struct ipm_pump *pump, struct ipm_err *err);
int ipm_pump_request_paced(struct ipm_pump *pump);
int ipm_pump_respond_queued(struct ipm_pump *pump);

ipm_pump_stamp ipm_pump_stamp_times;
ipm_pump_on_message ipm_pump_on_message_times;
ipm_pump_on_message ipm_pump_on_message_times_placed;

#endif
