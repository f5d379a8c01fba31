/* table.h - the program's side of the table of transports: checking rows and adding them.
 * Not installed. */
#ifndef IPM_TRANSPORTS_TABLE_H
#define IPM_TRANSPORTS_TABLE_H

struct ipm_err;
struct ipm_transport;

enum { IPM_TRANSPORTS_ADDED_MOST = 64 };

/* Checks that a row has words for lists, every required operation, and capabilities that
 * are known and go together. Returns 0, or -EINVAL and words. */
int ipm_transport_check(const struct ipm_transport *row, struct ipm_err *err);

/* Checks a row and appends a copy of it to the table; what the row points to must stay.
 * Call it before anything counts or reads the rows. Returns 0 and the row in the table,
 * or -EINVAL (also for a name that is taken) or -E2BIG (too many), and words. */
int ipm_transport_add(const struct ipm_transport *row,
                      const struct ipm_transport **ret_row, struct ipm_err *err);

#endif
