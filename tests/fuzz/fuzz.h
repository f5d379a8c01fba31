/* fuzz.h - what the fuzz targets have in common. */
#ifndef IPM_TESTS_FUZZ_H
#define IPM_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* libFuzzer calls it with each input; so does replay.c, without libFuzzer, with each file of a
 * corpus. A fault ends the process. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert() it is there in every build. */
#define FUZZ_EXPECT(condition)                                                           \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            (void)fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__,           \
                          #condition);                                                   \
            abort();                                                                     \
        }                                                                                \
    } while (0)

/* A copy of the input that ends in NUL; the caller frees it. */
static inline char *fuzz_text(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);
    FUZZ_EXPECT(text != NULL);
    for (size_t i = 0; i < size; i++)
        text[i] = (char)data[i];
    text[size] = '\0';
    return text;
}

/* The next number of an input, and 0 behind its end. */
struct fuzz_input {
    const uint8_t *data;
    size_t size;
};

static inline uint64_t fuzz_take(struct fuzz_input *input, size_t bytes) {
    uint64_t number = 0;
    for (size_t i = 0; i < bytes; i++) {
        number = number << 8 | (input->size > 0 ? *input->data : 0);
        input->data += input->size > 0;
        input->size -= input->size > 0;
    }
    return number;
}

#endif
