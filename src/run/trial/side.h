/* side.h - one side of a trial, the same code in the parent and in each child: attach,
 * prepare, window, detach. With many clients the parent has a service instead of one
 * end and its pumps. */
#ifndef IPM_RUN_TRIAL_SIDE_H
#define IPM_RUN_TRIAL_SIDE_H

#include "run/io/io.h"
#include "run/pump/pump.h"
#include "run/servers/service.h"
#include "run/trial/control.h"
#include "run/trial/trial.h"
#include "transports/transport.h"

struct ipm_trial_side {
    const struct ipm_trial_config *config;
    enum ipm_role role;           /* selects its CPU among the case's */
    bool two_way;                 /* whether messages go both ways */
    bool marking;                 /* finish sent a mark, which may be lost */
    struct ipm_endpoint end;      /* without a service */
    struct ipm_pump pump;         /* the direction from the sender to the receiver */
    struct ipm_pump back;         /* the other direction, if any */
    struct ipm_io_pumps io_pumps; /* the pumps by this side's use of them */
    struct ipm_service *service;
    const struct ipm_link *link;
    struct ipm_timings *timings; /* shared by the sides; or NULL: nothing is timed */
    struct ipm_usage before;
    struct ipm_counters counters;
    struct ipm_wire wire_before;
    struct ipm_window window;
};

/* Whether the trial's pattern has one of the traits. */
bool ipm_side_has_trait(const struct ipm_trial_config *config, unsigned traits);

/* Whether both ends send, and neither waits for a response. */
bool ipm_side_two_flows(const struct ipm_trial_config *config);

/* Returns the role of a side: the parent sends, unless it serves many clients. */
enum ipm_role ipm_side_role(const struct ipm_trial_config *config, enum ipm_side which);

/* Returns the CPU that this side is pinned to, or -1. */
int64_t ipm_side_cpu(const struct ipm_trial_config *config, enum ipm_side which);

/* Allocates the state of the end, or the service. Returns 0 or a negative errno. */
int ipm_side_init(struct ipm_trial_side *side, const struct ipm_trial_config *config,
                  enum ipm_side which, struct ipm_err *err);

/* Attaches to the peer or, with a service, to all clients. May block up to the link's
 * timeout. Returns 0 or a negative errno. */
int ipm_side_attach(struct ipm_trial_side *side, struct ipm_link *link,
                    struct ipm_err *err);

/* Does everything that must not be in the window: pins, allocates buffers, makes
 * descriptors non-blocking, describes the ends. Returns 0 or a negative errno. */
int ipm_side_prepare(struct ipm_trial_side *side, struct ipm_err *err);

/* Called between prepare and the window. Reads the slow half of the usage and the wire
 * counters. */
void ipm_side_begin(struct ipm_trial_side *side);

/* Runs the window. Returns 0 or a negative errno. */
int ipm_side_measure(struct ipm_trial_side *side, struct ipm_err *err);

/* Ends the stream where this side sent one. Returns 0 or a negative errno. */
int ipm_side_finish(struct ipm_trial_side *side, struct ipm_err *err);

/* Receives as ipm_control_recv, without a deadline of its own. Repeats the mark that
 * finish sent meanwhile. */
int ipm_side_recv(struct ipm_trial_side *side, int control,
                  struct ipm_control_message *message, struct ipm_err *err);

/* Whether the link stays open in the window, because connections are made there. */
bool ipm_side_keeps_link(const struct ipm_trial_config *config);

/* Returns how many messages this side sent to that peer. */
uint64_t ipm_side_sent_to(const struct ipm_trial_side *side, unsigned peer);

/* Counts which of the messages that this peer sent were lost or out of order. Returns
 * 0, or -EBADMSG when a reliable transport lost one. */
int ipm_side_count(struct ipm_trial_side *side, unsigned peer, uint64_t sent_messages,
                   struct ipm_err *err);

/* Called after the window. Reads the slow half of the usage and the wire counters. */
void ipm_side_conclude(struct ipm_trial_side *side);

/* Detaches and frees. Safe on a zeroed or partly initialized struct. */
void ipm_side_done(struct ipm_trial_side *side);

/* Returns 0, or -ENOSPC where a client that sends several requests before it receives, and a server
 * that responds before it receives again, could wait for each other. `settings` are the
 * effective ones of this end; those of the other end are the same. One request always fits. */
int ipm_inflight_fits(const struct ipm_pump *pump, const struct ipm_facts *settings,
                      struct ipm_err *err);

#endif
