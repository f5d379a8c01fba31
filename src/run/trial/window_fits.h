/* window_fits.h - whether the buffers of both directions hold a window of requests. */
#ifndef IPM_RUN_TRIAL_WINDOW_FITS_H
#define IPM_RUN_TRIAL_WINDOW_FITS_H

struct ipm_err;
struct ipm_facts;
struct ipm_pump;

/* Returns 0, or -ENOSPC where a client that sends its window before it receives, and a server
 * that responds before it receives again, could wait for each other. `settings` are the
 * effective ones of this end; those of the other end are the same. A window of one request
 * always fits. */
int ipm_window_fits(const struct ipm_pump *pump, const struct ipm_facts *settings,
                    struct ipm_err *err);

#endif
