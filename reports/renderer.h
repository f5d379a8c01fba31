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

struct ipm_checkup;
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

enum ipm_document_kind {
    IPM_DOCUMENT_REPORT,
    IPM_DOCUMENT_COMPARISON,
    IPM_DOCUMENT_CHOICE,      /* the answer of `ipcmark choose` */
    IPM_DOCUMENT_EXPLANATION, /* where the time of one case goes */
    IPM_DOCUMENT_MERGE,       /* reports of several machines as one */
    IPM_DOCUMENT_HISTORY,     /* how results changed over the runs of a history */
    IPM_DOCUMENT_CHECKUP,     /* what `ipcmark doctor` found */
    IPM_DOCUMENTS
};

/* What is rendered: the member of its kind is set. */
struct ipm_document {
    enum ipm_document_kind kind;
    union {
        const void *any;
        const struct ipm_report *report;
        const struct ipm_comparison *comparison;
        const struct ipm_choice *choice;
        const struct ipm_explanation *explanation;
        const struct ipm_merge *merge;
        const struct ipm_history *history;
        const struct ipm_checkup *checkup;
    };
};

/* Writes the whole document. Returns 0 or a negative errno and fills err. Write errors of out are
 * also left for the caller to find with ferror. */
typedef int ipm_render(const struct ipm_document *document,
                       const struct ipm_render_options *options, FILE *out,
                       struct ipm_err *err);

struct ipm_renderer {
    const char *name;    /* the word on the command line: "json" */
    const char *summary; /* one line for `ipcmark list formats`, no full stop */
    ipm_render *render[IPM_DOCUMENTS]; /* NULL: not shown; all show reports */

    /* Optional: writes one event while the run goes on; the events together are the
     * document that render writes of the report. Errors as above. */
    int (*event)(const struct ipm_report *report, const struct ipm_event *event,
                 FILE *out, struct ipm_err *err);
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
