#include "fakests/hints/hints.h"

#include "fakests/hints/families.h"
#include "fakests/hints/statement.h"
#include "fakests/hints/trial.h"

/* Of the rules of one group the first that applies is told: the particular before the general. */
enum group {
    GROUP_ISSUER,
    GROUP_ROLE,
    GROUP_AUDIENCE,
    GROUP_TIME,
    GROUP_DURATION,
    GROUP_MAXIMUM,
    GROUP_DENY,
    GROUP_PRINCIPAL,
    GROUP_ACTION,
    GROUP_CONDITION,
    GROUP_WARNING,
    GROUPS
};

/* A rule looks at the exchange, at a statement or at a clause. */
#define OF_CASE(rule)      .of_case = (rule)
#define OF_STATEMENT(rule) .of_statement = (rule)
#define OF_CLAUSE(rule)    .of_clause = (rule)

static const struct rule {
    const char *id, *about;
    enum group group;
    hint_of_case *of_case;
    hint_of_statement *of_statement;
    hint_of_clause *of_clause;
    bool step;     /* the right key is a step ahead, even if its value is another */
    bool unproved; /* what it says is true even where its edit alone does not help */
} rules[] = {
    /* the issuer, in the role's account */
    { "provider-in-other-account", "the issuer is registered in another account than the role's",
      GROUP_ISSUER, OF_CASE(provider_in_other_account) },
    { "provider-trailing-slash", "the registered URL and iss differ by the final slash",
      GROUP_ISSUER, OF_CASE(provider_slash) },
    { "provider-case", "the registered URL and iss differ in upper and lower case", GROUP_ISSUER,
      OF_CASE(provider_case) },
    { "provider-port", "the registered URL and iss differ by a port", GROUP_ISSUER,
      OF_CASE(provider_port) },
    { "provider-misspelt", "a provider is registered for nearly this iss", GROUP_ISSUER,
      OF_CASE(provider_misspelt) },
    { "provider-missing", "no provider is registered for iss", GROUP_ISSUER,
      OF_CASE(provider_missing) },

    /* which role */
    { "role-in-other-account", "the role of that name is in another account", GROUP_ROLE,
      OF_CASE(role_in_other_account) },
    { "role-path", "the role's path is missing from its ARN, or the case is another", GROUP_ROLE,
      OF_CASE(role_path) },
    { "role-misspelt", "there is a role of nearly that name", GROUP_ROLE, OF_CASE(role_misspelt) },
    { "role-arn-of-session",
      "RoleArn is a name, or the ARN of a session, and not the ARN of a role", GROUP_ROLE,
      OF_CASE(role_session_arn) },
    { "role-trusts-others", "no statement of the role trusts this issuer", GROUP_ROLE,
      OF_CASE(role_of_others) },

    /* the audience */
    { "audience-is-azp", "aud is looked for where AWS takes azp", GROUP_AUDIENCE,
      OF_CASE(audience_azp_unregistered) },
    { "pulumi-audience-prefix", "aws:ORGANIZATION against the bare organization", GROUP_AUDIENCE,
      OF_CASE(audience_pulumi_unregistered) },
    { "audience-misspelt", "nearly this audience is registered", GROUP_AUDIENCE,
      OF_CASE(audience_misspelt) },
    { "audience-unregistered", "the audience is not among the client ids", GROUP_AUDIENCE,
      OF_CASE(audience_missing) },

    /* the clocks, and how long */
    { "token-expired", "the token has expired", GROUP_TIME, OF_CASE(time_expired) },
    { "clock-skew", "the token comes from the future", GROUP_TIME, OF_CASE(time_skew) },
    { "duration-over-maximum", "a longer session is asked for than the role allows", GROUP_DURATION,
      OF_CASE(duration_over_maximum) },
    { "role-maximum-too-short", "the same, changed at the role", GROUP_MAXIMUM,
      OF_CASE(duration_raise) },

    /* the trust policy: Deny, Principal, Action */
    { "explicit-deny", "a Deny statement matches", GROUP_DENY, OF_STATEMENT(deny_explicit) },
    { "principal-trailing-slash", "Principal and provider differ by the final slash",
      GROUP_PRINCIPAL, OF_STATEMENT(principal_slash), .unproved = true },
    { "principal-case", "Principal and provider differ in upper and lower case", GROUP_PRINCIPAL,
      OF_STATEMENT(principal_case), .unproved = true },
    { "principal-has-scheme", "https:// stands in the provider's ARN", GROUP_PRINCIPAL,
      OF_STATEMENT(principal_scheme), .unproved = true },
    { "principal-other-account", "Principal is the same issuer's provider of another account",
      GROUP_PRINCIPAL, OF_STATEMENT(principal_other_account), .unproved = true },
    { "principal-missing-path",
      "the path of the issuer's URL is missing from Principal, or is longer there", GROUP_PRINCIPAL,
      OF_STATEMENT(principal_path), .unproved = true },
    { "principal-misspelt", "Principal is nearly the provider", GROUP_PRINCIPAL,
      OF_STATEMENT(principal_misspelt), .unproved = true },
    { "principal-anyone", "Principal is `\"*\"` or `{\"AWS\": \"*\"}`", GROUP_PRINCIPAL,
      OF_STATEMENT(principal_anyone) },
    { "principal-role-arn", "Principal is a role, a user or an account", GROUP_PRINCIPAL,
      OF_STATEMENT(principal_aws) },
    { "tag-session-missing", "the token has session tags, and sts:TagSession is not allowed",
      GROUP_ACTION, OF_STATEMENT(action_tag_session) },
    { "set-source-identity-missing",
      "the token has a source identity, and sts:SetSourceIdentity is not allowed", GROUP_ACTION,
      OF_STATEMENT(action_source_identity) },
    { "action-assume-role", "Action is sts:AssumeRole in place of sts:AssumeRoleWithWebIdentity",
      GROUP_ACTION, OF_STATEMENT(action_not_web_identity) },
    { "action-missing", "Action does not name sts:AssumeRoleWithWebIdentity", GROUP_ACTION,
      OF_STATEMENT(action_missing) },

    /* a condition on a key that is not there */
    { "key-has-scheme", "https:// stands in the condition key", GROUP_CONDITION,
      OF_CLAUSE(key_scheme), .step = true, .unproved = true },
    { "key-trailing-slash", "the key and the provider differ by the final slash", GROUP_CONDITION,
      OF_CLAUSE(key_slash), .step = true, .unproved = true },
    { "key-other-issuer", "the key belongs to another issuer, organization or workspace",
      GROUP_CONDITION, OF_CLAUSE(key_other_issuer), .step = true, .unproved = true },
    { "key-principal-tag", "aws:PrincipalTag in place of aws:RequestTag", GROUP_CONDITION,
      OF_CLAUSE(key_principal_tag) },
    { "key-iss", "AWS fills no key :iss", GROUP_CONDITION, OF_CLAUSE(key_iss), .unproved = true },
    { "key-azp", "AWS fills no key :azp, but shows azp as :aud", GROUP_CONDITION,
      OF_CLAUSE(key_azp), .unproved = true },
    { "circleci-vcs-key", "AWS fills no key for CircleCI's repository and branch", GROUP_CONDITION,
      OF_CLAUSE(key_vcs), .unproved = true },
    { "key-never-filled", "AWS makes no key of that claim for this issuer", GROUP_CONDITION,
      OF_CLAUSE(key_never_filled), .unproved = true },
    { "key-misspelt", "there is a key of nearly that name", GROUP_CONDITION,
      OF_CLAUSE(key_misspelt) },
    { "key-absent", "the token has no claim, or no tag, for the key", GROUP_CONDITION,
      OF_CLAUSE(key_absent) },

    /* a condition on a key with another value */
    { "list-under-scalar-operator", "a list such as amr under an operator for one value",
      GROUP_CONDITION, OF_CLAUSE(list_scalar) },
    { "tag-key-case", "tag keys that differ in upper and lower case", GROUP_CONDITION,
      OF_CLAUSE(list_tag_case) },
    { "wildcard-under-equals", "`*` or `?` under StringEquals", GROUP_CONDITION,
      OF_CLAUSE(value_wildcard), .unproved = true },
    { "audience-is-azp", "aud is looked for where AWS takes azp", GROUP_CONDITION,
      OF_CLAUSE(audience_azp) },
    { "pulumi-audience-prefix", "aws:ORGANIZATION against the bare organization", GROUP_CONDITION,
      OF_CLAUSE(audience_pulumi) },
    { "pulumi-yaml-environment", "`<yaml>` against the name of an environment", GROUP_CONDITION,
      OF_CLAUSE(value_pulumi_yaml) },
    { "circleci-v2-subject", "the V2 token against a V1 pattern", GROUP_CONDITION,
      OF_CLAUSE(value_circleci_v2) },
    { "circleci-v1-subject", "the V1 token against a V2 pattern", GROUP_CONDITION,
      OF_CLAUSE(value_circleci_v1) },
    { "github-immutable-subject", "a subject with numbers in it against a classic pattern",
      GROUP_CONDITION, OF_CLAUSE(value_github_immutable) },
    { "value-case", "the values differ in upper and lower case", GROUP_CONDITION,
      OF_CLAUSE(value_case) },
    { "value-differs", "the token has another value", GROUP_CONDITION, OF_CLAUSE(value_differs) },

    /* open doors */
    { "no-sub-condition", "nothing looks at sub: everyone on the platform gets in", GROUP_WARNING,
      OF_STATEMENT(loose_subject) },
    { "for-all-values-missing-claim", "ForAllValues: is satisfied by a token without the claim",
      GROUP_WARNING, OF_CLAUSE(list_for_all_values) },
    { "if-exists-missing-claim", "...IfExists is satisfied by a token without the claim",
      GROUP_WARNING, OF_CLAUSE(loose_if_exists) },
};
enum { RULES = sizeof rules / sizeof rules[0], HINTS_MAX = 16 };

/* ---- one rule ---- */

struct finding {
    struct hint_case *c;
    struct hints *list;
};

static void keep(struct finding *f, const struct rule *rule, struct hint *hint)
{
    hint->id = rule->id;
    hint->kind = rule->group == GROUP_WARNING ? HINT_WARNING : HINT_FIX;
    f->list->items[f->list->n++] = *hint;
}

static bool applies(const struct rule *rule, const struct hint_case *c, const struct statement *s,
                    const struct clause *k, struct hint *out)
{
    *out = (struct hint){ .id = rule->id };
    if (k)
        return rule->of_clause && rule->of_clause(c, k, out);
    if (s)
        return rule->of_statement && rule->of_statement(c, s, out);
    return rule->of_case && rule->of_case(c, out);
}

/* Whether the hint may be told; an edit that was tried in vain is taken off it, or both dropped. */
static bool stands(const struct rule *rule, const struct hint_case *c, const struct statement *s,
                   const struct clause *k, struct hint *hint)
{
    bool proved = true;
    if (!hint->edit.target || !s)
        return true;
    if (rule->group != GROUP_WARNING)
        proved = trial_helps(c, s, &hint->edit,
                             k && !rule->step ? statement_clause_distance(k->trace) : 1);
    else if (c->trace->policy.decision != POLICY_ALLOW || (k && !k->entry))
        proved = trial_stored(c, &hint->edit); /* this very exchange may be the one to close */
    else
        proved = trial_keeps(c, &hint->edit);
    if (!proved)
        hint->edit = (struct hint_edit){ .target = NULL };
    return proved || rule->unproved;
}

/* The first rule of each group, of those from `from` to `to`, that has something to say. */
static void ask(struct finding *f, enum group from, enum group to, const struct statement *s,
                const struct clause *k)
{
    bool told[GROUPS] = { false };
    struct hint hint;
    for (size_t i = 0; i < RULES && f->list->n < HINTS_MAX; i++) {
        const struct rule *rule = &rules[i];
        bool open = rule->group >= from && rule->group <= to &&
                    (!told[rule->group] || rule->group == GROUP_WARNING);
        if (!open || !applies(rule, f->c, s, k, &hint) || !stands(rule, f->c, s, k, &hint))
            continue;
        told[rule->group] = true;
        keep(f, rule, &hint);
    }
}

/* ---- the trust policy ---- */

static bool policy_refused(const struct hint_case *c)
{
    return c->fault == FAULT_TRUST_DENIED || c->fault == FAULT_TAG_SESSION_DENIED ||
           c->fault == FAULT_SOURCE_IDENTITY_DENIED;
}

static struct statement *closest(const struct hint_case *c)
{
    struct statement *best = NULL;
    for (size_t i = 0; i < c->trace->policy.n_statements; i++) {
        struct statement *s = arena_make(c->arena, struct statement);
        *s = statement_read(c, i);
        for (size_t j = 0; j < s->n_clauses; j++)
            s->clauses[j].statement = s;
        if (s->trace->allow && (!best || statement_rank(c, s) < statement_rank(c, best)))
            best = s;
    }
    return best;
}

static void of_deny(struct finding *f, const struct statement *s)
{
    for (size_t i = 0; i < s->n_clauses; i++)
        if (!s->clauses[i].entry)
            ask(f, GROUP_CONDITION, GROUP_CONDITION, s, &s->clauses[i]);
    ask(f, GROUP_DENY, GROUP_DENY, s, NULL);
}

static void of_allow(struct finding *f, const struct statement *s)
{
    ask(f, GROUP_PRINCIPAL, GROUP_ACTION, s, NULL);
    for (size_t i = 0; i < s->n_clauses; i++)
        if (!s->clauses[i].trace->passed)
            ask(f, GROUP_CONDITION, GROUP_CONDITION, s, &s->clauses[i]);
}

static void warn(struct finding *f, const struct statement *s)
{
    ask(f, GROUP_WARNING, GROUP_WARNING, s, NULL);
    for (size_t i = 0; i < s->n_clauses; i++)
        ask(f, GROUP_WARNING, GROUP_WARNING, s, &s->clauses[i]);
}

static void of_policy(struct finding *f)
{
    struct hint_case *c = f->c;
    bool allowed = false;
    for (size_t i = 0; i < c->trace->policy.n_statements; i++) {
        struct statement s = statement_read(c, i);
        for (size_t j = 0; j < s.n_clauses; j++)
            s.clauses[j].statement = &s;
        allowed |= s.trace->allow && s.trace->matched;
        if (!s.trace->allow && s.trace->matched)
            of_deny(f, &s);
        if (s.trace->allow && s.trace->matched)
            warn(f, &s);
    }
    if (allowed || !policy_refused(c) || !c->closest ||
        statement_rank(c, c->closest) >= STATEMENT_FAR)
        return;
    of_allow(f, c->closest);
    warn(f, c->closest);
}

struct hints hints_find(struct hint_case *c)
{
    struct hints list = { arena_array(c->arena, struct hint, HINTS_MAX), 0 };
    struct finding f = { c, &list };
    bool evaluated = c->role && c->trace->has_policy && c->who->provider;
    c->closest = evaluated ? closest(c) : NULL;
    ask(&f, GROUP_ISSUER, GROUP_MAXIMUM, NULL, NULL);
    if (evaluated)
        of_policy(&f);
    return list;
}

/* ---- telling ---- */

bool hints_about(size_t n, struct hint_about *out)
{
    if (n >= RULES)
        return false;
    *out = (struct hint_about){ rules[n].id, rules[n].about,
                                rules[n].group == GROUP_WARNING ? HINT_WARNING : HINT_FIX };
    return true;
}

static json_t *edit_json(const struct hint_edit *e)
{
    json_t *o;
    if (!e->target)
        return json_null();
    o = json_pack("{s:s}", "target", e->target);
    json_object_set_new(o, "of", json_of(e->of));
    json_object_set_new(o, "op", json_string(e->op));
    json_object_set_new(o, "path", json_of(e->path));
    json_object_set_new(o, "value", e->value ? json_deep_copy(e->value) : json_null());
    return o;
}

json_t *hints_json(const struct hints *h)
{
    json_t *list = json_array();
    for (size_t i = 0; i < h->n; i++) {
        json_t *o = json_pack("{s:s, s:s}", "id", h->items[i].id, "kind",
                              h->items[i].kind == HINT_WARNING ? "warning" : "fix");
        json_object_set_new(o, "text", json_of(h->items[i].text));
        json_object_set_new(o, "edit", edit_json(&h->items[i].edit));
        json_array_append_new(list, o);
    }
    return list;
}
