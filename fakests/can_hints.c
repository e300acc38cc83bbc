#include "base/nearest.h"
#include "base/text.h"
#include "fakests/can.h"

/*
 * What to do about a refusal, the most particular first.  An id is a name of docs/can.md.
 */

enum { HINTS_MAX = 16, SHOWN_MAX = 3, TEXT_BYTES_MAX = 64 * 1024 };

static void add(struct can_answer *answer, const char *id, struct str text, json_t *statement)
{
    if (answer->n_hints < HINTS_MAX)
        answer->hints[answer->n_hints++] = (struct can_hint){ id, text, statement };
}

/* ---- what the documents say ---- */

static const json_t *statement_of(const struct can_policy *p, size_t index)
{
    const json_t *all = json_object_get(p->document, "Statement");
    return json_is_array(all) ? json_array_get(all, index) : all;
}

/* The i-th text of an element that is a text or a list of them; empty behind the last. */
static struct str text_at(const json_t *element, size_t i)
{
    if (json_is_string(element))
        return i ? STR("") : json_str(element);
    return json_str(json_array_get(element, i));
}

/* "a", "a and b", "a, b, c and 4 more". */
static struct str some(struct arena *a, const json_t *element)
{
    struct text t = text_new(a, TEXT_BYTES_MAX);
    size_t n = json_is_array(element) ? json_array_size(element) : 1;
    for (size_t i = 0; i < n && i < SHOWN_MAX; i++) {
        text_put(&t, !i ? STR("") : i + 1 == n ? STR(" and ") : STR(", "));
        text_put(&t, text_at(element, i));
    }
    if (n > SHOWN_MAX)
        text_printf(&t, " and %zu more", n - SHOWN_MAX);
    return text_str(&t);
}

/* "statement 1 (ECRPushImages) of CircleCI-Deployment-Policy". */
static struct str called(struct arena *a, const struct can_policy *p,
                         const struct policy_statement_trace *s)
{
    return arena_printf(a, "statement %zu%s%.*s%s of %.*s", s->index, s->sid.n ? " (" : "",
                        STR_ARG(s->sid), s->sid.n ? ")" : "", STR_ARG(p->name));
}

/* What would allow exactly what was asked. */
static json_t *wanted_statement(struct arena *a, const struct can_answer *answer)
{
    json_t *o = json_object();
    json_object_set_new(o, "Effect", json_string("Allow"));
    json_object_set_new(o, "Action", json_of(answer->action));
    json_object_set_new(o, "Resource", json_of(answer->resource));
    return json_keep(a, o);
}

/* ---- explicit denials ---- */

static void hint_denied(struct arena *a, struct can_answer *answer)
{
    for (size_t i = 0; i < answer->n_policies; i++) {
        const struct can_policy *p = &answer->policies[i];
        for (size_t j = 0; j < p->trace->n_statements; j++) {
            const struct policy_statement_trace *s = &p->trace->statements[j];
            if (s->matched && !s->allow)
                add(answer, "denied",
                    arena_printf(a, "%.*s denies it, and no Allow comes up against a Deny%s",
                                 STR_ARG(called(a, p, s)),
                                 s->n_conditions ? ": give a context in which its conditions do "
                                                   "not hold"
                                                 : ""),
                    NULL);
        }
    }
}

/* ---- statements that came near ---- */

static bool all_conditions_hold(const struct policy_statement_trace *s)
{
    for (size_t i = 0; i < s->n_conditions; i++)
        if (!s->conditions[i].passed)
            return false;
    return true;
}

static void hint_conditions(struct arena *a, struct can_answer *answer, const struct can_policy *p,
                            const struct policy_statement_trace *s)
{
    for (size_t i = 0; i < s->n_conditions; i++) {
        const struct policy_condition_trace *c = &s->conditions[i];
        if (c->passed)
            continue;
        if (!c->present)
            add(answer, "context-missing",
                arena_printf(a,
                             "%.*s asks for %.*s, which this request does not have: give it as "
                             "--context %.*s=VALUE where AWS would fill it",
                             STR_ARG(called(a, p, s)), STR_ARG(c->key), STR_ARG(c->key)),
                NULL);
        else
            add(answer, "condition",
                arena_printf(a, "%.*s allows it where its %.*s of %.*s holds",
                             STR_ARG(called(a, p, s)), STR_ARG(c->operator), STR_ARG(c->key)),
                NULL);
    }
}

static void hint_resource(struct arena *a, struct can_answer *answer, const struct can_policy *p,
                          const struct policy_statement_trace *s)
{
    const json_t *statement = statement_of(p, s->index);
    const json_t *resource = json_object_get(statement, "Resource");
    struct str where = called(a, p, s);
    if (!resource) {
        add(answer, "resource",
            arena_printf(a, "%.*s allows it on what its NotResource does not name", STR_ARG(where)),
            NULL);
    } else if (str_eq(answer->resource, STR("*"))) {
        add(answer, "resource-unnamed",
            arena_printf(a, "%.*s allows it on %.*s: name the resource behind the action",
                         STR_ARG(where), STR_ARG(some(a, resource))),
            NULL);
    } else {
        add(answer, "resource",
            arena_printf(a, "%.*s allows it on %.*s, and not on %.*s", STR_ARG(where),
                         STR_ARG(some(a, resource)), STR_ARG(answer->resource)),
            NULL);
    }
}

/* Returns whether some statement is about the action. */
static bool hint_near(struct arena *a, struct can_answer *answer, bool boundary)
{
    bool found = false;
    for (size_t i = 0; i < answer->n_policies; i++) {
        const struct can_policy *p = &answer->policies[i];
        for (size_t j = 0; p->boundary == boundary && j < p->trace->n_statements; j++) {
            const struct policy_statement_trace *s = &p->trace->statements[j];
            if (!s->allow || !s->action || s->matched)
                continue;
            found = true;
            if (!s->resource)
                hint_resource(a, answer, p, s);
            else if (!all_conditions_hold(s))
                hint_conditions(a, answer, p, s);
        }
    }
    return found;
}

/* ---- actions ---- */

static bool is_pattern(struct str s)
{
    return str_find(s, '*') < s.n || str_find(s, '?') < s.n;
}

/* "Get" of "s3:GetObject". */
static struct str beginning(struct str action)
{
    str_cut(&action, ':');
    return str_sub(action, 0, 3);
}

/* Few letters are between s3:GetObject and s3:PutObject, and neither is a slip for the other. */
static bool is_slip(struct str given, struct str meant, size_t distance)
{
    enum { LETTERS_MAX = 2 };
    bool alike = str_eq_nocase(beginning(given), beginning(meant));
    return distance <= (alike ? LETTERS_MAX : 1);
}

/* The name that some Allow has and that this was probably meant to be. */
static struct str nearest_action(struct arena *a, const struct can_answer *answer)
{
    struct nearest near = nearest_new(a, answer->action);
    for (size_t i = 0; i < answer->n_policies; i++) {
        const struct can_policy *p = &answer->policies[i];
        for (size_t j = 0; !p->boundary && j < p->trace->n_statements; j++) {
            const json_t *actions = json_object_get(statement_of(p, j), "Action");
            struct str name;
            for (size_t k = 0; p->trace->statements[j].allow && (name = text_at(actions, k)).n; k++)
                if (!is_pattern(name))
                    nearest_add(&near, name);
        }
    }
    return near.best.n && is_slip(answer->action, near.best, near.distance) ? near.best : STR("");
}

static void hint_action(struct arena *a, struct can_answer *answer)
{
    struct str near = nearest_action(a, answer);
    if (near.n)
        add(answer, "action-misspelt",
            arena_printf(a, "no statement is about %.*s; did you mean %.*s?",
                         STR_ARG(answer->action), STR_ARG(near)),
            NULL);
    add(answer, "statement-missing",
        arena_printf(a, "%s %.*s: a policy with this statement does",
                     answer->n_policies ? "no policy of the role allows"
                                        : "the role has no policies, and so none that allows",
                     STR_ARG(answer->action)),
        wanted_statement(a, answer));
}

/* ---- the boundary ---- */

static bool identity_allows(const struct can_answer *answer)
{
    for (size_t i = 0; i < answer->n_policies; i++)
        if (!answer->policies[i].boundary && answer->policies[i].trace->decision == POLICY_ALLOW)
            return true;
    return false;
}

static bool boundary_allows(const struct can_answer *answer)
{
    for (size_t i = 0; i < answer->n_policies; i++)
        if (answer->policies[i].boundary && answer->policies[i].trace->decision == POLICY_ALLOW)
            return true;
    return !answer->has_boundary;
}

static void hint_boundary(struct arena *a, struct can_answer *answer)
{
    add(answer, "boundary",
        arena_printf(a,
                     "the role's permissions boundary, %.*s, has to allow %.*s too: a boundary is "
                     "the most that the role's policies can give",
                     STR_ARG(answer->role->grants.boundary), STR_ARG(answer->action)),
        NULL);
    hint_near(a, answer, true);
}

static void hint_unknown(struct arena *a, struct can_answer *answer)
{
    for (size_t i = 0; i < answer->n_unknown; i++)
        add(answer, "document-unknown",
            arena_printf(a,
                         "%.*s may allow it, but nobody here has its document: add it to the "
                         "config's managed_policies, or put its statements into a policy that is",
                         STR_ARG(answer->unknown[i])),
            NULL);
}

void can_hints_find(struct arena *a, struct can_answer *answer)
{
    answer->hints = arena_array(a, struct can_hint, HINTS_MAX);
    if (answer->explicit_deny) {
        hint_denied(a, answer);
        return;
    }
    if (!identity_allows(answer) && !hint_near(a, answer, false))
        hint_action(a, answer);
    if (!boundary_allows(answer))
        hint_boundary(a, answer);
    hint_unknown(a, answer);
}
