/* usage.h - the resource usage of a process (CPU time, context switches, page faults,
 * memory, CPUs) and what it may use (its CPUs, its limit on descriptors). */
#ifndef IPM_BASE_USAGE_H
#define IPM_BASE_USAGE_H

#include "base/counter.h"

#include <stdint.h>

struct ipm_err;

/* The difference of two readings, except peak_rss_bytes and the CPUs, which are of the
 * second one. A member that the kernel does not report is -1. */
struct ipm_usage {
    int64_t user_ns; /* getrusage(2): the sum is exact, the split is by clock tick */
    int64_t system_ns;
    int64_t voluntary_switches;
    int64_t involuntary_switches;
    int64_t minor_faults;
    int64_t major_faults;
    int64_t work_ns;      /* of user_ns, what --work took; filled by others */
    int64_t run_delay_ns; /* waits for a CPU while runnable, of the main thread */
    /* Events of --counters, each in user space and then in the kernel: counter.h. */
    int64_t counted[IPM_COUNTERS * IPM_COUNTER_MODES];
    int64_t peak_rss_bytes; /* highest since ipm_usage_reset_peak: VmHWM of proc(5) */
    int64_t migrations;     /* between CPUs: se.nr_migrations of /proc/PID/sched */
    int64_t first_cpu;      /* at the first reading */
    int64_t last_cpu;       /* at the second reading */
};

/* The two halves of a reading. proc(5) costs tens of microseconds, so it is read before
 * the barrier and after the window, and makes the counters unknown; the times are read at both ends of the window. Never
 * fails: what is unknown is -1. */
void ipm_usage_read_times(struct ipm_usage *usage);
void ipm_usage_read_proc(struct ipm_usage *usage);

/* Returns later - earlier, member by member; -1 where either is -1. */
struct ipm_usage ipm_usage_delta(const struct ipm_usage *earlier,
                                 const struct ipm_usage *later);

/* Adds the times, switches and faults of another process; -1 where either is -1. */
void ipm_usage_add(struct ipm_usage *sum, const struct ipm_usage *more);

/* Resets peak_rss_bytes of this process (proc(5), clear_refs, value 5). */
void ipm_usage_reset_peak(void);

enum { IPM_CPUS_MOST = 1024 };

/* Fills the CPUs that this process may run on, in ascending order. Returns their number,
 * at least 1. */
int ipm_usage_allowed_cpus(int cpus[IPM_CPUS_MOST]);

/* Pins the calling process to one CPU. Returns 0 or a negative errno. */
int ipm_usage_pin(int cpu, struct ipm_err *err);

/* Restores the CPUs of ipm_usage_allowed_cpus for the calling process. */
void ipm_usage_unpin(const int *cpus, int count);

/* Binds the memory that this process and its later children touch for the first time to one
 * node, or with -1 to none. Returns 0 or a negative errno. */
int ipm_usage_bind_memory(int node);

/* Raises the soft limit on open descriptors to the hard one, for this process and its
 * children. Returns the hard limit, UINT64_MAX if there is none, or the unchanged soft
 * limit if raising fails. The soft limit is low because select(2) supports no descriptor
 * from 1024 on: a user of select must check its descriptors. */
uint64_t ipm_usage_raise_descriptors(void);

#endif
