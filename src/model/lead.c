/* lead.c - the figure that a case is about, by what was measured. Knows no pattern. */
#include "model/lead.h"

const struct ipm_statistic *ipm_lead_of(const struct ipm_summary *summary) {
    if (summary->connections_per_second.count > 0)
        return &summary->connections_per_second;
    if (summary->round_trips_per_second.count > 0)
        return &summary->round_trips_per_second;
    return &summary->throughput_bytes_per_second;
}
