/* comparison_junit.c - a comparison as JUnit XML: a regression or a missing case is a
 * failure, a broken case or too little data is an error. An undecided result passes; the
 * output of the suite explains it. */
#include "reports/common/clean.h"
#include "reports/common/comparison.h"
#include "reports/common/junit.h"
#include "reports/renderer.h"

#include <errno.h>
#include <string.h>

enum { JUNIT_MESSAGE_BYTES = 2 * IPM_COMPARISON_NOTE_BYTES };

#define JUNIT(...) ipm_clean_print(out, ipm_escapes_xml, __VA_ARGS__)

/* --- the one element inside a case ------------------------------------------------------- */

static const char *junit_of_figure(const struct ipm_compared *compared) {
    static const char *const elements[IPM_VERDICTS] = {
        [IPM_VERDICT_REGRESSED] = "failure", [IPM_VERDICT_INSUFFICIENT] = "error"};
    return elements[compared->verdict];
}

static const char *junit_of_unmatched(const struct ipm_comparison *comparison,
                                      const struct ipm_unmatched *unmatched) {
    if (unmatched->state == IPM_UNMATCHED_FAILED)
        return "error";
    return ipm_comparison_is_bad(comparison, unmatched) ? "failure" : "skipped";
}

static size_t junit_count(const struct ipm_comparison *comparison, const char *element) {
    size_t count = 0;
    for (size_t i = 0; i < comparison->result_count; i++) {
        const char *own = junit_of_figure(&comparison->results[i]);
        count += own != NULL && strcmp(own, element) == 0;
    }
    for (size_t i = 0; i < comparison->unmatched_count; i++)
        count += strcmp(junit_of_unmatched(comparison, &comparison->unmatched[i]),
                        element) == 0;
    return count;
}

static void junit_element(FILE *out, const char *element, const char *type,
                          const char *message) {
    JUNIT("\n      <%s", element);
    if (strcmp(element, "skipped") != 0)
        JUNIT(" type=\"%s\"", type);
    JUNIT(" message=\"%s\"/>\n    ", message);
}

static void junit_begin(FILE *out, const char *metric, const char *name) {
    JUNIT("    <testcase classname=\"ipcmark.compare.%s\" name=\"%s\" time=\"0.000000\">",
          metric, name);
}

/* "-28.4 % (-30.1 .. -26.0 %), limit 5.0 %, 1,675 MiB/s to 1,200 MiB/s". */
static void junit_message(char message[JUNIT_MESSAGE_BYTES],
                          const struct ipm_comparison *comparison,
                          const struct ipm_compared *compared) {
    const struct ipm_comparison_cells cells = ipm_comparison_cells(comparison, compared);
    (void)snprintf(message, JUNIT_MESSAGE_BYTES,
                   "%.20s (%.40s), limit %.20s, %.40s to %.40s%s%.150s", cells.change,
                   cells.interval, cells.limit, cells.sides[IPM_ARM_BASE],
                   cells.sides[IPM_ARM_NEW], cells.note[0] != '\0' ? "; " : "",
                   cells.note);
}

static void junit_figure(FILE *out, const struct ipm_comparison *comparison,
                         const struct ipm_compared *compared) {
    char message[JUNIT_MESSAGE_BYTES];
    const char *element = junit_of_figure(compared);
    junit_begin(out, compared->metric->name, compared->name);
    junit_message(message, comparison, compared);
    if (element != NULL)
        junit_element(out, element, ipm_verdict_words[compared->verdict], message);
    (void)fputs("</testcase>\n", out);
}

static void junit_unmatched(FILE *out, const struct ipm_comparison *comparison,
                            const struct ipm_unmatched *unmatched) {
    char state[IPM_COMPARISON_CELL_BYTES];
    char message[IPM_REASON_BYTES + IPM_COMPARISON_CELL_BYTES + 2];
    ipm_comparison_state(state, comparison, unmatched->state);
    (void)snprintf(message, sizeof message, "%s%s%s", state,
                   unmatched->reason[0] != '\0' ? ": " : "", unmatched->reason);
    junit_begin(out, "case", unmatched->name);
    junit_element(out, junit_of_unmatched(comparison, unmatched),
                  ipm_unmatched_words[unmatched->state], message);
    (void)fputs("</testcase>\n", out);
}

/* --- the suite -------------------------------------------------------------------------- */

static const char *junit_hostname(const struct ipm_comparison *comparison) {
    for (size_t i = comparison->run_count; i-- > 0;)
        if (comparison->runs[i].hostname[0] != '\0')
            return comparison->runs[i].hostname;
    return "";
}

static void junit_output(FILE *out, const struct ipm_comparison *comparison) {
    (void)fputs("    <system-out>", out);
    for (size_t i = 0; i < comparison->result_count; i++) {
        const struct ipm_compared *compared = &comparison->results[i];
        char message[JUNIT_MESSAGE_BYTES];
        if (compared->verdict != IPM_VERDICT_UNDECIDED)
            continue;
        junit_message(message, comparison, compared);
        JUNIT("undecided: %s %s: %s\n", compared->name, compared->metric->name, message);
    }
    (void)fputs("</system-out>\n    <system-err></system-err>\n", out);
}

int ipm_comparison_junit(const struct ipm_comparison *comparison,
                         const struct ipm_render_options *options, FILE *out,
                         struct ipm_err *err) {
    (void)options;
    errno = 0;
    ipm_junit_suite(out, "ipcmark compare", comparison->started_at,
                    junit_hostname(comparison));
    (void)fprintf(out,
                  " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" "
                  "time=\"0.000000\">\n    <properties>\n    </properties>\n",
                  comparison->result_count + comparison->unmatched_count,
                  junit_count(comparison, "failure"), junit_count(comparison, "error"),
                  junit_count(comparison, "skipped"));
    for (size_t i = 0; i < comparison->result_count; i++)
        junit_figure(out, comparison, &comparison->results[i]);
    for (size_t i = 0; i < comparison->unmatched_count; i++)
        junit_unmatched(out, comparison, &comparison->unmatched[i]);
    junit_output(out, comparison);
    (void)fputs("  </testsuite>\n</testsuites>\n", out);
    return ipm_clean_end(out, "JUnit file", err);
}
