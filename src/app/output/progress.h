/* progress.h - a line on standard error: what is running, how far, and the time left. */
#ifndef IPM_APP_OUTPUT_PROGRESS_H
#define IPM_APP_OUTPUT_PROGRESS_H

#include "app/output/terminal.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct ipm_progress;

struct ipm_progress_line {
    FILE *out;
    bool shown;
    bool redrawn;      /* in place; else new lines, one each step */
    uint64_t step;     /* trials from one new line to the next */
    uint64_t drawn_ns; /* when it was drawn last, by the clock of the run */
    uint64_t next;     /* trials done when the next new line is due */
    unsigned width;    /* of the text that is shown */
    const char *phase;
};

/* auto shows it on a terminal only. A new line comes every `step` trials where the line
 * cannot be redrawn. */
void ipm_progress_open(struct ipm_progress_line *line, FILE *out, enum ipm_when when,
                       uint64_t step);

/* Draws the progress of a run, at most ten times a second. */
void ipm_progress_draw(struct ipm_progress_line *line,
                       const struct ipm_progress *progress);

/* Draws a text in place of the last one, cut where the terminal ends now. */
void ipm_progress_put(struct ipm_progress_line *line, const char *text);

/* Wipes the line. */
void ipm_progress_close(struct ipm_progress_line *line);

#endif
