/* pump.h - the send and receive loops: the measured window, one place, same for all.
 *
 * Which loop runs is chosen by ipm_pump_init, before the window; inside it there is no
 * allocation, no log and no branch on a kind, and no clock but one reading a round trip. */
#ifndef IPM_RUN_PUMP_PUMP_H
#define IPM_RUN_PUMP_PUMP_H

#include "model/report/histogram.h"
#include "model/report/sample.h"
#include "model/setting.h"
#include "run/framings/framing.h"
#include "run/pump/payload.h"
#include "run/waits/wait.h"
#include "transports/transport.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ipm_err;

/* One way of one end: it sends, or it receives. The caller fills the members up to `seed`,
 * the others are zero, and calls ipm_pump_init. */
struct ipm_pump {
    struct ipm_endpoint *end;
    const struct ipm_case_config *config; /* of the case; not freed */
    const struct ipm_framing *framing;    /* of a byte stream; NULL: none */
    uint64_t messages;                    /* to send or to receive */
    uint64_t seed;                        /* of the contents */

    /* The operations of the transport, or those of an I/O backend in their place. lease and
     * commit are NULL unless messages are made in place, borrow and release unless they are
     * read there. */
    struct ipm_transport calls;

    /* What is done with them: see loops.h. */
    int (*send_all)(struct ipm_pump *pump);
    int (*recv_all)(struct ipm_pump *pump);
    int (*send_step)(struct ipm_pump *pump, uint64_t sequence, unsigned count);
    int (*recv_once)(struct ipm_pump *pump);
    void (*stamp)(struct ipm_pump *pump, uint64_t sequence, unsigned count);
    int (*take)(struct ipm_pump *pump, size_t moved);
    void (*on_message)(struct ipm_pump *pump, const unsigned char *contents);
    const struct ipm_wait *wait; /* what a call that found nothing means */

    unsigned char *buf;     /* a group of messages to send, or what was received */
    unsigned char *memory;  /* of its own: buf is there, or in a place of the transport */
    unsigned char *awaited; /* the message to compare with, where contents are cleaned */
    size_t *lens;           /* of the messages of a batch */
    size_t message_bytes;   /* of the contents */
    size_t frame_bytes;     /* of a message with its framing */
    size_t recv_bytes;      /* offered a call of recv */
    unsigned batch;         /* messages per call */
    bool loses;             /* messages may be lost: IPM_CAP_RELIABLE is missing */
    bool numbered; /* the end is known by distinct numbers, because some are lost */
    size_t pending_bytes; /* of a message not yet whole, at the front of buf */
    struct ipm_framer framer;
    struct ipm_counts counts;
    uint64_t framing_bytes; /* received beyond the contents */
    uint64_t last_ns; /* when the last byte came, where the pattern noted it; or 0 */
    struct ipm_tracker tracker;

    uint64_t others;               /* connections of other processes */
    struct ipm_pump *back;         /* the other way of this end, or NULL */
    struct ipm_histogram *latency; /* of round trips; NULL where none are made */
    const struct ipm_link *link;   /* where the pattern makes connections */
    void *own;                     /* of the pattern: made by its prepare */
    void *driver; /* of the I/O backend: what its prepare put in place of end */
};

/* Makes a pump from its first members: chooses the loops, allocates the buffer and touches
 * all of it, so that the window has no page fault of its own. Returns 0 or -ENOMEM. */
int ipm_pump_init(struct ipm_pump *pump);

/* Adds "access" where messages can be written and read in place: whether they are. */
void ipm_pump_describe(const struct ipm_pump *pump, struct ipm_facts *settings);

/* After the window: adds "other_connections", and a notice, where there were any. */
void ipm_pump_account(const struct ipm_pump *pump, struct ipm_facts *settings);

/* Frees the buffers; safe on a zeroed pump. */
void ipm_pump_done(struct ipm_pump *pump);

/* Sends pump->messages messages. Hot. Returns 0 or a negative errno; -EINTR when the stop
 * flag is set. counts tells how far it came. */
int ipm_pump_send(struct ipm_pump *pump);

/* Receives until pump->messages have come whole, or until recv says that there is no more.
 * Hot. Returns 0 or a negative errno; a stream that ends early gives -EPIPE, and one whose
 * messages cannot be told apart what ipm_framing's find gives. */
int ipm_pump_recv(struct ipm_pump *pump);

/* Sends requests by `pump` and waits for the response to each from pump->back; its time goes
 * into pump->latency, which must be there. Over a transport that may lose messages, a request
 * without a response is sent again, which counts as one more message sent. Hot. Returns as
 * ipm_pump_send. */
int ipm_pump_request(struct ipm_pump *pump);

/* Responds to each request that comes by `pump` with a message by pump->back. Over a transport
 * that may lose messages it ends only by the mark that the requester's finish sends. Hot. Returns
 * as ipm_pump_recv. */
int ipm_pump_respond(struct ipm_pump *pump);

/* prepare of patterns that call ipm_pump_request: where a response may be lost, from now on a
 * signal breaks off a call that waits for it. */
int ipm_pump_prepare_requests(struct ipm_pump *pump, struct ipm_err *err);

/* What a call that moved nothing means, right after it: 0 says try again, else why to
 * leave: -EINTR when the stop flag is set, -EPIPE when the peer is gone. */
int ipm_pump_classify_error(const struct ipm_pump *pump, ssize_t result);

#endif
