#include "fakests/hints/statement.h"

#include "fakests/hints/edit.h"
#include "fakests/hints/principal.h"
#include "fakests/policy/operator.h"

enum { NO_PRINCIPAL = 2, NO_ACTION = 2, NO_KEY = 2, NO_VALUE = 1 };

unsigned statement_clause_distance(const struct policy_condition_trace *t)
{
    return t->passed ? 0U : t->present ? NO_VALUE : NO_KEY;
}

unsigned statement_distance(const struct policy_statement_trace *s)
{
    unsigned distance = (s->principal ? 0U : NO_PRINCIPAL) + (s->action ? 0U : NO_ACTION);
    for (size_t i = 0; i < s->n_conditions; i++)
        distance += statement_clause_distance(&s->conditions[i]);
    return distance;
}

unsigned statement_rank(const struct hint_case *c, const struct statement *s)
{
    bool far = !s->trace->principal && !principal_is_near(c, s);
    /* Twice, and one more for another action: of two as near, the one about this action. */
    return statement_distance(s->trace) * 2 + !s->trace->action + (far ? STATEMENT_FAR : 0);
}

static bool digits_until_separator(struct str s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
        n++;
    return n > 0 && n < s.n && (s.p[n] == '/' || s.p[n] == ':');
}

void statement_split_key(struct str key, struct str *prefix, struct str *suffix)
{
    size_t at = str_contains(key, STR("://")) ? str_find(key, ':') + 1 : 0;
    for (; at < key.n; at++)
        if (key.p[at] == ':' && !digits_until_separator(str_sub(key, at + 1, key.n)))
            break;
    *prefix = str_sub(key, 0, at);
    *suffix = str_sub(key, at + 1, key.n);
}

static bool take(struct str *name, struct str beginning)
{
    if (!str_starts(*name, beginning))
        return false;
    *name = str_sub(*name, beginning.n, name->n);
    return true;
}

/* "ForAnyValue:StringLikeIfExists" into its parts. */
static void read_operator(struct clause *k)
{
    struct str name = k->trace->operator, if_exists = STR("IfExists");
    if (take(&name, STR("ForAnyValue:")))
        k->set = STR("ForAnyValue:");
    else if (take(&name, STR("ForAllValues:")))
        k->set = STR("ForAllValues:");
    k->if_exists = str_ends(name, if_exists);
    if (k->if_exists)
        name.n -= if_exists.n;
    k->base = name;
    const struct operator_row *row = operator_find(name);
    k->negated = row && row->negated;
}

static struct clause read_clause(const struct hint_case *c, const struct statement *s,
                                 const struct policy_condition_trace *t)
{
    struct arena *a = c->arena;
    struct clause k = { .trace = t, .key = t->key };
    struct str prefix;
    statement_split_key(k.key, &prefix, &k.suffix);
    k.own = c->who->provider && str_eq_nocase(prefix, c->who->provider->url);
    read_operator(&k);
    k.entry = keys_find(c->trace->context, k.key);
    k.block = json_object_get(s->condition, arena_cstr(a, t->operator));
    k.value = json_object_get(k.block, arena_cstr(a, k.key));
    k.at_block = edit_member(a, s->at_condition, t->operator);
    k.at = edit_member(a, k.at_block, k.key);
    return k;
}

static void find_document(const struct hint_case *c, size_t index, struct statement *s)
{
    json_t *all = json_object_get(c->trust_document, "Statement");
    s->document = json_is_array(all) ? json_array_get(all, index) : all;
    s->at = json_is_array(all) ? edit_item(c->arena, STR("/Statement"), index) : STR("/Statement");
    s->condition = json_object_get(s->document, "Condition");
    s->at_condition = edit_member(c->arena, s->at, STR("Condition"));
}

struct statement statement_read(const struct hint_case *c, size_t index)
{
    struct statement s = { .trace = &c->trace->policy.statements[index] };
    find_document(c, index, &s);
    s.n_clauses = s.trace->n_conditions;
    s.clauses = arena_array(c->arena, struct clause, s.n_clauses);
    for (size_t i = 0; i < s.n_clauses; i++)
        s.clauses[i] = read_clause(c, &s, &s.trace->conditions[i]);
    return s;
}

struct str statement_wanted(const struct clause *k, size_t i)
{
    struct str now = k->trace->wanted_now[i];
    return now.p ? now : k->trace->wanted[i];
}

const struct clause *statement_clause_on(const struct statement *s, struct str suffix)
{
    for (size_t i = 0; i < s->n_clauses; i++)
        if (s->clauses[i].own && !s->clauses[i].negated &&
            str_eq_nocase(s->clauses[i].suffix, suffix))
            return &s->clauses[i];
    return NULL;
}
