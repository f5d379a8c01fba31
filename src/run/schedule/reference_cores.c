/* reference_cores.c - the reference measurement of two CPUs: a word travels from one to
 * the other and back.
 *
 * Two threads are used, so that the caller's affinity does not change. They are
 * threads of another process, because libc takes longer for every call that may block
 * once its process has had a thread, and this state is inherited by all children
 * (SINGLE_THREAD_P in glibc's sysdep-cancel.h). */
#include "run/schedule/reference.h"

#include "base/clock.h"
#include "base/pause.h"
#include "base/usage.h"
#include "model/report/stats.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"
#include "run/process/worker.h"

#include <math.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>

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
