/* outputs.h - where the results of a run go: documents in files, one on standard output. */
#ifndef IPM_APP_OUTPUT_OUTPUTS_H
#define IPM_APP_OUTPUT_OUTPUTS_H

#include "app/commands/command.h"
#include "app/output/terminal.h"

#include <stdbool.h>
#include <stddef.h>

struct ipm_comparison;
struct ipm_report;

enum { IPM_OUTPUTS_MOST = 16 };

struct ipm_output {
    const struct ipm_renderer *renderer;
    const char *target; /* a file, or "-" */
};

struct ipm_outputs {
    size_t count;
    struct ipm_output items[IPM_OUTPUTS_MOST];
};

/* Other names of standard output count as "-". -EINVAL: a target twice, or too many. */
int ipm_outputs_add(struct ipm_outputs *outputs, const struct ipm_renderer *renderer,
                    const char *target, struct ipm_err *err);

/* "text=FILE". */
int ipm_outputs_add_export(struct ipm_outputs *outputs, const char *export,
                           struct ipm_err *err);

/* The renderer of that name, or NULL and err: unknown, with the nearest one. */
const struct ipm_renderer *ipm_outputs_renderer(const char *name, struct ipm_err *err);

/* The output that goes to standard output, or NULL. */
const struct ipm_output *ipm_outputs_standard(const struct ipm_outputs *outputs);

/* Finds out now which target could not be written. */
int ipm_outputs_check(const struct ipm_outputs *outputs, struct ipm_err *err);

/* Those that are made of a finished report: the others are of app/output/live.h. */
struct ipm_outputs ipm_outputs_whole(const struct ipm_outputs *outputs);

/* Renders the report to each target, standard output last. The first failure is in err;
 * the other targets are written all the same. */
enum ipm_exit ipm_outputs_write(const struct ipm_outputs *outputs,
                                const struct ipm_report *report, enum ipm_when color,
                                struct ipm_err *err);

/* The same of a comparison, and before it: whether each format has a form for one, too. */
int ipm_outputs_check_comparison(const struct ipm_outputs *outputs, struct ipm_err *err);
enum ipm_exit ipm_outputs_write_comparison(const struct ipm_outputs *outputs,
                                           const struct ipm_comparison *comparison,
                                           enum ipm_when color, struct ipm_err *err);

#endif
