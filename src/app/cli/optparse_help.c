/* optparse_help.c - writes the help of a command from the table of its options. */
#include "app/cli/optparse.h"

#include "base/strbuf.h"
#include "base/units.h"

#include <stdbool.h>
#include <string.h>

enum {
    OPTPARSE_COLUMNS = 79,
    OPTPARSE_HELP_COLUMN = 28, /* where the descriptions start */
};

/* Writes the words of text from `column` on and indents further lines by `indent`. */
static void optparse_wrap(FILE *out, const char *text, size_t column, size_t indent) {
    bool begun = false;
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        bool breaks = begun && column + 1 + length > OPTPARSE_COLUMNS;
        if (breaks)
            (void)fprintf(out, "\n%*s", (int)indent, "");
        else if (begun)
            (void)fputc(' ', out);
        (void)fwrite(text, 1, length, out);
        column = (breaks ? indent : column + begun) + length;
        begun = true;
        text += length + (text[length] == ' ');
    }
    (void)fputc('\n', out);
}

void ipm_optparse_describe(const struct ipm_option *option,
                           char ret_doc[IPM_OPTPARSE_DOC_BYTES]) {
    struct ipm_cell range = {""};
    struct ipm_strbuf text = ipm_strbuf_over(ret_doc, IPM_OPTPARSE_DOC_BYTES);
    (void)ipm_strbuf_add(&text, "%s", option->help);
    for (size_t i = 0; option->choice != NULL && option->choice(NULL, i) != NULL; i++)
        (void)ipm_strbuf_add(&text, "%s%s", i > 0 ? ", " : " ", option->choice(NULL, i));
    if (option->unit != NULL)
        range =
            ipm_cell_print("%s to %s", ipm_units_exact(option->unit, option->least).text,
                           ipm_units_exact(option->unit, option->most).text);
    if (option->fallback != NULL)
        (void)ipm_strbuf_add(&text, " (default %s%s%s)", option->fallback,
                             range.text[0] != '\0' ? "; " : "", range.text);
    else if (range.text[0] != '\0')
        (void)ipm_strbuf_add(&text, " (%s)", range.text);
}

static void optparse_show_option(const struct ipm_option *option, FILE *out) {
    char doc[IPM_OPTPARSE_DOC_BYTES];
    char letter[8] = "    ";
    if (option->letter != 0)
        (void)snprintf(letter, sizeof letter, "-%c, ", option->letter);
    const char *argument = ipm_optparse_argument(option);
    int column = fprintf(out, "  %s--%s%s%s", letter, option->name,
                         argument != NULL ? " " : "", argument != NULL ? argument : "");
    if (column < OPTPARSE_HELP_COLUMN - 1)
        (void)fprintf(out, "%*s", OPTPARSE_HELP_COLUMN - column, "");
    else
        (void)fprintf(out, "\n%*s", OPTPARSE_HELP_COLUMN, "");
    ipm_optparse_describe(option, doc);
    optparse_wrap(out, doc, OPTPARSE_HELP_COLUMN, OPTPARSE_HELP_COLUMN);
}

void ipm_optparse_help(const struct ipm_optparse *syntax, FILE *out) {
    (void)fprintf(out, "usage: %s [OPTION...]%s%s\n\n", syntax->command,
                  syntax->operands != NULL ? " " : "",
                  syntax->operands != NULL ? syntax->operands : "");
    optparse_wrap(out, syntax->about, 0, 0);
    (void)fputc('\n', out);
    for (const struct ipm_option *o = syntax->options; o->name != NULL || o->help != NULL;
         o++) {
        if (o->name != NULL)
            optparse_show_option(o, out);
        else
            (void)fprintf(out, "%s%s:\n", o == syntax->options ? "" : "\n", o->help);
    }
    if (syntax->after != NULL)
        (void)fprintf(out, "\n%s\n", syntax->after);
}
