/* service.h - many clients served by one process: their ends, the counts of each, and
 * what one call of recv leads to. How to wait for the next call is in server.h; this part
 * is the same for all servers.
 *
 * A client sends; a channel is one end to receive from. Each client has its own
 * channel or, where the transport has one end for all (IPM_CAP_SHARED), each worker
 * has a channel and a message of any client may arrive on it. All of it is shared
 * memory, because a server may consist of several processes. */
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

enum { IPM_SERVICE_LINE_BYTES = 64 }; /* of a cache: clients do not share lines */

struct ipm_trial_config;

struct ipm_service_client {
    alignas(IPM_SERVICE_LINE_BYTES) struct ipm_counts received;
    struct ipm_counts sent; /* responses */
    uint64_t framing_bytes; /* received */
    uint64_t end_ns;        /* when its last byte arrived; 0 before */
    atomic_bool over;       /* nothing more is expected of it */
    bool gone;              /* it ended before it had sent everything */
    pid_t pid;              /* its death ends the client; 0: unknown */
    struct ipm_work work;   /* of the server, for its messages */
    /* Tracks arrivals and, with --verify, contents; its other members stay empty. NULL where
     * nothing is checked. */
    struct ipm_pump *checker;
    pthread_mutex_t lock; /* for several workers that serve it at once */
};

struct ipm_service_channel {
    alignas(IPM_SERVICE_LINE_BYTES) struct ipm_endpoint end;
    struct ipm_service *service;
    struct ipm_service_client *client; /* the owner, or the sender of the last message */
    unsigned char *buf;
    size_t filled; /* bytes received; those from `parsed` on are not yet handled */
    size_t parsed;
    const unsigned char *response; /* the rest of a pending one */
    size_t response_left;
    size_t response_bytes;  /* the contents of that response */
    struct ipm_pump *maker; /* makes responses that are not as large as their requests */
    uint64_t idle_calls;    /* calls of recv that moved nothing */
    struct ipm_framer framer;
    struct ipm_usage usage; /* of a worker that is a process of its own */
    int result;             /* of a worker */
    bool stopped;           /* its process was stopped in the window */
};

struct ipm_service {
    const struct ipm_trial_config *config;
    bool responds;               /* a response is sent to each request */
    bool locked;                 /* several workers may serve one client */
    bool loses;                  /* messages may be lost: a client ends by its mark */
    bool checks;                 /* arrival and contents are checked */
    bool timed;                  /* messages carry their times */
    bool works;                  /* the server works for each message */
    const struct ipm_wait *wait; /* how the server waits */
    uint64_t tries;              /* polls of a server before it sleeps */
    uint64_t misses;             /* polls without a message since the last message */
    struct ipm_transport calls;  /* those of the transport, or of the way of waiting */
    unsigned client_count;
    unsigned channel_count;
    struct ipm_service_client *clients;
    struct ipm_service_channel *channels;
    struct ipm_pump *checkers; /* one for each client; or NULL */
    unsigned char *awaited;    /* a message for each checker; or NULL */
    unsigned char *bufs;       /* of the channels; stride 0: one buffer for all */
    struct ipm_pump *makers;   /* one for each channel; or NULL: requests are sent back */
    unsigned char *responses;  /* a frame for each maker; or NULL */
    size_t buf_bytes;
    size_t buf_stride;
    size_t response_stride;
    size_t message_stride; /* of the awaited messages */
    int (*step)(struct ipm_service_channel *channel);
    void (*respond)(struct ipm_service_channel *channel, size_t at, size_t frame_bytes,
                    size_t contents_bytes);
    int (*find)(struct ipm_framer *framer, const unsigned char *bytes, size_t filled,
                struct ipm_frame *ret_frame);
    atomic_uint left;      /* clients not yet over */
    atomic_uint working;   /* workers not yet returned */
    atomic_bool cancelled; /* workers must return */
    sem_t wake;            /* posted by the last client to end and by the last worker */
    size_t map_bytes;
    struct ipm_err err; /* set when the errno alone does not explain a failure */
    bool apart;         /* usage is the sum of the workers', not of this process */
    void *own;          /* of the server strategy */
};

/* Makes a service for config's clients, with one channel per worker when config's
 * server has workers. With `responds`, each request is sent back, or a response of
 * another size is. All memory is touched. Returns 0 or a negative errno. */
int ipm_service_open(struct ipm_service **ret_service,
                     const struct ipm_trial_config *config, bool responds,
                     struct ipm_err *err);

/* Attaches all clients, as ipm_transport.attach. Returns -EINTR when a client whose
 * pid is known dies before it attaches. */
int ipm_service_attach(struct ipm_service *service, struct ipm_link *link,
                       struct ipm_err *err);

/* Detaches and frees. Safe on NULL. */
void ipm_service_close(struct ipm_service *service);

/* Returns how many channels have an end of their own. These are the first ones. */
unsigned ipm_service_own_ends(const struct ipm_service *service);

/* The window: serves all clients of pump->own. Returns 0 or a negative errno;
 * service->err explains it where the errno does not. -EPIPE: a client disconnected
 * early. */
int ipm_service_serve(struct ipm_pump *pump);

/* Makes the channels' descriptors non-blocking, for servers that wait for many of them. */
int ipm_service_unblock(struct ipm_service *service, struct ipm_err *err);

/* Hot. Returns how long a server that polls waits the next time: 0 ms to look only, -1 until a
 * channel is ready. `ready` is how many were the last time. */
int ipm_service_timeout_ms(struct ipm_service *service, int ready);

/* Hot. Sends the rest of a pending response, or calls recv once and handles the
 * result. A call that moved nothing (EAGAIN, EINTR) is no failure. Returns 1 when the
 * channel is over, 0 when more is expected, or a negative errno. */
static inline int ipm_service_step(struct ipm_service_channel *channel) {
    return channel->service->step(channel);
}

/* Whether the channel waits to be writable instead of readable. */
static inline bool ipm_service_is_writing(const struct ipm_service_channel *channel) {
    return channel->response_left > 0;
}

/* Runs a blocking worker until its channel is over or the service is cancelled.
 * Returns 0 or a negative errno. */
int ipm_service_work(struct ipm_service_channel *channel);

/* Called after an interrupted wait. Returns 0, or -EINTR when the stop flag is set.
 * Marks dead clients as gone where no end-of-file reports them. */
int ipm_service_check_stop(struct ipm_service *service);

/* Waits in the main thread until all workers have returned, or until `check` returns
 * -ECHILD (one never returns). `interrupt` interrupts their calls; `check` returns 0
 * or why waiting is useless. Both may be called repeatedly. Returns 0 or a negative
 * errno. */
int ipm_service_await(struct ipm_service *service,
                      void (*interrupt)(struct ipm_service *service),
                      int (*check)(struct ipm_service *service));

/* Called by a worker that has nothing more to do. */
void ipm_service_worker_done(struct ipm_service *service);

/* Called after the window. Replaces the usage by that of the workers where they are
 * processes, and adds the calls of recv that moved nothing. */
void ipm_service_conclude(const struct ipm_service *service, struct ipm_usage *usage,
                          struct ipm_counts *received);

/* Called after the window. Fills received.messages where only bytes were counted.
 * Returns what of the `sent` messages was lost or damaged. */
struct ipm_damage ipm_service_count(struct ipm_service *service, unsigned client,
                                    uint64_t sent_messages);

#endif
