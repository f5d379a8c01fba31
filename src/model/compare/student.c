/* student.c - the t distribution by its finite series (Abramowitz and Stegun, 26.7.3 and
 * 26.7.4). */
#include "model/compare/student.h"

#include <assert.h>
#include <math.h>

static const double STUDENT_MOST = 1e4; /* beyond all limits that are asked for */

double ipm_student_above(double t, size_t freedom) {
    assert(freedom > 0);
    const double angle = atan(fabs(t) / sqrt((double)freedom));
    const size_t odd = freedom % 2;
    double term = odd ? cos(angle) : 1;
    double sum = freedom == 1 ? 0 : term;
    for (size_t k = 2 + odd; k < freedom; k += 2) {
        term *= (double)(k - 1) / (double)k * cos(angle) * cos(angle);
        sum += term;
    }
    const double inside = odd ? (angle + sin(angle) * sum) / acos(0) : sin(angle) * sum;
    return t < 0 ? (1 + inside) / 2 : (1 - inside) / 2;
}

double ipm_student_limit(double probability, size_t freedom) {
    double low = 0;
    double high = STUDENT_MOST;
    for (int i = 0; i < 60; i++) {
        const double middle = (low + high) / 2;
        if (ipm_student_above(middle, freedom) > probability)
            low = middle;
        else
            high = middle;
    }
    return high;
}
