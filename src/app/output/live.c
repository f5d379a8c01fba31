/* live.c - documents that are written while a run goes on. */
#include "app/output/live.h"

#include "base/err.h"
#include "base/target.h"
#include "model/report/report.h"
#include "reports/renderer.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

/* A child that ends, or a timer, must not break off a write to a slow reader: only the signals
 * by which the user ends the program may. */
static void live_mask(int how) {
    sigset_t others;
    (void)sigemptyset(&others);
    (void)sigaddset(&others, SIGCHLD);
    (void)sigaddset(&others, SIGALRM);
    (void)sigprocmask(how, &others, NULL);
}

static int live_open(struct ipm_live *live, const struct ipm_outputs *outputs,
                     struct ipm_err *err) {
    live->count = 0;
    for (size_t i = 0; i < outputs->count; i++) {
        const struct ipm_output *output = &outputs->items[i];
        if (output->renderer->event == NULL)
            continue;
        struct ipm_outfile *file = &live->items[live->count].file;
        int code = ipm_outfile_open(file, output->target, err);
        if (code == 0)
            code = ipm_outfile_publish(file, err);
        if (code < 0) {
            while (live->count > 0)
                ipm_outfile_discard(&live->items[--live->count].file);
            return code;
        }
        live->items[live->count++].output = output;
    }
    return 0;
}

int ipm_live_open(struct ipm_live *live, const struct ipm_outputs *outputs,
                  struct ipm_err *err) {
    live_mask(SIG_BLOCK);
    const int code = live_open(live, outputs, err);
    live_mask(SIG_UNBLOCK);
    return code;
}

static void live_write_one(struct ipm_live *live, size_t i,
                           const struct ipm_report *report,
                           const struct ipm_event *event) {
    struct ipm_err ignored = {0}; /* a failure stays in the file */
    FILE *out = live->items[i].file.stream;
    (void)live->items[i].output->renderer->event(report, event, out, &ignored);
    (void)fflush(out);
}

void ipm_live_write(struct ipm_live *live, const struct ipm_report *report,
                    const struct ipm_event *event) {
    live_mask(SIG_BLOCK);
    for (size_t i = 0; i < live->count; i++)
        if (live->items[i].file.failed == 0)
            live_write_one(live, i, report, event);
    live_mask(SIG_UNBLOCK);
}

static int live_close_one(struct ipm_live *live, size_t i,
                          const struct ipm_report *report, struct ipm_err *err) {
    struct ipm_event event = {.kind = IPM_EVENT_CASE};
    for (; event.case_index < report->case_count; event.case_index++)
        live_write_one(live, i, report, &event);
    event = (struct ipm_event){.kind = IPM_EVENT_END};
    live_write_one(live, i, report, &event);
    return ipm_outfile_commit(&live->items[i].file, err);
}

int ipm_live_close(struct ipm_live *live, const struct ipm_report *report,
                   struct ipm_err *err) {
    int failed = 0;
    for (size_t i = 0; i < live->count; i++) {
        if (ipm_target_descriptor(live->items[i].output->target) == STDOUT_FILENO) {
            (void)signal(SIGPIPE, SIG_DFL); /* cannot fail for a signal that exists */
            if (live->items[i].file.failed == -EPIPE)
                (void)raise(SIGPIPE); /* its reader left while it was ignored */
        }
        const int code = live_close_one(live, i, report, err);
        failed = code < 0 ? code : failed;
    }
    live->count = 0;
    return failed;
}
