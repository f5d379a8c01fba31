/* test_run_cgroup.c - control groups of both versions, in a folder that stands for /. */
#include "model/plan/plan.h"
#include "model/report/report.h"
#include "run/host/cgroup.h"
#include "run/host/memory.h"
#include "tests/support/tempdir.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char cgroup_root[IPM_TEMPDIR_BYTES];
static struct ipm_report cgroup_report;
static struct ipm_host *const host = &cgroup_report.host;

static void cgroup_begin(void) {
    ipm_tempdir_open(cgroup_root);
    ipm_report_init(&cgroup_report);
}

static void cgroup_end(void) {
    ipm_tempdir_close(cgroup_root);
}

TestSuite(run_cgroup, .init = cgroup_begin, .fini = cgroup_end);

static void cgroup_put(const char *path, const char *text) {
    ipm_tempdir_put(cgroup_root, path, text);
}

static void put_unified(void) {
    cgroup_put("/proc/self/cgroup", "0::/user.slice/job\n");
    cgroup_put("/proc/self/mountinfo", "22 1 0:20 / /proc rw - proc proc rw\n"
                                       "29 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - "
                                       "cgroup2 cgroup2 rw,nsdelegate\n");
}

Test(run_cgroup, of_version_2_gives_the_least_quota_on_the_way_up) {
    put_unified();
    cgroup_put("/sys/fs/cgroup/user.slice/job/cpu.max", "150000 100000\n");
    cgroup_put("/sys/fs/cgroup/user.slice/job/cpu.weight", "79\n");
    cgroup_put("/sys/fs/cgroup/user.slice/job/cpu.stat",
               "usage_usec 9\nnr_throttled 1\n");
    cgroup_put("/sys/fs/cgroup/user.slice/cpu.max", "10000 50000\n");
    cgroup_put("/sys/fs/cgroup/user.slice/cpu.stat",
               "nr_periods 9\nnr_throttled 7\nthrottled_usec 1234\n");
    cgroup_put("/sys/fs/cgroup/cpuset.cpus.effective", "0-1\n");
    ipm_cgroup_read(cgroup_root, host);
    cr_expect_eq(host->cpu_quota_cpus, 0.2);
    cr_expect_eq(host->cpu_quota_period_ns, 50000000);
    cr_expect_eq(host->cpu_weight, 79);
    cr_expect_eq(host->cpu_shares, -1);
    cr_expect_str_eq(host->cpuset, "0-1");
    const struct ipm_throttle throttle = ipm_cgroup_throttle(cgroup_root);
    cr_expect_eq(throttle.periods, 7);
    cr_expect_eq(throttle.ns, 1234000);
}

Test(run_cgroup, without_a_quota_is_unlimited) {
    put_unified();
    cgroup_put("/sys/fs/cgroup/user.slice/job/cpu.max", "max 100000\n");
    cgroup_put("/sys/fs/cgroup/user.slice/job/cpu.stat",
               "nr_throttled 0\nthrottled_usec 0\n");
    ipm_cgroup_read(cgroup_root, host);
    cr_expect(isnan(host->cpu_quota_cpus));
    cr_expect_eq(host->cpu_quota_period_ns, 0);
    cr_expect_eq(ipm_cgroup_throttle(cgroup_root).periods, 0);
}

Test(run_cgroup, of_version_1_is_found_below_the_root_of_its_mount) {
    cgroup_put("/proc/self/cgroup", "7:memory:/docker/a\n4:cpu,cpuacct:/docker/a/b\n"
                                    "3:cpuset:/docker/a\n0::/\n");
    cgroup_put("/proc/self/mountinfo",
               "33 31 0:28 /docker/a /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup "
               "rw,cpu,cpuacct\n"
               "34 31 0:29 /docker/a /sys/fs/cgroup/cpuset ro - cgroup cgroup rw,cpuset\n"
               "35 31 0:30 / /sys/fs/cgroup/unified ro - cgroup2 cgroup2 rw\n");
    cgroup_put("/sys/fs/cgroup/cpu,cpuacct/b/cpu.cfs_quota_us", "-1\n");
    cgroup_put("/sys/fs/cgroup/cpu,cpuacct/b/cpu.cfs_period_us", "100000\n");
    cgroup_put("/sys/fs/cgroup/cpu,cpuacct/b/cpu.shares", "512\n");
    cgroup_put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "300000\n");
    cgroup_put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "200000\n");
    cgroup_put("/sys/fs/cgroup/cpu,cpuacct/cpu.stat",
               "nr_periods 5\nnr_throttled 3\nthrottled_time 77\n");
    cgroup_put("/sys/fs/cgroup/cpuset/cpuset.effective_cpus", "2,4\n");
    ipm_cgroup_read(cgroup_root, host);
    cr_expect_eq(host->cpu_quota_cpus, 1.5);
    cr_expect_eq(host->cpu_shares, 512);
    cr_expect_eq(host->cpu_weight, -1);
    cr_expect_str_eq(host->cpuset, "2,4");
    cr_expect_eq(ipm_cgroup_throttle(cgroup_root).ns, 77);
}

Test(run_cgroup, that_is_not_there_stays_unknown) {
    ipm_cgroup_read(cgroup_root, host);
    cr_expect(isnan(host->cpu_quota_cpus));
    cr_expect_eq(host->cpu_quota_period_ns, -1);
    cr_expect_eq(host->cpu_weight, -1);
    cr_expect_str_empty(host->cpuset);
    cr_expect_str_empty(host->autogroup);
    cr_expect_eq(ipm_cgroup_throttle(cgroup_root).periods, -1);
    cgroup_put("/proc/self/cgroup", "nonsense\n:\n::\n4:cpu\n0::/x");
    cgroup_put("/proc/self/mountinfo", "29 - cgroup2\n1 2 3 4 5 - cgroup2 c rw\n");
    ipm_cgroup_read(cgroup_root, host);
    cr_expect(isnan(host->cpu_quota_cpus));
}

static struct ipm_memory_room room_of(void) {
    struct ipm_memory_room room;
    ipm_memory_read(cgroup_root, &room);
    return room;
}

Test(run_cgroup, of_version_2_leaves_the_least_memory_on_the_way_up) {
    put_unified();
    cgroup_put("/proc/meminfo",
               "MemTotal: 9000 kB\nMemAvailable: 8000 kB\nSwapFree: 192 kB\n");
    cr_expect_str_eq(room_of().limit, "the memory of this machine");
    cr_expect_eq(room_of().bytes, 8192 * 1024);
    cgroup_put("/sys/fs/cgroup/user.slice/job/memory.max", "max\n");
    cgroup_put("/sys/fs/cgroup/user.slice/job/memory.high", "7000000\n");
    cgroup_put("/sys/fs/cgroup/user.slice/memory.max", "3000000\n");
    cgroup_put("/sys/fs/cgroup/user.slice/memory.current", "1500000\n");
    cgroup_put("/sys/fs/cgroup/user.slice/memory.stat",
               "anon 500000\nactive_file 900000\ninactive_file 100000\n");
    cr_expect_str_eq(room_of().limit, "/sys/fs/cgroup/user.slice/memory.max");
    cr_expect_eq(room_of().bytes, 2500000);
    cgroup_put("/sys/fs/cgroup/user.slice/job/memory.high", "2000000\n");
    cr_expect_str_eq(room_of().limit, "/sys/fs/cgroup/user.slice/job/memory.high");
    cr_expect_eq(room_of().bytes, 2000000);
    cgroup_put("/sys/fs/cgroup/user.slice/job/memory.current", "2000001\n");
    cr_expect_eq(room_of().bytes, 0);
}

Test(run_cgroup, of_version_1_limits_memory_unless_its_number_is_that_of_no_limit) {
    cgroup_put("/proc/self/cgroup", "7:memory:/docker/a\n0::/\n");
    cgroup_put("/proc/self/mountinfo",
               "33 31 0:28 / /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
    cgroup_put("/sys/fs/cgroup/memory/docker/a/memory.limit_in_bytes",
               "9223372036854771712\n");
    cgroup_put("/proc/meminfo", "MemAvailable: 80000 kB\n");
    cr_expect_str_eq(room_of().limit, "the memory of this machine");
    cgroup_put("/sys/fs/cgroup/memory/docker/a/memory.limit_in_bytes", "67108864\n");
    cgroup_put("/sys/fs/cgroup/memory/docker/a/memory.usage_in_bytes", "50000000\n");
    cgroup_put(
        "/sys/fs/cgroup/memory/docker/a/memory.stat",
        "active_file 1\ntotal_active_file 40000000\ntotal_inactive_file 8000000\n");
    cr_expect_str_eq(room_of().limit,
                     "/sys/fs/cgroup/memory/docker/a/memory.limit_in_bytes");
    cr_expect_eq(room_of().bytes, 67108864 - 2000000);
}

Test(run_cgroup, without_files_of_memory_limits_nothing) {
    cr_expect_str_empty(room_of().limit);
}

Test(run_cgroup, tells_the_autogroup_of_the_session) {
    cgroup_put("/proc/sys/kernel/sched_autogroup_enabled", "1\n");
    cgroup_put("/proc/self/autogroup", "/autogroup-103914 nice -5\n");
    ipm_cgroup_read(cgroup_root, host);
    cr_expect_str_eq(host->autogroup, "on");
    cr_expect_str_eq(host->autogroup_nice, "-5");
    cr_expect_str_neq(host->nice, "");
}
