/* in_place.c - the loops that write and read messages where they lie. Know no transport, no
 * clock, no process. */
#include "run/pump/in_place.h"

#include "run/process/stop.h"

#include <errno.h>
#include <string.h>

/* With its number, and its contents where they are checked: stamped where they will lie. */
static void in_place_stamp(struct ipm_pump *pump, void *room, uint64_t sequence) {
    if (pump->stamp == ipm_pump_stamp_contents) {
        ipm_payload_fill(room, pump->message_bytes, pump->seed, sequence);
        return;
    }
    pump->stamp(pump, sequence, 1);
    memcpy(room, pump->buf, pump->message_bytes);
}

static void in_place_note(struct ipm_pump *pump, const unsigned char *message) {
    pump->on_message(pump, message);
}

/* Room for one message, which may be asked for again and again. */
int ipm_pump_in_place_lease(struct ipm_pump *pump, void **ret_room) {
    for (;;) {
        ssize_t room = pump->lease(pump->end, ret_room);
        if (room >= 0)
            return (size_t)room < pump->message_bytes ? -EMSGSIZE : 0;
        pump->counts.partial_calls++;
        int reason = ipm_pump_classify_error(pump, room);
        if (reason < 0)
            return reason;
    }
}

static inline int in_place_send(struct ipm_pump *pump,
                                void (*write)(struct ipm_pump *, void *, uint64_t)) {
    uint64_t sequence = 0;
    int failed = 0;
    while (sequence < pump->messages && !ipm_stop_flag) {
        failed = ipm_pump_in_place_give(pump, sequence, write);
        if (failed)
            break;
        sequence++;
    }
    ipm_pump_count_sent(pump, sequence);
    return failed;
}

/* One that is not of the one length that was sent gives its room back, too. */
int ipm_pump_in_place_odd(struct ipm_pump *pump, ssize_t moved) {
    const int more = ipm_pump_recv_odd(pump, moved);
    if (moved > 0)
        (void)pump->release(pump->end); /* more says already what happened */
    return more;
}

static inline int in_place_take(struct ipm_pump *pump,
                                void (*read)(struct ipm_pump *, const unsigned char *)) {
    const void *message;
    ssize_t moved = pump->borrow(pump->end, &message);
    if (moved != (ssize_t)pump->message_bytes)
        return ipm_pump_in_place_odd(pump, moved);
    read(pump, message);
    return pump->release(pump->end) == 0 ? 2 : -errno;
}

/* The whole ones are counted at the end: what is given is 2. */
static inline int in_place_recv(struct ipm_pump *pump,
                                void (*read)(struct ipm_pump *, const unsigned char *)) {
    uint64_t left = pump->messages;
    int more = 1;
    while (left > 0 && more > 0 && !ipm_stop_flag) {
        more = in_place_take(pump, read);
        left -= more == 2;
    }
    ipm_pump_count_whole(pump, pump->messages - left);
    return more < 0 ? more : 0;
}

static inline int in_place_pull(struct ipm_pump *pump,
                                void (*read)(struct ipm_pump *, const unsigned char *)) {
    const int more = in_place_take(pump, read);
    if (more == 2)
        ipm_pump_count_whole(pump, 1);
    return more;
}

int ipm_pump_send_placed(struct ipm_pump *pump) {
    return in_place_send(pump, ipm_pump_in_place_write);
}

int ipm_pump_send_placed_stamped(struct ipm_pump *pump) {
    return in_place_send(pump, in_place_stamp);
}

int ipm_pump_send_one_placed(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    (void)count;
    return ipm_pump_in_place_give(pump, sequence, ipm_pump_in_place_write);
}

int ipm_pump_send_one_placed_stamped(struct ipm_pump *pump, uint64_t sequence,
                                     unsigned count) {
    (void)count;
    return ipm_pump_in_place_give(pump, sequence, in_place_stamp);
}

int ipm_pump_recv_placed(struct ipm_pump *pump) {
    return in_place_recv(pump, ipm_pump_in_place_read);
}

int ipm_pump_recv_placed_noted(struct ipm_pump *pump) {
    return in_place_recv(pump, in_place_note);
}

int ipm_pump_recv_once_placed(struct ipm_pump *pump) {
    return in_place_pull(pump, ipm_pump_in_place_read);
}

int ipm_pump_recv_once_placed_noted(struct ipm_pump *pump) {
    return in_place_pull(pump, in_place_note);
}
