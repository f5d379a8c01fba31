/* progress.c - the progress line, which is cleared by blanks instead of escape codes, so that it works on
 * any terminal; and a line for each round. */
#include "app/output/progress.h"

#include "base/strbuf.h"
#include "model/metric.h"
#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/sections.h"
#include "run/schedule/runner.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum { PROGRESS_TEXT_BYTES = 512 };

static const uint64_t PROGRESS_PAUSE_NS = 100000000;

void ipm_progress_open(struct ipm_progress_line *line, FILE *out, enum ipm_when when,
                       uint64_t step) {
    bool terminal = isatty(fileno(out)) != 0;
    *line = (struct ipm_progress_line){
        .out = out,
        .shown = when == IPM_WHEN_ALWAYS || (when == IPM_WHEN_AUTO && terminal),
        .redrawn = terminal,
        .step = step > 0 ? step : 1,
    };
}

/* Returns the characters that fit now, because a terminal may be resized at any time. */
static unsigned progress_room(const struct ipm_progress_line *line) {
    return ipm_terminal_columns(fileno(line->out)) - 1;
}

static void progress_say_left(char *text, size_t bytes, uint64_t left_ns) {
    uint64_t seconds = (left_ns + 999999999) / 1000000000;
    if (seconds < 60)
        (void)snprintf(text, bytes, "%" PRIu64 "s left", seconds);
    else if (seconds < 3600)
        (void)snprintf(text, bytes, "%" PRIu64 "m %02" PRIu64 "s left", seconds / 60,
                       seconds % 60);
    else
        (void)snprintf(text, bytes, "%" PRIu64 "h %02" PRIu64 "m left", seconds / 3600,
                       seconds / 60 % 60);
}

/* Writes at most `width` characters; the name of the case is cut first. */
static void progress_say(char text[PROGRESS_TEXT_BYTES],
                         const struct ipm_progress *progress, unsigned width) {
    char head[256];
    char tail[128];
    char left[64];
    uint64_t total = progress->total_trials > 0 ? progress->total_trials : 1;
    progress_say_left(left, sizeof left, progress->left_ns);
    (void)snprintf(head, sizeof head, "%s %s", progress->phase, progress->case_name);
    (void)snprintf(tail, sizeof tail, "  %" PRIu64 "/%" PRIu64 "  %" PRIu64 "%%  %s",
                   progress->done_trials, progress->total_trials,
                   100 * progress->done_trials / total, left);
    if (width >= PROGRESS_TEXT_BYTES)
        width = PROGRESS_TEXT_BYTES - 1;
    unsigned taken = (unsigned)strlen(tail);
    unsigned room = width > taken ? width - taken : 0;
    (void)snprintf(text, width + 1, "%.*s%s", (int)room, head,
                   room > 0 ? tail : tail + strspn(tail, " "));
}

static bool progress_due(struct ipm_progress_line *line,
                         const struct ipm_progress *progress) {
    bool first = line->phase == NULL;
    bool changed = first || strcmp(line->phase, progress->phase) != 0;
    line->phase = progress->phase;
    if (line->redrawn)
        return first || progress->elapsed_ns - line->drawn_ns >= PROGRESS_PAUSE_NS;
    return changed || progress->done_trials >= line->next;
}

void ipm_progress_put(struct ipm_progress_line *line, const char *text) {
    if (!line->shown)
        return;
    if (line->redrawn) {
        const unsigned room = progress_room(line);
        const unsigned width = (unsigned)strnlen(text, room);
        const unsigned old = line->width < room ? line->width : room;
        (void)fprintf(line->out, "\r%.*s%*s", (int)width, text,
                      old > width ? (int)(old - width) : 0, "");
        line->width = width;
    } else {
        (void)fprintf(line->out, "%s\n", text);
    }
    (void)fflush(line->out);
}

void ipm_progress_draw(struct ipm_progress_line *line,
                       const struct ipm_progress *progress) {
    char text[PROGRESS_TEXT_BYTES];
    if (!line->shown || !progress_due(line, progress))
        return;
    line->drawn_ns = progress->elapsed_ns;
    line->next = progress->done_trials + line->step;
    progress_say(text, progress,
                 line->redrawn ? progress_room(line) : PROGRESS_TEXT_BYTES);
    ipm_progress_put(line, text);
}

void ipm_progress_close(struct ipm_progress_line *line) {
    if (!line->shown || !line->redrawn || line->width == 0)
        return;
    ipm_progress_put(line, "");
    (void)fputc('\r', line->out);
    (void)fflush(line->out);
}

enum { LIVE_LINE_BYTES = 16384 };

/* Adds "64 B one CPU pipe 97.6 MiB/s". */
static void live_add(struct ipm_strbuf *text, const struct ipm_case *c,
                     const struct ipm_sample *trial, bool named,
                     const struct ipm_text_unit *unit) {
    const struct ipm_metric_scope scope = {.subject = c, .trial = trial};
    const struct ipm_text_column *column = ipm_text_set_of(c)->columns;
    const struct ipm_statistic value = {
        .median = ipm_metric_of_trial(ipm_metric_primary(c), &scope) /
                  (column->bytes ? unit->bytes_per_second : 1)};
    (void)ipm_strbuf_add(text, "%s %s %s %s", ipm_text_title(&c->config, " ", named).text,
                         ipm_text_label(&c->config).text, column->format(&value).text,
                         ipm_text_column_heading(column, false, unit));
}

void ipm_live_write(FILE *out, const struct ipm_report *report, uint64_t round,
                    unsigned columns, enum ipm_unit_choice choice) {
    static char line[LIVE_LINE_BYTES]; /* too large for a small stack */
    struct ipm_strbuf text = ipm_strbuf_over(line, sizeof line);
    const struct ipm_text_unit *unit = ipm_text_unit(choice, NAN, NAN);
    const bool named = ipm_text_names_patterns(report);
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        const struct ipm_sample *trial = ipm_case_find_trial(c, round);
        if (trial == NULL)
            continue;
        if (text.used == 0)
            (void)ipm_strbuf_add(&text, "round %" PRIu64 ": ", round + 1);
        else
            (void)ipm_strbuf_add(&text, ", ");
        live_add(&text, c, trial, named, unit);
    }
    if (text.used > 0)
        (void)fprintf(out, "%.*s\n", columns > 0 ? (int)columns : LIVE_LINE_BYTES, line);
    (void)fflush(out);
}
