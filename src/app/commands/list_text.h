/* list_text.h - a list of `ipcmark list` as text. */
#ifndef IPM_APP_COMMANDS_LIST_TEXT_H
#define IPM_APP_COMMANDS_LIST_TEXT_H

#include <stdio.h>

struct ipm_err;
struct ipm_list;

/* Writes the whole list, at most 80 columns wide. Returns 0. */
int ipm_list_text(const struct ipm_list *list, FILE *out, struct ipm_err *err);

#endif
