/* path.c - where in a document the reader is, and how it says no. */
#include "base/err.h"
#include "reports/json/codec.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Keys may come from a hostile file, and messages go to a terminal. */
static void path_clean(char *text) {
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~') {
            *text = '?';
        }
    }
}

__attribute__((format(printf, 2, 3))) static size_t
path_append(struct ipm_json_reading *reading, const char *format, ...) {
    size_t mark = strlen(reading->path);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(reading->path + mark, sizeof reading->path - mark, format, arguments);
    va_end(arguments);
    path_clean(reading->path + mark);
    return mark;
}

size_t ipm_json_enter_key(struct ipm_json_reading *reading, const char *key) {
    return path_append(reading, "%s%.40s", reading->path[0] != '\0' ? "." : "", key);
}

size_t ipm_json_enter_index(struct ipm_json_reading *reading, size_t index) {
    return path_append(reading, "[%zu]", index);
}

void ipm_json_leave(struct ipm_json_reading *reading, size_t mark) {
    reading->path[mark] = '\0';
}

int ipm_json_refuse(struct ipm_json_reading *reading, const char *format, ...) {
    char words[192];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    path_clean(words);
    (void)ipm_err_set(reading->err, -EINVAL, "'%s' is no ipcmark report: %s%s%s",
                      reading->name, reading->path, reading->path[0] != '\0' ? " " : "",
                      words);
    ipm_err_hint(reading->err, "'ipcmark run --json FILE' writes a report");
    return -EINVAL;
}

int ipm_json_no_memory(struct ipm_json_reading *reading) {
    return ipm_err_sys(reading->err, -ENOMEM, "cannot read '%s'", reading->name);
}
