/* rig.c - accidents of the child, whatever the transport. */
#include "rig.h"

#include "base/err.h"
#include "run/schedule/runner.h"

#include <signal.h>
#include <unistd.h>

enum { RIG_ROWS_MOST = 64 };

static struct ipm_rig rig_now;
static struct ipm_transport rig_transport;
static int rig_receives;

static void rig_strike(enum ipm_rig_place place) {
    if (place != rig_now.place)
        return;
    if (rig_now.tell_fd >= 0) {
        pid_t mine = getpid();
        if (write(rig_now.tell_fd, &mine, sizeof mine) != (ssize_t)sizeof mine)
            _exit(99);
        rig_now.tell_fd = -1;
    }
    if (rig_now.signal) {
        (void)signal(rig_now.signal, SIG_DFL); /* the sanitizers catch SIGSEGV */
        (void)raise(rig_now.signal);
    } else if (rig_now.exit_with) {
        _exit(rig_now.exit_with);
    }
}

static int rig_attach(struct ipm_endpoint *end, struct ipm_link *link,
                      struct ipm_err *err) {
    if (end->side == IPM_CHILD)
        rig_strike(IPM_RIG_ATTACH);
    return rig_now.real->attach(end, link, err);
}

static void rig_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                         struct ipm_facts *settings) {
    if (end->side == IPM_CHILD)
        rig_strike(IPM_RIG_BEFORE);
    rig_now.real->describe(end, endpoint, settings);
}

static ssize_t rig_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    if (end->side == IPM_CHILD && ++rig_receives == 3)
        rig_strike(IPM_RIG_WINDOW);
    return rig_now.real->recv(end, buf, cap);
}

static ssize_t rig_borrow(struct ipm_endpoint *end, const void **ret_buf) {
    if (end->side == IPM_CHILD && ++rig_receives == 3)
        rig_strike(IPM_RIG_WINDOW);
    return rig_now.real->borrow(end, ret_buf);
}

/* One at a time, so that the third is met. */
static ssize_t rig_borrow_series(struct ipm_endpoint *end, size_t len, unsigned count,
                                 const void **ret_buf, size_t *ret_stride) {
    if (end->side == IPM_CHILD && ++rig_receives == 3)
        rig_strike(IPM_RIG_WINDOW);
    return rig_now.real->borrow_series(end, len, count > 0, ret_buf, ret_stride);
}

static void rig_detach(struct ipm_endpoint *end) {
    if (end->side == IPM_CHILD)
        rig_strike(IPM_RIG_AFTER);
    rig_now.real->detach(end);
}

const struct ipm_transport *ipm_rig_make(const struct ipm_rig *rig) {
    rig_now = *rig;
    rig_receives = 0;
    rig_transport = *rig->real;
    rig_transport.attach = rig_attach;
    rig_transport.describe = rig_describe;
    rig_transport.recv = rig_recv;
    if (rig->real->borrow)
        rig_transport.borrow = rig_borrow;
    if (rig->real->borrow_series)
        rig_transport.borrow_series = rig_borrow_series;
    rig_transport.detach = rig_detach;
    return &rig_transport;
}

/* Asked once a process: a probe is a real attempt. */
const struct ipm_transport *ipm_rig_row(size_t which) {
    static const struct ipm_transport *rows[RIG_ROWS_MOST];
    static size_t asked;
    static size_t count;
    for (; ipm_transports[asked] && asked < RIG_ROWS_MOST; asked++) {
        struct ipm_err err = {0};
        size_t most = 0;
        if (ipm_runner_try(ipm_transports[asked], 0, &most, &err) == 0)
            rows[count++] = ipm_transports[asked];
    }
    return which < count ? rows[which] : NULL;
}
