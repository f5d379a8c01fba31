/* student.h - Student's t distribution, with whole degrees of freedom. Pure arithmetic. */
#ifndef IPM_MODEL_COMPARE_STUDENT_H
#define IPM_MODEL_COMPARE_STUDENT_H

#include <stddef.h>

/* Returns the probability of a value above t. `freedom` is at least 1. */
double ipm_student_above(double t, size_t freedom);

/* Returns the value that is exceeded with that probability, which is below 0.5. */
double ipm_student_limit(double probability, size_t freedom);

#endif
