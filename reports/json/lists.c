/* lists.c - lists of plain things to JSON and back: words, sizes, placements, argv.
 * Must not know which option a list belongs to. */
#include "base/utf8.h"
#include "model/plan/pin.h"
#include "model/report/report.h"
#include "reports/json/codec.h"

#include <stdlib.h>
#include <string.h>

enum { LISTS_COMMAND_MOST = 65536, LISTS_CPU_MOST = 65535 };

static int lists_append(json_t **list, json_t *item) {
    if (json_array_append_new(*list, item) != 0) { /* takes item, also when it fails */
        json_decref(*list);
        *list = NULL;
        return -1;
    }
    return 0;
}

static int lists_check(struct ipm_json_reading *reading, const json_t *value,
                       size_t most) {
    if (!json_is_array(value)) {
        return ipm_json_refuse(reading, "must be an array");
    }
    if (json_array_size(value) > most) {
        return ipm_json_refuse(reading, "has more than %zu entries", most);
    }
    return 0;
}

static json_t *lists_write_names(const struct ipm_json_field *field, const void *at,
                                 const struct ipm_report *report) {
    (void)field;
    (void)report;
    const struct ipm_names *names = at;
    json_t *list = json_array();
    for (size_t i = 0; i < names->count; i++) {
        if (lists_append(&list, ipm_json_mended(names->items[i], IPM_NAME_BYTES)) != 0) {
            break;
        }
    }
    return list;
}

static int lists_read_names(struct ipm_json_reading *reading,
                            const struct ipm_json_field *field, json_t *value, void *at) {
    (void)field;
    struct ipm_names *names = at;
    int code = lists_check(reading, value, IPM_LIST_MOST);
    names->count = 0;
    for (size_t i = 0; code == 0 && i < json_array_size(value); i++) {
        size_t mark = ipm_json_enter_index(reading, i);
        code = ipm_json_read_string(reading, json_array_get(value, i),
                                    names->items[names->count++], IPM_NAME_BYTES);
        ipm_json_leave(reading, mark);
    }
    return code;
}

static json_t *lists_write_sizes(const struct ipm_json_field *field, const void *at,
                                 const struct ipm_report *report) {
    const struct ipm_sizes *sizes = at;
    json_t *list = json_array();
    for (size_t i = 0; i < sizes->count; i++) {
        json_t *item = ipm_json_uint.write(field, &sizes->items[i], report);
        if (lists_append(&list, item) != 0) {
            break;
        }
    }
    return list;
}

static int lists_read_sizes(struct ipm_json_reading *reading,
                            const struct ipm_json_field *field, json_t *value, void *at) {
    struct ipm_sizes *sizes = at;
    int code = lists_check(reading, value, IPM_LIST_MOST);
    sizes->count = 0;
    for (size_t i = 0; code == 0 && i < json_array_size(value); i++) {
        size_t mark = ipm_json_enter_index(reading, i);
        code = ipm_json_uint.read(reading, field, json_array_get(value, i),
                                  &sizes->items[sizes->count++]);
        ipm_json_leave(reading, mark);
    }
    return code;
}

static json_t *lists_write_pin(const struct ipm_pin *pin) {
    char word[IPM_NAME_BYTES];
    ipm_pin_word(word, pin);
    return json_string(word);
}

static json_t *lists_write_pins(const struct ipm_json_field *field, const void *at,
                                const struct ipm_report *report) {
    (void)field;
    (void)report;
    const struct ipm_pins *pins = at;
    json_t *list = json_array();
    for (size_t i = 0; i < pins->count; i++) {
        if (lists_append(&list, lists_write_pin(&pins->items[i])) != 0) {
            break;
        }
    }
    return list;
}

static int lists_parse_cpu(const char **text, int *ret_cpu) {
    int cpu = 0;
    const char *digit = *text;
    for (; *digit >= '0' && *digit <= '9' && cpu <= LISTS_CPU_MOST; digit++) {
        cpu = cpu * 10 + (*digit - '0');
    }
    if (digit == *text || cpu > LISTS_CPU_MOST) {
        return -1;
    }
    *text = digit;
    *ret_cpu = cpu;
    return 0;
}

static int lists_parse_pin(const char *text, struct ipm_pin *pin) {
    for (unsigned kind = 0; kind < IPM_PIN_CPUS; kind++) {
        char word[IPM_NAME_BYTES];
        *pin = (struct ipm_pin){
            .kind = (enum ipm_pin_kind)kind, .sender_cpu = -1, .receiver_cpu = -1};
        ipm_pin_word(word, pin);
        if (strcmp(text, word) == 0) {
            return 0;
        }
    }
    pin->kind = IPM_PIN_CPUS;
    if (lists_parse_cpu(&text, &pin->sender_cpu) != 0 || *text != ':') {
        return -1;
    }
    text++;
    return lists_parse_cpu(&text, &pin->receiver_cpu) == 0 && *text == '\0' ? 0 : -1;
}

static int lists_read_pins(struct ipm_json_reading *reading,
                           const struct ipm_json_field *field, json_t *value, void *at) {
    (void)field;
    struct ipm_pins *pins = at;
    int code = lists_check(reading, value, IPM_LIST_MOST);
    pins->count = 0;
    for (size_t i = 0; code == 0 && i < json_array_size(value); i++) {
        size_t mark = ipm_json_enter_index(reading, i);
        const json_t *item = json_array_get(value, i);
        const char *text = json_is_string(item) ? json_string_value(item) : "";
        if (lists_parse_pin(text, &pins->items[pins->count++]) != 0) {
            code = ipm_json_refuse(reading, "must be none, same, split or CPU:CPU");
        }
        ipm_json_leave(reading, mark);
    }
    return code;
}

static json_t *lists_write_argument(const char *argument) {
    size_t size = strlen(argument) * 3 + 1; /* U+FFFD takes three bytes for one */
    char *mended = malloc(size);
    if (mended == NULL) {
        return NULL;
    }
    ipm_utf8_mend(mended, size, argument);
    json_t *text = json_string(mended);
    free(mended);
    return text;
}

static json_t *lists_write_command(const struct ipm_json_field *field, const void *at,
                                   const struct ipm_report *report) {
    (void)field;
    (void)at;
    json_t *list = json_array();
    for (size_t i = 0; i < report->run.command_count; i++) {
        if (lists_append(&list, lists_write_argument(report->run.command[i])) != 0) {
            break;
        }
    }
    return list;
}

static int lists_check_strings(struct ipm_json_reading *reading, const json_t *value) {
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!json_is_string(json_array_get(value, i))) {
            (void)ipm_json_enter_index(reading, i);
            return ipm_json_refuse(reading, "must be a string");
        }
    }
    return 0;
}

static int lists_read_command(struct ipm_json_reading *reading,
                              const struct ipm_json_field *field, json_t *value,
                              void *at) {
    (void)field;
    (void)at;
    int code = lists_check(reading, value, LISTS_COMMAND_MOST);
    code = code != 0 ? code : lists_check_strings(reading, value);
    if (code != 0) {
        return code;
    }
    size_t count = json_array_size(value);
    char **argv = calloc(count + 1, sizeof *argv);
    if (argv == NULL) {
        return ipm_json_no_memory(reading);
    }
    for (size_t i = 0; i < count; i++) {
        argv[i] = (char *)json_string_value(json_array_get(value, i)); /* only copied */
    }
    code = ipm_report_set_command(reading->report, (int)count, argv);
    free(argv);
    return code == 0 ? 0 : ipm_json_no_memory(reading);
}

const struct ipm_json_codec ipm_json_names = {.write = lists_write_names,
                                              .read = lists_read_names};
const struct ipm_json_codec ipm_json_sizes = {.write = lists_write_sizes,
                                              .read = lists_read_sizes};
const struct ipm_json_codec ipm_json_pins = {.write = lists_write_pins,
                                             .read = lists_read_pins};
const struct ipm_json_codec ipm_json_command = {.write = lists_write_command,
                                                .read = lists_read_command};
