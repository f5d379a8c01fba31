/* program.c - runs another program to its end. */
#include "run/process/program.h"
#include "base/cell.h"

#include "base/clock.h"
#include "base/err.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* --- the processes that a program has started: the lists of children, because reading all of
 * /proc would disturb what is measured meanwhile ---------------------------------------------- */

enum {
    FAMILY_NAME_BYTES = 16, /* TASK_COMM_LEN of the kernel */
    FAMILY_MOST = 64,       /* descendants that are looked at */
    FAMILY_WORD_BYTES = 12, /* of a pid */
};

struct family {
    int pids[FAMILY_MOST];
    size_t count;
};

/* Adds the processes that one thread has started. */
static void family_add(struct family *family, int pid, const char *thread) {
    char word[FAMILY_WORD_BYTES];
    FILE *file =
        fopen(ipm_cell_print("/proc/%d/task/%.11s/children", pid, thread).text, "re");
    if (file == NULL)
        return;
    while (family->count < FAMILY_MOST && fscanf(file, "%11s", word) == 1)
        family->pids[family->count++] = (int)strtol(word, NULL, 10);
    (void)fclose(file);
}

static void family_add_all(struct family *family, int pid) {
    DIR *threads = opendir(ipm_cell_print("/proc/%d/task", pid).text);
    if (threads == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(threads));)
        if (entry->d_name[0] != '.')
            family_add(family, pid, entry->d_name);
    (void)closedir(threads);
}

/* Returns the state of a process, such as 'T', and its name. */
static char family_state(int pid, char name[FAMILY_NAME_BYTES]) {
    char state = '\0';
    FILE *file = fopen(ipm_cell_print("/proc/%d/stat", pid).text, "re");
    if (file == NULL)
        return state;
    if (fscanf(file, "%*d (%15[^)]) %c", name, &state) != 2)
        state = '\0';
    (void)fclose(file);
    return state;
}

/* Returns the pid of a descendant that is stopped by a signal, and its name, or 0. Finds
 * none where the kernel does not list children (CONFIG_PROC_CHILDREN). */
static pid_t family_find_stopped(pid_t pid, char ret_name[FAMILY_NAME_BYTES]) {
    struct family family = {.count = 0};
    family_add_all(&family, pid);
    for (size_t i = 0; i < family.count; i++) {
        if (family_state(family.pids[i], ret_name) == 'T')
            return family.pids[i];
        family_add_all(&family, family.pids[i]);
    }
    return 0;
}

/* --- the program ------------------------------------------------------------------------- */

enum {
    PROGRAM_STEP_MS = 20, /* how often a program that was asked to end is checked */
    PROGRAM_STEPS = 100,
    PROGRAM_TICK_MS = 250,  /* how often a running program is checked */
    PROGRAM_MIB_MOST = 256, /* of output: the limit of a report */
    PROGRAM_STOPPED_TICKS = 4,
    PROGRAM_TICK_MOST_NS =
        1000000000, /* a longer tick was one in which nothing ran here */
    PROGRAM_FILES = 2,
};

struct program_watch {
    pid_t child;
    pid_t stopped; /* a descendant, for so many ticks; 0: none */
    int ticks;
    uint64_t seen_ns; /* the last look, and the running time until then */
    uint64_t ran_ns;
};

void ipm_said_done(struct ipm_said *said) {
    if (said->out != NULL)
        (void)fclose(said->out);
    if (said->err != NULL)
        (void)fclose(said->err);
    *said = (struct ipm_said){0};
}

/* Output goes to memory instead of a pipe, so that nobody has to read while the
 * program runs. */
FILE *ipm_program_file(const char *name) {
    const int fd = memfd_create(name, MFD_CLOEXEC);
    FILE *file = fd >= 0 ? fdopen(fd, "w+e") : NULL;
    if (file == NULL && fd >= 0)
        (void)close(fd);
    return file;
}

static int program_open(struct ipm_said *said, struct ipm_err *err) {
    said->out = ipm_program_file("ipcmark-out");
    said->err = said->out != NULL ? ipm_program_file("ipcmark-err") : NULL;
    return said->err != NULL ? 0 : ipm_err_sys(err, -errno, "cannot store the output");
}

static void program_doze(void) {
    const struct timespec step = {.tv_nsec = PROGRAM_STEP_MS * 1000000L};
    (void)nanosleep(&step, NULL); /* an early return is harmless */
}

/* Asks the process group to end, and waits for a while. */
static void program_ask(pid_t child) {
    (void)kill(-child, SIGTERM);
    (void)kill(-child, SIGCONT); /* a stopped process handles no signal */
    for (int i = 0; i < PROGRAM_STEPS && !ipm_spawn_has_ended(child); i++)
        program_doze();
}

int ipm_program_end(pid_t child) {
    if (!ipm_spawn_has_ended(child))
        program_ask(child);
    /* This comes before the child is reaped, while its pid cannot be reused. */
    (void)kill(-child, SIGKILL);
    return ipm_spawn_reap(child);
}

/* A background process group that reads the terminal is stopped, and nobody would
 * continue it. */
static int program_refuse_stopped(struct ipm_err *err) {
    ipm_err_hint(err, "it has no terminal: 'sudo -v' before this command asks for the "
                      "password of sudo");
    return -ECANCELED;
}

/* Notices a stop of the program or, behind a wrapper, of a process that it has started.
 * That one may be stopped for a moment on purpose. */
static int program_check_stopped(const char *name, struct program_watch *watch,
                                 struct ipm_err *err) {
    char of[FAMILY_NAME_BYTES];
    const int number = ipm_spawn_is_stopped(watch->child);
    if (number != 0) {
        (void)ipm_err_set(err, -ECANCELED, "'%.200s' was stopped by signal %d (%s)", name,
                          number, strsignal(number));
        return number == SIGTTIN || number == SIGTTOU ? program_refuse_stopped(err)
                                                      : -ECANCELED;
    }
    const pid_t stopped = family_find_stopped(watch->child, of);
    watch->ticks = stopped != 0 && stopped == watch->stopped ? watch->ticks + 1 : 0;
    watch->stopped = stopped;
    if (watch->ticks < PROGRAM_STOPPED_TICKS)
        return 0;
    (void)ipm_err_set(err, -ECANCELED, "process %d ('%s') of '%.200s' is stopped",
                      (int)stopped, of, name);
    return program_refuse_stopped(err);
}

/* Returns 0, or a negative errno where the wait would be endless or the output is. */
static int program_check(const char *name, struct program_watch *watch,
                         const struct ipm_said *said, struct ipm_err *err) {
    FILE *const files[PROGRAM_FILES] = {said->out, said->err};
    for (size_t i = 0; i < PROGRAM_FILES; i++) {
        struct stat status;
        if (fstat(fileno(files[i]), &status) == 0 &&
            status.st_size > (off_t)PROGRAM_MIB_MOST << 20)
            return ipm_err_set(err, -EFBIG, "'%.200s' printed more than %d MiB", name,
                               PROGRAM_MIB_MOST);
    }
    return program_check_stopped(name, watch, err);
}

/* Counts running time: not that in which this process was stopped, or the machine suspended. */
static uint64_t program_time(struct program_watch *watch) {
    const uint64_t now_ns = ipm_clock_now_ns();
    const uint64_t since_ns = now_ns - watch->seen_ns;
    watch->ran_ns += since_ns < PROGRAM_TICK_MOST_NS ? since_ns : PROGRAM_TICK_MOST_NS;
    watch->seen_ns = now_ns;
    return watch->ran_ns;
}

/* SIGCHLD and the user's signals are unblocked only inside ppoll(2), so that none is
 * missed between checking and waiting. */
static int program_wait(const char *name, pid_t child, uint64_t most_ns,
                        const struct ipm_said *said, struct ipm_err *err) {
    const struct timespec tick = {.tv_nsec = PROGRAM_TICK_MS * 1000000L};
    struct program_watch watch = {.child = child, .seen_ns = ipm_clock_now_ns()};
    int failed = 0;
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, &before);
    while (!failed && !ipm_stop_wanted() && !ipm_spawn_has_ended(child)) {
        (void)ppoll(NULL, 0, &tick, &before);
        failed = program_check(name, &watch, said, err);
        if (program_time(&watch) > most_ns && !failed)
            failed = ipm_err_set(err, -ETIMEDOUT, "'%.200s' took too long", name);
    }
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return failed;
}

int ipm_program_run_for(char *const argv[], uint64_t most_ns, struct ipm_said *ret_said,
                        struct ipm_err *err) {
    pid_t child = 0;
    *ret_said = (struct ipm_said){0};
    int code = program_open(ret_said, err);
    if (code == 0)
        code = ipm_spawn_program(argv, fileno(ret_said->out), fileno(ret_said->err),
                                 &child, err);
    if (code < 0)
        return code;
    code = program_wait(argv[0], child, most_ns, ret_said, err);
    ret_said->status = ipm_program_end(child);
    rewind(ret_said->out);
    rewind(ret_said->err);
    return ipm_stop_wanted() ? -EINTR : code;
}

int ipm_program_run(char *const argv[], struct ipm_said *ret_said, struct ipm_err *err) {
    return ipm_program_run_for(argv, UINT64_MAX, ret_said, err);
}
