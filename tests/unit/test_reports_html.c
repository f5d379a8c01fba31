/* test_reports_html.c - the pieces of a page: frame, text, axes. The page as a whole is looked
 * at by tests/html. */
#include "model/report/report.h"
#include "reports/html/page.h"
#include "reports/html/plot.h"
#include "tests/support/assert.h"

#include <math.h>
#include <string.h>

enum { HTML_BYTES = 65536 };

static char html_text[HTML_BYTES];

static FILE *html_open(void) {
    html_text[0] = '\0';
    FILE *out = fmemopen(html_text, sizeof html_text, "w");
    cr_assert(ne(ptr, out, NULL));
    return out;
}

Test(reports_html, text_can_neither_end_an_element_nor_an_attribute) {
    FILE *out = html_open();
    ipm_html_text(out, "<script>\"a\" & 'b'\n\xFF");
    (void)fclose(out);
    cr_expect(
        eq(str, html_text,
           "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;\xEF\xBF\xBD\xEF\xBF\xBD"));
}

Test(reports_html, printed_words_are_escaped_and_numbers_are_printed) {
    FILE *out = html_open();
    HTML("<b a=\"%s\">%s</b>%%%zu %d %.1f", "\"x", "<y>", (size_t)7, -1, 0.5);
    (void)fclose(out);
    cr_expect(eq(str, html_text, "<b a=\"&quot;x\">&lt;y&gt;</b>%7 -1 0.5"));
}

Test(reports_html, short_text_counts_characters_and_escapes_afterwards) {
    static const char *const cases[][2] = {
        {"four", "four"},
        {"fives", "fiv\u2026"},
        {"\u00e4\u00f6\u00fc\u00df", "\u00e4\u00f6\u00fc\u00df"},
        {"\u00e4\u00f6\u00fc\u00dfx", "\u00e4\u00f6\u00fc\u2026"},
        {"<<<<<", "&lt;&lt;&lt;\u2026"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        FILE *out = html_open();
        ipm_html_short(out, cases[i][0], 4);
        (void)fclose(out);
        cr_expect(eq(str, html_text, (char *)cases[i][1]));
    }
}

static void html_put_word(FILE *out, void *context) {
    (void)fputs(context, out);
}

static const struct ipm_html_part html_parts[] = {{"main", html_put_word}, {NULL, NULL}};

Test(reports_html, every_place_of_the_frame_is_filled_or_empty) {
    char word[] = "here it is";
    FILE *out = html_open();
    const struct ipm_tool tool = {.version = "1<2"};
    cr_expect(eq(int, ipm_html_page(out, html_parts, word, &tool, NULL), 0));
    (void)fclose(out);
    cr_expect(ne(ptr, strstr(html_text, word), NULL));
    cr_expect(ne(ptr, strstr(html_text, "<p>Made by ipcmark 1&lt;2.</p>"), NULL));
    cr_expect(eq(ptr, strstr(html_text, "{{"), NULL));
    cr_expect(eq(str, strstr(html_text, "</html>"), "</html>\n"));
}

/* --- axes ------------------------------------------------------------------------------- */

static struct ipm_html_axis html_axis(bool logarithmic, double unit, double low,
                                      double high) {
    struct ipm_html_axis axis = {
        .logarithmic = logarithmic, .unit = unit, .from = 0, .to = 100};
    cr_assert(ipm_html_axis_show(&axis, low));
    cr_assert(ipm_html_axis_show(&axis, high));
    ipm_html_axis_round(&axis);
    return axis;
}

struct html_round {
    double logarithmic;
    double low;
    double high;
    double ticks[8]; /* up to the first 0 behind the first */
};

static const struct html_round html_rounds[] = {
    {1, 3, 40, {2, 5, 10, 20, 50}},   {1, 3, 3, {2, 5}},
    {1, 1, 1000, {1, 10, 100, 1000}}, {1, 0.02, 3e5, {1, 100, 1e4}},
    {1, 5, 5.0000001, {5, 10}},       {0, 0, 11.3, {0, 5, 10, 15}},
    {0, 0, 10, {0, 2, 4, 6, 8, 10}},  {0, 0, 0.003, {0, 0.001, 0.002, 0.003}},
};

static void html_check_ticks(const struct ipm_html_axis *axis, const double *wanted) {
    for (size_t i = 0; i < axis->tick_count; i++)
        cr_expect(epsilon_eq(dbl, axis->ticks[i], wanted[i] * axis->unit,
                             1e-9 * axis->unit + fabs(wanted[i] * axis->unit) * 1e-9));
    cr_expect(axis->tick_count == 8 || wanted[axis->tick_count] == 0,
              "%zu ticks are too few", axis->tick_count);
}

Test(reports_html, ticks_are_round_in_their_unit_and_few) {
    for (size_t i = 0; i < sizeof html_rounds / sizeof html_rounds[0]; i++) {
        const struct html_round *round = &html_rounds[i];
        for (double unit = 1; unit < 1e7; unit *= 1048576) {
            const struct ipm_html_axis axis = html_axis(
                round->logarithmic > 0, unit, round->low * unit, round->high * unit);
            html_check_ticks(&axis, round->ticks);
            cr_expect(axis.low <= round->low * unit * (1 + 1e-6));
            cr_expect(axis.high * (1 + 1e-6) >= round->high * unit);
        }
    }
}

Test(reports_html, a_place_is_where_the_scale_says) {
    const struct ipm_html_axis log = html_axis(true, 1, 1, 100);
    cr_expect(epsilon_eq(dbl, ipm_html_axis_place(&log, 10), 50, 1e-9));
    const struct ipm_html_axis linear = html_axis(false, 1, 0, 10);
    cr_expect(epsilon_eq(dbl, ipm_html_axis_place(&linear, 2.5), 25, 1e-9));
}

Test(reports_html, an_axis_refuses_what_has_no_place) {
    static const double refused[] = {NAN, INFINITY, -INFINITY, 1e300, 0, -1};
    struct ipm_html_axis axis = {.logarithmic = true, .unit = 1};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        cr_expect(not(ipm_html_axis_show(&axis, refused[i])));
    ipm_html_axis_round(&axis);
    cr_expect(zero(sz, axis.tick_count));
}
