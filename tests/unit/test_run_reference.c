/* test_run_reference.c - the references of the real machine: known where they can be, and
 * without a trace. */
#include "run/schedule/reference.h"

#include "run/process/stop.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

TestSuite(run_reference, .init = ipm_stop_install);

static int allowed(cpu_set_t *ret_cpus) {
    cr_assert_eq(sched_getaffinity(0, sizeof *ret_cpus, ret_cpus), 0);
    return CPU_COUNT(ret_cpus);
}

/* Busy CPUs make it unknown: any of many tries is enough. */
Test(run_reference, two_cpus_are_some_way_apart) {
    cpu_set_t before;
    cpu_set_t after;
    double trip_ns = NAN;
    const int cpus = allowed(&before);
    for (int i = 0; i < 1000 && !isfinite(trip_ns) && cpus > 1; i++)
        trip_ns = ipm_reference_core_to_core();
    cr_expect_eq(isfinite(trip_ns), cpus > 1, "%g ns, %d CPUs", trip_ns, cpus);
    cr_expect(cpus == 1 || trip_ns > 1);
    (void)allowed(&after);
    cr_expect(CPU_EQUAL(&before, &after));
}

Test(run_reference, one_cpu_is_not_apart_from_itself) {
    cpu_set_t cpus;
    (void)allowed(&cpus);
    for (int cpu = 0, kept = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET((size_t)cpu, &cpus) && kept++ > 0)
            CPU_CLR((size_t)cpu, &cpus);
    cr_assert_eq(sched_setaffinity(0, sizeof cpus, &cpus), 0);
    cr_expect(isnan(ipm_reference_core_to_core()));
}

Test(run_reference, the_others_are_known) {
    cr_expect(ipm_reference_memcpy(4096) > 0);
    cr_expect(ipm_reference_syscall() > 0);
    cr_expect(ipm_reference_context_switch() > 0);
}

static int next_descriptor(void) {
    const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    (void)close(fd);
    return fd;
}

Test(run_reference, a_context_switch_leaves_no_descriptor) {
    const int next = next_descriptor();
    const struct rlimit one_pipe = {(rlim_t)next + 3, (rlim_t)next + 3};
    cr_expect(ipm_reference_context_switch() > 0);
    cr_expect_eq(next_descriptor(), next);
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &one_pipe), 0);
    cr_expect(isnan(ipm_reference_context_switch()));
    cr_expect_eq(next_descriptor(), next);
}
