/* live.h - documents that are written while a run goes on. */
#ifndef IPM_APP_OUTPUT_LIVE_H
#define IPM_APP_OUTPUT_LIVE_H

#include "app/output/outputs.h"
#include "base/outfile.h"

struct ipm_event;

struct ipm_live {
    size_t count;
    struct {
        const struct ipm_output *output;
        struct ipm_outfile file;
    } items[IPM_OUTPUTS_MOST];
};

/* Opens those outputs that can be written while the run goes on, under their final names.
 * On error none is open. */
int ipm_live_open(struct ipm_live *live, const struct ipm_outputs *outputs,
                  struct ipm_err *err);

/* Adds an event to each. ipm_live_close returns the errors. */
void ipm_live_write(struct ipm_live *live, const struct ipm_report *report,
                    const struct ipm_event *event);

/* Adds the cases and the end, and closes: files first, standard output last, where a reader
 * that has left ends the process as in ipm_document_put. Returns 0 or the last failure. */
int ipm_live_close(struct ipm_live *live, const struct ipm_report *report,
                   struct ipm_err *err);

#endif
