/* image.c - collects the files that a program needs, and writes them into an archive of the
 * format "newc". */
#include "run/guest/image.h"

#include "base/err.h"
#include "run/guest/guest.h"
#include "run/process/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int image_add_file(struct ipm_cpio *cpio, const char *path, struct ipm_err *err) {
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status = {0};
    if (fd < 0 || fstat(fd, &status) != 0) {
        const int why = -errno;
        if (fd >= 0)
            (void)close(fd);
        return ipm_err_sys(err, why, "cannot read '%.200s'", path);
    }
    const size_t bytes = (size_t)status.st_size;
    void *contents =
        bytes > 0 ? mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    const int why = bytes > 0 ? -errno : -ENODATA;
    (void)close(fd);
    if (contents == MAP_FAILED)
        return ipm_err_sys(err, why, "cannot read '%.200s'", path);
    ipm_cpio_add(cpio, path, S_IFREG | 0755, contents, bytes);
    (void)munmap(contents, bytes);
    return 0;
}

/* A line of the dynamic loader: "\tlibc.so.6 => /lib/libc.so.6 (0x7f...)", or without "=>"
 * that of the loader itself. The kernel's own library has no path. */
static int image_add_line(struct ipm_cpio *cpio, char *line, struct ipm_err *err) {
    char *path = strchr(line, '/');
    char *end = strrchr(line, '(');
    if (strstr(line, "not found")) {
        line[strcspn(line, "\n")] = '\0';
        return ipm_err_set(err, -ENOENT, "a library is missing: %.200s",
                           line + strspn(line, "\t "));
    }
    if (!path || !end || end < path + 2)
        return 0;
    end[-1] = '\0';
    return image_add_file(cpio, path, err);
}

/* The dynamic loader lists what it would load, as ldd(1) has it. */
static int image_add_libraries(struct ipm_cpio *cpio, const char *program,
                               const char *preload, struct ipm_err *err) {
    char libraries[PATH_MAX];
    char line[PATH_MAX];
    char *argv[] = {(char[]){"env"}, (char[]){"LD_TRACE_LOADED_OBJECTS=1"}, libraries,
                    (char *)program, NULL};
    struct ipm_said said;
    (void)snprintf(libraries, sizeof libraries, "LD_PRELOAD=%s", preload);
    int code = ipm_program_run(argv, &said, err);
    while (code == 0 && fgets(line, sizeof line, said.out))
        code = image_add_line(cpio, line, err);
    ipm_said_done(&said);
    return code;
}

static int image_add_program(struct ipm_cpio *cpio, const char *program,
                             const char *preload, struct ipm_err *err) {
    struct ipm_guest_elf elf = {0};
    const int code = image_add_file(cpio, program, err);
    return code == 0 && ipm_guest_elf_read(program, &elf) == 0 && elf.has_loader
               ? image_add_libraries(cpio, program, preload, err)
               : code;
}

static int image_add_words(struct ipm_cpio *cpio, const struct ipm_guest_image *image) {
    size_t bytes = strlen(image->program) + 1;
    for (size_t i = 0; i < image->word_count; i++)
        bytes += strlen(image->words[i]) + 1;
    char *all = calloc(1, bytes);
    if (!all)
        return -ENOMEM;
    char *end = stpcpy(all, image->program) + 1;
    for (size_t i = 0; i < image->word_count; i++)
        end = stpcpy(end, image->words[i]) + 1;
    ipm_cpio_add(cpio, IPM_GUEST_WORDS, S_IFREG | 0644, all, bytes);
    free(all);
    return 0;
}

static int image_fill(struct ipm_cpio *cpio, const struct ipm_guest_image *image,
                      struct ipm_err *err) {
    static const char cache[] = "/etc/ld.so.cache";
    int code = image_add_program(cpio, image->init, "", err);
    if (code == 0 && (strcmp(image->program, image->init) != 0 || image->preload[0]))
        code = image_add_program(cpio, image->program, image->preload, err);
    if (code == 0 && access(cache, R_OK) == 0)
        code = image_add_file(cpio, cache, err);
    if (code != 0)
        return code;
    ipm_cpio_add(cpio, "/init", S_IFLNK | 0777, image->init, strlen(image->init));
    code = image_add_words(cpio, image);
    if (code == 0)
        code = ipm_cpio_end(cpio);
    return code == 0 ? 0 : ipm_err_sys(err, code, "cannot write the guest's files");
}

FILE *ipm_guest_image_make(const struct ipm_guest_image *image, struct ipm_err *err) {
    struct ipm_cpio cpio = {.out = ipm_program_file("guest")};
    if (!cpio.out) {
        ipm_err_sys(err, -errno, "cannot make a file in memory");
        return NULL;
    }
    if (image_fill(&cpio, image, err) == 0)
        return cpio.out;
    (void)fclose(cpio.out);
    return NULL;
}

enum { CPIO_ALIGN = 4 };

/* Headers and contents begin at multiples of four bytes. */
static void cpio_put(struct ipm_cpio *cpio, const void *bytes, size_t count) {
    static const char zeros[CPIO_ALIGN] = {0};
    (void)fwrite(bytes, 1, count, cpio->out);
    (void)fwrite(zeros, 1, -count % CPIO_ALIGN, cpio->out);
}

/* Times are 0 and owners are root, so that the same files make the same archive. */
static void cpio_entry(struct ipm_cpio *cpio, const char *name, unsigned mode,
                       const void *bytes, size_t count) {
    enum { HEADER_BYTES = 110 };
    char header[HEADER_BYTES + PATH_MAX];
    const unsigned links = S_ISDIR(mode) ? 2 : 1;
    const int used =
        snprintf(header, sizeof header,
                 "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s",
                 ++cpio->count, mode, 0u, 0u, links, 0u, (unsigned)count, 0u, 0u, 0u, 0u,
                 (unsigned)strlen(name) + 1, 0u, name);
    cpio_put(cpio, header, (size_t)used + 1);
    cpio_put(cpio, bytes, count);
}

/* A directory may come again: the kernel and cpio(1) leave it as it is. */
void ipm_cpio_add(struct ipm_cpio *cpio, const char *path, unsigned mode,
                  const void *bytes, size_t count) {
    char above[PATH_MAX];
    for (const char *slash = strchr(path + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        (void)snprintf(above, sizeof above, "%.*s", (int)(slash - path - 1), path + 1);
        cpio_entry(cpio, above, S_IFDIR | 0755, "", 0);
    }
    cpio_entry(cpio, path + 1, mode, bytes, count);
}

int ipm_cpio_end(struct ipm_cpio *cpio) {
    cpio_entry(cpio, "TRAILER!!!", 0, "", 0);
    return fflush(cpio->out) != 0 || ferror(cpio->out) ? -EIO : 0;
}
