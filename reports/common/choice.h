/* choice.h - the renderers of `ipcmark choose`, and of `ipcmark report --explain` and `--merge`. */
#ifndef IPM_REPORTS_COMMON_CHOICE_H
#define IPM_REPORTS_COMMON_CHOICE_H

#include "model/choose/choice.h"
#include "model/choose/explanation.h"
#include "model/merge/merge.h"

#include <stdio.h>

struct ipm_err;
struct ipm_render_options;

/* See render_choice of renderer.h. */
int ipm_choice_text(const struct ipm_choice *choice,
                    const struct ipm_render_options *options, FILE *out,
                    struct ipm_err *err);

/* See render_explanation of renderer.h. */
int ipm_explanation_text(const struct ipm_explanation *explanation,
                         const struct ipm_render_options *options, FILE *out,
                         struct ipm_err *err);

/* See render_merge of renderer.h. */
int ipm_merge_text(const struct ipm_merge *merge,
                   const struct ipm_render_options *options, FILE *out,
                   struct ipm_err *err);

#endif
