/* test_transport_admission.c - one gets in, everybody else does not. */
#include "pair.h"
#include "transports/common/admission.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GATE_WAIT_MS = 20000, GATE_SOON_MS = 100, GATE_STRANGERS = 40 };

static const unsigned char gate_token[IPM_ADMISSION_TOKEN_BYTES] = "the right token";

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

/* For `peers` children, with a token that the test knows. */
static struct ipm_admission gate_make(int listener, unsigned peers) {
    struct ipm_admission gate;
    struct ipm_err err = {0};
    cr_assert_eq(ipm_admission_init(&gate, listener, peers, &err), 0, "%s", err.text);
    memcpy(gate.token, gate_token, sizeof gate.token);
    return gate;
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

Test(transport_admission, lets_in_who_has_the_token) {
    struct sockaddr_in address;
    struct ipm_err err = {0};
    unsigned peer = 0;
    int admitted = -1;
    struct ipm_admission gate = gate_make(gate_listen(&address), 1);
    int guest = gate_connect(&address);
    cr_assert_eq(ipm_admission_present(&gate, guest, 0, &err), 0);
    cr_assert_eq(ipm_admission_admit(&gate, GATE_WAIT_MS, &admitted, &peer, &err), 0);
    cr_expect_eq(fcntl(admitted, F_GETFL) & O_NONBLOCK, 0);
    cr_expect_eq(fcntl(admitted, F_GETFD), FD_CLOEXEC);
    ipm_admission_done(&gate);
}

/* In three parts, with the first bytes of the window right behind. */
static void gate_dribble(const struct sockaddr_in *address) {
    int fd = gate_connect(address);
    const char tail[] = {0, 0, 0, 'D', 'A', 'T', 'A'};
    (void)send(fd, gate_token, 5, MSG_NOSIGNAL);
    (void)usleep(30000);
    (void)send(fd, gate_token + 5, IPM_ADMISSION_TOKEN_BYTES - 5, MSG_NOSIGNAL);
    (void)send(fd, "", 1, MSG_NOSIGNAL);
    (void)usleep(30000);
    (void)send(fd, tail, sizeof tail, MSG_NOSIGNAL);
    (void)pause();
    _exit(0);
}

Test(transport_admission, hears_a_token_in_parts_and_reads_no_further) {
    struct sockaddr_in address;
    struct ipm_err err = {0};
    char data[8] = "";
    unsigned peer = 0;
    int admitted = -1;
    struct ipm_admission gate = gate_make(gate_listen(&address), 1);
    pid_t child = gate_fork();
    if (child == 0)
        gate_dribble(&address);
    cr_assert_eq(ipm_admission_admit(&gate, GATE_WAIT_MS, &admitted, &peer, &err), 0);
    cr_expect_eq(recv(admitted, data, sizeof data, 0), 4);
    cr_expect_str_eq(data, "DATA");
    gate_reap(child);
    ipm_admission_done(&gate);
}

static void gate_turns_away(const void *hello, size_t bytes) {
    struct sockaddr_in address;
    struct ipm_err err = {0};
    char byte = 0;
    unsigned peer = 0;
    int admitted = -1;
    struct ipm_admission gate = gate_make(gate_listen(&address), 2);
    int guest = gate_connect(&address);
    cr_assert_eq(send(guest, hello, bytes, MSG_NOSIGNAL), (ssize_t)bytes);
    cr_expect_eq(ipm_admission_admit(&gate, GATE_SOON_MS, &admitted, &peer, &err),
                 -ETIMEDOUT);
    cr_expect_eq(admitted, -1);
    cr_expect_eq(recv(guest, &byte, 1, 0), 0);
    ipm_admission_done(&gate);
}

Test(transport_admission, turns_away_who_has_another_token) {
    unsigned char other[IPM_ADMISSION_HELLO_BYTES] = {0};
    memcpy(other, gate_token, sizeof gate_token);
    other[IPM_ADMISSION_TOKEN_BYTES - 1] ^= 1;
    gate_turns_away(other, sizeof other);
}

Test(transport_admission, turns_away_who_says_to_be_a_child_that_there_is_not) {
    const unsigned numbers[] = {2, UINT_MAX};
    for (size_t i = 0; i < 2; i++) {
        unsigned char hello[IPM_ADMISSION_HELLO_BYTES];
        memcpy(hello, gate_token, sizeof gate_token);
        memcpy(hello + sizeof gate_token, &numbers[i], sizeof numbers[i]);
        gate_turns_away(hello, sizeof hello);
    }
}

enum { GATE_CHILDREN = 300 };

/* All have connected before the first of them is let in, and speak in the other order. */
Test(transport_admission, tells_many_children_apart_who_come_all_at_once) {
    struct sockaddr_in address;
    struct ipm_err err = {0};
    bool came[GATE_CHILDREN] = {false};
    int guests[GATE_CHILDREN];
    struct ipm_admission gate = gate_make(gate_listen(&address), GATE_CHILDREN);
    cr_assert_eq(listen(gate.listener, GATE_CHILDREN), 0);
    for (unsigned i = 0; i < GATE_CHILDREN; i++)
        guests[i] = gate_connect(&address);
    for (unsigned i = GATE_CHILDREN; i-- > 0;)
        cr_assert_eq(ipm_admission_present(&gate, guests[i], i, &err), 0, "%s", err.text);
    for (unsigned i = 0; i < GATE_CHILDREN; i++) {
        unsigned peer = 0;
        int admitted = -1;
        char byte = 0;
        cr_assert_eq(ipm_admission_admit(&gate, GATE_WAIT_MS, &admitted, &peer, &err), 0,
                     "%s", err.text);
        cr_assert(!came[peer], "%u came twice", peer);
        came[peer] = true;
        cr_assert_eq(send(guests[peer], "x", 1, MSG_NOSIGNAL), 1);
        cr_assert_eq(recv(admitted, &byte, 1, 0), 1);
        (void)close(admitted);
    }
    ipm_admission_done(&gate);
}

Test(transport_admission, is_not_held_up_by_strangers_of_all_kinds) {
    const struct linger at_once = {.l_onoff = 1};
    struct sockaddr_in address;
    struct ipm_err err = {0};
    unsigned peer = 0;
    int admitted = -1;
    struct ipm_admission gate = gate_make(gate_listen(&address), 1);
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
    cr_assert_eq(ipm_admission_present(&gate, guest, 0, &err), 0);
    cr_assert_eq(ipm_admission_admit(&gate, GATE_WAIT_MS, &admitted, &peer, &err), 0,
                 "%s", err.text);
    cr_expect_eq(send(guest, "x", 1, MSG_NOSIGNAL), 1);
    char byte = 0;
    cr_expect_eq(recv(admitted, &byte, 1, 0), 1);
    ipm_admission_done(&gate);
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

Test(transport_admission, closes_in_time_while_strangers_keep_knocking) {
    struct sockaddr_in address;
    struct ipm_err err = {0};
    unsigned peer = 0;
    int admitted = -1;
    struct ipm_admission gate = gate_make(gate_listen(&address), 1);
    pid_t child = gate_fork();
    if (child == 0)
        gate_knock_for_ever(&address);
    const double begin_s = ipm_pair_now_s();
    int failed = ipm_admission_admit(&gate, 300, &admitted, &peer, &err);
    const double waited_s = ipm_pair_now_s() - begin_s;
    gate_reap(child);
    cr_expect_eq(failed, -ETIMEDOUT);
    cr_expect(waited_s < 10.0, "%f s", waited_s);
    ipm_admission_done(&gate);
}

Test(transport_admission, spends_no_time_on_a_stranger_who_hung_up) {
    struct sockaddr_in address;
    struct ipm_err err = {0};
    unsigned peer = 0;
    int admitted = -1;
    struct ipm_admission gate = gate_make(gate_listen(&address), 1);
    (void)close(gate_connect(&address));
    const double begin_s = ipm_pair_now_s();
    cr_expect_eq(ipm_admission_admit(&gate, 200, &admitted, &peer, &err), -ETIMEDOUT);
    cr_expect(ipm_pair_now_s() - begin_s > 0.15);
    ipm_admission_done(&gate);
}

Test(transport_admission, makes_another_token_each_time) {
    struct ipm_admission first;
    struct ipm_admission second;
    cr_assert_eq(ipm_admission_init(&first, -1, 1, NULL), 0);
    cr_assert_eq(ipm_admission_init(&second, -1, 1, NULL), 0);
    cr_expect(memcmp(first.token, second.token, sizeof first.token) != 0);
    ipm_admission_done(&first);
    ipm_admission_done(&second);
}
