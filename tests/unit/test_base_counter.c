/* test_base_counter.c - counters of events, over made up system calls and over the kernel's. */
#include "base/counter.h"
#include "base/facts.h"
#include "base/usage.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FIRST_FD = 100 };

static struct {
    int opened;
    int closed;
    int switched; /* on and off */
    bool on;
    uint64_t values[3]; /* of every counter */
    const char *refused;
    bool without_pmu;
    bool paranoid; /* nobody may count in the kernel */
} kernel;

static int made_up_open(const struct ipm_counter *counter, bool of_kernel) {
    const bool lacks = kernel.without_pmu && counter->type == PERF_TYPE_HARDWARE;
    errno = lacks ? ENOENT : EACCES;
    if (lacks || (kernel.paranoid && of_kernel))
        return -1;
    if (kernel.refused && of_kernel && strcmp(counter->name, kernel.refused) == 0)
        return -1;
    return FIRST_FD + kernel.opened++;
}

static int made_up_read(int fd, uint64_t ret_values[3]) {
    cr_assert(fd >= FIRST_FD && fd < FIRST_FD + kernel.opened, "%d", fd);
    memcpy(ret_values, kernel.values, sizeof kernel.values);
    return 0;
}

static void made_up_close(int fd) {
    (void)fd;
    kernel.closed++;
}

static void made_up_count(bool on) {
    kernel.on = on;
    kernel.switched++;
}

static const struct ipm_counter_calls made_up = {.open = made_up_open,
                                                 .read = made_up_read,
                                                 .close = made_up_close,
                                                 .count = made_up_count};

static void tell_values(uint64_t value, uint64_t enabled, uint64_t running) {
    kernel.values[0] = value;
    kernel.values[1] = enabled;
    kernel.values[2] = running;
}

static unsigned set_of(enum ipm_counter_id id) {
    return 1u << id;
}

Test(base_counter, every_name_is_a_set_of_its_own) {
    unsigned all = 0;
    for (size_t i = 0; i < IPM_COUNTERS; i++) {
        const unsigned set = ipm_counter_set(ipm_counter_rows[i].name);
        cr_expect_neq(set, 0);
        cr_expect_eq(set & all, 0);
        all |= set;
    }
    cr_expect_eq(ipm_counter_set("cyclops"), 0);
    cr_expect_null(ipm_counter_rows[IPM_COUNTERS].name);
}

Test(base_counter, without_counters_no_call_is_made) {
    struct ipm_counters counters;
    struct ipm_usage usage;
    ipm_counters_open(&counters, 0, &made_up);
    ipm_counters_count(&counters, true);
    ipm_counters_read(&counters, &usage);
    ipm_counters_close(&counters);
    cr_expect_eq(kernel.opened + kernel.closed + kernel.switched, 0);
    for (size_t i = 0; i < sizeof usage.counted / sizeof *usage.counted; i++)
        cr_expect_eq(usage.counted[i], -1);
}

Test(base_counter, what_is_wanted_is_counted_in_both_modes_and_closed) {
    struct ipm_counters counters;
    struct ipm_usage usage;
    char text[128];
    ipm_counters_open(&counters, set_of(IPM_COUNTER_faults), &made_up);
    ipm_counters_count(&counters, true);
    cr_expect(kernel.on);
    ipm_counters_count(&counters, false);
    cr_expect_not(kernel.on);
    tell_values(7, 50, 50);
    ipm_counters_read(&counters, &usage);
    ipm_counters_tell(&counters, text, sizeof text);
    ipm_counters_close(&counters);
    cr_expect_eq(usage.counted[2 * IPM_COUNTER_faults], 7);
    cr_expect_eq(usage.counted[2 * IPM_COUNTER_faults + 1], 7);
    cr_expect_eq(usage.counted[2 * IPM_COUNTER_cycles], -1);
    cr_expect_str_eq(text, "");
    cr_expect_eq(kernel.opened, 2);
    cr_expect_eq(kernel.closed, 2);
}

Test(base_counter, a_counter_that_shared_its_place_is_scaled) {
    struct ipm_counters counters;
    struct ipm_usage usage;
    ipm_counters_open(&counters, set_of(IPM_COUNTER_cycles), &made_up);
    tell_values(1000, 400, 100);
    ipm_counters_read(&counters, &usage);
    cr_expect_eq(usage.counted[2 * IPM_COUNTER_cycles], 4000);
    tell_values(0, 400, 0);
    ipm_counters_read(&counters, &usage);
    cr_expect_eq(usage.counted[2 * IPM_COUNTER_cycles], -1);
    tell_values(0, 0, 0); /* not started yet */
    ipm_counters_read(&counters, &usage);
    cr_expect_eq(usage.counted[2 * IPM_COUNTER_cycles], 0);
    ipm_counters_close(&counters);
}

Test(base_counter, what_never_ran_is_told_beside_what_was_refused) {
    struct ipm_counters counters;
    struct ipm_usage usage;
    char text[128];
    kernel.refused = "instructions";
    ipm_counters_open(&counters,
                      set_of(IPM_COUNTER_cycles) | set_of(IPM_COUNTER_instructions),
                      &made_up);
    tell_values(0, 400, 0);
    ipm_counters_read(&counters, &usage);
    ipm_counters_tell(&counters, text, sizeof text);
    ipm_counters_close(&counters);
    cr_expect_str_eq(text, "cycles, instructions: used by others");
}

Test(base_counter, what_is_refused_is_unknown_and_told) {
    struct ipm_counters counters;
    struct ipm_usage usage;
    char text[128];
    kernel.refused = "instructions";
    ipm_counters_open(&counters, set_of(IPM_COUNTER_instructions), &made_up);
    tell_values(5, 1, 1);
    ipm_counters_read(&counters, &usage);
    ipm_counters_tell(&counters, text, sizeof text);
    ipm_counters_close(&counters);
    cr_expect_eq(usage.counted[2 * IPM_COUNTER_instructions], 5);
    cr_expect_eq(usage.counted[2 * IPM_COUNTER_instructions + 1], -1);
    cr_expect_str_eq(text, "instructions in the kernel: see perf_event_paranoid");
    cr_expect_eq(kernel.closed, 1);
}

Test(base_counter, without_a_pmu_both_modes_are_unknown_and_told) {
    struct ipm_counters counters;
    struct ipm_usage usage;
    char text[128];
    kernel.without_pmu = true;
    ipm_counters_open(&counters, set_of(IPM_COUNTER_cycles), &made_up);
    ipm_counters_count(&counters, true);
    ipm_counters_read(&counters, &usage);
    ipm_counters_tell(&counters, text, sizeof text);
    ipm_counters_close(&counters);
    cr_expect_eq(usage.counted[2 * IPM_COUNTER_cycles], -1);
    cr_expect_eq(usage.counted[2 * IPM_COUNTER_cycles + 1], -1);
    cr_expect_str_eq(text, "cycles: not supported");
    cr_expect_eq(kernel.closed, 0);
}

Test(base_counter, all_that_a_user_lacks_fits_a_fact_with_its_reasons) {
    struct ipm_counters counters;
    char text[IPM_FACT_TEXT_BYTES];
    kernel.paranoid = true;
    ipm_counters_open(&counters, (1u << IPM_COUNTERS) - 1, &made_up);
    ipm_counters_tell(&counters, text, sizeof text);
    ipm_counters_close(&counters);
    cr_expect_str_eq(text,
                     "cycles, instructions, cache-misses, context-switches, migrations, "
                     "faults in the kernel: see perf_event_paranoid");
    kernel.without_pmu = true;
    ipm_counters_open(&counters, (1u << IPM_COUNTERS) - 1, &made_up);
    ipm_counters_tell(&counters, text, sizeof text);
    ipm_counters_close(&counters);
    cr_expect_str_eq(text, "cycles, instructions, cache-misses: not supported; "
                           "context-switches, migrations, faults in the kernel: "
                           "see perf_event_paranoid");
}

Test(base_counter, the_kernel_counts_the_faults_of_new_pages) {
    enum { PAGES = 64 };
    const size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    struct ipm_counters counters;
    struct ipm_usage usage;
    char text[128];
    ipm_counters_open(&counters, set_of(IPM_COUNTER_faults), NULL);
    ipm_counters_tell(&counters, text, sizeof text);
    if (counters.fds[IPM_COUNTER_faults][0] < 0)
        cr_skip_test("no counter of faults: %s", text);
    char *pages = mmap(NULL, PAGES * page_bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(pages, MAP_FAILED);
    cr_assert_eq(madvise(pages, PAGES * page_bytes, MADV_NOHUGEPAGE), 0);
    ipm_counters_count(&counters, true);
    for (size_t i = 0; i < PAGES; i++)
        ((volatile char *)pages)[i * page_bytes] = 1;
    ipm_counters_count(&counters, false);
    for (size_t i = 0; i < PAGES; i++)
        ((volatile char *)pages)[i * page_bytes] = 2;
    ipm_counters_read(&counters, &usage);
    ipm_counters_close(&counters);
    cr_expect_leq(PAGES, usage.counted[2 * IPM_COUNTER_faults]);
    cr_expect_leq(usage.counted[2 * IPM_COUNTER_faults], 2 * PAGES);
}
