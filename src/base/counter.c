/* counter.c - counts events by perf_event_open(2). */
#include "base/counter.h"

#include "base/strbuf.h"
#include "base/usage.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

const struct ipm_counter ipm_counter_rows[] = {
#define COUNTER(word, text, kind, config, about)                                         \
    {.name = (text),                                                                     \
     .summary = (about),                                                                 \
     .type = PERF_TYPE_##kind,                                                           \
     .event = PERF_COUNT_##config},
#include "base/counters.def"
#undef COUNTER
    {0},
};

unsigned ipm_counter_set(const char *name) {
    for (unsigned i = 0; i < IPM_COUNTERS; i++)
        if (strcmp(ipm_counter_rows[i].name, name) == 0)
            return 1u << i;
    return 0;
}

static int counter_open(const struct ipm_counter *counter, bool kernel) {
    struct perf_event_attr attr = {.type = counter->type,
                                   .size = sizeof attr,
                                   .config = counter->event,
                                   .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED |
                                                  PERF_FORMAT_TOTAL_TIME_RUNNING,
                                   .disabled = 1,
                                   .inherit = 1,
                                   .exclude_user = kernel,
                                   .exclude_kernel = !kernel,
                                   .exclude_hv = 1};
    return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static int counter_read(int fd, uint64_t ret_values[3]) {
    const ssize_t bytes = 3 * sizeof ret_values[0];
    return read(fd, ret_values, (size_t)bytes) == bytes ? 0 : -1;
}

static void counter_close(int fd) {
    (void)close(fd);
}

static void counter_count(bool on) {
    (void)prctl(on ? PR_TASK_PERF_EVENTS_ENABLE : PR_TASK_PERF_EVENTS_DISABLE, 0, 0, 0,
                0);
}

static const struct ipm_counter_calls counter_calls = {.open = counter_open,
                                                       .read = counter_read,
                                                       .close = counter_close,
                                                       .count = counter_count};

static bool counter_is_wanted(const struct ipm_counters *counters, size_t at) {
    return (counters->set >> at / IPM_COUNTER_MODES & 1) != 0;
}

static int counter_fd(const struct ipm_counters *counters, size_t at) {
    return counters->fds[at / IPM_COUNTER_MODES][at % IPM_COUNTER_MODES];
}

static int *counter_lack(struct ipm_counters *counters, size_t at) {
    return &counters->lacks[at / IPM_COUNTER_MODES][at % IPM_COUNTER_MODES];
}

enum { COUNTER_ALL = IPM_COUNTERS * IPM_COUNTER_MODES };

void ipm_counters_open(struct ipm_counters *counters, unsigned set,
                       const struct ipm_counter_calls *calls) {
    *counters =
        (struct ipm_counters){.calls = calls ? calls : &counter_calls, .set = set};
    for (size_t at = 0; at < COUNTER_ALL; at++) {
        if (!counter_is_wanted(counters, at))
            continue;
        const struct ipm_counter *row = &ipm_counter_rows[at / IPM_COUNTER_MODES];
        const int fd = counters->calls->open(row, at % IPM_COUNTER_MODES != 0);
        counters->fds[at / IPM_COUNTER_MODES][at % IPM_COUNTER_MODES] =
            fd < 0 ? -errno : fd;
        *counter_lack(counters, at) = fd < 0 ? -errno : 0;
    }
}

void ipm_counters_count(const struct ipm_counters *counters, bool on) {
    if (counters->set != 0)
        counters->calls->count(on);
}

static int64_t counter_value(struct ipm_counters *counters, size_t at) {
    const int fd = counter_fd(counters, at);
    uint64_t values[3]; /* value, time enabled, time running */
    if (fd < 0 || counters->calls->read(fd, values) != 0)
        return -1;
    if (values[1] > 0 && values[2] == 0) {
        *counter_lack(counters, at) = -EBUSY;
        return -1;
    }
    return values[2] == 0
               ? 0 /* not started yet */
               : (int64_t)((double)values[0] * ((double)values[1] / (double)values[2]));
}

void ipm_counters_read(struct ipm_counters *counters, struct ipm_usage *usage) {
    for (size_t at = 0; at < COUNTER_ALL; at++)
        usage->counted[at] =
            counter_is_wanted(counters, at) ? counter_value(counters, at) : -1;
}

/* perf_event_open(2): ENOENT and others mean that nothing here can count the event. */
static const char *counter_reason(int code) {
    return code == -EACCES || code == -EPERM ? "see perf_event_paranoid"
           : code == -ENOENT || code == -ENODEV || code == -EOPNOTSUPP ? "not supported"
           : code == -EBUSY                                            ? "used by others"
                                                                       : strerror(-code);
}

/* A fact has 127 bytes, and all names and two reasons must fit it: what several counters have in
 * common is told once. */
void ipm_counters_tell(const struct ipm_counters *counters, char *text, size_t bytes) {
    static const char *const of[] = {"", " in user space", " in the kernel", ""};
    struct ipm_strbuf list = ipm_strbuf_over(text, bytes);
    int told = 0;           /* the reason of the counters before this one */
    const char *where = ""; /* and the modes that lack */
    for (size_t i = 0; i < IPM_COUNTERS; i++) {
        const int *lacks = counters->lacks[i];
        const int lacking = (lacks[0] < 0) + 2 * (lacks[1] < 0);
        const int code = lacks[0] < 0 ? lacks[0] : lacks[1];
        if (lacking == 0)
            continue;
        const bool alike = told == code && where == of[lacking];
        if (told < 0 && !alike)
            (void)ipm_strbuf_add(&list, "%s: %s; ", where, counter_reason(told));
        (void)ipm_strbuf_add(&list, "%s%s", alike ? ", " : "", ipm_counter_rows[i].name);
        told = code;
        where = of[lacking];
    }
    if (told < 0)
        (void)ipm_strbuf_add(&list, "%s: %s", where, counter_reason(told));
}

void ipm_counters_close(struct ipm_counters *counters) {
    for (size_t at = 0; at < COUNTER_ALL; at++)
        if (counter_is_wanted(counters, at) && counter_fd(counters, at) >= 0)
            counters->calls->close(counter_fd(counters, at));
    *counters = (struct ipm_counters){0};
}
