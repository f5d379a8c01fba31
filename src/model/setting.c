/* setting.c - THE table of settings, and what is done with a setting by its row. */
#include "model/setting.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SETTING(member) .key = #member, .offset = offsetof(struct ipm_case_config, member)

const struct ipm_setting ipm_settings[IPM_SETTINGS] = {
    {
        SETTING(transport),
        .type = IPM_SETTING_NAME,
        .doc = "How the bytes went.",
        .flags = IPM_SETTING_LABEL,
    },
    {
        SETTING(pattern),
        .type = IPM_SETTING_NAME,
        .doc = "Who sent what to whom.",
        .flags = IPM_SETTING_WORK | IPM_SETTING_TITLE,
    },
    {
        SETTING(message_bytes),
        .type = IPM_SETTING_SIZE,
        .least = 1,
        .doc = "Size of a message.",
        .flags = IPM_SETTING_AXIS | IPM_SETTING_TITLE,
    },
    {
        SETTING(io),
        .word = "io",
        .type = IPM_SETTING_NAME,
        .doc = "How descriptors are driven; sync: by the transport's own calls.",
        .flags = IPM_SETTING_LISTED | IPM_SETTING_CONDITION | IPM_SETTING_TITLE,
    },
    {
        SETTING(framing),
        .word = "framing",
        .type = IPM_SETTING_NAME,
        .doc = "How messages are told apart on a byte stream; none: they are not.",
        .flags = IPM_SETTING_LISTED | IPM_SETTING_CONDITION | IPM_SETTING_TITLE,
    },
    {
        SETTING(clients),
        .word = "clients",
        .one = "client",
        .type = IPM_SETTING_COUNT,
        .least = 1,
        .doc = "How many send; 1 for patterns without clients.",
        .flags = IPM_SETTING_LISTED | IPM_SETTING_AXIS | IPM_SETTING_TITLE,
    },
    {
        SETTING(server),
        .word = "server",
        .null_when = "the pattern has no clients",
        .type = IPM_SETTING_TEXT,
        .doc = "How the server serves them: thread, process, select, poll or epoll.",
        .flags = IPM_SETTING_LISTED | IPM_SETTING_WORK | IPM_SETTING_LABEL,
    },
    {
        SETTING(batch),
        .word = "batch",
        .label = "messages per call",
        .null_when = "each transport's own number, see the cases",
        .type = IPM_SETTING_COUNT,
        .least = 1,
        .asked_most = 1024,
        .doc = "Messages handed over a call.",
        .flags = IPM_SETTING_COMMON | IPM_SETTING_CONDITION | IPM_SETTING_TITLE,
    },
    {
        SETTING(think_ns),
        .word = "think",
        .label = "think time",
        .type = IPM_SETTING_TIME,
        .doc =
            "Time that the end that asks waited between an answer and its next request.",
        .flags = IPM_SETTING_COMMON | IPM_SETTING_CONDITION | IPM_SETTING_TITLE,
    },
    {
        SETTING(buffer_bytes),
        .word = "buffer",
        .label = "kernel buffers",
        .null_when = "the kernel's default",
        .type = IPM_SETTING_SIZE,
        .least = 1,
        .doc = "Kernel buffering that was asked for.",
        .flags = IPM_SETTING_COMMON | IPM_SETTING_CONDITION | IPM_SETTING_TITLE |
                 IPM_SETTING_OR_NULL,
    },
    {
        SETTING(recv_bytes),
        .word = "recv",
        .null_when = "recv_rule is not bytes",
        .type = IPM_SETTING_SIZE,
        .doc = "Buffer that the receiver offers a call.",
        .flags = IPM_SETTING_COMMON,
    },
    {
        SETTING(congestion),
        .word = "congestion",
        .null_when = "the system's default, or there is none",
        .type = IPM_SETTING_TEXT,
        .doc = "Congestion control that was asked for.",
        .flags = IPM_SETTING_LISTED | IPM_SETTING_LABEL,
    },
    {
        SETTING(pin),
        .word = "pin",
        .type = IPM_SETTING_NAME,
        .doc = "Placement that was asked for.",
        .flags = IPM_SETTING_LISTED | IPM_SETTING_CONDITION | IPM_SETTING_TITLE,
    },
    {
        SETTING(sender_cpu),
        .null_when = "not pinned",
        .type = IPM_SETTING_CPU,
        .doc = "CPU that the sender was pinned to.",
    },
    {
        SETTING(receiver_cpu),
        .null_when = "not pinned",
        .type = IPM_SETTING_CPU,
        .doc = "CPU that the receiver was pinned to.",
    },
    {
        SETTING(spin),
        .word = "spin",
        .label = "busy polling",
        .type = IPM_SETTING_FLAG,
        .doc = "Both sides polled busily instead of blocking.",
        .flags = IPM_SETTING_COMMON | IPM_SETTING_CONDITION | IPM_SETTING_TITLE,
    },
    {
        SETTING(copy),
        .word = "copy",
        .label = "copied, not used in place",
        .type = IPM_SETTING_FLAG,
        .doc =
            "Shared memory: every message was copied in and out, not written and read in "
            "place.",
        .flags = IPM_SETTING_COMMON | IPM_SETTING_LABEL,
    },
    {
        SETTING(verify),
        .word = "verify",
        .label = "contents checked in the window",
        .type = IPM_SETTING_FLAG,
        .doc = "Every message was verified inside the window.",
        .flags = IPM_SETTING_COMMON | IPM_SETTING_CONDITION | IPM_SETTING_TITLE,
    },
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

void ipm_setting_text(char text[IPM_NAME_BYTES], const struct ipm_setting *setting,
                      const struct ipm_case_config *config) {
    if (setting_is_string(setting)) {
        (void)snprintf(text, IPM_NAME_BYTES, "%s", setting_at(setting, config));
        return;
    }
    const uint64_t number = ipm_setting_number(setting, config);
    if (setting->type == IPM_SETTING_FLAG)
        (void)snprintf(text, IPM_NAME_BYTES, "%s", number != 0 ? "true" : "false");
    else if (setting->type == IPM_SETTING_CPU && number > INT64_MAX)
        text[0] = '\0';
    else
        (void)snprintf(text, IPM_NAME_BYTES, "%" PRIu64, number);
}

bool ipm_setting_is_equal(const struct ipm_setting *setting,
                          const struct ipm_case_config *a,
                          const struct ipm_case_config *b) {
    if (setting_is_string(setting))
        return strcmp(setting_at(setting, a), setting_at(setting, b)) == 0;
    return ipm_setting_number(setting, a) == ipm_setting_number(setting, b);
}

bool ipm_settings_are_equal(const struct ipm_case_config *a,
                            const struct ipm_case_config *b, unsigned flags) {
    for (size_t i = 0; i < IPM_SETTINGS; i++)
        if ((ipm_settings[i].flags & flags) != 0 &&
            !ipm_setting_is_equal(&ipm_settings[i], a, b))
            return false;
    return true;
}

struct ipm_case_config ipm_settings_usual(const struct ipm_case_config *config) {
    return (struct ipm_case_config){
        .io = "sync",
        .framing = "none",
        .clients = config->server[0] != '\0' ? 0 : 1,
        .batch = 1,
        .pin = "none",
        .sender_cpu = -1,
        .receiver_cpu = -1,
    };
}
