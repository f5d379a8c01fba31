/* history.c - which of many reports are the history of the newest one. */
#include "model/compare/history.h"

#include "model/compare/compare.h"

#include <string.h>

static bool history_has(const struct ipm_history *history, const struct ipm_report *run) {
    for (size_t i = 0; i < history->count; i++)
        if (history->runs[i]->run.seed == run->run.seed &&
            strcmp(history->runs[i]->run.started_at, run->run.started_at) == 0)
            return true;
    return false;
}

/* Inserts a run by its time; the oldest one falls out where there is no room. */
static void history_insert(struct ipm_history *history, const struct ipm_report *run) {
    size_t at = history->count;
    while (at > 0 &&
           strcmp(history->runs[at - 1]->run.started_at, run->run.started_at) > 0)
        at--;
    if (history->count == IPM_HISTORY_MOST) {
        history->older++;
        if (at == 0)
            return;
        at--;
        memmove(&history->runs[0], &history->runs[1], at * sizeof history->runs[0]);
    } else {
        memmove(&history->runs[at + 1], &history->runs[at],
                (history->count++ - at) * sizeof history->runs[0]);
    }
    history->runs[at] = run;
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
