#include "fakests/policy/compiled.h"

#include "fakests/policy/match.h"

static bool actions_match(const struct compiled_statement *s, struct str action)
{
    for (size_t i = 0; i < s->n_actions; i++)
        if (match_like_nocase(s->actions[i].pattern, action))
            return !s->not_action;
    return s->not_action;
}

/* A pattern one of whose variables has no value names nothing. */
static bool resources_match(const struct compiled_statement *s, const struct policy_ask *ask)
{
    struct str pattern;
    for (size_t i = 0; i < s->n_resources; i++)
        if (variable_fill(&s->resources[i].pattern, ask->keys, ask->arena, &pattern) &&
            match_like(pattern, ask->resource))
            return !s->not_resource;
    return s->not_resource;
}

static bool principals_match(const struct policy *p, const struct compiled_statement *s,
                             const struct policy_ask *ask)
{
    return !p->who || principal_matches(&s->principals, ask->principals, ask->n_principals);
}

static bool conditions_hold(const struct compiled_statement *s, const struct policy_ask *ask)
{
    for (size_t i = 0; i < s->conditions.n; i++)
        if (!condition_holds(&s->conditions.conditions[i], ask, s->allow, NULL))
            return false;
    return true;
}

/* Cheapest first; every element has to match. */
static bool statement_matches(const struct policy *p, const struct compiled_statement *s,
                              const struct policy_ask *ask)
{
    return actions_match(s, ask->action) && principals_match(p, s, ask) &&
           (!p->what || resources_match(s, ask)) && conditions_hold(s, ask);
}

/* The same with everything evaluated and told. */
static bool trace_statement(const struct policy *p, const struct compiled_statement *s,
                            const struct policy_ask *ask, struct policy_statement_trace *t)
{
    size_t n = s->conditions.n;
    t->sid = s->sid;
    t->allow = s->allow;
    t->principal = principals_match(p, s, ask);
    t->action = actions_match(s, ask->action);
    t->resource = !p->what || resources_match(s, ask);
    t->conditions = arena_array(ask->arena, struct policy_condition_trace, n);
    t->n_conditions = n;
    t->matched = t->principal && t->action && t->resource;
    for (size_t i = 0; i < n; i++)
        if (!condition_holds(&s->conditions.conditions[i], ask, s->allow, &t->conditions[i]))
            t->matched = false;
    return t->matched;
}

static enum policy_decision traced(const struct policy *p, const struct policy_ask *ask,
                                   struct policy_trace *trace)
{
    enum policy_decision decision = POLICY_IMPLICIT_DENY;
    trace->n_statements = p->n_statements;
    trace->statements = arena_array(ask->arena, struct policy_statement_trace, p->n_statements);
    for (size_t i = 0; i < p->n_statements; i++) {
        const struct compiled_statement *s = &p->statements[i];
        trace->statements[i].index = i;
        if (!trace_statement(p, s, ask, &trace->statements[i]))
            continue;
        if (!s->allow)
            decision = POLICY_EXPLICIT_DENY;
        else if (decision == POLICY_IMPLICIT_DENY)
            decision = POLICY_ALLOW;
    }
    trace->decision = decision;
    return decision;
}

enum policy_decision policy_eval(const struct policy *p, const struct policy_ask *ask,
                                 struct policy_trace *trace)
{
    enum policy_decision decision = POLICY_IMPLICIT_DENY;
    if (trace)
        return traced(p, ask, trace);
    for (size_t i = 0; i < p->n_statements; i++) {
        const struct compiled_statement *s = &p->statements[i];
        if (s->allow && decision == POLICY_ALLOW)
            continue; /* allowed already: only a Deny could change that */
        if (!statement_matches(p, s, ask))
            continue;
        if (!s->allow)
            return POLICY_EXPLICIT_DENY;
        decision = POLICY_ALLOW;
    }
    return decision;
}

bool policy_might_allow(const struct policy *p, struct str action,
                        const struct policy_principal *principal)
{
    const struct policy_ask ask = { .principals = principal, .n_principals = 1, .action = action };
    bool allowed = false;
    for (size_t i = 0; i < p->n_statements; i++) {
        const struct compiled_statement *s = &p->statements[i];
        if (!actions_match(s, action) || !principals_match(p, s, &ask))
            continue;
        if (!s->allow && !s->conditions.n && p->who)
            return false;
        allowed |= s->allow;
    }
    return allowed;
}

const struct policy *policy_nothing(void)
{
    static const struct policy nothing = { .n_statements = 0 };
    return &nothing;
}
