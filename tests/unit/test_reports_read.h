/* test_reports_read.h - what every test of the reader begins with. */
#ifndef IPM_TEST_REPORTS_READ_H
#define IPM_TEST_REPORTS_READ_H

#include "base/err.h"
#include "model/report/report.h"

#include <stdio.h>

#define NO_REPORT "'x.json' is no ipcmark report: "

/* What reading "x.json" said; closes it. err is for the caller to look at. */
int ipm_test_read_file(FILE *in, struct ipm_err *err);

/* Reads the sample with the first `from` replaced by `to`, which must fail with these words. */
void ipm_test_read_refuse(const char *from, const char *to, const char *words);

/* Writes the sample after `spoil` and reads it, which must fail with these words; NULL: must
 * not. */
void ipm_test_read_spoiled(void (*spoil)(struct ipm_report *report), const char *words);

#endif
