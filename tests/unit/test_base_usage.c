/* Usage: work whose cost is known must show up in the readings. */
#include "base/err.h"
#include "base/usage.h"
#include "tests/support/assert.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { PAGES = 300 };
static const size_t large_bytes = 64U << 20;

static struct ipm_usage read_both(void) {
    struct ipm_usage usage = {0};
    ipm_usage_read_proc(&usage);
    ipm_usage_read_times(&usage);
    return usage;
}

static void burn_cpu(clock_t ticks) {
    clock_t end = clock() + ticks;
    while (clock() < end)
        ;
}

/* Touches each page once; no huge pages, or there would be few faults. */
static void touch(size_t bytes) {
    char *memory =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert(ne(ptr, memory, MAP_FAILED));
    (void)madvise(memory, bytes, MADV_NOHUGEPAGE);
    for (size_t at = 0; at < bytes; at += 4096)
        ((volatile char *)memory)[at] = 1;
    (void)munmap(memory, bytes);
}

Test(base_usage, cpu_time_of_work_is_counted) {
    struct ipm_usage before = read_both();
    burn_cpu(CLOCKS_PER_SEC / 20);
    struct ipm_usage after = read_both();
    struct ipm_usage used = ipm_usage_delta(&before, &after);
    int64_t cpu_ns = used.user_ns + used.system_ns;
    cr_assert(lt(i64, 40000000, cpu_ns));
    cr_assert(lt(i64, cpu_ns, 2000000000));
}

Test(base_usage, sleeps_are_voluntary_switches) {
    struct ipm_usage before = read_both();
    for (int i = 0; i < 10; i++)
        (void)usleep(1000);
    struct ipm_usage after = read_both();
    struct ipm_usage used = ipm_usage_delta(&before, &after);
    cr_assert(le(i64, 5, used.voluntary_switches)); /* some may be over at once */
    cr_assert(lt(i64, used.voluntary_switches, 1000));
}

Test(base_usage, new_pages_are_minor_faults) {
    struct ipm_usage before = read_both();
    touch((size_t)PAGES * 4096);
    struct ipm_usage after = read_both();
    struct ipm_usage used = ipm_usage_delta(&before, &after);
    cr_assert(le(i64, PAGES, used.minor_faults));
    cr_assert(eq(i64, used.major_faults, 0));
}

Test(base_usage, the_peak_rises_with_memory_and_falls_only_when_reset) {
    if (access("/proc/self/clear_refs", W_OK) != 0)
        cr_skip_test("this kernel cannot reset the peak");
    int64_t small = read_both().peak_rss_bytes;
    touch(large_bytes);
    int64_t large = read_both().peak_rss_bytes;
    ipm_usage_reset_peak();
    int64_t reset = read_both().peak_rss_bytes;
    cr_assert(lt(i64, 0, small));
    cr_assert(lt(i64, small + (int64_t)large_bytes / 2, large));
    cr_assert(lt(i64, reset, large - (int64_t)large_bytes / 2));
}

Test(base_usage, a_move_to_another_cpu_is_a_migration) {
    int cpus[IPM_CPUS_MOST];
    struct ipm_err err = {0};
    if (ipm_usage_allowed_cpus(cpus) < 2)
        cr_skip_test("there is but one CPU");
    cr_assert(eq(int, ipm_usage_pin(cpus[0], &err), 0));
    struct ipm_usage before = read_both();
    cr_assert(eq(int, ipm_usage_pin(cpus[1], &err), 0));
    struct ipm_usage after = read_both();
    struct ipm_usage used = ipm_usage_delta(&before, &after);
    cr_expect(eq(i64, used.first_cpu, cpus[0]));
    cr_expect(eq(i64, used.last_cpu, cpus[1]));
    if (access("/proc/self/sched", R_OK) == 0)
        cr_expect(le(i64, 1, used.migrations));
    else
        cr_expect(eq(i64, used.migrations, -1));
}

Test(base_usage, a_switch_on_the_same_cpu_is_no_migration) {
    int cpus[IPM_CPUS_MOST];
    (void)ipm_usage_allowed_cpus(cpus);
    cr_assert(eq(int, ipm_usage_pin(cpus[0], NULL), 0));
    struct ipm_usage before = read_both();
    for (int i = 0; i < 50; i++)
        (void)usleep(100);
    struct ipm_usage after = read_both();
    struct ipm_usage used = ipm_usage_delta(&before, &after);
    cr_assert(le(i64, 25, used.voluntary_switches)); /* some may be over at once */
    cr_assert(le(i64, used.migrations, 0));
}

Test(base_usage, a_difference_is_taken_member_by_member) {
    const struct ipm_usage early = {1, 2, 3, 4, 5, 6, 9, 7, {8}, 700, 8, 0, 1};
    const struct ipm_usage late = {101, 202,   303,  404, 505, 606, 909,
                                   707, {808}, 7000, 808, 1,   0};
    const struct ipm_usage wanted = {100, 200,   300,  400, 500, 600, 900,
                                     700, {800}, 7000, 800, 1,   0};
    struct ipm_usage used = ipm_usage_delta(&early, &late);
    cr_assert(eq(int, memcmp(&used, &wanted, sizeof used), 0));
}

Test(base_usage, what_is_unknown_on_either_side_stays_unknown) {
    const struct ipm_usage known = {9, 9, 9, 9, 9, 9, 9, 9, {9}, 9, 9, 9, 9};
    struct ipm_usage unknown;
    memset(&unknown, -1, sizeof unknown);
    struct ipm_usage late = ipm_usage_delta(&known, &unknown);
    struct ipm_usage early = ipm_usage_delta(&unknown, &known);
    cr_expect(eq(int, memcmp(&late, &unknown, offsetof(struct ipm_usage, first_cpu)), 0));
    cr_expect(eq(i64, late.last_cpu, -1));
    cr_expect(eq(i64, early.user_ns, -1));
    cr_expect(eq(i64, early.system_ns, -1));
    cr_expect(eq(i64, early.voluntary_switches, -1));
    cr_expect(eq(i64, early.involuntary_switches, -1));
    cr_expect(eq(i64, early.minor_faults, -1));
    cr_expect(eq(i64, early.major_faults, -1));
    cr_expect(eq(i64, early.run_delay_ns, -1));
    cr_expect(eq(i64, early.counted[0], -1));
    cr_expect(eq(i64, early.migrations, -1));
    cr_expect(eq(i64, early.peak_rss_bytes, 9));
    cr_expect(eq(i64, early.first_cpu, -1));
}

Test(base_usage, the_allowed_cpus_are_those_of_the_kernel) {
    int cpus[IPM_CPUS_MOST];
    cpu_set_t set;
    cr_assert(eq(int, sched_getaffinity(0, sizeof set, &set), 0));
    int count = ipm_usage_allowed_cpus(cpus);
    cr_assert(eq(int, count, CPU_COUNT(&set)));
    for (int i = 0; i < count; i++) {
        cr_expect(ne(int, CPU_ISSET((size_t)cpus[i], &set), 0));
        cr_expect(lt(int, i == 0 ? -1 : cpus[i - 1], cpus[i]), "not ascending");
    }
}

Test(base_usage, pinning_leaves_one_cpu_and_unpinning_gives_all_back) {
    int cpus[IPM_CPUS_MOST];
    int pinned[IPM_CPUS_MOST];
    struct ipm_err err = {0};
    int count = ipm_usage_allowed_cpus(cpus);
    int last = cpus[count - 1];
    cr_assert(eq(int, ipm_usage_pin(last, &err), 0));
    cr_assert(eq(int, ipm_usage_allowed_cpus(pinned), 1));
    cr_assert(eq(int, pinned[0], last));
    cr_assert(eq(int, sched_getcpu(), last));
    ipm_usage_unpin(cpus, count);
    cr_assert(eq(int, ipm_usage_allowed_cpus(pinned), count));
    cr_assert(eq(int, memcmp(pinned, cpus, (size_t)count * sizeof cpus[0]), 0));
}

Test(base_usage, a_cpu_that_is_not_there_is_refused_and_nothing_changes) {
    static const int wrong[] = {-1, 8191, 8192, 1 << 30, -(1 << 30)};
    int cpus[IPM_CPUS_MOST];
    int count = ipm_usage_allowed_cpus(cpus);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct ipm_err err = {0};
        cr_expect(eq(int, ipm_usage_pin(wrong[i], &err), -EINVAL), "CPU %d", wrong[i]);
        cr_expect(ne(ptr, strstr(err.text, "cannot pin to CPU "), NULL));
        cr_expect(ne(ptr, strstr(err.hint, "this process may use CPU "), NULL));
        cr_expect(eq(ptr, strchr(err.hint, '?'), NULL), "more than one line");
    }
    ipm_usage_unpin(cpus, 0);
    cr_assert(eq(int, ipm_usage_allowed_cpus(cpus), count));
}
