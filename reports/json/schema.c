/* schema.c - the JSON Schema of reports, comparisons and answers, from the tables of fields. */
#include "base/cell.h"
#include "base/err.h"
#include "model/choose/choice.h"
#include "model/report/report.h"
#include "reports/json/codec.h"
#include "reports/renderer.h"

#include <stdio.h>
#include <string.h>

static json_t *schema_value(const struct ipm_json_field *field);

/* --- plain values ------------------------------------------------------------------------ */

/* A number that may be beyond IPM_JSON_MOST is a text of digits there. */
static json_t *schema_type(const struct ipm_json_field *field) {
    const struct ipm_json_codec *codec = field->codec;
    const bool digits = *codec->type == 'i' && field->most > IPM_JSON_MOST;
    if (!digits && !codec->nullable)
        return json_string(codec->type);
    return json_pack("[s, s*, s*]", codec->type, digits ? "string" : NULL,
                     codec->nullable ? "null" : NULL);
}

static json_t *schema_plain(const struct ipm_json_field *field) {
    const struct ipm_json_codec *codec = field->codec;
    const uint64_t least = field->least > codec->least ? field->least : codec->least;
    json_t *json = json_object();
    ipm_json_set(&json, "type", schema_type(field));
    if (*codec->type == 's' && least > 0)
        ipm_json_set(&json, "minLength", json_integer((json_int_t)least));
    if (*codec->type == 'i' || *codec->type == 'n')
        ipm_json_set(&json, "minimum", json_integer((json_int_t)least));
    if (*codec->type == 'i' || field->most > 0)
        ipm_json_set(
            &json, "maximum",
            json_integer((json_int_t)(field->most > 0 ? field->most : IPM_JSON_MOST)));
    if (*codec->type == 'i' && field->most > IPM_JSON_MOST)
        ipm_json_set(&json, "pattern", json_string("^[0-9]{16,19}$"));
    return json;
}

static json_t *schema_version(const struct ipm_json_field *field) {
    (void)field;
    return json_pack("{s:i}", "const", IPM_SCHEMA_VERSION);
}

static json_t *schema_words(const struct ipm_json_field *field) {
    bool null = false;
    json_t *list = json_array();
    for (const char *const *word = field->words; *word != NULL; word++) {
        if (**word != '\0')
            ipm_json_append(&list, json_string(*word));
        null = null || **word == '\0';
    }
    if (null)
        ipm_json_append(&list, json_null());
    return json_pack("{s:o}", "enum", list);
}

static json_t *schema_metric(const struct ipm_json_field *field) {
    json_t *list = json_array();
    (void)field;
    for (size_t m = 0; m < IPM_METRICS; m++)
        if (ipm_metrics[m].quantile <= 0) /* quantiles are no keys of the summary */
            ipm_json_append(&list, json_string(ipm_metrics[m].key));
    return json_pack("{s:o}", "enum", list);
}

static json_t *schema_pin(const struct ipm_json_field *field) {
    (void)field;
    return json_pack("{s:s, s:s}", "type", "string", "pattern",
                     "^(none|same|split|smt|llc|cross-llc|node|[0-9]{1,5}:[0-9]{1,5})$");
}

/* A fact is a number or a text, whatever its key: a plugin decides. */
static json_t *schema_fact(const struct ipm_json_field *field) {
    (void)field;
    return json_pack("{s:[s, s, s]}", "type", "string", "integer", "null");
}

/* --- values made of others --------------------------------------------------------------- */

static json_t *schema_ref(const struct ipm_json_object *object) {
    return json_pack("{s:s}", "$ref", ipm_cell_print("#/$defs/%s", object->name).text);
}

static json_t *schema_object(const struct ipm_json_field *field) {
    return field->codec->nullable ? json_pack("{s:[{s:s}, o]}", "oneOf", "type", "null",
                                              schema_ref(field->object))
                                  : schema_ref(field->object);
}

static json_t *schema_item(const struct ipm_json_field *field) {
    const struct ipm_json_field item = ipm_json_item(field);
    return schema_value(&item);
}

static json_t *schema_array(json_t *items, size_t least, size_t most) {
    json_t *json = json_pack("{s:s, s:o}", "type", "array", "items", items);
    if (least > 0)
        ipm_json_set(&json, "minItems", json_integer((json_int_t)least));
    if (most > 0)
        ipm_json_set(&json, "maxItems", json_integer((json_int_t)most));
    return json;
}

static json_t *schema_list(const struct ipm_json_field *field) {
    return schema_array(schema_item(field), field->items_least, field->items_most);
}

static json_t *schema_map(const struct ipm_json_field *field) {
    if (field->object != NULL)
        return schema_ref(field->object);
    json_t *json =
        json_pack("{s:s, s:o, s:I}", "type", "object", "additionalProperties",
                  schema_item(field), "maxProperties", (json_int_t)field->items_most);
    if (field->item->key_pattern != NULL)
        ipm_json_set(&json, "propertyNames",
                     json_pack("{s:s}", "pattern", field->item->key_pattern));
    return json;
}

static json_t *schema_by_size(const struct ipm_json_field *field) {
    return json_pack("{s:s, s:{s:o}, s:b, s:I}", "type", "object", "patternProperties",
                     "^[1-9][0-9]{0,17}$", schema_item(field), "additionalProperties", 0,
                     "maxProperties", (json_int_t)field->items_most);
}

static json_t *schema_needs(const struct ipm_json_field *field) {
    json_t *names = json_array();
    (void)field;
    for (size_t i = 0; ipm_needs[i].name != NULL; i++)
        ipm_json_append(&names, json_string(ipm_needs[i].name));
    return schema_array(json_pack("{s:o}", "enum", names), 0, 0);
}

static json_t *schema_measure(const struct ipm_json_field *field) {
    (void)field;
    return json_pack("{s:[s, s, s]}", "type", "string", "number", "null");
}

static const struct {
    const struct ipm_json_codec *codec;
    json_t *(*make)(const struct ipm_json_field *field);
} schema_kinds[] = {
    {&ipm_json_version, schema_version}, {&ipm_json_word, schema_words},
    {&ipm_json_choice, schema_words},    {&ipm_json_metric, schema_metric},
    {&ipm_json_pin, schema_pin},         {&ipm_json_array, schema_list},
    {&ipm_json_fact, schema_fact},       {&ipm_json_map, schema_map},
    {&ipm_json_sizes, schema_by_size},   {&ipm_json_by_size, schema_by_size},
    {&ipm_json_needs, schema_needs},     {&ipm_json_value, schema_measure},
};

static json_t *schema_value(const struct ipm_json_field *field) {
    for (size_t i = 0; i < sizeof schema_kinds / sizeof schema_kinds[0]; i++)
        if (schema_kinds[i].codec == field->codec)
            return schema_kinds[i].make(field);
    return field->object != NULL ? schema_object(field) : schema_plain(field);
}

/* --- objects ----------------------------------------------------------------------------- */

/* The doc of a metric has no full stop. */
static const char *schema_stop(const char *doc) {
    return doc[0] != '\0' && doc[strlen(doc) - 1] == '.' ? "" : ".";
}

static json_t *schema_property(const struct ipm_json_field *field) {
    json_t *value = schema_value(field);
    json_t *json = json_pack("{s:o}", "description",
                             json_sprintf("%s%s%s", field->doc, schema_stop(field->doc),
                                          field->derived ? " Derived." : ""));
    if (json_object_update_new(json, value) == 0)
        return json;
    json_decref(json);
    return NULL;
}

static json_t *schema_of(const struct ipm_json_object *object) {
    const struct ipm_json_field *field = NULL;
    struct ipm_json_walk walk = {.object = object};
    json_t *properties = json_object();
    json_t *required = json_array();
    while ((field = ipm_json_next(&walk)) != NULL) {
        ipm_json_set(&properties, field->key, schema_property(field));
        ipm_json_append(&required, json_string(field->key));
    }
    json_t *json = json_pack("{s:s, s:s, s:o, s:o, s:b}", "title", object->doc, "type",
                             "object", "properties", properties, "required", required,
                             "additionalProperties", 0);
    if (object->facts_most == 0)
        return json;
    (void)json_object_del(json, "required");
    ipm_json_set(&json, "patternProperties",
                 json_pack("{s:o}", "^[a-z][a-z0-9_]*$", schema_fact(NULL)));
    ipm_json_set(&json, "maxProperties", json_integer((json_int_t)object->facts_most));
    return json;
}

/* Adds the object and those inside it, each once.
 * NOLINTNEXTLINE(misc-no-recursion): as deep as objects are nested in the tables */
static void schema_define(json_t **defs, const struct ipm_json_object *object) {
    const struct ipm_json_field *field = NULL;
    struct ipm_json_walk walk = {.object = object};
    if (object == NULL || json_object_get(*defs, object->name) != NULL)
        return;
    ipm_json_set(defs, object->name, schema_of(object));
    while (*defs != NULL && (field = ipm_json_next(&walk)) != NULL)
        schema_define(defs, field->object);
}

/* The documents that are no report, by their kind. */
static const struct {
    const char *kind;
    const struct ipm_json_object *object;
} schema_documents[] = {
    {"comparison", &ipm_json_of_comparison}, {"choice", &ipm_json_of_choice},
    {"doctor", &ipm_json_of_doctor},         {"explanation", &ipm_json_of_explanation},
    {"merge", &ipm_json_of_merge},
};
enum { SCHEMA_DOCUMENTS = sizeof schema_documents / sizeof schema_documents[0] };

/* "if kind is comparison then $ref" and so on: an error names the document that was meant. */
static json_t *schema_kinds_of_document(void) {
    json_t *json = schema_ref(&ipm_json_of_report);
    for (size_t i = SCHEMA_DOCUMENTS; i-- > 0;)
        json = json_pack("{s:{s:{s:{s:s}}, s:[s]}, s:o, s:o}", "if", "properties", "kind",
                         "const", schema_documents[i].kind, "required", "kind", "then",
                         schema_ref(schema_documents[i].object), "else", json);
    return json;
}

int ipm_schema_write(FILE *out, struct ipm_err *err) {
    json_t *defs = json_object();
    schema_define(&defs, &ipm_json_of_report);
    for (size_t i = 0; i < SCHEMA_DOCUMENTS; i++)
        schema_define(&defs, schema_documents[i].object);
    json_t *root = json_pack(
        "{s:s, s:s, s:s, s:s}", "$schema", "https://json-schema.org/draft/2020-12/schema",
        "$id", "urn:ipcmark:report:1", "$comment",
        "Generated by reports/json/schema.c from the tables of fields; do not edit.",
        "description",
        "What ipcmark writes: the report of a run, a comparison, an answer of ipcmark "
        "choose, a look at the machine, an explanation of one case, or reports of "
        "several machines as one. The key kind says which.");
    json_t *kinds = schema_kinds_of_document();
    if (json_object_update_new(root, kinds) != 0) {
        json_decref(root);
        root = NULL;
    }
    ipm_json_set(&root, "$defs", defs);
    return ipm_json_sink(root, (struct ipm_json_form){0}, out, err);
}
