/* facts.h - a small list of {key, value} with which a transport describes an end.
 *
 * It has a fixed size and no pointers, so that a list of the child is sent over the
 * control channel as it is. A key ends in its unit where the value has one
 * ("so_sndbuf_bytes"). */
#ifndef IPM_BASE_FACTS_H
#define IPM_BASE_FACTS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    IPM_FACT_KEY_BYTES = 32,
    IPM_FACT_TEXT_BYTES = 128,
    IPM_FACTS_MOST = 13, /* twelve, and one that says what was refused */
};

/* The key of the fact that says which other fact was refused, and why. */
#define IPM_FACT_REFUSED "refused"

enum ipm_fact_kind { IPM_FACT_NUMBER, IPM_FACT_TEXT };

struct ipm_fact {
    char key[IPM_FACT_KEY_BYTES];
    enum ipm_fact_kind kind;
    int64_t number;
    char text[IPM_FACT_TEXT_BYTES];
};

struct ipm_facts {
    unsigned count;
    struct ipm_fact items[IPM_FACTS_MOST];
};

/* Both append; a key that is already there is given the new value. Text that is too long
 * is cut. A key that is no name, and a fact too many, is refused: the first refusal is kept
 * as the fact IPM_FACT_REFUSED, which becomes a warning of the report. */
void ipm_facts_number(struct ipm_facts *facts, const char *key, int64_t number);
void ipm_facts_text(struct ipm_facts *facts, const char *key, const char *text);

/* Whether the key may be that of a fact: a-z, then a-z, 0-9 and _, 31 characters at most. */
bool ipm_facts_is_key(const char *key);

/* Refuses what is invalid in a list that a plugin may have filled by itself. */
void ipm_facts_check(struct ipm_facts *facts);

/* The fact of that key, or NULL. */
const struct ipm_fact *ipm_facts_find(const struct ipm_facts *facts, const char *key);

#endif
