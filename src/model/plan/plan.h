/* plan.h - makes the list of cases from options and capabilities, each to run or to skip
 * with a reason. No system call: the caller describes the machine. */
#ifndef IPM_MODEL_PLAN_PLAN_H
#define IPM_MODEL_PLAN_PLAN_H

#include "base/err.h"
#include "model/options.h"
#include "model/report/report.h"
#include "transports/transport.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The result of probing one transport. */
struct ipm_probe {
    const struct ipm_transport *transport;
    size_t max_message_bytes;
    char advice[IPM_ERR_HINT_BYTES]; /* what limits it and how to raise it, or empty */
    bool runnable;
    char reason[IPM_REASON_BYTES]; /* when not runnable */
};

/* With a rate, a message that is sent one way carries its times and its number
 * (run/pump/paced.c). */
enum { IPM_PLAN_TIMES_BYTES = 24 };

/* The properties of a pattern that the plan needs; one in each row of
 * run/patterns/pattern.h. */
enum ipm_trait {
    IPM_TRAIT_TWO_WAY = 1u << 0,  /* both ends send */
    IPM_TRAIT_CONNECTS = 1u << 1, /* makes connections inside the window, one byte each */
    IPM_TRAIT_CLIENTS = 1u << 2,  /* many clients, one server: --clients, --server */
    IPM_TRAIT_BATCHES = 1u << 3,  /* may send several messages per call: --batch */
    IPM_TRAIT_FRAMES = 1u << 4,   /* messages may be framed: --framing */
    IPM_TRAIT_ANSWERS = 1u << 5,  /* waits for each response: latencies, --think */
    IPM_TRAIT_PACED = 1u << 6,    /* may send by a schedule: --rate, --arrivals */
    IPM_TRAIT_PAIRS = 1u << 7,    /* may run several times at once: --pairs */
};

struct ipm_kind {
    const char *name;
    unsigned traits;
    enum ipm_metric_id primary;  /* the primary metric of its cases */
    const char *ends[IPM_ROLES]; /* what the two ends are called: "client", "server" */
};

/* The limits of a server strategy. */
struct ipm_strategy {
    const char *name;
    uint64_t clients_most; /* UINT64_MAX: limited by descriptors only */
    const char *reason;    /* why no more: "select(2) supports 1024 descriptors" */
    bool polls;            /* waits for descriptors: IPM_CAP_POLLABLE */
};

/* An I/O backend; one in each row of run/io/io.h. */
struct ipm_drive {
    const char *name;
    bool drives; /* replaces the transport's calls: IPM_CAP_PLAIN */
    bool runnable;
    char reason[IPM_REASON_BYTES]; /* when not runnable */
};

/* A way of waiting; one in each row of run/waits/wait.h. */
struct ipm_wait_kind {
    const char *name;
    unsigned
        needs; /* capabilities of which a transport has one; 0: all transports wait so */
    bool sleeps; /* until the other side wakes it: not with IPM_CAP_UNWOKEN */
    bool polls;  /* waits for descriptors: not with IPM_CAP_HOLDS */
    bool drives; /* an I/O backend that replaces the transport's calls waits so, too */
};

/* Where a CPU is. What is not known is -1. */
struct ipm_cpu_place {
    int core;  /* the first CPU of its core */
    int cache; /* the first CPU below its last-level cache */
    int node;  /* of memory; -1 also where all CPUs have the same */
    int kind;  /* of core: those of hybrid processors are fast or slow */
};

/* How much memory the processes of a run may still take. */
struct ipm_memory_room {
    uint64_t bytes;
    char limit[2 * IPM_TEXT_BYTES]; /* what limits it; "": nothing that is known */
    char advice[IPM_TEXT_BYTES];    /* how to raise it, or empty */
};

struct ipm_machine {
    const struct ipm_probe *probes; /* one for each row of ipm_transports, in its order */
    size_t probe_count;
    const struct ipm_kind *patterns;    /* all patterns; ends with a NULL name */
    const struct ipm_strategy *servers; /* likewise */
    const struct ipm_drive *drives;     /* likewise; the first is the default */
    const struct ipm_wait_kind *waits;  /* likewise */
    uint64_t descriptors_most;          /* RLIMIT_NOFILE, hard */
    struct ipm_memory_room memory;
    const int *cpus; /* allowed CPUs, ascending */
    int cpu_count;
    const struct ipm_cpu_place *places; /* of each of them; NULL: not known */
};

struct ipm_plan_case {
    const struct ipm_transport *transport;
    struct ipm_case_config config;
    enum ipm_metric_id primary; /* of the pattern, unless there is a rate */
    const char *ends[IPM_ROLES];
    bool skipped;
    char reason[IPM_REASON_BYTES]; /* when skipped */
};

struct ipm_plan {
    size_t count;
    /* In the order: pattern, placement, rate, I/O backend, framing, requests outstanding, pairs,
     * clients, server, size, transport, wait, congestion control. */
    struct ipm_plan_case *cases;
};

/* Makes the plan. Every combination of the lists is one case with a unique name. Lists that
 * do not apply to a pattern (see the traits) do not multiply its cases, and a pattern that
 * connects has one size, a byte. Errors: -ENOMEM, -EINVAL (an unknown name, a duplicate in
 * a list, a CPU that is not allowed), -E2BIG (more than 10,000 cases). Call ipm_plan_done
 * afterwards, also on error. */
int ipm_plan_make(struct ipm_plan *plan, const struct ipm_options *options,
                  const struct ipm_machine *machine, struct ipm_err *err);
void ipm_plan_done(struct ipm_plan *plan);

/* Adds the case of that index, which has a rate, with another rate. Returns 0, -ENOMEM, or -E2BIG:
 * the plan is full. */
int ipm_plan_add_rate(struct ipm_plan *plan, size_t index, uint64_t rate_per_second,
                      enum ipm_recv_rule recv_rule);

/* Whether the word of a setting names that way of waiting: "hybrid", "hybrid:5us". */
bool ipm_plan_is_wait(const struct ipm_wait_kind *wait, const char *word);

/* Writes the name, with settings that are not the default: "stream/unix/4096/pin=same".
 * own_batch is the default number of messages per call. */
void ipm_plan_name(char name[IPM_CASE_NAME_BYTES], const struct ipm_case_config *config,
                   uint64_t own_batch, enum ipm_recv_rule recv_rule);

#endif
