/* criterion.h - the part of Criterion that the tests use, for machines that have no package of it
 * and for sanitizers: it needs nothing but a C library. Each test runs in a child. */
#ifndef IPM_MACHINES_CRITERION_H
#define IPM_MACHINES_CRITERION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

struct standin_settings {
    void (*init)(void);
    void (*fini)(void);
    double timeout; /* seconds; 0: the default */
};

struct criterion_test_params {
    size_t size; /* of a row */
    void *params;
    size_t length;
};

/* A test, or with run == NULL a suite, whose settings are those of tests that have none. With
 * rows, the test runs once for each row, which is what run gets; else that is NULL. */
struct standin_entry {
    const char *suite;
    const char *name;
    void (*run)(void *row);
    struct criterion_test_params (*rows)(void);
    struct standin_settings settings;
    struct standin_entry *next;
};

void standin_add(struct standin_entry *entry);

/* Counts a failed check and prints it. fatal: the test ends. */
__attribute__((format(printf, 5, 6))) void standin_fail(bool fatal, const char *file,
                                                        int line, const char *check,
                                                        const char *format, ...);
__attribute__((noreturn, format(printf, 1, 2))) void cr_skip_test(const char *format,
                                                                  ...);

#define STANDIN_ENTRY(suite_, name_, run_, rows_, ...)                                   \
    __attribute__((constructor)) static void suite_##_##name_##_add(void) {              \
        static struct standin_entry entry = {.suite = #suite_,                           \
                                             .name = #name_,                             \
                                             .run = (run_),                              \
                                             .rows = (rows_),                            \
                                             .settings = {__VA_ARGS__}};                 \
        standin_add(&entry);                                                             \
    }
#define Test(suite_, name_, ...)                                                         \
    static void suite_##_##name_##_run(void *);                                          \
    STANDIN_ENTRY(suite_, name_, suite_##_##name_##_run, NULL, __VA_ARGS__)              \
    static void suite_##_##name_##_run(__attribute__((unused)) void *standin_row)
#define TestSuite(suite_, ...) STANDIN_ENTRY(suite_, suite, NULL, NULL, __VA_ARGS__)

/* --- assertions --------------------------------------------------------------------------- */

/* The words of the caller follow a space, because there may be none. */
#define STANDIN_CHECK(fatal, holds, text, ...)                                           \
    ((holds) ? (void)0                                                                   \
             : standin_fail((fatal), __FILE__, __LINE__, (text), " " __VA_ARGS__))

#define cr_assert(what, ...) STANDIN_CHECK(true, (what), #what, __VA_ARGS__)
#define cr_expect(what, ...) STANDIN_CHECK(false, (what), #what, __VA_ARGS__)
#define STANDIN_OP(fatal, a, op, b, ...)                                                 \
    STANDIN_CHECK(fatal, (a)op(b), #a " " #op " " #b, __VA_ARGS__)
#define cr_assert_not(a, ...)          STANDIN_CHECK(true, !(a), "!" #a, __VA_ARGS__)
#define cr_expect_not(a, ...)          STANDIN_CHECK(false, !(a), "!" #a, __VA_ARGS__)
#define cr_assert_null(a, ...)         STANDIN_OP(true, a, ==, NULL, __VA_ARGS__)
#define cr_expect_null(a, ...)         STANDIN_OP(false, a, ==, NULL, __VA_ARGS__)
#define cr_assert_not_null(a, ...)     STANDIN_OP(true, a, !=, NULL, __VA_ARGS__)
#define cr_expect_not_null(a, ...)     STANDIN_OP(false, a, !=, NULL, __VA_ARGS__)
#define cr_assert_eq(a, b, ...)        STANDIN_OP(true, a, ==, b, __VA_ARGS__)
#define cr_expect_eq(a, b, ...)        STANDIN_OP(false, a, ==, b, __VA_ARGS__)
#define cr_assert_neq(a, b, ...)       STANDIN_OP(true, a, !=, b, __VA_ARGS__)
#define cr_expect_neq(a, b, ...)       STANDIN_OP(false, a, !=, b, __VA_ARGS__)
#define cr_assert_lt(a, b, ...)        STANDIN_OP(true, a, <, b, __VA_ARGS__)
#define cr_expect_lt(a, b, ...)        STANDIN_OP(false, a, <, b, __VA_ARGS__)
#define cr_assert_leq(a, b, ...)       STANDIN_OP(true, a, <=, b, __VA_ARGS__)
#define cr_expect_leq(a, b, ...)       STANDIN_OP(false, a, <=, b, __VA_ARGS__)
#define cr_assert_geq(a, b, ...)       STANDIN_OP(true, a, >=, b, __VA_ARGS__)
#define cr_expect_geq(a, b, ...)       STANDIN_OP(false, a, >=, b, __VA_ARGS__)
#define cr_assert_str_eq(a, b, ...)    cr_assert(standin_str_eq(a, b), __VA_ARGS__)
#define cr_expect_str_eq(a, b, ...)    cr_expect(standin_str_eq(a, b), __VA_ARGS__)
#define cr_assert_str_neq(a, b, ...)   cr_assert(!standin_str_eq(a, b), __VA_ARGS__)
#define cr_expect_str_neq(a, b, ...)   cr_expect(!standin_str_eq(a, b), __VA_ARGS__)
#define cr_assert_str_empty(a, ...)    cr_assert(standin_str_eq(a, ""), __VA_ARGS__)
#define cr_expect_str_empty(a, ...)    cr_expect(standin_str_eq(a, ""), __VA_ARGS__)
#define cr_expect_arr_eq(a, b, n, ...) cr_expect(memcmp(a, b, n) == 0, __VA_ARGS__)
#define cr_expect_float_eq(a, b, by, ...)                                                \
    cr_expect((a) - (b) <= (by) && (b) - (a) <= (by), __VA_ARGS__)

#define cr_assert_fail(...)             cr_assert(false, __VA_ARGS__)
#define cr_expect_fail(...)             cr_expect(false, __VA_ARGS__)
#define cr_assert_gt(a, b, ...)         STANDIN_OP(true, a, >, b, __VA_ARGS__)
#define cr_assert_str_not_empty(a, ...) cr_assert(!standin_str_eq(a, ""), __VA_ARGS__)
#define cr_assert_arr_eq(a, b, n, ...)  cr_assert(memcmp(a, b, n) == 0, __VA_ARGS__)
#define cr_assert_arr_neq(a, b, n, ...) cr_assert(memcmp(a, b, n) != 0, __VA_ARGS__)
#define cr_assert_float_eq(a, b, by, ...)                                                \
    cr_assert((a) - (b) <= (by) && (b) - (a) <= (by), __VA_ARGS__)
#define cr_expect_gt(a, b, ...)         STANDIN_OP(false, a, >, b, __VA_ARGS__)
#define cr_expect_str_not_empty(a, ...) cr_expect(!standin_str_eq(a, ""), __VA_ARGS__)
#define cr_expect_arr_neq(a, b, n, ...) cr_expect(memcmp(a, b, n) != 0, __VA_ARGS__)

static inline bool standin_str_eq(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

#endif
