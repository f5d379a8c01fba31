/* trial.h - one trial: open, fork, attach, window, reap -> one sample or one error.
 *
 * Forks one child, which is the receiver; the caller is the parent and the sender. When
 * the call returns there is no child, no descriptor and no name left of it, whatever
 * happened. Blocks for at most timeout_ns and a little. */
#ifndef IPM_RUN_TRIAL_TRIAL_H
#define IPM_RUN_TRIAL_TRIAL_H

#include "base/facts.h"
#include "model/report/sample.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ipm_err;
struct ipm_framing;
struct ipm_io;
struct ipm_pattern;
struct ipm_server;
struct ipm_transport;

struct ipm_trial_config {
    const struct ipm_transport *transport;
    const struct ipm_pattern *pattern;
    uint64_t message_bytes; /* 1 or more */
    uint64_t recv_bytes;    /* what the receiver of a byte stream offers a call */
    uint64_t messages;      /* to send, 1 or more */
    uint64_t buffer_bytes;  /* kernel buffering asked for; 0: the default */
    const struct ipm_framing *framing; /* of a byte stream; NULL: none */
    const struct ipm_io *io;           /* how descriptors are driven; NULL: "sync" */
    uint64_t clients;                  /* 1, unless the pattern has many */
    const struct ipm_server *server;   /* how they are served; NULL: no server */
    uint64_t batch;                    /* messages handed over a call; 0 is 1 */
    uint64_t think_ns;                 /* between an answer and the next request */
    const char *congestion;            /* or NULL */
    int sender_cpu;                    /* to pin to, or -1 */
    int receiver_cpu;
    bool spin;           /* non-blocking descriptors and busy polling on both sides */
    bool copy;           /* also where messages could be written and read in place */
    bool verify;         /* sequence number and XXH3 of every message */
    uint64_t seed;       /* of the contents */
    uint64_t timeout_ns; /* of everything together */
};

/* What a trial says beside its sample: who the ends were and what the kernel gave. */
struct ipm_trial_facts {
    struct ipm_facts endpoint[IPM_ROLES];
    struct ipm_facts settings[IPM_ROLES];
};

/* The largest buffer that a call of send is given: of a byte stream a batch with its framing.
 * SIZE_MAX when there is no such number. */
size_t ipm_trial_call_bytes(const struct ipm_trial_config *config);

/* Errors: what the transport said; -ETIMEDOUT (the watchdog), -ECHILD (the child died:
 * the words say how and when), -EINTR (the user wants to stop: stop.h). On success
 * ret_facts is filled when it is not NULL. */
int ipm_trial_run(const struct ipm_trial_config *config, struct ipm_sample *ret_sample,
                  struct ipm_trial_facts *ret_facts, struct ipm_err *err);

#endif
