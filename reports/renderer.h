/* renderer.h - the contract between the program and a report format.
 *
 * A renderer is one .c file and one row of renderers.def. It turns a finished report into
 * text. It computes no statistic, reads no clock and touches no file but `out`. */
#ifndef IPM_REPORTS_RENDERER_H
#define IPM_REPORTS_RENDERER_H

#include "model/report/report.h"
#include "reports/columns/format.h"

#include <stdbool.h>
#include <stdio.h>

struct ipm_choice;
struct ipm_comparison;
struct ipm_explanation;
struct ipm_history;
struct ipm_merge;

struct ipm_render_options {
    unsigned columns; /* width to fit; 80 when out is no terminal */
    bool color;       /* use ANSI colours */
    bool utf8;        /* the output may contain more than ASCII */
    enum ipm_warnings_shown warnings;
    enum ipm_unit_choice unit; /* of rates of bytes */
};

/* What is rendered: one member is set. */
struct ipm_document {
    const struct ipm_report *report;
    const struct ipm_comparison *comparison;
    const struct ipm_choice *choice;
    const struct ipm_explanation *explanation;
    const struct ipm_merge *merge;
    const struct ipm_history *history;
};

struct ipm_renderer {
    const char *name;    /* the word on the command line: "json" */
    const char *summary; /* one line for `ipcmark list formats`, no full stop */

    /* Writes the whole document. Returns 0 or a negative errno and fills err. Write errors
     * of out are also left for the caller to find with ferror. */
    int (*render)(const struct ipm_report *report,
                  const struct ipm_render_options *options, FILE *out,
                  struct ipm_err *err);

    /* Optional: writes one event while the run goes on; the events together are the
     * document that render writes. Errors as above. */
    int (*event)(const struct ipm_report *report, const struct ipm_event *event,
                 FILE *out, struct ipm_err *err);

    /* Optional: writes a comparison. Errors as above. */
    int (*render_comparison)(const struct ipm_comparison *comparison,
                             const struct ipm_render_options *options, FILE *out,
                             struct ipm_err *err);

    /* Optional: writes the answer of `ipcmark choose`. Errors as above. */
    int (*render_choice)(const struct ipm_choice *choice,
                         const struct ipm_render_options *options, FILE *out,
                         struct ipm_err *err);

    /* Optional: writes where the time of one case goes. Errors as above. */
    int (*render_explanation)(const struct ipm_explanation *explanation,
                              const struct ipm_render_options *options, FILE *out,
                              struct ipm_err *err);

    /* Optional: writes reports of several machines as one. Errors as above. */
    int (*render_merge)(const struct ipm_merge *merge,
                        const struct ipm_render_options *options, FILE *out,
                        struct ipm_err *err);

    /* Optional: writes how results changed over the runs of a history. Errors as above. */
    int (*render_history)(const struct ipm_history *history,
                          const struct ipm_render_options *options, FILE *out,
                          struct ipm_err *err);
};

#define RENDERER(symbol) extern const struct ipm_renderer ipm_renderer_##symbol;
#include "reports/renderers.def"
#undef RENDERER

/* In the order of renderers.def; ends with NULL. */
extern const struct ipm_renderer *const ipm_renderers[];

/* Returns the renderer of that name, or NULL. */
const struct ipm_renderer *ipm_renderer_find(const char *name);

/* Reads a report of schema version 1 and kind "run" from a JSON document: `in` is read to
 * its end, `name` is used in messages. Derived statistics, integrity states and warnings
 * are left for ipm_report_summarize. Errors are -EINVAL (what is wrong, and where), -EIO
 * and -ENOMEM. Call ipm_report_done afterwards, also on error. */
int ipm_report_read(struct ipm_report *report, FILE *in, const char *name,
                    struct ipm_err *err);

/* The same for a file that holds a report among other text, such as what a wrapper prints before
 * and after it. Returns -ENODATA, without words, when there is no report. */
int ipm_report_read_within(struct ipm_report *report, FILE *in, const char *name,
                           struct ipm_err *err);

/* Writes the JSON Schema of reports and comparisons. Errors as for render. */
int ipm_schema_write(FILE *out, struct ipm_err *err);

#endif
