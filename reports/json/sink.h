/* sink.h - a JSON value to a stream. For the formats that are JSON. */
#ifndef IPM_REPORTS_JSON_SINK_H
#define IPM_REPORTS_JSON_SINK_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

struct ipm_err;

/* Writes root and a newline; `flags` is JSON_INDENT(n) or JSON_COMPACT. Numbers are written so
 * that the same double is read back. Takes root over; NULL is a lack of memory. */
int ipm_json_sink(json_t *root, size_t flags, FILE *out, struct ipm_err *err);

#endif
