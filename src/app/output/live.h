/* live.h - documents that grow while a run goes on. */
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

/* Opens those of the outputs that can be written as the run goes on, and puts them in place.
 * On error none is open. */
int ipm_live_open(struct ipm_live *live, const struct ipm_outputs *outputs,
                  struct ipm_err *err);

/* Adds what happened to each. What cannot be written is told by ipm_live_close. */
void ipm_live_tell(struct ipm_live *live, const struct ipm_report *report,
                   const struct ipm_event *event);

/* Adds the cases and the end, and closes: files first, standard output last, where a reader
 * that has left ends the process as in ipm_document_put. Returns FINE or BAD. */
enum ipm_exit ipm_live_close(struct ipm_live *live, const struct ipm_report *report,
                             struct ipm_err *err);

#endif
