/* summary.c - the statistics of a case, whether they are made or not. */
#include "model/report/report.h"

const struct ipm_summary *ipm_case_summary(const struct ipm_case *c) {
    static const struct ipm_summary none;
    return c->summary ? c->summary : &none;
}
