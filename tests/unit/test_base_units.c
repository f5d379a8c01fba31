/* Units: tables of good and bad numbers, and the way there and back. */
#include "base/err.h"
#include "base/units.h"
#include "tests/support/assert.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static const uint64_t untouched = 12345;

struct good {
    const char *text;
    uint64_t number;
};

struct bad {
    const char *text;
    int code;
    const char *words;
};

typedef int parse(const char *text, const char *what, uint64_t *ret, struct ipm_err *err);

static int parse_size(const char *text, const char *what, uint64_t *ret,
                      struct ipm_err *err) {
    return ipm_units_parse(&ipm_unit_size, text, what, 0, INT64_MAX, ret, err);
}

static int parse_time(const char *text, const char *what, uint64_t *ret,
                      struct ipm_err *err) {
    return ipm_units_parse(&ipm_unit_time, text, what, 0, INT64_MAX, ret, err);
}

static int parse_rounds(const char *text, const char *what, uint64_t *ret,
                        struct ipm_err *err) {
    return ipm_units_parse(&ipm_unit_count, text, what, 1, 1000, ret, err);
}

static void expect_good(parse *parse_it, const struct good *row) {
    for (; row->text != NULL; row++) {
        struct ipm_err err = {0};
        uint64_t number = untouched;
        cr_expect(eq(int, parse_it(row->text, "size", &number, &err), 0), "'%s': %s",
                  row->text, err.text);
        cr_expect(eq(u64, number, row->number), "for '%s'", row->text);
        cr_expect(eq(int, err.code, 0));
    }
}

static void expect_bad(parse *parse_it, const char *what, const char *hint,
                       const struct bad *row) {
    for (; row->text != NULL; row++) {
        struct ipm_err err = {0};
        uint64_t number = untouched;
        cr_expect(eq(int, parse_it(row->text, what, &number, &err), row->code),
                  "for '%s'", row->text);
        cr_expect(eq(u64, number, untouched), "'%s' was stored", row->text);
        cr_expect(eq(int, err.code, row->code));
        cr_expect(eq(str, err.text, (char *)row->words));
        cr_expect(eq(str, err.hint, (char *)hint));
    }
}

Test(base_units, sizes_are_whole_numbers_with_a_binary_unit) {
    static const struct good rows[] = {
        {"0", 0},
        {"1", 1},
        {"64", 64},
        {"007", 7},
        {"64B", 64},
        {"64b", 64},
        {"4K", 4096},
        {"4k", 4096},
        {"4KB", 4096},
        {"4kb", 4096},
        {"4KiB", 4096},
        {"4kIb", 4096},
        {"1M", 1048576},
        {"1mib", 1048576},
        {"3MB", 3145728},
        {"1G", 1073741824},
        {"2GiB", 2147483648},
        {"2gb", 2147483648},
        {"1.5K", 1536},
        {"1.0", 1},
        {".5K", 512},
        {" 4 KiB", 4096},
        {"1e6", 1000000},
        {"1.5E3", 1500},
        {"15e-1K", 1536},
        {"2e+3", 2000},
        {"0e99", 0},
        {"9.223372036854775807e18", INT64_MAX},
        {"8589934591G", 9223372035781033984U},
        {"9223372036854775807", INT64_MAX},
        {NULL, 0},
    };
    expect_good(parse_size, rows);
}

Test(base_units, what_is_no_size_is_refused_with_the_reason) {
    static const struct bad rows[] = {
        {"", -EINVAL, "invalid size ''"},
        {" ", -EINVAL, "invalid size ' '"},
        {"4K ", -EINVAL, "invalid size '4K '"},
        {"4 K x", -EINVAL, "invalid size '4 K x'"},
        {"64 4K", -EINVAL, "invalid size '64 4K'"},
        {"K", -EINVAL, "invalid size 'K'"},
        {"12Q", -EINVAL, "invalid size '12Q'"},
        {"12KK", -EINVAL, "invalid size '12KK'"},
        {"12iB", -EINVAL, "invalid size '12iB'"},
        {"12Ki", -EINVAL, "invalid size '12Ki'"},
        {"12x4", -EINVAL, "invalid size '12x4'"},
        {"1e", -EINVAL, "invalid size '1e'"},
        {"1e+", -EINVAL, "invalid size '1e+'"},
        {"e3", -EINVAL, "invalid size 'e3'"},
        {"1e3.5", -EINVAL, "invalid size '1e3.5'"},
        {"1.3K", -EINVAL, "size '1.3K' is not a whole number of bytes"},
        {"1e-3", -EINVAL, "size '1e-3' is not a whole number of bytes"},
        {"1e99", -ERANGE, "size '1e99' is too large"},
        {"1e99999999999999999999", -ERANGE, "size '1e99999999999999999999' is too large"},
        {"1.K", -EINVAL, "invalid size '1.K'"},
        {".", -EINVAL, "invalid size '.'"},
        {"-", -EINVAL, "invalid size '-'"},
        {"--1", -EINVAL, "invalid size '--1'"},
        {"+5", -EINVAL, "invalid size '+5'"},
        {"inf", -EINVAL, "invalid size 'inf'"},
        {"nan", -EINVAL, "invalid size 'nan'"},
        {"\xD9\xA3", -EINVAL, "invalid size '\xD9\xA3'"},
        {"-5", -EINVAL, "size '-5' must not be negative"},
        {"-0", -EINVAL, "size '-0' must not be negative"},
        {"-1.5K", -EINVAL, "size '-1.5K' must not be negative"},
        {".5", -EINVAL, "size '.5' is not a whole number of bytes"},
        {"8589934592G", -ERANGE, "size '8589934592G' is too large"},
        {"9223372036854775808", -ERANGE, "size '9223372036854775808' is too large"},
        {"18446744073709551615", -ERANGE, "size '18446744073709551615' is too large"},
        {"18446744073709551616", -ERANGE, "size '18446744073709551616' is too large"},
        {"18014398509481985K", -ERANGE, "size '18014398509481985K' is too large"},
        {"99999999999999999999999", -ERANGE,
         "size '99999999999999999999999' is too large"},
        {"99999999999999999999999Q", -EINVAL, "invalid size '99999999999999999999999Q'"},
        {NULL, 0, NULL},
    };
    expect_bad(parse_size, "size", "a number and K, M or G: 64, 4K, 1M", rows);
}

Test(base_units, a_list_and_a_hexadecimal_number_have_hints_of_their_own) {
    static const struct bad lists[] = {{"64,4K", -EINVAL, "invalid size '64,4K'"},
                                       {NULL, 0, NULL}};
    static const struct bad hexadecimals[] = {{"0x10", -EINVAL, "invalid size '0x10'"},
                                              {"0XF", -EINVAL, "invalid size '0XF'"},
                                              {NULL, 0, NULL}};
    expect_bad(parse_size, "size",
               "one value is needed, and this is a list: one run for each", lists);
    expect_bad(parse_size, "size", "numbers are decimal", hexadecimals);
}

Test(base_units, times_are_decimal_numbers_with_a_unit) {
    static const struct good rows[] = {
        {"0s", 0},
        {"1ns", 1},
        {"1us", 1000},
        {"100ms", 100000000},
        {"0.1s", 100000000},
        {".1s", 100000000},
        {"1.5s", 1500000000},
        {"1.50s", 1500000000},
        {"2m", 120000000000},
        {"1h", 3600000000000},
        {"0.001h", 3600000000},
        {"1.000000001s", 1000000001},
        {"0.123456789s", 123456789},
        {"100 ms", 100000000},
        {"1sec", 1000000000},
        {"2 seconds", 2000000000},
        {"1min", 60000000000},
        {"5 minutes", 300000000000},
        {"1hour", 3600000000000},
        {"10msec", 10000000},
        {"3\u00b5s", 3000},
        {"1e3s", 1000000000000},
        {"1e-3s", 1000000},
        {"1.5ns", 2},
        {"0.4ns", 0},
        {"0", 0},
        {"0.0", 0},
        {"0.99999999999999999999s", 1000000000},
        {"9223372035s", 9223372035000000000},
        {NULL, 0},
    };
    expect_good(parse_time, rows);
}

Test(base_units, what_is_no_time_is_refused_with_the_reason) {
    static const struct bad rows[] = {
        {"", -EINVAL, "invalid duration ''"},
        {"s", -EINVAL, "invalid duration 's'"},
        {"1x", -EINVAL, "invalid duration '1x'"},
        {"1.s", -EINVAL, "invalid duration '1.s'"},
        {"1.5.5s", -EINVAL, "invalid duration '1.5.5s'"},
        {"1s1", -EINVAL, "invalid duration '1s1'"},
        {"1M", -EINVAL, "invalid duration '1M'"},
        {"100", -EINVAL, "duration '100' lacks a unit"},
        {"1.5", -EINVAL, "duration '1.5' lacks a unit"},
        {"0.5", -EINVAL, "duration '0.5' lacks a unit"},
        {"-1s", -EINVAL, "duration '-1s' must not be negative"},
        {"-.5s", -EINVAL, "duration '-.5s' must not be negative"},
        {"99999999h", -ERANGE, "duration '99999999h' is too large"},
        {"9223372037s", -ERANGE, "duration '9223372037s' is too large"},
        {"99999999999999999999999ns", -ERANGE,
         "duration '99999999999999999999999ns' is too large"},
        {NULL, 0, NULL},
    };
    expect_bad(parse_time, "duration", "a number and ns, us, ms, s, m or h: 100ms, 1.5s",
               rows);
}

Test(base_units, counts_are_whole_numbers_within_their_bounds) {
    static const struct good rows[] = {{"1", 1},      {"10", 10}, {"1000", 1000},
                                       {"1e3", 1000}, {"2.0", 2}, {NULL, 0}};
    expect_good(parse_rounds, rows);
}

Test(base_units, a_count_outside_its_bounds_is_refused_with_the_reason) {
    static const struct bad rows[] = {
        {"", -EINVAL, "invalid rounds ''"},
        {"ten", -EINVAL, "invalid rounds 'ten'"},
        {"10x", -EINVAL, "invalid rounds '10x'"},
        {"1K", -EINVAL, "invalid rounds '1K'"},
        {"-1", -EINVAL, "rounds '-1' must not be negative"},
        {"2.5", -EINVAL, "rounds '2.5' must be a whole number"},
        {"0", -ERANGE, "rounds '0' is too small"},
        {"1001", -ERANGE, "rounds '1001' is too large"},
        {"18446744073709551616", -ERANGE, "rounds '18446744073709551616' is too large"},
        {NULL, 0, NULL},
    };
    expect_bad(parse_rounds, "rounds", "a whole number from 1 to 1000", rows);
}

Test(base_units, a_seed_may_be_any_number_of_64_bits) {
    struct ipm_err err = {0};
    uint64_t seed = 0;
    cr_assert(eq(int,
                 ipm_units_parse(&ipm_unit_count, "18446744073709551615", "seed", 0,
                                 UINT64_MAX, &seed, &err),
                 0));
    cr_assert(eq(u64, seed, UINT64_MAX));
}

static void expect_size_text(uint64_t bytes, const char *words) {
    cr_expect(eq(str, ipm_units_size(bytes).text, (char *)words));
}

Test(base_units, sizes_are_written_with_the_largest_exact_unit) {
    expect_size_text(0, "0");
    expect_size_text(1023, "1023");
    expect_size_text(1024, "1K");
    expect_size_text(1536, "1536");
    expect_size_text(65537, "65537");
    expect_size_text(1048576, "1M");
    expect_size_text(1049600, "1025K");
    expect_size_text(3221225472, "3G");
    expect_size_text(1099511627776, "1024G");
    expect_size_text(UINT64_MAX, "18446744073709551615");
}

static void expect_round_trip(uint64_t bytes) {
    uint64_t back = 0;
    cr_assert(eq(int, parse_size(ipm_units_size(bytes).text, "size", &back, NULL), 0));
    cr_assert(eq(u64, back, bytes));
}

Test(base_units, a_size_reads_back_as_the_same_number) {
    for (int shift = 0; shift < 63; shift++)
        for (uint64_t beside = 0; beside < 3; beside++)
            expect_round_trip(((uint64_t)1 << shift) - 1 + beside);
    uint64_t state = 88172645463325252U;
    for (int i = 0; i < 20000; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        expect_round_trip(state >> (1 + i % 63));
    }
}

struct shown {
    double value;
    const char *text;
};

static void expect_shown(struct ipm_cell (*show)(double), const struct shown *row) {
    for (; row->text != NULL; row++)
        cr_expect(eq(str, show(row->value).text, (char *)row->text), "for %.17g",
                  row->value);
}

Test(base_units, metric_numbers_have_three_significant_digits) {
    static const struct shown rows[] = {
        {0, "0"},
        {1, "1.00"},
        {12, "12.0"},
        {999, "999"},
        {999.4, "999"},
        {999.6, "1.00k"},
        {9.996, "10.0"},
        {99.96, "100"},
        {12345, "12.3k"},
        {1200000, "1.20M"},
        {999499, "999k"},
        {999500, "1.00M"},
        {1.5e9, "1.50G"},
        {2e12, "2.00T"},
        {3e15, "3.00P"},
        {9.99e20, "999E"},
        {1e24, "1.00e+24"},
        {0.5, "0.500"},
        {0.0123, "0.0123"},
        {0.00123, "0.00123"},
        {0.000123, "1.23e-04"},
        {-12345, "-12.3k"},
        {1.7976931348623157e308, "1.80e+308"},
        {(double)NAN, "-"},
        {(double)INFINITY, "-"},
        {-(double)INFINITY, "-"},
        {0, NULL},
    };
    expect_shown(ipm_units_metric, rows);
}

Test(base_units, times_are_written_as_a_person_says_them) {
    static const struct shown rows[] = {
        {0, "0ns"},
        {3.416, "3.42ns"},
        {45, "45ns"},
        {999.4, "999ns"},
        {999.6, "1.00us"},
        {12345, "12.3us"},
        {999600, "1.00ms"},
        {100e6, "100ms"},
        {1.5e9, "1.50s"},
        {59.94e9, "59.9s"},
        {59.96e9, "1m 0s"},
        {80e9, "1m 20s"},
        {3599.4e9, "59m 59s"},
        {3599.6e9, "1h 0m"},
        {7199e9, "2h 0m"},
        {9000e9, "2h 30m"},
        {1e300, "1111111h 7m"},
        {-1.5e9, "-1.50s"},
        {(double)NAN, "-"},
        {(double)INFINITY, "-"},
        {0, NULL},
    };
    expect_shown(ipm_units_time, rows);
}
