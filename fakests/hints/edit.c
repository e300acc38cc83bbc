#include "fakests/hints/edit.h"

#include "base/text.h"
#include "fakests/iam/arn.h"

/* ---- places ---- */

struct str edit_member(struct arena *a, struct str pointer, struct str member)
{
    struct text t = text_new(a, pointer.n + 2 * member.n + 1);
    text_put(&t, pointer);
    text_putc(&t, '/');
    for (size_t i = 0; i < member.n; i++)
        if (member.p[i] == '~' || member.p[i] == '/')
            text_put(&t, member.p[i] == '~' ? STR("~0") : STR("~1"));
        else
            text_putc(&t, member.p[i]);
    return text_str(&t);
}

struct str edit_item(struct arena *a, struct str pointer, size_t index)
{
    return arena_printf(a, "%.*s/%zu", STR_ARG(pointer), index);
}

static struct str behind_the_last(struct arena *a, struct str pointer)
{
    return arena_printf(a, "%.*s/-", STR_ARG(pointer));
}

/* ---- documents ---- */

static struct hint_edit edit(const struct hint_case *c, const char *target, struct str of,
                             const char *op, struct str path, json_t *value)
{
    return (struct hint_edit){ target, of, op, path, value ? json_keep(c->arena, value) : NULL };
}

struct hint_edit edit_policy(const struct hint_case *c, const char *op, struct str path,
                             json_t *value)
{
    return edit(c, "trust-policy", c->role->arn, op, path, value);
}

struct hint_edit edit_request(const struct hint_case *c, const char *parameter, json_t *value)
{
    return edit(c, "request", STR(""), "replace", arena_printf(c->arena, "/%s", parameter), value);
}

struct hint_edit edit_role(const struct hint_case *c, const char *member, json_t *value)
{
    /* "add" replaces a member that is there, and the config may leave this one out. */
    return edit(c, "role", c->role->arn, "add", arena_printf(c->arena, "/%s", member), value);
}

struct hint_edit edit_client_id(const struct hint_case *c, const struct provider *p, struct str id)
{
    if (p->n_client_ids)
        return edit(c, "provider", p->arn, "add", STR("/client_ids/-"), json_of(id));
    return edit(c, "provider", p->arn, "add", STR("/client_ids"), json_pack("[o]", json_of(id)));
}

struct hint_edit edit_new_provider(const struct hint_case *c, struct str account, struct str issuer,
                                   json_t *client_ids)
{
    struct str url = str_starts(issuer, STR("https://")) ? str_sub(issuer, 8, issuer.n) : issuer;
    json_t *document = json_pack("{s:o, s:o}", "url", json_of(issuer), "client_ids", client_ids);
    return edit(c, "provider", arn_of_provider(c->arena, account, url), "add", STR(""), document);
}

/* ---- clauses ---- */

static bool holds_key(const json_t *block, struct str key)
{
    json_t *object = (json_t *)(uintptr_t)block, *value;
    const char *name;
    json_object_foreach(object, name, value)
    {
        if (str_eq_nocase(str_of(name), key))
            return true;
    }
    return false;
}

/* A copy of the operator's object with one key and its value replaced, in its place. */
static json_t *with_key(struct arena *a, const struct clause *k, struct str key, json_t *wanted)
{
    json_t *copy = json_object(), *value;
    const char *name;
    json_object_foreach(k->block, name, value)
    {
        if (str_eq(str_of(name), k->key))
            json_object_set_new(copy, arena_cstr(a, key), wanted);
        else
            json_object_set_new(copy, name, json_deep_copy(value));
    }
    return copy;
}

static bool renamed(const struct hint_case *c, const struct clause *k, struct str key,
                    json_t *wanted, struct hint_edit *out)
{
    if (!str_eq_nocase(key, k->key) && holds_key(k->block, key)) {
        json_decref(wanted);
        return false;
    }
    *out = edit_policy(c, "replace", k->at_block, with_key(c->arena, k, key, wanted));
    return true;
}

/* The whole Condition without the clause, and without an operator that is left empty. */
static json_t *without(const struct hint_case *c, const struct clause *k)
{
    json_t *condition = json_deep_copy(k->statement->condition);
    char *op = arena_cstr(c->arena, k->trace->operator);
    json_object_del(json_object_get(condition, op), arena_cstr(c->arena, k->key));
    if (!json_object_size(json_object_get(condition, op)))
        json_object_del(condition, op);
    return condition;
}

bool edit_move_clause(const struct hint_case *c, const struct clause *k, struct edit_move to,
                      struct hint_edit *out)
{
    struct str op = to.op.n ? to.op : k->trace->operator;
    struct str key = to.key.n ? to.key : k->key;
    json_t *wanted = to.value ? to.value : json_deep_copy(k->value);
    char *into = arena_cstr(c->arena, op);

    if (str_eq(op, k->trace->operator))
        return renamed(c, k, key, wanted, out);
    if (holds_key(json_object_get(k->statement->condition, into), key)) {
        json_decref(wanted);
        return false;
    }
    json_t *condition = without(c, k);
    if (!json_object_get(condition, into))
        json_object_set_new(condition, into, json_object());
    json_object_set_new(json_object_get(condition, into), arena_cstr(c->arena, key), wanted);
    *out = edit_policy(c, "replace", k->statement->at_condition, condition);
    return true;
}

struct hint_edit edit_merge_clause(const struct hint_case *c, const struct clause *k,
                                   const struct clause *into, json_t *value)
{
    json_t *condition = without(c, k);
    json_t *block = json_object_get(condition, arena_cstr(c->arena, into->trace->operator));
    json_object_set_new(block, arena_cstr(c->arena, into->key), value);
    return edit_policy(c, "replace", k->statement->at_condition, condition);
}

struct hint_edit edit_remove_clause(const struct hint_case *c, const struct clause *k)
{
    if (json_object_size(k->block) > 1)
        return edit_policy(c, "remove", k->at, NULL);
    if (json_object_size(k->statement->condition) > 1)
        return edit_policy(c, "remove", k->at_block, NULL);
    return edit_policy(c, "remove", k->statement->at_condition, NULL);
}

struct hint_edit edit_wanted(const struct hint_case *c, const struct clause *k, size_t index,
                             struct str value)
{
    struct str path = json_is_array(k->value) ? edit_item(c->arena, k->at, index) : k->at;
    return edit_policy(c, "replace", path, json_of(value));
}

struct hint_edit edit_admit(const struct hint_case *c, const struct clause *k, struct str value)
{
    if (json_is_array(k->value))
        return edit_policy(c, "add", behind_the_last(c->arena, k->at), json_of(value));
    return edit_policy(c, "replace", k->at, json_of(value));
}

struct hint_edit edit_new_clause(const struct hint_case *c, const struct statement *s,
                                 struct str op, struct str key, json_t *value)
{
    struct arena *a = c->arena;
    char *block = arena_cstr(a, op), *name = arena_cstr(a, key);
    struct str at_block = edit_member(a, s->at_condition, op);
    if (json_object_get(s->condition, block))
        return edit_policy(c, "add", edit_member(a, at_block, key), value);
    if (s->condition)
        return edit_policy(c, "add", at_block, json_pack("{s:o}", name, value));
    return edit_policy(c, "add", s->at_condition, json_pack("{s:{s:o}}", block, name, value));
}
