/* table.h - the program's side of the table of transports: what a row must be, and more
 * rows at its end. Not installed; knows nothing of where rows come from. */
#ifndef IPM_TRANSPORTS_TABLE_H
#define IPM_TRANSPORTS_TABLE_H

#include <stddef.h>

struct ipm_err;
struct ipm_transport;

enum { IPM_TRANSPORTS_ADDED_MOST = 64 };

/* Whether a row is fit for the table: words for lists, every operation that must be there,
 * capabilities that are known and go together. Returns 0, or -EINVAL and words. */
int ipm_transport_check(const struct ipm_transport *row, struct ipm_err *err);

/* Checks a row and puts it behind the others: before anything looks at the table, since
 * whoever counted the rows would miss it. `row_bytes` is what whoever made it takes for
 * sizeof(struct ipm_transport): members behind them are none; members that this program does
 * not know must be zero. The row is copied, what it points to is not. Returns 0 and the row
 * in the table, or -EINVAL (also: a name that is taken), -E2BIG (too many) and words. */
int ipm_transport_add(const struct ipm_transport *row, size_t row_bytes,
                      const struct ipm_transport **ret_row, struct ipm_err *err);

#endif
