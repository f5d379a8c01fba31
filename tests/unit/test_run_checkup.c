/* test_run_checkup.c - what `doctor` finds in a folder that stands for /, and its rules. */
#include "base/facts.h"
#include "base/usage.h"
#include "model/report/checkup.h"
#include "run/host/activity.h"
#include "run/host/checkup.h"
#include "run/host/host.h"
#include "run/io/io.h"
#include "tests/support/tempdir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

static char checkup_root[IPM_TEMPDIR_BYTES];
static struct ipm_report checkup_report;
static struct ipm_checkup checkup;

static void checkup_begin(void) {
    ipm_tempdir_open(checkup_root);
    ipm_report_init(&checkup_report);
}

static void checkup_end(void) {
    ipm_tempdir_close(checkup_root);
}

TestSuite(run_checkup, .init = checkup_begin, .fini = checkup_end);

static void checkup_put(const char *path, const char *text) {
    ipm_tempdir_put(checkup_root, path, text);
}

static void do_not_wait(uint64_t ns) {
    (void)ns;
}

static void look(void) {
    ipm_host_read(checkup_root, &checkup_report.host);
    ipm_activity_read(checkup_root, 1000000, do_not_wait, &checkup_report.host);
    checkup_report.host.cpus_allowed = checkup_report.host.cpus_online =
        4; /* of the machine itself */
    ipm_checkup_read(checkup_root, &checkup_report, &checkup);
}

static const struct ipm_finding *checkup_find(const char *key) {
    for (size_t i = 0; i < checkup.count; i++)
        if (strcmp(checkup.findings[i].key, key) == 0)
            return &checkup.findings[i];
    cr_assert_fail("no finding '%s'", key);
    return NULL;
}

static void expect_text(const char *key, const char *text) {
    const struct ipm_finding *finding = checkup_find(key);
    cr_expect_eq(finding->value.kind, IPM_VALUE_TEXT, "%s: %s", key, finding->reason);
    cr_expect_str_eq(finding->value.text, text, "%s: %s", key, finding->value.text);
}

static void expect_whole(const char *key, int64_t whole) {
    const struct ipm_finding *finding = checkup_find(key);
    cr_expect_eq(finding->value.kind, IPM_VALUE_WHOLE, "%s: %s", key, finding->reason);
    cr_expect_eq(finding->value.whole, whole, "%s", key);
}

static void expect_unknown(const char *key, const char *reason) {
    const struct ipm_finding *finding = checkup_find(key);
    cr_expect_eq(finding->value.kind, IPM_VALUE_UNKNOWN, "%s", key);
    cr_expect_str_eq(finding->reason, reason, "%s: %s", key, finding->reason);
}

Test(run_checkup, every_finding_has_a_value_or_a_reason_and_a_meaning) {
    look();
    cr_assert_lt(30, checkup.count);
    for (size_t i = 0; i < checkup.count; i++) {
        const struct ipm_finding *finding = &checkup.findings[i];
        cr_expect_eq(finding->value.kind == IPM_VALUE_UNKNOWN, finding->reason[0] != '\0',
                     "%s: %s", finding->key, finding->reason);
        cr_expect(finding->meaning && finding->meaning[0], "%s", finding->key);
        cr_expect(ipm_facts_is_key(finding->key), "%s", finding->key);
        for (size_t k = 0; k < i; k++)
            cr_expect_str_neq(finding->key, checkup.findings[k].key);
    }
}

Test(run_checkup, an_empty_machine_is_unknown_and_breaks_no_rule) {
    look();
    expect_unknown("rmem_max_bytes", "cannot read '/proc/sys/net/core/rmem_max': No such "
                                     "file or directory");
    expect_unknown("governor", "no frequency scaling is visible");
    expect_unknown("steal_ratio", "the kernel or a sandbox hides it");
    expect_unknown("caches", "the kernel or a sandbox hides it");
    expect_text("sctp_module", "not loaded");
    expect_text("kvm", "absent");
    expect_unknown("cpu_quota_cpus", "no control group of CPUs is visible");
    cr_expect_eq(checkup_find("governor")->fitness, IPM_FITNESS_UNKNOWN);
    for (size_t i = 0; i < checkup.rule_count; i++)
        cr_expect_eq(checkup.rules[i].fitness,
                     strcmp(checkup.rules[i].code, "few_cpus") == 0 ? IPM_FITNESS_FIT
                                                                    : IPM_FITNESS_UNKNOWN,
                     "%s", checkup.rules[i].code);
    cr_expect_eq(checkup_find("rmem_max_bytes")->fitness, IPM_FITNESS_INFO);
    cr_expect_eq(checkup.verdict, IPM_FITNESS_FIT);
}

static void put_files(void) {
    checkup_put("/proc/sys/net/core/rmem_max", "212992\n");
    checkup_put("/proc/sys/fs/pipe-user-pages-soft", "16384\n");
    checkup_put("/proc/sys/kernel/io_uring_disabled", "2\n");
    checkup_put("/proc/sys/net/ipv6/conf/lo/disable_ipv6", "0\n");
    checkup_put("/proc/self/status", "Name:\tx\nSeccomp:\t2\nSeccomp_filters:\t1\n");
    checkup_put("/proc/sys/net/ipv4/tcp_available_congestion_control", "reno cubic\n");
    checkup_put("/sys/module/sctp/parameters/none", "");
    checkup_put("/sys/devices/system/node/online", "0-1\n");
    checkup_put("/sys/devices/system/cpu/vulnerabilities/meltdown", "Mitigation: PTI\n");
    checkup_put("/sys/devices/system/cpu/vulnerabilities/mds", "Not affected\n");
    checkup_put("/dev/kvm", "");
    checkup_put("/dev/shm/none", "");
}

static void put_cache(int index, const char *level, const char *type, const char *size,
                      const char *cpus) {
    const char *const files[][2] = {
        {"level", level}, {"type", type}, {"size", size}, {"shared_cpu_list", cpus}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[IPM_TEMPDIR_BYTES];
        (void)snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/%s",
                       index, files[i][0]);
        checkup_put(path, files[i][1]);
    }
}

Test(run_checkup, files_are_told_as_numbers_texts_and_words) {
    put_files();
    put_cache(0, "1", "Data", "48K", "0-1");
    put_cache(1, "1", "Instruction", "32K", "0-1");
    put_cache(2, "2", "Unified", "2048K", "0-3");
    look();
    expect_whole("rmem_max_bytes", 212992);
    expect_whole("pipe_user_pages_soft", 16384);
    expect_text("io_uring", "refused");
    expect_text("ipv6", "on");
    expect_text("seccomp", "filter");
    expect_text("congestion_available", "reno cubic");
    expect_text("sctp_module", "loaded");
    expect_text("numa_nodes", "nodes 0-1");
    expect_text("caches", "L1 48K (CPU 0-1), L2 2048K (CPU 0-3)");
    expect_whole("mitigations", 1);
    expect_text("kvm", "usable");
    cr_expect_eq(checkup_find("shm_free_bytes")->value.kind, IPM_VALUE_WHOLE);
}

Test(run_checkup, modules_are_also_found_in_the_kernel) {
    struct utsname names;
    char path[IPM_TEMPDIR_BYTES];
    cr_assert_eq(uname(&names), 0);
    (void)snprintf(path, sizeof path, "/lib/modules/%.64s/modules.builtin",
                   names.release);
    checkup_put(path,
                "kernel/net/vmw_vsock/vsock_loopback.ko\nkernel/net/x/my_sctp.ko\n");
    look();
    expect_text("vsock_loopback_module", "built in");
    expect_text("sctp_module", "not loaded");
}

/* This kernel may refuse it: what matters is that no file decides it. */
Test(run_checkup, an_io_uring_that_no_file_forbids_is_tried) {
    struct ipm_err err = {0};
    const char *words = ipm_io_find("uring")->probe(&err) == 0 ? "allowed" : err.text;
    look();
    expect_text("io_uring", words);
    checkup_put("/proc/sys/kernel/io_uring_disabled", "0\n");
    checkup.count = checkup.rule_count = 0;
    look();
    expect_text("io_uring", words);
}

Test(run_checkup, a_word_that_no_number_stands_for_is_told_as_it_is) {
    checkup_put("/proc/sys/kernel/io_uring_disabled", "7\n");
    checkup_put("/proc/self/status", "Name:\tx\n");
    look();
    expect_text("io_uring", "7");
    expect_unknown("seccomp", "the kernel tells nothing");
}

/* --- rules ------------------------------------------------------------------------------ */

static void expect_unfit(const char *code, const char *key, const char *message) {
    look();
    cr_expect_eq(checkup.verdict, IPM_FITNESS_UNFIT, "%s", code);
    cr_expect_eq(checkup_find(key)->fitness, IPM_FITNESS_UNFIT, "%s", key);
    cr_expect_str_eq(checkup_find(key)->message, message);
    for (size_t i = 0; i < checkup.rule_count; i++)
        cr_expect_eq(checkup.rules[i].fitness == IPM_FITNESS_UNFIT,
                     strcmp(checkup.rules[i].code, code) == 0, "%s",
                     checkup.rules[i].code);
}

Test(run_checkup, a_governor_that_saves_power_is_unfit) {
    int cpus[IPM_CPUS_MOST];
    char path[IPM_TEMPDIR_BYTES];
    (void)ipm_usage_allowed_cpus(cpus);
    (void)snprintf(path, sizeof path,
                   "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", cpus[0]);
    checkup_put(path, "powersave\n");
    expect_unfit("governor", "governor",
                 "the CPU frequency governor is 'powersave', not 'performance'");
}

Test(run_checkup, a_clock_that_is_read_by_a_system_call_is_unfit) {
    checkup_put("/sys/devices/system/clocksource/clocksource0/current_clocksource",
                "hpet\n");
    expect_unfit("clocksource", "clocksource",
                 "the clock source is 'hpet', read by a system call");
}

Test(run_checkup, other_runnable_tasks_make_it_unfit_not_an_old_load) {
    checkup_put("/proc/loadavg", "9.00 9.00 9.00 3/200 1234\n");
    look();
    cr_expect_eq(checkup.verdict, IPM_FITNESS_FIT);
    cr_expect_eq(checkup_report.host.load_1m, 9);
    checkup_put("/proc/loadavg", "0.00 0.00 0.00 4/200 1234\n");
    checkup.count = checkup.rule_count = 0;
    expect_unfit("load", "runnable_tasks", "3.0 other tasks ran on 4 CPUs beforehand");
}

Test(run_checkup, no_quota_is_known_where_the_control_group_is_visible) {
    checkup_put("/proc/self/cgroup", "0::/job\n");
    checkup_put("/proc/self/mountinfo",
                "29 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    checkup_put("/sys/fs/cgroup/job/cpu.max", "max 100000\n");
    look();
    expect_text("cpu_quota_cpus", "none");
    cr_expect_eq(checkup.rules[0].fitness, IPM_FITNESS_FIT);
    cr_expect_str_eq(checkup.rules[0].code, "quota");
}

Test(run_checkup, a_quota_is_unfit) {
    checkup_put("/proc/self/cgroup", "0::/job\n");
    checkup_put("/proc/self/mountinfo",
                "29 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    checkup_put("/sys/fs/cgroup/job/cpu.max", "50000 100000\n");
    expect_unfit("quota", "cpu_quota_cpus",
                 "a quota grants 0.5 CPUs, 50 ms in each 100 ms");
}

/* --- what goes on while it looks --------------------------------------------------------- */

/* 100 ticks pass, of which the host takes 10; a task waits for 0.4 ms in each 0.25 ms of four. */
static void pass(uint64_t ns) {
    cr_expect_eq(ns, 250000);
    checkup_put("/proc/stat",
                "cpu  10 0 10 160 0 0 0 20 0 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n");
    checkup_put("/proc/pressure/cpu",
                "some avg10=0.00 avg60=0.00 avg300=0.00 total=1400\n"
                "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
}

Test(run_checkup, steal_and_pressure_are_those_of_the_time_that_was_looked_at) {
    checkup_put("/proc/stat", "cpu  10 0 10 70 0 0 0 10 0 0\n");
    checkup_put("/proc/pressure/cpu",
                "some avg10=9.00 avg60=9.00 avg300=9.00 total=1000\n");
    ipm_activity_read(checkup_root, 1000000, pass, &checkup_report.host);
    cr_expect_eq(checkup_report.host.steal_ratio, 0.1);
    cr_expect_eq(checkup_report.host.cpu_pressure_ratio, 0.4);
}

Test(run_checkup, steal_is_told_by_cpu) {
    struct ipm_cpu_steal steal;
    checkup_put("/proc/stat", "cpu  10 0 10 160 0 0 0 30 0 0\ncpu0 1 1 1 1 1 1 1 10 1 1\n"
                              "cpu2 1 1 1 1 1 1 1 20 1 1\nintr 1 2\n");
    ipm_activity_steal(checkup_root, &steal);
    cr_expect_eq(steal.ns[0], 100000000);
    cr_expect_eq(steal.ns[1], -1);
    cr_expect_eq(steal.ns[2], 200000000);
}

Test(run_checkup, stolen_time_and_waiting_tasks_are_unfit) {
    checkup_report.host.steal_ratio = 0.06;
    ipm_checkup_judge(&checkup, &checkup_report);
    cr_expect_eq(checkup.verdict, IPM_FITNESS_UNFIT);
    checkup_report.host.steal_ratio = 0.05;
    checkup.rule_count = 0;
    ipm_checkup_judge(&checkup, &checkup_report);
    cr_expect_eq(checkup.verdict, IPM_FITNESS_FIT);
    checkup_report.host.cpu_pressure_ratio = 0.26;
    checkup.rule_count = 0;
    ipm_checkup_judge(&checkup, &checkup_report);
    cr_expect_eq(checkup.verdict, IPM_FITNESS_UNFIT);
}
