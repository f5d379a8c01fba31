/* terminal.h - what a stream can show: width, colours, letters. */
#ifndef IPM_APP_OUTPUT_TERMINAL_H
#define IPM_APP_OUTPUT_TERMINAL_H

#include "reports/renderer.h"

#include <stdbool.h>

/* --color and --progress. */
enum ipm_when { IPM_WHEN_AUTO, IPM_WHEN_ALWAYS, IPM_WHEN_NEVER };

/* COLUMNS when it is a sensible number, else the terminal's width, else 80. */
unsigned ipm_terminal_columns(int fd);

/* auto: fd is a terminal, NO_COLOR is not set (no-color.org) and TERM is not "dumb". */
bool ipm_terminal_color(int fd, enum ipm_when when);

/* For a document that goes to fd, or (fd -1) to a file: 80 columns, no colours. */
struct ipm_render_options ipm_terminal_options(int fd, enum ipm_when color);

#endif
