/* json_asked.c - what the JSON documents of refused command lines share. */
#include "app/commands/json_asked.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>

static bool json_asked_by(const char *word, const char *next) {
    static const char *const whole[] = {"--json=-", "-ejson=-", "--export=json=-"};
    static const char *const pairs[][2] = {
        {"--json", "-"}, {"-e", "json=-"}, {"--export", "json=-"}};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (strcmp(word, whole[i]) == 0)
            return true;
    for (size_t i = 0; next != NULL && i < sizeof pairs / sizeof pairs[0]; i++)
        if (strcmp(word, pairs[i][0]) == 0 && strcmp(next, pairs[i][1]) == 0)
            return true;
    return false;
}

bool ipm_json_asked(int argc, char **argv) {
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (json_asked_by(argv[i], argv[i + 1]))
            return true;
    return false;
}

void ipm_json_error(char *words, size_t size, const struct ipm_err *err) {
    const bool hinted = err->hint[0] != '\0';
    (void)snprintf(words, size, "%s%s%s%s", err->text, hinted ? " (" : "", err->hint,
                   hinted ? ")" : "");
}
