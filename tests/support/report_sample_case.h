/* report_sample_case.h - the cases of the sample report: each from one line of a table. For
 * report_sample.c alone. */
#ifndef IPM_REPORT_SAMPLE_CASE_H
#define IPM_REPORT_SAMPLE_CASE_H

#include "model/report/report.h"

#include <stddef.h>
#include <stdint.h>

/* A case in one line: what a trial of it gives, before the noise. */
struct ipm_sample_row {
    const char *transport;
    const char *pattern;    /* NULL: stream */
    const char *framing;    /* NULL: none */
    const char *io;         /* NULL: sync */
    const char *wait;       /* NULL: block */
    const char *server;     /* NULL: no strategy applies */
    const char *congestion; /* NULL: the system's */
    const char *pin;        /* NULL: none */
    uint64_t message_bytes;
    uint64_t clients; /* 0: one */
    uint64_t batch;   /* 0: one */
    uint64_t think_ns;
    uint64_t rate; /* offered by the sender; 0: none */
    double bytes_per_second;
    size_t flows;             /* that the bytes went in */
    uint64_t answers;         /* awaited in a trial, ... */
    uint64_t answer_ns;       /* ... each this long, and some longer */
    uint64_t answer_messages; /* sent for each of them, both ways together */
    enum ipm_case_status status;
    const char *reason;
    uint64_t lost_in_1000;
    uint64_t corrupt_messages;
    int known;  /* 0: the kernel told nothing about the processes */
    int hollow; /* moves nothing that could be verified */
};

/* Fills a new case with `rounds` trials. Returns 0, or -1: no memory. */
int ipm_sample_fill_case(struct ipm_case *c, const struct ipm_sample_row *row,
                         uint64_t rounds, uint64_t *state);

/* From -1 to 1, and the same every time. */
double ipm_sample_noise(uint64_t *state);

/* Copies words, or "" for NULL. */
void ipm_sample_text(char *text, size_t size, const char *words);

#endif
