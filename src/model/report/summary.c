/* summary.c - the statistics of a case, or those of no trial before they are computed. */
#include "model/report/report.h"

const struct ipm_summary *ipm_case_summary(const struct ipm_case *c) {
    static const struct ipm_summary none;
    return c->summary ? c->summary : &none;
}
