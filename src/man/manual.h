/* manual.h - the manual pages, out of the tables of the program. */
#ifndef IPM_MAN_MANUAL_H
#define IPM_MAN_MANUAL_H

/* Writes all pages into the directory `output`, as NAME.SECTION.scd. `sources` is the
 * directory of the sources, `headers` that of the installed headers. Exits when a file cannot
 * be read or written. */
void ipm_manual_write(const char *sources, const char *headers, const char *output);

#endif
