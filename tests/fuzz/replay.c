/* replay.c - FOLDER...: runs a fuzz target over each file of its corpus, where there is no
 * libFuzzer. */
#include "fuzz.h"

#include <dirent.h>
#include <limits.h>

enum { REPLAY_BYTES_MOST = 1 << 22 };

static void replay_file(const char *path) {
    static uint8_t data[REPLAY_BYTES_MOST];
    FILE *file = fopen(path, "re");
    FUZZ_EXPECT(file != NULL);
    const size_t size = fread(data, 1, sizeof data, file);
    FUZZ_EXPECT(feof(file));
    (void)fclose(file);
    uint8_t *copy = malloc(size > 0 ? size : 1); /* so that a sanitizer sees its end */
    FUZZ_EXPECT(copy != NULL);
    for (size_t i = 0; i < size; i++)
        copy[i] = data[i];
    (void)fprintf(stderr, "%s\n", path);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static int replay_folder(const char *folder) {
    struct dirent **entries;
    const int count = scandir(folder, &entries, NULL, alphasort);
    int files = 0;
    FUZZ_EXPECT(count >= 0);
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') {
            replay_file(path);
            files++;
        }
        free(entries[i]);
    }
    free(entries);
    return files;
}

int main(int argc, char **argv) {
    int files = 0;
    for (int i = 1; i < argc; i++)
        files += replay_folder(argv[i]);
    (void)printf("%d passed, 0 failed\n", files);
    return files > 0 ? 0 : 1;
}
