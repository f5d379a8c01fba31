/* memory.c - decides which cases need more memory than a process may have here. The kernel would
 * kill the program in such a case, and the whole run would be lost. */
#include "model/plan/point.h"

#include "base/strbuf.h"
#include "base/units.h"

/* A ring holds two messages at least (transports/memory/shm.c). */
static const double memory_ring_messages = 2;

/* Returns the larger of the two buffers of a pump: of its messages, and of what it receives. */
static double memory_pump_bytes(const struct ipm_case_config *config) {
    const double sent_bytes =
        (double)ipm_settings_larger_bytes(config) * (double)config->batch;
    const double received_bytes = (double)config->recv_bytes;
    return sent_bytes > received_bytes ? sent_bytes : received_bytes;
}

/* Returns what the memory is for that both sides share. */
static double memory_link_bytes(const struct ipm_plan_point *point,
                                const struct ipm_case_config *config) {
    const double messages_bytes =
        memory_ring_messages * (double)ipm_settings_larger_bytes(config);
    const double asked_bytes = (double)config->buffer_bytes;
    if ((point->probe->transport->caps & IPM_CAP_IN_PLACE) == 0)
        return 0;
    return messages_bytes > asked_bytes ? messages_bytes : asked_bytes;
}

/* Returns what the case needs at the very least: kernel memory, stacks and a server's buffers,
 * which depend on its strategy, are not counted. */
static double memory_least_bytes(const struct ipm_plan_point *point,
                                 const struct ipm_case_config *config) {
    const bool served = (point->pattern->traits & IPM_TRAIT_CLIENTS) != 0;
    const bool two_way = (point->pattern->traits & IPM_TRAIT_TWO_WAY) != 0;
    const double links =
        served ? (double)config->clients : (double)(config->pairs ? config->pairs : 1);
    const double one_side = memory_pump_bytes(config) * (two_way ? 2 : 1);
    const double others = served ? memory_pump_bytes(config) : links * one_side;
    return links * (one_side + memory_link_bytes(point, config)) + others;
}

bool ipm_plan_skips_memory(const struct ipm_plan_point *point,
                           const struct ipm_case_config *config,
                           struct ipm_strbuf *reason) {
    const struct ipm_memory_room *room = &point->machine->memory;
    const double needed = memory_least_bytes(point, config);
    return room->limit[0] != '\0' && needed > (double)room->bytes &&
           ipm_strbuf_add(reason, "its buffers take at least %sB, and %s leaves %sB%s%s",
                          ipm_units_metric(needed).text, room->limit,
                          ipm_units_metric((double)room->bytes).text,
                          room->advice[0] != '\0' ? ": " : "", room->advice);
}
