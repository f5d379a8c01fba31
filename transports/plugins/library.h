/* library.h - a library that each end loads for itself and unloads again, so that nothing of it
 * is left in the process: no descriptor, thread or handler of pthread_atfork(3).
 *
 *   #define FUNCTIONS(USE) USE(lib_open) USE(lib_close)
 *   struct my_end { void *library; FUNCTIONS(LIBRARY_POINTER) };
 *   ...
 *   FUNCTIONS(LIBRARY_LOOK_UP)   in a function with `end` and `err`, which it leaves on error
 */
#ifndef IPM_TRANSPORTS_PLUGINS_LIBRARY_H
#define IPM_TRANSPORTS_PLUGINS_LIBRARY_H

#include "ipcmark/err.h"

#include <dlfcn.h>
#include <errno.h>

#define LIBRARY_POINTER(name) __typeof__(name) *name;

#define LIBRARY_LOOK_UP(name)                                                            \
    end->name = (__typeof__(name) *)dlsym(end->library, #name);                          \
    if (!end->name)                                                                      \
        return ipm_err_set(err, -ENOSYS, "the library has no '" #name "'");

/* Returns 0 or a negative errno. */
static inline int library_load(void **ret_library, const char *file,
                               struct ipm_err *err) {
    *ret_library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    return *ret_library
               ? 0
               : ipm_err_set(err, -ENOENT, "cannot load a library: %s", dlerror());
}

/* Safe twice. */
static inline void library_unload(void **library) {
    if (*library)
        (void)dlclose(*library);
    *library = NULL;
}

#endif
