/* report_sample_case.c - rows to cases; see report_sample_case.h. */
#include "tests/support/report_sample_case.h"

#include "tests/support/report_sample.h"

#include "base/facts.h"
#include "run/patterns/pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ipm_sample_text(char *text, size_t size, const char *words) {
    (void)snprintf(text, size, "%s", words != NULL ? words : "");
}

double ipm_sample_noise(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(int64_t)(*state >> 11 & 0xFFFFF) / 0x80000 - 1;
}

static struct ipm_usage sample_unknown_usage(void) {
    struct ipm_usage usage;
    memset(&usage, -1, sizeof usage);
    return usage;
}

static struct ipm_usage sample_usage(uint64_t elapsed_ns, int64_t cpu) {
    struct ipm_usage usage = {
        .user_ns = (int64_t)(elapsed_ns / 8),
        .system_ns = (int64_t)(elapsed_ns / 2),
        .voluntary_switches = (int64_t)(elapsed_ns / 200000),
        .involuntary_switches = 3,
        .minor_faults = 0,
        .major_faults = 0,
        .peak_rss_bytes = 3 << 20,
        .migrations = cpu,
        .first_cpu = 0,
        .last_cpu = cpu,
    };
    memset(usage.counted, -1, sizeof usage.counted);
    return usage;
}

/* As many as asked for, give or take 4 %. */
static uint64_t sample_answers(const struct ipm_sample_row *row, uint64_t *state) {
    double noise = row->answers > 0 ? ipm_sample_noise(state) : 0;
    return (uint64_t)((double)row->answers * (1 + 0.04 * noise));
}

static uint64_t sample_framing_bytes(const struct ipm_sample_row *row) {
    if (row->framing == NULL || strcmp(row->framing, "fixed") == 0) {
        return 0;
    }
    return strcmp(row->framing, "length") == 0 ? 4 : 1;
}

/* Every flow gets a little less than the one before, and the first the rest. */
static int sample_fill_flows(struct ipm_sample *trial, const struct ipm_sample_row *row) {
    uint64_t left = trial->received.messages;
    if (row->flows == 0) {
        return 0;
    }
    trial->flows = calloc(row->flows, sizeof *trial->flows);
    if (trial->flows == NULL) {
        return -1;
    }
    trial->flow_count = row->flows;
    for (uint64_t i = row->flows; i-- > 0;) {
        uint64_t fair = trial->received.messages / row->flows;
        uint64_t messages = i == 0 ? left : fair - fair * i / row->flows / 4;
        trial->flows[i] =
            (struct ipm_flow_use){.messages = messages,
                                  .bytes = messages * row->message_bytes,
                                  .elapsed_ns = trial->elapsed_ns - i * 1000};
        left -= messages;
    }
    return 0;
}

/* One in a hundred takes four times as long, one in a thousand twenty times. */
static uint64_t sample_answer_ns(uint64_t usual_ns, uint64_t i) {
    if (i % 1000 == 999) {
        return usual_ns * 20 + i;
    }
    return i % 100 == 99 ? usual_ns * 4 : usual_ns + usual_ns * (i % 7) / 10;
}

static int sample_take(struct ipm_latency *latency, uint64_t answer_ns,
                       uint64_t answers) {
    struct ipm_histogram *histogram = calloc(1, sizeof *histogram);
    if (histogram == NULL) {
        return -1;
    }
    for (uint64_t i = 0; i < answers; i++) {
        ipm_histogram_record(histogram, sample_answer_ns(answer_ns, i));
    }
    int code = ipm_latency_take(latency, histogram);
    free(histogram);
    return code == 0 ? 0 : -1;
}

/* With a rate half of the latency is service, and a quarter the lateness of the sender. */
static int sample_fill_latency(struct ipm_sample *trial, const struct ipm_sample_row *row,
                               uint64_t answers) {
    const uint64_t answer_ns = row->answer_ns + trial->round;
    if (answers == 0) {
        return 0;
    }
    if (row->rate > 0) {
        trial->scheduled_ns = trial->elapsed_ns;
        trial->scheduled_messages =
            row->rate / 10 * (row->clients > 0 ? row->clients : 1);
        if (sample_take(&trial->since_sent, answer_ns / 2, answers) != 0 ||
            sample_take(&trial->send_lag, answer_ns / 4, answers) != 0) {
            return -1;
        }
    }
    return sample_take(&trial->latency, answer_ns, answers);
}

static int sample_fill_trial(struct ipm_sample *trial, const struct ipm_sample_row *row,
                             uint64_t round, uint64_t *state) {
    double rate = row->bytes_per_second * (1 + 0.04 * ipm_sample_noise(state));
    uint64_t elapsed_ns = 100000000;
    uint64_t answers = sample_answers(row, state);
    uint64_t messages = row->answers > 0
                            ? answers * row->answer_messages
                            : (uint64_t)(rate / 10 / (double)row->message_bytes);
    uint64_t lost = round % 2 == 0 ? messages * row->lost_in_1000 / 1000 : 0;
    trial->round = round;
    trial->elapsed_ns = elapsed_ns;
    trial->setup_ns = 400000 + round;
    trial->null_syscall_ns = 84.5 + (double)(round % 3);
    trial->sent =
        (struct ipm_counts){messages, messages * row->message_bytes, messages, 0};
    trial->received = (struct ipm_counts){.messages = messages - lost,
                                          .bytes = (messages - lost) * row->message_bytes,
                                          .calls = messages / 3 + 1,
                                          .partial_calls = 1};
    trial->damage.lost_messages = lost;
    trial->damage.corrupt_messages = row->corrupt_messages;
    trial->usage[IPM_SENDER] = sample_usage(elapsed_ns, 0);
    trial->usage[IPM_RECEIVER] = sample_usage(elapsed_ns, round % 10 == 9 ? 0 : 1);
    if (!row->known) {
        trial->usage[IPM_SENDER] = trial->usage[IPM_RECEIVER] = sample_unknown_usage();
    }
    if (strcmp(row->transport, "tcp") == 0) {
        trial->wire = (struct ipm_wire_use){1, messages / 2, trial->sent.bytes, 0,
                                            messages / 2 * 52};
    }
    trial->framing_bytes = trial->received.messages * sample_framing_bytes(row);
    return sample_fill_flows(trial, row) != 0 ||
                   sample_fill_latency(trial, row, answers) != 0
               ? -1
               : 0;
}

/* Appends "/word=value" where there is a value. */
static void sample_name_option(char name[IPM_CASE_NAME_BYTES], const char *word,
                               const char *value) {
    size_t used = strlen(name);
    if (value != NULL) {
        (void)snprintf(name + used, IPM_CASE_NAME_BYTES - used, "/%s=%s", word, value);
    }
}

static void sample_name_number(char name[IPM_CASE_NAME_BYTES], const char *word,
                               uint64_t value) {
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    sample_name_option(name, word, value > 0 ? digits : NULL);
}

static void sample_fill_name(char name[IPM_CASE_NAME_BYTES],
                             const struct ipm_sample_row *row) {
    (void)snprintf(name, IPM_CASE_NAME_BYTES, "%s/%s/%llu",
                   row->pattern != NULL ? row->pattern : "stream", row->transport,
                   (unsigned long long)row->message_bytes);
    sample_name_option(name, "io", row->io);
    sample_name_option(name, "framing", row->framing);
    sample_name_number(name, "clients", row->clients);
    sample_name_option(name, "server", row->server);
    sample_name_option(name, "wait", row->wait);
    sample_name_number(name, "batch", row->batch);
    sample_name_number(name, "rate", row->rate);
    sample_name_number(name, "think", row->think_ns);
    sample_name_option(name, "congestion", row->congestion);
    sample_name_option(name, "pin", row->pin);
}

static void sample_fill_config(struct ipm_case_config *config,
                               const struct ipm_sample_row *row) {
    sample_fill_name(config->name, row);
    ipm_sample_text(config->transport, sizeof config->transport, row->transport);
    ipm_sample_text(config->pattern, sizeof config->pattern,
                    row->pattern != NULL ? row->pattern : "stream");
    config->message_bytes = row->message_bytes;
    ipm_sample_text(config->framing, sizeof config->framing,
                    row->framing != NULL ? row->framing : "none");
    ipm_sample_text(config->io, sizeof config->io, row->io != NULL ? row->io : "sync");
    ipm_sample_text(config->wait, sizeof config->wait,
                    row->wait != NULL ? row->wait : "block");
    config->clients = row->clients > 0 ? row->clients : 1;
    config->pairs = 1;
    ipm_sample_text(config->server, sizeof config->server, row->server);
    config->inflight = 1;
    config->batch = row->batch > 0 ? row->batch : 1;
    config->think_ns = row->think_ns;
    config->rate_per_second = row->rate;
    ipm_sample_text(config->arrivals, sizeof config->arrivals, row->rate ? "fixed" : "");
    config->recv_bytes = 65536;
    ipm_sample_text(config->congestion, sizeof config->congestion, row->congestion);
    ipm_sample_text(config->pin, sizeof config->pin,
                    row->pin != NULL ? row->pin : "none");
    config->sender_cpu = row->pin != NULL ? 1 : -1;
    config->receiver_cpu = config->sender_cpu;
    config->sender_core = config->receiver_core = config->sender_cpu;
    config->memory_node = -1;
    ipm_sample_text(config->distance, sizeof config->distance,
                    row->pin != NULL ? row->pin : "");
}

void ipm_sample_fact_number(struct ipm_fact_list *list, const char *key, int64_t number) {
    struct ipm_facts facts = {.count = (unsigned)list->count};
    if (list->count > 0)
        memcpy(facts.items, list->items, list->count * sizeof *list->items);
    ipm_facts_number(&facts, key, number);
    if (ipm_fact_list_set(list, &facts) != 0)
        abort();
}

void ipm_sample_fact_text(struct ipm_fact_list *list, const char *key, const char *text) {
    ipm_sample_fact_number(list, key, 0);
    struct ipm_fact *fact = (struct ipm_fact *)ipm_fact_list_find(list, key);
    fact->kind = IPM_FACT_TEXT;
    (void)snprintf(fact->text, sizeof fact->text, "%s", text);
}

static void sample_fill_facts(struct ipm_case *c) {
    static const char *const keys[] = {
        [IPM_SENDER] = "local_path", [IPM_RECEIVER] = "peer_path"};
    for (int role = IPM_SENDER; role < IPM_ROLES; role++) {
        ipm_sample_fact_number(&c->endpoint[role], "pipe_inode", 4711);
        ipm_sample_fact_text(&c->endpoint[role], keys[role], "/tmp/\xff/socket");
        ipm_sample_fact_text(&c->endpoint[role], "other_name", "");
        ipm_sample_fact_number(&c->settings[role], "so_sndbuf_bytes", 212992);
        ipm_sample_fact_number(&c->settings[role], "tcp_mss_bytes", -1);
    }
    if (strcmp(c->config.transport, "unix") == 0) {
        ipm_sample_fact_text(&c->settings[IPM_SENDER], "notice",
                             "TMPDIR is too long for a socket: \033[2J/tmp was used");
    }
}

int ipm_sample_fill_case(struct ipm_case *c, const struct ipm_sample_row *row,
                         uint64_t rounds, uint64_t *state) {
    sample_fill_config(&c->config, row);
    c->status = row->status;
    const struct ipm_kind *kind = &ipm_pattern_find(c->config.pattern)->kind;
    c->primary = row->rate > 0 ? IPM_METRIC_ACHIEVED : kind->primary;
    for (size_t role = 0; role < IPM_ROLES; role++)
        strcpy(c->ends[role], kind->ends[role]);
    ipm_sample_text(c->reason, sizeof c->reason, row->reason);
    if (row->status != IPM_CASE_OK) {
        return 0;
    }
    sample_fill_facts(c);
    c->integrity.verified_messages = row->hollow ? 0 : 1000;
    c->integrity.verified_bytes = row->hollow ? 0 : 1000 * row->message_bytes;
    for (uint64_t i = 0; i < rounds; i++) {
        struct ipm_sample *trial = ipm_case_add_trial(c);
        if (trial == NULL || sample_fill_trial(trial, row, i, state) != 0) {
            return -1;
        }
    }
    return 0;
}
