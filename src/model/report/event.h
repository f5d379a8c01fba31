/* event.h - what happens in a run, in the order in which it happens: for whoever watches. */
#ifndef IPM_MODEL_REPORT_EVENT_H
#define IPM_MODEL_REPORT_EVENT_H

#include <stddef.h>

struct ipm_sample;

enum ipm_event_kind {
    IPM_EVENT_START, /* the rows of the report are there, nothing is measured */
    IPM_EVENT_TRIAL, /* a timed trial is over; or a case has failed */
    IPM_EVENT_CASE,  /* a case is summarised */
    IPM_EVENT_END,   /* the report is finished */
};

struct ipm_event {
    enum ipm_event_kind kind;
    size_t case_index;              /* of a trial and of a case */
    const struct ipm_sample *trial; /* NULL: none came of it, the case has the reason */
};

#endif
