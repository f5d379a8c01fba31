/* replace.h - puts a written file in the place of another one. */
#ifndef IPM_BASE_REPLACE_H
#define IPM_BASE_REPLACE_H

#include <stdbool.h>

/* Whether an errno means that data was lost. Any other one of a call that is not essential means
 * that the file system lacks the call. */
bool ipm_replace_is_loss(int why);

/* Appends the content of `from` to `to` and syncs it. Returns 0 or a negative errno. */
int ipm_replace_copy(int to, int from);

/* Renames `beside` to `place`. Where the file system has no rename(2) or refuses it, copies the
 * content, which is not atomic, and removes `beside`; then fd, unless it is -1, becomes a descriptor
 * of the file in place, at its end. Returns 0 or a negative errno. */
int ipm_replace_file(const char *place, const char *beside, int fd);

#endif
