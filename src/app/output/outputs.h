/* outputs.h - where the results of a command go: documents in files, one on standard output. */
#ifndef IPM_APP_OUTPUT_OUTPUTS_H
#define IPM_APP_OUTPUT_OUTPUTS_H

#include "app/output/terminal.h"
#include "base/outfile.h"

#include <stdbool.h>
#include <stddef.h>

struct ipm_comparison;
struct ipm_event;
struct ipm_option;
struct ipm_report;

enum { IPM_OUTPUTS_MOST = 16 };

struct ipm_output {
    const struct ipm_renderer *renderer;
    const char *target;      /* a file, or "-" */
    struct ipm_outfile live; /* open while a run goes on, where the format has events */
};

struct ipm_outputs {
    size_t count;
    struct ipm_output items[IPM_OUTPUTS_MOST]; /* standard output comes last */
};

/* Adds a document in the format of that name. Other names of standard output count as "-".
 * Returns 0, or -EINVAL: an unknown format, a target twice, or too many. */
int ipm_outputs_add(struct ipm_outputs *outputs, const char *format, const char *target,
                    struct ipm_err *err);

/* Adds the text on standard output, unless another document goes there or `quiet`. */
int ipm_outputs_add_text(struct ipm_outputs *outputs, bool quiet, struct ipm_err *err);

/* Setters of a table of options, whose member is a struct ipm_outputs: a file in the format
 * that is the option's name (--json FILE), and FORMAT=FILE. */
int ipm_outputs_set_file(const struct ipm_option *option, void *target, const char *value,
                         struct ipm_err *err);
int ipm_outputs_set_export(const struct ipm_option *option, void *target,
                           const char *value, struct ipm_err *err);

/* The output that goes to standard output, or NULL. */
const struct ipm_output *ipm_outputs_standard(const struct ipm_outputs *outputs);

/* Fails when a target could not be written. */
int ipm_outputs_check(const struct ipm_outputs *outputs, struct ipm_err *err);

/* The same for outputs of a comparison: refuses formats that cannot show one, too. */
int ipm_outputs_check_comparison(const struct ipm_outputs *outputs, struct ipm_err *err);

/* Opens those outputs that can be written while a run goes on, under their final names. On error
 * none is open; else ipm_outputs_write closes them. The struct must not move meanwhile. */
int ipm_outputs_open(struct ipm_outputs *outputs, struct ipm_err *err);

/* Adds an event to each of them. */
void ipm_outputs_add_event(struct ipm_outputs *outputs, const struct ipm_report *report,
                           const struct ipm_event *event);

/* Renders the report, or the comparison (the other is NULL), to each target, standard output
 * last; to those that are open it adds the cases and the end. The other targets are written also
 * when one fails. Returns 0 or the last failure. */
int ipm_outputs_write(struct ipm_outputs *outputs, const struct ipm_report *report,
                      const struct ipm_comparison *comparison, enum ipm_when color,
                      struct ipm_err *err);

/* Has `write` fill one document, and completes it. A pipe on standard output that nobody reads
 * ends the process by SIGPIPE, as it ends any filter: write other documents first. Returns 0 or a
 * negative errno. */
int ipm_outputs_put(int (*write)(const void *context, FILE *out, struct ipm_err *err),
                    const void *context, const char *target, struct ipm_err *err);

#endif
