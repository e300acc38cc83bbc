#include "fakests/lint/reach.h"

#include "fakests/context.h"
#include "fakests/lint/platform.h"

enum { QUOTED_MAX = 300 };

static struct str quoted(struct str s)
{
    return str_sub(s, 0, QUOTED_MAX);
}

/* ---- keys that no token fills ---- */

/* Claims that people take for keys, and the key that carries their value instead. */
static const struct {
    const char *name, *key; /* key NULL: none */
    const char *about;
} carriers[] = {
    { "iss", NULL, "drop it: the Principal is the issuer" },
    { "azp", "aud", "which holds azp where a token has one" },
    { "client_id", "aud", "which holds azp where a token has one" },
    { "oidc.circleci.com/vcs-ref", "sub",
      "which in CIRCLE_OIDC_TOKEN_V2 ends in /vcs-origin/ORIGIN/vcs-ref/REF" },
    { "oidc.circleci.com/vcs-origin", "sub",
      "which in CIRCLE_OIDC_TOKEN_V2 ends in /vcs-origin/ORIGIN/vcs-ref/REF" },
    { "oidc.circleci.com/org-id", "aud", "which is the organization's id" },
    { "repository_owner", "sub", "with repo:OWNER/* under StringLike" },
};

static struct str carrier(const struct review *r, const struct review_issuer *issuer,
                          struct str name)
{
    struct arena *a = r->out->arena;
    if (platform_is_env0(issuer->url))
        return arena_printf(a,
                            "compare \"aws:RequestTag/%.*s\", if it is one of env zero's session "
                            "tags",
                            STR_ARG(quoted(name)));
    for (size_t i = 0; i < sizeof carriers / sizeof carriers[0]; i++) {
        if (!str_eq_nocase(name, str_of(carriers[i].name)))
            continue;
        if (!carriers[i].key)
            return str_of(carriers[i].about);
        return arena_printf(a, "compare \"%.*s:%s\", %s", STR_ARG(issuer->url), carriers[i].key,
                            carriers[i].about);
    }
    return arena_printf(a, "compare \"%.*s:sub\", if that holds it", STR_ARG(issuer->url));
}

/* Keys of AWS's own that are absent when a web token is exchanged (aws.md section 5.3). */
static const struct {
    struct str key; /* one that ends in '/' stands for all below it */
    const char *fix;
} absent[] = {
    { STR_INIT("aws:PrincipalTag/"),
      "tags of the token are aws:RequestTag/ while the role is assumed, aws:PrincipalTag/ after" },
    { STR_INIT("aws:PrincipalArn"), "the caller has no ARN yet: name the provider as Principal" },
    { STR_INIT("aws:TokenIssueTime"), "" },
    { STR_INIT("aws:MultiFactorAuthPresent"), "" },
    { STR_INIT("aws:MultiFactorAuthAge"), "" },
    { STR_INIT("sts:ExternalId"), "an external id is of sts:AssumeRole only" },
};

static bool global_absent(struct str key, const char **fix)
{
    struct str rest;
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        bool below =
            str_ends(absent[i].key, STR("/")) && review_key_below(key, absent[i].key, &rest);
        if (!below && !str_eq_nocase(key, absent[i].key))
            continue;
        *fix = absent[i].fix;
        return true;
    }
    return false;
}

/* Whether web tokens are asked at all: of a statement about other callers nothing is known. */
static bool about_tokens(const struct review *r)
{
    return r->now->n_issuers && (r->now->lets_in || !r->now->s->allow);
}

void reach_key_never_filled(const struct review *r, const struct condition *k)
{
    struct str name;
    const char *fix;
    if (!about_tokens(r))
        return;
    const struct review_issuer *issuer = review_issuer_of(r, k, &name);
    if (issuer && !context_fills(issuer->url, name))
        review_say_condition(r, k, carrier(r, issuer, name),
                             "AWS makes no condition key of that claim, so %.*s is never there, %s",
                             STR_ARG(quoted(k->key)), review_effect_absent(k));
    else if (!issuer && global_absent(k->key, &fix))
        review_say_condition(r, k, str_of(fix),
                             "%.*s is not there when a web token is exchanged, %s",
                             STR_ARG(quoted(k->key)), review_effect_absent(k));
}

/* ---- keys of another provider ---- */

/* "aws:SourceIp": a word without dot or slash before the colon is a service's. */
static bool of_service(struct str key)
{
    struct str prefix = str_sub(key, 0, str_find(key, ':'));
    return prefix.n < key.n && str_find(prefix, '.') == prefix.n &&
           str_find(prefix, '/') == prefix.n && !str_eq_nocase(prefix, STR("https"));
}

/* The claim's name is behind the last colon, but CircleCI's holds a host: ISSUER:HOST/NAME. */
static struct str claim_of(struct str key)
{
    struct str name = key;
    while (str_find(name, ':') < name.n)
        (void)str_cut(&name, ':');
    return name;
}

static struct str prefix_of(struct str key, struct str name)
{
    return name.n < key.n ? str_sub(key, 0, key.n - name.n - 1) : STR("");
}

static struct str bare(struct str url)
{
    if (str_starts(url, STR("https://")))
        url = str_sub(url, 8, url.n);
    return str_ends(url, STR("/")) ? str_n(url.p, url.n - 1) : url;
}

void reach_key_of_other_provider(const struct review *r, const struct condition *k)
{
    struct str name;
    if (!about_tokens(r) || review_issuer_of(r, k, &name) || of_service(k->key))
        return;
    const struct review_issuer *issuer = &r->now->issuers[0];
    name = claim_of(k->key);
    struct str prefix = prefix_of(k->key, name);
    struct str fix = arena_printf(r->out->arena, "write \"%.*s:%.*s\"", STR_ARG(issuer->url),
                                  STR_ARG(quoted(name)));
    if (!prefix.n)
        review_say_condition(r, k, fix, "\"%.*s\" names no provider, %s", STR_ARG(quoted(k->key)),
                             review_effect_absent(k));
    else if (str_eq_nocase(bare(prefix), bare(issuer->url)))
        review_say_condition(r, k, fix, "\"%.*s\" is not spelt as the provider is, \"%.*s\", %s",
                             STR_ARG(quoted(prefix)), STR_ARG(quoted(issuer->url)),
                             review_effect_absent(k));
    else
        review_say_condition(r, k, fix,
                             "%.*s is a key of another provider than %.*s, which the statement "
                             "trusts, %s",
                             STR_ARG(quoted(k->key)), STR_ARG(quoted(issuer->url)),
                             review_effect_absent(k));
}

/* A key of one of several providers keeps the tokens of the others out. */
void reach_shared_condition(const struct review *r)
{
    struct str name;
    if (!r->now->lets_in || r->now->n_issuers < 2)
        return;
    for (size_t i = 0; i < r->now->s->conditions.n; i++) {
        const struct condition *k = &r->now->s->conditions.conditions[i];
        const struct review_issuer *issuer = review_issuer_of(r, k, &name);
        if (!issuer || review_holds_absent(k))
            continue;
        review_say_condition(r, k, STR(""),
                             "only tokens of %.*s have this key, so the other provider%s of the "
                             "statement can never match",
                             STR_ARG(quoted(issuer->url)), r->now->n_issuers > 2 ? "s" : "");
        return;
    }
}

/* ---- operators ---- */

static bool is_list(const struct review *r, const struct condition *k)
{
    struct str name;
    return str_eq_nocase(k->key, STR("aws:TagKeys")) ||
           str_eq_nocase(k->key, STR("sts:TransitiveTagKeys")) ||
           (review_issuer_of(r, k, &name) && str_eq_nocase(name, STR("amr")));
}

/* "never matches, also negated / IfExists" (aws.md section 5.2): of a key that is there. */
void reach_scalar_on_list(const struct review *r, const struct condition *k)
{
    if (k->set != CONDITION_SCALAR || k->op->presence || !is_list(r, k))
        return;
    review_say_condition(
        r, k, arena_printf(r->out->arena, "write ForAnyValue:%.*s", STR_ARG(k->spelling)),
        "%.*s is a list, which %.*s never matches", STR_ARG(k->key), STR_ARG(k->spelling));
}

void reach_no_values(const struct review *r, const struct condition *k)
{
    if (k->n_wanted)
        return;
    review_say_condition(r, k, STR(""), "no value is wanted of %.*s, %s", STR_ARG(quoted(k->key)),
                         k->op->negated && !k->op->presence ? "so the condition always holds"
                                                            : "which no value satisfies");
}

static bool compares_exactly(const struct condition *k)
{
    return k->op->variables && !k->op->wildcards;
}

/* ${*} and ${?} are how a wildcard is written that means itself. */
static bool holds_wildcard(struct str text, bool question_too)
{
    while (text.n) {
        if (text.p[0] == '*' || (question_too && text.p[0] == '?'))
            return true;
        size_t skip = str_starts(text, STR("${")) ? str_find(text, '}') : 1;
        text = str_sub(text, skip, text.n);
    }
    return false;
}

void reach_wildcard_under_equals(const struct review *r, const struct condition *k)
{
    struct str name;
    bool own = review_issuer_of(r, k, &name) != NULL;
    if (!compares_exactly(k))
        return;
    for (size_t i = 0; i < k->n_wanted; i++) {
        if (!holds_wildcard(k->texts[i], own))
            continue;
        review_say_value(r, k, i,
                         k->op->negated ? STR("write StringNotLike") : STR("write StringLike"),
                         "under %.*s the wildcard in \"%.*s\" is a plain character",
                         STR_ARG(k->spelling), STR_ARG(quoted(k->texts[i])));
    }
}

static bool knows_variables(const struct review *r)
{
    struct json_at version;
    return json_at_member(r->document, "Version", &version) &&
           str_eq(json_str(version.value), STR("2012-10-17"));
}

void reach_variable_without_version(const struct review *r, const struct condition *k)
{
    if (!k->op->variables || knows_variables(r))
        return;
    for (size_t i = 0; i < k->n_wanted; i++)
        if (str_contains(k->texts[i], STR("${")))
            review_say_value(r, k, i, STR(""), "\"%.*s\" is compared as it stands",
                             STR_ARG(quoted(k->texts[i])));
}

/* One block's conditions share their spelling's bytes. */
void reach_key_twice(const struct review *r, const struct condition *k)
{
    const struct condition *all = r->now->s->conditions.conditions;
    for (size_t i = (size_t)(k - all); i-- > 0 && all[i].spelling.p == k->spelling.p;) {
        if (all[i].hash != k->hash || !str_eq_nocase(all[i].key, k->key))
            continue;
        review_say_condition(r, k, STR(""), "%.*s stands here as %.*s already",
                             STR_ARG(quoted(k->key)), STR_ARG(quoted(all[i].key)));
        return;
    }
}

/* ---- actions ---- */

static bool names_federated(const struct compiled_statement *s)
{
    for (size_t i = 0; i < s->principals.n; i++)
        if (str_eq(s->principals.entries[i].type, STR("Federated")) ||
            s->principals.entries[i].anyone)
            return true;
    return false;
}

void reach_action(const struct review *r)
{
    const struct compiled_statement *s = r->now->s;
    if (!s->allow || s->not_action || s->principals.negated)
        return;
    if (r->now->lets_in && !names_federated(s))
        review_say_element(r, "Principal",
                           STR("name the provider under \"Federated\", or allow sts:AssumeRole"),
                           "sts:AssumeRoleWithWebIdentity is called with web tokens only, and the "
                           "statement names no provider");
    else if (r->now->n_issuers && !r->now->lets_in &&
             (review_has_action(s, STR("sts:AssumeRole")) ||
              review_has_action(s, STR("sts:AssumeRoleWithSAML"))))
        review_say_element(r, "Action", STR("write \"sts:AssumeRoleWithWebIdentity\""),
                           "a token of %.*s is exchanged with sts:AssumeRoleWithWebIdentity, which "
                           "the statement does not allow",
                           STR_ARG(quoted(r->now->issuers[0].url)));
}

/* Whether some statement allows the action to that principal. */
static bool allowed_somewhere(const struct review *r, struct str action, struct str principal)
{
    for (size_t i = 0; i < r->n_statements; i++) {
        const struct compiled_statement *s = r->statements[i].s;
        if (!s)
            return true; /* it could not be read: nothing is known */
        if (!s->allow || s->not_action || !review_has_action(s, action))
            continue;
        for (size_t j = 0; j < r->statements[i].n_issuers; j++)
            if (str_eq(r->statements[i].issuers[j].principal, principal))
                return true;
    }
    return false;
}

/* A condition of the statement that only a token with tags can meet. */
static bool wants_tags(const struct review *r)
{
    struct str tag;
    for (size_t i = 0; i < r->now->s->conditions.n; i++) {
        const struct condition *k = &r->now->s->conditions.conditions[i];
        if (review_key_below(k->key, STR("aws:RequestTag/"), &tag) && !review_holds_absent(k))
            return true;
    }
    return false;
}

void reach_tag_session(const struct review *r)
{
    bool wanted = r->now->lets_in && wants_tags(r);
    for (size_t i = 0; r->now->lets_in && i < r->now->n_issuers; i++) {
        const struct review_issuer *issuer = &r->now->issuers[i];
        bool env0 = platform_is_env0(issuer->url);
        if ((!env0 && !wanted) || allowed_somewhere(r, STR("sts:TagSession"), issuer->principal))
            continue;
        review_say_element(r, "Action", STR(""),
                           env0 ? "every token of %.*s carries session tags, and sts:TagSession is "
                                  "not allowed"
                                : "a condition wants session tags of the tokens of %.*s, and "
                                  "sts:TagSession is not allowed",
                           STR_ARG(quoted(issuer->url)));
    }
}

static bool wants_source_identity(const struct review *r)
{
    for (size_t i = 0; i < r->now->s->conditions.n; i++) {
        const struct condition *k = &r->now->s->conditions.conditions[i];
        if (str_eq_nocase(k->key, STR("sts:SourceIdentity")) && !review_holds_absent(k))
            return true;
    }
    return false;
}

void reach_source_identity(const struct review *r)
{
    if (!r->now->lets_in || !wants_source_identity(r))
        return;
    for (size_t i = 0; i < r->now->n_issuers; i++)
        if (!allowed_somewhere(r, STR("sts:SetSourceIdentity"), r->now->issuers[i].principal))
            review_say_element(r, "Action", STR(""),
                               "a condition wants a source identity of the tokens of %.*s, and "
                               "sts:SetSourceIdentity is not allowed",
                               STR_ARG(quoted(r->now->issuers[i].url)));
}
