/* side.c - one side of a trial, in either process: what it is, its end of the link, the end of
 * the stream, and what arrived. */
#include "run/trial/side.h"

#include "base/clock.h"
#include "run/patterns/pattern.h"
#include "run/servers/server.h"

#include <errno.h>
#include <stdlib.h>

/* The pause before a lossy mark is repeated. With many clients the pause grows,
 * because a thousand of them would be a load of their own. */
static const uint64_t SIDE_MARK_FIRST_NS = 200000;
static const uint64_t SIDE_MARK_MOST_NS = 20000000;

bool ipm_side_has_trait(const struct ipm_trial_config *config, unsigned traits) {
    return (config->pattern->kind.traits & traits) != 0;
}

bool ipm_side_two_flows(const struct ipm_trial_config *config) {
    const unsigned both = IPM_TRAIT_TWO_WAY | IPM_TRAIT_ANSWERS;
    return (config->pattern->kind.traits & both) == IPM_TRAIT_TWO_WAY;
}

enum ipm_role ipm_side_role(const struct ipm_trial_config *config, enum ipm_side which) {
    const bool served = ipm_side_has_trait(config, IPM_TRAIT_CLIENTS);
    return (which == IPM_PARENT) == served ? IPM_RECEIVER : IPM_SENDER;
}

int64_t ipm_side_cpu(const struct ipm_trial_config *config, enum ipm_side which) {
    return ipm_side_role(config, which) == IPM_SENDER ? config->settings->sender_cpu
                                                      : config->settings->receiver_cpu;
}

bool ipm_side_keeps_link(const struct ipm_trial_config *config) {
    return ipm_side_has_trait(config, IPM_TRAIT_CONNECTS);
}

static bool side_sends(const struct ipm_trial_side *side) {
    return side->role == IPM_SENDER || side->two_way;
}

int ipm_side_init(struct ipm_trial_side *side, const struct ipm_trial_config *config,
                  enum ipm_side which, struct ipm_err *err) {
    const struct ipm_transport *ops = config->transport;
    *side = (struct ipm_trial_side){
        .config = config,
        .role = ipm_side_role(config, which),
        .two_way = ipm_side_has_trait(config, IPM_TRAIT_TWO_WAY | IPM_TRAIT_CONNECTS),
        .end = {.side = which, .rx_fd = -1, .tx_fd = -1}};
    if (which == IPM_PARENT && side->role == IPM_RECEIVER)
        return ipm_service_open(&side->service, config, side->two_way, err);
    side->end.state = calloc(1, ops->end_size + 1);
    if (!side->end.state)
        return ipm_err_sys(err, -ENOMEM, "cannot make an end of '%s'", ops->name);
    side->end.ops = ops;
    return 0;
}

int ipm_side_attach(struct ipm_trial_side *side, struct ipm_link *link,
                    struct ipm_err *err) {
    side->link = link;
    int failed = side->service ? ipm_service_attach(side->service, link, err)
                               : link->ops->attach(&side->end, link, err);
    return failed ? ipm_err_set(err, failed, "cannot attach to '%s'", link->ops->name)
                  : 0;
}

/* Repeats the end mark only if it may be lost and nothing else tells the peer. A response
 * acknowledges its request, so the mark after requests needs no repetition, unless the response may
 * be lost and the other side waits for it. */
int ipm_side_finish(struct ipm_trial_side *side, struct ipm_err *err) {
    if (side->service || !side_sends(side))
        return 0;
    const unsigned caps = side->end.ops->caps;
    const bool answered = ipm_side_has_trait(side->config, IPM_TRAIT_ANSWERS) &&
                          (side->role == IPM_RECEIVER || (caps & IPM_CAP_RELIABLE) != 0);
    side->marking = (caps & IPM_CAP_CONNECTED) == 0 && !answered;
    int failed = side->end.ops->finish(&side->end);
    return failed ? ipm_err_sys(err, failed, "cannot end the stream") : 0;
}

int ipm_side_recv(struct ipm_trial_side *side, int control,
                  struct ipm_control_message *message, struct ipm_err *err) {
    uint64_t pause_ns = SIDE_MARK_FIRST_NS;
    for (;;) {
        const uint64_t until_ns =
            side->marking ? ipm_clock_now_ns() + pause_ns : UINT64_MAX;
        int failed = ipm_control_recv(control, message, until_ns);
        if (failed != -ETIMEDOUT || !side->marking)
            return failed;
        failed = side->end.ops->finish(&side->end);
        if (failed)
            return ipm_err_sys(err, failed, "cannot end the stream");
        if (side->config->settings->clients > 1 && pause_ns < SIDE_MARK_MOST_NS)
            pause_ns *= 2;
    }
}

/* Where the parent has both ends of a connection, it sends nothing to the child. */
uint64_t ipm_side_sent_to(const struct ipm_trial_side *side, unsigned peer) {
    const bool alone =
        ipm_side_keeps_link(side->config) && !side->config->transport->accept;
    if (side->service)
        return side->service->clients[peer].sent.messages;
    return alone ? 0 : side->window.sent.messages;
}

static int side_check(const struct ipm_trial_side *side, uint64_t came, uint64_t sent,
                      struct ipm_err *err) {
    const struct ipm_transport *ops = side->config->transport;
    if (came == sent || (ops->caps & IPM_CAP_RELIABLE) == 0)
        return 0;
    return ipm_err_set(err, -EBADMSG, "'%s' delivered %llu of %llu messages", ops->name,
                       (unsigned long long)came, (unsigned long long)sent);
}

static int side_count_client(struct ipm_trial_side *side, unsigned peer,
                             uint64_t sent_messages, struct ipm_err *err) {
    struct ipm_window *window = &side->window;
    const struct ipm_service_client *client = &side->service->clients[peer];
    const struct ipm_damage damage =
        ipm_service_count(side->service, peer, sent_messages);
    ipm_damage_add(&window->damage, &damage);
    ipm_counts_add(&window->received, &client->received);
    ipm_counts_add(&window->sent, &client->sent);
    window->framing_bytes += client->framing_bytes;
    if (client->end_ns > window->last_ns)
        window->last_ns = client->end_ns;
    int failed = side_check(side, client->received.messages, sent_messages, err);
    return failed ? ipm_err_wrap(err, "client %u", peer) : 0;
}

int ipm_side_count(struct ipm_trial_side *side, unsigned peer, uint64_t sent_messages,
                   struct ipm_err *err) {
    const struct ipm_case_config *settings = side->config->settings;
    const uint64_t came = side->window.received.messages;
    const unsigned caps = side->config->transport->caps;
    struct ipm_tracker *tracker =
        side->role == IPM_SENDER ? &side->back.tracker : &side->pump.tracker;
    if (side->role == IPM_SENDER && !ipm_side_has_trait(side->config, IPM_TRAIT_TWO_WAY))
        return 0;
    if (side->service)
        return side_count_client(side, peer, sent_messages, err);
    if ((caps & IPM_CAP_RELIABLE) == 0 ||
        (settings->verify && (caps & IPM_CAP_HOLLOW) == 0))
        ipm_tracker_finish(tracker, sent_messages, came);
    side->window.damage = tracker->damage;
    return side_check(side, came, sent_messages, err);
}

void ipm_side_done(struct ipm_trial_side *side) {
    ipm_counters_close(&side->counters);
    if (side->config && side->config->pattern->done)
        side->config->pattern->done(&side->pump);
    if (side->config && side->config->io && side->config->io->done)
        side->config->io->done(&side->io_pumps);
    if (side->config && side->service)
        side->config->server->done(side->service);
    ipm_service_close(side->service);
    if (side->end.ops)
        side->end.ops->detach(&side->end);
    ipm_pump_done(&side->pump);
    ipm_pump_done(&side->back);
    free(side->end.state);
    *side = (struct ipm_trial_side){.end = {.rx_fd = -1, .tx_fd = -1}};
}
