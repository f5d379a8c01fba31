/* The text tables of every pattern: each has columns of its own, is ranked by its own figure
 * and keeps to its width. What they look like is for tests/golden. */
#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/format.h"
#include "reports/columns/sections.h"
#include "reports/text/layout.h"
#include "tests/support/assert.h"
#include "tests/support/report_sample.h"
#include "tests/unit/test_reports_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Cases of the sample. */
enum {
    PATTERNS_DUPLEX = 4,
    PATTERNS_PING = 8,
    PATTERNS_CONNECT = 12,
    PATTERNS_FAN = 15,
    PATTERNS_RPC = 20,
    PATTERNS_END = 24,
};

static const size_t patterns_begins[] = {0,
                                         PATTERNS_DUPLEX,
                                         PATTERNS_PING,
                                         PATTERNS_CONNECT,
                                         PATTERNS_FAN,
                                         PATTERNS_RPC,
                                         PATTERNS_END};
enum { PATTERNS = sizeof patterns_begins / sizeof patterns_begins[0] - 1 };

/* The longest name of a case does not fit into less, and is not broken. */
Test(reports_patterns, every_line_fits_from_60_columns_on_and_ends_in_no_space) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 10), 0));
    for (unsigned columns = 60; columns <= 200; columns++) {
        for (int utf8 = 0; utf8 < 2; utf8++) {
            const struct ipm_render_options options = {.columns = columns,
                                                       .utf8 = utf8 != 0};
            char *text = ipm_lines_render(&report, options);
            ipm_lines_look(text, columns);
            free(text);
        }
    }
    ipm_report_done(&report);
}

Test(reports_patterns, each_pattern_is_a_section_with_columns_of_its_own) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    for (size_t i = 0; i < PATTERNS; i++) {
        const struct ipm_text_section section = ipm_text_section_at(
            &report, patterns_begins[i], ipm_text_unit_of(IPM_UNIT_MIB, NULL));
        const struct ipm_case *c = &report.cases[patterns_begins[i]];
        cr_assert(eq(sz, section.end, patterns_begins[i + 1]));
        cr_assert(eq(int, section.set->primary, c->primary));
        cr_assert(eq(str, (char *)section.set->sender, (char *)c->ends[IPM_SENDER]));
        cr_assert(le(sz, section.set->count, IPM_TEXT_COLUMNS_MOST));
        cr_assert(section.named);
    }
    ipm_report_done(&report);
}

static const struct ipm_text_set *shown_as(enum ipm_metric_id primary) {
    struct ipm_case c = {.primary = primary};
    (void)strcpy(c.ends[IPM_SENDER], "gossiper");
    return ipm_text_set_of(&c);
}

Test(reports_patterns, a_pattern_of_a_later_version_is_shown_by_its_primary_metric) {
    cr_assert(eq(int, shown_as(IPM_METRIC_THROUGHPUT)->primary, IPM_METRIC_THROUGHPUT));
    cr_assert(eq(int, shown_as(IPM_METRIC_ROUND_TRIPS)->primary, IPM_METRIC_ROUND_TRIPS));
    cr_assert(eq(int, shown_as(IPM_METRIC_CONNECTIONS)->primary, IPM_METRIC_CONNECTIONS));
    cr_assert(eq(int, shown_as(IPM_METRIC_FAIRNESS)->primary, IPM_METRIC_THROUGHPUT));
}

static struct ipm_statistic known(double value) {
    return (struct ipm_statistic){
        .median = value, .mean = value, .min = value, .max = value, .count = 1};
}

static double rank_of(struct ipm_case *c) {
    c->summary->metrics[IPM_METRIC_THROUGHPUT] = known(1);
    c->summary->metrics[IPM_METRIC_ROUND_TRIPS] = known(2);
    c->summary->metrics[IPM_METRIC_CONNECTIONS] = known(3);
    return ipm_text_rank(c);
}

Test(reports_patterns, a_case_is_ranked_by_what_its_pattern_is_about) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    cr_assert(epsilon_eq(dbl, rank_of(&report.cases[0]), 1, 0));
    cr_assert(epsilon_eq(dbl, rank_of(&report.cases[PATTERNS_DUPLEX + 1]), 1, 0));
    cr_assert(epsilon_eq(dbl, rank_of(&report.cases[PATTERNS_PING]), 2, 0));
    cr_assert(epsilon_eq(dbl, rank_of(&report.cases[PATTERNS_CONNECT]), 3, 0));
    cr_assert(epsilon_eq(dbl, rank_of(&report.cases[PATTERNS_FAN]), 1, 0));
    cr_assert(epsilon_eq(dbl, rank_of(&report.cases[PATTERNS_RPC]), 2, 0));
    ipm_report_done(&report);
}

Test(reports_patterns, connections_are_ranked_though_nothing_was_verified) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    struct ipm_case *connect = &report.cases[PATTERNS_CONNECT];
    struct ipm_case *stream = &report.cases[0];
    (void)rank_of(connect);
    connect->integrity.status = stream->integrity.status = IPM_INTEGRITY_UNKNOWN;
    cr_assert(ipm_text_ranks(connect));
    cr_assert(not(ipm_text_ranks(stream)));
    ipm_report_done(&report);
}

/* A plan has all sizes of one server before the next server. */
Test(reports_patterns, servers_are_compared_though_they_are_not_side_by_side) {
    struct ipm_report report;
    size_t ranked = 0;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    for (size_t i = PATTERNS_RPC; i < PATTERNS_END; i++)
        report.cases[i].summary->metrics[IPM_METRIC_ROUND_TRIPS] = known((double)i);
    const struct ipm_text_section section =
        ipm_text_section_at(&report, PATTERNS_RPC, ipm_text_unit_of(IPM_UNIT_MIB, NULL));
    cr_assert(eq(sz, ipm_text_group_next(&section, PATTERNS_RPC), PATTERNS_RPC + 2));
    cr_assert(eq(sz, ipm_text_group_next(&section, PATTERNS_RPC + 2), PATTERNS_END));
    cr_assert(ipm_text_leads(&section, PATTERNS_RPC + 1));
    cr_assert(not(ipm_text_leads(&section, PATTERNS_RPC + 2)));
    const struct ipm_case *fastest =
        ipm_text_fastest(&section, PATTERNS_RPC + 1, &ranked);
    cr_assert(eq(sz, ranked, 2));
    cr_assert(eq(ptr, (void *)fastest, (void *)&report.cases[PATTERNS_RPC + 3]));
    ipm_report_done(&report);
}

/* Whether the first two cases share a group. */
static bool share(struct ipm_report *report) {
    cr_assert(eq(int, ipm_cases_arrange(report), 0));
    const struct ipm_text_section section =
        ipm_text_section_at(report, 0, ipm_text_unit_of(IPM_UNIT_MIB, NULL));
    cr_assert(lt(sz, 1, section.end));
    cr_assert(eq(int, ipm_text_leads(&section, 1), ipm_text_group_next(&section, 0) > 1));
    return !ipm_text_leads(&section, 1);
}

Test(reports_patterns, a_group_shares_all_but_transport_congestion_server_and_wait) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 0), 0));
    struct ipm_case_config *config = &report.cases[1].config;
    const struct ipm_case_config same = *config;
    cr_assert(share(&report));
    (void)strcpy(config->server, "poll");
    (void)strcpy(config->congestion, "cubic");
    (void)strcpy(config->wait, "spin");
    cr_assert(share(&report));
    uint64_t *const numbers[] = {&config->message_bytes, &config->clients, &config->batch,
                                 &config->think_ns, &config->buffer_bytes};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        *config = same;
        ++*numbers[i];
        cr_assert(not(share(&report)), "number %zu", i);
    }
    *config = same;
    config->verify = true;
    cr_assert(not(share(&report)));
    char *const words[] = {config->framing, config->pin};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        *config = same;
        (void)strcpy(words[i], "other");
        cr_assert(not(share(&report)), "word %zu", i);
    }
    ipm_report_done(&report);
}

Test(reports_patterns, of_two_that_are_equally_fast_the_first_is_named) {
    struct ipm_report report;
    size_t ranked = 0;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    (void)rank_of(&report.cases[0]);
    (void)rank_of(&report.cases[1]);
    const struct ipm_text_section section =
        ipm_text_section_at(&report, 0, ipm_text_unit_of(IPM_UNIT_MIB, NULL));
    const struct ipm_case *fastest = ipm_text_fastest(&section, 0, &ranked);
    cr_assert(eq(sz, ranked, 2));
    cr_assert(eq(ptr, (void *)fastest, (void *)&report.cases[0]));
    ipm_report_done(&report);
}

Test(reports_patterns, the_name_of_a_pattern_stands_whole_above_short_labels) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    for (size_t i = PATTERNS_RPC; i < PATTERNS_END; i++)
        report.cases[i].config.server[0] = '\0';
    char *text = ipm_lines_render(&report, (struct ipm_render_options){.columns = 80});
    cr_assert(ne(ptr, strstr(text, "\nfan-in-rpc "), NULL), "%s", text);
    free(text);
    ipm_report_done(&report);
}

/* The column of that heading, which the set has. */
static struct ipm_statistic shown(const struct ipm_case *c, const char *above,
                                  const char *heading) {
    const struct ipm_text_set *set = ipm_text_set_of(c);
    for (size_t i = 0; i < set->count; i++) {
        const struct ipm_text_column *column = &set->columns[i];
        if (column->heading != NULL && strcmp(column->above, above) == 0 &&
            strcmp(column->heading, heading) == 0)
            return column->of(column, c);
    }
    cr_assert(false, "%s has no column %s %s", c->config.pattern, above, heading);
    return known(NAN);
}

Test(reports_patterns, what_a_round_trip_costs_is_by_trip_and_not_by_message) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    struct ipm_case *ping = &report.cases[PATTERNS_PING];
    ping->summary->metrics[IPM_METRIC_SENDER_CPU] = known(10);
    ping->summary->metrics[IPM_METRIC_RECEIVER_CPU] = known(20);
    ping->summary->metrics[IPM_METRIC_SWITCHES] = known(3);
    cr_assert(eq(u64, ping->trials[0].sent.messages, 2 * ping->trials[0].latency.count));
    cr_assert(epsilon_eq(dbl, shown(ping, "CPU ns/trip", "client").median, 20, 0));
    cr_assert(epsilon_eq(dbl, shown(ping, "CPU ns/trip", "server").median, 40, 0));
    cr_assert(epsilon_eq(dbl, shown(ping, "ctxsw", "/trip").median, 6, 0));
    ping->trial_count = 0;
    cr_assert(isnan(shown(ping, "ctxsw", "/trip").median));
    ping->trial_count = 1;
    ipm_report_done(&report);
}

Test(reports_patterns, latencies_are_in_nanoseconds_and_unknown_without_a_trial) {
    static struct ipm_histogram histogram;
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    struct ipm_case *ping = &report.cases[PATTERNS_PING];
    for (uint64_t i = 1; i <= 100; i++)
        ipm_histogram_record(&histogram, i);
    ipm_histogram_record(&histogram, 5000);
    ipm_latency_done(&ping->trials[0].latency);
    cr_assert(eq(int, ipm_report_summarize(&report), 0));
    cr_assert(isnan(shown(ping, "latency", "p50").median));
    cr_assert(isnan(shown(ping, "latency", "max").median));
    cr_assert(eq(int, ipm_latency_take(&ping->trials[0].latency, &histogram), 0));
    cr_assert(eq(int, ipm_report_summarize(&report), 0));
    cr_assert(epsilon_eq(dbl, shown(ping, "latency", "p50").median, 51, 1e-9));
    cr_assert(epsilon_eq(dbl, shown(ping, "latency", "p90").median, 91, 1e-9));
    cr_assert(epsilon_eq(dbl, shown(ping, "latency", "p99").median, 100, 1e-9));
    cr_assert(epsilon_eq(dbl, shown(ping, "latency", "max").median, 5000, 1e-9));
    ipm_report_done(&report);
}

Test(reports_patterns, the_peak_memory_is_the_servers_largest_of_all_trials) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 3), 0));
    struct ipm_case *fan = &report.cases[PATTERNS_FAN];
    fan->trials[1].usage[IPM_RECEIVER].peak_rss_bytes = 7 << 20;
    fan->trials[2].usage[IPM_SENDER].peak_rss_bytes = 9 << 20;
    cr_assert(epsilon_eq(dbl, shown(fan, "peak", "MiB").median, 7, 0));
    for (size_t i = 0; i < 3; i++)
        fan->trials[i].usage[IPM_RECEIVER].peak_rss_bytes = -1;
    cr_assert(isnan(shown(fan, "peak", "MiB").median));
    ipm_report_done(&report);
}

Test(reports_patterns, where_one_of_many_clients_ran_is_no_place) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    for (size_t i = 0; i < report.case_count; i++)
        for (size_t t = 0; t < report.cases[i].trial_count; t++)
            report.cases[i].trials[t].usage[IPM_SENDER].last_cpu =
                i < PATTERNS_FAN ? 1 : 77;
    char *text = ipm_lines_render(&report, (struct ipm_render_options){.columns = 200});
    cr_assert(ne(ptr, strstr(text, "on CPU 1/"), NULL), "%s", text);
    cr_assert(eq(ptr, strstr(text, "77/"), NULL));
    free(text);
    ipm_report_done(&report);
}

Test(reports_patterns, framing_has_a_column_where_there_is_one_and_else_none) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    const struct ipm_render_options options = {.columns = 80};
    for (size_t i = 0; i < report.case_count; i++)
        report.cases[i].summary->metrics[IPM_METRIC_FRAMING_OVERHEAD] = known(NAN);
    char *text = ipm_lines_render(&report, options);
    cr_assert(eq(ptr, strstr(text, "frame"), NULL));
    free(text);
    report.cases[2].summary->metrics[IPM_METRIC_FRAMING_OVERHEAD] = known(0.0625);
    text = ipm_lines_render(&report, options);
    cr_assert(ne(ptr, strstr(text, "frame"), NULL));
    cr_assert(ne(ptr, strstr(text, " 6.25 "), NULL));
    free(text);
    ipm_report_done(&report);
}

Test(reports_patterns, arrows_have_a_spelling_in_ascii) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    struct ipm_summary *duplex = report.cases[PATTERNS_DUPLEX + 1].summary;
    duplex->metrics[IPM_METRIC_FORWARD] = known(1e9);
    duplex->metrics[IPM_METRIC_BACKWARD] = known(2e9);
    char *text = ipm_lines_render(&report, (struct ipm_render_options){.columns = 100});
    cr_assert(ne(ptr, strstr(text, " to "), NULL), "%s", text);
    cr_assert(ne(ptr, strstr(text, " back "), NULL));
    cr_assert(eq(ptr, strchr(text, '?'), strstr(text, "?[5m"))); /* the hostile CPU */
    free(text);
    ipm_report_done(&report);
}

Test(reports_patterns, the_fastest_of_each_group_is_told_in_words_of_its_metric) {
    static const char *const words[] = {
        "ping-pong, 64 B: pipe-pair made 2.01 +- 0.04 times as many round trips as tcp",
        "connect, 1 B: pipe made 4.0 +- 0.1 times as many connections as tcp",
        "fan-in, 4 KiB, 4 clients: pipe-pair process moved 1.18 +- 0.04 times as much as",
    };
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 10), 0));
    char *text = ipm_lines_render(&report, (struct ipm_render_options){.columns = 200});
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        cr_assert(ne(ptr, strstr(text, words[i]), NULL), "%s: %s", words[i], text);
    free(text);
    ipm_report_done(&report);
}

Test(reports_patterns, the_two_ways_add_up_to_the_sum_that_is_shown) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 10), 0));
    const struct ipm_case *duplex = &report.cases[PATTERNS_DUPLEX + 1];
    const double forward = shown(duplex, "\u2192", "MiB/s").median;
    const double backward = shown(duplex, "\u2190", "MiB/s").median;
    cr_assert(lt(dbl, backward, forward));
    cr_assert(
        epsilon_eq(dbl, forward + backward, shown(duplex, "both", "MiB/s").median, 1));
    ipm_report_done(&report);
}

Test(reports_patterns, eighty_columns_hold_every_figure_of_an_unframed_case) {
    static const char *const headings[] = {
        "p50",     "p99.9",       "max",    "CPU ns/trip", "/trip",
        "trips/s", "CPU ns/conn", "conn/s", "calls",       "fair"};
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 10), 0));
    for (size_t i = 0; i < report.case_count; i++) {
        struct ipm_summary *summary = report.cases[i].summary;
        summary->metrics[IPM_METRIC_FRAMING_OVERHEAD] = known(NAN);
        summary->metrics[IPM_METRIC_ROUND_TRIPS] =
            summary->metrics[IPM_METRIC_CONNECTIONS] = known(12345);
        if (report.cases[i].config.server[0] != '\0')
            summary->metrics[IPM_METRIC_FAIRNESS] = known(0.987);
    }
    char *text = ipm_lines_render(&report, (struct ipm_render_options){.columns = 80});
    for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++)
        cr_assert(ne(ptr, strstr(text, headings[i]), NULL), "no %s", headings[i]);
    free(text);
    ipm_report_done(&report);
}
