/* observer.c - hands on what the runner tells; see output/observer.h. Must not know what is measured. */
#include "app/output/observer.h"

#include "run/schedule/runner.h"

static void observer_progress(void *context, const struct ipm_progress *progress) {
    struct ipm_observer *watch = context;
    ipm_progress_draw(&watch->line, progress);
}

static void observer_event(void *context, const struct ipm_report *report,
                           const struct ipm_event *event) {
    struct ipm_observer *watch = context;
    ipm_live_tell(&watch->live, report, event);
}

void ipm_observer_attach(struct ipm_observer *watch, struct ipm_executor *executor) {
    executor->progress = observer_progress;
    executor->event = observer_event;
    executor->context = watch;
}
