/* test_transport_gate.c - one gets in, everybody else does not. */
#include "pair.h"
#include "transports/gate.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GATE_WAIT_MS = 5000, GATE_SOON_MS = 100, GATE_STRANGERS = 40 };

static const unsigned char gate_token[IPM_GATE_TOKEN_BYTES] = "the right token";

static int gate_listen(struct sockaddr_in *ret_address) {
    socklen_t bytes = sizeof *ret_address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    *ret_address = (struct sockaddr_in){.sin_family = AF_INET,
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    cr_assert_eq(bind(fd, (struct sockaddr *)ret_address, bytes), 0);
    cr_assert_eq(listen(fd, 128), 0);
    cr_assert_eq(getsockname(fd, (struct sockaddr *)ret_address, &bytes), 0);
    return fd;
}

static int gate_connect(const struct sockaddr_in *address) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

static pid_t gate_fork(void) {
    const pid_t parent = getpid();
    const pid_t child = fork();
    cr_assert_neq(child, -1);
    if (child != 0)
        return child;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    return 0;
}

static void gate_reap(pid_t child) {
    (void)kill(child, SIGKILL);
    cr_assert_eq(waitpid(child, NULL, 0), child);
}

Test(transport_gate, lets_in_who_has_the_token) {
    struct sockaddr_in address;
    struct ipm_err err = {0};
    int admitted = -1;
    int listener = gate_listen(&address);
    int guest = gate_connect(&address);
    cr_assert_eq(ipm_gate_present(guest, gate_token, &err), 0);
    cr_assert_eq(ipm_gate_admit(listener, gate_token, GATE_WAIT_MS, &admitted, &err), 0);
    cr_expect_eq(fcntl(admitted, F_GETFL) & O_NONBLOCK, 0);
    cr_expect_eq(fcntl(admitted, F_GETFD), FD_CLOEXEC);
}

/* In three parts, with the first bytes of the window right behind. */
static void gate_dribble(const struct sockaddr_in *address) {
    int fd = gate_connect(address);
    const char tail[] = {(char)gate_token[IPM_GATE_TOKEN_BYTES - 1], 'D', 'A', 'T', 'A'};
    (void)send(fd, gate_token, 5, MSG_NOSIGNAL);
    (void)usleep(30000);
    (void)send(fd, gate_token + 5, IPM_GATE_TOKEN_BYTES - 6, MSG_NOSIGNAL);
    (void)usleep(30000);
    (void)send(fd, tail, sizeof tail, MSG_NOSIGNAL);
    (void)pause();
    _exit(0);
}

Test(transport_gate, hears_a_token_in_parts_and_reads_no_further) {
    struct sockaddr_in address;
    struct ipm_err err = {0};
    char data[8] = "";
    int admitted = -1;
    int listener = gate_listen(&address);
    pid_t child = gate_fork();
    if (child == 0)
        gate_dribble(&address);
    cr_assert_eq(ipm_gate_admit(listener, gate_token, GATE_WAIT_MS, &admitted, &err), 0);
    cr_expect_eq(recv(admitted, data, sizeof data, 0), 4);
    cr_expect_str_eq(data, "DATA");
    gate_reap(child);
}

Test(transport_gate, turns_away_who_has_another_token) {
    unsigned char other[IPM_GATE_TOKEN_BYTES];
    struct sockaddr_in address;
    struct ipm_err err = {0};
    char byte = 0;
    int admitted = -1;
    int listener = gate_listen(&address);
    int guest = gate_connect(&address);
    memcpy(other, gate_token, sizeof other);
    other[IPM_GATE_TOKEN_BYTES - 1] ^= 1;
    cr_assert_eq(ipm_gate_present(guest, other, &err), 0);
    cr_expect_eq(ipm_gate_admit(listener, gate_token, GATE_SOON_MS, &admitted, &err),
                 -ETIMEDOUT);
    cr_expect_eq(admitted, -1);
    cr_expect_eq(recv(guest, &byte, 1, 0), 0);
}

Test(transport_gate, is_not_held_up_by_strangers_of_all_kinds) {
    const struct linger at_once = {.l_onoff = 1};
    struct sockaddr_in address;
    struct ipm_err err = {0};
    int admitted = -1;
    int listener = gate_listen(&address);
    for (int i = 0; i < GATE_STRANGERS; i++) {
        int stranger = gate_connect(&address);
        cr_assert(stranger >= 0);
        if (i % 4 == 1)
            cr_assert(send(stranger, "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL) > 0);
        if (i % 4 == 2)
            cr_assert(send(stranger, gate_token, 7, MSG_NOSIGNAL) > 0);
        if (i % 4 == 3) {
            (void)setsockopt(stranger, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
            (void)close(stranger);
        }
    }
    int guest = gate_connect(&address);
    cr_assert_eq(ipm_gate_present(guest, gate_token, &err), 0);
    cr_assert_eq(ipm_gate_admit(listener, gate_token, GATE_WAIT_MS, &admitted, &err), 0,
                 "%s", err.text);
    cr_expect_eq(send(guest, "x", 1, MSG_NOSIGNAL), 1);
    char byte = 0;
    cr_expect_eq(recv(admitted, &byte, 1, 0), 1);
}

static void gate_knock_for_ever(const struct sockaddr_in *address) {
    const struct linger at_once = {.l_onoff = 1};
    for (;;) { /* non-blocking: a full queue must not slow it down */
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        (void)connect(fd, (const struct sockaddr *)address, sizeof *address);
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        (void)close(fd);
    }
}

Test(transport_gate, closes_in_time_while_strangers_keep_knocking) {
    struct sockaddr_in address;
    struct ipm_err err = {0};
    int admitted = -1;
    int listener = gate_listen(&address);
    pid_t child = gate_fork();
    if (child == 0)
        gate_knock_for_ever(&address);
    const double begin_s = ipm_pair_now_s();
    int failed = ipm_gate_admit(listener, gate_token, 300, &admitted, &err);
    const double waited_s = ipm_pair_now_s() - begin_s;
    gate_reap(child);
    cr_expect_eq(failed, -ETIMEDOUT);
    cr_expect(waited_s < 3.0, "%f s", waited_s);
}

Test(transport_gate, spends_no_time_on_a_stranger_who_hung_up) {
    struct sockaddr_in address;
    struct ipm_err err = {0};
    int admitted = -1;
    int listener = gate_listen(&address);
    (void)close(gate_connect(&address));
    const double begin_s = ipm_pair_now_s();
    cr_expect_eq(ipm_gate_admit(listener, gate_token, 200, &admitted, &err), -ETIMEDOUT);
    cr_expect(ipm_pair_now_s() - begin_s > 0.15);
}

Test(transport_gate, makes_another_token_each_time) {
    unsigned char first[IPM_GATE_TOKEN_BYTES] = {0};
    unsigned char second[IPM_GATE_TOKEN_BYTES] = {0};
    cr_assert_eq(ipm_gate_make_token(first, NULL), 0);
    cr_assert_eq(ipm_gate_make_token(second, NULL), 0);
    cr_expect(memcmp(first, second, sizeof first) != 0);
}
