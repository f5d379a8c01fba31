/* progress.h - lines on standard error: what is running, the progress and the time left; and what each
 * round measured. */
#ifndef IPM_APP_OUTPUT_PROGRESS_H
#define IPM_APP_OUTPUT_PROGRESS_H

#include "app/output/terminal.h"
#include "reports/columns/format.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct ipm_progress;

struct ipm_progress_line {
    FILE *out;
    bool shown;
    bool redrawn;      /* redrawn in place; otherwise a new line per step */
    uint64_t step;     /* trials from one new line to the next */
    uint64_t drawn_ns; /* time of the last drawing, by the run's clock */
    uint64_t next;     /* trials done when the next new line is due */
    unsigned width;    /* of the visible text */
    const char *phase;
};

/* Opens the line; auto shows it on a terminal only. Where the line cannot be redrawn, a
 * new one is written every `step` trials. */
void ipm_progress_open(struct ipm_progress_line *line, FILE *out, enum ipm_when when,
                       uint64_t step);

/* Draws the progress of a run, at most ten times a second. */
void ipm_progress_draw(struct ipm_progress_line *line,
                       const struct ipm_progress *progress);

/* Replaces the text, cut at the terminal's current width. */
void ipm_progress_put(struct ipm_progress_line *line, const char *text);

/* Clears the line. */
void ipm_progress_close(struct ipm_progress_line *line);

/* Writes the values of a round: the primary metric of each case that has a trial in it. A round
 * without any is not written; rates of bytes have that unit. The line is cut at `columns`,
 * 0: not at all. */
void ipm_live_write(FILE *out, const struct ipm_report *report, uint64_t round,
                    unsigned columns, enum ipm_unit_choice choice);

#endif
