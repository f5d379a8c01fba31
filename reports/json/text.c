/* text.c - checks a JSON document and finds its values. */
#include "reports/json/text.h"

#include "base/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Which bytes end a string or need a check, which follow a number or word, and which are quotation
 * marks or brackets: a look into a table costs less than the comparisons. */
#define TEXT_8_STOPS  true, true, true, true, true, true, true, true
#define TEXT_32_STOPS TEXT_8_STOPS, TEXT_8_STOPS, TEXT_8_STOPS, TEXT_8_STOPS
static const bool text_stops[UCHAR_MAX + 1] = {
    TEXT_32_STOPS, ['"'] = true,  ['\\'] = true, [0x80] = TEXT_32_STOPS,
    TEXT_32_STOPS, TEXT_32_STOPS, TEXT_32_STOPS};
static const bool text_ends[UCHAR_MAX + 1] = {
    ['\0'] = true, [' '] = true, ['\t'] = true, ['\n'] = true,
    ['\r'] = true, [','] = true, [']'] = true,  ['}'] = true};
static const bool text_marks[UCHAR_MAX + 1] = {
    ['"'] = true, ['['] = true, [']'] = true, ['{'] = true, ['}'] = true};

enum { TEXT_DIGITS_SAFE = 18 }; /* a number of so many fits into 64 bits */

/* --- eight bytes at a time: 40 % of a report is indentation ---------------- */

#define TEXT_EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static uint64_t text_word(const char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static bool text_contains(uint64_t word, uint8_t byte) {
    const uint64_t other = word ^ TEXT_EACH(byte); /* zero where it is */
    return ((other - TEXT_EACH(1)) & ~other & TEXT_EACH(0x80)) != 0;
}

/* Returns the first byte that the table has. */
static const char *text_find(const char *at, const bool *table) {
    while (!table[(unsigned char)*at])
        at++;
    return at;
}

/* Returns the first quote or bracket. With the bits 0x26 set, the four brackets are 0x7F; so are '_',
 * 'Y' and 'y', of which no literal of JSON has one. */
static const char *text_find_mark(const char *at) {
    for (uint64_t word = text_word(at);
         !text_contains(word, '"') && !text_contains((word | TEXT_EACH(0x26)), '\x7F');
         word = text_word(at))
        at += sizeof word;
    return text_find(at, text_marks);
}

/* --- the check: each function returns the end of what it accepts, or NULL ---------------- */

static const char *text_refuse(struct ipm_json_fault *fault, const char *at,
                               const char *words) {
    *fault = (struct ipm_json_fault){.at = at, .words = words};
    return NULL;
}

static const char *text_space(const char *at) {
    while (*at <= ' ' && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        if (*at++ == '\n')
            while (text_word(at) == TEXT_EACH(' '))
                at += sizeof(uint64_t);
    return at;
}

/* Returns the number of four hexadecimal digits, or -1. */
static long text_hex(const char *at) {
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
static long text_escaped(const char *at, const char **ret_end) {
    static const char names[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    const char *name = *at ? strchr(names, *at) : NULL;
    long point = *at == 'u' ? text_hex(at + 1) : -1;
    *ret_end = at + (*at == 'u' ? 5 : 1);
    if (name)
        return values[name - names];
    if (point >= 0xD800 && point < 0xDC00 && at[5] == '\\' && at[6] == 'u') {
        const long low = text_hex(at + 7);
        *ret_end = at + 11;
        return low >= 0xDC00 && low < 0xE000
                   ? 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00)
                   : -1;
    }
    return point > 0 && (point < 0xD800 || point >= 0xE000) ? point : -1;
}

static const char *text_check_string(const char *at, struct ipm_json_fault *fault) {
    for (at = text_find(at + 1, text_stops); *at != '"'; at = text_find(at, text_stops)) {
        const unsigned char byte = (unsigned char)*at;
        uint32_t point = 0;
        size_t length = 1;
        if (byte < ' ')
            return text_refuse(fault, at, "a string has a control character or no end");
        if (byte == '\\') {
            const char *end = at;
            if (text_escaped(at + 1, &end) < 0)
                return text_refuse(fault, at, "a string has an invalid escape");
            length = (size_t)(end - at);
        } else if (byte >= 0x80) {
            length = ipm_utf8_decode(at, &point);
        }
        if (length == 0)
            return text_refuse(fault, at, "a string is not UTF-8");
        at += length;
    }
    return at + 1;
}

static const char *text_digits(const char *at) {
    while (*at >= '0' && *at <= '9')
        at++;
    return at;
}

static const char *text_check_number(const char *at, struct ipm_json_fault *fault) {
    const char *begin = at + (*at == '-');
    const char *end = text_digits(begin);
    bool valid = end > begin && (*begin != '0' || end == begin + 1);
    if (valid && *end == '.') {
        begin = end + 1;
        end = text_digits(begin);
        valid = end > begin;
    }
    if (valid && (*end == 'e' || *end == 'E')) {
        begin = end + 1 + (end[1] == '-' || end[1] == '+');
        end = text_digits(begin);
        valid = end > begin;
    }
    return valid ? end : text_refuse(fault, end, "a number is invalid");
}

static const char *text_check_word(const char *at, struct ipm_json_fault *fault) {
    const char *word = *at == 't' ? "true" : *at == 'f' ? "false" : "null";
    const size_t length = *at == 'f' ? 5 : 4;
    return strncmp(at, word, length) == 0 ? at + length
                                          : text_refuse(fault, at, "a value is expected");
}

static const char *text_check_value(const char *at, int depth,
                                    struct ipm_json_fault *fault);

/* NOLINTNEXTLINE(misc-no-recursion): as deep as IPM_JSON_DEPTH_MOST */
static const char *text_check_items(const char *at, int depth,
                                    struct ipm_json_fault *fault) {
    const bool keyed = *at == '{';
    const char close = keyed ? '}' : ']';
    at = text_space(at + 1);
    for (bool first = true; *at != close || !first; first = false) {
        if (keyed && *at != '"')
            return text_refuse(fault, at, "a key is expected");
        if (keyed) {
            at = text_check_string(at, fault);
            at = at ? text_space(at) : NULL;
            if (at && *at != ':')
                return text_refuse(fault, at, "':' is expected");
            at = at ? text_space(at + 1) : NULL;
        }
        at = at ? text_check_value(at, depth + 1, fault) : NULL;
        at = at ? text_space(at) : NULL;
        if (!at || *at == close)
            break;
        if (*at != ',')
            return text_refuse(
                fault, at, keyed ? "',' or '}' is expected" : "',' or ']' is expected");
        at = text_space(at + 1);
    }
    return at ? at + 1 : NULL;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as IPM_JSON_DEPTH_MOST */
static const char *text_check_value(const char *at, int depth,
                                    struct ipm_json_fault *fault) {
    if (*at == '"')
        return text_check_string(at, fault);
    if (*at == '-' || (*at >= '0' && *at <= '9'))
        return text_check_number(at, fault);
    if (*at != '{' && *at != '[')
        return text_check_word(at, fault);
    if (depth == IPM_JSON_DEPTH_MOST)
        return text_refuse(fault, at, "values are nested too deeply");
    return text_check_items(at, depth, fault);
}

const char *ipm_json_end(const char *value, struct ipm_json_fault *ret_fault) {
    return text_check_value(value, 0, ret_fault);
}

bool ipm_json_check(const char *text, size_t length, const char **ret_value,
                    struct ipm_json_fault *ret_fault) {
    static const char mark[] = "\xEF\xBB\xBF";
    const size_t marked = strncmp(text, mark, 3) == 0 ? 3 : 0;
    const char *value = text_space(text + marked);
    const char *end = text_check_value(value, 0, ret_fault);
    end = end ? text_space(end) : NULL;
    if (end && end != text + length)
        end = text_refuse(ret_fault, end, "something follows the document");
    *ret_value = value;
    return end != NULL;
}

/* --- values ------------------------------------------------------------------------------ */

static const char *text_skip_string(const char *at) {
    for (at = text_find(at + 1, text_stops); *at != '"'; at = text_find(at, text_stops))
        at += *at == '\\' ? 2 : 1;
    return at + 1;
}

/* Returns the end of an object or array. */
static const char *text_skip_items(const char *at) {
    size_t depth = 0;
    do {
        at = text_find_mark(at);
        if (*at == '"') {
            at = text_skip_string(at);
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
        return text_skip_string(value);
    if (*value == '{' || *value == '[')
        return text_skip_items(value);
    return text_find(value, text_ends);
}

const char *ipm_json_first(const char *container) {
    return text_space(container + 1);
}

const char *ipm_json_following(const char *end) {
    end = text_space(end);
    return *end == ',' ? text_space(end + 1) : end;
}

const char *ipm_json_of_key(const char *key) {
    return text_space(text_space(text_skip_string(key)) + 1);
}

/* Returns the end of a string that is that word, without escapes; NULL otherwise. */
static const char *text_after(const char *string, const char *word) {
    const char *at = string + 1;
    for (; *word != '\0' && *at == *word; word++)
        at++;
    return *string == '"' && *word == '\0' && *at == '"' ? at + 1 : NULL;
}

const char *ipm_json_of_word(const char *key, const char *word) {
    const char *end = text_after(key, word);
    if (end)
        return text_space(text_space(end) + 1);
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
static char *text_put(char *to, unsigned long point) {
    const int tail = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const unsigned leads[] = {0, 0xC0, 0xE0, 0xF0};
    *to++ = (char)(leads[tail] | point >> (6 * tail));
    for (int i = tail; i-- > 0;)
        *to++ = (char)(0x80 | (point >> (6 * i) & 0x3F));
    return to;
}

char *ipm_json_text_of(const char *value) {
    char *text = malloc((size_t)(text_skip_string(value) - value));
    char *to = text;
    for (const char *at = value + 1; text && *at != '"';) {
        if (*at == '\\')
            to = text_put(to, (unsigned long)text_escaped(at + 1, &at));
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
    if (text_after(value, word))
        return true;
    if (!memchr(value, '\\', (size_t)(text_skip_string(value) - value)))
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
static int64_t text_integer(const char *value, const char **ret_end) {
    const char *at = value;
    int64_t number = 0;
    for (; *at >= '0' && *at <= '9'; at++) {
        if (at - value == TEXT_DIGITS_SAFE)
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
    *ret_number = text_integer(value, &end);
    if (*end != '.' && *end != 'e' && *end != 'E')
        return errno == 0;
    if (!ipm_json_real_of(value, &number) || floor(number) != number ||
        fabs(number) >= 0x1p63)
        return false;
    *ret_number = (int64_t)number;
    return true;
}
