/* find.c - finds the emulator and a kernel for guests. */
#include "run/guest/guest.h"

#include "base/err.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define FIND_BOOT   "/boot"
#define FIND_KERNEL "vmlinuz-"

int ipm_guest_find_qemu(const struct ipm_guest_machine *machine, char ret_path[PATH_MAX],
                        struct ipm_err *err) {
    const char *path = getenv("PATH");
    for (const char *at = path ? path : "/usr/bin"; *at;) {
        const size_t length = strcspn(at, ":");
        (void)snprintf(ret_path, PATH_MAX, "%.*s/%s", (int)length, at, machine->qemu);
        if (access(ret_path, X_OK) == 0)
            return 0;
        at += length + (at[length] == ':');
    }
    ipm_err_hint(err, "apt-get install %s", machine->qemu_package);
    return ipm_err_set(err, -ENOENT, "'%s' is not installed", machine->qemu);
}

static int find_is_kernel(const struct dirent *entry) {
    return strncmp(entry->d_name, FIND_KERNEL, sizeof FIND_KERNEL - 1) == 0;
}

/* Looks at the names from the newest version to the oldest. */
static bool find_newest(const char *root, char ret_path[PATH_MAX]) {
    char folder[PATH_MAX];
    struct dirent **entries = NULL;
    bool found = false;
    (void)snprintf(folder, sizeof folder, "%s" FIND_BOOT, root);
    for (int i = scandir(folder, &entries, find_is_kernel, versionsort); i-- > 0;) {
        if (!found) {
            (void)snprintf(ret_path, PATH_MAX, "%.2000s/%s", folder, entries[i]->d_name);
            found = access(ret_path, R_OK) == 0;
        }
        free(entries[i]);
    }
    free(entries);
    return found;
}

int ipm_guest_find_kernel(const struct ipm_guest_machine *machine, const char *root,
                          char ret_path[PATH_MAX], struct ipm_err *err) {
    struct utsname names = {0};
    if (ipm_guest_is_foreign(machine)) {
        ipm_err_hint(err, "name one by '--kernel IMAGE'; Debian's is in %s",
                     machine->kernel_package);
        return ipm_err_set(err, -ENOENT, "no kernel for %s is given", machine->name);
    }
    (void)uname(&names);
    (void)snprintf(ret_path, PATH_MAX, "%s" FIND_BOOT "/" FIND_KERNEL "%s", root,
                   names.release);
    if (access(ret_path, R_OK) == 0 || find_newest(root, ret_path))
        return 0;
    ipm_err_hint(err, "apt-get install %s, or name one by '--kernel IMAGE'",
                 machine->kernel_package);
    return ipm_err_set(err, -ENOENT, "no kernel below '%s" FIND_BOOT "' can be read",
                       root);
}
