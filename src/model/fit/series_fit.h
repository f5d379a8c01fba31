/* series_fit.h - the cost model of a series. */
#ifndef IPM_MODEL_FIT_SERIES_FIT_H
#define IPM_MODEL_FIT_SERIES_FIT_H

#include "model/fit/fit.h"
#include "model/report/series.h"

/* Makes the model of a metric over the sizes of a series: of the time that a message takes
 * by it. A metric that is no rate and no time has no model. Returns 0 or -ENOMEM. */
int ipm_series_fit(struct ipm_fit *ret_fit, const struct ipm_report *report,
                   const struct ipm_series *series, const struct ipm_metric *metric);

/* Computes the metric by the model. Returns false where the model has no answer. */
bool ipm_series_at(const struct ipm_fit *fit, const struct ipm_metric *metric,
                   uint64_t bytes, struct ipm_estimate *ret_value);

#endif
