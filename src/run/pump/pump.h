/* pump.h - the send and receive loops that run inside the measured window, for all patterns. The
 * window itself is run/trial/measured_window.c.
 *
 * ipm_pump_init chooses the loop before the window. Inside the window there is no
 * allocation, no log, no branch on a kind, and no clock reading except one per round
 * trip. */
#ifndef IPM_RUN_PUMP_PUMP_H
#define IPM_RUN_PUMP_PUMP_H

#include "model/report/histogram.h"
#include "model/report/sample.h"
#include "model/setting.h"
#include "run/framings/framing.h"
#include "run/pump/arrivals.h"
#include "run/pump/payload.h"
#include "run/pump/work.h"
#include "run/waits/wait.h"
#include "transports/transport.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The front of each message that is timed. */
struct ipm_pump_times {
    uint64_t due_ns;  /* when the schedule had it sent */
    uint64_t sent_ns; /* when it was sent: just before the call */
    uint64_t number;
};

struct ipm_pump;

/* Steps of a pump: see loops.h. */
struct ipm_pump_worked {
    int (*send_step)(struct ipm_pump *pump, uint64_t sequence, unsigned count);
    void (*stamp)(struct ipm_pump *pump, uint64_t sequence, unsigned count);
    void (*on_message)(struct ipm_pump *pump, const unsigned char *contents);
};

/* One direction of one end: it sends or it receives. The caller fills the members up
 * to `works_as`, zeroes the others, and calls ipm_pump_init. */
struct ipm_pump {
    struct ipm_endpoint *end;
    const struct ipm_case_config *config; /* of the case; borrowed */
    const struct ipm_framing *framing;    /* of a byte stream; NULL: none */
    uint64_t messages;                    /* to send or to receive */
    uint64_t seed;                        /* of the contents */
    size_t message_bytes;                 /* of the contents; 0: the case's */
    bool answers;                         /* the pattern has a response to each message */
    enum ipm_role works_as;               /* whose work it does */

    /* The operations of the transport, or those of an I/O backend in their place.
     * lease and commit are NULL unless messages are written in place, borrow and
     * release unless they are read in place. */
    struct ipm_transport calls;

    /* The chosen loops and steps: see loops.h. */
    int (*send_all)(struct ipm_pump *pump);
    int (*recv_all)(struct ipm_pump *pump);
    int (*send_step)(struct ipm_pump *pump, uint64_t sequence, unsigned count);
    int (*recv_once)(struct ipm_pump *pump);
    void (*stamp)(struct ipm_pump *pump, uint64_t sequence, unsigned count);
    int (*take)(struct ipm_pump *pump, size_t moved);
    void (*on_message)(struct ipm_pump *pump, const unsigned char *contents);
    const struct ipm_wait *wait; /* what to do after a call that found nothing */
    uint64_t misses;             /* such calls so far */

    unsigned char *buf;    /* a group of messages to send, or what was received */
    unsigned char *memory; /* its own memory; buf points here or into the transport */
    unsigned char
        *awaited; /* the message to compare with, for framings that clean contents */
    size_t *lens; /* of the messages of a batch */
    size_t frame_bytes; /* of a message with its framing */
    size_t recv_bytes;  /* bytes that a call of recv is offered */
    unsigned batch;     /* messages per call */
    bool loses;         /* messages may be lost: IPM_CAP_RELIABLE is missing */
    bool numbered; /* distinct numbers are counted, because some messages may be lost */
    size_t pending_bytes; /* of an incomplete message, at the front of buf */
    struct ipm_framer framer;
    struct ipm_counts counts;
    uint64_t framing_bytes; /* received beyond the contents */
    uint64_t first_ns;      /* when the return direction began, if the pattern notes it */
    uint64_t last_ns;       /* when the last byte arrived, if the pattern notes it */
    struct ipm_tracker tracker;

    uint64_t others; /* connections of other processes */
    bool timed;      /* messages have a rate, go one way, and carry their times */
    struct ipm_work work;
    struct ipm_pump_worked worked; /* the steps around which it is done */
    struct ipm_pump *back;         /* the other direction of this end, or NULL */
    struct ipm_histogram *latency; /* of round trips in turn, or NULL */
    unsigned inflight;             /* requests outstanding, at most */
    uint64_t *sent_ns;             /* when those were sent: a ring of `inflight` times */
    struct ipm_timings *timings;   /* with a rate */
    struct ipm_arrivals arrivals;  /* of a pump that sends by a schedule */
    struct ipm_pump_times times;   /* of the message that is sent next */
    const struct ipm_link *link;   /* where the pattern makes connections */
    void *own;                     /* of the pattern: allocated by its prepare */
    void *driver;                  /* of the I/O backend: allocated by its prepare */
};

/* Initializes a pump from its first members: chooses the loops, allocates the buffer
 * and touches all of it, so that the window has no page fault of its own. Returns 0 or
 * -ENOMEM. */
int ipm_pump_init(struct ipm_pump *pump);

/* Cold, after ipm_pump_init: the pump sends by the schedule of its case. Allocates and
 * touches it. Returns 0 or -ENOMEM. */
int ipm_pump_pace(struct ipm_pump *pump);

/* Adds "access" (in-place or copy) where the transport supports access in place. */
void ipm_pump_describe(const struct ipm_pump *pump, struct ipm_facts *settings);

/* Called after the window. Adds "other_connections" and a notice where other processes
 * connected. */
void ipm_pump_account(const struct ipm_pump *pump, struct ipm_facts *settings);

/* Frees the buffers; safe on a zeroed pump. */
void ipm_pump_done(struct ipm_pump *pump);

/* Hot. Sends pump->messages messages. Returns 0 or a negative errno; -EINTR when the
 * stop flag is set. counts holds the progress. */
int ipm_pump_send(struct ipm_pump *pump);

/* Hot. Receives until pump->messages whole messages have arrived or recv reports the
 * end. Returns 0 or a negative errno: -EPIPE for a stream that ends early, and the
 * errno of ipm_framing's find for one that cannot be split into messages. */
int ipm_pump_recv(struct ipm_pump *pump);

/* Hot. Sends requests on `pump` and waits for each response on pump->back; records the
 * round trips in pump->latency, which must not be NULL. Over a transport that may lose
 * messages, a request without a response is sent again, which counts as one more
 * message sent. Returns as ipm_pump_send. */
int ipm_pump_request(struct ipm_pump *pump);

/* Hot. Responds to each request from `pump` with a message on pump->back. Over a
 * transport that may lose messages it ends only by the mark that the requester's
 * finish sends. Returns as ipm_pump_recv. */
int ipm_pump_respond(struct ipm_pump *pump);

/* The prepare of patterns in which one end calls ipm_pump_request. If a response may be lost,
 * SIGALRM interrupts calls that wait for it from now on. */
int ipm_pump_prepare_requests(struct ipm_pump *pump, struct ipm_err *err);

/* The done of those patterns. */
void ipm_pump_done_requests(struct ipm_pump *pump);

/* Classifies a call that moved nothing, right after it. Returns 0 to try again, -EINTR
 * when the stop flag is set, -EPIPE when the peer is gone, or another negative errno. */
int ipm_pump_classify_error(struct ipm_pump *pump, ssize_t result);

#endif
