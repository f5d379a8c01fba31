/* path.c - why and where the reader refuses a document. */
#include "base/cell.h"
#include "reports/json/codec.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

/* Keys may come from a hostile file, and messages go to a terminal. */
static void path_clean(char *text) {
    for (; *text != '\0'; text++)
        if (*text < ' ' || *text > '~')
            *text = '?';
}

int ipm_json_refuse(struct ipm_json_reading *reading, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(reading->words, sizeof reading->words, format, arguments);
    va_end(arguments);
    path_clean(reading->words);
    return -EINVAL;
}

int ipm_json_in_key(struct ipm_json_reading *reading, const char *key, int code) {
    char inside[IPM_JSON_PATH_BYTES];
    if (code == 0)
        return 0;
    memcpy(inside, reading->path, sizeof inside);
    (void)snprintf(reading->path, sizeof reading->path, "%.40s%s%.140s", key,
                   inside[0] != '\0' && inside[0] != '[' ? "." : "", inside);
    path_clean(reading->path);
    return code;
}

int ipm_json_in_index(struct ipm_json_reading *reading, size_t index, int code) {
    return code == 0
               ? 0
               : ipm_json_in_key(reading, ipm_cell_print("[%zu]", index).text, code);
}
