/* pump.h - the send and receive loops: the measured window, one place, same for all.
 *
 * Which loop runs is chosen by ipm_pump_init, before the window; inside it there is no
 * allocation, no log, no clock and no branch on a kind. */
#ifndef IPM_PUMP_H
#define IPM_PUMP_H

#include "model/sample.h"
#include "run/payload.h"
#include "transports/transport.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ipm_pump {
    struct ipm_end *end;
    ssize_t (*send)(struct ipm_end *end, const void *buf, size_t len);
    ssize_t (*recv)(struct ipm_end *end, void *buf, size_t cap);
    int (*send_all)(struct ipm_pump *pump); /* the loop for this kind of transport */
    int (*recv_all)(struct ipm_pump *pump);
    unsigned char *buf; /* message_bytes to send, or recv_bytes to receive into */
    size_t message_bytes;
    size_t recv_bytes; /* offered to recv a call */
    uint64_t messages; /* to send */
    uint64_t seed;
    bool spin;            /* -EAGAIN means try again */
    size_t pending_bytes; /* of a message not yet whole, at the front of buf */
    struct ipm_counts counts;
    struct ipm_tracker tracker;
};

struct ipm_pump_config {
    size_t message_bytes;
    size_t recv_bytes; /* of a byte stream; messages are received one by one */
    uint64_t messages;
    uint64_t seed;
    bool spin;
    bool verify;
};

/* Makes a pump for one end: chooses the loops, allocates the buffer and touches all of it,
 * so that the window has no page fault of its own. Returns 0 or -ENOMEM. */
int ipm_pump_init(struct ipm_pump *pump, struct ipm_end *end,
                  const struct ipm_pump_config *config);

/* Frees the buffer; safe on a zeroed pump. */
void ipm_pump_done(struct ipm_pump *pump);

/* Sends pump->messages messages. Hot. Returns 0 or a negative errno; -EINTR when the stop
 * flag is set. counts tells how far it came. */
int ipm_pump_send(struct ipm_pump *pump);

/* Receives until pump->messages have come whole, or until recv says that there is no more.
 * Hot. Returns 0 or a negative errno; a stream that ends early gives -EPIPE. */
int ipm_pump_recv(struct ipm_pump *pump);

#endif
