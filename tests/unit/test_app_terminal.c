/* What a stream can show: width and colours, by the environment and the terminal. */
#include "app/output/terminal.h"
#include "tests/support/assert.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct terminal {
    int master;
    int fd;
};

static struct terminal open_terminal(unsigned short columns) {
    struct terminal terminal = {.master = posix_openpt(O_RDWR | O_NOCTTY)};
    struct winsize size = {.ws_row = 24, .ws_col = columns};
    cr_assert(eq(int, grantpt(terminal.master), 0));
    cr_assert(eq(int, unlockpt(terminal.master), 0));
    terminal.fd = open(ptsname(terminal.master), O_RDWR | O_NOCTTY);
    cr_assert(le(int, 0, terminal.fd));
    cr_assert(eq(int, ioctl(terminal.fd, TIOCSWINSZ, &size), 0));
    (void)unsetenv("COLUMNS");
    (void)unsetenv("NO_COLOR");
    (void)setenv("TERM", "xterm", 1);
    return terminal;
}

static void close_terminal(const struct terminal *terminal) {
    (void)close(terminal->fd);
    (void)close(terminal->master);
}

Test(app_terminal, the_width_is_that_of_the_terminal_or_of_columns) {
    struct terminal terminal = open_terminal(123);
    cr_expect(eq(uint, ipm_terminal_columns(terminal.fd), 123));
    (void)setenv("COLUMNS", "100", 1);
    cr_expect(eq(uint, ipm_terminal_columns(terminal.fd), 100));
    close_terminal(&terminal);
}

Test(app_terminal, a_width_that_makes_no_sense_is_passed_over) {
    static const char *const odd[] = {
        "", "0", "19", "1001", "-1", "80x", "99999999999999999999"};
    struct terminal terminal = open_terminal(123);
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        (void)setenv("COLUMNS", odd[i], 1);
        cr_expect(eq(uint, ipm_terminal_columns(terminal.fd), 123), "'%s'", odd[i]);
    }
    close_terminal(&terminal);
    terminal = open_terminal(0);
    cr_expect(eq(uint, ipm_terminal_columns(terminal.fd), 80));
    cr_expect(eq(uint, ipm_terminal_columns(-1), 80));
    close_terminal(&terminal);
}

Test(app_terminal, colours_are_for_terminals_that_want_them) {
    struct terminal terminal = open_terminal(80);
    cr_expect(ipm_terminal_color(terminal.fd, IPM_WHEN_AUTO));
    cr_expect(not(ipm_terminal_color(terminal.fd, IPM_WHEN_NEVER)));
    (void)setenv("NO_COLOR", "", 1);
    cr_expect(ipm_terminal_color(terminal.fd, IPM_WHEN_AUTO),
              "empty is as good as unset");
    (void)setenv("NO_COLOR", "1", 1);
    cr_expect(not(ipm_terminal_color(terminal.fd, IPM_WHEN_AUTO)));
    cr_expect(ipm_terminal_color(terminal.fd, IPM_WHEN_ALWAYS));
    (void)unsetenv("NO_COLOR");
    (void)setenv("TERM", "dumb", 1);
    cr_expect(not(ipm_terminal_color(terminal.fd, IPM_WHEN_AUTO)));
    close_terminal(&terminal);
}

Test(app_terminal, a_file_is_80_columns_wide_and_plain) {
    (void)setenv("COLUMNS", "200", 1);
    struct ipm_render_options options = ipm_terminal_options(-1, IPM_WHEN_ALWAYS);
    cr_expect(eq(uint, options.columns, 80));
    cr_expect(not(options.color));
}
