/* family.c - walks from a process to its descendants. It reads the lists of children, because reading all
 * of /proc would disturb what is measured meanwhile. */
#include "run/process/family.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    FAMILY_MOST = 64, /* descendants that are looked at */
    FAMILY_PATH_BYTES = 64,
    FAMILY_WORD_BYTES = 12, /* of a pid */
};

struct family {
    int pids[FAMILY_MOST];
    size_t count;
};

/* Adds the processes that one thread has started. */
static void family_add(struct family *family, int pid, const char *thread) {
    char path[FAMILY_PATH_BYTES];
    char word[FAMILY_WORD_BYTES];
    (void)snprintf(path, sizeof path, "/proc/%d/task/%.11s/children", pid, thread);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return;
    while (family->count < FAMILY_MOST && fscanf(file, "%11s", word) == 1)
        family->pids[family->count++] = (int)strtol(word, NULL, 10);
    (void)fclose(file);
}

static void family_add_all(struct family *family, int pid) {
    char path[FAMILY_PATH_BYTES];
    (void)snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *threads = opendir(path);
    if (threads == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(threads));)
        if (entry->d_name[0] != '.')
            family_add(family, pid, entry->d_name);
    (void)closedir(threads);
}

/* Returns the state of a process, such as 'T', and its name. */
static char family_state(int pid, char name[IPM_FAMILY_NAME_BYTES]) {
    char path[FAMILY_PATH_BYTES];
    char state = '\0';
    (void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return state;
    if (fscanf(file, "%*d (%15[^)]) %c", name, &state) != 2)
        state = '\0';
    (void)fclose(file);
    return state;
}

pid_t ipm_family_find_stopped(pid_t pid, char ret_name[IPM_FAMILY_NAME_BYTES]) {
    struct family family = {.count = 0};
    family_add_all(&family, pid);
    for (size_t i = 0; i < family.count; i++) {
        if (family_state(family.pids[i], ret_name) == 'T')
            return family.pids[i];
        family_add_all(&family, family.pids[i]);
    }
    return 0;
}
