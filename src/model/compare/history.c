/* history.c - which of many reports are the history of the newest one. */
#include "model/compare/history.h"

#include "model/compare/compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double HISTORY_ALPHA = 0.05;

static bool history_has(const struct ipm_history *history, const struct ipm_report *run) {
    for (size_t i = 0; i < history->count; i++)
        if (history->runs[i]->run.seed == run->run.seed &&
            strcmp(history->runs[i]->run.started_at, run->run.started_at) == 0)
            return true;
    return false;
}

static bool history_is_later(const struct ipm_report *a, const struct ipm_report *b) {
    return strcmp(a->run.started_at, b->run.started_at) > 0;
}

/* Inserts a run by its time; the oldest one is left out where there is no room. */
static void history_insert(struct ipm_history *history, const struct ipm_report *run) {
    size_t at = history->count;
    if (at == IPM_HISTORY_MOST) {
        history->older++;
        if (history_is_later(history->runs[0], run))
            return;
        for (at = 0; at + 1 < IPM_HISTORY_MOST; at++)
            history->runs[at] = history->runs[at + 1];
        history->count--;
    }
    for (; at > 0 && history_is_later(history->runs[at - 1], run); at--)
        history->runs[at] = history->runs[at - 1];
    history->runs[at] = run;
    history->count++;
}

struct ipm_history ipm_history_of(const struct ipm_report *reports, size_t count) {
    struct ipm_history history = {0};
    const struct ipm_report *newest = reports;
    for (size_t i = 1; i < count; i++)
        if (strcmp(reports[i].run.started_at, newest->run.started_at) >= 0)
            newest = &reports[i];
    for (size_t i = 0; i < count; i++)
        if (!ipm_compare_is_alike(&reports[i], newest))
            history.unlike++;
        else if (!history_has(&history, &reports[i]))
            history_insert(&history, &reports[i]);
    return history;
}

/* The copies of the runs, which are adjacent, own nothing. */
int ipm_history_compare(const struct ipm_history *history,
                        struct ipm_comparison *ret_comparison) {
    const char *names[IPM_HISTORY_MOST] = {0};
    const size_t before = history->count > 0 ? history->count - 1 : 0;
    const struct ipm_metric_choice choice = {.primary = true};
    struct ipm_report *runs = calloc(history->count + 1, sizeof *runs);
    *ret_comparison = (struct ipm_comparison){
        .history = true, .threshold = NAN, .alpha = HISTORY_ALPHA, .allow_missing = true};
    if (!runs)
        return -ENOMEM;
    for (size_t i = 0; i < history->count; i++) {
        runs[i] = *history->runs[i];
        names[i] = runs[i].run.started_at;
    }
    const struct ipm_compare_input input = {
        .sides = {{.count = before, .reports = runs, .names = names},
                  {.count = 1, .reports = &runs[before], .names = &names[before]}}};
    const int failed = before > 0 ? ipm_compare(ret_comparison, &input, &choice) : 0;
    free(runs);
    return failed;
}
