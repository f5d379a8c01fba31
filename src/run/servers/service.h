/* service.h - many clients served by one process: their ends, the accounts of each, and what
 * follows from one call of recv. How it waits for the next one is a server's matter
 * (server.h): this is the same for all of them.
 *
 * A client is one that sends; a channel is one end to receive from. Each client has a
 * channel of its own, or, where the transport has one end for all (IPM_CAP_SHARED), each
 * worker has a channel and any client's message may come over it. All of it is memory that
 * processes share, because a server may be many processes. */
#ifndef IPM_RUN_SERVERS_SERVICE_H
#define IPM_RUN_SERVERS_SERVICE_H

#include "base/err.h"
#include "model/report/sample.h"
#include "run/framings/framing.h"
#include "run/pump/pump.h"
#include "transports/transport.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    IPM_SERVICE_LINE_BYTES = 64
}; /* of a cache: what one client needs is on its own */

struct ipm_trial_config;

struct ipm_service_client {
    alignas(IPM_SERVICE_LINE_BYTES) struct ipm_counts received;
    struct ipm_counts sent;   /* answers */
    uint64_t framing_bytes;   /* received */
    uint64_t end_ns;          /* its last byte came; 0 before */
    atomic_bool over;         /* nothing more is expected of it */
    bool gone;                /* before it was done */
    pid_t pid;                /* whose death is its end; 0: unknown */
    struct ipm_pump *checker; /* which came, and with --verify how; only what it takes to
                              note that is filled. NULL where nobody asks */
    pthread_mutex_t lock;     /* where several workers may serve it at once */
};

struct ipm_service_channel {
    alignas(IPM_SERVICE_LINE_BYTES) struct ipm_endpoint end;
    struct ipm_service *service;
    struct ipm_service_client *client; /* whose it is, or whose message came last */
    unsigned char *buf;
    size_t filled; /* bytes received and not yet dealt with: from `parsed` on */
    size_t parsed;
    size_t answer_at;    /* of an answer not yet handed over; it is sent from where the */
    size_t answer_left;  /* request was received */
    size_t answer_bytes; /* contents of that answer */
    uint64_t idle_calls; /* of recv, that moved nothing */
    struct ipm_framer framer;
    struct ipm_usage usage; /* of a worker that is a process of its own */
    int result;             /* of a worker */
    bool stopped;           /* its process was, while it worked */
};

struct ipm_service {
    const struct ipm_trial_config *config;
    bool answers;                /* each request is sent back */
    bool locked;                 /* several workers may serve one client */
    bool loses;                  /* messages may be lost: a client's mark is its end */
    bool checks;                 /* which messages came, and how, is checked */
    const struct ipm_wait *wait; /* for each client, and a server for all of them */
    unsigned client_count;
    unsigned channel_count;
    struct ipm_service_client *clients;
    struct ipm_service_channel *channels;
    struct ipm_pump *checkers; /* one for each client; or NULL */
    unsigned char *awaited;    /* a message for each checker; or NULL */
    unsigned char *bufs; /* of the channels; the stride is 0 where it is one for all */
    size_t buf_bytes;
    size_t buf_stride;
    size_t message_stride; /* of what is awaited */
    int (*step)(struct ipm_service_channel *channel);
    int (*find)(struct ipm_framer *framer, const unsigned char *bytes, size_t filled,
                struct ipm_frame *ret_frame);
    atomic_uint left;      /* clients not yet over */
    atomic_uint working;   /* workers not yet back */
    atomic_bool cancelled; /* workers: leave */
    sem_t wake;            /* posted by the last client to end and by the last worker */
    size_t map_bytes;
    struct ipm_err err; /* why, when a server cannot say it by an errno alone */
    bool apart;         /* the workers' usage is the server's, not this process's */
    void *own;          /* of the server strategy */
};

/* Makes one for config's clients, with a channel for each worker when config's server has
 * them; `answers` sends each request back. Memory is touched. Returns 0 or a negative errno. */
int ipm_service_open(struct ipm_service **ret_service,
                     const struct ipm_trial_config *config, bool answers,
                     struct ipm_err *err);

/* The parent's side of ipm_transport.attach, for all clients. With their pids known, one that
 * dies before it comes is -EINTR. */
int ipm_service_attach(struct ipm_service *service, struct ipm_link *link,
                       struct ipm_err *err);

/* Detaches and frees. Safe on NULL. */
void ipm_service_close(struct ipm_service *service);

/* How many channels have an end of their own: the first ones. */
unsigned ipm_service_own_ends(const struct ipm_service *service);

/* The window, for pump->own: serves all clients. Returns 0 or a negative errno, with words
 * in service->err where errno's do not say it all; -EPIPE: a client left before its end. */
int ipm_service_serve(struct ipm_pump *pump);

/* Makes the channels' descriptors non-blocking. */
int ipm_service_unblock(struct ipm_service *service, struct ipm_err *err);

/* Hot. What is left of an answer is sent, or one call of recv is made and what follows from
 * it. A call that moved nothing (EAGAIN, EINTR) is no failure. Returns 1 when the channel is
 * over, 0 when there is more to come, or a negative errno. */
static inline int ipm_service_step(struct ipm_service_channel *channel) {
    return channel->service->step(channel);
}

/* Whether the channel waits to be writable, not readable. */
static inline bool ipm_service_is_writing(const struct ipm_service_channel *channel) {
    return channel->answer_left > 0;
}

/* A blocking worker's steps, until its channel is over or the service cancelled. Returns 0 or
 * a negative errno. */
int ipm_service_work(struct ipm_service_channel *channel);

/* For who waits: after a wait that was broken off. Returns 0, or -EINTR when the stop flag
 * is set. Where no end-of-file shows it, a client that died is marked gone. */
int ipm_service_check_stop(struct ipm_service *service);

/* In the main thread while workers work: until they are all back, or `check` says -ECHILD:
 * one never comes back. `interrupt` breaks off
 * their calls, `check` says 0 or why it is no use to wait; each may be called again and
 * again. Returns 0 or a negative errno. */
int ipm_service_await(struct ipm_service *service,
                      void (*interrupt)(struct ipm_service *service),
                      int (*check)(struct ipm_service *service));

/* A worker has nothing more to do. */
void ipm_service_worker_done(struct ipm_service *service);

/* After the server is done: puts the usage of workers that are processes into the place of
 * this one's, and adds the calls of recv that moved nothing. */
void ipm_service_conclude(const struct ipm_service *service, struct ipm_usage *usage,
                          struct ipm_counts *received);

/* After the window: fills received.messages where only bytes were counted, and what
 * of `sent` messages was lost or damaged. */
struct ipm_damage ipm_service_count(struct ipm_service *service, unsigned client,
                                    uint64_t sent_messages);

#endif
