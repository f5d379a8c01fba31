/* Whether a command line, wrong as it may be, asks for JSON on standard output. */
#include "app/commands/command.h"
#include "tests/support/assert.h"

#include <stdio.h>
#include <string.h>

static bool wanted(const char *line) {
    char text[256];
    char *argv[16] = {"ipcmark"};
    int argc = 1;
    (void)snprintf(text, sizeof text, "%s", line);
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
        argv[argc++] = word;
    return ipm_command_wants_json(argc, argv);
}

Test(app_command, every_exact_way_to_ask_for_json_on_standard_output_is_seen) {
    static const char *const lines[] = {
        "run --json -",
        "run --json=-",
        "run -e json=-",
        "run -ejson=-",
        "run --export json=-",
        "run --export=json=-",
        "run --sise --json -",
        "run pipe -s --json -",
        "run --json x -e text=- --json -",
        "rnu --json -",
        "--json - run",
        "compare --json -",
        "compare -mprimary -ejson=- a.json",
        "ab --b x --json - -- pipe",
        "ab -t5% -e json=-",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        cr_expect(wanted(lines[i]), "'%s'", lines[i]);
}

Test(app_command, nothing_else_is_taken_for_it) {
    static const char *const lines[] = {
        "",
        "run",
        "run --json",
        "run --json x",
        "run --json=x",
        "run -e json=x",
        "run -e text=-",
        "run -- --json -",
        "run -",
        "run --",
        "run -q -",
        "run --jsonx -",
        "run --js -",
        "run -qejson=-",
        "run -e",
        "compare --json x",
        "ab --b x -- --json -",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        cr_expect(not(wanted(lines[i])), "'%s'", lines[i]);
}
