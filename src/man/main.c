/* main.c - writes what is installed beside the program and comes out of its tables. Runs while
 * ipcmark is built. */
#include "man/man.h"

#include <stdio.h>
#include <string.h>

static int main_complete(const char *shell, const char *input, const char *output) {
    FILE *in = fopen(input, "r");
    FILE *out = in != NULL ? fopen(output, "w") : NULL;
    int code = out != NULL ? ipm_completion_write(shell, in, out) : -1;
    if (out != NULL && fclose(out) != 0)
        code = -1;
    if (in != NULL)
        (void)fclose(in);
    if (code != 0)
        (void)fprintf(stderr, "ipm_generate: cannot make '%s' of '%s'\n", output, input);
    return code != 0;
}

int main(int argc, char **argv) {
    if (argc == 5 && strcmp(argv[1], "pages") == 0) {
        ipm_manual_write(argv[2], argv[3], argv[4]);
        return 0;
    }
    if (argc == 5 && strcmp(argv[1], "completion") == 0)
        return main_complete(argv[2], argv[3], argv[4]);
    (void)fputs("usage: ipm_generate pages SOURCES HEADERS OUTPUT-DIRECTORY\n"
                "       ipm_generate completion SHELL TEMPLATE OUTPUT\n",
                stderr);
    return 2;
}
