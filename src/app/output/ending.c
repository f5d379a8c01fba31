/* ending.c - what the ending of a file's name says about its format. */
#include "app/output/ending.h"

#include "base/err.h"
#include "reports/renderer.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Endings that are not the name of their format. */
static const char *const ending_formats[][2] = {
    {"htm", "html"},        {"log", "text"}, {"md", "markdown"}, {"ndjson", "jsonl"},
    {"prom", "prometheus"}, {"tap", "ktap"}, {"txt", "text"},    {"xml", "junit"}};

/* Returns the ending without its dot, or NULL: what follows the dot of '.hidden' or 'run.2' is
 * none. */
static const char *ending_of(const char *file) {
    const char *slash = strrchr(file, '/');
    const char *name = slash != NULL ? slash + 1 : file;
    const char *dot = strrchr(name, '.');
    return dot != NULL && dot != name && isalpha((unsigned char)dot[1]) ? dot + 1 : NULL;
}

/* Returns the format of that ending, or NULL. */
static const char *ending_find(const char *ending) {
    for (size_t i = 0; i < sizeof ending_formats / sizeof ending_formats[0]; i++)
        if (strcasecmp(ending, ending_formats[i][0]) == 0)
            return ending_formats[i][1];
    for (size_t i = 0; ipm_renderers[i] != NULL; i++)
        if (strcasecmp(ending, ipm_renderers[i]->name) == 0)
            return ipm_renderers[i]->name;
    return NULL;
}

const char *ipm_ending_format(const char *file, struct ipm_err *err) {
    const char *ending = ending_of(file);
    const char *format = ending != NULL ? ending_find(ending) : "text";
    if (format == NULL)
        (void)ipm_err_refuse(err,
                             "'-f FORMAT' names one of 'ipcmark list formats'; browsers "
                             "print a page of '-f html' as PDF",
                             "no format has the ending '.%.32s'", ending);
    return format;
}

int ipm_ending_check_json(const char *file, struct ipm_err *err) {
    const char *ending = ending_of(file);
    const char *format = ending != NULL ? ending_find(ending) : NULL;
    if (format == NULL || strcmp(format, "json") == 0 || strcmp(format, "text") == 0)
        return 0;
    ipm_err_hint(err,
                 "name a file that ends in .json; 'ipcmark run' and 'compare' also take "
                 "'-e %s=FILE'",
                 format);
    return ipm_err_set(err, -EINVAL, "'%.200s' is for JSON, but ends in '.%.32s'", file,
                       ending);
}

void ipm_ending_hint_export(const char *file, struct ipm_err *err) {
    const char *ending = ending_of(file);
    const char *format = ending != NULL ? ending_find(ending) : NULL;
    if (format != NULL)
        ipm_err_hint(err, "write '%s=%.200s'", format, file);
}
