/* counter.h - counts events of this process and of the threads and processes that it starts
 * later, by perf_event_open(2): in user space and in the kernel. */
#ifndef IPM_BASE_COUNTER_H
#define IPM_BASE_COUNTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ipm_usage;

enum ipm_counter_id {
#define COUNTER(word, ...) IPM_COUNTER_##word,
#include "base/counters.def"
#undef COUNTER
    IPM_COUNTERS,
};

enum { IPM_COUNTER_MODES = 2 }; /* user, kernel */

struct ipm_counter {
    const char *name; /* on the command line */
    const char *summary;
    uint32_t type;
    uint64_t event;
};

/* By enum ipm_counter_id; ends with an empty row. */
extern const struct ipm_counter ipm_counter_rows[];

/* Returns the set that has only the counter of that name, or 0. */
unsigned ipm_counter_set(const char *name);

/* The system calls, which a test replaces. Each returns -1 and sets errno on failure. */
struct ipm_counter_calls {
    /* Opens a counter that does not count yet. Returns a descriptor. */
    int (*open)(const struct ipm_counter *counter, bool kernel);
    /* Reads value, time enabled and time running. */
    int (*read)(int fd, uint64_t ret_values[3]);
    void (*close)(int fd);
    /* Starts or stops all counters of this thread. */
    void (*count)(bool on);
};

/* Those of one process. */
struct ipm_counters {
    const struct ipm_counter_calls *calls;
    unsigned set; /* 1u << id of those that are wanted; 0: no call is made */
    int fds[IPM_COUNTERS][IPM_COUNTER_MODES]; /* or a negative errno */
    int lacks[IPM_COUNTERS]
             [IPM_COUNTER_MODES]; /* why one is unknown: a negative errno, or 0 */
};

/* Opens the counters of the set. What cannot be opened stays unknown. calls NULL: the
 * system's. Threads are counted that are started afterwards. */
void ipm_counters_open(struct ipm_counters *counters, unsigned set,
                       const struct ipm_counter_calls *calls);

/* Start and stop; nothing without counters. */
void ipm_counters_count(const struct ipm_counters *counters, bool on);

/* Fills the counters of the usage: what was counted, scaled where the counter was not
 * running all the time; -1 where it is unknown. */
void ipm_counters_read(struct ipm_counters *counters, struct ipm_usage *usage);

/* Writes which counters were refused, or never ran until they were read, and why; "" if none. */
void ipm_counters_tell(const struct ipm_counters *counters, char *text, size_t bytes);

/* Safe on zeroed counters. */
void ipm_counters_close(struct ipm_counters *counters);

#endif
