/* reference.c - the reference measurements. */
#include "run/schedule/reference.h"

#include "base/clock.h"
#include "base/null_call.h"
#include "base/pause.h"
#include "base/usage.h"
#include "model/report/stats.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"
#include "run/process/worker.h"

#include <fcntl.h>
#include <math.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    REFERENCE_NS = 3000000,
    REFERENCE_ALIGN = 4096,
    REFERENCE_CALLS = 200,  /* of a batch: some tens of microseconds */
    REFERENCE_BATCHES = 20, /* the fastest counts: other processes only add to it */
};

/* No cache holds so much, so that a larger copy has the same speed. */
static const size_t REFERENCE_COPY_MOST = (size_t)128 << 20;

/* Keeps the compiler from dropping or hoisting a copy whose result nobody reads. */
static void reference_use(const void *memory) {
    __asm__ volatile("" : : "r"(memory) : "memory");
}

static uint64_t reference_copy(void *to, const void *from, size_t bytes, uint64_t times) {
    uint64_t begin_ns = ipm_clock_now_ns();
    for (uint64_t i = 0; i < times; i++) {
        memcpy(to, from, bytes);
        reference_use(to);
    }
    return ipm_clock_now_ns() - begin_ns;
}

/* Doubles the number of copies until they take long enough for the clock. */
static double reference_copy_rate(void *to, const void *from, size_t bytes) {
    uint64_t times = 1;
    uint64_t elapsed_ns = reference_copy(to, from, bytes, times);
    while (elapsed_ns < REFERENCE_NS) {
        times *= 2;
        elapsed_ns = reference_copy(to, from, bytes, times);
    }
    return (double)bytes * (double)times * 1e9 / (double)elapsed_ns;
}

double ipm_reference_memcpy(size_t message_bytes) {
    const size_t bytes =
        message_bytes < REFERENCE_COPY_MOST ? message_bytes : REFERENCE_COPY_MOST;
    void *from = NULL;
    void *to = NULL;
    double rate = NAN;
    if (posix_memalign(&from, REFERENCE_ALIGN, bytes) != 0)
        from = NULL;
    if (posix_memalign(&to, REFERENCE_ALIGN, bytes) != 0)
        to = NULL;
    if (from && to) {
        memset(from, 0x5a, bytes);
        memset(to, 0xa5, bytes);
        rate = reference_copy_rate(to, from, bytes);
    }
    free(from);
    free(to);
    return rate;
}

double ipm_reference_syscall(void) {
    double fastest_ns = INFINITY;
    for (int batch = 0; batch < REFERENCE_BATCHES; batch++)
        fastest_ns = fmin(fastest_ns, ipm_null_call_ns(REFERENCE_CALLS));
    return fastest_ns;
}

/* --- core to core ------------------------------------------------------------------------- */

/* A word travels from one CPU to the other and back. Two threads are used, so that the caller's
 * affinity does not change. They are threads of another process, because libc takes longer for
 * every call that may block once its process has had a thread, and this state is inherited by all
 * children (SINGLE_THREAD_P in glibc's sysdep-cancel.h). */
enum {
    CORES = 2,
    CORES_LINE_BYTES = 128, /* two lines: the adjacent one is prefetched */
    CORES_TRIPS = 500,
    CORES_BATCHES = 7,     /* their median ignores one interruption */
    CORES_LOOKS = 1 << 19, /* of a thread in total: some tens of milliseconds */
};

static const uint64_t CORES_TIMEOUT_NS = 1000000000;

struct cores {
    alignas(CORES_LINE_BYTES) atomic_uint there;
    alignas(CORES_LINE_BYTES) atomic_uint back;
    alignas(CORES_LINE_BYTES) int cpus[CORES];
    double trip_ns[CORES_BATCHES];
};

/* Waits until *word is value. The number of looks is limited, because a thread that
 * does not get its CPU would block the other forever. */
static bool cores_await(const atomic_uint *word, unsigned value, unsigned *looks_left) {
    while (atomic_load_explicit(word, memory_order_acquire) != value) {
        if (*looks_left == 0)
            return false;
        --*looks_left;
        ipm_pause();
    }
    return true;
}

static int cores_respond(void *context) {
    struct cores *cores = context;
    unsigned looks_left = CORES_LOOKS;
    bool fine = ipm_usage_pin(cores->cpus[1], NULL) == 0;
    for (unsigned trip = 1; fine && trip <= CORES_TRIPS * CORES_BATCHES; trip++) {
        fine = cores_await(&cores->there, trip, &looks_left);
        atomic_store_explicit(&cores->back, trip, memory_order_release);
    }
    return fine ? 0 : -1;
}

static bool cores_batch(struct cores *cores, unsigned first, unsigned *looks_left) {
    bool fine = true;
    for (unsigned trip = first; fine && trip < first + CORES_TRIPS; trip++) {
        atomic_store_explicit(&cores->there, trip, memory_order_release);
        fine = cores_await(&cores->back, trip, looks_left);
    }
    return fine;
}

static int cores_request(void *context) {
    struct cores *cores = context;
    unsigned looks_left = CORES_LOOKS;
    bool fine = ipm_usage_pin(cores->cpus[0], NULL) == 0;
    for (unsigned i = 0; fine && i < CORES_BATCHES; i++) {
        const uint64_t begin_ns = ipm_clock_now_ns();
        fine = cores_batch(cores, i * CORES_TRIPS + 1, &looks_left);
        cores->trip_ns[i] = (double)(ipm_clock_now_ns() - begin_ns) / CORES_TRIPS;
    }
    return fine ? 0 : -1;
}

/* Both threads start when both exist; otherwise the first would measure the creation
 * of the second. */
static bool cores_run(struct cores *cores) {
    struct ipm_worker requester = {0};
    struct ipm_worker responder = {0};
    bool fine = ipm_worker_start(&requester, cores_request, cores, NULL) == 0 &&
                ipm_worker_start(&responder, cores_respond, cores, NULL) == 0;
    if (fine) {
        ipm_worker_go(&responder);
        ipm_worker_go(&requester);
        const int asked = ipm_worker_join(&requester);
        fine = ipm_worker_join(&responder) == 0 && asked == 0;
    }
    ipm_worker_done(&requester);
    ipm_worker_done(&responder);
    return fine;
}

static int cores_live(void *context) {
    return cores_run(context) ? 0 : 1;
}

/* The watchdog ends a child that is stopped (SIGSTOP). */
static double cores_measure(struct cores *cores) {
    pid_t child = 0;
    ipm_stop_arm(CORES_TIMEOUT_NS);
    const bool fine = ipm_spawn(cores_live, cores, NULL, &child, NULL) == 0 &&
                      ipm_spawn_reap(child) == 0;
    ipm_stop_disarm();
    return fine ? ipm_stats_of(cores->trip_ns, CORES_BATCHES).median : NAN;
}

double ipm_reference_core_to_core(void) {
    int cpus[IPM_CPUS_MOST];
    if (ipm_usage_allowed_cpus(cpus) < CORES)
        return NAN;
    struct cores *cores = mmap(NULL, sizeof *cores, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (cores == MAP_FAILED)
        return NAN;
    *cores = (struct cores){.cpus = {cpus[0], cpus[1]}};
    const double trip_ns = cores_measure(cores);
    (void)munmap(cores, sizeof *cores);
    return trip_ns;
}

/* --- context switch ----------------------------------------------------------------------- */

/* Two processes on one CPU send each other a byte through two pipes. What it costs one process to
 * put a byte into a pipe and to take it out is measured in the same batch and subtracted, as
 * lat_ctx(8) of lmbench does: the wake-up and the switch are left. */
enum {
    SWITCH_THERE,
    SWITCH_BACK,
    SWITCH_PIPES,
};

enum {
    SWITCH_TRIPS = 50,   /* each is a switch there and a switch back */
    SWITCH_BATCHES = 15, /* their median ignores an interruption */
    SWITCH_RUNS = 2,     /* of a batch: the first one fills the caches */
};

static const uint64_t SWITCH_TIMEOUT_NS = 2000000000;

struct switching {
    int pipes[SWITCH_PIPES][2]; /* the end to read, the end to write */
    int cpu;
    double switch_ns[SWITCH_BATCHES];
};

/* By syscall(2): a libc that was preloaded does not change the reference. */
static bool switch_send(const struct switching *switching, int pipe) {
    return syscall(SYS_write, switching->pipes[pipe][1], "", 1) == 1;
}

static bool switch_receive(const struct switching *switching, int pipe) {
    char byte;
    return syscall(SYS_read, switching->pipes[pipe][0], &byte, 1) == 1;
}

static int switch_respond(void *context) {
    const struct switching *switching = context;
    bool fine = ipm_usage_pin(switching->cpu, NULL) == 0;
    for (int trip = 0; fine && trip < SWITCH_BATCHES * SWITCH_RUNS * SWITCH_TRIPS; trip++)
        fine = switch_receive(switching, SWITCH_THERE) &&
               switch_send(switching, SWITCH_BACK);
    return fine ? 0 : 1;
}

/* Returns the nanoseconds in which a byte goes into one pipe and comes out of another, or of the
 * same; NaN: a call failed. */
static double switch_trip_ns(const struct switching *switching, int in, int out) {
    bool fine = true;
    const uint64_t begin_ns = ipm_clock_now_ns();
    for (int trip = 0; fine && trip < SWITCH_TRIPS; trip++)
        fine = switch_send(switching, in) && switch_receive(switching, out);
    return fine ? (double)(ipm_clock_now_ns() - begin_ns) / SWITCH_TRIPS : NAN;
}

static int switch_request(void *context) {
    struct switching *switching = context;
    double trip_ns = ipm_usage_pin(switching->cpu, NULL) == 0 ? 0 : NAN;
    for (int i = 0; !isnan(trip_ns) && i < SWITCH_BATCHES; i++) {
        for (int run = 0; run < SWITCH_RUNS; run++)
            trip_ns = switch_trip_ns(switching, SWITCH_THERE, SWITCH_BACK);
        switching->switch_ns[i] =
            trip_ns / 2 - switch_trip_ns(switching, SWITCH_BACK, SWITCH_BACK);
    }
    return isnan(trip_ns) ? 1 : 0;
}

static bool switch_run(struct switching *switching) {
    pid_t children[2] = {0, 0};
    bool fine = ipm_spawn(switch_respond, switching, NULL, &children[0], NULL) == 0;
    fine = fine && ipm_spawn(switch_request, switching, NULL, &children[1], NULL) == 0;
    for (int i = 0; i < 2; i++)
        fine = children[i] > 0 && ipm_spawn_reap(children[i]) == 0 && fine;
    return fine;
}

/* The watchdog ends a process that waits for one that is gone. Neighbours may take more in one of the
 * two measurements than there is left: such a difference is no time. */
static double switch_measure(struct switching *switching) {
    ipm_stop_arm(SWITCH_TIMEOUT_NS);
    const bool fine = switch_run(switching);
    ipm_stop_disarm();
    const double switch_ns = ipm_stats_of(switching->switch_ns, SWITCH_BATCHES).median;
    return fine && switch_ns > 0 ? switch_ns : NAN;
}

static bool switch_open(struct switching *switching) {
    return pipe2(switching->pipes[SWITCH_THERE], O_CLOEXEC) == 0 &&
           pipe2(switching->pipes[SWITCH_BACK], O_CLOEXEC) == 0;
}

static void switch_close(const struct switching *switching) {
    for (int i = 0; i < SWITCH_PIPES; i++)
        for (int end = 0; end < 2; end++)
            if (switching->pipes[i][end] >= 0)
                (void)close(switching->pipes[i][end]);
}

double ipm_reference_context_switch(void) {
    int cpus[IPM_CPUS_MOST];
    double switch_ns = NAN;
    (void)ipm_usage_allowed_cpus(cpus);
    struct switching *switching = mmap(NULL, sizeof *switching, PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (switching == MAP_FAILED)
        return NAN;
    *switching = (struct switching){.pipes = {{-1, -1}, {-1, -1}}, .cpu = cpus[0]};
    if (switch_open(switching))
        switch_ns = switch_measure(switching);
    switch_close(switching);
    (void)munmap(switching, sizeof *switching);
    return switch_ns;
}
