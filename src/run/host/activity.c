/* activity.c - reads /proc/loadavg, /proc/pressure/cpu and /proc/stat. */
#include "run/host/activity.h"

#include "base/clock.h"
#include "model/report/report.h"
#include "run/host/sysfile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ACTIVITY_SAMPLES = 5, ACTIVITY_LINE_BYTES = 256 };

/* proc_stat(5): "user nice system idle iowait irq softirq steal ..."; what guests use is part
 * of user. */
static struct ipm_cpu_ticks activity_parse(char *at) {
    enum { FIELDS = 8 };
    struct ipm_cpu_ticks ticks = {0};
    for (int i = 0; i < FIELDS; i++) {
        char *end = at;
        ticks.stolen = strtoll(at, &end, 10);
        ticks.all += ticks.stolen;
        if (end == at)
            return (struct ipm_cpu_ticks){-1, -1};
        at = end;
    }
    return ticks;
}

struct ipm_cpu_ticks ipm_activity_ticks(const char *root) {
    char line[ACTIVITY_LINE_BYTES];
    ipm_sysfile_line(root, "/proc/stat", line, sizeof line);
    return activity_parse(strncmp(line, "cpu ", 4) == 0 ? line + 4 : line);
}

void ipm_activity_steal(const char *root, struct ipm_cpu_steal *ret_steal) {
    const long tick_ns = 1000000000 / sysconf(_SC_CLK_TCK);
    char line[ACTIVITY_LINE_BYTES];
    FILE *file = ipm_sysfile_open(root, "/proc/stat");
    memset(ret_steal, -1, sizeof *ret_steal);
    while (file && fgets(line, sizeof line, file) && strncmp(line, "cpu", 3) == 0) {
        char *end = line;
        const unsigned long cpu = strtoul(line + 3, &end, 10);
        const int64_t stolen = activity_parse(end).stolen;
        if (end != line + 3 && line[3] != ' ' && cpu < IPM_CPUS_MOST && stolen >= 0)
            ret_steal->ns[cpu] = stolen * tick_ns;
    }
    if (file)
        (void)fclose(file);
}

double ipm_activity_steal_ratio(const struct ipm_cpu_ticks *before,
                                const struct ipm_cpu_ticks *after) {
    if (before->all < 0 || after->all <= before->all || after->stolen < before->stolen)
        return NAN;
    return (double)(after->stolen - before->stolen) / (double)(after->all - before->all);
}

/* proc_loadavg(5): "0.50 0.40 0.30 2/345 6789". Returns how many tasks but this one are
 * running or wait for a CPU, or NaN. */
static double activity_runnable(const char *root, double *ret_load_1m) {
    char line[ACTIVITY_LINE_BYTES];
    char *end = line;
    ipm_sysfile_line(root, "/proc/loadavg", line, sizeof line);
    *ret_load_1m = strtod(line, &end);
    if (end == line)
        *ret_load_1m = NAN;
    (void)strtod(end, &end);
    (void)strtod(end, &end);
    const long long runnable = strtoll(end, &end, 10);
    return *end == '/' && runnable > 0 ? (double)(runnable - 1) : NAN;
}

/* Documentation/accounting/psi.rst: "some avg10=0.00 avg60=0.00 avg300=0.00 total=123", the
 * microseconds in which a task waited for a CPU. Returns -1 where it is unknown. */
static int64_t activity_waited_us(const char *root) {
    char line[ACTIVITY_LINE_BYTES];
    ipm_sysfile_line(root, "/proc/pressure/cpu", line, sizeof line);
    const char *total = strncmp(line, "some ", 5) == 0 ? strstr(line, "total=") : NULL;
    return total ? strtoll(total + sizeof "total", NULL, 10) : -1;
}

static void activity_sleep(uint64_t ns) {
    struct timespec time = {.tv_sec = (time_t)(ns / 1000000000),
                            .tv_nsec = (long)(ns % 1000000000)};
    (void)nanosleep(&time, NULL); /* an early end makes the sample shorter */
}

void ipm_activity_read(const char *root, uint64_t over_ns, void (*wait)(uint64_t ns),
                       struct ipm_host *host) {
    double runnable = activity_runnable(root, &host->load_1m);
    const struct ipm_cpu_ticks before = ipm_activity_ticks(root);
    const int64_t waited_us = activity_waited_us(root);
    const uint64_t begin_ns = ipm_clock_now_ns();
    for (int i = 1; i < ACTIVITY_SAMPLES; i++) {
        double load = NAN;
        (wait ? wait : activity_sleep)(over_ns / (ACTIVITY_SAMPLES - 1));
        runnable += activity_runnable(root, &load);
    }
    const uint64_t passed_ns = wait ? over_ns : ipm_clock_now_ns() - begin_ns;
    const struct ipm_cpu_ticks after = ipm_activity_ticks(root);
    const int64_t now_us = activity_waited_us(root);
    host->runnable_tasks = runnable / ACTIVITY_SAMPLES;
    host->steal_ratio = ipm_activity_steal_ratio(&before, &after);
    if (waited_us >= 0 && now_us >= waited_us && passed_ns > 0)
        host->cpu_pressure_ratio =
            fmin(1, (double)(now_us - waited_us) * 1000 / (double)passed_ns);
}
