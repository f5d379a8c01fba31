/* scan.h - a JSON document in memory: checked once, then read in place, without a tree.
 *
 * A value is a pointer to its first character in a document that was checked. Its kind is
 * that character: '{', '[', '"', 't', 'f', 'n', '-' or a digit.
 *
 * jansson writes every document but reads none here: its tree takes seven times the size of a
 * report and five times as long, which a comparison with many reports cannot pay. */
#ifndef IPM_REPORTS_JSON_SCAN_H
#define IPM_REPORTS_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Values may be nested this deep: the check uses the stack. */
enum { IPM_JSON_DEPTH_MOST = 256 };

struct ipm_json_fault {
    const char *at; /* the byte that is not JSON; the end where the text was cut */
    const char *words;
};

/* A text is read in words: this many zero bytes follow it, the first of which ends it. */
enum { IPM_JSON_END_BYTES = 8 };

/* Checks a text of that length, without its end, against RFC 8259. Its value begins at
 * ret_value, after a byte order mark and white space, also if the check fails. Refuses U+0000,
 * which a C string cannot contain. Duplicate keys are refused by the reader. */
bool ipm_json_check(const char *text, size_t length, const char **ret_value,
                    struct ipm_json_fault *ret_fault);

/* Checks one value of such a text. Returns its end, or NULL. */
const char *ipm_json_end(const char *value, struct ipm_json_fault *ret_fault);

/* Returns the end of a value that was checked. */
const char *ipm_json_skip(const char *value);

/* Returns the first item of an array, the first key of an object, or the closing bracket;
 * and what follows the item or member that ends there. */
const char *ipm_json_first(const char *container);
const char *ipm_json_following(const char *end);

/* Returns the value of a key; the same if the key is that word, else NULL; and the value of the key
 * in an object, or NULL. */
const char *ipm_json_of_key(const char *key);
const char *ipm_json_of_word(const char *key, const char *word);
const char *ipm_json_member(const char *object, const char *word);

/* Returns the text of a string or key, which the caller frees, or NULL: no memory. */
char *ipm_json_text_of(const char *value);

/* Whether the value is that string. */
bool ipm_json_is(const char *value, const char *word);

/* Whether the value is a number; it may be infinite. */
bool ipm_json_real_of(const char *value, double *ret_number);

/* Whether the value is a whole number that ret_number can hold, also as 5.0 or 5e6. */
bool ipm_json_whole_of(const char *value, int64_t *ret_number);

#endif
