/* observer.c - hands on what the runner tells; see output/observer.h. Must not know what is measured. */
#include "app/output/observer.h"

#include "run/schedule/runner.h"

static void watch_progress(void *context, const struct ipm_progress *progress) {
    struct ipm_watch *watch = context;
    ipm_progress_draw(&watch->line, progress);
}

static void watch_event(void *context, const struct ipm_report *report,
                        const struct ipm_event *event) {
    struct ipm_watch *watch = context;
    ipm_live_tell(&watch->live, report, event);
}

void ipm_watch_attach(struct ipm_watch *watch, struct ipm_executor *executor) {
    executor->progress = watch_progress;
    executor->event = watch_event;
    executor->context = watch;
}
