/* scan.c - checks a JSON document and finds its values. */
#include "reports/json/scan.h"

#include "base/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Which bytes end a string or need a check, which follow a number or word, and which are quotation
 * marks or brackets: a look into a table costs less than the comparisons. */
#define SCAN_8_STOPS  true, true, true, true, true, true, true, true
#define SCAN_32_STOPS SCAN_8_STOPS, SCAN_8_STOPS, SCAN_8_STOPS, SCAN_8_STOPS
static const bool scan_stops[UCHAR_MAX + 1] = {
    SCAN_32_STOPS, ['"'] = true,  ['\\'] = true, [0x80] = SCAN_32_STOPS,
    SCAN_32_STOPS, SCAN_32_STOPS, SCAN_32_STOPS};
static const bool scan_ends[UCHAR_MAX + 1] = {
    ['\0'] = true, [' '] = true, ['\t'] = true, ['\n'] = true,
    ['\r'] = true, [','] = true, [']'] = true,  ['}'] = true};
static const bool scan_marks[UCHAR_MAX + 1] = {
    ['"'] = true, ['['] = true, [']'] = true, ['{'] = true, ['}'] = true};

enum { SCAN_DIGITS_SAFE = 18 }; /* a number of so many fits into 64 bits */

/* --- eight bytes at a time: 40 % of a report is indentation ---------------- */

#define SCAN_EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static uint64_t scan_word(const char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static bool scan_contains(uint64_t word, uint8_t byte) {
    const uint64_t other = word ^ SCAN_EACH(byte); /* zero where it is */
    return ((other - SCAN_EACH(1)) & ~other & SCAN_EACH(0x80)) != 0;
}

/* Returns the first byte that the table has. */
static const char *scan_find(const char *at, const bool *table) {
    while (!table[(unsigned char)*at])
        at++;
    return at;
}

/* Returns the first quote or bracket. With the bits 0x26 set, the four brackets are 0x7F; so are '_',
 * 'Y' and 'y', of which no literal of JSON has one. */
static const char *scan_find_mark(const char *at) {
    for (uint64_t word = scan_word(at);
         !scan_contains(word, '"') && !scan_contains((word | SCAN_EACH(0x26)), '\x7F');
         word = scan_word(at))
        at += sizeof word;
    return scan_find(at, scan_marks);
}

/* --- the check: each function returns the end of what it accepts, or NULL ---------------- */

static const char *scan_refuse(struct ipm_json_fault *fault, const char *at,
                               const char *words) {
    *fault = (struct ipm_json_fault){.at = at, .words = words};
    return NULL;
}

static const char *scan_space(const char *at) {
    while (*at <= ' ' && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        if (*at++ == '\n')
            while (scan_word(at) == SCAN_EACH(' '))
                at += sizeof(uint64_t);
    return at;
}

/* Returns the number of four hexadecimal digits, or -1. */
static long scan_hex(const char *at) {
    long number = 0;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef";
        const char *digit = at[i] ? strchr(digits, tolower((unsigned char)at[i])) : NULL;
        if (!digit)
            return -1;
        number = number * 16 + (digit - digits);
    }
    return number;
}

/* Returns the code point of an escape behind its backslash, and its end, or -1. */
static long scan_escaped(const char *at, const char **ret_end) {
    static const char names[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    const char *name = *at ? strchr(names, *at) : NULL;
    long point = *at == 'u' ? scan_hex(at + 1) : -1;
    *ret_end = at + (*at == 'u' ? 5 : 1);
    if (name)
        return values[name - names];
    if (point >= 0xD800 && point < 0xDC00 && at[5] == '\\' && at[6] == 'u') {
        const long low = scan_hex(at + 7);
        *ret_end = at + 11;
        return low >= 0xDC00 && low < 0xE000
                   ? 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00)
                   : -1;
    }
    return point > 0 && (point < 0xD800 || point >= 0xE000) ? point : -1;
}

static const char *scan_check_string(const char *at, struct ipm_json_fault *fault) {
    for (at = scan_find(at + 1, scan_stops); *at != '"'; at = scan_find(at, scan_stops)) {
        const unsigned char byte = (unsigned char)*at;
        uint32_t point = 0;
        size_t length = 1;
        if (byte < ' ')
            return scan_refuse(fault, at, "a string has a control character or no end");
        if (byte == '\\') {
            const char *end = at;
            if (scan_escaped(at + 1, &end) < 0)
                return scan_refuse(fault, at, "a string has an invalid escape");
            length = (size_t)(end - at);
        } else if (byte >= 0x80) {
            length = ipm_utf8_decode(at, &point);
        }
        if (length == 0)
            return scan_refuse(fault, at, "a string is not UTF-8");
        at += length;
    }
    return at + 1;
}

static const char *scan_digits(const char *at) {
    while (*at >= '0' && *at <= '9')
        at++;
    return at;
}

static const char *scan_check_number(const char *at, struct ipm_json_fault *fault) {
    const char *begin = at + (*at == '-');
    const char *end = scan_digits(begin);
    bool valid = end > begin && (*begin != '0' || end == begin + 1);
    if (valid && *end == '.') {
        begin = end + 1;
        end = scan_digits(begin);
        valid = end > begin;
    }
    if (valid && (*end == 'e' || *end == 'E')) {
        begin = end + 1 + (end[1] == '-' || end[1] == '+');
        end = scan_digits(begin);
        valid = end > begin;
    }
    return valid ? end : scan_refuse(fault, end, "a number is invalid");
}

static const char *scan_check_word(const char *at, struct ipm_json_fault *fault) {
    const char *word = *at == 't' ? "true" : *at == 'f' ? "false" : "null";
    const size_t length = *at == 'f' ? 5 : 4;
    return strncmp(at, word, length) == 0 ? at + length
                                          : scan_refuse(fault, at, "a value is expected");
}

static const char *scan_check_value(const char *at, int depth,
                                    struct ipm_json_fault *fault);

/* NOLINTNEXTLINE(misc-no-recursion): as deep as IPM_JSON_DEPTH_MOST */
static const char *scan_check_items(const char *at, int depth,
                                    struct ipm_json_fault *fault) {
    const bool keyed = *at == '{';
    const char close = keyed ? '}' : ']';
    at = scan_space(at + 1);
    for (bool first = true; *at != close || !first; first = false) {
        if (keyed && *at != '"')
            return scan_refuse(fault, at, "a key is expected");
        if (keyed) {
            at = scan_check_string(at, fault);
            at = at ? scan_space(at) : NULL;
            if (at && *at != ':')
                return scan_refuse(fault, at, "':' is expected");
            at = at ? scan_space(at + 1) : NULL;
        }
        at = at ? scan_check_value(at, depth + 1, fault) : NULL;
        at = at ? scan_space(at) : NULL;
        if (!at || *at == close)
            break;
        if (*at != ',')
            return scan_refuse(
                fault, at, keyed ? "',' or '}' is expected" : "',' or ']' is expected");
        at = scan_space(at + 1);
    }
    return at ? at + 1 : NULL;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as IPM_JSON_DEPTH_MOST */
static const char *scan_check_value(const char *at, int depth,
                                    struct ipm_json_fault *fault) {
    if (*at == '"')
        return scan_check_string(at, fault);
    if (*at == '-' || (*at >= '0' && *at <= '9'))
        return scan_check_number(at, fault);
    if (*at != '{' && *at != '[')
        return scan_check_word(at, fault);
    if (depth == IPM_JSON_DEPTH_MOST)
        return scan_refuse(fault, at, "values are nested too deeply");
    return scan_check_items(at, depth, fault);
}

const char *ipm_json_end(const char *value, struct ipm_json_fault *ret_fault) {
    return scan_check_value(value, 0, ret_fault);
}

bool ipm_json_check(const char *text, size_t length, const char **ret_value,
                    struct ipm_json_fault *ret_fault) {
    static const char mark[] = "\xEF\xBB\xBF";
    const size_t marked = strncmp(text, mark, 3) == 0 ? 3 : 0;
    const char *value = scan_space(text + marked);
    const char *end = scan_check_value(value, 0, ret_fault);
    end = end ? scan_space(end) : NULL;
    if (end && end != text + length)
        end = scan_refuse(ret_fault, end, "something follows the document");
    *ret_value = value;
    return end != NULL;
}

/* --- values ------------------------------------------------------------------------------ */

static const char *scan_skip_string(const char *at) {
    for (at = scan_find(at + 1, scan_stops); *at != '"'; at = scan_find(at, scan_stops))
        at += *at == '\\' ? 2 : 1;
    return at + 1;
}

/* Returns the end of an object or array. */
static const char *scan_skip_items(const char *at) {
    size_t depth = 0;
    do {
        at = scan_find_mark(at);
        if (*at == '"') {
            at = scan_skip_string(at);
            continue;
        }
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        at++;
    } while (depth > 0);
    return at;
}

const char *ipm_json_skip(const char *value) {
    if (*value == '"')
        return scan_skip_string(value);
    if (*value == '{' || *value == '[')
        return scan_skip_items(value);
    return scan_find(value, scan_ends);
}

const char *ipm_json_first(const char *container) {
    return scan_space(container + 1);
}

const char *ipm_json_following(const char *end) {
    end = scan_space(end);
    return *end == ',' ? scan_space(end + 1) : end;
}

const char *ipm_json_of_key(const char *key) {
    return scan_space(scan_space(scan_skip_string(key)) + 1);
}

/* Returns the end of a string that is that word, without escapes; NULL otherwise. */
static const char *scan_after(const char *string, const char *word) {
    const char *at = string + 1;
    for (; *word != '\0' && *at == *word; word++)
        at++;
    return *string == '"' && *word == '\0' && *at == '"' ? at + 1 : NULL;
}

const char *ipm_json_of_word(const char *key, const char *word) {
    const char *end = scan_after(key, word);
    if (end)
        return scan_space(scan_space(end) + 1);
    return ipm_json_is(key, word) ? ipm_json_of_key(key) : NULL;
}

const char *ipm_json_member(const char *object, const char *word) {
    for (const char *key = ipm_json_first(object); *key != '}';) {
        const char *value = ipm_json_of_word(key, word);
        if (value)
            return value;
        key = ipm_json_following(ipm_json_skip(ipm_json_of_key(key)));
    }
    return NULL;
}

/* Appends a code point in UTF-8. */
static char *scan_put(char *to, unsigned long point) {
    const int tail = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const unsigned leads[] = {0, 0xC0, 0xE0, 0xF0};
    *to++ = (char)(leads[tail] | point >> (6 * tail));
    for (int i = tail; i-- > 0;)
        *to++ = (char)(0x80 | (point >> (6 * i) & 0x3F));
    return to;
}

char *ipm_json_text_of(const char *value) {
    char *text = malloc((size_t)(scan_skip_string(value) - value));
    char *to = text;
    for (const char *at = value + 1; text && *at != '"';) {
        if (*at == '\\')
            to = scan_put(to, (unsigned long)scan_escaped(at + 1, &at));
        else
            *to++ = *at++;
    }
    if (text)
        *to = '\0';
    return text;
}

bool ipm_json_is(const char *value, const char *word) {
    if (*value != '"')
        return false;
    if (scan_after(value, word))
        return true;
    if (!memchr(value, '\\', (size_t)(scan_skip_string(value) - value)))
        return false;
    char *text = ipm_json_text_of(value);
    const bool same = text && strcmp(text, word) == 0;
    free(text);
    return same;
}

bool ipm_json_real_of(const char *value, double *ret_number) {
    if (*value != '-' && !isdigit((unsigned char)*value))
        return false;
    *ret_number = strtod(value, NULL);
    return true;
}

/* As strtoll(3), which takes longer for the few digits that most numbers have. */
static int64_t scan_integer(const char *value, const char **ret_end) {
    const char *at = value;
    int64_t number = 0;
    for (; *at >= '0' && *at <= '9'; at++) {
        if (at - value == SCAN_DIGITS_SAFE)
            return strtoll(value, (char **)ret_end, 10);
        number = 10 * number + (*at - '0');
    }
    *ret_end = at;
    return at > value ? number : strtoll(value, (char **)ret_end, 10);
}

bool ipm_json_whole_of(const char *value, int64_t *ret_number) {
    double number;
    const char *end;
    if (*value != '-' && !isdigit((unsigned char)*value))
        return false;
    errno = 0;
    *ret_number = scan_integer(value, &end);
    if (*end != '.' && *end != 'e' && *end != 'E')
        return errno == 0;
    if (!ipm_json_real_of(value, &number) || floor(number) != number ||
        fabs(number) >= 0x1p63)
        return false;
    *ret_number = (int64_t)number;
    return true;
}
