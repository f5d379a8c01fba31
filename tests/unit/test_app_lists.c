/* Lists of the command line: what they mean, and what they must not be. */
#include "app/cli/lists.h"
#include "app/cli/optparse.h"
#include "base/err.h"
#include "tests/support/assert.h"

#include <stdio.h>
#include <string.h>

struct sizes_row {
    const char *text;
    size_t count;
    uint64_t items[8];
};

/* The member that it fills is the whole target. */
static int set(const struct ipm_list_kind *kind, void *list, const char *text,
               struct ipm_err *err) {
    const struct ipm_option whole = {.name = "list", .table = kind};
    return ipm_lists_set(&whole, list, text, err);
}

Test(app_lists, sizes_are_items_and_fourfold_ranges_with_both_ends) {
    static const struct sizes_row rows[] = {
        {"64", 1, {64}},
        {"64K,64", 2, {65536, 64}},
        {"64, 4K ,1.5K", 3, {64, 4096, 1536}},
        {"64 .. 1 K, 1e6", 4, {64, 256, 1024, 1000000}},
        {"64..64", 1, {64}},
        {"64..65", 2, {64, 65}},
        {"64..1K", 3, {64, 256, 1024}},
        {"64..1000", 3, {64, 256, 1000}},
        {"1..2,16..64,1G", 5, {1, 2, 16, 64, 1073741824}},
        {"268435456..1G", 2, {268435456, 1073741824}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ipm_sizes sizes = {0};
        struct ipm_err err = {0};
        cr_expect(eq(int, set(&ipm_list_sizes, &sizes, rows[i].text, &err), 0),
                  "'%s': %s", rows[i].text, err.text);
        cr_expect(eq(sz, sizes.count, rows[i].count), "for '%s'", rows[i].text);
        for (size_t k = 0; k < rows[i].count; k++)
            cr_expect(eq(u64, sizes.items[k], rows[i].items[k]), "for '%s'",
                      rows[i].text);
    }
}

Test(app_lists, a_size_of_requests_may_have_one_of_responses) {
    struct ipm_sizes sizes = {0};
    struct ipm_err err = {0};
    char text[IPM_NAME_BYTES];
    cr_assert(eq(int, set(&ipm_list_sizes, &sizes, "1K,64:4K,64:64,5:2", &err), 0));
    cr_assert(eq(sz, sizes.count, 4));
    static const char *const texts[] = {"1024", "64:4096", "64", "5:2"};
    for (size_t i = 0; i < sizes.count; i++) {
        ipm_sizes_text(text, &sizes, i);
        cr_expect(eq(str, text, (char *)texts[i]));
    }
    cr_assert(eq(int, set(&ipm_list_sizes, &sizes, "7,8", &err), 0));
    cr_expect(eq(u64, sizes.responses[1], 0));
}

Test(app_lists, bad_sizes_are_refused_in_words) {
    static const char *const rows[][2] = {
        {"", "the list of sizes is empty"},
        {",", "the list ',' has an empty size"},
        {"64,", "the list '64,' has an empty size"},
        {"0", "size '0' is too small"},
        {"1025M", "size '1025M' is too large"},
        {"1K..64", "the range '1K..64' is in descending order"},
        {"..64", "the range '..64' lacks an end"},
        {"64..", "the range '64..' lacks an end"},
        {"64...128", "size '.128' is not a whole number of bytes"},
        {"64..128..256", "invalid range '64..128..256'"},
        {"64:", "'64:' is no size of requests and of responses"},
        {":64", "':64' is no size of requests and of responses"},
        {"1..64:64", "'1..64:64' is no size of requests and of responses"},
        {"64:4:4", "'64:4:4' is no size of requests and of responses"},
        {"64:0", "size '0' is too small"},
        {"2G:64", "size '2G' is too large"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ipm_sizes sizes = {0};
        struct ipm_err err = {0};
        cr_expect(lt(int, set(&ipm_list_sizes, &sizes, rows[i][0], &err), 0), "'%s'",
                  rows[i][0]);
        cr_expect(eq(str, err.text, (char *)rows[i][1]));
    }
}

/* 1,2,3,...: as many sizes as asked. */
static void write_sizes(char *text, size_t bytes, int count) {
    size_t used = 0;
    for (int i = 1; i <= count; i++)
        used += (size_t)snprintf(text + used, bytes - used, "%s%d", i > 1 ? "," : "", i);
}

Test(app_lists, a_list_holds_64_sizes_and_refuses_a_65th) {
    char text[512];
    struct ipm_sizes sizes = {0};
    struct ipm_err err = {0};
    write_sizes(text, sizeof text, IPM_LIST_MOST);
    cr_expect(eq(int, set(&ipm_list_sizes, &sizes, text, &err), 0));
    cr_expect(eq(sz, sizes.count, IPM_LIST_MOST));
    write_sizes(text, sizeof text, IPM_LIST_MOST + 1);
    cr_expect(lt(int, set(&ipm_list_sizes, &sizes, text, &err), 0));
    cr_expect(eq(str, err.text, "more than 64 sizes in one list"));
}

Test(app_lists, an_item_longer_than_any_word_is_refused_not_cut) {
    char text[300];
    struct ipm_sizes sizes = {0};
    struct ipm_err err = {0};
    memset(text, '1', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    cr_expect(lt(int, set(&ipm_list_sizes, &sizes, text, &err), 0));
    cr_expect(ne(ptr, strstr(err.text, "is too long"), NULL));
}

Test(app_lists, client_counts_are_numbers_up_to_a_thousand) {
    struct ipm_sizes clients = {0};
    struct ipm_err err = {0};
    cr_assert(eq(int, set(&ipm_list_clients, &clients, "1,1000,16", &err), 0));
    cr_assert(eq(sz, clients.count, 3));
    cr_expect(eq(u64, clients.items[1], 1000));
    cr_expect(eq(u64, clients.items[2], 16));
}

Test(app_lists, bad_client_counts_are_refused_in_words) {
    static const char *const rows[][2] = {
        {"", "the list of client counts is empty"},
        {"1,,4", "the list '1,,4' has an empty client count"},
        {"0", "client count '0' is too small"},
        {"1001", "client count '1001' is too large"},
        {"4,-1", "client count '-1' must not be negative"},
        {"1.5", "client count '1.5' must be a whole number"},
        {"1K", "invalid client count '1K'"},
        {"1..4", "invalid client count '1..4'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ipm_sizes clients = {0};
        struct ipm_err err = {0};
        cr_expect(lt(int, set(&ipm_list_clients, &clients, rows[i][0], &err), 0), "'%s'",
                  rows[i][0]);
        cr_expect(eq(str, err.text, (char *)rows[i][1]));
    }
}

Test(app_lists, placements_are_words_or_two_cpus) {
    struct ipm_pins pins = {0};
    struct ipm_err err = {0};
    cr_assert(eq(int, set(&ipm_list_pins, &pins, "split,none,3:0,same,0:3", &err), 0));
    cr_assert(eq(sz, pins.count, 5));
    cr_expect(eq(int, (int)pins.items[0].kind, IPM_PIN_SPLIT));
    cr_expect(eq(int, pins.items[0].sender_cpu, -1));
    cr_expect(eq(int, (int)pins.items[2].kind, IPM_PIN_CPUS));
    cr_expect(eq(int, pins.items[2].sender_cpu, 3));
    cr_expect(eq(int, pins.items[2].receiver_cpu, 0));
    cr_expect(eq(int, (int)pins.items[3].kind, IPM_PIN_SAME));
}

Test(app_lists, bad_placements_are_refused_in_words) {
    static const char *const rows[][2] = {
        {"", "the list of placements is empty"}, {"apart", "unknown placement 'apart'"},
        {"0", "unknown placement '0'"},          {"0:1:2", "unknown placement '0:1:2'"},
        {":1", "unknown placement ':1'"},        {"-1:0", "unknown placement '-1:0'"},
        {"0:1024", "CPU '1024' is too large"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ipm_pins pins = {0};
        struct ipm_err err = {0};
        cr_expect(lt(int, set(&ipm_list_pins, &pins, rows[i][0], &err), 0), "'%s'",
                  rows[i][0]);
        cr_expect(eq(str, err.text, (char *)rows[i][1]));
    }
}

Test(app_lists, a_name_that_does_not_fit_is_refused_not_cut) {
    struct ipm_names names = {0};
    struct ipm_err err = {0};
    cr_expect(eq(int,
                 ipm_lists_add_name(&names, "x", "1234567890123456789012345678901", &err),
                 0));
    cr_expect(
        lt(int, ipm_lists_add_name(&names, "x", "12345678901234567890123456789012", &err),
           0));
    cr_expect(eq(sz, names.count, 1));
}
