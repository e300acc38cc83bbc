#include "fakests/statement_json.h"

json_t *statement_json_texts(const struct str *items, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_of(items[i]));
    return list;
}

json_t *statement_json_context(struct arena *a, const struct keys *k)
{
    json_t *o = json_object();
    for (size_t i = 0; k && i < k->n; i++)
        json_object_set_new(o, arena_cstr(a, k->entries[i].name),
                            statement_json_texts(k->entries[i].values, k->entries[i].n_values));
    return o;
}

static json_t *condition_json(const struct policy_condition_trace *t)
{
    json_t *o = json_object();
    json_object_set_new(o, "operator", json_of(t->operator));
    json_object_set_new(o, "key", json_of(t->key));
    json_object_set_new(o, "wanted", statement_json_texts(t->wanted, t->n_wanted));
    json_object_set_new(o, "got", statement_json_texts(t->got, t->n_got));
    json_object_set_new(o, "present", json_boolean(t->present));
    json_object_set_new(o, "passed", json_boolean(t->passed));
    if (t->note)
        json_object_set_new(o, "note", json_string(t->note));
    return o;
}

json_t *statement_json_of(const struct policy_statement_trace *s, unsigned elements)
{
    json_t *o = json_pack("{s:I}", "index", (json_int_t)s->index), *conditions = json_array();
    json_object_set_new(o, "sid", json_of(s->sid));
    json_object_set_new(o, "effect", json_string(s->allow ? "Allow" : "Deny"));
    json_object_set_new(o, "matched", json_boolean(s->matched));
    if (elements & STATEMENT_WHO)
        json_object_set_new(o, "principal", json_boolean(s->principal));
    json_object_set_new(o, "action", json_boolean(s->action));
    if (elements & STATEMENT_WHAT)
        json_object_set_new(o, "resource", json_boolean(s->resource));
    for (size_t i = 0; i < s->n_conditions; i++)
        json_array_append_new(conditions, condition_json(&s->conditions[i]));
    json_object_set_new(o, "conditions", conditions);
    return o;
}
