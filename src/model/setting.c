/* setting.c - the table of settings, and functions on its rows. */
#include "model/setting.h"

#include "model/options.h"

#include <inttypes.h>
#include <string.h>

#define SETTING(member, kind, ...)                                                       \
    {                                                                                    \
        .key = #member, .offset = offsetof(struct ipm_case_config, member),              \
        .type = IPM_SETTING_##kind, __VA_ARGS__                                          \
    }

/* The flags of most settings. */
enum {
    SETTING_LISTED = IPM_SETTING_LISTED | IPM_SETTING_CONDITION | IPM_SETTING_TITLE,
    SETTING_COMMON = IPM_SETTING_COMMON | IPM_SETTING_CONDITION | IPM_SETTING_TITLE,
};

const struct ipm_setting ipm_settings[IPM_SETTINGS] = {
    SETTING(transport, NAME, .doc = "Transport.", .flags = IPM_SETTING_LABEL),
    SETTING(pattern, NAME, .doc = "Pattern.",
            .flags = IPM_SETTING_WORK | IPM_SETTING_TITLE),
    SETTING(message_bytes, SIZE, .option = "size", .doc = "Size of a message.",
            .least = 1,
            .flags = IPM_SETTING_AXIS | IPM_SETTING_TITLE | IPM_SETTING_SCALE),
    SETTING(response_bytes, SIZE, .word = "response", .mark = ":", .unasked = "as large",
            .least = 1,
            .doc = "Size of a response. null: that of its request, or there are none.",
            .flags = SETTING_LISTED | IPM_SETTING_SCALE | IPM_SETTING_OR_NULL),
    SETTING(io, NAME, .word = "io", .flags = SETTING_LISTED,
            .doc = "I/O backend; sync: the transport's own calls."),
    SETTING(framing, NAME, .word = "framing", .flags = SETTING_LISTED,
            .doc = "How messages are delimited on a byte stream; none: they are not."),
    SETTING(clients, COUNT, .word = "clients", .one = "client", .least = 1,
            .doc = "Number of senders; 1 for patterns without clients.",
            .flags = IPM_SETTING_LISTED | IPM_SETTING_AXIS | IPM_SETTING_TITLE),
    SETTING(pairs, COUNT, .word = "pairs", .one = "pair", .least = 1,
            .doc = "Number of pairs of processes that run at once, each over a link of "
                   "its own; 1 for patterns without pairs.",
            .flags = IPM_SETTING_LISTED | IPM_SETTING_AXIS | IPM_SETTING_TITLE),
    SETTING(server, TEXT, .word = "server",
            .doc = "Server strategy: thread, process, select, poll or epoll. null: the "
                   "pattern has no clients.",
            .flags = IPM_SETTING_LISTED | IPM_SETTING_WORK | IPM_SETTING_LABEL),
    SETTING(wait, NAME, .word = "wait",
            .doc = "What both sides do when a call found nothing: block, hybrid, spin or "
                   "poll; hybrid:TIME tries for another time than 20us before it sleeps.",
            .flags = IPM_SETTING_LISTED | IPM_SETTING_WORK | IPM_SETTING_LABEL),
    SETTING(batch, COUNT, .word = "batch", .label = "messages per call",
            .unasked = "the default of each transport", .doc = "Messages per call.",
            .asked_doc = "Messages per call, for patterns that send several. null: the "
                         "default of each transport, which the cases have.",
            .least = 1, .asked_most = IPM_BATCH_MOST, .flags = SETTING_COMMON),
    SETTING(inflight, COUNT, .word = "inflight", .least = 1, .flags = SETTING_LISTED,
            .doc = "Requests that a client has outstanding; 1 for patterns that do not "
                   "wait for responses."),
    SETTING(think_ns, TIME, .word = "think", .label = "think time", .unasked = "none",
            .doc = "Time that a client waits between a response and its next request, in "
                   "patterns that wait for responses.",
            .flags = SETTING_COMMON | IPM_SETTING_OF_ANSWERS | IPM_SETTING_PACE),
    SETTING(sender_work_ns, TIME, .word = "send-work", .option = "work",
            .label = "work of the sender", .unasked = "none",
            .doc = "Arithmetic of the sender for each message; of a client, for each "
                   "response.",
            .flags = SETTING_COMMON | IPM_SETTING_OF_MESSAGES),
    SETTING(receiver_work_ns, TIME, .word = "recv-work", .option = "work",
            .label = "work of the receiver", .unasked = "none",
            .doc = "Arithmetic of the receiver for each message; of a server, before its "
                   "response.",
            .flags = SETTING_COMMON | IPM_SETTING_OF_MESSAGES),
    SETTING(rate_per_second, COUNT, .word = "rate", .least = 1,
            .doc = "Messages per second that each sender offers, by a schedule that is "
                   "made before the window. null: as many as it can.",
            .flags = SETTING_LISTED | IPM_SETTING_OR_NULL | IPM_SETTING_PACE),
    SETTING(arrivals, TEXT, .word = "arrivals", .label = "arrivals",
            .doc =
                "Distances between the messages of a schedule: fixed, all are equal, or "
                "poisson, they are distributed exponentially. null: there is no rate.",
            .asked_doc = "Distances between the messages of a rate: fixed or poisson.",
            .flags = SETTING_COMMON | IPM_SETTING_PACE),
    SETTING(buffer_bytes, SIZE, .word = "buffer", .label = "kernel buffers",
            .unasked = "the default of the kernel",
            .doc = "Requested size of kernel buffers. null: the default of the kernel.",
            .least = 1, .flags = SETTING_COMMON | IPM_SETTING_OR_NULL),
    SETTING(
        recv_bytes, SIZE, .word = "recv", .option = "recv-size",
        .doc = "Buffer that the receiver offers to a call.",
        .asked_doc =
            "Requested receive buffer for a byte stream. null: recv_rule is not bytes.",
        .flags = IPM_SETTING_COMMON),
    SETTING(congestion, TEXT, .word = "congestion",
            .doc = "Requested congestion control. null: the default of the system, or "
                   "there is none.",
            .flags = IPM_SETTING_LISTED | IPM_SETTING_LABEL),
    SETTING(pin, NAME, .word = "pin", .doc = "Requested placement.",
            .flags = SETTING_LISTED | IPM_SETTING_PLACE),
    SETTING(sender_cpu, CPU, .flags = IPM_SETTING_PLACE,
            .doc = "CPU that the sender was pinned to. null: not pinned."),
    SETTING(receiver_cpu, CPU, .flags = IPM_SETTING_PLACE,
            .doc = "CPU that the receiver was pinned to. null: not pinned."),
    SETTING(sender_core, CPU, .flags = IPM_SETTING_PLACE,
            .doc = "Core of that CPU of the sender, by the first CPU of the core. null: "
                   "not known."),
    SETTING(receiver_core, CPU, .flags = IPM_SETTING_PLACE,
            .doc = "The same of the receiver. null: not known."),
    SETTING(distance, TEXT, .flags = IPM_SETTING_PLACE,
            .doc = "How far the two CPUs are from each other. same: one CPU. smt: one "
                   "core. llc: two cores below one last-level cache. cross-llc: two such "
                   "caches. node: two nodes of memory. null: not pinned, or not known."),
    SETTING(memory_node, CPU, .flags = IPM_SETTING_PLACE,
            .doc = "Node of the sender's CPU, to which memory is bound. null: the "
                   "machine has one node, or an end is not pinned."),
    SETTING(touch, FLAG, .word = "touch", .option = "work",
            .label = "messages written and read",
            .doc = "Each cache line of a message is written before it is sent, and read "
                   "when it was received.",
            .flags = SETTING_COMMON | IPM_SETTING_OF_MESSAGES),
    SETTING(copy, FLAG, .word = "copy", .label = "copied, not used in place",
            .doc = "Shared memory: every message is copied in and out, not written and "
                   "read in place.",
            .flags = IPM_SETTING_COMMON | IPM_SETTING_LABEL),
    SETTING(verify, FLAG, .word = "verify", .label = "contents checked in the window",
            .flags = SETTING_COMMON,
            .doc = "Every message was verified inside the window."),
};

static const char *setting_at(const struct ipm_setting *setting,
                              const struct ipm_case_config *config) {
    return (const char *)config + setting->offset;
}

static bool setting_is_string(const struct ipm_setting *setting) {
    return setting->type == IPM_SETTING_NAME || setting->type == IPM_SETTING_TEXT;
}

uint64_t ipm_setting_number(const struct ipm_setting *setting,
                            const struct ipm_case_config *config) {
    bool flag = false;
    uint64_t number = 0;
    if (setting->type == IPM_SETTING_FLAG)
        memcpy(&flag, setting_at(setting, config), sizeof flag);
    else
        memcpy(&number, setting_at(setting, config), sizeof number);
    return flag ? 1 : number;
}

struct ipm_cell ipm_setting_text(const struct ipm_setting *setting,
                                 const struct ipm_case_config *config) {
    if (setting_is_string(setting))
        return ipm_cell_print("%s", setting_at(setting, config));
    const uint64_t number = ipm_setting_number(setting, config);
    if (setting->type == IPM_SETTING_FLAG)
        return ipm_cell_print("%s", number != 0 ? "true" : "false");
    if (setting->type == IPM_SETTING_CPU && number > INT64_MAX)
        return (struct ipm_cell){""};
    return ipm_cell_print("%" PRIu64, number);
}

int ipm_setting_compare(const struct ipm_setting *setting,
                        const struct ipm_case_config *a,
                        const struct ipm_case_config *b) {
    if (setting_is_string(setting))
        return strcmp(setting_at(setting, a), setting_at(setting, b));
    const uint64_t left = ipm_setting_number(setting, a);
    const uint64_t right = ipm_setting_number(setting, b);
    return (left > right) - (left < right);
}

bool ipm_setting_is_equal(const struct ipm_setting *setting,
                          const struct ipm_case_config *a,
                          const struct ipm_case_config *b) {
    return ipm_setting_compare(setting, a, b) == 0;
}

uint64_t ipm_settings_with(unsigned flags) {
    uint64_t settings = 0;
    for (size_t i = 0; i < IPM_SETTINGS; i++)
        settings |= (uint64_t)((ipm_settings[i].flags & flags) != 0) << i;
    return settings;
}

bool ipm_settings_agree(const struct ipm_case_config *a, const struct ipm_case_config *b,
                        uint64_t settings) {
    for (size_t i = 0; i < IPM_SETTINGS; i++)
        if ((settings >> i & 1) != 0 && !ipm_setting_is_equal(&ipm_settings[i], a, b))
            return false;
    return true;
}

bool ipm_settings_are_equal(const struct ipm_case_config *a,
                            const struct ipm_case_config *b, unsigned flags) {
    return ipm_settings_agree(a, b, ipm_settings_with(flags));
}

void ipm_settings_clear(struct ipm_case_config *config, unsigned flags) {
    for (size_t i = 0; i < IPM_SETTINGS; i++) {
        const struct ipm_setting *setting = &ipm_settings[i];
        char *member = (char *)config + setting->offset;
        if ((setting->flags & flags) == 0)
            continue;
        if (setting_is_string(setting))
            member[0] = '\0';
        else
            memset(member, 0,
                   setting->type == IPM_SETTING_FLAG ? sizeof(bool) : sizeof(uint64_t));
    }
}

struct ipm_case_config ipm_settings_usual(const struct ipm_case_config *config) {
    struct ipm_case_config usual = {
        .io = "sync",
        .framing = "none",
        .wait = "block",
        .clients = config->server[0] != '\0' ? 0 : 1,
        .pairs = 1,
        .batch = 1,
        .inflight = 1,
        .pin = "none",
        .sender_cpu = -1,
        .receiver_cpu = -1,
        .sender_core = -1,
        .receiver_core = -1,
        .memory_node = -1,
    };
    if (config->rate_per_second > 0)
        memcpy(usual.arrivals, "fixed", sizeof "fixed");
    return usual;
}

uint64_t ipm_settings_response_bytes(const struct ipm_case_config *config) {
    return config->response_bytes > 0 ? config->response_bytes : config->message_bytes;
}

uint64_t ipm_settings_larger_bytes(const struct ipm_case_config *config) {
    return config->response_bytes > config->message_bytes ? config->response_bytes
                                                          : config->message_bytes;
}

double ipm_settings_mean_bytes(const struct ipm_case_config *config) {
    return ((double)config->message_bytes + (double)ipm_settings_response_bytes(config)) /
           2;
}
