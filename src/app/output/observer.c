/* observer.c - passes the events of the runner on. */
#include "app/output/observer.h"

#include "run/schedule/runner.h"

static void observer_progress(void *context, const struct ipm_progress *progress) {
    struct ipm_observer *observer = context;
    ipm_progress_draw(&observer->line, progress);
}

static void observer_event(void *context, const struct ipm_report *report,
                           const struct ipm_event *event) {
    struct ipm_observer *observer = context;
    ipm_live_write(&observer->live, report, event);
}

void ipm_observer_attach(struct ipm_observer *observer, struct ipm_executor *executor) {
    executor->progress = observer_progress;
    executor->event = observer_event;
    executor->context = observer;
}
