/* array.h - arrays on the heap that grow by one element. */
#ifndef IPM_BASE_ARRAY_H
#define IPM_BASE_ARRAY_H

#include <stddef.h>

/* Appends an element of item_bytes to the array whose pointer is at `items`, and counts it.
 * Returns the element, zeroed, or NULL with the array unchanged. The array must have been
 * grown by this function alone: its room is the power of two at or above the count. */
void *ipm_array_add(void *items, size_t *count, size_t item_bytes);

#endif
