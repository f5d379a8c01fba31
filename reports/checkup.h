/* checkup.h - the documents of `ipcmark doctor`. Each returns 0 or a negative errno and fills
 * err; write errors of out are also left for the caller to find with ferror. */
#ifndef IPM_REPORTS_CHECKUP_H
#define IPM_REPORTS_CHECKUP_H

#include <stdio.h>

struct ipm_checkup;
struct ipm_err;
struct ipm_render_options;

/* reports/text/checkup.c */
int ipm_checkup_text(const struct ipm_checkup *checkup,
                     const struct ipm_render_options *options, FILE *out,
                     struct ipm_err *err);

/* reports/json/json.c: a document of kind "doctor". */
int ipm_checkup_json(const struct ipm_checkup *checkup, FILE *out, struct ipm_err *err);

#endif
