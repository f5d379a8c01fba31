/* list.h - what `ipcmark list` shows, between looking it up and writing it down. */
#ifndef IPM_APP_COMMANDS_LIST_H
#define IPM_APP_COMMANDS_LIST_H

#include "app/cli/name_table.h"

#include <stddef.h>
#include <stdio.h>

struct ipm_err;
struct ipm_origins;
struct ipm_probe;

struct ipm_list {
    const char *topic; /* "patterns": what was asked for */
    size_t count;
    const struct ipm_term *terms; /* or NULL, and then the transports: */
    const struct ipm_probe *probes;
    const struct ipm_origins *plugins; /* what they came out of that are not built in */
};

/* The words for the kinds of a transport: "socket", "duplex by two", "stream". */
struct ipm_list_kinds {
    const char *family;
    const char *direction;
    const char *boundaries;
};

struct ipm_list_kinds ipm_list_kinds_of(const struct ipm_probe *probe);

/* Each writes the whole list. Returns 0 or a negative errno and fills err. */
int ipm_list_text(const struct ipm_list *list, FILE *out, struct ipm_err *err);
int ipm_list_json(const struct ipm_list *list, FILE *out, struct ipm_err *err);

#endif
