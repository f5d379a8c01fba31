/* cell.c - short texts. */
#include "base/cell.h"

#include <stdarg.h>
#include <stdio.h>

struct ipm_cell ipm_cell_print(const char *format, ...) {
    struct ipm_cell cell;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(cell.text, sizeof cell.text, format, arguments);
    va_end(arguments);
    return cell;
}
