/* Facts: a list that a transport fills and the report reads. */
#include "base/facts.h"
#include "tests/support/assert.h"

#include <stdio.h>
#include <string.h>

static struct ipm_facts facts;

Test(base_facts, what_is_put_in_is_found_by_its_key) {
    ipm_facts_number(&facts, "capacity_bytes", 65536);
    ipm_facts_text(&facts, "path", "/tmp/x");
    const struct ipm_fact *number = ipm_facts_find(&facts, "capacity_bytes");
    const struct ipm_fact *text = ipm_facts_find(&facts, "path");
    cr_assert(ne(ptr, (void *)number, NULL));
    cr_assert(ne(ptr, (void *)text, NULL));
    cr_expect(eq(int, (int)number->kind, IPM_FACT_NUMBER));
    cr_expect(eq(i64, number->number, 65536));
    cr_expect(eq(int, (int)text->kind, IPM_FACT_TEXT));
    cr_expect(eq(str, (char *)text->text, "/tmp/x"));
    cr_expect(eq(uint, facts.count, 2));
}

Test(base_facts, a_key_that_is_not_there_is_not_found) {
    ipm_facts_number(&facts, "port", 80);
    cr_assert(eq(ptr, (void *)ipm_facts_find(&facts, "por"), NULL));
    cr_assert(eq(ptr, (void *)ipm_facts_find(&facts, "ports"), NULL));
}

Test(base_facts, a_key_that_is_there_is_given_the_new_value) {
    ipm_facts_text(&facts, "mss_bytes", "unknown");
    ipm_facts_number(&facts, "port", 80);
    ipm_facts_number(&facts, "mss_bytes", 1448);
    cr_assert(eq(uint, facts.count, 2));
    cr_expect(eq(int, (int)facts.items[0].kind, IPM_FACT_NUMBER));
    cr_expect(eq(i64, facts.items[0].number, 1448));
    cr_expect(eq(str, facts.items[0].text, ""));
}

Test(base_facts, text_that_is_too_long_is_cut_between_characters) {
    char text[IPM_FACT_TEXT_BYTES * 2] = "";
    for (size_t i = 0; i < IPM_FACT_TEXT_BYTES + 10; i++)
        text[i] = "\xC3\xA4"[i % 2];
    ipm_facts_text(&facts, "path", text);
    cr_assert(eq(sz, strlen(facts.items[0].text), IPM_FACT_TEXT_BYTES - 2));
}

Test(base_facts, text_that_just_fits_is_kept_whole) {
    char text[IPM_FACT_TEXT_BYTES];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ipm_facts_text(&facts, "path", text);
    cr_assert(eq(str, facts.items[0].text, text));
}

Test(base_facts, bytes_that_are_no_text_are_cut_all_the_same) {
    char text[IPM_FACT_TEXT_BYTES * 2];
    memset(text, 0x80, sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ipm_facts_text(&facts, "path", text);
    cr_assert(eq(sz, strlen(facts.items[0].text), IPM_FACT_TEXT_BYTES - 1));
}

static void fill_facts(void) {
    char key[IPM_FACT_KEY_BYTES];
    for (int i = 0; i < IPM_FACTS_MOST - 1; i++) {
        (void)snprintf(key, sizeof key, "key%d", i);
        ipm_facts_number(&facts, key, i);
    }
}

Test(base_facts, a_full_list_still_takes_new_values_of_old_keys) {
    fill_facts();
    ipm_facts_number(&facts, "key11", 99);
    cr_assert(eq(uint, facts.count, IPM_FACTS_MOST - 1));
    cr_assert(eq(i64, facts.items[11].number, 99));
}

static void facts_refused(const char *words) {
    const struct ipm_fact *refused = ipm_facts_find(&facts, IPM_FACT_REFUSED);
    cr_assert(ne(ptr, (void *)refused, NULL));
    cr_expect(eq(str, (char *)refused->text, (char *)words));
}

Test(base_facts, one_fact_too_many_is_refused_in_words) {
    fill_facts();
    ipm_facts_number(&facts, "key12", 12);
    ipm_facts_text(&facts, "key13", "x");
    cr_expect(eq(uint, facts.count, IPM_FACTS_MOST));
    facts_refused("the fact 'key12' was refused: a list has at most twelve facts");
    cr_expect(eq(i64, facts.items[11].number, 11));
}

Test(base_facts, a_key_that_is_no_name_is_refused_in_words) {
    static const char *const keys[] = {
        "Socket Buffer", "",     "1st", "_x",
        "a-b",           "\xff", "a\n", "abcdefghijklmnopqrstuvwxyz123456"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        facts = (struct ipm_facts){0};
        ipm_facts_number(&facts, keys[i], 1);
        ipm_facts_text(&facts, keys[i], "x");
        cr_expect(eq(uint, facts.count, 1), "%s", keys[i]);
        cr_expect(eq(str, facts.items[0].key, IPM_FACT_REFUSED), "%s", keys[i]);
    }
    facts = (struct ipm_facts){0};
    ipm_facts_number(&facts, "Socket Buffer", 1);
    ipm_facts_number(&facts, "port", 80);
    facts_refused(
        "the fact 'Socket Buffer' was refused: a name has a-z, 0-9 and _, and at most "
        "31 of them");
    cr_expect(ne(ptr, (void *)ipm_facts_find(&facts, "port"), NULL));
}

/* A plugin may write where it should call. */
Test(base_facts, a_list_that_was_filled_by_hand_is_checked) {
    memset(&facts, 'x', sizeof facts);
    ipm_facts_check(&facts);
    cr_assert(eq(uint, facts.count, 1));
    cr_expect(eq(sz, strlen(facts.items[0].key), IPM_FACT_KEY_BYTES - 1));
    cr_expect(eq(sz, strlen(facts.items[0].text), IPM_FACT_TEXT_BYTES - 1));
    facts = (struct ipm_facts){.count = 3,
                               .items = {{.key = "port", .number = 80},
                                         {.key = "Port", .number = 81},
                                         {.key = "port", .number = 82}}};
    ipm_facts_check(&facts);
    cr_assert(eq(uint, facts.count, 2));
    cr_expect(eq(i64, facts.items[0].number, 82));
    facts_refused(
        "the fact 'Port' was refused: a name has a-z, 0-9 and _, and at most 31 of them");
}
