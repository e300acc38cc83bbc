#include "fakests/action.h"

#include "fakests/actions/session_ask.h"
#include "fakests/authorize.h"
#include "fakests/creds.h"
#include "fakests/packed.h"
#include "fakests/param_iam.h"
#include "fakests/reply.h"
#include "fakests/session_policy.h"

/* ---- GetSessionToken ---- */

struct session_params {
    struct str serial_number, token_code;
    struct param_integer duration_s;
};

static const struct param session_rows[] = {
    STS_DURATION(900, 129600, struct session_params, duration_s),
    STS_SERIAL_NUMBER(struct session_params, serial_number),
    STS_TOKEN_CODE(struct session_params, token_code),
    PARAM_END,
};

/* "No permissions are required for users to perform this operation" (STS API reference). */
static struct outcome get_session_token(struct call *c, struct str *document)
{
    struct session_params p;
    struct session s = { .issued_s = c->now_s };
    struct creds creds;
    struct reply r;

    TRY(param_read(c, session_rows, &p));
    TRY(session_ask_long_term(c, "GetSessionToken"));
    TRY(session_ask_mfa(c, p.serial_number, p.token_code));
    session_ask_owner(c, &s);
    s.kind = session_ask_root(c) ? SESSION_ROOT : SESSION_USER;
    s.arn = c->caller.arn;
    s.user_id = c->caller.user_id;
    s.expires_s = c->now_s + session_ask_duration_s(c, p.duration_s.present, p.duration_s.value);
    creds_mint(c, &s, &creds);
    reply_open(&r, c, "GetSessionToken", true);
    creds_write(&r.xml, &creds);
    *document = reply_close(&r, true);
    return OK;
}

/* ---- GetFederationToken ---- */

struct federation_params {
    struct str name, policy;
    struct param_structs policy_arns; /* of struct str */
    struct param_structs tags;        /* of struct tag */
    struct param_integer duration_s;
};

static const struct param federation_rows[] = {
    STS_SESSION_NAME("Name", 32, REQUIRED, struct federation_params, name),
    STS_POLICY(2048, struct federation_params, policy),
    STS_POLICY_ARNS(struct federation_params, policy_arns),
    STS_DURATION(900, 129600, struct federation_params, duration_s),
    IAM_TAGS(OPTIONAL, struct federation_params, tags),
    PARAM_END,
};

/* "You must be allowed sts:GetFederationToken", and with tags sts:TagSession (IAM User Guide,
 * "Permissions for GetFederationToken", "Pass session tags in AWS STS"). */
static struct outcome may_federate(struct call *c, const struct federation_params *p,
                                   struct str federated)
{
    struct authorize_ask ask = { .action = STR("sts:GetFederationToken"),
                                 .resource = federated,
                                 .request_tags = p->tags.items,
                                 .n_request_tags = p->tags.n };
    TRY(authorize(c, &ask));
    ask.action = STR("sts:TagSession");
    return p->tags.n ? authorize(c, &ask) : OK;
}

static void describe_federated(struct call *c, const struct federation_params *p, struct str arn,
                               struct session *s)
{
    *s = (struct session){
        .kind = SESSION_FEDERATED,
        .arn = arn,
        .user_id = arena_join(c->arena, c->caller.account, STR(":"), p->name),
        .issued_s = c->now_s,
        .expires_s =
            c->now_s + session_ask_duration_s(c, p->duration_s.present, p->duration_s.value),
        .tags = p->tags.items,
        .n_tags = p->tags.n,
        .policy = p->policy,
        .policy_arns = p->policy_arns.items,
        .n_policy_arns = p->policy_arns.n,
    };
    session_ask_owner(c, s);
}

static struct outcome check_passed(struct call *c, const struct session *s, int64_t *percent)
{
    const struct packed packed = { .policy = s->policy,
                                   .policy_arns = s->policy_arns,
                                   .n_policy_arns = s->n_policy_arns,
                                   .tags = s->tags,
                                   .n_tags = s->n_tags };
    TRY(session_ask_tags(c, s->tags, s->n_tags, NULL, 0));
    TRY(session_policy_check(c, s->policy));
    TRY(session_policy_arns_check(c, s->account, s->policy_arns, s->n_policy_arns));
    return packed_check(c, &packed, percent);
}

/* The service model's order: no live reply was seen.  That PackedPolicySize stands only beside
 * policies or tags is what AssumeRole does. */
static struct str write_federated(struct call *c, const struct session *s,
                                  const struct creds *creds, int64_t packed_percent)
{
    struct reply r;
    reply_open(&r, c, "GetFederationToken", true);
    creds_write(&r.xml, creds);
    xml_open(&r.xml, "FederatedUser", NULL);
    xml_leaf(&r.xml, "FederatedUserId", s->user_id);
    xml_leaf(&r.xml, "Arn", s->arn);
    xml_close(&r.xml, "FederatedUser");
    if (s->policy.n || s->n_policy_arns || s->n_tags)
        xml_leaf_i64(&r.xml, "PackedPolicySize", packed_percent);
    return reply_close(&r, true);
}

static struct outcome get_federation_token(struct call *c, struct str *document)
{
    struct federation_params p;
    struct session session;
    struct creds creds;
    int64_t packed_percent;

    TRY(param_read(c, federation_rows, &p));
    TRY(session_ask_long_term(c, "GetFederationToken"));
    struct str arn = arena_join(c->arena, STR("arn:aws:sts::"), c->caller.account,
                                STR(":federated-user/"), p.name);
    TRY(may_federate(c, &p, arn));
    describe_federated(c, &p, arn, &session);
    TRY(check_passed(c, &session, &packed_percent));
    creds_mint(c, &session, &creds);
    *document = write_federated(c, &session, &creds, packed_percent);
    return OK;
}

const struct action action_session_token[] = {
    { "GetSessionToken", SERVICE_STS, true, false, get_session_token },
    { "GetFederationToken", SERVICE_STS, true, false, get_federation_token },
    { .name = NULL },
};
