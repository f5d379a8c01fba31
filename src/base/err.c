/* err.c - wording a failure into the caller's memory. Must not know who prints it, and
 * neither allocates nor fails: it also runs in a child that is about to _exit. */
#include "base/err.h"

#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char err_cut[] = "...";
static const char err_joint[] = ": ";

/* A file's name may hold a line feed or an escape sequence, but a message is one line and
 * must not steer the terminal. */
static void err_flatten(char *text) {
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7F)
            *text = '?';
}

__attribute__((format(printf, 3, 0))) static void
err_format(char *text, size_t bytes, const char *format, va_list args) {
    int wanted = vsnprintf(text, bytes, format, args);
    if (wanted < 0)
        text[0] = '\0';
    else if ((size_t)wanted >= bytes)
        memcpy(text + ipm_text_fit(text, bytes - sizeof err_cut), err_cut,
               sizeof err_cut);
    err_flatten(text);
}

static const char *err_words(int code) {
    const char *words = strerrordesc_np(-code); /* strerror(3) may allocate */
    return words != NULL ? words : "Unknown error";
}

int ipm_err_set(struct ipm_err *err, int code, const char *format, ...) {
    assert(code < 0);
    if (err == NULL)
        return code;
    if (err->code != 0)
        return err->code;
    va_list args;
    va_start(args, format);
    err_format(err->text, sizeof err->text, format, args);
    va_end(args);
    err->code = code;
    return code;
}

/* errno's words are kept whole: what is cut is what stands before them. */
int ipm_err_sys(struct ipm_err *err, int code, const char *format, ...) {
    assert(code < 0);
    if (err == NULL)
        return code;
    if (err->code != 0)
        return err->code;
    const char *words = err_words(code);
    va_list args;
    va_start(args, format);
    err_format(err->text, sizeof err->text - strlen(err_joint) - strlen(words), format,
               args);
    va_end(args);
    (void)stpcpy(stpcpy(err->text + strlen(err->text), err_joint), words);
    err->code = code;
    return code;
}

void ipm_err_hint(struct ipm_err *err, const char *format, ...) {
    if (err == NULL || err->hint[0] != '\0')
        return;
    va_list args;
    va_start(args, format);
    err_format(err->hint, sizeof err->hint, format, args);
    va_end(args);
}

/* The cause is kept whole: where both do not fit, the words in front are cut. */
int ipm_err_wrap(struct ipm_err *err, const char *format, ...) {
    if (err == NULL)
        return 0;
    char front[IPM_ERR_TEXT_BYTES];
    size_t used = strlen(err->text) + strlen(err_joint);
    size_t room = used < sizeof front ? sizeof front - used : 0;
    if (err->code == 0 || room <= sizeof err_cut)
        return err->code;
    va_list args;
    va_start(args, format);
    err_format(front, room, format, args);
    va_end(args);
    size_t length = strlen(front);
    memmove(err->text + length + strlen(err_joint), err->text, strlen(err->text) + 1);
    memcpy(err->text, front, length);
    memcpy(err->text + length, err_joint, strlen(err_joint));
    return err->code;
}
