/* setting.h - the settings of a case: what makes it the case that it is. Plain data. */
#ifndef IPM_MODEL_SETTING_H
#define IPM_MODEL_SETTING_H

#include "model/options.h"

#include <stdbool.h>
#include <stdint.h>

enum { IPM_CASE_NAME_BYTES = 192 };

/* What makes a case what it is. */
struct ipm_case_config {
    char name[IPM_CASE_NAME_BYTES];
    char transport[IPM_NAME_BYTES];
    char pattern[IPM_NAME_BYTES];
    uint64_t message_bytes;
    char framing[IPM_NAME_BYTES];    /* "none" */
    char io[IPM_NAME_BYTES];         /* "sync" */
    uint64_t clients;                /* 1 */
    char server[IPM_NAME_BYTES];     /* "" where no server strategy applies */
    uint64_t batch;                  /* 1, unless the transport is made for more */
    uint64_t think_ns;               /* 0 */
    uint64_t buffer_bytes;           /* asked for; 0: the kernel's default */
    uint64_t recv_bytes;             /* what the receiver offers a call */
    char congestion[IPM_NAME_BYTES]; /* asked for; "": the system's default, or none */
    char pin[IPM_NAME_BYTES];        /* "none", "same", "split", "0:1" */
    int64_t sender_cpu;              /* pinned to; -1: not pinned */
    int64_t receiver_cpu;
    bool spin;
    bool copy; /* where messages could be written and read in place */
    bool verify;
};

#endif
