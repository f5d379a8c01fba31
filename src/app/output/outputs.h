/* outputs.h - the documents that a command writes: files, and one on standard output. */
#ifndef IPM_APP_OUTPUT_OUTPUTS_H
#define IPM_APP_OUTPUT_OUTPUTS_H

#include "app/output/terminal.h"
#include "base/outfile.h"

#include <stdbool.h>
#include <stddef.h>

struct ipm_option;

enum { IPM_OUTPUTS_MOST = 16 };

struct ipm_output {
    const struct ipm_renderer *renderer;
    const char *target;      /* a file, or "-" */
    struct ipm_outfile live; /* open during a run if the format has events */
};

struct ipm_outputs {
    size_t count;
    enum ipm_warnings_shown warnings;          /* in documents for a person */
    enum ipm_unit_choice unit;                 /* of rates of bytes, in the same */
    struct ipm_output items[IPM_OUTPUTS_MOST]; /* standard output comes last */
};

/* Adds a document in the format of that name. Other names of standard output are treated
 * as "-". Returns 0, or -EINVAL for an unknown format, a target with the name of a
 * transport, a duplicate target, or too many outputs. */
int ipm_outputs_add(struct ipm_outputs *outputs, const char *format, const char *target,
                    struct ipm_err *err);

/* Refuses a file with the name of a transport: in "--json pipe", FILE was forgotten.
 * Returns 0 or -EINVAL. */
int ipm_outputs_check_name(const char *target, struct ipm_err *err);

/* Adds the text on standard output, unless another document goes there or `quiet` is
 * set. */
int ipm_outputs_add_text(struct ipm_outputs *outputs, bool quiet, struct ipm_err *err);

/* Setters of options whose member is a struct ipm_outputs: a file in the format of the
 * option's name (--json FILE), and FORMAT=FILE. */
int ipm_outputs_set_file(const struct ipm_option *option, void *target, const char *value,
                         struct ipm_err *err);
int ipm_outputs_set_export(const struct ipm_option *option, void *target,
                           const char *value, struct ipm_err *err);

/* Returns the output to standard output, or NULL. */
const struct ipm_output *ipm_outputs_standard(const struct ipm_outputs *outputs);

/* Returns an error if a format does not show documents of that kind, or a target could not be
 * written. */
int ipm_outputs_check(const struct ipm_outputs *outputs, enum ipm_document_kind kind,
                      struct ipm_err *err);

/* Opens those outputs that can be written during a run, under their final names. On error
 * none is open; otherwise ipm_outputs_write closes them. The struct must not move in
 * between. */
int ipm_outputs_open(struct ipm_outputs *outputs, struct ipm_err *err);

/* Adds an event to each open output. */
void ipm_outputs_add_event(struct ipm_outputs *outputs, const struct ipm_report *report,
                           const struct ipm_event *event);

/* Renders the document to each target, standard output last; adds the cases and the end to
 * open outputs. Each format must have that kind of document. A failure does not stop the
 * others. Returns 0 or the last failure. */
int ipm_outputs_write(struct ipm_outputs *outputs, const struct ipm_document *document,
                      enum ipm_when color, struct ipm_err *err);

/* Writes one document by `write` and completes it. A closed pipe on standard output ends
 * the process by SIGPIPE, so other documents must be written first. Returns 0 or a
 * negative errno. */
int ipm_outputs_put(int (*write)(const void *context, FILE *out, struct ipm_err *err),
                    const void *context, const char *target, struct ipm_err *err);

/* Renders one document in the format of that name to a target, which is complete then. Returns 0 or
 * a negative errno. */
int ipm_outputs_put_as(const char *format, const struct ipm_document *document,
                       const char *target, enum ipm_when color, struct ipm_err *err);

/* The rows of --warnings and --unit in a request of that type that has outputs. */
#define IPM_OPTION_WARNINGS(type)                                                        \
    IPM_OPTION("warnings", 0,                                                            \
               "top: the three worst, a line each; all: every one with its effect and "  \
               "advice; none",                                                           \
               .argument = "top|all|none", .fallback = "top",                            \
               IPM_OPTION_WORD(type, outputs.warnings, ipm_warnings_shown_words))
#define IPM_OPTION_UNIT(type)                                                            \
    IPM_OPTION(                                                                          \
        "unit", 0,                                                                       \
        "unit of throughput, per second, in text, Markdown and pages; auto: MiB, "       \
        "or KiB below 1 MiB, or GiB above 10 GiB",                                       \
        .argument = "auto|MiB|MB|Gbit", .fallback = "auto",                              \
        IPM_OPTION_WORD(type, outputs.unit, ipm_unit_choice_words))

#endif
