/* side.h - one side of a trial, the same code in the parent and in the child: attach, make
 * ready, the window, detach. */
#ifndef IPM_RUN_TRIAL_SIDE_H
#define IPM_RUN_TRIAL_SIDE_H

#include "run/io/io.h"
#include "run/pump/pump.h"
#include "run/trial/control.h"
#include "run/trial/trial.h"
#include "transports/transport.h"

enum { IPM_SIDE_MARK_NS = 200000 }; /* between two marks of the end of a stream */

struct ipm_trial_side {
    const struct ipm_trial_config *config;
    enum ipm_role role; /* which of the config's CPUs is its own */
    struct ipm_endpoint end;
    struct ipm_pump pump;    /* of the way from the sender to the receiver */
    struct ipm_pump back;    /* and of the other, where there is one */
    bool two_way;            /* whether there is */
    struct ipm_io_ways ways; /* those pumps, as this side uses them */
    const struct ipm_link *link;
    struct ipm_histogram *latency; /* of the sender, where it waits for answers */
    struct ipm_usage before;
    struct ipm_wire wire_before;
    struct ipm_window window;
};

/* Allocates the state of the end. Returns 0 or -ENOMEM. */
int ipm_side_init(struct ipm_trial_side *side, const struct ipm_trial_config *config,
                  enum ipm_side which, enum ipm_role role, struct ipm_err *err);

/* Meets the peer: may block up to the link's timeout. */
int ipm_side_attach(struct ipm_trial_side *side, struct ipm_link *link,
                    struct ipm_err *err);

/* Everything that must not be in the window: pinning, buffers, descriptors made
 * non-blocking, descriptions, the slow half of the usage. */
int ipm_side_prepare(struct ipm_trial_side *side, struct ipm_err *err);

/* The window. Returns 0 or a negative errno. */
int ipm_side_measure(struct ipm_trial_side *side);

/* Where messages may get lost so may the end of the stream, which is only a mark then. */
bool ipm_side_repeats_marks(const struct ipm_trial_side *side);

/* Whether the link stays open through the window, because connections are made in it. */
bool ipm_side_keeps_link(const struct ipm_trial_config *config);

/* What of the messages that the other side sent did not come, or not in order. Returns 0,
 * or -EBADMSG when a transport that promises better lost or damaged one. */
int ipm_side_count(struct ipm_trial_side *side, uint64_t sent_messages,
                   struct ipm_err *err);

/* After the window: the slow half of the usage, what the wire carried. */
void ipm_side_conclude(struct ipm_trial_side *side);

/* Detaches and frees; safe on a zeroed struct and half-way. */
void ipm_side_done(struct ipm_trial_side *side);

#endif
