/* cgroup.c - control groups of version 1 and 2. Each group limits the groups below it, so the path
 * of the process is followed up to the mount point. */
#include "run/host/cgroup.h"

#include "model/plan/plan.h"
#include "model/report/report.h"
#include "run/host/sysfile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
    CGROUP_PATH_BYTES = 1024,
    CGROUP_LINE_BYTES = 2048,
    CGROUP_MOUNT_BYTES = 256,
    CGROUP_CONTROLLERS_BYTES = 128,
    CGROUP_US_NS = 1000,
};

/* The group of this process for one controller. */
struct cgroup {
    bool unified;                  /* version 2 */
    char mount[CGROUP_PATH_BYTES]; /* "": there is none */
    char
        path[CGROUP_PATH_BYTES]; /* of its folder: the mount point and what is below it */
};

static bool cgroup_lists(const char *list, const char *word) {
    const size_t length = strlen(word);
    for (; list; list = strchr(list, ',')) {
        list += *list == ',';
        if (strncmp(list, word, length) == 0 && strchr(",\n", list[length]))
            return true;
    }
    return false;
}

/* The path in the hierarchy of the controller. A controller is in version 1 or in version 2,
 * whose line has no name ("0::/path"). Returns whether there is one. */
static bool cgroup_find_path(FILE *file, const char *controller, struct cgroup *group) {
    char line[CGROUP_LINE_BYTES];
    group->path[0] = '\0';
    while (fgets(line, sizeof line, file)) {
        char *names = strchr(line, ':');
        char *path = names ? strchr(names + 1, ':') : NULL;
        if (!path)
            continue;
        *path++ = '\0';
        path[strcspn(path, "\n")] = '\0';
        const bool unified = names[1] == '\0';
        if (!cgroup_lists(names + 1, controller) && !(unified && !group->path[0]))
            continue;
        group->unified = unified;
        (void)snprintf(group->path, sizeof group->path, "%s", path);
        if (!unified)
            break;
    }
    return group->path[0] != '\0';
}

/* proc_pid_mountinfo(5): "31 23 0:28 ROOT MOUNT-POINT options - TYPE source OPTIONS". */
static bool cgroup_match_mount(const char *line, const char *controller,
                               struct cgroup *group) {
    char root[CGROUP_MOUNT_BYTES];
    char mount[CGROUP_MOUNT_BYTES];
    char options[CGROUP_CONTROLLERS_BYTES];
    const char *tail = strstr(line, group->unified ? " - cgroup2 " : " - cgroup ");
    if (!tail || sscanf(line, "%*d %*d %*s %255s %255s", root, mount) != 2 ||
        sscanf(tail, " - %*s %*s %127s", options) != 1 ||
        (!group->unified && !cgroup_lists(options, controller)))
        return false;
    const size_t length = strcmp(root, "/") == 0 ? 0 : strlen(root);
    const char *below =
        strncmp(group->path, root, length) == 0 ? group->path + length : "";
    char path[CGROUP_PATH_BYTES];
    const int bytes =
        snprintf(path, sizeof path, "%s%s", mount, strcmp(below, "/") == 0 ? "" : below);
    if (bytes < 0 || (size_t)bytes >= sizeof path)
        return false;
    (void)snprintf(group->mount, sizeof group->mount, "%s", mount);
    memcpy(group->path, path, sizeof path);
    return true;
}

static bool cgroup_find(const char *root, const char *controller, struct cgroup *group) {
    char line[CGROUP_LINE_BYTES];
    FILE *groups = ipm_sysfile_open(root, "/proc/self/cgroup");
    FILE *mounts = ipm_sysfile_open(root, "/proc/self/mountinfo");
    bool found = false;
    if (groups && mounts && cgroup_find_path(groups, controller, group))
        while (!found && fgets(line, sizeof line, mounts))
            found = cgroup_match_mount(line, controller, group);
    if (groups)
        (void)fclose(groups);
    if (mounts)
        (void)fclose(mounts);
    return found;
}

/* One folder up; false at the mount point. */
static bool cgroup_ascend(struct cgroup *group) {
    char *slash = strrchr(group->path, '/');
    if (!slash || strlen(group->path) <= strlen(group->mount))
        return false;
    *slash = '\0';
    return true;
}

static void cgroup_line(const char *root, const struct cgroup *group, const char *name,
                        char *text, size_t size) {
    char path[2 * CGROUP_PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", group->path, name);
    ipm_sysfile_line(root, path, text, size);
}

/* The first number, or -1: also of "max", and of a file that is not there. */
static int64_t cgroup_number(const char *root, const struct cgroup *group,
                             const char *name) {
    char text[CGROUP_CONTROLLERS_BYTES];
    char *end = text;
    cgroup_line(root, group, name, text, sizeof text);
    const long long number = strtoll(text, &end, 10);
    return end == text ? -1 : (int64_t)number;
}

/* In CPUs; infinite when there is no quota. */
static double cgroup_quota(const char *root, const struct cgroup *group,
                           int64_t *ret_period_us) {
    char text[CGROUP_CONTROLLERS_BYTES];
    char *second = text;
    long long quota_us = -1;
    long long period_us = -1;
    if (group->unified) {
        cgroup_line(root, group, "cpu.max", text, sizeof text);
        quota_us = strtoll(text, &second, 10); /* "max" is no number */
        period_us = second != text ? strtoll(second, NULL, 10) : -1;
    } else {
        quota_us = cgroup_number(root, group, "cpu.cfs_quota_us");
        period_us = cgroup_number(root, group, "cpu.cfs_period_us");
    }
    *ret_period_us = period_us;
    return quota_us > 0 && period_us > 0 ? (double)quota_us / (double)period_us
                                         : INFINITY;
}

/* The group with the least quota on the way up, or the process's own. */
static struct cgroup cgroup_tightest(const char *root, struct cgroup group,
                                     double *ret_cpus, int64_t *ret_period_us) {
    struct cgroup tightest = group;
    *ret_cpus = INFINITY;
    do {
        int64_t period_us = -1;
        const double cpus = cgroup_quota(root, &group, &period_us);
        if (cpus < *ret_cpus) {
            *ret_cpus = cpus;
            *ret_period_us = period_us;
            tightest = group;
        }
    } while (cgroup_ascend(&group));
    return tightest;
}

static void cgroup_read_cpu(const char *root, struct ipm_host *host) {
    struct cgroup group;
    int64_t period_us = -1;
    double cpus = INFINITY;
    if (!cgroup_find(root, "cpu", &group))
        return;
    if (group.unified)
        host->cpu_weight = cgroup_number(root, &group, "cpu.weight");
    else
        host->cpu_shares = cgroup_number(root, &group, "cpu.shares");
    (void)cgroup_tightest(root, group, &cpus, &period_us);
    host->cpu_quota_cpus = isinf(cpus) ? NAN : cpus;
    host->cpu_quota_period_ns = isinf(cpus) ? 0 : period_us * CGROUP_US_NS;
}

/* Where the controller is not enabled for the group, a group above it has the file. */
static void cgroup_read_cpuset(const char *root, struct ipm_host *host) {
    struct cgroup group;
    if (!cgroup_find(root, "cpuset", &group))
        return;
    do
        cgroup_line(root, &group,
                    group.unified ? "cpuset.cpus.effective" : "cpuset.effective_cpus",
                    host->cpuset, sizeof host->cpuset);
    while (!host->cpuset[0] && cgroup_ascend(&group));
}

/* "/autogroup-12 nice 0" */
static void cgroup_read_autogroup(const char *root, struct ipm_host *host) {
    char line[CGROUP_CONTROLLERS_BYTES];
    ipm_sysfile_line(root, "/proc/sys/kernel/sched_autogroup_enabled", line, sizeof line);
    if (line[0])
        (void)snprintf(host->autogroup, sizeof host->autogroup, "%s",
                       line[0] == '0' ? "off" : "on");
    ipm_sysfile_line(root, "/proc/self/autogroup", line, sizeof line);
    (void)sscanf(line, "%*s nice %31s", host->autogroup_nice);
}

void ipm_cgroup_read(const char *root, struct ipm_host *host) {
    cgroup_read_cpu(root, host);
    cgroup_read_cpuset(root, host);
    cgroup_read_autogroup(root, host);
    (void)snprintf(host->nice, sizeof host->nice, "%d", getpriority(PRIO_PROCESS, 0));
}

/* cpu.stat: "nr_throttled 3", and "throttled_usec" of version 2 or "throttled_time", in
 * nanoseconds, of version 1. */
struct ipm_throttle ipm_cgroup_throttle(const char *root) {
    struct ipm_throttle throttle = {-1, -1};
    char path[2 * CGROUP_PATH_BYTES];
    struct cgroup group;
    int64_t period_us;
    double cpus;
    if (!cgroup_find(root, "cpu", &group))
        return throttle;
    group = cgroup_tightest(root, group, &cpus, &period_us);
    (void)snprintf(path, sizeof path, "%s/cpu.stat", group.path);
    throttle.periods = ipm_sysfile_counter(root, path, "nr_throttled");
    throttle.ns = ipm_sysfile_counter(
        root, path, group.unified ? "throttled_usec" : "throttled_time");
    if (group.unified && throttle.ns > 0)
        throttle.ns *= CGROUP_US_NS;
    return throttle;
}

/* --- memory -------------------------------------------------------------------------- */

struct cgroup_memory {
    const char *limits[2]; /* the second: above it, the kernel makes processes wait */
    const char *usage;
    const char *cached[2]; /* of memory.stat, this group and those below it: file pages */
};

static const struct cgroup_memory cgroup_memories[] = {
    {.limits = {"memory.limit_in_bytes"},
     .usage = "memory.usage_in_bytes",
     .cached = {"total_active_file", "total_inactive_file"}},
    {.limits = {"memory.max", "memory.high"},
     .usage = "memory.current",
     .cached = {"active_file", "inactive_file"}},
};

/* Returns what the group uses and cannot be taken back by the kernel. */
static int64_t cgroup_held(const char *root, const struct cgroup *group,
                           const struct cgroup_memory *files) {
    char path[2 * CGROUP_PATH_BYTES];
    int64_t held = cgroup_number(root, group, files->usage);
    (void)snprintf(path, sizeof path, "%s/memory.stat", group->path);
    for (size_t i = 0; i < sizeof files->cached / sizeof *files->cached; i++) {
        const int64_t cached = ipm_sysfile_counter(root, path, files->cached[i]);
        held -= cached > 0 ? cached : 0;
    }
    return held > 0 ? held : 0;
}

static void cgroup_lower(struct ipm_memory_room *room, const struct cgroup *group,
                         const char *file, int64_t left) {
    const uint64_t bytes = left > 0 ? (uint64_t)left : 0;
    if (room->limit[0] && bytes >= room->bytes)
        return;
    room->bytes = bytes;
    (void)snprintf(room->limit, sizeof room->limit, "%.220s/%.30s", group->path, file);
    (void)snprintf(room->advice, sizeof room->advice,
                   "write a larger number to it, or give the container more, as "
                   "'docker run --memory' does");
}

void ipm_cgroup_memory(const char *root, struct ipm_memory_room *room) {
    struct cgroup group;
    if (!cgroup_find(root, "memory", &group))
        return;
    const struct cgroup_memory *files = &cgroup_memories[group.unified];
    do
        for (size_t i = 0; i < sizeof files->limits / sizeof *files->limits; i++) {
            const char *file = files->limits[i];
            const int64_t most = file ? cgroup_number(root, &group, file) : -1;
            if (most >= 0)
                cgroup_lower(room, &group, file, most - cgroup_held(root, &group, files));
        }
    while (cgroup_ascend(&group));
}
