/* reference_switch.c - the reference measurement of a context switch: two processes on one CPU
 * wake each other by futex(2) and sleep. */
#include "run/schedule/reference.h"

#include "base/clock.h"
#include "base/usage.h"
#include "model/report/stats.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"

#include <errno.h>
#include <linux/futex.h>
#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    SWITCH_TRIPS = 50,   /* each is a switch there and a switch back */
    SWITCH_BATCHES = 15, /* the fastest counts: other processes only add to it */
    SWITCH_SECONDS = 1,  /* that a process waits for the other one */
};

struct switching {
    atomic_uint turn; /* even: of the process that measures */
    int cpu;
    double switch_ns[SWITCH_BATCHES];
};

static long switch_futex(atomic_uint *word, int operation, unsigned value) {
    const struct timespec limit = {.tv_sec = SWITCH_SECONDS};
    return syscall(SYS_futex, word, operation, value, &limit, NULL, 0);
}

static bool switch_await(struct switching *switching, unsigned turn) {
    unsigned now = atomic_load(&switching->turn);
    while (now != turn) {
        if (switch_futex(&switching->turn, FUTEX_WAIT, now) != 0 && errno == ETIMEDOUT)
            return false;
        now = atomic_load(&switching->turn);
    }
    return true;
}

static void switch_pass(struct switching *switching) {
    (void)atomic_fetch_add(&switching->turn, 1);
    (void)switch_futex(&switching->turn, FUTEX_WAKE, 1);
}

static int switch_respond(void *context) {
    struct switching *switching = context;
    bool fine = ipm_usage_pin(switching->cpu, NULL) == 0;
    for (unsigned trip = 0; fine && trip <= SWITCH_TRIPS * SWITCH_BATCHES; trip++) {
        fine = switch_await(switching, 2 * trip + 1);
        switch_pass(switching);
    }
    return fine ? 0 : 1;
}

/* The first trip waits until the other process is there. */
static int switch_request(void *context) {
    struct switching *switching = context;
    unsigned turn = 2;
    bool fine = ipm_usage_pin(switching->cpu, NULL) == 0;
    switch_pass(switching);
    fine = fine && switch_await(switching, turn);
    for (unsigned i = 0; fine && i < SWITCH_BATCHES; i++) {
        const uint64_t begin_ns = ipm_clock_now_ns();
        for (unsigned trip = 0; fine && trip < SWITCH_TRIPS; trip++) {
            switch_pass(switching);
            fine = switch_await(switching, turn += 2);
        }
        switching->switch_ns[i] =
            (double)(ipm_clock_now_ns() - begin_ns) / (2 * SWITCH_TRIPS);
    }
    return fine ? 0 : 1;
}

static bool switch_run(struct switching *switching) {
    pid_t children[2] = {0, 0};
    bool fine = ipm_spawn(switch_respond, switching, NULL, &children[0], NULL) == 0;
    fine = fine && ipm_spawn(switch_request, switching, NULL, &children[1], NULL) == 0;
    for (int i = 0; i < 2; i++)
        fine = children[i] > 0 && ipm_spawn_reap(children[i]) == 0 && fine;
    return fine;
}

double ipm_reference_context_switch(void) {
    int cpus[IPM_CPUS_MOST];
    (void)ipm_usage_allowed_cpus(cpus);
    struct switching *switching = mmap(NULL, sizeof *switching, PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (switching == MAP_FAILED)
        return NAN;
    *switching = (struct switching){.cpu = cpus[0]};
    ipm_stop_arm((SWITCH_SECONDS + 1) * (uint64_t)1000000000);
    const bool fine = switch_run(switching);
    ipm_stop_disarm();
    const double switch_ns =
        fine ? ipm_stats_of(switching->switch_ns, SWITCH_BATCHES).min : NAN;
    (void)munmap(switching, sizeof *switching);
    return switch_ns;
}
