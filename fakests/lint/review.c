#include "fakests/lint/review.h"

#include "fakests/iam/arn.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- saying ---- */

__attribute__((format(printf, 4, 0))) static void vsay(const struct review *r,
                                                       const struct json_at *at, struct str fix,
                                                       const char *format, va_list args)
{
    char message[1024];
    struct str place = STR("");
    vsnprintf(message, sizeof message, format, args);
    if (!findings_full(r->out))
        place = json_at_place(r->out->arena, at);
    findings_add(r->out, r->rule, r->rule->severity, place, str_of(message),
                 fix.n ? fix : str_of(r->rule->fix));
}

void review_say(const struct review *r, const struct json_at *at, struct str fix,
                const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsay(r, at, fix, format, args);
    va_end(args);
}

/* The way from the document down to a value of a condition. */
struct way {
    struct json_at list, statement, element, block, key, value;
};

static const struct json_at *go_statement(const struct review *r, struct way *w)
{
    if (!json_at_member(r->document, "Statement", &w->list))
        return r->document;
    w->statement = json_is_array(w->list.value) ? json_at_item(&w->list, r->now->index) : w->list;
    return &w->statement;
}

static const struct json_at *go_element(const struct review *r, const char *element, struct way *w)
{
    const struct json_at *statement = go_statement(r, w);
    return json_at_member(statement, element, &w->element) ? &w->element : statement;
}

static const struct json_at *go_condition(const struct review *r, const struct condition *k,
                                          struct way *w)
{
    const struct json_at *at = go_element(r, "Condition", w);
    if (!json_at_member(at, k->spelling.p, &w->block))
        return at;
    return json_at_member(&w->block, k->key.p, &w->key) ? &w->key : &w->block;
}

void review_say_element(const struct review *r, const char *element, struct str fix,
                        const char *format, ...)
{
    struct way w;
    va_list args;
    va_start(args, format);
    vsay(r, go_element(r, element, &w), fix, format, args);
    va_end(args);
}

void review_say_condition(const struct review *r, const struct condition *k, struct str fix,
                          const char *format, ...)
{
    struct way w;
    va_list args;
    va_start(args, format);
    vsay(r, go_condition(r, k, &w), fix, format, args);
    va_end(args);
}

void review_say_value(const struct review *r, const struct condition *k, size_t index,
                      struct str fix, const char *format, ...)
{
    struct way w;
    const struct json_at *at = go_condition(r, k, &w);
    va_list args;
    if (json_is_array(at->value)) {
        w.value = json_at_item(at, index);
        at = &w.value;
    }
    va_start(args, format);
    vsay(r, at, fix, format, args);
    va_end(args);
}

/* ---- statements ---- */

static const struct str builtin_providers[] = {
    STR_INIT("accounts.google.com"),
    STR_INIT("cognito-identity.amazonaws.com"),
    STR_INIT("graph.facebook.com"),
    STR_INIT("www.amazon.com"),
};

static bool issuer_read(struct str principal, struct review_issuer *out)
{
    static const struct str kind = STR_INIT("oidc-provider/");
    struct arn arn;
    for (size_t i = 0; i < sizeof builtin_providers / sizeof builtin_providers[0]; i++)
        if (str_eq(principal, builtin_providers[i])) {
            *out = (struct review_issuer){ principal, principal, STR("") };
            return true;
        }
    if (!arn_read(principal, &arn) || !str_starts(arn.resource, kind))
        return false;
    *out = (struct review_issuer){ principal, str_sub(arn.resource, kind.n, arn.resource.n),
                                   arn.account };
    return true;
}

void review_statement_init(struct review_statement *out, struct arena *a,
                           const struct compiled_statement *s, size_t index)
{
    *out = (struct review_statement){ .index = index, .s = s };
    if (!s || s->principals.negated)
        return;
    out->lets_in =
        s->allow && !s->not_action && review_has_action(s, STR("sts:AssumeRoleWithWebIdentity"));
    out->issuers = arena_array(a, struct review_issuer, s->principals.n);
    for (size_t i = 0; i < s->principals.n; i++)
        if (str_eq(s->principals.entries[i].type, STR("Federated")))
            out->n_issuers +=
                issuer_read(s->principals.entries[i].value, &out->issuers[out->n_issuers]);
}

bool review_has_action(const struct compiled_statement *s, struct str action)
{
    for (size_t i = 0; i < s->n_actions; i++)
        if (str_eq_nocase(s->actions[i].text, action))
            return true;
    return false;
}

/* ---- conditions ---- */

bool review_key_below(struct str key, struct str prefix, struct str *rest)
{
    if (key.n <= prefix.n || !str_eq_nocase(str_sub(key, 0, prefix.n), prefix))
        return false;
    *rest = str_sub(key, prefix.n, key.n);
    return true;
}

const struct review_issuer *review_issuer_of(const struct review *r, const struct condition *k,
                                             struct str *name)
{
    for (size_t i = 0; i < r->now->n_issuers; i++) {
        const struct review_issuer *issuer = &r->now->issuers[i];
        struct str rest;
        if (!review_key_below(k->key, issuer->url, &rest) || rest.n < 2 || rest.p[0] != ':')
            continue;
        *name = str_sub(rest, 1, rest.n);
        return issuer;
    }
    return NULL;
}

bool review_restricts(const struct condition *k)
{
    return !k->op->presence && !k->op->negated && !k->if_exists && k->set != CONDITION_ALL_VALUES;
}

bool review_holds_absent(const struct condition *k)
{
    if (k->op->presence) {
        for (size_t i = 0; i < k->n_wanted; i++)
            if (k->wanted[i].value.yes)
                return true;
        return false;
    }
    return k->if_exists || k->set == CONDITION_ALL_VALUES ||
           (k->set == CONDITION_SCALAR && k->op->negated);
}

const char *review_effect_absent(const struct condition *k)
{
    return review_holds_absent(k) ? "so the condition always holds"
                                  : "so the statement never matches";
}
