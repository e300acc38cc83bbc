#include "fakests/web_identity.h"

#include "fakests/iam/arn.h"
#include "fakests/packed.h"
#include "fakests/param_iam.h"
#include "fakests/session_policy.h"

#include <stddef.h>

enum { DURATION_DEFAULT_S = 3600 };

/* aws.md section 1.2; the order of the rows is the order of a ValidationError's parts. */
const struct param web_identity_param_rows[] = {
    STS_ROLE_ARN("RoleArn", REQUIRED, struct web_identity_params, role_arn),
    STS_SESSION_NAME("RoleSessionName", 64, REQUIRED, struct web_identity_params,
                     role_session_name),
    IAM_SECRET("WebIdentityToken", 4, 20000, NULL, REQUIRED, struct web_identity_params,
               web_identity_token),
    IAM_TEXT("ProviderId", 4, 2048, NULL, OPTIONAL, struct web_identity_params, provider_id),
    STS_POLICY_ARNS(struct web_identity_params, policy_arns),
    STS_POLICY(2048, struct web_identity_params, policy),
    STS_DURATION(900, 43200, struct web_identity_params, duration_s),
    PARAM_END,
};

/* aws.md section 1.5: what a ProviderId beside an OpenID Connect token is answered with. */
static struct outcome check_provider_id(struct call *c, struct str id)
{
    if (!id.p)
        return OK;
    if (str_eq(id, STR("www.amazon.com")))
        FAIL(c->why, PROVIDER_ID_AMAZON,
             "ProviderId www.amazon.com wants an OAuth 2.0 access token");
    if (str_eq(id, STR("graph.facebook.com")))
        FAIL(c->why, PROVIDER_ID_FACEBOOK,
             "ProviderId graph.facebook.com wants an OAuth 2.0 access token");
    FAIL(c->why, PROVIDER_ID_UNKNOWN,
         "ProviderId must be left out when the token is an OpenID Connect token");
}

static struct outcome check_role_arn(struct call *c, struct str text, struct arn *out)
{
    if (arn_is_role(text, out))
        return OK;
    FAIL(c->why, ROLE_ARN_INVALID, "\"%.*s\" is not arn:aws:iam::ACCOUNT:role/NAME",
         STR_ARG(str_sub(text, 0, 300)));
}

static struct outcome find_role(struct call *c, struct str arn, const struct role **out)
{
    *out = iam_role(c->world->iam, arn);
    if (*out) {
        trace_pass(c->trace, "role-exists", "%s", "");
        return OK;
    }
    (void)why_set(c->why, FAULT_ROLE_UNKNOWN, "there is no role %.*s",
                  STR_ARG(str_sub(arn, 0, 300)));
    return trace_fail(c->trace, "role-exists", c->why);
}

/* The built-in providers go by name; every provider goes by its ARN (aws.md section 5.1). */
size_t web_identity_principals(const struct provider *p, struct policy_principal out[2])
{
    static const struct str builtin[] = { STR_INIT("accounts.google.com"),
                                          STR_INIT("cognito-identity.amazonaws.com"),
                                          STR_INIT("graph.facebook.com"),
                                          STR_INIT("www.amazon.com") };
    out[0] = (struct policy_principal){ STR("Federated"), p->arn };
    for (size_t i = 0; i < sizeof builtin / sizeof builtin[0]; i++)
        if (str_eq(p->url, builtin[i])) {
            out[1] = (struct policy_principal){ STR("Federated"), p->url };
            return 2;
        }
    return 1;
}

static struct outcome denied(struct call *c, enum fault fault, struct str action,
                             enum policy_decision decision)
{
    return why_set(c->why, fault, "%.*s: %s", STR_ARG(action),
                   decision == POLICY_EXPLICIT_DENY
                       ? "a Deny statement of the trust policy matches"
                       : "no Allow statement of the trust policy matches");
}

static const struct permission {
    const char *check;
    struct str action;
    enum fault fault;
} assume_permission = { "trust-policy", STR_INIT("sts:AssumeRoleWithWebIdentity"),
                        FAULT_TRUST_DENIED },
  tag_permission = { "tag-session", STR_INIT("sts:TagSession"), FAULT_TAG_SESSION_DENIED },
  identity_permission = { "set-source-identity", STR_INIT("sts:SetSourceIdentity"),
                          FAULT_SOURCE_IDENTITY_DENIED };

static struct outcome permitted(struct call *c, const struct permission *permission,
                                const struct web_identity *who, const struct role *role,
                                const struct keys *keys)
{
    struct policy_principal principals[2];
    struct policy_ask ask = { .arena = c->arena,
                              .principals = principals,
                              .n_principals = web_identity_principals(who->provider, principals),
                              .action = permission->action,
                              .resource = role->arn,
                              .keys = keys };
    struct policy_trace seen = { .n_statements = 0 };
    enum policy_decision decision = policy_eval(role->trust, &ask, c->trace ? &seen : NULL);
    struct outcome o = OK;

    if (decision != POLICY_ALLOW)
        o = denied(c, permission->fault, permission->action, decision);
    if (!c->trace)
        return o;
    if (!c->trace->has_policy || failed(o)) { /* the main action's, or the one that failed */
        c->trace->policy = seen;
        c->trace->has_policy = true;
        c->trace->evaluated_action = permission->action;
    }
    if (failed(o))
        return trace_fail(c->trace, permission->check, c->why);
    trace_pass(c->trace, permission->check, "%.*s is allowed", STR_ARG(permission->action));
    return OK;
}

/* Session tags and a source identity need a permission of their own, under the same conditions. */
static struct outcome authorize(struct call *c, const struct web_identity *who,
                                const struct role *role, struct str session_name)
{
    struct keys *keys = arena_make(c->arena, struct keys);
    context_build(c, who, role, session_name, keys);
    if (c->trace)
        c->trace->context = keys;
    TRY(permitted(c, &assume_permission, who, role, keys));
    if (who->tags.n_tags)
        TRY(permitted(c, &tag_permission, who, role, keys));
    if (who->tags.source_identity.p)
        TRY(permitted(c, &identity_permission, who, role, keys));
    return OK;
}

static struct outcome check_duration(struct call *c, const struct web_identity_params *p,
                                     const struct role *role, int64_t *duration_s)
{
    *duration_s = p->duration_s.present ? p->duration_s.value : DURATION_DEFAULT_S;
    if (*duration_s <= role->max_session_duration_s)
        return OK;
    FAIL(c->why, DURATION_OVER_MAXIMUM,
         "%lld s were asked for, the role's max_session_duration is %lld s", (long long)*duration_s,
         (long long)role->max_session_duration_s);
}

static struct outcome check_policies(struct call *c, const struct web_identity_params *p,
                                     const struct role *role)
{
    TRY(session_policy_check(c, p->policy));
    return session_policy_arns_check(c, role->account, p->policy_arns.items, p->policy_arns.n);
}

static struct outcome check_packed(struct call *c, const struct web_identity_params *p,
                                   struct web_identity_grant *g)
{
    const struct packed packed = { .subject = g->who.subject,
                                   .policy = p->policy,
                                   .policy_arns = p->policy_arns.items,
                                   .n_policy_arns = p->policy_arns.n,
                                   .tags = g->who.tags.tags,
                                   .n_tags = g->who.tags.n_tags,
                                   .source_identity = g->who.tags.source_identity };
    return packed_check(c, &packed, &g->packed_percent);
}

static struct outcome note(struct call *c, const char *check, struct outcome o)
{
    if (failed(o))
        return trace_fail(c->trace, check, c->why);
    trace_pass(c->trace, check, "%s", "");
    return OK;
}

/*
 * SDKs send a token file as it is (aws.md section 9), and what writes the file, jq -r or echo, ends
 * it with a new line: recipes of 2021 for GitHub's tokens did so, and AWS took them.
 */
static struct str without_line_end(struct str token)
{
    while (token.n && (token.p[token.n - 1] == '\n' || token.p[token.n - 1] == '\r'))
        token.n--;
    return token;
}

struct outcome web_identity_decide(struct call *c, const struct web_identity_params *p,
                                   const struct token_input *token, struct web_identity_grant *out)
{
    struct token_input in = *token;
    struct arn arn;

    *out = (struct web_identity_grant){ .role = NULL };
    TRY(note(c, "role-arn", check_role_arn(c, p->role_arn, &arn)));
    TRY(note(c, "provider-id", check_provider_id(c, p->provider_id)));
    in.token = without_line_end(in.token);
    in.role_arn = p->role_arn;
    in.role_account = arn.account;
    TRY(token_check(c, &in, &out->who));
    TRY(find_role(c, p->role_arn, &out->role));
    TRY(authorize(c, &out->who, out->role, p->role_session_name));
    TRY(note(c, "duration", check_duration(c, p, out->role, &out->duration_s)));
    TRY(note(c, "session-policy", check_policies(c, p, out->role)));
    return note(c, "packed-policy-size", check_packed(c, p, out));
}
