/* facts.c - a small list of {key, value}. */
#include "base/facts.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

static void facts_copy(char *to, size_t bytes, const char *text) {
    size_t length = ipm_utf8_fit(text, bytes - 1);
    memcpy(to, text, length);
    to[length] = '\0';
}

bool ipm_facts_is_key(const char *key) {
    const size_t length = strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return key[0] >= 'a' && key[0] <= 'z' && key[length] == '\0' &&
           length < IPM_FACT_KEY_BYTES;
}

/* Returns the emptied fact of that key, or NULL if the list is full. The last place is
 * reserved for a refusal. */
static struct ipm_fact *facts_put(struct ipm_facts *facts, const char *key) {
    const bool last =
        strcmp(key, IPM_FACT_REFUSED) == 0 || ipm_facts_find(facts, IPM_FACT_REFUSED);
    const unsigned most = last ? IPM_FACTS_MOST : IPM_FACTS_MOST - 1;
    unsigned at = 0;
    while (at < facts->count && strcmp(facts->items[at].key, key) != 0)
        at++;
    if (at >= most)
        return NULL;
    facts->count += at == facts->count;
    facts->items[at] = (struct ipm_fact){0};
    facts_copy(facts->items[at].key, sizeof facts->items[at].key, key);
    return &facts->items[at];
}

static void facts_refuse(struct ipm_facts *facts, const char *key, const char *reason) {
    struct ipm_fact *fact = ipm_facts_find(facts, IPM_FACT_REFUSED)
                                ? NULL
                                : facts_put(facts, IPM_FACT_REFUSED);
    if (!fact)
        return;
    fact->kind = IPM_FACT_TEXT;
    (void)snprintf(fact->text, sizeof fact->text, "the fact '%.*s' was refused: %s",
                   (int)ipm_utf8_fit(key, IPM_FACT_KEY_BYTES), key, reason);
}

static struct ipm_fact *facts_slot(struct ipm_facts *facts, const char *key) {
    struct ipm_fact *fact = NULL;
    if (!ipm_facts_is_key(key))
        facts_refuse(facts, key, "a name has a-z, 0-9 and _, and at most 31 of them");
    else if ((fact = facts_put(facts, key)) == NULL)
        facts_refuse(facts, key, "a list has at most twelve facts");
    return fact;
}

void ipm_facts_number(struct ipm_facts *facts, const char *key, int64_t number) {
    struct ipm_fact *fact = facts_slot(facts, key);
    if (!fact)
        return;
    fact->kind = IPM_FACT_NUMBER;
    fact->number = number;
}

void ipm_facts_text(struct ipm_facts *facts, const char *key, const char *text) {
    struct ipm_fact *fact = facts_slot(facts, key);
    if (!fact)
        return;
    fact->kind = IPM_FACT_TEXT;
    facts_copy(fact->text, sizeof fact->text, text);
}

void ipm_facts_check(struct ipm_facts *facts) {
    struct ipm_facts given = *facts;
    facts->count = 0;
    for (unsigned i = 0; i < given.count && i < IPM_FACTS_MOST; i++) {
        struct ipm_fact *fact = &given.items[i];
        fact->key[sizeof fact->key - 1] = '\0';
        fact->text[sizeof fact->text - 1] = '\0';
        if (fact->kind == IPM_FACT_NUMBER)
            ipm_facts_number(facts, fact->key, fact->number);
        else
            ipm_facts_text(facts, fact->key, fact->text);
    }
}

const struct ipm_fact *ipm_facts_find(const struct ipm_facts *facts, const char *key) {
    for (unsigned at = 0; at < facts->count; at++)
        if (strcmp(facts->items[at].key, key) == 0)
            return &facts->items[at];
    return NULL;
}
