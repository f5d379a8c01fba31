/* columns.c - the table of columns: one set for each kind of case. */
#include "reports/columns/columns.h"

#include "model/report/report.h"
#include "reports/columns/format.h"

#include <math.h>
#include <string.h>

static const double columns_mebibyte = 1048576.0;

/* --- values ----------------------------------------------------------------------------- */

static struct ipm_statistic columns_number(double number) {
    return (struct ipm_statistic){.median = number, .mean = number, .count = 1};
}

static struct ipm_statistic columns_of_summary(const struct ipm_text_column *column,
                                               const struct ipm_case *c) {
    return ipm_case_summary(c)->metrics[column->metric];
}

/* Returns how many messages an end sent, or received, for each message that arrived, or for each
 * round trip. Trials without round trips are left out then. */
static double columns_messages_per(const struct ipm_case *c, enum ipm_role role,
                                   bool trips) {
    double messages = 0;
    double done = 0;
    for (size_t i = 0; i < c->trial_count; i++) {
        const struct ipm_sample *trial = &c->trials[i];
        const struct ipm_counts *own =
            role == IPM_RECEIVER ? &trial->received : &trial->sent;
        if (trips && trial->latency.count == 0)
            continue;
        messages += (double)own->messages;
        done += (double)(trips ? trial->latency.count : trial->received.messages);
    }
    return done > 0 ? messages / done : NAN;
}

/* Converts a value per message sent to one per round trip. */
static struct ipm_statistic columns_of_trip(const struct ipm_text_column *column,
                                            const struct ipm_case *c) {
    return columns_number(columns_of_summary(column, c).median *
                          columns_messages_per(c, IPM_SENDER, true));
}

/* Returns the CPU time of an end per message that arrived, or per round trip: what was lost cost
 * its sender as much. */
static double columns_cpu(const struct ipm_case *c, enum ipm_metric_id metric,
                          bool trips) {
    const enum ipm_role role =
        metric == IPM_METRIC_SENDER_CPU ? IPM_SENDER : IPM_RECEIVER;
    return ipm_case_summary(c)->metrics[metric].median *
           columns_messages_per(c, role, trips);
}

static struct ipm_statistic columns_of_cpu(const struct ipm_text_column *column,
                                           const struct ipm_case *c) {
    return columns_number(columns_cpu(c, column->metric, false));
}

static struct ipm_statistic columns_of_trip_cpu(const struct ipm_text_column *column,
                                                const struct ipm_case *c) {
    return columns_number(columns_cpu(c, column->metric, true));
}

/* Both ends: the sum of what their own columns tell. */
static struct ipm_statistic columns_of_both_cpu(const struct ipm_text_column *column,
                                                const struct ipm_case *c) {
    (void)column;
    return columns_number(columns_cpu(c, IPM_METRIC_SENDER_CPU, false) +
                          columns_cpu(c, IPM_METRIC_RECEIVER_CPU, false));
}

static struct ipm_statistic columns_of_both_trip_cpu(const struct ipm_text_column *column,
                                                     const struct ipm_case *c) {
    (void)column;
    return columns_number(columns_cpu(c, IPM_METRIC_SENDER_CPU, true) +
                          columns_cpu(c, IPM_METRIC_RECEIVER_CPU, true));
}

/* Returns the part of the throughput that went that way in all trials together, so that both
 * parts add up to the median that is shown: the sum of their own medians is another number. */
static struct ipm_statistic columns_of_way(const struct ipm_text_column *column,
                                           const struct ipm_case *c) {
    const bool back = column->metric == IPM_METRIC_BACKWARD;
    double bytes[] = {0, 0};
    for (size_t i = 0; i < c->trial_count; i++)
        for (size_t way = 0; way < 2 && c->trials[i].flow_count == 2; way++)
            bytes[way] += (double)c->trials[i].flows[way].bytes;
    const double sum = bytes[0] + bytes[1];
    return columns_number(
        sum > 0 ? ipm_case_summary(c)->metrics[IPM_METRIC_THROUGHPUT].median *
                      bytes[back] / sum
                : NAN);
}

/* The latencies of a case that is saturated tell how long its window was, and no more. */
static struct ipm_statistic columns_of_quantile(const struct ipm_text_column *column,
                                                const struct ipm_case *c) {
    const double ns = ipm_case_summary(c)->metrics[column->metric].median;
    return columns_number(ipm_metric_is_saturated(c) ? NAN : ns);
}

/* Returns an enum ipm_load. */
static struct ipm_statistic columns_of_load(const struct ipm_text_column *column,
                                            const struct ipm_case *c) {
    (void)column;
    return columns_number(ipm_metric_load(c));
}

static struct ipm_statistic columns_of_longest(const struct ipm_text_column *column,
                                               const struct ipm_case *c) {
    (void)column;
    const struct ipm_latency *latency = &ipm_case_summary(c)->latency;
    const bool known = latency->count > 0 && !ipm_metric_is_saturated(c);
    return columns_number(known ? (double)latency->max_ns : NAN);
}

/* Returns the largest value beyond the least: boots differ in their seeds alone. One boot does
 * not tell. */
static struct ipm_statistic columns_of_spread(const struct ipm_text_column *column,
                                              const struct ipm_case *c) {
    const struct ipm_statistic all = columns_of_summary(column, c);
    return columns_number(all.count > 1 ? all.max / all.min - 1 : NAN);
}

/* Returns the largest value of all trials. */
static struct ipm_statistic columns_of_peak(const struct ipm_text_column *column,
                                            const struct ipm_case *c) {
    (void)column;
    int64_t most = -1;
    for (size_t i = 0; i < c->trial_count; i++) {
        int64_t bytes = c->trials[i].usage[IPM_RECEIVER].peak_rss_bytes;
        most = bytes > most ? bytes : most;
    }
    return columns_number(most < 0 ? NAN : (double)most / columns_mebibyte);
}

struct ipm_statistic ipm_text_statistic(const struct ipm_text_column *column,
                                        const struct ipm_case *c,
                                        const struct ipm_text_unit *unit) {
    struct ipm_statistic value = column->of(column, c);
    const double scale = column->bytes ? unit->bytes_per_second : 1;
    value.median /= scale;
    value.mean /= scale;
    value.ci95_low /= scale;
    value.ci95_high /= scale;
    return value;
}

const char *ipm_text_column_heading(const struct ipm_text_column *column, bool beside,
                                    const struct ipm_text_unit *unit) {
    const char *heading = beside ? column->beside : column->heading;
    return column->bytes && heading != NULL && strcmp(heading, IPM_TEXT_UNIT) == 0
               ? unit->word
               : heading;
}

struct ipm_cell ipm_text_cell(const struct ipm_text_column *column,
                              const struct ipm_case *c,
                              const struct ipm_text_unit *unit) {
    const struct ipm_statistic value = ipm_text_statistic(column, c, unit);
    return column->format(&value);
}

/* --- columns that several sets have ----------------------------------------------------- */

#define COLUMN_OF(kind, member, first, second, how, ...)                                 \
    {                                                                                    \
        .above = (first), .heading = (second), .of = (kind),                             \
        .metric = IPM_METRIC_##member, .format = (how), __VA_ARGS__                      \
    }
#define COLUMN(member, first, second, how, ...)                                          \
    COLUMN_OF(columns_of_summary, member, first, second, how, __VA_ARGS__)

/* The metric that cases are ranked by, and its interval. */
#define COLUMN_RANKED(member, first, unit, how, range, ...)                              \
    COLUMN(member, first, unit, how, .beside = (unit), __VA_ARGS__),                     \
        COLUMN(member, "", "\u00b1%", ipm_text_percent, .leaves = 3,                     \
               .narrow = IPM_TEXT_WIDE - 1, .beside = "\u00b1%"),                        \
        COLUMN(member, "95 % interval", unit, range, .leaves = 3, .wide = IPM_TEXT_WIDE, \
               .spans = true, .beside = "95 % interval", __VA_ARGS__)
#define COLUMN_RANKED_BYTES(first)                                                       \
    COLUMN_RANKED(THROUGHPUT, first, IPM_TEXT_UNIT, ipm_text_rates, ipm_text_range,      \
                  .bytes = true)

#define COLUMN_MESSAGES COLUMN(MESSAGES, "", "msg/s", ipm_text_median, .leaves = 5)

/* CPU time of the sending end and of the other end, or of both together. */
#define COLUMN_CPU_END(kind, member, words, name)                                        \
    COLUMN_OF(kind, member, words, name, ipm_text_median, .leaves = 2, .spans = true)
#define COLUMN_CPU_BOTH(kind, word)                                                      \
    COLUMN_OF(kind, CPU_PER_BYTE, "", NULL, ipm_text_time, .leaves = 2, .beside = (word))
#define COLUMNS_CPU(begins, other)                                                       \
    COLUMN_CPU_END(columns_of_cpu, SENDER_CPU, "CPU ns/msg", begins),                    \
        COLUMN_CPU_END(columns_of_cpu, RECEIVER_CPU, "CPU ns/msg", other),               \
        COLUMN_CPU_BOTH(columns_of_both_cpu, "CPU/msg")
#define COLUMNS_CPU_TRIP(unit, begins)                                                   \
    COLUMN_CPU_END(columns_of_trip_cpu, SENDER_CPU, "CPU ns/" unit, begins),             \
        COLUMN_CPU_END(columns_of_trip_cpu, RECEIVER_CPU, "CPU ns/" unit, "server"),     \
        COLUMN_CPU_BOTH(columns_of_both_trip_cpu, "CPU")

#define COLUMN_CPUS_BUSY COLUMN(CPUS_BUSY, "CPUs", "busy", ipm_text_median, .leaves = 2)

#define COLUMN_CALLS_AND_SWITCHES                                                        \
    COLUMN(CALLS, "per message", "calls", ipm_text_median, .leaves = 1, .spans = true),  \
        COLUMN(SWITCHES, "per message", "ctxsw", ipm_text_median, .leaves = 1,           \
               .spans = true)
#define COLUMN_SWITCHES(kind, unit)                                                      \
    COLUMN_OF(kind, SWITCHES, "ctxsw", unit, ipm_text_median, .leaves = 1)

#define COLUMN_LOSS                                                                      \
    COLUMN(LOSS, "loss", "%", ipm_text_loss, .leaves = IPM_TEXT_LEAVES_LAST,             \
           .alarming = true, .beside = "loss%")
#define COLUMN_FRAMING COLUMN(FRAMING_OVERHEAD, "frame", "%", ipm_text_share, .leaves = 4)

/* With --pairs. */
#define COLUMNS_PAIRS                                                                    \
    COLUMN(FAIRNESS, "", "fair", ipm_text_median, .leaves = 5),                          \
        COLUMN(SCALING, "vs 1 pair", "paired", ipm_text_times, .leaves = 6)

#define COLUMN_LATENCY(kind, word, which, rank, ...)                                     \
    {                                                                                    \
        .above = "latency", .heading = (word), .of = (kind), .metric = (which),          \
        .format = ipm_text_time, .leaves = (rank), .spans = true, __VA_ARGS__            \
    }
#define COLUMN_QUANTILE(word, which, rank, ...)                                          \
    COLUMN_LATENCY(columns_of_quantile, word, IPM_METRIC_LATENCY_##which, rank,          \
                   __VA_ARGS__)
#define COLUMN_LONGEST(rank) COLUMN_LATENCY(columns_of_longest, "max", IPM_METRICS, rank)

/* --- sets ------------------------------------------------------------------------------- */

static const struct ipm_text_column columns_stream[] = {
    COLUMN_RANKED_BYTES(""),
    COLUMN_MESSAGES,
    COLUMNS_PAIRS,
    COLUMNS_CPU("send", "recv"),
    COLUMN_CALLS_AND_SWITCHES,
    COLUMN_FRAMING,
    COLUMN_LOSS,
    COLUMN(PIPE_RATIO, "vs pipe", "paired", ipm_text_times, .leaves = 4),
};

static const struct ipm_text_column columns_duplex[] = {
    COLUMN_RANKED_BYTES("both"),
    COLUMN_OF(columns_of_way, FORWARD, "\u2192", IPM_TEXT_UNIT, ipm_text_rates,
              .bytes = true, .leaves = 6),
    COLUMN_OF(columns_of_way, BACKWARD, "\u2190", IPM_TEXT_UNIT, ipm_text_rates,
              .bytes = true, .leaves = 6),
    COLUMN_MESSAGES,
    COLUMNS_CPU("send", "recv"),
    COLUMN_CALLS_AND_SWITCHES,
    COLUMN_FRAMING,
    COLUMN_LOSS,
};

static const struct ipm_text_column columns_ping_pong[] = {
    COLUMN_RANKED(ROUND_TRIPS, "", "trips/s", ipm_text_median, ipm_text_span, ),
    COLUMNS_PAIRS,
    COLUMN_QUANTILE("p50", P50, 6, .beside = "p50"),
    COLUMN_QUANTILE("p90", P90, 4),
    COLUMN_QUANTILE("p99", P99, 6, .beside = "p99"),
    COLUMN_QUANTILE("p99.9", P99_9, 5),
    COLUMN_LONGEST(5),
    COLUMN_CPUS_BUSY,
    COLUMNS_CPU_TRIP("trip", "client"),
    COLUMN_SWITCHES(columns_of_trip, "/trip"),
    COLUMN_FRAMING,
};

static const struct ipm_text_column columns_connect[] = {
    COLUMN_RANKED(CONNECTIONS, "", "conn/s", ipm_text_median, ipm_text_span, ),
    COLUMN_QUANTILE("p50", P50, 6, .beside = "p50"),
    COLUMN_QUANTILE("p90", P90, 4),
    COLUMN_QUANTILE("p99", P99, 6, .beside = "p99"),
    COLUMN_LONGEST(5),
    COLUMN_CPUS_BUSY,
    COLUMNS_CPU_TRIP("conn", "client"),
};

static const struct ipm_text_column columns_fan_in[] = {
    COLUMN_RANKED_BYTES(""),
    COLUMN_MESSAGES,
    COLUMN(CLIENT, "per client", IPM_TEXT_UNIT, ipm_text_rates, .bytes = true,
           .leaves = 4, .spans = true),
    COLUMN(FAIRNESS, "", "fair", ipm_text_median, .leaves = 5),
    COLUMNS_CPU("client", "server"),
    COLUMN_SWITCHES(columns_of_summary, "/msg"),
    {.above = "peak",
     .heading = "MiB",
     .of = columns_of_peak,
     .format = ipm_text_rates,
     .leaves = 3},
    COLUMN_FRAMING,
    COLUMN_LOSS,
};

static const struct ipm_text_column columns_fan_in_rpc[] = {
    COLUMN_RANKED(ROUND_TRIPS, "", "trips/s", ipm_text_median, ipm_text_span, ),
    COLUMN_QUANTILE("p50", P50, 6, .beside = "p50"),
    COLUMN_QUANTILE("p99", P99, 6, .beside = "p99"),
    COLUMN_QUANTILE("p99.9", P99_9, 5),
    COLUMN_LONGEST(5),
    COLUMN_CPUS_BUSY,
    COLUMN(FAIRNESS, "", "fair", ipm_text_median, .leaves = 4),
    COLUMNS_CPU_TRIP("trip", "clients"),
    COLUMN_SWITCHES(columns_of_trip, "/trip"),
    COLUMN_FRAMING,
};

/* Of all patterns, with a rate. */
static const struct ipm_text_column columns_paced[] = {
    COLUMN_RANKED(ACHIEVED, "achieved", "msg/s", ipm_text_median, ipm_text_span, ),
    COLUMN(OFFERED, "offered", "msg/s", ipm_text_median, .leaves = 4),
    {.above = "",
     .heading = "load",
     .beside = "load",
     .of = columns_of_load,
     .format = ipm_text_load,
     .alarming = true},
    COLUMN_QUANTILE("p50", P50, 6, .beside = "p50"),
    COLUMN_QUANTILE("p90", P90, 3),
    COLUMN_QUANTILE("p99", P99, 6, .beside = "p99"),
    COLUMN_QUANTILE("p99.9", P99_9, 5),
    COLUMN_LONGEST(5),
    COLUMN_OF(columns_of_quantile, SINCE_SENT_P99, "service", "p99", ipm_text_time,
              .leaves = 3),
    COLUMN_OF(columns_of_quantile, SEND_LAG, "late", "p99", ipm_text_time, .leaves = 3),
    COLUMNS_CPU("send", "recv"),
    COLUMN_LOSS,
};

/* Where the clock counts instructions. */
#define COLUMN_EXACT(member, what, unit)                                                 \
    COLUMN(member, "instructions", what, ipm_text_exact, .leaves = 0, .spans = true,     \
           .beside = (unit)),                                                            \
        COLUMN_OF(columns_of_spread, member, "seeds", "differ %", ipm_text_share,        \
                  .leaves = 3)

static const struct ipm_text_column columns_exact_message[] = {
    COLUMN_EXACT(MESSAGE_INSTRUCTIONS, "/message", "insn/msg"),
    COLUMN_CALLS_AND_SWITCHES,
    COLUMN_FRAMING,
    COLUMN_LOSS,
};

static const struct ipm_text_column columns_exact_round_trip[] = {
    COLUMN_EXACT(ROUND_TRIP_INSTRUCTIONS, "/round trip", "insn/trip"),
    COLUMN_SWITCHES(columns_of_trip, "/trip"),
    COLUMN_FRAMING,
};

static const struct ipm_text_column columns_exact_connection[] = {
    COLUMN_EXACT(CONNECTION_INSTRUCTIONS, "/connection", "insn/conn"),
};

/* For cases with that primary metric and that name of the end that begins. */
#define SET(member, end, array)                                                          \
    {                                                                                    \
        .primary = IPM_METRIC_##member, .sender = (end),                                 \
        .count = sizeof(array) / sizeof(array)[0], .columns = (array)                    \
    }

static const struct ipm_text_set columns_sets[] = {
    SET(THROUGHPUT, "sender", columns_stream),
    SET(THROUGHPUT, "parent", columns_duplex),
    SET(THROUGHPUT, "clients", columns_fan_in),
    SET(ROUND_TRIPS, "client", columns_ping_pong),
    SET(ROUND_TRIPS, "clients", columns_fan_in_rpc),
    SET(CONNECTIONS, "client", columns_connect),
    SET(ACHIEVED, "", columns_paced),
    SET(MESSAGE_INSTRUCTIONS, "", columns_exact_message),
    SET(ROUND_TRIP_INSTRUCTIONS, "", columns_exact_round_trip),
    SET(CONNECTION_INSTRUCTIONS, "", columns_exact_connection),
};
enum { COLUMNS_SETS = sizeof columns_sets / sizeof columns_sets[0] };

const struct ipm_text_set *ipm_text_set_of(const struct ipm_case *c) {
    const struct ipm_text_set *found = NULL;
    for (size_t i = 0; i < COLUMNS_SETS; i++) {
        const struct ipm_text_set *set = &columns_sets[i];
        if (set->primary == c->primary &&
            (!found || strcmp(set->sender, c->ends[IPM_SENDER]) == 0))
            found = set;
    }
    return found ? found : &columns_sets[0];
}
