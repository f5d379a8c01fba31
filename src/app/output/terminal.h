/* terminal.h - the standard streams and their width, colours and character set. */
#ifndef IPM_APP_OUTPUT_TERMINAL_H
#define IPM_APP_OUTPUT_TERMINAL_H

#include "reports/renderer.h"

#include <stdbool.h>

/* The value of --color and --progress. */
enum ipm_when { IPM_WHEN_AUTO, IPM_WHEN_ALWAYS, IPM_WHEN_NEVER };
extern const char *const ipm_when_words[]; /* ends with NULL */

/* Called at the start of the program. Opens /dev/null for each closed standard
 * descriptor, so that no file opened later gets its number. It is opened in the opposite
 * direction (standard output for reading), so that its use fails as on a closed one. */
void ipm_terminal_secure(void);

/* Returns COLUMNS if it is a sensible number, otherwise the terminal's width, otherwise
 * 80. */
unsigned ipm_terminal_columns(int fd);

/* Whether to use colours; with auto if fd is a terminal, NO_COLOR is not set
 * (no-color.org) and TERM is not "dumb". */
bool ipm_terminal_color(int fd, enum ipm_when when);

/* Returns the options for a document to fd or, with fd -1, to a file: 80 columns, no
 * colours. */
struct ipm_render_options ipm_terminal_options(int fd, enum ipm_when color);

/* The row of --color or --progress for that stream, in a request of that type with a
 * member of that name. */
#define IPM_OPTION_WHEN(type, member, stream)                                            \
    IPM_OPTION(#member, 0, "auto, always or never; auto: when " stream " is a terminal", \
               .argument = "WHEN", .fallback = "auto",                                   \
               IPM_OPTION_WORD(type, member, ipm_when_words))

#endif
