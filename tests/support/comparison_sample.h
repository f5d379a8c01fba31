/* comparison_sample.h - a comparison of two reports that no machine made, with something in
 * it of everything that a renderer must stand. */
#ifndef IPM_COMPARISON_SAMPLE_H
#define IPM_COMPARISON_SAMPLE_H

struct ipm_comparison;

/* Every verdict, cases without a match, hosts that differ, hostile text. Returns 0 or
 * -ENOMEM; ipm_comparison_done either way. */
int ipm_comparison_sample(struct ipm_comparison *comparison);

/* Of two reports without a case in common. */
int ipm_comparison_sample_empty(struct ipm_comparison *comparison);

#endif
