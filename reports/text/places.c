/* places.c - counts pairs of CPUs; see text/places.h. Must not print. */
#include "reports/text/places.h"

#include "model/report/report.h"

#include <stdbool.h>

static void places_add(struct ipm_text_places *places, int64_t sender, int64_t receiver) {
    size_t at = 0;
    places->trials++;
    while (at < places->count && (places->items[at].sender_cpu != sender ||
                                  places->items[at].receiver_cpu != receiver)) {
        at++;
    }
    if (at == IPM_TEXT_PLACES_MOST) {
        return;
    }
    if (at == places->count) {
        places->items[places->count++] =
            (struct ipm_text_place){.sender_cpu = sender, .receiver_cpu = receiver};
    }
    places->items[at].trials++;
}

/* Pairs that are equally frequent keep one order: by CPU. */
static bool places_before(const struct ipm_text_place *a,
                          const struct ipm_text_place *b) {
    if (a->trials != b->trials) {
        return a->trials > b->trials;
    }
    if (a->sender_cpu != b->sender_cpu) {
        return a->sender_cpu < b->sender_cpu;
    }
    return a->receiver_cpu < b->receiver_cpu;
}

static void places_order(struct ipm_text_places *places) {
    for (size_t i = 1; i < places->count; i++) {
        struct ipm_text_place moved = places->items[i];
        size_t at = i;
        for (; at > 0 && places_before(&moved, &places->items[at - 1]); at--) {
            places->items[at] = places->items[at - 1];
        }
        places->items[at] = moved;
    }
}

void ipm_text_places_count(struct ipm_text_places *places,
                           const struct ipm_report *report) {
    places->count = 0;
    places->trials = 0;
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        bool two = c->config.server[0] == '\0';
        for (size_t t = 0; two && t < c->trial_count; t++) {
            int64_t sender = c->trials[t].usage[IPM_SENDER].last_cpu;
            int64_t receiver = c->trials[t].usage[IPM_RECEIVER].last_cpu;
            if (sender >= 0 && receiver >= 0) {
                places_add(places, sender, receiver);
            }
        }
    }
    places_order(places);
}
