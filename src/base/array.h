/* array.h - arrays on the heap that grow by one element. */
#ifndef IPM_BASE_ARRAY_H
#define IPM_BASE_ARRAY_H

#include <stddef.h>

/* Appends a zeroed element of item_bytes to the array at *items and counts it. Returns
 * the element, or NULL with the array unchanged. Only this function may grow the array:
 * its capacity is the power of two at or above the count. */
void *ipm_array_add(void *items, size_t *count, size_t item_bytes);

#endif
