/* checkup.c - THE table of what `ipcmark doctor` looks at: a row each. Most rows are one file,
 * or one member of struct ipm_host, which a run reports as well. */
#include "run/host/checkup.h"

#include "run/host/checkup_read.h"

#include <stddef.h>
#include <sys/resource.h>

/* --- the table -------------------------------------------------------------------------- */

#define ROW(key_, meaning_, command_, ...)                                               \
    { .key = (key_), .meaning = (meaning_), .command = (command_), __VA_ARGS__ }
#define CHECKUP_HOST(kind, member)                                                       \
    .read = ipm_checkup_read_host_##kind, .offset = offsetof(struct ipm_host, member)
#define CHECKUP_FILE(kind, file)   .read = ipm_checkup_read_##kind, .path = (file)
#define CHECKUP_SYSCTL(kind, name) CHECKUP_FILE(kind, "/proc/sys/" name)
#define CHECKUP_LIMIT(what)        .read = ipm_checkup_read_limit, .resource = RLIMIT_##what
#define CHECKUP_OTHERS             "systemctl stop UNIT, kill PID; top shows which"
#define CHECKUP_RULE(code)         .rule = IPM_WARN_##code

static const struct ipm_checkup_row checkup_rows[] = {
    ROW("virtualization",
        "the host moves the CPUs of a virtual machine between its own, and each exit to "
        "it takes time",
        NULL, CHECKUP_HOST(text, virtualization)),
    ROW("cpus_online",
        "all programs share them: with fewer, others run on the CPUs of the ends more "
        "often",
        "chcpu --enable 1", CHECKUP_HOST(whole, cpus_online)),
    ROW("cpus_allowed",
        "with one, the two ends take turns: no placement but 'same' can be measured",
        "taskset -c 0,1 ipcmark run", CHECKUP_HOST(whole, cpus_allowed),
        CHECKUP_RULE(FEW_CPUS)),
    ROW("cpuset", "the CPUs of the control group, among which --pin chooses",
        "systemd-run -p AllowedCPUs=0-1, docker run --cpuset-cpus 0-1",
        CHECKUP_HOST(text, cpuset), .word = "no control group has a cpuset"),
    ROW("cpu_quota_cpus", "below 2, trials wait for the next period of the quota",
        "systemd-run -p CPUQuota=200%, docker run --cpus 2",
        .read = ipm_checkup_read_quota, CHECKUP_RULE(QUOTA)),
    ROW("smt",
        "when on, two of the CPUs may be threads of one core, which share its caches and "
        "units",
        "echo off >/sys/devices/system/cpu/smt/control", CHECKUP_HOST(text, smt)),
    ROW("caches",
        "two CPUs that share a cache exchange messages through it; others through memory",
        "ipcmark run --pin llc,cross-llc",
        CHECKUP_FILE(caches, "/sys/devices/system/cpu/cpu0/cache")),
    ROW("numa_nodes",
        "the nodes of memory that are online; memory of another node is slower, and ends "
        "on two nodes pay for it",
        "numactl --cpunodebind 0 --membind 0 ipcmark run",
        CHECKUP_FILE(nodes, "/sys/devices/system/node/online")),
    ROW("governor",
        "any governor but performance lowers the clock of idle CPUs: rates are too low, "
        "and latencies after a pause too high",
        "cpupower frequency-set -g performance", CHECKUP_HOST(text, governor),
        CHECKUP_RULE(GOVERNOR), .word = "no frequency scaling is visible"),
    ROW("turbo",
        "when on, figures depend on the temperature and on the number of busy CPUs",
        "echo 1 >/sys/devices/system/cpu/intel_pstate/no_turbo, echo 0 "
        ">/sys/devices/system/cpu/cpufreq/boost",
        CHECKUP_HOST(text, turbo), .word = "no frequency scaling is visible"),
    ROW("steal_ratio",
        "share of the CPU time of one second that the host took: rates are too low", NULL,
        CHECKUP_HOST(real, steal_ratio), CHECKUP_RULE(STEAL)),
    ROW("runnable_tasks",
        "mean number of other tasks that ran or waited for a CPU: they take CPU time "
        "from the ends",
        CHECKUP_OTHERS, CHECKUP_HOST(real, runnable_tasks), CHECKUP_RULE(LOAD)),
    ROW("cpu_pressure_ratio",
        "share of the time in which a task waited for a CPU; a wait inside a window is "
        "part of its figures",
        CHECKUP_OTHERS, CHECKUP_HOST(real, cpu_pressure_ratio), CHECKUP_RULE(LOAD)),
    ROW("load_1m",
        "load average of the last minute, this program included: others take CPU time "
        "from the ends",
        CHECKUP_OTHERS, CHECKUP_HOST(real, load_1m)),
    ROW("clocksource",
        "hpet and acpi_pm are read by a system call, which each latency pays twice",
        "echo tsc >/sys/devices/system/clocksource/clocksource0/current_clocksource",
        CHECKUP_HOST(text, clocksource), CHECKUP_RULE(CLOCKSOURCE)),
    ROW("mitigations",
        "number of CPU vulnerabilities that are mitigated: system calls and context "
        "switches take longer",
        "mitigations=off on the command line of the kernel",
        .read = ipm_checkup_read_mitigations),
    ROW("rmem_max_bytes", "a larger --buffer of a receiving socket is reduced to this",
        "sysctl -w net.core.rmem_max=16777216",
        CHECKUP_SYSCTL(number, "net/core/rmem_max")),
    ROW("wmem_max_bytes", "a larger --buffer of a sending socket is reduced to this",
        "sysctl -w net.core.wmem_max=16777216",
        CHECKUP_SYSCTL(number, "net/core/wmem_max")),
    ROW("pipe_max_size_bytes", "a larger --buffer of a pipe needs CAP_SYS_RESOURCE",
        "sysctl -w fs.pipe-max-size=4194304", CHECKUP_SYSCTL(number, "fs/pipe-max-size")),
    ROW("pipe_user_pages_soft",
        "beyond it, new pipes of a user hold 1 or 2 pages: streams are slower; 0 is no "
        "limit",
        "sysctl -w fs.pipe-user-pages-soft=0",
        CHECKUP_SYSCTL(number, "fs/pipe-user-pages-soft")),
    ROW("memlock_bytes",
        "kernels before 5.12 charge io_uring to it: --io uring may be skipped",
        "ulimit -l unlimited", CHECKUP_LIMIT(MEMLOCK)),
    ROW("nofile", "limits --clients: each needs descriptors", "ulimit -n 65536",
        CHECKUP_LIMIT(NOFILE)),
    ROW("nproc",
        "limits --clients: each is a process, and one more with --server process",
        "ulimit -u unlimited", CHECKUP_LIMIT(NPROC)),
    ROW("msgqueue_bytes",
        "limits what posix-mq may hold: fewer messages in flight mean more context "
        "switches",
        "ulimit -q unlimited", CHECKUP_LIMIT(MSGQUEUE)),
    ROW("msgmnb_bytes",
        "what a queue of sysv-mq holds: fewer messages in flight mean more context "
        "switches",
        "sysctl -w kernel.msgmnb=1048576", CHECKUP_SYSCTL(number, "kernel/msgmnb")),
    ROW("shm_free_bytes",
        "holds names of sockets and FIFOs where TMPDIR and /tmp cannot be used; the "
        "rings of shared memory do not count against it",
        "mount -o remount,size=1G /dev/shm, docker run --shm-size 1g",
        CHECKUP_FILE(space, "/dev/shm")),
    ROW("ipv6", "tcp6 and udp6 need it", "sysctl -w net.ipv6.conf.lo.disable_ipv6=0",
        CHECKUP_SYSCTL(choice, "net/ipv6/conf/lo/disable_ipv6"), .word = "|on|off"),
    ROW("lo_mtu_bytes",
        "a larger datagram or segment is split into several; 65536 is usual",
        "ip link set lo mtu 65536 up", CHECKUP_FILE(number, "/sys/class/net/lo/mtu")),
    ROW("sctp_module", "the transport sctp needs the module", "modprobe sctp",
        CHECKUP_FILE(module, "/sys/module/sctp")),
    ROW("vsock_loopback_module", "the transport vsock needs the module",
        "modprobe vsock_loopback", CHECKUP_FILE(module, "/sys/module/vsock_loopback")),
    ROW("io_uring", "--io uring needs it",
        "sysctl -w kernel.io_uring_disabled=0, docker run --security-opt "
        "seccomp=unconfined",
        CHECKUP_SYSCTL(uring, "kernel/io_uring_disabled"),
        .word = "|allowed|only for a group|refused"),
    ROW("seccomp", "a filter runs at every system call, and may refuse io_uring",
        "docker run --security-opt seccomp=unconfined",
        CHECKUP_FILE(choice, "/proc/self/status"), .word = "Seccomp|none|strict|filter"),
    ROW("perf_event_paranoid",
        "above 1, --counters cannot count in the kernel; above 2 in some kernels, not at "
        "all",
        "sysctl -w kernel.perf_event_paranoid=1",
        CHECKUP_SYSCTL(number, "kernel/perf_event_paranoid")),
    ROW("congestion",
        "the default for tcp; bbr paces on the loopback, too, which makes it slower",
        "sysctl -w net.ipv4.tcp_congestion_control=cubic",
        CHECKUP_SYSCTL(line, "net/ipv4/tcp_congestion_control")),
    ROW("congestion_available",
        "what --congestion may select; streams over tcp depend on it", "modprobe tcp_bbr",
        CHECKUP_SYSCTL(line, "net/ipv4/tcp_available_congestion_control")),
    ROW("autogroup",
        "when on, all processes of a session have one share of the CPU time together",
        "sysctl -w kernel.sched_autogroup_enabled=0", CHECKUP_HOST(text, autogroup)),
    ROW("qemu", "ipcmark count boots guests in it, and needs no kvm",
        "apt-get install qemu-system-x86, on arm64 qemu-system-arm",
        .read = ipm_checkup_read_qemu),
    ROW("guest_kernel", "ipcmark count boots it, unless --kernel names another one",
        "apt-get install linux-image-cloud-amd64, on arm64 linux-image-cloud-arm64",
        .read = ipm_checkup_read_guest_kernel),
    ROW("kvm", "lets virtual machines run at the speed of the hardware; not needed here",
        "modprobe kvm_intel, modprobe kvm_amd, adduser USER kvm",
        CHECKUP_FILE(device, "/dev/kvm")),
};

/* --- all of them ------------------------------------------------------------------------- */

static void checkup_look(const struct ipm_checkup_row *row, const char *root,
                         const struct ipm_report *report, struct ipm_finding *finding) {
    const struct ipm_checkup_reading reading = {
        .root = root, .host = &report->host, .finding = finding};
    *finding = (struct ipm_finding){.key = row->key,
                                    .meaning = row->meaning,
                                    .command = row->command,
                                    .rule = row->rule};
    row->read(row, &reading);
    ipm_checkup_judge_finding(finding, report);
}

void ipm_checkup_read(const char *root, const struct ipm_report *report,
                      struct ipm_checkup *checkup) {
    for (size_t i = 0; i < sizeof checkup_rows / sizeof checkup_rows[0]; i++)
        checkup_look(&checkup_rows[i], root, report,
                     &checkup->findings[checkup->count++]);
    ipm_checkup_judge(checkup, report);
}
