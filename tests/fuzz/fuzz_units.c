/* fuzz_units.c - numbers with units and lists of them: what is accepted is in its range and can
 * be shown, and what is shown reads back as the same number. */
#include "fuzz.h"

#include "app/cli/lists.h"
#include "app/cli/optparse.h"
#include "base/err.h"
#include "base/units.h"

#include <stdbool.h>
#include <string.h>

static void check_size(const char *text) {
    struct ipm_err err = {0};
    uint64_t bytes = 0;
    uint64_t again = 0;
    const int failed =
        ipm_units_parse(&ipm_unit_size, text, "size", 0, INT64_MAX, &bytes, &err);
    FUZZ_EXPECT(!failed == !err.code);
    if (failed)
        return;
    FUZZ_EXPECT(ipm_units_parse(&ipm_unit_size, ipm_units_size(bytes).text, "size", 0,
                                INT64_MAX, &again, &err) == 0);
    FUZZ_EXPECT(again == bytes);
}

static void check_time(const char *text) {
    struct ipm_err err = {0};
    uint64_t ns = 0;
    const int failed =
        ipm_units_parse(&ipm_unit_time, text, "time", 0, INT64_MAX, &ns, &err);
    FUZZ_EXPECT(!failed == !err.code);
    if (!failed)
        FUZZ_EXPECT(strlen(ipm_units_time((double)ns).text) < IPM_CELL_BYTES - 1);
}

static void check_count(const char *text) {
    struct ipm_err err = {0};
    uint64_t count = 0;
    const int failed =
        ipm_units_parse(&ipm_unit_count, text, "count", 3, 1000, &count, &err);
    FUZZ_EXPECT(!failed == !err.code);
    FUZZ_EXPECT(failed || (count >= 3 && count <= 1000));
}

static void check_list(const char *text, const struct ipm_list_kind *kind) {
    const struct ipm_option option = {.name = "list", .table = kind};
    static union {
        struct ipm_sizes sizes;
        struct ipm_pins pins;
        struct ipm_names names;
    } list;
    struct ipm_err err = {0};
    memset(&list, 0, sizeof list);
    const int failed = ipm_lists_set(&option, &list, text, &err);
    FUZZ_EXPECT(!failed == !err.code);
    FUZZ_EXPECT(!failed || err.text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_text(data, size);
    check_size(text);
    check_time(text);
    check_count(text);
    check_list(text, &ipm_list_sizes);
    check_list(text, &ipm_list_clients);
    check_list(text, &ipm_list_pins);
    check_list(text, &ipm_list_congestion);
    free(text);
    return 0;
}
