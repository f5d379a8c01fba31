/* cell.h - short texts that functions return by value: a number with its unit, a name.
 *
 * `f().text` may be an argument of a call: it exists until the end of that full expression. */
#ifndef IPM_BASE_CELL_H
#define IPM_BASE_CELL_H

enum { IPM_CELL_BYTES = 64 };

struct ipm_cell {
    char text[IPM_CELL_BYTES];
};

/* Returns the formatted text; what does not fit is cut. */
__attribute__((format(printf, 1, 2))) struct ipm_cell ipm_cell_print(const char *format,
                                                                     ...);

#endif
