/* facts.c - a small list of {key, value}. */
#include "base/facts.h"

#include "base/utf8.h"

#include <assert.h>
#include <string.h>

static void facts_copy(char *to, size_t bytes, const char *text) {
    size_t length = ipm_utf8_fit(text, bytes - 1);
    memcpy(to, text, length);
    to[length] = '\0';
}

static struct ipm_fact *facts_slot(struct ipm_facts *facts, const char *key) {
    assert(strlen(key) < IPM_FACT_KEY_BYTES);
    unsigned at = 0;
    while (at < facts->count && strcmp(facts->items[at].key, key) != 0)
        at++;
    assert(at < IPM_FACTS_MOST);
    if (at == facts->count)
        facts->count++;
    facts->items[at] = (struct ipm_fact){0};
    facts_copy(facts->items[at].key, sizeof facts->items[at].key, key);
    return &facts->items[at];
}

void ipm_facts_number(struct ipm_facts *facts, const char *key, int64_t number) {
    struct ipm_fact *fact = facts_slot(facts, key);
    fact->kind = IPM_FACT_NUMBER;
    fact->number = number;
}

void ipm_facts_text(struct ipm_facts *facts, const char *key, const char *text) {
    struct ipm_fact *fact = facts_slot(facts, key);
    fact->kind = IPM_FACT_TEXT;
    facts_copy(fact->text, sizeof fact->text, text);
}

const struct ipm_fact *ipm_facts_find(const struct ipm_facts *facts, const char *key) {
    for (unsigned at = 0; at < facts->count; at++)
        if (strcmp(facts->items[at].key, key) == 0)
            return &facts->items[at];
    return NULL;
}
