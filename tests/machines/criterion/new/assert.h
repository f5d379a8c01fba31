/* assert.h - Criterion's criteria with types, as far as the tests use them: eq(int, a, b). */
#ifndef IPM_MACHINES_CRITERION_ASSERT_H
#define IPM_MACHINES_CRITERION_ASSERT_H

#define STANDIN_ROWS(X)                                                                  \
    X(int, int)                                                                          \
    X(uint, unsigned)                                                                    \
    X(long, long)                                                                        \
    X(ulong, unsigned long)                                                              \
    X(chr, char)                                                                         \
    X(sz, size_t)                                                                        \
    X(i8, int8_t)                                                                        \
    X(u8, uint8_t)                                                                       \
    X(i16, int16_t)                                                                      \
    X(u16, uint16_t)                                                                     \
    X(i32, int32_t)                                                                      \
    X(llong, long long)                                                                  \
    X(ullong, unsigned long long)                                                        \
    X(flt, float)                                                                        \
    X(bool, bool)                                                                        \
    X(u32, uint32_t)                                                                     \
    X(i64, int64_t)                                                                      \
    X(u64, uint64_t)                                                                     \
    X(dbl, double)                                                                       \
    X(ptr, const volatile void *)
/* -1, 0 or 1, as a is less than, equal to or greater than b. */
#define STANDIN_COMPARE(word, type)                                                      \
    static inline int standin_compare_##word(type a, type b) {                           \
        return (a > b) - (a < b);                                                        \
    }
STANDIN_ROWS(STANDIN_COMPARE)

static inline int standin_compare_str(const char *a, const char *b) {
    return strcmp(a, b);
}

#define eq(type, a, b) (standin_compare_##type((a), (b)) == 0)
#define ne(type, a, b) (standin_compare_##type((a), (b)) != 0)
#define lt(type, a, b) (standin_compare_##type((a), (b)) < 0)
#define le(type, a, b) (standin_compare_##type((a), (b)) <= 0)
#define gt(type, a, b) (standin_compare_##type((a), (b)) > 0)
#define ge(type, a, b) (standin_compare_##type((a), (b)) >= 0)
#define zero(type, a)  eq(type, a, 0)
#define epsilon_eq(type, a, b, by)                                                       \
    (standin_compare_##type((a) - (b), (by)) <= 0 &&                                     \
     standin_compare_##type((b) - (a), (by)) <= 0)
#define not(what) (!(what))

#endif
