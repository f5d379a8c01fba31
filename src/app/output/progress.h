/* progress.h - what is running, how far, and the time left: a line on standard error. */
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
    bool redrawn;      /* one line over and over; else a new line once in a while */
    unsigned columns;  /* never written beyond */
    uint64_t step;     /* trials from one new line to the next */
    uint64_t drawn_ns; /* when the line was drawn last, by the run's own clock */
    uint64_t next;     /* trials done when the next new line is due */
    unsigned width;    /* of what is drawn now */
    const char *phase;
};

/* auto shows it on a terminal only. A new line comes every `step` trials where the line
 * cannot be redrawn. */
void ipm_progress_open(struct ipm_progress_line *line, FILE *out, enum ipm_when when,
                       uint64_t step);

/* For ipm_executor.progress: draws at most ten times a second. */
void ipm_progress_draw(void *context, const struct ipm_progress *progress);

/* Wipes the line. */
void ipm_progress_close(struct ipm_progress_line *line);

#endif
