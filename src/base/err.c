/* err.c - writes the message of a failure into the caller's memory. It neither allocates
 * nor fails, because it also runs in a child that is about to _exit. */
#include "base/err.h"

#include "base/libc.h"
#include "base/utf8.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* The longest text of an errno and the joint: 51 in glibc 2.36. */
enum { ERR_WORDS_MOST = 96, ERR_ALWAYS = -1 };

static const char err_cut[] = "...";
static const char err_joint[] = ": ";

/* Makes text one line that cannot control the terminal: a file's name may contain line
 * feeds, escape sequences or direction marks. */
static void err_flatten(char *text) {
    char *to = text;
    while (*text != '\0') {
        uint32_t point = 0;
        const size_t taken = ipm_utf8_decode(text, &point);
        const bool shown = taken > 0 && !ipm_utf8_is_hidden(point);
        if (shown)
            memmove(to, text, taken);
        else
            *to = '?';
        to += shown ? taken : 1;
        text += taken > 0 ? taken : 1;
    }
    *to = '\0';
}

__attribute__((format(printf, 3, 0))) static void
err_format(char *text, size_t bytes, const char *format, va_list args) {
    int wanted = vsnprintf(text, bytes, format, args);
    if (wanted < 0)
        text[0] = '\0';
    else if ((size_t)wanted >= bytes)
        memcpy(text + ipm_utf8_fit(text, bytes - sizeof err_cut), err_cut,
               sizeof err_cut);
    err_flatten(text);
}

static const char *err_words(int code) {
    const char *words = strerrordesc_np(-code); /* strerror(3) may allocate */
    return words != NULL ? words : "Unknown error";
}

/* Sets code, text and tail. If both do not fit, the text is cut and the tail is kept. */
__attribute__((format(printf, 4, 0))) static int err_put(struct ipm_err *err, int code,
                                                         const char *tail,
                                                         const char *format,
                                                         va_list args) {
    assert(code < 0);
    if (err == NULL)
        return code;
    if (err->code != 0)
        return err->code;
    err_format(err->text, sizeof err->text - strlen(tail), format, args);
    memcpy(err->text + strlen(err->text), tail, strlen(tail) + 1);
    err->code = code;
    return code;
}

int ipm_err_set(struct ipm_err *err, int code, const char *format, ...) {
    va_list args;
    va_start(args, format);
    code = err_put(err, code, "", format, args);
    va_end(args);
    return code;
}

/* Limits that any call may meet. Which one it was is only known where it is set. */
static const struct err_limit {
    int code;
    int resource; /* of getrlimit(2), or ERR_ALWAYS */
    const char *words;
} err_limits[] = {
    {.code = -EMFILE,
     .resource = RLIMIT_NOFILE,
     .words = "'ulimit -n NUMBER' allows more descriptors"},
    {.code = -ENFILE,
     .resource = ERR_ALWAYS,
     .words = "'sysctl -w fs.file-max=NUMBER' allows more open files"},
    {.code = -ENOSYS, .resource = ERR_ALWAYS, .words = IPM_ERR_FORBIDDEN},
    {.code = -EADDRNOTAVAIL, .resource = ERR_ALWAYS, .words = IPM_ERR_PORTS},
    {.code = -ENOBUFS,
     .resource = ERR_ALWAYS,
     .words = "'--buffer SIZE' asks for a larger buffer, up to net.core.wmem_max"},
    {.code = -EFBIG,
     .resource = RLIMIT_FSIZE,
     .words = "'ulimit -f unlimited' lifts RLIMIT_FSIZE, which limits files"},
    {.code = -ENOMEM,
     .resource = RLIMIT_AS,
     .words = "'ulimit -v unlimited' lifts RLIMIT_AS, which limits memory"},
    {.code = -ENOMEM,
     .resource = RLIMIT_DATA,
     .words = "'ulimit -d unlimited' lifts RLIMIT_DATA, which limits memory"},
};

static void err_name_limit(struct ipm_err *err, int code) {
    for (size_t i = 0; i < sizeof err_limits / sizeof err_limits[0]; i++) {
        const struct err_limit *row = &err_limits[i];
        struct rlimit set = {.rlim_cur = RLIM_INFINITY};
        if (row->code == code && (row->resource == ERR_ALWAYS ||
                                  (getrlimit((unsigned)row->resource, &set) == 0 &&
                                   set.rlim_cur != RLIM_INFINITY)))
            ipm_err_limit(err, "%s", row->words);
    }
}

int ipm_err_sys(struct ipm_err *err, int code, const char *format, ...) {
    char tail[ERR_WORDS_MOST];
    if (err != NULL && err->code == 0)
        err_name_limit(err, code);
    va_list args;
    (void)snprintf(tail, sizeof tail, "%s%s", err_joint, err_words(code));
    va_start(args, format);
    code = err_put(err, code, tail, format, args);
    va_end(args);
    return code;
}

__attribute__((format(printf, 2, 0))) static void
err_advise(struct ipm_err *err, const char *format, va_list args) {
    if (err != NULL && err->hint[0] == '\0')
        err_format(err->hint, sizeof err->hint, format, args);
}

void ipm_err_hint(struct ipm_err *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    err_advise(err, format, args);
    va_end(args);
}

int ipm_err_refuse(struct ipm_err *err, const char *hint, const char *format, ...) {
    va_list args;
    ipm_err_hint(err, "%s", hint);
    va_start(args, format);
    const int code = err_put(err, -EINVAL, "", format, args);
    va_end(args);
    return code;
}

void ipm_err_limit(struct ipm_err *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    err_advise(err, format, args);
    va_end(args);
    if (err != NULL)
        err->is_limit = 1;
}

void ipm_err_reason(const struct ipm_err *err, char *ret_reason, size_t bytes) {
    const bool hinted = err->hint[0] != '\0';
    (void)snprintf(ret_reason, bytes, "%s%s%s%s", err->text, hinted ? " (" : "",
                   err->hint, hinted ? ")" : "");
}

/* If both do not fit, the prefix is cut and the cause is kept. */
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
