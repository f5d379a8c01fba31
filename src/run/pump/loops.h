/* loops.h - what ipm_pump_init chooses from: private to pump*.c, and to a
 * service, which notes messages as a pump does. */
#ifndef IPM_RUN_PUMP_LOOPS_H
#define IPM_RUN_PUMP_LOOPS_H

#include "run/pump/pump.h"

/* send_all */
int ipm_pump_send_plain(struct ipm_pump *pump);
int ipm_pump_send_numbered(struct ipm_pump *pump);
int ipm_pump_send_stamped(struct ipm_pump *pump);
int ipm_pump_send_batches(struct ipm_pump *pump);

/* The same in place: a message is written into the room where it will be read, and every
 * line of it is read there. */
int ipm_pump_send_placed(struct ipm_pump *pump);
int ipm_pump_send_placed_stamped(struct ipm_pump *pump);
int ipm_pump_recv_placed(struct ipm_pump *pump);
int ipm_pump_recv_placed_noted(struct ipm_pump *pump);

/* give: the next `count` messages from `sequence` on. Returns 0 or a negative errno. */
int ipm_pump_send_one_group(struct ipm_pump *pump, uint64_t sequence, unsigned count);
int ipm_pump_send_one_placed(struct ipm_pump *pump, uint64_t sequence, unsigned count);
int ipm_pump_send_one_placed_stamped(struct ipm_pump *pump, uint64_t sequence,
                                     unsigned count);

/* pull: what one call gives. Returns 1 to go on, 0 at the end, or why to leave. */
int ipm_pump_recv_once_bytes(struct ipm_pump *pump);
int ipm_pump_recv_once_placed(struct ipm_pump *pump);
int ipm_pump_recv_once_placed_noted(struct ipm_pump *pump);

/* What loops share. A call that did not move one whole message: as pull. */
int ipm_pump_recv_odd(struct ipm_pump *pump, ssize_t moved);

/* What a call like pull's has given, which offered so much room: as pull. */
int ipm_pump_pulled(struct ipm_pump *pump, ssize_t moved, size_t offered);

/* What is left of pump/in_place.h: room for one message, waited for: 0 or a negative errno; and
 * what a borrow gave that is not one whole message, given back: as pull. */
int ipm_pump_in_place_lease(struct ipm_pump *pump, void **ret_room);
int ipm_pump_in_place_odd(struct ipm_pump *pump, ssize_t moved);

/* So many whole messages received, each by one call. */
void ipm_pump_count_whole(struct ipm_pump *pump, uint64_t messages);

/* Sends what a call that moved so much has left of `bytes` at the front of buf. Returns 0 or
 * a negative errno. */
int ipm_pump_send_rest(struct ipm_pump *pump, ssize_t moved, size_t bytes);

/* stamp: makes the next `count` messages at the front of buf. */
void ipm_pump_stamp_nothing(struct ipm_pump *pump, uint64_t sequence, unsigned count);
void ipm_pump_stamp_numbers(struct ipm_pump *pump, uint64_t sequence, unsigned count);
void ipm_pump_stamp_contents(struct ipm_pump *pump, uint64_t sequence, unsigned count);
void ipm_pump_stamp_frames(struct ipm_pump *pump, uint64_t sequence, unsigned count);

/* stamp, where the transport says where: by pump->fill. */
void ipm_pump_stamp_room(struct ipm_pump *pump, uint64_t sequence, unsigned count);

/* recv_all */
int ipm_pump_recv_stream(struct ipm_pump *pump);
int ipm_pump_recv_messages(struct ipm_pump *pump);
int ipm_pump_recv_numbered(struct ipm_pump *pump);
int ipm_pump_recv_batches(struct ipm_pump *pump);
int ipm_pump_recv_taking(struct ipm_pump *pump);

/* take: of `moved` bytes that came behind the pending ones. Returns 0 or a negative errno. */
int ipm_pump_take_bytes(struct ipm_pump *pump, size_t moved);
int ipm_pump_take_frames(struct ipm_pump *pump, size_t moved);
int ipm_pump_take_frames_noted(struct ipm_pump *pump, size_t moved);
int ipm_pump_take_message(struct ipm_pump *pump, size_t moved);

/* note: of a whole message of the right length. */
void ipm_pump_on_message_nothing(struct ipm_pump *pump, const unsigned char *contents);
void ipm_pump_on_message_number(struct ipm_pump *pump, const unsigned char *contents);
void ipm_pump_on_message_contents(struct ipm_pump *pump, const unsigned char *contents);

#endif
