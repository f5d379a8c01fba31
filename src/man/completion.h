/* completion.h - what the shells complete, out of the tables of options. */
#ifndef IPM_MAN_COMPLETION_H
#define IPM_MAN_COMPLETION_H

#include <stdio.h>

/* Writes the lines of `in`, a script for the shell that is named, and the table of options
 * in place of the line "@table". Returns 0, or -1: the shell is unknown. */
int ipm_completion_write(const char *shell, FILE *in, FILE *out);

#endif
