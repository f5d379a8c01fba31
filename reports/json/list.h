/* list.h - the rows of `ipcmark list`, and their JSON form. */
#ifndef IPM_REPORTS_JSON_LIST_H
#define IPM_REPORTS_JSON_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct ipm_err;

/* The members after the summary are for transports only: family is NULL for other rows. */
struct ipm_list_row {
    const char *name;
    const char *summary;
    const char *family;
    const char *direction;
    const char *boundaries; /* "messages" or "stream" */
    bool reliable;
    bool connected;
    const char *addressing;
    size_t max_message_bytes; /* SIZE_MAX: any */
    const char *reason;       /* why it is unavailable; NULL: it can run */
    const char *plugin;       /* its library; NULL: it is built in */
};

struct ipm_list {
    const char *topic; /* "patterns" */
    size_t count;
    struct ipm_list_row *rows;
};

/* Writes {TOPIC: [row...]}. Returns 0 or a negative errno. */
int ipm_json_list(const struct ipm_list *list, FILE *out, struct ipm_err *err);

#endif
