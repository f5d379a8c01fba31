/* places.h - on which CPUs the ends ran, counted over all trials. */
#ifndef IPM_REPORTS_TEXT_PLACES_H
#define IPM_REPORTS_TEXT_PLACES_H

#include <stddef.h>
#include <stdint.h>

struct ipm_report;

enum { IPM_TEXT_PLACES_MOST = 256, IPM_TEXT_PLACES_SHOWN = 3 };

struct ipm_text_place {
    int64_t sender_cpu;
    int64_t receiver_cpu;
    size_t trials;
};

struct ipm_text_places {
    size_t count;
    size_t trials; /* whose CPUs are known */
    struct ipm_text_place items[IPM_TEXT_PLACES_MOST];
};

/* By the CPU at the end of the window; the most frequent first. A place that finds no
 * room any more is counted in `trials` only. Of many clients one alone is known, which says
 * nothing of the others: such cases are left out. */
void ipm_text_places_count(struct ipm_text_places *places,
                           const struct ipm_report *report);

#endif
