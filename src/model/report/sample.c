/* sample.c - what a sample owns. */
#include "model/report/sample.h"

#include <stdlib.h>

void ipm_sample_done(struct ipm_sample *sample) {
    free(sample->flows);
    sample->flows = NULL;
    sample->flow_count = 0;
    ipm_latency_done(&sample->latency);
}
