/* plan.h - makes the list of cases out of options and capabilities, each to run or skipped with
 * a reason. No system call: the caller passes what the machine can do as `machine`. */
#ifndef IPM_MODEL_PLAN_PLAN_H
#define IPM_MODEL_PLAN_PLAN_H

#include "model/options.h"
#include "model/report/report.h"
#include "transports/transport.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What probe said of one transport. */
struct ipm_probe {
    const struct ipm_transport *transport;
    size_t max_message_bytes;
    bool runnable;
    char reason[IPM_REASON_BYTES]; /* when not runnable */
};

/* What a pattern does, as far as the plan asks: run/patterns/pattern.h has one of each row. */
enum ipm_trait {
    IPM_TRAIT_TWO_WAY = 1u << 0, /* both ends send */
    IPM_TRAIT_CONNECTS =
        1u << 1, /* makes connections inside the window; of one byte each */
    IPM_TRAIT_CLIENTS = 1u << 2, /* many clients, one server: --clients, --server */
    IPM_TRAIT_BATCHES = 1u << 3, /* may hand over several messages a call: --batch */
    IPM_TRAIT_FRAMES = 1u << 4,  /* messages may be framed: --framing */
    IPM_TRAIT_ANSWERS = 1u << 5, /* waits for each answer: latencies, --think */
};

struct ipm_kind {
    const char *name;
    unsigned traits;
    enum ipm_metric_id primary;  /* what its cases are about, and ranked by */
    const char *ends[IPM_ROLES]; /* what the two ends are called: "client", "server" */
};

/* What a server strategy can serve. */
struct ipm_strategy {
    const char *name;
    uint64_t clients_most; /* UINT64_MAX: as many as there are descriptors for */
    const char *reason;    /* why no more: "select(2) knows 1024 descriptors" */
    bool polls;            /* waits for descriptors: IPM_CAP_POLLABLE */
};

/* A way to drive descriptors: run/io/io.h has one of each row. */
struct ipm_drive {
    const char *name;
    bool drives; /* them in place of the transport: IPM_CAP_PLAIN */
    bool runnable;
    char reason[IPM_REASON_BYTES]; /* when not runnable */
};

struct ipm_machine {
    const struct ipm_probe *probes; /* one for each row of ipm_transports, in its order */
    size_t probe_count;
    const struct ipm_kind *patterns; /* every pattern there is; ends with a NULL name */
    const struct ipm_strategy *servers; /* likewise */
    const struct ipm_drive *drives;     /* likewise; the first is the default */
    uint64_t descriptors_most;          /* RLIMIT_NOFILE, hard */
    const int *cpus;                    /* that this process may run on, ascending */
    int cpu_count;
};

struct ipm_plan_case {
    const struct ipm_transport *transport;
    struct ipm_case_config config;
    enum ipm_metric_id primary; /* of the pattern, and so are the names of the ends */
    const char *ends[IPM_ROLES];
    bool skipped;
    char reason[IPM_REASON_BYTES]; /* when skipped */
};

struct ipm_plan {
    size_t count;
    struct ipm_plan_case *cases; /* in the order: pattern, placement, way of I/O,
                                    framing, clients, server, size, transport, congestion
                                    control */
};

/* Makes the plan. Every combination of the lists is one case, no combination twice; names
 * are unique. A list that says nothing of a pattern (see the traits) does not multiply
 * there, and a pattern that connects has one size, a byte. Errors: -ENOMEM, -EINVAL (a
 * name that is in no table, the same thing twice in a list, a CPU not in `cpus`), -E2BIG
 * (more than 10,000 cases). Freed by ipm_plan_done, also after an error. */
int ipm_plan_make(struct ipm_plan *plan, const struct ipm_options *options,
                  const struct ipm_machine *machine, struct ipm_err *err);
void ipm_plan_done(struct ipm_plan *plan);

/* Writes "stream/unix/4096" and what is not default behind it: "/pin=same". own_batch is how
 * many messages a call hands over there by default. */
void ipm_plan_name(char name[IPM_CASE_NAME_BYTES], const struct ipm_case_config *config,
                   uint64_t own_batch, enum ipm_recv_rule recv_rule);

#endif
