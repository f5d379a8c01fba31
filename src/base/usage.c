/* usage.c - reads the resource usage of this process. It runs directly before and after
 * the measured window and uses bare system calls and the stack, because stdio would
 * allocate a buffer whose page faults would be counted. */
#include "base/usage.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    USAGE_PROC_BYTES = 8192,
    /* The most that any kernel is built for (NR_CPUS). sched_getaffinity(2) refuses a
     * mask shorter than the kernel's, so cpu_set_t alone may be too short. */
    USAGE_MASK_CPUS = 8192,
    USAGE_NODES = 1024,
    USAGE_MASK_SETS = USAGE_MASK_CPUS / CPU_SETSIZE,
};

struct usage_mask {
    cpu_set_t sets[USAGE_MASK_SETS];
};

static int64_t usage_time_ns(struct timeval time) {
    return (int64_t)time.tv_sec * 1000000000 + (int64_t)time.tv_usec * 1000;
}

/* Reads a file. Leaves text empty if there is none, because sandboxes hide parts of
 * proc(5). */
static void usage_slurp(const char *path, char text[USAGE_PROC_BYTES]) {
    size_t length = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && length < USAGE_PROC_BYTES - 1) {
        ssize_t got = read(fd, text + length, USAGE_PROC_BYTES - 1 - length);
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    text[length] = '\0';
    if (fd >= 0)
        (void)close(fd);
}

/* Returns the text after "KEY:" at the start of a line, or NULL. */
static const char *usage_value(const char *text, const char *key) {
    size_t length = strlen(key);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *colon = line + length;
        if (strncmp(line, key, length) != 0)
            continue;
        colon += strspn(colon, " \t");
        if (*colon == ':')
            return colon + 1 + strspn(colon + 1, " \t");
    }
    return NULL;
}

static int64_t usage_number(const char *text, const char *key) {
    const char *value = usage_value(text, key);
    return value != NULL ? strtoll(value, NULL, 10) : -1;
}

void ipm_usage_read_times(struct ipm_usage *usage) {
    struct rusage used;
    usage->last_cpu = sched_getcpu();
    usage->first_cpu = usage->last_cpu;
    if (getrusage(RUSAGE_SELF, &used) != 0) { /* only a filter of system calls refuses */
        memset(usage, -1, offsetof(struct ipm_usage, run_delay_ns));
        return;
    }
    usage->user_ns = usage_time_ns(used.ru_utime);
    usage->system_ns = usage_time_ns(used.ru_stime);
    usage->voluntary_switches = used.ru_nvcsw;
    usage->involuntary_switches = used.ru_nivcsw;
    usage->minor_faults = used.ru_minflt;
    usage->major_faults = used.ru_majflt;
}

/* Documentation/scheduler/sched-stats.rst: the time on a CPU, the time of waiting for one, and
 * the number of turns. A kernel that does not count them shows three zeros. */
static int64_t usage_run_delay_ns(const char *text) {
    char *at = NULL;
    (void)strtoll(text, &at, 10);
    const long long waiting_ns = strtoll(at, &at, 10);
    return strtoll(at, NULL, 10) > 0 ? waiting_ns : -1;
}

/* The peak is not ru_maxrss, which is inherited over execve(2): a child of a large parent
 * would never show its own. */
void ipm_usage_read_proc(struct ipm_usage *usage) {
    char text[USAGE_PROC_BYTES];
    usage_slurp("/proc/self/status", text);
    int64_t peak_kib = usage_number(text, "VmHWM");
    usage->peak_rss_bytes = peak_kib < 0 ? -1 : peak_kib * 1024;
    usage_slurp("/proc/self/sched", text);
    usage->migrations = usage_number(text, "se.nr_migrations");
    usage_slurp("/proc/self/schedstat", text);
    usage->run_delay_ns = usage_run_delay_ns(text);
    memset(usage->counted, -1, sizeof usage->counted);
}

/* The members that are added up come first. */
enum { USAGE_SUMMED = offsetof(struct ipm_usage, peak_rss_bytes) / sizeof(int64_t) };

static int64_t usage_less(int64_t later, int64_t earlier) {
    return later < 0 || earlier < 0 ? -1 : later - earlier;
}

struct ipm_usage ipm_usage_delta(const struct ipm_usage *earlier,
                                 const struct ipm_usage *later) {
    struct ipm_usage delta = *later;
    for (size_t i = 0; i < USAGE_SUMMED; i++)
        ((int64_t *)&delta)[i] =
            usage_less(((const int64_t *)later)[i], ((const int64_t *)earlier)[i]);
    delta.migrations = usage_less(later->migrations, earlier->migrations);
    delta.first_cpu = earlier->last_cpu;
    return delta;
}

void ipm_usage_add(struct ipm_usage *sum, const struct ipm_usage *more) {
    for (size_t i = 0; i < USAGE_SUMMED; i++) {
        int64_t *member = (int64_t *)sum + i;
        const int64_t other = ((const int64_t *)more)[i];
        *member = *member < 0 || other < 0 ? -1 : *member + other;
    }
}

void ipm_usage_reset_peak(void) {
    int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t written = write(fd, "5", 1);
    (void)written; /* if refused, the peak counts from the process start */
    (void)close(fd);
}

int ipm_usage_allowed_cpus(int cpus[IPM_CPUS_MOST]) {
    struct usage_mask mask = {0};
    int count = 0;
    if (sched_getaffinity(0, sizeof mask, mask.sets) == 0)
        for (int cpu = 0; cpu < USAGE_MASK_CPUS && count < IPM_CPUS_MOST; cpu++)
            if (CPU_ISSET_S((size_t)cpu, sizeof mask, mask.sets))
                cpus[count++] = cpu;
    if (count > 0)
        return count;
    int here = sched_getcpu();
    cpus[0] = here < 0 ? 0 : here;
    return 1;
}

static void usage_hint_cpus(struct ipm_err *err) {
    char text[USAGE_PROC_BYTES];
    usage_slurp("/proc/self/status", text);
    const char *list = usage_value(text, "Cpus_allowed_list");
    if (list != NULL)
        ipm_err_hint(err, "this process may use CPU %.*s", (int)strcspn(list, "\n"),
                     list);
}

int ipm_usage_pin(int cpu, struct ipm_err *err) {
    struct usage_mask mask = {0};
    int code = -EINVAL;
    if (cpu >= 0 && cpu < USAGE_MASK_CPUS) {
        CPU_SET_S((size_t)cpu, sizeof mask, mask.sets);
        code = sched_setaffinity(0, sizeof mask, mask.sets) == 0 ? 0 : -errno;
    }
    if (code == 0)
        return 0;
    if (code == -EINVAL)
        usage_hint_cpus(err);
    else
        ipm_err_hint(err, "'--pin none' pins nothing");
    return ipm_err_sys(err, code, "cannot pin to CPU %d", cpu);
}

void ipm_usage_unpin(const int *cpus, int count) {
    struct usage_mask mask = {0};
    for (int at = 0; at < count; at++)
        if (cpus[at] >= 0 && cpus[at] < USAGE_MASK_CPUS)
            CPU_SET_S((size_t)cpus[at], sizeof mask, mask.sets);
    (void)sched_setaffinity(0, sizeof mask,
                            mask.sets); /* an empty mask changes nothing */
}

/* The kernel reads one bit less than it is told: set_mempolicy(2). */
int ipm_usage_bind_memory(int node) {
    enum { WORD_BITS = 8 * sizeof(unsigned long) };
    unsigned long nodes[USAGE_NODES / WORD_BITS] = {0};
    if (node >= USAGE_NODES)
        return -EINVAL;
    if (node >= 0)
        nodes[node / WORD_BITS] = 1ul << node % WORD_BITS;
    const long r = node < 0 ? syscall(SYS_set_mempolicy, MPOL_DEFAULT, NULL, 0)
                            : syscall(SYS_set_mempolicy, MPOL_BIND, nodes,
                                      (unsigned long)USAGE_NODES + 1);
    return r == 0 ? 0 : -errno;
}

uint64_t ipm_usage_raise_descriptors(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    const struct rlimit raised = {.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
        limit = raised;
    return limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : limit.rlim_cur;
}
