/* sample.c - sums of counts, and the memory of a sample. */
#include "model/report/sample.h"

#include "model/report/report.h"

#include <stdlib.h>

void ipm_counts_add(struct ipm_counts *sum, const struct ipm_counts *more) {
    sum->messages += more->messages;
    sum->bytes += more->bytes;
    sum->calls += more->calls;
    sum->partial_calls += more->partial_calls;
}

void ipm_damage_add(struct ipm_damage *sum, const struct ipm_damage *more) {
    sum->lost_messages += more->lost_messages;
    sum->reordered_messages += more->reordered_messages;
    sum->duplicated_messages += more->duplicated_messages;
    sum->corrupt_messages += more->corrupt_messages;
}

void ipm_timings_add(struct ipm_timings *sum, const struct ipm_timings *more) {
    ipm_histogram_add(&sum->latency, &more->latency);
    ipm_histogram_add(&sum->since_sent, &more->since_sent);
    ipm_histogram_add(&sum->send_lag, &more->send_lag);
}

static int sample_take(struct ipm_latency *ret_latency,
                       const struct ipm_histogram *histogram) {
    return histogram->count > 0 ? ipm_latency_take(ret_latency, histogram) : 0;
}

int ipm_sample_take(struct ipm_sample *sample, const struct ipm_timings *timings) {
    int failed = sample_take(&sample->latency, &timings->latency);
    if (!failed)
        failed = sample_take(&sample->since_sent, &timings->since_sent);
    return failed ? failed : sample_take(&sample->send_lag, &timings->send_lag);
}

void ipm_sample_done(struct ipm_sample *sample) {
    free(sample->flows);
    sample->flows = NULL;
    sample->flow_count = 0;
    ipm_latency_done(&sample->latency);
    ipm_latency_done(&sample->since_sent);
    ipm_latency_done(&sample->send_lag);
}

/* Trials are in the order of rounds, but rounds may be missing, so the search goes back from index
 * `round`. */
const struct ipm_sample *ipm_case_find_trial(const struct ipm_case *c, uint64_t round) {
    const size_t count = c->trial_count;
    const size_t last = round < count ? (size_t)round : count - 1;
    for (size_t i = 0; i < count; i++) {
        const struct ipm_sample *trial = &c->trials[(last + count - i) % count];
        if (trial->round == round)
            return trial;
    }
    return NULL;
}
