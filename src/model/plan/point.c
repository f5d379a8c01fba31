/* point.c - makes the configuration and the name of a case from one combination. */
#include "model/plan/point.h"

#include "base/strbuf.h"
#include "model/plan/pin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PLAN_RECV_LEAST_BYTES = 65536 };

static void plan_name_setting(struct ipm_strbuf *text, const struct ipm_setting *setting,
                              const struct ipm_case_config *config,
                              enum ipm_recv_rule recv_rule) {
    const struct ipm_cell value = ipm_setting_text(setting, config);
    if (setting->type == IPM_SETTING_FLAG)
        (void)ipm_strbuf_add(text, "/%s", setting->word);
    else if (recv_rule == IPM_RECV_MESSAGE && strcmp(setting->key, "recv_bytes") == 0)
        (void)ipm_strbuf_add(text, "/%s=message", setting->word);
    else if (setting->mark != NULL)
        (void)ipm_strbuf_add(text, "%s%s", setting->mark, value.text);
    else
        (void)ipm_strbuf_add(text, "/%s=%s", setting->word, value.text);
}

/* Settings of lists come first: a name that is too long loses the settings that all cases
 * of a run have in common. */
void ipm_plan_name(char name[IPM_CASE_NAME_BYTES], const struct ipm_case_config *config,
                   uint64_t own_batch, enum ipm_recv_rule recv_rule) {
    static const unsigned passes[] = {IPM_SETTING_LISTED, IPM_SETTING_COMMON};
    struct ipm_strbuf text = ipm_strbuf_over(name, IPM_CASE_NAME_BYTES);
    struct ipm_case_config usual = ipm_settings_usual(config);
    usual.batch = own_batch;
    usual.recv_bytes = recv_rule == IPM_RECV_LARGER ? config->recv_bytes : 0;
    (void)ipm_strbuf_add(&text, "%s/%s/%" PRIu64, config->pattern, config->transport,
                         config->message_bytes);
    for (size_t pass = 0; pass < sizeof passes / sizeof passes[0]; pass++)
        for (size_t i = 0; i < IPM_SETTINGS; i++)
            if ((ipm_settings[i].flags & passes[pass]) != 0 &&
                !ipm_setting_is_equal(&ipm_settings[i], config, &usual))
                plan_name_setting(&text, &ipm_settings[i], config, recv_rule);
}

/* Returns the default number of messages per call. */
static uint64_t plan_own_batch(const struct ipm_plan_point *point) {
    const struct ipm_transport *transport = point->probe->transport;
    const uint64_t fit = transport->call_bytes / point->config.message_bytes;
    if ((point->pattern->traits & IPM_TRAIT_BATCHES) == 0 || fit < 1 ||
        point->config.rate_per_second > 0)
        return 1;
    return fit < transport->call_messages ? fit : transport->call_messages;
}

/* A message is received whole where the transport preserves message boundaries, and where
 * its contents are checked. */
static uint64_t plan_recv_bytes(const struct ipm_plan_point *point) {
    const struct ipm_case_config *config = &point->config;
    const uint64_t message_bytes = ipm_settings_larger_bytes(config);
    const uint64_t wanted_bytes[] = {
        [IPM_RECV_LARGER] =
            PLAN_RECV_LEAST_BYTES > message_bytes ? PLAN_RECV_LEAST_BYTES : message_bytes,
        [IPM_RECV_MESSAGE] = message_bytes,
        [IPM_RECV_BYTES] = config->recv_bytes,
    };
    const uint64_t bytes = wanted_bytes[point->options->recv_rule];
    const bool whole = (point->probe->transport->caps & IPM_CAP_MESSAGES) != 0;
    return whole || (config->verify && bytes < message_bytes) ? message_bytes : bytes;
}

/* The receive buffer applies to byte streams only. */
static enum ipm_recv_rule plan_recv_rule(const struct ipm_transport *transport,
                                         enum ipm_recv_rule recv_rule) {
    return (transport->caps & IPM_CAP_MESSAGES) != 0 ? IPM_RECV_LARGER : recv_rule;
}

/* A connection has no next request to wait for. */
static bool plan_has_answers(const struct ipm_kind *pattern) {
    return (pattern->traits & IPM_TRAIT_ANSWERS) != 0 &&
           (pattern->traits & IPM_TRAIT_CONNECTS) == 0;
}

static void plan_place(const struct ipm_plan_point *point,
                       struct ipm_case_config *config) {
    struct ipm_pin placed = {.sender_cpu = -1, .receiver_cpu = -1};
    char unused[IPM_REASON_BYTES];
    struct ipm_strbuf reason = ipm_strbuf_over(unused, sizeof unused);
    (void)ipm_pin_place(point->pin, point->machine, &placed,
                        &reason); /* plan/skip.c gives the reason */
    config->sender_cpu = placed.sender_cpu;
    config->receiver_cpu = placed.receiver_cpu;
    ipm_pin_describe(config, point->machine);
    ipm_pin_word(config->pin, point->pin);
}

/* Replaces requested settings by effective ones. */
static struct ipm_case_config plan_config(const struct ipm_plan_point *point) {
    struct ipm_case_config config = point->config;
    if (config.batch == 0)
        config.batch = plan_own_batch(point);
    if (!plan_has_answers(point->pattern))
        ipm_settings_clear(&config, IPM_SETTING_OF_ANSWERS);
    if ((point->pattern->traits & IPM_TRAIT_CONNECTS) != 0)
        ipm_settings_clear(&config, IPM_SETTING_OF_MESSAGES);
    if (config.rate_per_second == 0)
        config.arrivals[0] = '\0';
    if ((point->probe->transport->caps & IPM_CAP_IN_PLACE) == 0)
        config.copy = false;
    if ((point->probe->transport->caps & IPM_CAP_HOLLOW) != 0)
        config.buffer_bytes = 0;
    if (ipm_plan_spins_unasked(point))
        (void)snprintf(config.wait, sizeof config.wait, "spin");
    config.recv_bytes = plan_recv_bytes(point);
    plan_place(point, &config);
    return config;
}

void ipm_plan_settle(struct ipm_plan_case *ret_case, const struct ipm_plan_point *point) {
    struct ipm_strbuf reason = ipm_strbuf_over(ret_case->reason, sizeof ret_case->reason);
    ret_case->transport = point->probe->transport;
    ret_case->config = plan_config(point);
    ret_case->primary =
        point->config.rate_per_second > 0 ? IPM_METRIC_ACHIEVED : point->pattern->primary;
    memcpy(ret_case->ends, point->pattern->ends, sizeof ret_case->ends);
    ipm_plan_name(ret_case->config.name, &ret_case->config, plan_own_batch(point),
                  plan_recv_rule(ret_case->transport, point->options->recv_rule));
    ret_case->skipped = ipm_plan_skips(point, &reason) ||
                        ipm_plan_skips_memory(point, &ret_case->config, &reason);
}

void ipm_plan_rename(struct ipm_plan_case *c, enum ipm_recv_rule recv_rule) {
    ipm_plan_name(c->config.name, &c->config, 1, plan_recv_rule(c->transport, recv_rule));
}
