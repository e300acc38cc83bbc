#include "fakests/hints/families.h"

#include "fakests/hints/edit.h"
#include "fakests/hints/quote.h"
#include "fakests/hints/statement.h"

/* Keys that are lists: amr, aws:TagKeys, sts:TransitiveTagKeys. */

/* aws.md section 5.2: whatever the list holds, and however the operator is negated. */
bool list_scalar(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (!k->entry || !k->entry->is_list || k->set.n || str_eq(k->base, STR("Null")))
        return false;
    const char *set = k->negated ? "ForAllValues" : "ForAnyValue";
    struct edit_move to = { .op = arena_printf(c->arena, "%s:%.*s", set,
                                               STR_ARG(k->trace->operator)) };
    out->text = arena_printf(c->arena,
                             "\"%.*s\" is a list, and %.*s never matches a list, not even one of "
                             "one value: write %.*s",
                             QUOTE(k->key), STR_ARG(k->trace->operator), STR_ARG(to.op));
    (void)edit_move_clause(c, k, to, &out->edit);
    return true;
}

static bool is_tag_list(struct str key)
{
    return str_eq_nocase(key, STR("aws:TagKeys")) ||
           str_eq_nocase(key, STR("sts:TransitiveTagKeys"));
}

/* The request's spelling of a tag key; the wanted one when the request has none. */
static struct str in_request(const struct clause *k, struct str wanted)
{
    for (size_t i = 0; i < k->entry->n_values; i++)
        if (str_eq_nocase(k->entry->values[i], wanted))
            return k->entry->values[i];
    return wanted;
}

bool list_tag_case(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    struct str wrong = STR("");
    if (!k->entry || !is_tag_list(k->key) || !str_eq(k->base, STR("StringEquals")))
        return false;
    json_t *right = json_array();
    for (size_t i = 0; i < k->trace->n_wanted; i++) {
        struct str wanted = k->trace->wanted[i], got = in_request(k, wanted);
        if (!str_eq(wanted, got))
            wrong = wanted;
        json_array_append_new(right, json_of(got));
    }
    out->edit = edit_policy(c, "replace", k->at, right);
    if (!wrong.n)
        return false;
    out->text = arena_printf(c->arena,
                             "the names of tags in %.*s are compared with their case: the token "
                             "has \"%.*s\", the policy \"%.*s\"",
                             QUOTE(k->key), QUOTE(in_request(k, wrong)), QUOTE(wrong));
    return true;
}

/* ---- ForAllValues: true where there is nothing ---- */

static bool is_always_there(const struct clause *k)
{
    return k->own &&
           (str_eq_nocase(k->suffix, STR("sub")) || str_eq_nocase(k->suffix, STR("aud")) ||
            str_eq_nocase(k->suffix, STR("oaud")));
}

static bool is_null_checked(const struct clause *k)
{
    const struct statement *s = k->statement;
    for (size_t i = 0; i < s->n_clauses; i++)
        if (str_eq(s->clauses[i].base, STR("Null")) && str_eq_nocase(s->clauses[i].key, k->key))
            return true;
    return false;
}

/* Restricting which tags may be passed is what it is for; a key that is never absent is safe. */
static bool is_open(const struct clause *k)
{
    return str_eq(k->set, STR("ForAllValues:")) && k->trace->passed && !k->negated &&
           !is_tag_list(k->key) && !is_always_there(k) && !is_null_checked(k);
}

bool list_for_all_values(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    if (!is_open(k))
        return false;
    bool list = k->entry ? k->entry->is_list : str_eq_nocase(k->suffix, STR("amr"));
    out->text = arena_printf(c->arena, "%.*s is satisfied by a token without \"%.*s\"%s: %s",
                             STR_ARG(k->trace->operator), QUOTE(k->key),
                             k->entry ? "" : ", such as this one",
                             list ? "add the condition Null \"false\" on the same key"
                                  : "the key has one value, so drop the ForAllValues:");
    if (list)
        out->edit = edit_new_clause(c, k->statement, STR("Null"), k->key, json_string("false"));
    else
        (void)edit_move_clause(
            c, k,
            (struct edit_move){ .op = str_sub(k->trace->operator, k->set.n, k->trace->operator.n) },
            &out->edit);
    return true;
}
