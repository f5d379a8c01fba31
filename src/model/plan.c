/* plan.c - every combination of what was asked, each to run or skipped with its reason.
 * Arithmetic: knows no machine but the one it is given, and no transport's name. */
#include "model/plan.h"

#include "base/err.h"
#include "model/phrase.h"
#include "model/pin.h"
#include "model/plan_check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLAN_CASES_MOST = 10000, PLAN_RECV_LEAST_BYTES = 65536 };

/* One combination of the lists. */
struct plan_point {
    const struct ipm_options *options;
    const struct ipm_machine *machine;
    const char *pattern;
    const struct ipm_pin *pin;
    uint64_t message_bytes;
    const struct ipm_probe *probe;
    const char *congestion;
};

/* --- one case ----------------------------------------------------------------------- */

static void plan_name_recv(struct ipm_phrase *text, const struct ipm_case_config *config,
                           enum ipm_recv_rule recv_rule) {
    if (recv_rule == IPM_RECV_MESSAGE)
        (void)ipm_phrase_add(text, "/recv=message");
    if (recv_rule == IPM_RECV_BYTES)
        (void)ipm_phrase_add(text, "/recv=%" PRIu64, config->recv_bytes);
}

/* What the lists multiply comes first: a name too long for its room loses what is the same
 * for all cases of a run. */
void ipm_plan_name(char name[IPM_CASE_NAME_BYTES], const struct ipm_case_config *config,
                   enum ipm_recv_rule recv_rule) {
    struct ipm_phrase text = ipm_phrase_over(name, IPM_CASE_NAME_BYTES);
    (void)ipm_phrase_add(&text, "%s/%s/%" PRIu64, config->pattern, config->transport,
                         config->message_bytes);
    if (config->congestion[0])
        (void)ipm_phrase_add(&text, "/congestion=%s", config->congestion);
    if (strcmp(config->pin, "none") != 0)
        (void)ipm_phrase_add(&text, "/pin=%s", config->pin);
    if (config->buffer_bytes)
        (void)ipm_phrase_add(&text, "/buffer=%" PRIu64, config->buffer_bytes);
    plan_name_recv(&text, config, recv_rule);
    if (config->spin)
        (void)ipm_phrase_add(&text, "/spin");
    if (config->verify)
        (void)ipm_phrase_add(&text, "/verify");
}

/* A message is received whole where the transport keeps it whole, and where its contents are
 * checked. */
static uint64_t plan_recv_bytes(const struct ipm_options *options, unsigned caps,
                                uint64_t message_bytes) {
    const uint64_t wanted_bytes[] = {
        [IPM_RECV_LARGER] =
            PLAN_RECV_LEAST_BYTES > message_bytes ? PLAN_RECV_LEAST_BYTES : message_bytes,
        [IPM_RECV_MESSAGE] = message_bytes,
        [IPM_RECV_BYTES] = options->recv_bytes,
    };
    const uint64_t bytes = wanted_bytes[options->recv_rule];
    if ((caps & IPM_CAP_MESSAGES) != 0 || (options->verify && bytes < message_bytes))
        return message_bytes;
    return bytes;
}

/* How much a receiver offers is no option where messages stay whole. */
static enum ipm_recv_rule plan_recv_rule(const struct plan_point *point) {
    const bool whole = (point->probe->transport->caps & IPM_CAP_MESSAGES) != 0;
    return whole ? IPM_RECV_LARGER : point->options->recv_rule;
}

static struct ipm_case_config plan_config(const struct plan_point *point) {
    const struct ipm_options *options = point->options;
    const struct ipm_transport *transport = point->probe->transport;
    struct ipm_case_config config = {
        .message_bytes = point->message_bytes,
        .framing = "none",
        .clients = 1,
        .batch = 1,
        .buffer_bytes = options->buffer_bytes,
        .recv_bytes = plan_recv_bytes(options, transport->caps, point->message_bytes),
        .spin = options->spin,
        .verify = options->verify,
    };
    (void)snprintf(config.transport, sizeof config.transport, "%s", transport->name);
    (void)snprintf(config.pattern, sizeof config.pattern, "%s", point->pattern);
    (void)snprintf(config.congestion, sizeof config.congestion, "%s", point->congestion);
    ipm_pin_word(config.pin, point->pin);
    return config;
}

static bool plan_skip_probe(struct ipm_phrase *reason, const struct ipm_probe *probe) {
    if (probe->runnable)
        return false;
    (void)ipm_phrase_add(reason, "%s", probe->reason);
    return true;
}

static bool plan_skip_size(struct ipm_phrase *reason, const struct plan_point *point) {
    const struct ipm_probe *probe = point->probe;
    if (point->message_bytes <= probe->max_message_bytes)
        return false;
    (void)ipm_phrase_add(reason,
                         "a message of %" PRIu64 " bytes is larger than the largest that "
                         "'%s' takes here, %zu bytes",
                         point->message_bytes, probe->transport->name,
                         probe->max_message_bytes);
    return true;
}

static bool plan_skip_pin(struct ipm_phrase *reason, const struct plan_point *point,
                          struct ipm_case_config *config) {
    struct ipm_pin placed = {.sender_cpu = -1, .receiver_cpu = -1};
    const bool possible = ipm_pin_place(point->pin, point->machine->cpus,
                                        point->machine->cpu_count, &placed);
    config->sender_cpu = placed.sender_cpu;
    config->receiver_cpu = placed.receiver_cpu;
    if (!possible)
        (void)ipm_phrase_add(reason,
                             "'--pin %s' needs two CPUs, and only %d may be used here",
                             config->pin, point->machine->cpu_count);
    return !possible;
}

static void plan_add(struct ipm_plan *plan, const struct plan_point *point) {
    struct ipm_plan_case *c = &plan->cases[plan->count++];
    struct ipm_phrase reason = ipm_phrase_over(c->reason, sizeof c->reason);
    c->transport = point->probe->transport;
    c->config = plan_config(point);
    ipm_plan_name(c->config.name, &c->config, plan_recv_rule(point));
    const bool unplaced = plan_skip_pin(&reason, point, &c->config);
    c->skipped = unplaced || plan_skip_probe(&reason, point->probe) ||
                 plan_skip_size(&reason, point);
}

/* --- all of them -------------------------------------------------------------------- */

/* How many congestion controls a transport is measured with: 0 is the default alone. */
static size_t plan_congestions(const struct ipm_options *options,
                               const struct ipm_probe *probe) {
    const bool takes = (probe->transport->caps & IPM_CAP_CONGESTION) != 0;
    return takes ? options->congestion.count : 0;
}

static size_t plan_count(const struct ipm_options *options,
                         const struct ipm_machine *machine) {
    size_t count = 0;
    for (size_t i = 0; i < options->transports.count; i++) {
        const size_t controls = plan_congestions(
            options, ipm_plan_find(machine, options->transports.items[i]));
        count += controls ? controls : 1;
    }
    return count * options->patterns.count * options->pins.count *
           options->message_bytes.count;
}

static void plan_add_controls(struct ipm_plan *plan, struct plan_point *point) {
    const size_t controls = plan_congestions(point->options, point->probe);
    point->congestion = "";
    if (controls == 0)
        plan_add(plan, point);
    for (size_t i = 0; i < controls; i++) {
        point->congestion = point->options->congestion.items[i];
        plan_add(plan, point);
    }
}

/* Takes the next digit of a number whose digits are indexes into lists. */
static size_t plan_digit(size_t *rest, size_t base) {
    const size_t digit = *rest % base;
    *rest /= base;
    return digit;
}

static void plan_walk(struct ipm_plan *plan, const struct ipm_options *options,
                      const struct ipm_machine *machine) {
    const size_t points = options->patterns.count * options->pins.count *
                          options->message_bytes.count * options->transports.count;
    for (size_t i = 0; i < points; i++) {
        size_t rest = i;
        struct plan_point point = {.options = options, .machine = machine};
        const size_t transport = plan_digit(&rest, options->transports.count);
        point.probe = ipm_plan_find(machine, options->transports.items[transport]);
        const size_t size = plan_digit(&rest, options->message_bytes.count);
        point.message_bytes = options->message_bytes.items[size];
        point.pin = &options->pins.items[plan_digit(&rest, options->pins.count)];
        point.pattern = options->patterns.items[rest];
        plan_add_controls(plan, &point);
    }
}

int ipm_plan_make(struct ipm_plan *plan, const struct ipm_options *options,
                  const struct ipm_machine *machine, struct ipm_err *err) {
    *plan = (struct ipm_plan){0};
    int failed = ipm_plan_check(options, machine, err);
    if (failed)
        return failed;
    const size_t count = plan_count(options, machine);
    if (count > PLAN_CASES_MOST)
        return ipm_err_set(err, -E2BIG, "the lists multiply to %zu cases, more than %d",
                           count, PLAN_CASES_MOST);
    plan->cases = calloc(count + 1, sizeof *plan->cases);
    if (!plan->cases)
        return ipm_err_sys(err, -ENOMEM, "cannot plan %zu cases", count);
    plan_walk(plan, options, machine);
    return 0;
}

void ipm_plan_done(struct ipm_plan *plan) {
    free(plan->cases);
    *plan = (struct ipm_plan){0};
}
