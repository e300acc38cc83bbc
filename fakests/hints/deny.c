#include "fakests/hints/families.h"

#include "base/text.h"
#include "fakests/hints/edit.h"
#include "fakests/hints/quote.h"

/* An explicit Deny, which no Allow can outweigh. */

static struct str name_of(const struct hint_case *c, const struct statement *s)
{
    if (!s->trace->sid.n)
        return arena_printf(c->arena, "statement %zu", s->trace->index);
    return arena_printf(c->arena, "statement %zu \"%.*s\"", s->trace->index, QUOTE(s->trace->sid));
}

/* "StringLike KEY and Bool KEY"; "it has no condition". */
static struct str because(const struct hint_case *c, const struct statement *s)
{
    struct text t = text_new(c->arena, 4096);
    if (!s->n_clauses)
        return STR("it has no condition");
    for (size_t i = 0; i < s->n_clauses; i++)
        text_printf(&t, "%s%.*s %.*s", i ? " and " : "", STR_ARG(s->clauses[i].trace->operator),
                    QUOTE(s->clauses[i].key));
    text_put(&t, s->n_clauses > 1 ? STR(" hold") : STR(" holds"));
    return text_str(&t);
}

/* The statement would still deny everybody else. */
static struct hint_edit exception(const struct hint_case *c, const struct statement *s,
                                  struct str key)
{
    struct str subject = c->who->subject;
    for (size_t i = 0; i < s->n_clauses; i++) {
        const struct clause *k = &s->clauses[i];
        if (!str_eq(k->trace->operator, STR("StringNotEquals")) || !str_eq_nocase(k->key, key))
            continue;
        if (json_is_array(k->value))
            return edit_admit(c, k, subject);
        return edit_policy(c, "replace", k->at,
                           json_pack("[o, o]", json_deep_copy(k->value), json_of(subject)));
    }
    return edit_new_clause(c, s, STR("StringNotEquals"), key, json_of(subject));
}

bool deny_explicit(const struct hint_case *c, const struct statement *s, struct hint *out)
{
    if (s->trace->allow || !s->trace->matched)
        return false;
    struct str key = arena_printf(c->arena, "%.*s:sub", STR_ARG(c->who->provider->url));
    out->text = arena_printf(
        c->arena,
        "%.*s denies it, and no Allow outweighs a Deny; it matches because %.*s: if this caller "
        "is to be let in, except its sub",
        STR_ARG(name_of(c, s)), STR_ARG(because(c, s)));
    out->edit = exception(c, s, key);
    return true;
}
