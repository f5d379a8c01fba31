/* choice.h - the renderers of the answer of `ipcmark choose`. */
#ifndef IPM_REPORTS_COMMON_CHOICE_H
#define IPM_REPORTS_COMMON_CHOICE_H

#include "model/choose/choice.h"

#include <stdio.h>

struct ipm_err;
struct ipm_render_options;

/* See render_choice of renderer.h. */
int ipm_choice_text(const struct ipm_choice *choice,
                    const struct ipm_render_options *options, FILE *out,
                    struct ipm_err *err);

#endif
