/* clean.c - replaces and escapes characters. */
#include "reports/common/clean.h"

#include "base/err.h"
#include "base/utf8.h"
#include "model/report/report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

const struct ipm_escape ipm_escapes_xml[] = {{'&', "&amp;"},  {'<', "&lt;"},
                                             {'>', "&gt;"},   {'"', "&quot;"},
                                             {'\'', "&#39;"}, {'\0', NULL}};

/* Characters that have a meaning in Markdown or HTML. */
const struct ipm_escape ipm_escapes_markdown[] = {
    {'\\', "\\\\"}, {'`', "\\`"},  {'*', "\\*"},       {'_', "\\_"},   {'[', "\\["},
    {']', "\\]"},   {'<', "&lt;"}, {'>', "&gt;"},      {'&', "&amp;"}, {'|', "\\|"},
    {'~', "\\~"},   {'#', "\\#"},  {'@', "@<!-- -->"}, {'\0', NULL}};

static const char clean_replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

static const char *clean_escape(const struct ipm_escape *escapes, char c) {
    for (; escapes != NULL && escapes->from != '\0'; escapes++)
        if (escapes->from == c)
            return escapes->to;
    return NULL;
}

void ipm_clean_put(FILE *out, const char *text, const struct ipm_escape *escapes) {
    while (*text != '\0') {
        uint32_t point = 0;
        size_t taken = ipm_utf8_decode(text, &point);
        const char *escaped = clean_escape(escapes, *text);
        if (taken == 0 || ipm_utf8_is_hidden(point))
            (void)fputs(clean_replacement, out);
        else if (escaped != NULL)
            (void)fputs(escaped, out);
        else
            (void)fwrite(text, 1, taken, out);
        text += taken > 0 ? taken : 1;
    }
}

enum { CLEAN_FORM_BYTES = 8 };

/* Writes the argument of the conversion at `form`; returns where the conversion ends. */
static const char *clean_convert(FILE *out, const struct ipm_escape *escapes,
                                 const char *form, va_list *arguments) {
    char own[CLEAN_FORM_BYTES];
    const size_t length = 2 + strcspn(form + 1, "%dfsu");
    (void)snprintf(own, sizeof own, "%.*s", (int)length, form);
    switch (form[length - 1]) {
    case 's':
        ipm_clean_put(out, va_arg(*arguments, const char *), escapes);
        break;
    /* NOLINTNEXTLINE(bugprone-branch-clone): the types differ */
    case 'd':
        (void)fprintf(out, own, va_arg(*arguments, int));
        break;
    case 'u':
        (void)fprintf(out, own, va_arg(*arguments, size_t));
        break;
    case 'f':
        (void)fprintf(out, own, va_arg(*arguments, double));
        break;
    default:
        (void)fputc('%', out);
    }
    return form + length;
}

void ipm_clean_print(FILE *out, const struct ipm_escape *escapes, const char *format,
                     ...) {
    va_list arguments;
    va_start(arguments, format);
    for (const char *next; (next = strchr(format, '%')) != NULL;) {
        (void)fwrite(format, 1, (size_t)(next - format), out);
        format = clean_convert(out, escapes, next, &arguments);
    }
    va_end(arguments);
    (void)fputs(format, out);
}

enum { CLEAN_DIGITS_FEW = 15, CLEAN_DIGITS_ALL = 17 };

void ipm_clean_number(FILE *out, double value) {
    char text[40];
    for (int digits = CLEAN_DIGITS_FEW; digits <= CLEAN_DIGITS_ALL; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    (void)fputs(text, out);
}

int ipm_clean_end(FILE *out, const char *document, struct ipm_err *err) {
    if (!ferror(out))
        return 0;
    return ipm_err_sys(err, errno != 0 ? -errno : -EIO, "cannot write the %s", document);
}

const char *ipm_report_ending(const struct ipm_report *report) {
    if (report->error[0] != '\0')
        return report->error;
    if (report->run.status == IPM_RUN_INTERRUPTED)
        return "the run was interrupted before its end";
    return report->run.status == IPM_RUN_FAILED ? "the run failed" : NULL;
}
