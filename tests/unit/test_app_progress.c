/* The progress line: when it is drawn, and that it never wraps. */
#include "app/output/progress.h"
#include "run/schedule/runner.h"
#include "tests/support/assert.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct page {
    FILE *out;
    char *text;
    size_t bytes;
};

static void page_open(struct page *page) {
    page->out = open_memstream(&page->text, &page->bytes);
    cr_assert(ne(ptr, page->out, NULL));
}

static void page_close(struct page *page) {
    (void)fclose(page->out);
    free(page->text);
}

/* As on a terminal of that width, which a stream in memory is not. */
static struct ipm_progress_line line_on(struct page *page, unsigned columns) {
    char text[16];
    (void)snprintf(text, sizeof text, "%u", columns);
    cr_assert(eq(int, setenv("COLUMNS", text, 1), 0));
    return (struct ipm_progress_line){
        .out = page->out, .shown = true, .redrawn = true, .step = 2};
}

static struct ipm_progress progress_at(uint64_t done, uint64_t elapsed_ms) {
    return (struct ipm_progress){.phase = "measuring",
                                 .case_name = "stream/pipe/64",
                                 .done_trials = done,
                                 .total_trials = 8,
                                 .elapsed_ns = elapsed_ms * 1000000,
                                 .left_ns = 61000000000};
}

Test(app_progress, says_what_runs_how_far_and_the_time_left) {
    struct page page;
    page_open(&page);
    struct ipm_progress_line line = line_on(&page, 80);
    struct ipm_progress now = progress_at(2, 0);
    ipm_progress_draw(&line, &now);
    cr_expect(eq(str, page.text, "\rmeasuring stream/pipe/64  2/8  25%  1m 01s left"));
    page_close(&page);
}

Test(app_progress, draws_at_most_ten_times_a_second) {
    struct page page;
    page_open(&page);
    struct ipm_progress_line line = line_on(&page, 80);
    size_t draws = 0;
    for (uint64_t ms = 0; ms < 1000; ms += 10) {
        struct ipm_progress now = progress_at(ms / 200, ms);
        ipm_progress_draw(&line, &now);
    }
    for (const char *text = page.text; (text = strchr(text, '\r')) != NULL; text++)
        draws++;
    cr_expect(eq(sz, draws, 10));
    page_close(&page);
}

Test(app_progress, never_reaches_the_last_column) {
    for (unsigned columns = 20; columns < 60; columns++) {
        struct page page;
        page_open(&page);
        struct ipm_progress_line line = line_on(&page, columns);
        struct ipm_progress now = progress_at(8, 0);
        ipm_progress_draw(&line, &now);
        cr_expect(lt(sz, strlen(page.text + 1), columns), "'%s'", page.text);
        cr_expect(ne(ptr, strstr(page.text, "8/8  100%"), NULL), "'%s'", page.text);
        page_close(&page);
    }
}

Test(app_progress, follows_a_terminal_that_is_made_narrower) {
    struct page page;
    page_open(&page);
    struct ipm_progress_line line = line_on(&page, 80);
    struct ipm_progress now = progress_at(8, 0);
    ipm_progress_draw(&line, &now);
    (void)setenv("COLUMNS", "30", 1);
    now.elapsed_ns = 1000000000;
    ipm_progress_draw(&line, &now);
    cr_expect(eq(sz, strlen(strrchr(page.text, '\r') + 1), 29), "'%s'", page.text);
    ipm_progress_put(&line, "a text that is longer than the terminal is wide");
    cr_expect(eq(sz, strlen(strrchr(page.text, '\r') + 1), 29), "'%s'", page.text);
    page_close(&page);
}

Test(app_progress, a_shorter_line_wipes_the_longer_one_and_closing_wipes_all) {
    struct page page;
    page_open(&page);
    struct ipm_progress_line line = line_on(&page, 80);
    struct ipm_progress now = progress_at(2, 0);
    ipm_progress_draw(&line, &now);
    now = progress_at(3, 500);
    now.left_ns = 0;
    ipm_progress_draw(&line, &now);
    cr_expect(eq(str, strrchr(page.text, '\r'),
                 "\rmeasuring stream/pipe/64  3/8  37%  0s left    "));
    ipm_progress_close(&line);
    size_t bytes = page.bytes;
    cr_expect(eq(int, page.text[bytes - 1], '\r'));
    cr_expect(eq(int, page.text[bytes - 2], ' '));
    ipm_progress_close(&line);
    cr_expect(eq(sz, page.bytes, bytes), "closing twice draws nothing");
    page_close(&page);
}

Test(app_progress, where_it_cannot_be_redrawn_it_is_a_line_a_step_and_a_phase) {
    struct page page;
    page_open(&page);
    struct ipm_progress_line line = line_on(&page, 20);
    line.redrawn = false;
    for (uint64_t done = 0; done < 5; done++) {
        struct ipm_progress now = progress_at(done, 1000 * done);
        now.phase = done < 1 ? "verifying" : "measuring";
        ipm_progress_draw(&line, &now);
    }
    ipm_progress_close(&line);
    cr_expect(eq(str, page.text,
                 "verifying stream/pipe/64  0/8  0%  1m 01s left\n"
                 "measuring stream/pipe/64  1/8  12%  1m 01s left\n"
                 "measuring stream/pipe/64  3/8  37%  1m 01s left\n"));
    page_close(&page);
}

Test(app_progress, is_shown_on_a_terminal_or_when_asked_for) {
    struct ipm_progress_line line;
    FILE *plain = tmpfile();
    cr_assert(ne(ptr, plain, NULL));
    ipm_progress_open(&line, plain, IPM_WHEN_AUTO, 1);
    cr_expect(not(line.shown));
    ipm_progress_open(&line, plain, IPM_WHEN_ALWAYS, 0);
    cr_expect(line.shown);
    cr_expect(not(line.redrawn));
    cr_expect(eq(u64, line.step, 1));
    (void)fclose(plain);
}

Test(app_progress, is_redrawn_on_a_terminal_unless_it_is_not_wanted) {
    struct ipm_progress_line line;
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    cr_assert(le(int, 0, master));
    cr_assert(eq(int, grantpt(master), 0));
    cr_assert(eq(int, unlockpt(master), 0));
    FILE *terminal = fopen(ptsname(master), "we");
    cr_assert(ne(ptr, terminal, NULL));
    ipm_progress_open(&line, terminal, IPM_WHEN_AUTO, 1);
    cr_expect(line.shown);
    cr_expect(line.redrawn);
    ipm_progress_open(&line, terminal, IPM_WHEN_NEVER, 1);
    cr_expect(not(line.shown));
    (void)fclose(terminal);
    (void)close(master);
}
