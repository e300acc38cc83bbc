#include "fakests/lint/scope.h"

#include "fakests/lint/platform.h"

/* ---- subjects ---- */

static bool is_audience(struct str name)
{
    return str_eq_nocase(name, STR("aud")) || str_eq_nocase(name, STR("oaud"));
}

/*
 * Keys whose values come from the token and tell its owner from others.  Not sts:RoleSessionName,
 * which whoever holds the token chooses; but AWS itself wants it of one issuer (aws.md 5.4).
 */
static bool names_owner(const struct review *r, const struct condition *k)
{
    struct str name;
    if (review_issuer_of(r, k, &name))
        return !is_audience(name);
    return review_key_below(k->key, STR("aws:RequestTag/"), &name) ||
           str_eq_nocase(k->key, STR("sts:SourceIdentity")) ||
           str_eq_nocase(k->key, STR("sts:RoleAuthorizedByIdp")) ||
           (str_eq_nocase(k->key, STR("sts:RoleSessionName")) && r->now->n_issuers &&
            str_starts(r->now->issuers[0].url, STR("sts.windows.net/")));
}

enum subject_limit { SUBJECTS_UNLIMITED, SUBJECTS_EXCLUDED, SUBJECTS_NAMED };

/* What IfExists and ForAllValues: let through is told by rules of their own. */
static enum subject_limit subject_limit(const struct review *r)
{
    enum subject_limit found = SUBJECTS_UNLIMITED;
    for (size_t i = 0; i < r->now->s->conditions.n; i++) {
        const struct condition *k = &r->now->s->conditions.conditions[i];
        if (k->op->presence || !names_owner(r, k))
            continue;
        if (!k->op->negated)
            return SUBJECTS_NAMED;
        found = SUBJECTS_EXCLUDED;
    }
    return found;
}

/* What to add, with the platform's own shape where that is known. */
static struct str subject_fix(const struct review *r, const struct review_issuer *issuer)
{
    struct arena *a = r->out->arena;
    struct str example = platform_example_subject(a, issuer->url);
    if (!example.n)
        return arena_printf(a, "compare \"%.*s:sub\" with the subjects that are meant",
                            STR_ARG(issuer->url));
    return arena_printf(a, "add \"%.*s:sub\": \"%.*s\" under \"%s\"", STR_ARG(issuer->url),
                        STR_ARG(example),
                        platform_has_wildcard(example) ? "StringLike" : "StringEquals");
}

/* A built-in provider's audience is one application of one's own, and IAM insists on it. */
void scope_no_subject(const struct review *r)
{
    enum subject_limit limit = r->now->lets_in ? subject_limit(r) : SUBJECTS_NAMED;
    if (limit == SUBJECTS_NAMED || r->now->uncontrolled)
        return;
    for (size_t i = 0; i < r->now->n_issuers; i++) {
        const struct review_issuer *issuer = &r->now->issuers[i];
        if (!issuer->account.n)
            continue;
        review_say_element(r, "Condition", subject_fix(r, issuer),
                           limit == SUBJECTS_EXCLUDED
                               ? "some subjects of %.*s are kept out, and all others let in"
                               : "no condition names a subject: whoever gets a token of %.*s with "
                                 "an accepted audience gets the role",
                           STR_ARG(issuer->url));
    }
}

/* ---- wildcards ---- */

static bool compares_patterns(const struct review *r, const struct condition *k)
{
    return r->now->lets_in && k->op->wildcards && !k->op->negated;
}

/* A key of an issuer's, or the tag that tells env zero's customers apart. */
static const struct review_issuer *tenant_key(const struct review *r, const struct condition *k,
                                              struct str *name)
{
    const struct review_issuer *issuer = review_issuer_of(r, k, name);
    if (issuer)
        return issuer;
    if (!review_key_below(k->key, STR("aws:RequestTag/"), name) ||
        !str_eq_nocase(*name, STR("organizationId")))
        return NULL;
    for (size_t i = 0; i < r->now->n_issuers; i++)
        if (platform_is_env0(r->now->issuers[i].url))
            return &r->now->issuers[i];
    return NULL;
}

void scope_matches_all(const struct review *r, const struct condition *k)
{
    struct str name, issuer;
    const struct review_issuer *of = tenant_key(r, k, &name);
    if (!compares_patterns(r, k) || !of)
        return;
    issuer = of->url;
    for (size_t i = 0; i < k->n_wanted; i++) {
        struct str value = k->texts[i];
        if (platform_matches_all(value))
            review_say_value(r, k, i, STR(""), "\"%.*s\" fits every value of %.*s",
                             STR_ARG(str_sub(value, 0, 100)), STR_ARG(k->key));
        else if (str_eq_nocase(name, STR("sub")) &&
                 platform_every_subject(r->out->arena, issuer, value))
            review_say_value(r, k, i, STR(""),
                             "\"%.*s\" fits every subject that %.*s makes: no condition at all "
                             "would let the same ones in",
                             STR_ARG(str_sub(value, 0, 300)), STR_ARG(issuer));
    }
}

static void crossing(const struct review *r, const struct condition *k, size_t i, struct str issuer,
                     struct str name)
{
    struct str value = k->texts[i], shown = str_sub(value, 0, 300);
    if (!platform_has_wildcard(value) || platform_matches_all(value))
        return;
    if (is_audience(name)) {
        review_say_value(r, k, i, STR("write the whole audience, under StringEquals"),
                         "\"%.*s\" also fits audiences of others: an audience is one whole name",
                         STR_ARG(shown));
        return;
    }
    enum platform_tenant tenant = platform_tenant(issuer, name, value);
    if (tenant == PLATFORM_TENANT_CROSSED)
        review_say_value(r, k, i, STR(""),
                         "\"%.*s\" also fits names of other owners: a wildcard stands before the "
                         "end of the owner's name",
                         STR_ARG(shown));
    else if (tenant == PLATFORM_TENANT_UNKNOWN && value.p[0] == '*')
        review_say_value(r, k, i, STR(""),
                         "\"%.*s\" begins with a wildcard, so anything may stand "
                         "before what it names",
                         STR_ARG(shown));
}

void scope_crosses_tenants(const struct review *r, const struct condition *k)
{
    struct str name;
    const struct review_issuer *issuer = review_issuer_of(r, k, &name);
    if (!compares_patterns(r, k) || !issuer)
        return;
    for (size_t i = 0; i < k->n_wanted; i++)
        crossing(r, k, i, issuer->url, name);
}

void scope_audience_like(const struct review *r, const struct condition *k)
{
    struct str name;
    const struct review_issuer *issuer = review_issuer_of(r, k, &name);
    if (!compares_patterns(r, k) || !issuer || !is_audience(name))
        return;
    for (size_t i = 0; i < k->n_wanted; i++)
        if (platform_has_wildcard(k->texts[i]))
            return;
    review_say_condition(r, k, STR(""), "%.*s compares %.*s, whose wanted value has no wildcard",
                         STR_ARG(k->spelling), STR_ARG(k->key));
}

/* ---- operators that let an absent key pass ---- */

/* AssumeRoleWithWebIdentity refuses tokens without them (aws.md section 3). */
static bool always_there(struct str name)
{
    return is_audience(name) || str_eq_nocase(name, STR("sub"));
}

/* Only of claims: that a session tag may be missing is often meant. */
void scope_if_exists(const struct review *r, const struct condition *k)
{
    struct str name;
    if (!r->now->lets_in || !k->if_exists || k->op->negated || !review_issuer_of(r, k, &name))
        return;
    if (always_there(name))
        review_say_condition(r, k, STR(""),
                             "every token has %.*s, so IfExists adds nothing, and IAM does not "
                             "count the condition as evaluating it",
                             STR_ARG(k->key));
    else
        review_say_condition(r, k, STR(""), "a token without %.*s meets this condition",
                             STR_ARG(k->key));
}

static bool null_checked(const struct compiled_statement *s, const struct condition *of)
{
    for (size_t i = 0; i < s->conditions.n; i++) {
        const struct condition *k = &s->conditions.conditions[i];
        if (k == of || k->hash != of->hash || !str_eq_nocase(k->key, of->key))
            continue;
        if (k->op->presence ? !review_holds_absent(k) : review_restricts(k))
            return true;
    }
    return false;
}

static bool from_token(const struct review *r, const struct condition *k)
{
    struct str name;
    return review_issuer_of(r, k, &name) || review_key_below(k->key, STR("aws:RequestTag/"), &name);
}

/* Of aws:TagKeys it is the right question: "no tags but these" holds of a token without tags. */
void scope_for_all_values(const struct review *r, const struct condition *k)
{
    if (!r->now->lets_in || k->set != CONDITION_ALL_VALUES || k->if_exists || !from_token(r, k) ||
        null_checked(r->now->s, k))
        return;
    review_say_condition(
        r, k,
        arena_printf(r->out->arena, "drop ForAllValues:, or add \"%.*s\": \"false\" under \"Null\"",
                     STR_ARG(k->key)),
        "%.*s also holds of a token that has no %.*s", STR_ARG(k->spelling), STR_ARG(k->key));
}

/* ---- whole statements ---- */

static bool trusts_anyone(const struct compiled_statement *s)
{
    for (size_t i = 0; i < s->principals.n; i++)
        if (s->principals.entries[i].anyone)
            return true;
    return false;
}

void scope_anyone(const struct review *r)
{
    const struct compiled_statement *s = r->now->s;
    if (!s->allow || s->principals.negated || !trusts_anyone(s))
        return;
    if (review_has_action(s, STR("sts:AssumeRole")) && !s->conditions.n)
        review_say_element(r, "Principal", STR(""),
                           "\"*\" lets the users and roles of every AWS account assume the role");
    else if (r->now->lets_in)
        review_say_element(r, "Principal",
                           STR("write \"Federated\": \"arn:aws:iam::ACCOUNT:oidc-provider/URL\" "
                               "into the Principal"),
                           "\"*\" means callers with AWS credentials, and lets no web token in");
}

static bool has_principal(const struct compiled_statement *s, const struct principal *p)
{
    for (size_t i = 0; i < s->principals.n; i++)
        if (str_eq(s->principals.entries[i].type, p->type) &&
            str_eq(s->principals.entries[i].value, p->value))
            return true;
    return false;
}

static bool same_condition(const struct condition *a, const struct condition *b)
{
    if (!str_eq(a->spelling, b->spelling) || !str_eq_nocase(a->key, b->key) ||
        a->n_wanted != b->n_wanted)
        return false;
    for (size_t i = 0; i < a->n_wanted; i++)
        if (!str_eq(a->texts[i], b->texts[i]))
            return false;
    return true;
}

static bool has_condition(const struct compiled_statement *s, const struct condition *k)
{
    for (size_t i = 0; i < s->conditions.n; i++)
        if (same_condition(&s->conditions.conditions[i], k))
            return true;
    return false;
}

/* Whether `wide` names everybody and every action that `narrow` does. */
static bool names_all(const struct compiled_statement *wide,
                      const struct compiled_statement *narrow)
{
    if (wide->principals.negated || wide->not_action || narrow->principals.negated ||
        narrow->not_action)
        return false;
    for (size_t i = 0; i < narrow->principals.n; i++)
        if (!has_principal(wide, &narrow->principals.entries[i]))
            return false;
    for (size_t i = 0; i < narrow->n_actions; i++)
        if (!review_has_action(wide, narrow->actions[i].text))
            return false;
    return true;
}

/* Each condition of the wide one is one of the narrow one's too, which may have more. */
static bool asks_less(const struct compiled_statement *wide,
                      const struct compiled_statement *narrow)
{
    for (size_t i = 0; i < wide->conditions.n; i++)
        if (!has_condition(narrow, &wide->conditions.conditions[i]))
            return false;
    return true;
}

static bool shadows(const struct compiled_statement *wide, const struct compiled_statement *narrow)
{
    return wide->allow == narrow->allow && names_all(wide, narrow) && asks_less(wide, narrow);
}

/* A Deny without conditions that names all whom the Allow lets in. */
static bool denies_all(const struct compiled_statement *deny,
                       const struct compiled_statement *allow)
{
    return !deny->allow && allow->allow && !deny->conditions.n && names_all(deny, allow);
}

/* A policy within IAM's quota has some 25 statements; a stranger's file is not to cost minutes. */
enum { COMPARED_MAX = 200 };

/* Of two that say the same the later one is told. */
void scope_shadowed(const struct review *r)
{
    const struct compiled_statement *s = r->now->s;
    for (size_t i = 0; i < r->n_statements && i < COMPARED_MAX; i++) {
        const struct compiled_statement *other = r->statements[i].s;
        if (!other || i == r->now->index)
            continue;
        if (denies_all(other, s)) {
            review_say_element(r, "", STR(""), "statement %zu denies all that this one allows", i);
            return;
        }
        if (shadows(other, s) && (i < r->now->index || !shadows(s, other))) {
            review_say_element(r, "", STR(""),
                               "statement %zu %s all that this one does, so this one changes "
                               "nothing",
                               i, s->allow ? "allows" : "denies");
            return;
        }
    }
}
