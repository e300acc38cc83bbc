#include "fakests/hints/families.h"

#include "fakests/hints/edit.h"
#include "fakests/hints/quote.h"
#include "fakests/hints/statement.h"
#include "fakests/hints/subject.h"

/* Statements that let in more than anybody means to. */

static bool is_audience(const struct clause *k)
{
    return k->own &&
           (str_eq_nocase(k->suffix, STR("aud")) || str_eq_nocase(k->suffix, STR("oaud")));
}

/* Only stars: matches whatever there is. */
static bool admits_everything(const struct clause *k)
{
    for (size_t i = 0; i < k->trace->n_wanted; i++) {
        struct str wanted = k->trace->wanted[i];
        size_t n = 0;
        while (n < wanted.n && wanted.p[n] == '*')
            n++;
        if (n && n == wanted.n && str_starts(k->base, STR("StringLike")))
            return true;
    }
    return false;
}

/* Keys that tell one caller from another: the issuer's own but the audience, tags, the roles claim.
 */
static bool tells_who(const struct clause *k)
{
    static const struct str tag = STR_INIT("aws:RequestTag/");
    if (k->negated || str_eq(k->base, STR("Null")) || admits_everything(k))
        return false;
    return (k->own && !is_audience(k)) || str_eq_nocase(str_sub(k->key, 0, tag.n), tag) ||
           str_eq_nocase(k->key, STR("sts:SourceIdentity")) ||
           str_eq_nocase(k->key, STR("sts:RoleAuthorizedByIdp"));
}

static bool is_open(const struct statement *s)
{
    if (!s->trace->allow || !s->trace->principal || !s->trace->action)
        return false;
    for (size_t i = 0; i < s->n_clauses; i++)
        if (tells_who(&s->clauses[i]) || (!s->clauses[i].entry && !s->clauses[i].trace->passed))
            return false;
    return true;
}

static const struct clause *open_subject(const struct statement *s)
{
    for (size_t i = 0; i < s->n_clauses; i++)
        if (s->clauses[i].own && str_eq_nocase(s->clauses[i].suffix, STR("sub")) &&
            !s->clauses[i].negated && admits_everything(&s->clauses[i]))
            return &s->clauses[i];
    return NULL;
}

static struct hint_edit closed(const struct hint_case *c, const struct statement *s, struct str key,
                               struct str pattern)
{
    const struct clause *k = open_subject(s);
    bool wild = !str_eq(pattern, c->who->subject);
    if (k)
        return edit_policy(c, "replace", k->at, json_of(pattern));
    return edit_new_clause(c, s, wild ? STR("StringLike") : STR("StringEquals"), key,
                           json_of(pattern));
}

bool loose_subject(const struct hint_case *c, const struct statement *s, struct hint *out)
{
    struct str url = c->who->provider->url;
    if (!is_open(s))
        return false;
    struct str key = arena_printf(c->arena, "%.*s:sub", STR_ARG(url));
    struct str pattern = subject_pattern(c->arena, url, c->who->subject);
    out->text =
        arena_printf(c->arena,
                     "nothing in statement %zu looks at sub, so %s gets this role: to admit "
                     "this job only, want %.*s to be \"%.*s\"",
                     s->trace->index, subject_everyone(url), QUOTE(key), QUOTE(pattern));
    out->edit = closed(c, s, key, pattern);
    return true;
}

/* IfExists on a key that tells who is calling, and that a token may lack. */
bool loose_if_exists(const struct hint_case *c, const struct clause *k, struct hint *out)
{
    bool always = str_eq_nocase(k->suffix, STR("sub")) || is_audience(k);
    if (!k->if_exists || !k->trace->passed || !tells_who(k) || (k->own && always))
        return false;
    struct str op = k->trace->operator;
    op.n -= sizeof "IfExists" - 1;
    out->text =
        arena_printf(c->arena, "%.*s is satisfied by a token without \"%.*s\"%s: write %.*s",
                     STR_ARG(k->trace->operator), QUOTE(k->key),
                     k->entry ? "" : ", such as this one", STR_ARG(op));
    (void)edit_move_clause(c, k, (struct edit_move){ .op = op }, &out->edit);
    return true;
}
