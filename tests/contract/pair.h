/* pair.h - both ends of one link, in the test and in a child of it, by the contract's order:
 * open, fork, attach, close, and a child that says in words what it did not like. */
#ifndef IPM_PAIR_H
#define IPM_PAIR_H

#include "base/err.h"
#include "base/facts.h"
#include "run/schedule/runner.h"
#include "tests/support/leaks.h"
#include "transports/transport.h"

#include <stdbool.h>
#include <stddef.h>

enum { IPM_PAIR_TIMEOUT_MS = 20000, IPM_PAIR_LARGEST = 65507 };

struct ipm_pair {
    const struct ipm_transport *ops;
    struct ipm_link link;
    struct ipm_endpoint end; /* of the process that looks at it */
    struct ipm_err err;
    pid_t child;
    int control; /* to the other process */
    struct ipm_leaks leaks;
};

/* Every row of the table and the example of transports/README.md; or those of the plugins in
 * IPM_CONTRACT_PLUGINS, paths with colons in between, alone. NULL after the last. */
const struct ipm_transport *ipm_pair_row(size_t which);

/* Whether its probe says that this machine has it; a row that cannot run is told once. */
bool ipm_pair_runs(const struct ipm_transport *ops);

/* The largest message that it takes here, IPM_PAIR_LARGEST at most. */
size_t ipm_pair_largest(const struct ipm_transport *ops);

/* Whether sending to a peer that is gone is an error. A reliable queue that is connected to
 * nobody keeps what it is given: only a signal ends the wait for room. */
bool ipm_pair_tells_of_death(const struct ipm_transport *ops);

/* Whether send returns only when the receiver has the message: nothing can be sent ahead. */
bool ipm_pair_waits_for_receiver(const struct ipm_transport *ops);

/* Loops over all rows with the caps wanted and none of those not wanted, in a test: those
 * that can run here. */
#define IPM_PAIR_EACH(ops, wanted, unwanted)                                             \
    IPM_PAIR_ROWS(ops, wanted, unwanted) if (ipm_pair_runs(ops))

/* The same with those that cannot. */
#define IPM_PAIR_ROWS(ops, wanted, unwanted)                                             \
    for (size_t row_ = 0; ipm_pair_row(row_); row_++)                                    \
        for (const struct ipm_transport *ops = ipm_pair_row(row_);                       \
             ops && (ops->caps & (wanted)) == (wanted) && (ops->caps & (unwanted)) == 0; \
             ops = NULL)

/* Counts what is open, and opens the link. */
void ipm_pair_open(struct ipm_pair *pair, const struct ipm_transport *ops,
                   const struct ipm_link_config *config);

/* The same with a configuration for tests that need none. */
void ipm_pair_open_plain(struct ipm_pair *pair, const struct ipm_transport *ops);

/* Only forks: the child neither attaches nor closes. It returns NULL, or what went wrong. */
void ipm_pair_fork(struct ipm_pair *pair, const char *(*child)(struct ipm_pair *pair));

/* Forks, attaches both, closes both; then the child runs. */
void ipm_pair_start(struct ipm_pair *pair, const char *(*child)(struct ipm_pair *pair));

/* Waits for the child, and fails the test with its words; detaches; nothing must be left. */
void ipm_pair_end(struct ipm_pair *pair);

/* Open, start, end. The parent's part is run in between when there is one. */
void ipm_pair_run(const struct ipm_transport *ops,
                  const char *(*child)(struct ipm_pair *pair),
                  void (*parent)(struct ipm_pair *pair));

/* A child that does nothing until it is killed. */
const char *ipm_pair_sleep(struct ipm_pair *pair);

/* Kills the child and makes sure that it is gone. */
void ipm_pair_kill(struct ipm_pair *pair);

/* A step: one tells, the other waits for it. False when the other is gone. */
bool ipm_pair_tell(struct ipm_pair *pair);
bool ipm_pair_await(struct ipm_pair *pair);

/* One call that was not broken off, with its error as a negative errno: -EPIPE for each that
 * says that the peer is gone. */
ssize_t ipm_pair_send(struct ipm_pair *pair, const void *bytes, size_t count);
ssize_t ipm_pair_recv(struct ipm_pair *pair, void *bytes, size_t count);

/* The same, but a signal ends it: -EINTR. */
ssize_t ipm_pair_send_once(struct ipm_pair *pair, const void *bytes, size_t count);

/* All of it, however many calls that takes. False on an error or an early end. */
bool ipm_pair_send_all(struct ipm_endpoint *end, const unsigned char *bytes,
                       size_t count);
bool ipm_pair_recv_all(struct ipm_endpoint *end, unsigned char *bytes, size_t count);

/* Contents that differ from message to message, and byte to byte. */
void ipm_pair_fill(unsigned char *bytes, size_t count, unsigned seed);
bool ipm_pair_holds(const unsigned char *bytes, size_t count, unsigned seed);

/* The descriptor of this process that listens for connections, or -1. */
int ipm_pair_listener(void);

/* From now on, or no longer: just before a datagram socket is connected, datagrams of a stranger
 * arrive at it. */
void ipm_pair_strays(bool on);

double ipm_pair_now_s(void);

#endif
