/* standin.c - runs the tests of a program, each in a child:
 *
 *   PROGRAM [--filter GLOB] [--skip FILE] [--timeout SECONDS] [-jN]
 *
 * N tests run at a time. Under LeakSanitizer a test that leaks has failed.
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
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SKIPS_MOST = 64, LINE_BYTES = 256, STATUS_SKIPPED = 77, JOBS_MOST = 16 };

static struct standin_entry *first;
static struct standin_entry **last = &first;
static char skips[SKIPS_MOST][LINE_BYTES];
static unsigned skip_count;
static unsigned failures; /* of the test that runs in this process */
static char
    *skip_words; /* LINE_BYTES that this child shares: why its test skips itself */
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

/* Of LeakSanitizer, where that is linked. */
__attribute__((weak)) int __lsan_do_recoverable_leak_check(void);

__attribute__((noreturn)) static void end_test(int status) {
    if (running->fini)
        running->fini();
    if (status == EXIT_SUCCESS && __lsan_do_recoverable_leak_check &&
        __lsan_do_recoverable_leak_check() != 0)
        status = EXIT_FAILURE;
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
                                               const struct standin_settings *settings,
                                               void *row) {
    running = settings;
    if (settings->init)
        settings->init();
    test->run(row);
    end_test(failures > 0 ? EXIT_FAILURE : EXIT_SUCCESS);
}

/* --- in the parent: why tests are skipped ----------------------------------------------------- */

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

/* --- in the parent: children ---------------------------------------------------------------- */

static struct slot {
    pid_t pid; /* 0: free */
    time_t deadline;
    const struct standin_entry *test;
    char *words; /* LINE_BYTES that the child shares */
} slots[JOBS_MOST];
static unsigned jobs = 1;
static time_t timeout_s = 300;
enum outcome { PASSED, FAILED, SKIPPED, OUTCOMES };
static unsigned counts[OUTCOMES];

static void name_of(const struct standin_entry *test, char *ret_name) {
    (void)snprintf(ret_name, LINE_BYTES, "%s/%s", test->suite, test->name);
}

static void end_slot(struct slot *slot, int status) {
    char name[LINE_BYTES];
    name_of(slot->test, name);
    slot->pid = 0;
    enum outcome outcome = status == 0 ? PASSED : FAILED;
    if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_SKIPPED)
        outcome = SKIPPED;
    counts[outcome]++;
    if (outcome == SKIPPED)
        note_skip(name, slot->words);
    if (outcome == FAILED)
        (void)fprintf(stderr, "failed: %s (status of wait(2): %#x)\n", name,
                      (unsigned)status);
}

static struct slot *slot_of(pid_t pid) {
    for (unsigned i = 0; i < jobs; i++)
        if (slots[i].pid == pid)
            return &slots[i];
    return NULL;
}

/* Each second SIGALRM ends the wait. */
static void kill_late(void) {
    for (unsigned i = 0; i < jobs; i++)
        if (slots[i].pid > 0 && time(NULL) > slots[i].deadline)
            (void)kill(slots[i].pid, SIGKILL);
}

/* Waits until a slot is free, or with `all` until each of them is. */
static struct slot *await_slot(bool all) {
    for (;;) {
        int status = 0;
        unsigned busy = 0;
        for (unsigned i = 0; i < jobs; i++)
            busy += slots[i].pid > 0;
        if (busy == 0 || (!all && busy < jobs))
            return slot_of(0);
        const pid_t pid = waitpid(-1, &status, 0);
        struct slot *slot = pid > 0 ? slot_of(pid) : NULL;
        if (slot)
            end_slot(slot, status);
        kill_late();
    }
}

static void run_row(const struct standin_entry *test, void *row) {
    const struct standin_settings settings = settings_of(test);
    struct slot *slot = await_slot(false);
    (void)fflush(NULL);
    slot->test = test;
    slot->deadline =
        time(NULL) + (settings.timeout > 0 ? (time_t)settings.timeout : timeout_s);
    slot->pid = fork();
    if (slot->pid == 0) {
        (void)signal(SIGALRM, SIG_DFL);
        skip_words = slot->words;
        run_test(test, &settings, row);
    }
    if (slot->pid < 0)
        end_slot(slot, -1);
}

static void run_rows(const struct standin_entry *test) {
    const struct criterion_test_params rows =
        test->rows ? test->rows() : (struct criterion_test_params){0};
    for (size_t i = 0; i < rows.length; i++)
        run_row(test, (char *)rows.params + i * rows.size);
    if (!test->rows)
        run_row(test, NULL);
    free(rows.params);
}

static void on_alarm(int number) {
    (void)number;
}

/* Returns whether there is memory that children share. */
static bool begin(void) {
    const struct sigaction action = {.sa_handler = on_alarm}; /* without SA_RESTART */
    const struct itimerval second = {.it_interval = {.tv_sec = 1},
                                     .it_value = {.tv_sec = 1}};
    char *words = mmap(NULL, (size_t)JOBS_MOST * LINE_BYTES, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (unsigned i = 0; i < JOBS_MOST && words != MAP_FAILED; i++)
        slots[i].words = words + (size_t)i * LINE_BYTES;
    return words != MAP_FAILED && sigaction(SIGALRM, &action, NULL) == 0 &&
           setitimer(ITIMER_REAL, &second, NULL) == 0;
}

static bool read_options(int argc, char **argv, const char **ret_filter) {
    for (int i = 1; i < argc; i++)
        if (strncmp(argv[i], "-j", 2) == 0)
            jobs = (unsigned)atoi(argv[i] + 2);
        else if (strcmp(argv[i], "--filter") == 0 && argv[i + 1])
            *ret_filter = argv[++i];
        else if (strcmp(argv[i], "--timeout") == 0 && argv[i + 1])
            timeout_s = atoi(argv[++i]);
        else if (strcmp(argv[i], "--skip") != 0 || !argv[i + 1] ||
                 read_skips(argv[++i]) != 0)
            return false;
    return jobs >= 1 && jobs <= JOBS_MOST;
}

/* Weak: the support of the tests is linked with programs that have their own, too. */
__attribute__((weak)) int main(int argc, char **argv) {
    const char *filter = "*";
    if (!read_options(argc, argv, &filter) || !begin())
        return EXIT_FAILURE;
    for (const struct standin_entry *test = first; test; test = test->next) {
        char name[LINE_BYTES];
        name_of(test, name);
        if (!test->run || fnmatch(filter, name, 0) != 0)
            continue;
        const char *reason = skip_reason(name);
        if (reason) {
            note_skip(name, reason);
            counts[SKIPPED]++;
        } else {
            run_rows(test);
        }
    }
    (void)await_slot(true);
    print_skips();
    (void)printf("%u passed, %u failed, %u skipped\n", counts[PASSED], counts[FAILED],
                 counts[SKIPPED]);
    return counts[FAILED] > 0 || counts[PASSED] + counts[SKIPPED] == 0 ? EXIT_FAILURE
                                                                       : EXIT_SUCCESS;
}
