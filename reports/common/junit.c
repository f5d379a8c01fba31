/* junit.c - the head of a JUnit test suite. */
#include "reports/common/junit.h"

#include "reports/common/clean.h"

#include <string.h>

void ipm_junit_suite(FILE *out, const char *name, const char *started_at,
                     const char *hostname) {
    char time[32];
    (void)snprintf(time, sizeof time, "%s", started_at);
    time[strcspn(time, "Z")] = '\0';
    ipm_clean_print(out, ipm_escapes_xml,
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
                    "  <testsuite package=\"ipcmark\" id=\"0\" name=\"%s\" "
                    "timestamp=\"%s\" hostname=\"%s\"",
                    name, time[0] != '\0' ? time : "1970-01-01T00:00:00",
                    hostname[0] != '\0' ? hostname : "localhost");
}
