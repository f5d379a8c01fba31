/* terminal.h - the standard streams, and what they can show: width, colours, character set. */
#ifndef IPM_APP_OUTPUT_TERMINAL_H
#define IPM_APP_OUTPUT_TERMINAL_H

#include "reports/renderer.h"

#include <stdbool.h>

struct ipm_err;
struct ipm_option;

/* The value of --color and --progress. */
enum ipm_when { IPM_WHEN_AUTO, IPM_WHEN_ALWAYS, IPM_WHEN_NEVER };

/* Opens /dev/null for each standard descriptor that is closed, so that no file which the program
 * opens later gets its number. It is opened the wrong way round (standard output for reading), so
 * that a use fails as it would on a closed one. For the start of the program. */
void ipm_terminal_secure(void);

/* COLUMNS when it is a sensible number, else the terminal's width, else 80. */
unsigned ipm_terminal_columns(int fd);

/* auto: fd is a terminal, NO_COLOR is not set (no-color.org) and TERM is not "dumb". */
bool ipm_terminal_color(int fd, enum ipm_when when);

/* For a document that goes to fd, or (fd -1) to a file: 80 columns, no colours. */
struct ipm_render_options ipm_terminal_options(int fd, enum ipm_when color);

/* Setter of a table of options, whose member is an enum ipm_when. */
int ipm_terminal_set_when(const struct ipm_option *option, void *target,
                          const char *value, struct ipm_err *err);

/* The row of --color or --progress, in a request of that type with a member of that name, for
 * that stream. */
#define IPM_OPTION_WHEN(type, member, stream)                                            \
    {                                                                                    \
        .name = #member, .argument = "WHEN", .fallback = "auto",                         \
        .help = "auto, always or never; auto: when " stream " is a terminal",            \
        .set = ipm_terminal_set_when, .offset = offsetof(type, member)                   \
    }

#endif
