#include "fakests/policy/save.h"

#include "base/nearest.h"
#include "fakests/policy/compiled.h"
#include "fakests/policy/element.h"

#define WEB_IDENTITY STR("sts:AssumeRoleWithWebIdentity")
#define GITHUB       STR("token.actions.githubusercontent.com")
#define COGNITO      STR("cognito-identity.amazonaws.com")

enum { QUOTED_MAX = 200 };

struct checking {
    struct arena *arena;
    struct why *why;
    const struct policy *policy;
    const struct json_at *at; /* or NULL */
    size_t index;             /* of the statement under review */
    const struct compiled_statement *s;
};

/* Refuses an element of the statement, at its place in the document where that is known. */
static struct outcome refuse(const struct checking *c, const char *element, struct str aws,
                             struct str detail)
{
    struct json_at list, item, member;
    const struct json_at *place = c->at;
    if (!place) {
        if (c->why->fault == FAULT_NONE)
            c->why->arg[0] = aws;
        return why_set(c->why, FAULT_POLICY_MALFORMED, "%.*s", STR_ARG(detail));
    }
    if (json_at_member(place, "Statement", &list)) {
        item = json_is_array(list.value) ? json_at_item(&list, c->index) : list;
        place = json_at_member(&item, element, &member) ? &member : &item;
    }
    return element_refuse(place, c->why, aws, "%.*s", STR_ARG(detail));
}

/* ---- elements ---- */

static struct outcome check_not_principal(const struct checking *c)
{
    if (!c->s->principals.negated)
        return OK;
    return refuse(c, "NotPrincipal",
                  c->s->allow ? STR("Allow with NotPrincipal is not allowed.")
                              : STR("AssumeRole policy must not contain NotPrincipal field."),
                  STR("a trust policy says whom it means with Principal"));
}

/* Compared exactly: IAM refuses "STS:assumerolewithwebidentity" (observed), though it would match.
 */
static const struct str actions[] = {
    STR_INIT("sts:AssumeRole"),
    STR_INIT("sts:AssumeRoleWithSAML"),
    STR_INIT("sts:AssumeRoleWithWebIdentity"),
    STR_INIT("sts:TagSession"),
    STR_INIT("sts:SetSourceIdentity"),
    STR_INIT("sts:SetContext"),
};
enum { ACTIONS = sizeof actions / sizeof actions[0] };

static bool action_known(struct str action)
{
    for (size_t i = 0; i < ACTIONS; i++)
        if (str_eq(action, actions[i]))
            return true;
    return false;
}

static struct outcome refuse_action(const struct checking *c, struct str action)
{
    struct str near = nearest_of(action, actions, ACTIONS);
    struct str quoted = str_sub(action, 0, QUOTED_MAX);
    return refuse(c, c->s->not_action ? "NotAction" : "Action",
                  STR("AssumeRole policy may only specify STS AssumeRole actions."),
                  near.n ? arena_printf(c->arena,
                                        "\"%.*s\" is not an action of a trust policy; did you mean "
                                        "\"%.*s\"?",
                                        STR_ARG(quoted), STR_ARG(near))
                         : arena_printf(c->arena,
                                        "\"%.*s\" is not an action of a trust policy, which names "
                                        "each of its actions in full",
                                        STR_ARG(quoted)));
}

static struct outcome check_actions(const struct checking *c)
{
    for (size_t i = 0; i < c->s->n_actions; i++)
        if (c->s->not_action || !action_known(c->s->actions[i].text))
            return refuse_action(c, c->s->actions[i].text);
    return OK;
}

/* ---- principals ---- */

static bool all_of(struct str s, const char *set)
{
    for (size_t i = 0; i < s.n; i++)
        if (!s.p[i] || !strchr(set, s.p[i]))
            return false;
    return s.n > 0;
}

static bool is_account(struct str s)
{
    return s.n == 12 && all_of(s, "0123456789");
}

/* The resource of "arn:PARTITION:SERVICE::ACCOUNT:resource", not empty. */
static bool arn_resource(struct str s, struct str service, struct str *resource)
{
    struct arnlike arn;
    if (!arnlike_read(s, &arn) || !arn.part[1].n || !str_eq(arn.part[2], service) ||
        arn.part[3].n || !is_account(arn.part[4]))
        return false;
    *resource = arn.part[5];
    return resource->n > 0;
}

static const struct str builtin_providers[] = {
    STR_INIT("accounts.google.com"),
    STR_INIT("cognito-identity.amazonaws.com"),
    STR_INIT("graph.facebook.com"),
    STR_INIT("www.amazon.com"),
};

static bool federated_valid(struct str value)
{
    struct str resource;
    for (size_t i = 0; i < sizeof builtin_providers / sizeof builtin_providers[0]; i++)
        if (str_eq(value, builtin_providers[i]))
            return true;
    if (!arn_resource(value, STR("iam"), &resource))
        return false;
    struct str kind = str_cut(&resource, '/');
    return resource.n && (str_eq(kind, STR("oidc-provider")) || str_eq(kind, STR("saml-provider")));
}

/* An account, an ARN of IAM or STS, or the unique id that IAM stores in an ARN's place. */
static bool aws_valid(struct str value)
{
    struct str resource;
    return str_eq(value, STR("*")) || is_account(value) ||
           arn_resource(value, STR("iam"), &resource) ||
           arn_resource(value, STR("sts"), &resource) ||
           (value.n >= 16 && value.p[0] == 'A' &&
            all_of(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"));
}

/*
 * The domains of AWS's services, in all partitions.  IAM knows the services by name; which there
 * are is not known here, but their domain alone is none (aws-cdk-examples#801).
 */
static const struct str service_domains[] = {
    STR_INIT(".amazonaws.com"), STR_INIT(".amazonaws.com.cn"), STR_INIT(".amazonaws.eu"),
    STR_INIT(".amazon.com"),    STR_INIT(".aws.internal"),     STR_INIT(".c2s.ic.gov"),
    STR_INIT(".sc2s.sgov.gov"),
};

static bool service_valid(struct str value)
{
    if (!all_of(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"))
        return false;
    for (size_t i = 0; i < sizeof service_domains / sizeof service_domains[0]; i++)
        if (str_ends(value, service_domains[i]) && value.n > service_domains[i].n)
            return true;
    return false;
}

static bool canonical_user_valid(struct str value)
{
    return value.n == 64 && all_of(value, "0123456789abcdef");
}

static const struct {
    struct str type, aws_name;
    bool (*valid)(struct str value);
    const char *wanted;
} principal_types[] = {
    { STR_INIT("AWS"), STR_INIT("AWS"), aws_valid, "an account id, or the ARN of a user or role" },
    { STR_INIT("Federated"), STR_INIT("Federated"), federated_valid,
      "the ARN of an OIDC or SAML provider, or a built-in provider's name" },
    { STR_INIT("Service"), STR_INIT("SERVICE"), service_valid,
      "a service's name, as in \"ec2.amazonaws.com\"" },
    { STR_INIT("CanonicalUser"), STR_INIT("CanonicalUser"), canonical_user_valid,
      "64 hexadecimal digits" },
};

static struct outcome check_principals(const struct checking *c)
{
    for (size_t i = 0; i < c->s->principals.n; i++) {
        const struct principal *p = &c->s->principals.entries[i];
        struct str value = str_sub(p->value, 0, QUOTED_MAX);
        for (size_t j = 0; j < sizeof principal_types / sizeof principal_types[0]; j++)
            if (str_eq(p->type, principal_types[j].type) && !principal_types[j].valid(p->value))
                return refuse(c, "Principal",
                              arena_printf(c->arena,
                                           "Invalid principal in policy: \"%.*s\":\"%.*s\"",
                                           STR_ARG(principal_types[j].aws_name), STR_ARG(value)),
                              arena_printf(c->arena, "\"%.*s\" is not %s", STR_ARG(value),
                                           principal_types[j].wanted));
    }
    return OK;
}

/* ---- what a condition has to say ---- */

/* An Allow of AssumeRoleWithWebIdentity: the statements that let web tokens in. */
static bool lets_web_identity_in(const struct compiled_statement *s)
{
    if (!s->allow || s->principals.negated || s->not_action)
        return false;
    for (size_t i = 0; i < s->n_actions; i++)
        if (str_eq(s->actions[i].text, WEB_IDENTITY))
            return true;
    return false;
}

static bool op_is(const struct condition *k, struct str name)
{
    return !k->if_exists && str_eq(k->op->name, name);
}

static bool op_equals(const struct condition *k)
{
    return op_is(k, STR("StringEquals")) || op_is(k, STR("StringEqualsIgnoreCase"));
}

static bool op_equals_or_like(const struct condition *k)
{
    return op_equals(k) || op_is(k, STR("StringLike"));
}

/* ---- application ids: Google, Amazon, Facebook, and Cognito's condition block ---- */

/* Which keys satisfy IAM was observed for Amazon; Google's documented keys stand in their place. */
static const struct {
    struct str issuer;
    struct str keys[3];
} application_ids[] = {
    { STR_INIT("accounts.google.com"),
      { STR_INIT("accounts.google.com:aud"), STR_INIT("accounts.google.com:oaud"),
        STR_INIT("accounts.google.com:sub") } },
    { STR_INIT("www.amazon.com"),
      { STR_INIT("www.amazon.com:app_id"), STR_INIT("www.amazon.com:sub"), STR_INIT("") } },
    { STR_INIT("graph.facebook.com"),
      { STR_INIT("graph.facebook.com:app_id"), STR_INIT("graph.facebook.com:sub"), STR_INIT("") } },
};

/* These keys are compared exactly, in lower case (observed). */
static bool names_application(const struct compiled_statement *s, const struct str keys[3])
{
    for (size_t i = 0; i < s->conditions.n; i++) {
        const struct condition *k = &s->conditions.conditions[i];
        for (size_t j = 0; j < 3; j++)
            if (op_equals(k) && keys[j].n && str_eq(k->key, keys[j]))
                return true;
    }
    return false;
}

static struct outcome check_application(const struct checking *c, struct str principal)
{
    if (str_eq(principal, COGNITO) && !c->s->has_condition)
        return refuse(c, "Principal",
                      STR("A condition block must be present for the Cognito provider"),
                      STR("without a Condition any identity pool could assume the role; compare "
                          "cognito-identity.amazonaws.com:aud with the pool's id"));
    for (size_t i = 0; i < sizeof application_ids / sizeof application_ids[0]; i++) {
        struct str issuer = application_ids[i].issuer;
        if (!str_eq(principal, issuer) || names_application(c->s, application_ids[i].keys))
            continue;
        return refuse(
            c, c->s->has_condition ? "Condition" : "Principal",
            arena_printf(
                c->arena,
                "Policy trusting %.*s requires a StringEquals condition on an application id",
                STR_ARG(issuer)),
            arena_printf(c->arena, "compare %.*s with your application's id, using StringEquals",
                         STR_ARG(application_ids[i].keys[0])));
    }
    return OK;
}

/* ---- providers that many tenants share ---- */

#define SUB(issuer)                               \
    {                                             \
        STR_INIT(issuer), STR_INIT(issuer ":sub") \
    }
#define AUD(issuer)                               \
    {                                             \
        STR_INIT(issuer), STR_INIT(issuer ":aud") \
    }

static const struct {
    struct str issuer, key;
} shared_issuers[] = {
    SUB("agent.buildkite.com"),
    SUB("oidc.codefresh.io"),
    SUB("studio.datachain.ai/api"),
    SUB("oidc-configuration.audit-log.githubusercontent.com"),
    SUB("vstoken.actions.githubusercontent.com"),
    SUB("gitlab.com"),
    AUD("api.pulumi.com/oidc"),
    AUD("sandboxes.cloud"),
    SUB("scalr.io"),
    SUB("tokens.cloud.shisho.dev"),
    SUB("app.terraform.io"),
    SUB("proidc.upbound.io"),
    AUD("oidc.vercel.com"),
    AUD("cognito-identity.amazonaws.com"),
    { STR_INIT("sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d"),
      STR_INIT("sts:RoleSessionName") },
    SUB("oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb"),
    SUB("oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu"),
    SUB("rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7"),
    SUB("rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr"),
    SUB("rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg"),
    SUB("rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26"),
};

/* "not scoped to all", as IAM has it: "**" and "?" pass (observed). */
static bool value_scoped(struct str value)
{
    return !str_eq(value, STR("*"));
}

/* For GitHub a leading '*' and a blank value are "all" too (observed). */
static bool value_scoped_github(struct str value)
{
    return str_trim(value).n && value.p[0] != '*';
}

static bool values_scoped(const struct condition *k, bool (*scoped)(struct str))
{
    for (size_t i = 0; i < k->n_wanted; i++)
        if (!scoped(k->texts[i]))
            return false;
    return true;
}

struct control {
    struct str issuer;
    struct str keys[2];
    size_t n_keys;
    struct str principal; /* as the message has it: the ARN for GitHub, else the issuer */
    bool (*scoped)(struct str value);
};

static bool is_required(const struct control *r, struct str key)
{
    for (size_t i = 0; i < r->n_keys; i++)
        if (str_eq_nocase(key, r->keys[i]))
            return true;
    return false;
}

/* One operator's keys from *i on: some required key is among them, and every such one is scoped. */
static bool block_scoped(const struct condition_list *list, size_t *i, const struct control *r)
{
    const char *block = list->conditions[*i].spelling.p;
    bool found = false, good = true;
    for (; *i < list->n && list->conditions[*i].spelling.p == block; ++*i) {
        const struct condition *k = &list->conditions[*i];
        if (!op_equals_or_like(k) || !is_required(r, k->key))
            continue;
        found = true;
        good = good && values_scoped(k, r->scoped);
    }
    return found && good;
}

static bool statement_scoped(const struct compiled_statement *s, const struct control *r)
{
    for (size_t i = 0; i < s->conditions.n;)
        if (block_scoped(&s->conditions, &i, r))
            return true;
    return false;
}

static bool find_control(struct arena *a, struct str principal, struct control *out)
{
    struct str issuer = principal, resource;
    if (arn_resource(principal, STR("iam"), &resource) &&
        str_eq(str_cut(&resource, '/'), STR("oidc-provider")))
        issuer = resource;
    if (str_starts(issuer, GITHUB)) {
        *out = (struct control){ issuer, { { 0 } }, 2, principal, value_scoped_github };
        out->keys[0] = arena_printf(a, "%.*s:sub", STR_ARG(issuer));
        out->keys[1] = arena_printf(a, "%.*s:job_workflow_ref", STR_ARG(issuer));
        return true;
    }
    for (size_t i = 0; i < sizeof shared_issuers / sizeof shared_issuers[0]; i++) {
        if (!str_eq(issuer, shared_issuers[i].issuer))
            continue;
        *out = (struct control){ issuer, { shared_issuers[i].key }, 1, issuer, value_scoped };
        return true;
    }
    return false;
}

static struct outcome check_control(const struct checking *c, struct str principal)
{
    struct control r;
    if (!find_control(c->arena, principal, &r) || statement_scoped(c->s, &r))
        return OK;
    struct str keys = r.n_keys == 1 ? r.keys[0]
                                    : arena_printf(c->arena, "%.*s or %.*s", STR_ARG(r.keys[0]),
                                                   STR_ARG(r.keys[1]));
    return refuse(
        c, c->s->has_condition ? "Condition" : "Principal",
        arena_printf(c->arena,
                     "Trust policy with trusted principal %.*s must evaluate, using StringEquals, "
                     "StringLike or StringEqualsIgnoreCase, %.*s which is not scoped to all.",
                     STR_ARG(r.principal), STR_ARG(keys)),
        arena_printf(c->arena,
                     "every tenant of %.*s could assume the role; compare %.*s with values of your "
                     "own, using StringEquals or StringLike",
                     STR_ARG(r.issuer), STR_ARG(keys)));
}

/* ---- together ---- */

static struct outcome each_federated(const struct checking *c,
                                     struct outcome (*check)(const struct checking *, struct str))
{
    if (!lets_web_identity_in(c->s))
        return OK;
    for (size_t i = 0; i < c->s->principals.n; i++)
        if (str_eq(c->s->principals.entries[i].type, STR("Federated")))
            TRY(check(c, c->s->principals.entries[i].value));
    return OK;
}

static struct outcome check_applications(const struct checking *c)
{
    return each_federated(c, check_application);
}

static struct outcome check_controls(const struct checking *c)
{
    return each_federated(c, check_control);
}

static struct outcome each_statement(struct checking *c,
                                     struct outcome (*check)(const struct checking *))
{
    for (c->index = 0; c->index < c->policy->n_statements; c->index++) {
        c->s = &c->policy->statements[c->index];
        TRY(check(c));
    }
    return OK;
}

struct outcome policy_save_rules(struct arena *a, struct why *why, const struct policy *p,
                                 const struct json_at *at)
{
    struct checking c = { .arena = a, .why = why, .policy = p, .at = at };
    TRY(each_statement(&c, check_not_principal));
    TRY(each_statement(&c, check_actions));
    TRY(each_statement(&c, check_principals));
    return each_statement(&c, check_applications);
}

struct outcome policy_save_controls(struct arena *a, struct why *why, const struct policy *p,
                                    const struct json_at *at)
{
    struct checking c = { .arena = a, .why = why, .policy = p, .at = at };
    return each_statement(&c, check_controls);
}

struct outcome policy_save_quota(struct arena *a, struct why *why, const struct policy *p,
                                 const struct json_at *at)
{
    if (policy_size(p) <= POLICY_TRUST_CHARACTERS_MAX)
        return OK;
    if (why->fault == FAULT_NONE) {
        why->arg[0] = STR("Cannot exceed quota for ACLSizePerRole: 2048");
        if (at)
            why->place = json_at_place(a, at);
    }
    FAIL(why, POLICY_TOO_LARGE,
         "the policy has %zu characters without blanks, and a trust policy may have %d",
         policy_size(p), POLICY_TRUST_CHARACTERS_MAX);
}

struct outcome policy_save_check(struct arena *a, struct why *why, const struct policy *p,
                                 const struct json_at *at)
{
    TRY(policy_save_rules(a, why, p, at));
    TRY(policy_save_controls(a, why, p, at));
    return policy_save_quota(a, why, p, at);
}
