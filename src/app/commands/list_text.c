/* list_text.c - a list as a table for a person. */
#include "app/commands/list_text.h"

#include "base/units.h"
#include "base/utf8.h"
#include "reports/json/list.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { LIST_NAME_COLUMNS = 10 };

static const char list_format[] = "%-*s %-7s %-13s %-8s %-8s %-9s %s\n";

/* As wide as the longest name. */
static int list_name_columns(const struct ipm_list *list, size_t columns) {
    for (size_t i = 0; i < list->count; i++)
        if (strlen(list->rows[i].name) > columns)
            columns = strlen(list->rows[i].name);
    return (int)columns;
}

static const char *list_max_size(char text[IPM_UNITS_TEXT_BYTES],
                                 const struct ipm_list_row *row) {
    if (row->reason != NULL)
        return "-";
    return row->max_message_bytes == SIZE_MAX
               ? "any"
               : ipm_units_size(text, row->max_message_bytes);
}

static void list_write_line(const char *label, const char *text, FILE *out) {
    char mended[3 * PATH_MAX]; /* a mended byte is three */
    if (text == NULL)
        return;
    ipm_utf8_mend(mended, sizeof mended, text);
    (void)fprintf(out, "    %s: %s\n", label, mended);
}

/* A transport that is unavailable has a line with the reason: 80 columns are not enough for
 * one more column. */
static void list_write_transport(const struct ipm_list_row *row, int columns, FILE *out) {
    char max_size[IPM_UNITS_TEXT_BYTES];
    (void)fprintf(out, list_format, columns, row->name, row->family, row->direction,
                  row->boundaries, row->reliable ? "yes" : "no",
                  row->connected ? "yes" : "no", list_max_size(max_size, row));
    (void)fprintf(out, "    %s; addressing: %s\n", row->summary, row->addressing);
    list_write_line("plugin", row->plugin, out);
    list_write_line("unavailable", row->reason, out);
}

int ipm_list_text(const struct ipm_list *list, FILE *out, struct ipm_err *err) {
    const bool transports = list->count > 0 && list->rows[0].family != NULL;
    const int columns =
        list_name_columns(list, transports ? strlen("transport") : LIST_NAME_COLUMNS);
    (void)err;
    if (transports)
        (void)fprintf(out, list_format, columns, "transport", "family", "direction",
                      "boundary", "reliable", "connected", "max size");
    for (size_t i = 0; i < list->count; i++) {
        const struct ipm_list_row *row = &list->rows[i];
        if (transports)
            list_write_transport(row, columns, out);
        else
            (void)fprintf(out, "%-*s %s\n", columns, row->name, row->summary);
    }
    return 0;
}
