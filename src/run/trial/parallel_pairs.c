/* parallel_pairs.c - runs several trials at once (--pairs), each in a process of its own, because
 * threads would share the counters of a process: CPU time, switches, faults, memory. */
#include "base/cell.h"
#include "run/trial/trial.h"

#include "base/err.h"
#include "base/usage.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"
#include "run/trial/outcome.h"
#include "run/trial/peers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAIRS_GRACE_MS = 2000 };

/* The timeout of all pairs is longer than that of a trial, so that a pair can report what hung. */
static const uint64_t PAIRS_GRACE_NS = 1000000000;

/* What a pair leaves to its parent, in shared memory: the sample without flows and latencies. */
struct pairs_result {
    bool done;
    int code;
    struct ipm_err err;
    struct ipm_sample sample;
    struct ipm_timings timings;
    struct ipm_trial_facts facts;
};

struct pairs_item {
    pid_t pid;    /* 0: not forked */
    int status;   /* as wait(2) gives it, at its end */
    bool stopped; /* by a signal, when the trial failed */
    int told; /* a pipe: a byte when the pair is ready, end-of-file when it has ended; -1: none */
};

struct pairs {
    const struct ipm_trial_config *config;
    size_t count;
    struct pairs_item *items;
    struct pairs_result *results;
    int go[2]; /* a pipe: its end-of-file starts all pairs; -1 when closed */
};

/* The argument of a pair, filled by the parent just before fork. */
struct pairs_start {
    const struct pairs *all;
    size_t which;
    int tell[2];
};

/* --- a pair ----------------------------------------------------------------------------- */

/* Waits until all pairs are ready. */
static int pairs_meet(void *context) {
    const struct pairs_start *start = context;
    char byte = 0;
    if (write(start->tell[1], &byte, 1) != 1)
        return -errno;
    while (read(start->all->go[0], &byte, 1) < 0)
        if (errno != EINTR || ipm_stop_wanted())
            return -errno;
    return 0;
}

static void pairs_keep(struct pairs_result *result, struct ipm_sample *sample) {
    ipm_histogram_add_latency(&result->timings.latency, &sample->latency);
    ipm_histogram_add_latency(&result->timings.since_sent, &sample->since_sent);
    ipm_histogram_add_latency(&result->timings.send_lag, &sample->send_lag);
    ipm_sample_done(sample);
    result->sample = *sample;
}

static int pairs_live(void *context) {
    struct pairs_start *start = context;
    struct pairs_result *result = &start->all->results[start->which];
    struct ipm_trial_config config = *start->all->config;
    struct ipm_sample sample = {0};
    (void)close(start->all->go[1]);
    ipm_stop_obey();
    config.seed += start->which; /* the contents of two pairs differ */
    config.meet = pairs_meet;
    config.meet_context = start;
    result->code = ipm_trial_run(&config, &sample, &result->facts, &result->err);
    if (result->code == 0)
        pairs_keep(result, &sample);
    result->done = true;
    return 0;
}

/* --- all pairs -------------------------------------------------------------------------- */

static int pairs_open(struct pairs *all, struct ipm_err *err) {
    all->items = calloc(all->count, sizeof *all->items);
    all->results = mmap(NULL, all->count * sizeof *all->results, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!all->items || all->results == MAP_FAILED)
        return ipm_err_sys(err, -ENOMEM, "cannot allocate %zu pairs", all->count);
    for (size_t i = 0; i < all->count; i++)
        all->items[i].told = -1;
    return pipe2(all->go, O_CLOEXEC) == 0
               ? 0
               : ipm_err_sys(err, -errno, "cannot make a pipe");
}

static int pairs_spawn(struct pairs *all, struct ipm_err *err) {
    int failed = 0;
    for (size_t i = 0; i < all->count && !failed; i++) {
        struct pairs_start start = {.all = all, .which = i};
        if (pipe2(start.tell, O_CLOEXEC) != 0)
            return ipm_err_sys(err, -errno, "cannot make a pipe");
        failed = ipm_spawn(pairs_live, &start, NULL, &all->items[i].pid, err);
        all->items[i].told = start.tell[0];
        (void)close(start.tell[1]);
    }
    return failed;
}

/* Waits for the byte of a pair that is ready. Returns 1, 0 (it has ended) or a negative errno. */
static int pairs_await(const struct pairs_item *item) {
    char byte;
    ssize_t length = 0;
    while ((length = read(item->told, &byte, 1)) < 0)
        if (errno != EINTR || ipm_stop_wanted())
            return -errno;
    return (int)length;
}

/* Starts all pairs when all are ready, and waits for their ends. Returns 0, or a negative errno
 * where a pair did not get ready, or the user or the watchdog wants to stop. */
static int pairs_measure(struct pairs *all) {
    int code = 1;
    for (size_t i = 0; i < all->count && code > 0; i++)
        code = pairs_await(&all->items[i]);
    if (code <= 0)
        return code < 0 ? code : -ECHILD;
    ipm_peers_close(&all->go[1]);
    code = 0;
    for (size_t i = 0; i < all->count && code == 0; i++)
        code = pairs_await(&all->items[i]);
    return code;
}

/* Gives a pair a moment to end, because it removes what its trial has made. */
static void pairs_await_end(const struct pairs_item *item) {
    struct pollfd told = {.fd = item->told, .events = POLLIN};
    char byte;
    int ready = 0;
    while ((ready = poll(&told, 1, PAIRS_GRACE_MS)) != 0)
        if (ready > 0 ? read(item->told, &byte, 1) == 0 : errno != EINTR)
            return;
}

/* Asks a pair to end. One that is stopped must be continued to remove what it has made. */
static void pairs_ask(struct pairs_item *item) {
    item->stopped = ipm_spawn_is_stopped(item->pid) != 0;
    (void)kill(item->pid, SIGTERM);
    (void)kill(item->pid, SIGCONT);
}

/* Ends all pairs and reaps their processes. */
static void pairs_end(struct pairs *all, bool failed) {
    for (size_t i = 0; i < all->count && failed; i++)
        if (all->items[i].pid > 0)
            pairs_ask(&all->items[i]);
    for (size_t i = 0; i < all->count; i++) {
        struct pairs_item *item = &all->items[i];
        if (item->pid <= 0)
            continue;
        pairs_await_end(item);
        item->status = ipm_spawn_reap(item->pid);
    }
}

/* Writes the failure of a pair that reported none. */
static int pairs_word(const struct pairs *all, size_t which, struct ipm_err *err) {
    const struct pairs_item *item = &all->items[which];
    const struct ipm_cell who = ipm_cell_print("pair %zu", which);
    return ipm_failure(&(struct ipm_failure){.who = who.text,
                                             .status = item->status,
                                             .child_gone = !item->stopped,
                                             .stopped = item->stopped,
                                             .expired = item->stopped,
                                             .timeout_ns = all->config->timeout_ns,
                                             .phase = "in its trial",
                                             .seen = err},
                       err);
}

/* Writes the failure of the pair that explains the failures of the others. Pairs that wait for a
 * stopped pair are late, and a pair that this process ended by SIGTERM reports -EINTR. Returns 0
 * where no pair failed. */
static int pairs_blame(const struct pairs *all, struct ipm_err *err) {
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].stopped)
            return pairs_word(all, i, err);
    for (size_t i = 0; i < all->count; i++) {
        const struct pairs_result *result = &all->results[i];
        if (!result->done || result->code == 0 || result->code == -EINTR)
            continue;
        *err = result->err;
        return ipm_err_wrap(err, "pair %zu", i);
    }
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].pid > 0 && !all->results[i].done)
            return pairs_word(all, i, err);
    return 0;
}

static int pairs_conclude(struct pairs *all, int failed, struct ipm_err *err) {
    pairs_end(all, failed != 0);
    if (ipm_stop_signal())
        return ipm_err_set(err, -EINTR, "interrupted");
    if (err->code == 0 && pairs_blame(all, err) != 0)
        return err->code;
    return failed ? ipm_err_sys(err, failed, "cannot run %zu pairs", all->count) : 0;
}

static int pairs_sum(const struct pairs *all, struct ipm_sample *ret_sample) {
    struct ipm_timings *timings = &all->results[0].timings;
    *ret_sample = all->results[0].sample;
    ret_sample->flows = calloc(all->count, sizeof *ret_sample->flows);
    if (!ret_sample->flows)
        return -ENOMEM;
    ret_sample->flow_count = all->count;
    for (size_t i = 0; i < all->count; i++) {
        const struct pairs_result *result = &all->results[i];
        ret_sample->flows[i] =
            (struct ipm_flow_use){.messages = result->sample.received.messages,
                                  .bytes = result->sample.received.bytes,
                                  .elapsed_ns = result->sample.elapsed_ns};
        if (i == 0)
            continue;
        ipm_outcome_add(ret_sample, &result->sample);
        ipm_timings_add(timings, &result->timings);
    }
    return ipm_sample_take(ret_sample, timings);
}

static void pairs_done(struct pairs *all) {
    for (size_t i = 0; all->items && i < all->count; i++)
        ipm_peers_close(&all->items[i].told);
    ipm_peers_close(&all->go[0]);
    ipm_peers_close(&all->go[1]);
    free(all->items);
    if (all->results != MAP_FAILED)
        (void)munmap(all->results, all->count * sizeof *all->results);
}

static int pairs_live_all(struct pairs *all, struct ipm_sample *ret_sample,
                          struct ipm_err *err) {
    int failed = pairs_open(all, err);
    if (failed)
        return failed;
    failed = pairs_spawn(all, err);
    if (!failed)
        failed = pairs_measure(all);
    failed = pairs_conclude(all, failed, err);
    if (failed || pairs_sum(all, ret_sample) == 0)
        return failed;
    ipm_sample_done(ret_sample);
    return ipm_err_sys(err, -ENOMEM, "cannot store the sample");
}

int ipm_pairs_run(const struct ipm_trial_config *config, struct ipm_sample *ret_sample,
                  struct ipm_trial_facts *ret_facts, struct ipm_err *err) {
    struct pairs all = {
        .config = config, .count = (size_t)config->settings->pairs, .go = {-1, -1}};
    (void)
        ipm_usage_raise_descriptors(); /* if they are too few, a later call reports it */
    ipm_stop_arm(config->timeout_ns + PAIRS_GRACE_NS);
    const int failed = pairs_live_all(&all, ret_sample, err);
    if (!failed && ret_facts)
        *ret_facts = all.results[0].facts;
    pairs_done(&all);
    ipm_stop_disarm();
    return failed;
}
