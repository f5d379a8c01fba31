/* The text table: it keeps to its width, ends no line in a space, and lets nothing through
 * that a terminal would obey. What it looks like is for tests/golden. */
#include "base/err.h"
#include "model/report/report.h"
#include "reports/columns/format.h"
#include "reports/columns/sections.h"
#include "reports/renderer.h"
#include "reports/text/layout.h"
#include "reports/text/pen.h"
#include "tests/support/assert.h"
#include "tests/support/report_sample.h"
#include "tests/unit/test_reports_lines.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Test(reports_text, every_line_fits_from_40_columns_on_and_ends_in_no_space) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample(&report, 10), 0));
    for (unsigned columns = 40; columns <= 250; columns++) {
        for (int utf8 = 0; utf8 < 2; utf8++) {
            char *text =
                ipm_lines_render(&report, (struct ipm_render_options){.columns = columns,
                                                                      .utf8 = utf8 != 0});
            ipm_lines_look(text, columns);
            free(text);
        }
    }
    ipm_report_done(&report);
}

Test(reports_text, no_width_is_too_small_to_end) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample(&report, 10), 0));
    for (unsigned columns = 0; columns < 40; columns++) {
        char *text =
            ipm_lines_render(&report, (struct ipm_render_options){.columns = columns});
        cr_assert(lt(sz, 0, strlen(text)));
        free(text);
    }
    ipm_report_done(&report);
}

Test(reports_text, eighty_columns_hold_every_column_and_a_bar_with_the_longest_numbers) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample(&report, 10), 0));
    (void)strcpy(report.cases[3].config.transport, "a-transport-of-a-long-name");
    report.cases[3].summary->metrics[IPM_METRIC_PIPE_RATIO].median = 12345;
    report.cases[3].summary->metrics[IPM_METRIC_CALLS].median = 12345;
    report.cases[3].summary->metrics[IPM_METRIC_SWITCHES].median = 12345;
    report.cases[3].summary->metrics[IPM_METRIC_LOSS].mean = 0.00001;
    report.cases[3].summary->metrics[IPM_METRIC_THROUGHPUT].ci95_high = 1e12;
    char *text = ipm_lines_render(
        &report, (struct ipm_render_options){.columns = 80, .utf8 = true});
    cr_assert(ne(ptr, strstr(text, "ctxsw"), NULL));
    cr_assert(ne(ptr, strstr(text, "\u2588\u2588\u2588\u2588"), NULL));
    cr_assert(ne(ptr, strstr(text, ">99"), NULL));
    ipm_lines_look(text, 80);
    free(text);
    ipm_report_done(&report);
}

Test(reports_text, a_bar_is_at_least_four_wide_or_not_there) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample(&report, 10), 0));
    for (unsigned columns = 40; columns <= 250; columns++) {
        const struct ipm_render_options options = {.columns = columns, .utf8 = true};
        const struct ipm_text_pen pen = {.options = &options};
        const struct ipm_text_section section =
            ipm_text_section_at(&report, 0, ipm_text_unit_of(IPM_UNIT_MIB, NULL));
        struct ipm_text_layout layout;
        ipm_text_layout_fit(&layout, &pen, &section, 1);
        cr_assert(le(u32, layout.total, columns));
        cr_assert(not(eq(u32, layout.bar_width, 1)));
        cr_assert(not(eq(u32, layout.bar_width, 2)));
        cr_assert(not(eq(u32, layout.bar_width, 3)));
        cr_assert(eq(int, layout.bar_width == 0 && columns >= 80, 0));
    }
    ipm_report_done(&report);
}

Test(reports_text, the_slowest_still_has_a_sliver_of_a_bar) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample(&report, 10), 0));
    report.cases[0].summary->metrics[IPM_METRIC_THROUGHPUT].median = 1;
    char *text = ipm_lines_render(
        &report, (struct ipm_render_options){.columns = 80, .utf8 = true});
    cr_assert(ne(ptr, strstr(text, "1.00x  \u258f\n"), NULL), "%s", text);
    free(text);
    ipm_report_done(&report);
}

Test(reports_text, text_of_any_origin_takes_its_columns_and_steers_nothing) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample(&report, 10), 0));
    (void)strcpy(report.cases[1].reason, "\xc2\x9b"
                                         "31m \xe2\x80\xae"
                                         "evil \x7f \xcc\x88 \xe6\x97\xa5\xe6\x9c\xac");
    char *text = ipm_lines_render(
        &report, (struct ipm_render_options){.columns = 80, .utf8 = true});
    cr_assert(
        ne(ptr, strstr(text, "64 B pipe-pair: ?31m ?evil ? ? \u65e5\u672c\n"), NULL),
        "%s", text);
    free(text);
    ipm_report_done(&report);
}

Test(reports_text, a_wide_character_counts_as_two_and_held_back_spaces_are_dropped) {
    const struct ipm_render_options options = {.columns = 10, .utf8 = true};
    char *text = NULL;
    size_t size = 0;
    struct ipm_text_pen pen = {.out = open_memstream(&text, &size), .options = &options};
    cr_assert(ne(ptr, pen.out, NULL));
    cr_assert(eq(u32, ipm_text_width(&pen, "\u65e5\u672ca"), 5));
    ipm_text_put_cut(&pen, IPM_TEXT_PLAIN, "\u65e5\u672ca", 4);
    ipm_text_move(&pen, 9);
    ipm_text_newline(&pen);
    ipm_text_wrap(&pen, IPM_TEXT_PLAIN, "abcd efgh i", 2);
    ipm_text_newline(&pen);
    (void)fclose(pen.out);
    cr_assert(eq(str, text, "\u65e5\u2026\nabcd efgh\n  i\n"));
    free(text);
}

static void without_colours(char *text) {
    char *to = text;
    for (const char *from = text; *from != '\0';) {
        if (*from == '\033') {
            from += strcspn(from, "m") + 1;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}

Test(reports_text, colours_change_nothing_but_colour_and_each_line_ends_plain) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample(&report, 10), 0));
    struct ipm_render_options options = {.columns = 90, .utf8 = true};
    char *black = ipm_lines_render(&report, options);
    options.color = true;
    char *coloured = ipm_lines_render(&report, options);
    cr_assert(eq(ptr, strchr(black, '\033'), NULL));
    cr_assert(ne(ptr, strstr(coloured, "\033[32m"), NULL));
    cr_assert(ne(ptr, strstr(coloured, "\033[31mfailed:"), NULL));
    cr_assert(ne(ptr, strstr(coloured, "\033[33mwarning:"), NULL));
    without_colours(coloured);
    cr_assert(eq(str, black, coloured));
    free(black);
    free(coloured);
    ipm_report_done(&report);
}

Test(reports_text, without_utf8_every_byte_is_ascii) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample(&report, 10), 0));
    char *text = ipm_lines_render(&report, (struct ipm_render_options){.columns = 120});
    for (const char *at = text; *at != '\0'; at++) {
        cr_assert(lt(int, 0, *at));
    }
    free(text);
    ipm_report_done(&report);
}

Test(reports_text, a_cpu_quota_stands_beside_the_number_of_cpus) {
    static struct ipm_report report;
    ipm_report_init(&report);
    report.host.cpus_online = report.host.cpus_allowed = 2;
    report.host.cpu_quota_cpus = 0.2;
    char *text = ipm_lines_render(&report, (struct ipm_render_options){.columns = 80});
    cr_assert(ne(ptr, strstr(text, "2 CPUs, quota 0.2"), NULL), "%s", text);
    free(text);
    ipm_report_done(&report);
}

Test(reports_text, the_fastest_is_one_that_moved_what_could_be_verified) {
    struct ipm_report report;
    size_t ranked = 0;
    cr_assert(eq(int, ipm_report_sample(&report, 10), 0));
    const struct ipm_text_section section =
        ipm_text_section_at(&report, 0, ipm_text_unit_of(IPM_UNIT_MIB, NULL));
    const struct ipm_case *fastest = ipm_text_fastest(&section, 0, &ranked);
    cr_assert(eq(sz, section.end, report.case_count));
    cr_assert(eq(sz, ipm_text_group_next(&section, 4), 5));
    cr_assert(eq(sz, ipm_text_group_next(&section, 5), section.end));
    cr_assert(ipm_text_leads(&section, 6));
    cr_assert(not(ipm_text_leads(&section, 7)));
    cr_assert(eq(sz, ranked, 4));
    cr_assert(eq(str, (char *)fastest->config.name, "stream/tcp/64"));
    ipm_report_done(&report);
}

Test(reports_text, a_title_names_what_is_not_default) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample(&report, 0), 0));
    struct ipm_case_config *config = &report.cases[0].config;
    cr_assert(eq(str, ipm_text_title(config, ", ", false).text, "64 B"));
    config->buffer_bytes = 4 << 20;
    config->verify = true;
    (void)strcpy(config->wait, "spin");
    config->batch = 8;
    config->think_ns = 1500;
    config->clients = 2;
    (void)strcpy(config->pin, "0:1");
    (void)strcpy(config->io, "uring");
    (void)strcpy(config->framing, "length");
    (void)strcpy(config->server, "epoll");
    (void)strcpy(config->pattern, "duplex");
    cr_assert(
        eq(str, ipm_text_title(config, ", ", true).text,
           "duplex, 64 B, io uring, framing length, 2 clients, batch 8, think 1.50us, "
           "buffer 4 MiB, pin 0:1, verify"));
    config->clients = 1;
    cr_assert(
        ne(ptr, strstr(ipm_text_title(config, ", ", false).text, ", 1 client, "), NULL));
    cr_assert(eq(str, ipm_text_label(config).text, "pipe epoll spin"));
    ipm_report_done(&report);
}

struct rounding {
    double value;
    const char *cell;
};

Test(reports_text, numbers_have_three_digits_and_no_false_zero) {
    static const struct rounding rows[] = {
        {0, "0"},           {0.0001, "<.001"}, {0.0126, "0.013"},
        {0.99949, "0.999"}, {0.9996, "1.00"},  {9.999, "10.0"},
        {999.4, "999"},     {12345, "12.3k"},  {NAN, "-"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_assert(eq(str, ipm_text_number(rows[i].value).text, (char *)rows[i].cell));
}

Test(reports_text, loss_in_one_trial_of_many_shows) {
    static const struct rounding rows[] = {
        {0, "0"},      {0.00001, "<.01"}, {0.0123, "1.23"},
        {0.5, "50.0"}, {1, "100"},        {NAN, "-"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct ipm_statistic loss = {.mean = rows[i].value};
        cr_assert(eq(str, ipm_text_loss(&loss).text, (char *)rows[i].cell));
    }
}

Test(reports_text, places_are_counted_and_the_most_frequent_comes_first) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample(&report, 10), 0));
    char *text = ipm_lines_render(&report, (struct ipm_render_options){.columns = 200});
    cr_assert(ne(ptr,
                 strstr(text, "not pinned: sender/receiver on CPU 0/1 in 90 % of trials"),
                 NULL),
              "%s", text);
    cr_assert(ne(ptr, strstr(text, " in 10 %\n"), NULL));
    free(text);
    ipm_report_done(&report);
}

/* Two times 256 places, each of one trial; the first one is told. */
Test(reports_text, more_places_than_fit_are_counted_but_not_kept) {
    enum { PLACES = 512 };
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample(&report, 0), 0));
    for (int64_t cpu = 0; cpu < PLACES; cpu++) {
        struct ipm_sample *trial = ipm_case_add_trial(&report.cases[0]);
        cr_assert(ne(ptr, trial, NULL));
        trial->usage[IPM_SENDER].last_cpu = cpu;
    }
    char *text = ipm_lines_render(&report, (struct ipm_render_options){.columns = 200});
    cr_assert(ne(ptr, strstr(text, "on CPU 0/0 in 0 % of trials"), NULL), "%s", text);
    free(text);
    ipm_report_done(&report);
}

Test(reports_text, a_full_device_is_an_error_in_words) {
    struct ipm_report report;
    struct ipm_err err = {0};
    const struct ipm_render_options options = {.columns = 80};
    FILE *out = fopen("/dev/full", "we");
    cr_assert(ne(ptr, out, NULL));
    setbuf(out, NULL);
    cr_assert(eq(int, ipm_report_sample(&report, 2), 0));
    int code = ipm_renderer_find("text")->render[IPM_DOCUMENT_REPORT](
        &(struct ipm_document){.report = &report}, &options, out, &err);
    cr_assert(eq(int, code, -ENOSPC));
    cr_assert(eq(str, err.text, "cannot write the table: No space left on device"));
    (void)fclose(out);
    ipm_report_done(&report);
}

Test(reports_text, every_format_has_a_name_of_its_own_and_is_found_by_it) {
    for (size_t i = 0; ipm_renderers[i] != NULL; i++) {
        const struct ipm_renderer *renderer = ipm_renderers[i];
        cr_assert(eq(ptr, (void *)ipm_renderer_find(renderer->name), (void *)renderer));
        cr_assert(ne(str, (char *)renderer->summary, ""));
        cr_assert(ne(int, renderer->summary[strlen(renderer->summary) - 1], '.'));
    }
    cr_assert(eq(ptr, (void *)ipm_renderer_find("yaml"), NULL));
}
