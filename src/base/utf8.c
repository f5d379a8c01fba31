/* utf8.c - decodes, repairs and cuts UTF-8; see utf8.h. */
#include "base/utf8.h"

#include <string.h>

enum { UTF8_TAIL_MOST = 3 }; /* continuation bytes of a character, utf-8(7) */

static const char utf8_replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

struct utf8_form {
    size_t length;
    uint32_t least; /* smaller code points have a shorter form */
    unsigned char mask;
    unsigned char lead;
};

static const struct utf8_form utf8_forms[] = {
    {.mask = 0x80, .lead = 0x00, .length = 1, .least = 0x0},
    {.mask = 0xE0, .lead = 0xC0, .length = 2, .least = 0x80},
    {.mask = 0xF0, .lead = 0xE0, .length = 3, .least = 0x800},
    {.mask = 0xF8, .lead = 0xF0, .length = 4, .least = 0x10000},
};

static const struct utf8_form *utf8_form_of(unsigned char first) {
    for (size_t i = 0; i < sizeof utf8_forms / sizeof utf8_forms[0]; i++) {
        if ((first & utf8_forms[i].mask) == utf8_forms[i].lead) {
            return &utf8_forms[i];
        }
    }
    return NULL;
}

static bool utf8_is_tail(char byte) {
    return ((unsigned char)byte & 0xC0u) == 0x80u;
}

size_t ipm_utf8_decode(const char *text, uint32_t *ret_point) {
    const unsigned char *bytes = (const unsigned char *)text;
    const struct utf8_form *form = utf8_form_of(bytes[0]);
    if (form == NULL) {
        return 0;
    }
    uint32_t point = bytes[0] & (unsigned char)~form->mask;
    for (size_t i = 1; i < form->length; i++) {
        if (!utf8_is_tail(text[i])) {
            return 0;
        }
        point = point << 6 | (bytes[i] & 0x3Fu);
    }
    if (point < form->least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
        return 0;
    }
    *ret_point = point;
    return form->length;
}

void ipm_utf8_mend(char *dst, size_t size, const char *text) {
    size_t used = 0;
    while (*text != '\0') {
        uint32_t point = 0;
        size_t taken = ipm_utf8_decode(text, &point);
        const char *from = taken > 0 ? text : utf8_replacement;
        size_t length = taken > 0 ? taken : sizeof utf8_replacement - 1;
        if (used + length >= size) {
            break;
        }
        memcpy(dst + used, from, length);
        used += length;
        text += taken > 0 ? taken : 1;
    }
    dst[used] = '\0';
}

size_t ipm_utf8_fit(const char *text, size_t most) {
    size_t length = strnlen(text, most + 1);
    if (length <= most)
        return length;
    for (size_t back = 0; back <= UTF8_TAIL_MOST && back <= most; back++)
        if (!utf8_is_tail(text[most - back]))
            return most - back;
    return most; /* not UTF-8: any place to cut is as good */
}

bool ipm_utf8_is_within(const struct ipm_utf8_range *ranges, size_t count,
                        uint32_t point) {
    for (size_t i = 0; i < count; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

/* C0 and C1, U+2028 and U+2029, Default_Ignorable_Code_Point of Unicode 15, interlinear
 * annotations, and the last two code points of the basic plane, which are not
 * characters. */
static const struct ipm_utf8_range utf8_hidden[] = {
    {0x0, 0x1F},      {0x7F, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},
    {0x61C, 0x61C},   {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},
    {0x200B, 0x200F}, {0x2028, 0x202E},   {0x2060, 0x206F},   {0x3164, 0x3164},
    {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},
    {0xFFFE, 0xFFFF}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

bool ipm_utf8_is_hidden(uint32_t point) {
    return ipm_utf8_is_within(utf8_hidden, sizeof utf8_hidden / sizeof utf8_hidden[0],
                              point);
}
