/* fuzz_options.c - the command line of `ipcmark run`, a word a line, but for --plugin, which
 * loads what it names. */
#include "fuzz.h"

#include "app/commands/run_options.h"
#include "base/err.h"

#include <stdbool.h>
#include <string.h>

enum { OPTIONS_WORDS_MOST = 64, OPTIONS_FIRST = 2 };

/* The table without that row. */
static const struct ipm_optparse *harmless_syntax(void) {
    static struct ipm_option rows[IPM_OPTPARSE_OPTIONS_MOST + 20];
    static struct ipm_optparse syntax;
    size_t count = 0;
    if (syntax.options != NULL)
        return &syntax;
    for (const struct ipm_option *o = ipm_run_syntax.options; o->name || o->help; o++) {
        FUZZ_EXPECT(count + 1 < sizeof rows / sizeof *rows);
        if (o->name == NULL || strcmp(o->name, "plugin") != 0)
            rows[count++] = *o;
    }
    syntax = ipm_run_syntax;
    syntax.options = rows;
    return &syntax;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct ipm_run_request request;
    static char program[] = "ipcmark";
    static char command[] = "run";
    char *argv[OPTIONS_WORDS_MOST + OPTIONS_FIRST + 1] = {program, command};
    struct ipm_err err = {0};
    char *text = fuzz_text(data, size);
    char *rest = text;
    int argc = OPTIONS_FIRST;
    while (rest != NULL && argc < OPTIONS_WORDS_MOST)
        argv[argc++] = strsep(&rest, "\n");
    memset(&request, 0, sizeof request);
    const int parsed =
        ipm_optparse_parse(harmless_syntax(), argc, argv, OPTIONS_FIRST, &request, &err);
    FUZZ_EXPECT((parsed < 0) == (err.code != 0));
    FUZZ_EXPECT(parsed >= 0 || err.text[0] != '\0');
    if (parsed == 0) {
        const int failed = ipm_run_request_settle(&request, &err);
        FUZZ_EXPECT(!failed == !err.code);
    }
    free(text);
    return 0;
}
