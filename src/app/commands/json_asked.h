/* json_asked.h - with `--json -` standard output is one valid JSON document, also when the
 * command line is refused. */
#ifndef IPM_APP_COMMANDS_JSON_ASKED_H
#define IPM_APP_COMMANDS_JSON_ASKED_H

#include <stdbool.h>
#include <stddef.h>

struct ipm_err;

/* Whether a command line, which may be wrong anywhere, asks for JSON on standard output by
 * one of "--json -", "--json=-", "-e json=-", "-ejson=-", "--export json=-" or
 * "--export=json=-". Shortened names and clusters of letters are not recognised. */
bool ipm_json_asked(int argc, char **argv);

/* The error of a document: "what failed (hint)". */
void ipm_json_error(char *words, size_t size, const struct ipm_err *err);

#endif
