/* foreign_typed.c - options behind the wrong dashes, values that belong to another option, and
 * operands that belong to one. */
#include "app/cli/foreign.h"

#include "app/cli/optparse.h"
#include "base/err.h"
#include "base/strbuf.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <string.h>

/* --- dashes ----------------------------------------------------------------------------- */

/* Editors and chats make them of hyphens. */
static const char *const typed_dashes[] = {
    "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212", "\uff0d", "-"};
enum { TYPED_DASHES = sizeof typed_dashes / sizeof typed_dashes[0] };

/* Returns what follows the dashes of a word. */
static const char *typed_behind(const char *word) {
    for (size_t i = 0; i < TYPED_DASHES; i++) {
        const size_t length = strlen(typed_dashes[i]);
        if (strncmp(word, typed_dashes[i], length) == 0) {
            word += length;
            i = (size_t)-1;
        }
    }
    return word;
}

static bool typed_is_long(const struct ipm_optparse *syntax, const char *name) {
    const size_t length = strcspn(name, "=");
    for (const struct ipm_option *o = syntax->options; (o = ipm_optparse_from(o)) != NULL;
         o++)
        if (length > 1 && strlen(o->name) == length &&
            strncmp(o->name, name, length) == 0)
            return true;
    return false;
}

void ipm_foreign_dashes(const struct ipm_optparse *syntax, char **words,
                        struct ipm_err *err) {
    for (; *words != NULL && strcmp(*words, "--") != 0; words++) {
        const char *name = typed_behind(*words);
        const size_t hyphens = strspn(*words, "-");
        const bool foreign = name > *words + hyphens && name[0] != '\0';
        const bool one = hyphens == 1 && typed_is_long(syntax, *words + 1);
        if (!foreign && !one)
            continue;
        *err = (struct ipm_err){0};
        ipm_err_set(err, -EINVAL, "unknown option '%.100s'", *words);
        ipm_err_hint(err, "write '%s%.100s'%s", strlen(name) == 1 ? "-" : "--", name,
                     foreign ? ", with the hyphen '-'" : "");
        return;
    }
}

/* --- values ----------------------------------------------------------------------------- */

/* What users of other programs mean by an option and such a value. */
static const struct {
    const char *option;
    const char *values; /* a pattern of glob(7) */
    const char *instead;
} typed_values[] = {
    {"warmup", "*[0-9][kmg]*",
     "'-b SIZE' for the kernel's buffer, or '-w N' for N rounds"},
    {"buffer", "*[0-9]g*", "'--rate RATE' for a rate, or '-b SIZE' up to 512M"},
    {"pattern", "[0-9]*", "no port is needed: ipcmark takes a free one"},
    {"clients", "localhost", "no address is needed: both ends run on this machine"},
    {"clients", "[0-9]*.[0-9]*.[0-9]*.[0-9]*",
     "no address is needed: both ends run on this machine"},
    {"clients", "*..*", "'-c 1,4,16': only sizes have ranges"},
    {"clients", "[0-9]*-[0-9]*", "'-c 1,4,16': only sizes have ranges"},
    {"pairs", "*..*", "'--pairs 1,2,4': only sizes have ranges"},
    {"inflight", "*..*", "'--inflight 1,4,16': only sizes have ranges"},
    {"rate", "*..*", "'--rate 1k,10k,100k', or '--rate sweep' with '--target'"},
    {"rate", "*b*", "messages per second: a rate of bytes is divided by the size"},
    {"rate", "unlimited", "'--rate max'"},
    {"framing", "[kmgt]", "'--unit MiB', 'MB' or 'Gbit'"},
    {"framing", "json", "'--json FILE'"},
    {"framing", "csv", "'-e csv=FILE'"},
    {"size", "[0-9]*,000*", "numbers without commas, which separate items"},
};

void ipm_foreign_value(const char *option, const char *value, struct ipm_err *err) {
    struct ipm_err hinted = {0};
    for (size_t i = 0; i < sizeof typed_values / sizeof typed_values[0]; i++)
        if (strcmp(typed_values[i].option, option) == 0 &&
            fnmatch(typed_values[i].values, value, FNM_CASEFOLD) == 0)
            ipm_foreign_write(typed_values[i].instead, &hinted);
    if (hinted.hint[0] != '\0' && err != NULL)
        memcpy(err->hint, hinted.hint, sizeof err->hint);
}

/* --- operands --------------------------------------------------------------------------- */

/* "throughput": hints at the value of the option that other programs call so. */
static void typed_hint_meant(const struct ipm_option *option, const char *word,
                             struct ipm_err *err) {
    const char *meant = ipm_foreign_name(option->name, word);
    if (meant != NULL)
        ipm_err_hint(err, "write '%s %s'", ipm_optparse_spell(option).text, meant);
}

/* Hints at the words that the option would take, after its value if there is one, as one list.
 * The command line is refused anyway, so that target may be filled with it. */
static void typed_hint_list(const struct ipm_option *option, const char *value,
                            const char *between, char **words, void *target,
                            struct ipm_err *err) {
    char list[IPM_ERR_HINT_BYTES / 2];
    struct ipm_strbuf text = ipm_strbuf_over(list, sizeof list);
    size_t fine = 0;
    if (value != NULL)
        (void)ipm_strbuf_add(&text, "%s", value);
    for (; *words != NULL; words++) {
        if (!ipm_strbuf_add(&text, "%s%s", text.used > 0 ? between : "", *words) ||
            option->set(option, target, list, NULL) != 0)
            break;
        fine = text.used;
        if (between[0] != ',')
            break;
    }
    if (fine > 0)
        ipm_err_hint(err, "write '%s %.*s'", ipm_optparse_spell(option).text, (int)fine,
                     list);
}

/* "-s 4 KiB", "-s 64 4K", "--wait hybrid 5us", "--spin 5us". */
static void typed_hint_last(const struct ipm_optparse *syntax,
                            const struct ipm_option *option, const char *value,
                            char **words, void *target, struct ipm_err *err) {
    const bool digit = words[0][0] >= '0' && words[0][0] <= '9';
    if (ipm_optparse_argument(option) == NULL && digit)
        ipm_foreign_hint_own(syntax, ipm_cell_print("--%s", option->name).text, err);
    if (!option->is_list || value == NULL)
        return;
    if (!digit)
        typed_hint_list(option, value, "", words, target, err);
    typed_hint_list(option, value, ",", words, target, err);
    typed_hint_list(option, value, ":", words, target, err);
}

void ipm_foreign_operand(const struct ipm_optparse *syntax,
                         const struct ipm_option *option, const char *value, char **words,
                         void *target, struct ipm_err *err) {
    struct ipm_err hinted = {0};
    const bool meant = strncmp(err->hint, "did you mean", 12) == 0 ||
                       strncmp(err->hint, "write", 5) == 0;
    if (syntax->run == NULL)
        ipm_foreign_file(words[0], NULL, &hinted);
    if (option != NULL)
        typed_hint_last(syntax, option, value, words, target, &hinted);
    for (const struct ipm_option *o = syntax->options; (o = ipm_optparse_from(o)) != NULL;
         o++) {
        if (o->is_list && !meant)
            typed_hint_meant(o, words[0], &hinted);
        if (o->is_list)
            typed_hint_list(o, NULL, ",", words, target, &hinted);
    }
    if (hinted.hint[0] != '\0')
        memcpy(err->hint, hinted.hint, sizeof err->hint);
}
