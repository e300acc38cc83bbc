#include "fakests/action.h"

#include "fakests/context.h"
#include "fakests/creds.h"
#include "fakests/iam/arn.h"
#include "fakests/reply.h"
#include "fakests/web_identity.h"

static void describe_session(struct call *c, const struct web_identity_params *p,
                             const struct web_identity_grant *g, struct session *s)
{
    const struct role *role = g->role;
    *s = (struct session){
        .account = role->account,
        .arn = arn_of_session(c->arena, role->account, role->name, p->role_session_name),
        .user_id = arena_join(c->arena, role->id, STR(":"), p->role_session_name),
        .role_arn = role->arn,
        .role_id = role->id,
        .provider = g->who.provider->arn,
        .subject = g->who.subject,
        .audience = g->who.audience,
        .source_identity = g->who.tags.source_identity,
        .issued_s = c->now_s,
        .expires_s = c->now_s + g->duration_s,
        .tags = g->who.tags.tags,
        .n_tags = g->who.tags.n_tags,
        .transitive_keys = g->who.tags.transitive_keys,
        .n_transitive = g->who.tags.n_transitive,
        .policy = p->policy,
        .policy_arns = p->policy_arns.items,
        .n_policy_arns = p->policy_arns.n,
    };
    (void)context_amr(c->arena, g->who.claims, &s->amr, &s->n_amr);
}

/*
 * The element order of a live reply (aws.md section 1.3).  Where PackedPolicySize and
 * SourceIdentity sit in it was not seen: they follow at the end.
 */
static struct str write_reply(struct call *c, const struct web_identity_grant *g,
                              const struct session *s, const struct creds *creds)
{
    struct reply r;
    reply_open(&r, c, "AssumeRoleWithWebIdentity", true);
    xml_leaf(&r.xml, "Audience", s->audience);
    xml_open(&r.xml, "AssumedRoleUser", NULL);
    xml_leaf(&r.xml, "AssumedRoleId", s->user_id);
    xml_leaf(&r.xml, "Arn", s->arn);
    xml_close(&r.xml, "AssumedRoleUser");
    xml_leaf(&r.xml, "Provider", s->provider);
    creds_write(&r.xml, creds);
    xml_leaf(&r.xml, "SubjectFromWebIdentityToken", s->subject);
    xml_leaf_i64(&r.xml, "PackedPolicySize", g->packed_percent);
    if (s->source_identity.p)
        xml_leaf(&r.xml, "SourceIdentity", s->source_identity);
    return reply_close(&r, true);
}

static struct outcome assume_role_with_web_identity(struct call *c, struct str *document)
{
    struct web_identity_params *p = arena_make(c->arena, struct web_identity_params);
    struct web_identity_grant g;
    struct session session;
    struct creds creds;

    TRY(param_read(c, web_identity_param_rows, p));
    c->web_identity = p;
    struct token_input token = { .token = p->web_identity_token, .signature = EXPLAIN_CHECK };
    TRY(web_identity_decide(c, p, &token, &g));
    describe_session(c, p, &g, &session);
    creds_mint(c, &session, &creds);
    *document = write_reply(c, &g, &session, &creds);
    return OK;
}

const struct action action_web_identity[] = {
    { "AssumeRoleWithWebIdentity", SERVICE_STS, false, false, assume_role_with_web_identity },
    { .name = NULL },
};
