/* text.h - cutting text where a character ends. */
#ifndef IPM_BASE_TEXT_H
#define IPM_BASE_TEXT_H

#include <stddef.h>

/* How many bytes of text fit into `most` without splitting a UTF-8 character: half of one
 * would make a whole JSON document invalid. */
size_t ipm_text_fit(const char *text, size_t most);

#endif
