/* sample.h - the measurements of one trial: plain numbers, filled by the runner. */
#ifndef IPM_MODEL_REPORT_SAMPLE_H
#define IPM_MODEL_REPORT_SAMPLE_H

#include "base/usage.h"
#include "model/report/histogram.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ipm_role { IPM_SENDER, IPM_RECEIVER, IPM_ROLES };

struct ipm_counts {
    uint64_t messages;
    uint64_t bytes;
    uint64_t calls; /* all calls of send or recv, including those that moved nothing */
    uint64_t partial_calls; /* calls that moved fewer bytes than requested */
};

/* Damaged messages, by sequence number or contents. */
struct ipm_damage {
    uint64_t lost_messages;
    uint64_t reordered_messages;
    uint64_t duplicated_messages;
    uint64_t corrupt_messages;
};

/* Bytes on the wire, of both ends, as the kernel counts them in the window. */
struct ipm_wire_use {
    int known; /* 0: not counted; the rest is 0 */
    uint64_t segments;
    uint64_t payload_bytes;
    uint64_t retransmitted_bytes;
    uint64_t header_bytes;
};

/* The times of the messages of a sender with a rate, or of responses without one: then
 * only the latency. */
struct ipm_timings {
    struct ipm_histogram latency;    /* from the scheduled time to the arrival */
    struct ipm_histogram since_sent; /* from the time of sending to the arrival */
    struct ipm_histogram send_lag;   /* from the scheduled time to the time of sending */
};

/* One flow of several: of duplex to the child and back, in this order; of a fan-in from
 * each client, of several pairs of each pair, in order. */
struct ipm_flow_use {
    uint64_t messages; /* received, as are the bytes */
    uint64_t bytes;
    uint64_t elapsed_ns; /* from the start of the window to this flow's last byte */
};

/* flows and the latencies are on the heap: ipm_sample_done frees them, and a copy of the
 * struct takes them over. */
struct ipm_sample {
    uint64_t round;      /* 0 is the first timed one */
    uint64_t begin_ns;   /* of the window, by CLOCK_MONOTONIC; not in a report */
    uint64_t elapsed_ns; /* the window: sender's first call to receiver's last byte */
    uint64_t setup_ns;   /* from opening until both ends are attached */
    struct ipm_counts sent;
    struct ipm_counts received;
    struct ipm_damage damage;
    struct ipm_usage usage[IPM_ROLES];
    double null_syscall_ns; /* beside the window: calm.h; NaN: unknown */
    int64_t steal_ns;       /* of the CPUs that the ends were seen on; -1: unknown */
    int64_t throttled_ns;   /* by the quota of the control group; -1: unknown */
    int contended;          /* contention.h; -1: unknown */
    struct ipm_wire_use wire;
    uint64_t framing_bytes; /* framing received beyond the payload */
    bool stopped; /* a process was stopped, or the machine suspended, during the trial */
    size_t flow_count; /* 0: one direction only */
    struct ipm_flow_use *flows;
    struct ipm_latency latency; /* count 0: not measured */
    struct ipm_latency
        since_sent; /* with a rate, as is send_lag: see struct ipm_timings */
    struct ipm_latency send_lag;
    uint64_t scheduled_messages; /* of all senders; 0: there is no rate */
    uint64_t scheduled_ns;       /* from the start to the time of the last one */
};

void ipm_counts_add(struct ipm_counts *sum, const struct ipm_counts *more);
void ipm_damage_add(struct ipm_damage *sum, const struct ipm_damage *more);

void ipm_timings_add(struct ipm_timings *sum, const struct ipm_timings *more);

/* Fills the latencies. Returns 0 or -ENOMEM. */
int ipm_sample_take(struct ipm_sample *sample, const struct ipm_timings *timings);

/* Frees what the sample owns and resets it. Safe on a zeroed sample. */
void ipm_sample_done(struct ipm_sample *sample);

#endif
