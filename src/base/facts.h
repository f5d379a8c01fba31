/* facts.h - a small list of {key, value} by which a transport describes an end.
 *
 * It has a fixed size and no pointers, so that a child's list can be sent over the
 * control channel. A key ends in the unit of its value ("so_sndbuf_bytes"). */
#ifndef IPM_BASE_FACTS_H
#define IPM_BASE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    IPM_FACT_KEY_BYTES = 32,
    IPM_FACT_TEXT_BYTES = 128,
    IPM_FACTS_MOST = 13, /* twelve, and one for a refusal */
};

/* The key of the fact that names a refused fact and the reason. */
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

/* Both append a fact, or replace the value of its key. Long text is cut. An invalid key
 * or a fact too many is refused: the first refusal is kept as the fact IPM_FACT_REFUSED,
 * which becomes a warning of the report. */
void ipm_facts_number(struct ipm_facts *facts, const char *key, int64_t number);
void ipm_facts_text(struct ipm_facts *facts, const char *key, const char *text);

/* Whether a key is valid: a-z, then a-z, 0-9 and _, at most 31 characters. */
bool ipm_facts_is_key(const char *key);

/* Refuses invalid facts of a list that a plugin may have filled without these
 * functions. */
void ipm_facts_check(struct ipm_facts *facts);

/* Returns the fact of that key, or NULL. */
const struct ipm_fact *ipm_facts_find(const struct ipm_facts *facts, const char *key);

#endif
