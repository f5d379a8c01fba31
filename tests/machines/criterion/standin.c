/* standin.c - runs the tests of a program one after the other, each in a child:
 *
 *   PROGRAM [--filter GLOB] [--skip FILE]
 *
 * A line of FILE is the glob of a test, and the reason why it is not run on this machine.
 * Prints what failed, each reason why tests were skipped with how many it skipped, and at the
 * end "N passed, M failed, K skipped". */
#include "criterion.h"

#include <errno.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMEOUT_S = 300, SKIPS_MOST = 64, LINE_BYTES = 256, STATUS_SKIPPED = 77 };

static struct standin_entry *first;
static struct standin_entry **last = &first;
static char skips[SKIPS_MOST][LINE_BYTES];
static unsigned skip_count;
static unsigned failures; /* of the test that runs in this process */
static volatile pid_t child;
static char *skip_words; /* LINE_BYTES that a child shares: why its test skips itself */
static struct reason {
    char words[LINE_BYTES], first[LINE_BYTES]; /* the first test that it skipped */
    unsigned count;
} reasons[SKIPS_MOST + 1]; /* the last one stays empty */

void standin_add(struct standin_entry *entry) {
    *last = entry;
    last = &entry->next;
}

/* --- in the child --------------------------------------------------------------------------- */

static const struct standin_settings *running;

__attribute__((noreturn)) static void end_test(int status) {
    if (running->fini)
        running->fini();
    (void)fflush(NULL);
    _exit(status);
}

void standin_fail(bool fatal, const char *file, int line, const char *check,
                  const char *format, ...) {
    va_list args;
    (void)fprintf(stderr, "%s:%d: %s: ", file, line, check);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
    failures++;
    if (fatal)
        end_test(EXIT_FAILURE);
}

void cr_skip_test(const char *format, ...) {
    va_list args;
    va_start(args, format);
    (void)vsnprintf(skip_words, LINE_BYTES, format, args);
    va_end(args);
    end_test(STATUS_SKIPPED);
}

static struct standin_settings settings_of(const struct standin_entry *test) {
    struct standin_settings all = test->settings;
    for (const struct standin_entry *entry = first; entry; entry = entry->next)
        if (!entry->run && strcmp(entry->suite, test->suite) == 0) {
            all.init = all.init ? all.init : entry->settings.init;
            all.fini = all.fini ? all.fini : entry->settings.fini;
            all.timeout = all.timeout > 0 ? all.timeout : entry->settings.timeout;
        }
    return all;
}

__attribute__((noreturn)) static void run_test(const struct standin_entry *test,
                                               const struct standin_settings *settings) {
    running = settings;
    if (settings->init)
        settings->init();
    test->run();
    end_test(failures > 0 ? EXIT_FAILURE : EXIT_SUCCESS);
}

/* --- in the parent -------------------------------------------------------------------------- */

static void on_alarm(int number) {
    (void)number;
    (void)kill(child, SIGKILL);
}

/* Returns the status of wait(2). */
static int status_of(const struct standin_entry *test) {
    const struct standin_settings settings = settings_of(test);
    int status = -1;
    (void)fflush(NULL);
    child = fork();
    if (child == 0)
        run_test(test, &settings);
    (void)alarm(settings.timeout > 0 ? (unsigned)settings.timeout : TIMEOUT_S);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    (void)alarm(0);
    return status;
}

static int read_skips(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file)
        return -1;
    while (skip_count < SKIPS_MOST && fgets(skips[skip_count], LINE_BYTES, file))
        skip_count += skips[skip_count][0] != '#' && skips[skip_count][0] != '\n';
    return fclose(file);
}

/* The reason, or NULL. */
static const char *skip_reason(const char *name) {
    for (unsigned i = 0; i < skip_count; i++) {
        char glob[LINE_BYTES];
        const size_t length = strcspn(skips[i], " ");
        (void)snprintf(glob, sizeof glob, "%.*s", (int)length, skips[i]);
        if (fnmatch(glob, name, 0) == 0)
            return skips[i] + length + 1;
    }
    return NULL;
}

static void note_skip(const char *name, const char *words) {
    const int length = (int)strcspn(words, "\n");
    struct reason *reason = reasons;
    while (reason < reasons + SKIPS_MOST - 1 && reason->count > 0 &&
           (strncmp(reason->words, words, (size_t)length) != 0 ||
            reason->words[length] != '\0'))
        reason++;
    if (reason->count++ > 0)
        return;
    (void)snprintf(reason->words, LINE_BYTES, "%.*s", length, words);
    (void)snprintf(reason->first, LINE_BYTES, "%s", name);
}

static void print_skips(void) {
    for (const struct reason *reason = reasons; reason->count > 0; reason++)
        if (reason->count == 1)
            (void)printf("skipped: %s: %s\n", reason->first, reason->words);
        else
            (void)printf("skipped: %s and %u others: %s\n", reason->first,
                         reason->count - 1, reason->words);
}

enum outcome { PASSED, FAILED, SKIPPED };

static enum outcome outcome_of(const struct standin_entry *test, const char *name) {
    const char *reason = skip_reason(name);
    const int status = reason ? 0 : status_of(test);
    if (status == 0 && !reason)
        return PASSED;
    if (reason || (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_SKIPPED)) {
        note_skip(name, reason ? reason : skip_words);
        return SKIPPED;
    }
    (void)fprintf(stderr, "failed: %s (status of wait(2): %#x)\n", name,
                  (unsigned)status);
    return FAILED;
}

int main(int argc, char **argv) {
    unsigned counts[3] = {0};
    const char *filter = "*";
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], "--filter") == 0)
            filter = argv[++i];
        else if (strcmp(argv[i], "--skip") == 0 && read_skips(argv[++i]) != 0)
            return EXIT_FAILURE;
    skip_words =
        mmap(NULL, LINE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (skip_words == MAP_FAILED)
        return EXIT_FAILURE;
    (void)signal(SIGALRM, on_alarm);
    for (const struct standin_entry *test = first; test; test = test->next) {
        char name[LINE_BYTES];
        (void)snprintf(name, sizeof name, "%s/%s", test->suite, test->name);
        if (test->run && fnmatch(filter, name, 0) == 0)
            counts[outcome_of(test, name)]++;
    }
    print_skips();
    (void)printf("%u passed, %u failed, %u skipped\n", counts[PASSED], counts[FAILED],
                 counts[SKIPPED]);
    return counts[FAILED] > 0 || counts[PASSED] == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
