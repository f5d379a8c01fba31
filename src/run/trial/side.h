/* side.h - one side of a trial, the same code in the parent and in each child: attach,
 * prepare, the window, detach. The parent of a pattern with many clients has a service in
 * place of one end and its pumps. */
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
    enum ipm_role role;      /* which of the case's CPUs is its own */
    bool two_way;            /* whether there is a way back */
    bool marking;            /* finish only sent a mark, which may be lost */
    struct ipm_endpoint end; /* without a service */
    struct ipm_pump pump;    /* of the way from the sender to the receiver */
    struct ipm_pump back;    /* and of the other, where there is one */
    struct ipm_io_ways ways; /* those pumps, as this side uses them */
    struct ipm_service *service;
    const struct ipm_link *link;
    struct ipm_histogram *latency; /* the caller's: of a sender that waits for answers */
    struct ipm_usage before;
    struct ipm_wire wire_before;
    struct ipm_window window;
};

/* Whether the trial's pattern has one of the traits. */
bool ipm_side_has_trait(const struct ipm_trial_config *config, unsigned traits);

/* The parent sends, unless it serves many clients. */
enum ipm_role ipm_side_role(const struct ipm_trial_config *config, enum ipm_side which);

/* The CPU that this side is pinned to, or -1. */
int64_t ipm_side_cpu(const struct ipm_trial_config *config, enum ipm_side which);

/* Allocates the state of the end, or the service. Returns 0 or a negative errno. */
int ipm_side_init(struct ipm_trial_side *side, const struct ipm_trial_config *config,
                  enum ipm_side which, struct ipm_err *err);

/* Meets the peer or, with a service, all clients: may block up to the link's timeout. */
int ipm_side_attach(struct ipm_trial_side *side, struct ipm_link *link,
                    struct ipm_err *err);

/* Everything that must not be in the window: pinning, buffers, descriptors made
 * non-blocking, descriptions. */
int ipm_side_prepare(struct ipm_trial_side *side, struct ipm_err *err);

/* Between prepare and the window: the slow half of the usage, the wire so far. */
void ipm_side_begin(struct ipm_trial_side *side);

/* The window. Returns 0 or a negative errno. */
int ipm_side_measure(struct ipm_trial_side *side, struct ipm_err *err);

/* Ends the stream, where this side has sent one by itself. */
int ipm_side_finish(struct ipm_trial_side *side, struct ipm_err *err);

/* As ipm_control_recv, until the watchdog expires; meanwhile repeats the mark that finish
 * sent. */
int ipm_side_recv(struct ipm_trial_side *side, int control,
                  struct ipm_control_message *message, struct ipm_err *err);

/* Whether the link stays open through the window, because connections are made in it. */
bool ipm_side_keeps_link(const struct ipm_trial_config *config);

/* How many messages this side has sent to that peer. */
uint64_t ipm_side_sent_to(const struct ipm_trial_side *side, unsigned peer);

/* What of the messages that this peer sent did not come, or not in order. Returns 0, or
 * -EBADMSG when a transport that promises better lost or damaged one. */
int ipm_side_count(struct ipm_trial_side *side, unsigned peer, uint64_t sent_messages,
                   struct ipm_err *err);

/* After the window: the slow half of the usage, what the wire carried. */
void ipm_side_conclude(struct ipm_trial_side *side);

/* Detaches and frees; safe on a zeroed struct and half-way. */
void ipm_side_done(struct ipm_trial_side *side);

#endif
