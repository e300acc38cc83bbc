#include "fakests/action.h"

#include "fakests/actions/session_ask.h"
#include "fakests/authorize.h"
#include "fakests/creds.h"
#include "fakests/iam/arn.h"
#include "fakests/packed.h"
#include "fakests/param_iam.h"
#include "fakests/reply.h"
#include "fakests/session_policy.h"

#include <inttypes.h>

enum {
    DURATION_DEFAULT_S = 3600,
    CHAINED_MAX_S = 3600,
};

struct params {
    struct str role_arn, session_name, policy, external_id, serial_number, token_code,
        source_identity;              /* p == NULL: absent */
    struct param_structs policy_arns; /* of struct str */
    struct param_structs tags;        /* of struct tag */
    struct param_list transitive_keys;
    struct param_structs contexts; /* of struct context */
    struct param_integer duration_s;
};

struct context {
    struct str provider_arn, assertion;
};

static const struct param context_rows[] = {
    IAM_TEXT("ProviderArn", 20, 2048, &param_pattern_arn, OPTIONAL, struct context, provider_arn),
    IAM_SECRET("ContextAssertion", 4, 2048, NULL, OPTIONAL, struct context, assertion),
    PARAM_END,
};

/* aws.md section 6.1.  The model has no maximum for Policy: its packed size is one. */
static const struct param rows[] = {
    STS_ROLE_ARN("RoleArn", REQUIRED, struct params, role_arn),
    STS_SESSION_NAME("RoleSessionName", 64, REQUIRED, struct params, session_name),
    STS_POLICY_ARNS(struct params, policy_arns),
    STS_POLICY(0, struct params, policy),
    STS_DURATION(900, 43200, struct params, duration_s),
    IAM_TAGS(OPTIONAL, struct params, tags),
    STS_TRANSITIVE_TAG_KEYS(struct params, transitive_keys),
    STS_EXTERNAL_ID(struct params, external_id),
    STS_SERIAL_NUMBER(struct params, serial_number),
    STS_TOKEN_CODE(struct params, token_code),
    STS_SESSION_NAME("SourceIdentity", 64, OPTIONAL, struct params, source_identity),
    IAM_STRUCTS("ProvidedContexts", 5, context_rows, struct context, OPTIONAL, struct params,
                contexts),
    PARAM_END,
};

/* ---- who, and which role ---- */

static struct outcome check_caller(struct call *c, struct str role_arn)
{
    const struct session *session = c->caller.session;
    if (session ? session->kind == SESSION_ROOT : session_ask_root(c)) {
        c->why->arg[0] = STR("Roles may not be assumed by root accounts."); /* observed */
        FAIL(c->why, ACCESS_DENIED, "the account's root assumes no role");
    }
    return session_ask_not_federated(c, "sts:AssumeRole", role_arn);
}

/* Whether there is such a role is told to nobody: the answer is that to one who may not. */
static struct outcome find_role(struct call *c, struct str text, const struct role **out)
{
    struct arn arn;
    if (!arn_is_role(text, &arn))
        FAIL(c->why, ROLE_ARN_INVALID, "\"%.*s\" is not arn:aws:iam::ACCOUNT:role/NAME",
             STR_ARG(str_sub(text, 0, 300)));
    const struct role *role = iam_role(c->world->iam, text);
    if (!role)
        return session_ask_refused(c, "sts:AssumeRole", text, "there is no role %.*s",
                                   STR_ARG(str_sub(text, 0, 300)));
    *out = role;
    return OK;
}

/* ---- may they? ---- */

/* One who passes no source identity passes that of the calling session on. */
static struct str source_identity_of(const struct call *c, const struct params *p)
{
    const struct session *from = c->caller.session;
    if (p->source_identity.p)
        return p->source_identity;
    return from && from->source_identity.n ? from->source_identity : str_n(NULL, 0);
}

/*
 * Each action has the keys the Service Authorization Reference gives it, and no others: a condition
 * on sts:RoleSessionName or aws:RequestTag, say, does not hold for sts:SetSourceIdentity
 * (observed).
 */
static struct outcome may_assume(struct call *c, const struct params *p, const struct role *role)
{
    const struct authorize_key keys[] = {
        { STR("sts:RoleSessionName"), p->session_name },
        { STR("sts:ExternalId"), p->external_id },
        { STR("sts:SourceIdentity"), source_identity_of(c, p) },
    };
    const struct authorize_list transitive = { STR("sts:TransitiveTagKeys"),
                                               p->transitive_keys.items, p->transitive_keys.n };
    struct authorize_ask ask = { .action = STR("sts:AssumeRole"),
                                 .resource = role->arn,
                                 .resource_tags = role->tags,
                                 .n_resource_tags = role->n_tags,
                                 .resource_account = role->account,
                                 .resource_policy = role->trust,
                                 .request_tags = p->tags.items,
                                 .n_request_tags = p->tags.n,
                                 .keys = keys,
                                 .n_keys = sizeof keys / sizeof keys[0],
                                 .lists = &transitive,
                                 .n_lists = 1 };
    TRY(authorize(c, &ask));
    ask.action = STR("sts:TagSession");
    ask.n_keys = 0;
    /* Handing tags on wants it too (observed). */
    if (p->tags.n || session_ask_inherited(c))
        TRY(authorize(c, &ask));
    ask.action = STR("sts:SetSourceIdentity");
    ask.keys = &keys[2];
    ask.n_keys = 1;
    ask.n_request_tags = ask.n_lists = 0;
    return ask.keys[0].value.p ? authorize(c, &ask) : OK;
}

/* ---- the session ---- */

/* The assertions are IAM Identity Center's, which is not here.  The text is inferred. */
static struct outcome check_contexts(struct call *c, const struct params *p)
{
    if (!p->contexts.n)
        return OK;
    c->why->arg[0] = STR("The context assertion provided could not be validated.");
    FAIL(c->why, VALUE_INVALID, "nobody here makes context assertions: leave out ProvidedContexts");
}

static bool chained(const struct call *c)
{
    return c->caller.session && c->caller.session->kind == SESSION_ROLE;
}

static struct outcome check_duration(struct call *c, const struct params *p,
                                     const struct role *role, int64_t *duration_s)
{
    int64_t s = p->duration_s.present ? p->duration_s.value : DURATION_DEFAULT_S;
    if (chained(c) && s > CHAINED_MAX_S) {
        c->why->arg[0] = STR("The requested DurationSeconds exceeds the 1 hour session limit for "
                             "roles assumed by role chaining."); /* observed */
        FAIL(c->why, VALUE_INVALID, "%" PRId64 " s were asked for by a session of a role", s);
    }
    if (s > role->max_session_duration_s)
        FAIL(c->why, DURATION_OVER_MAXIMUM,
             "%" PRId64 " s were asked for, the role's max_session_duration is %" PRId64 " s", s,
             role->max_session_duration_s);
    *duration_s = s;
    return OK;
}

static void describe_session(struct call *c, const struct params *p, const struct role *role,
                             struct session *s)
{
    *s = (struct session){
        .kind = SESSION_ROLE,
        .account = role->account,
        .arn = arn_of_session(c->arena, role->account, role->name, p->session_name),
        .user_id = arena_join(c->arena, role->id, STR(":"), p->session_name),
        .role_arn = role->arn,
        .role_id = role->id,
        .source_identity = p->source_identity,
        .issued_s = c->now_s,
        .tags = p->tags.items,
        .n_tags = p->tags.n,
        .transitive_keys = p->transitive_keys.items,
        .n_transitive = p->transitive_keys.n,
        .policy = p->policy,
        .policy_arns = p->policy_arns.items,
        .n_policy_arns = p->policy_arns.n,
    };
}

/* What is wrong with the session itself is told only to those who may assume the role. */
static struct outcome make_session(struct call *c, const struct params *p, const struct role *role,
                                   struct session *s)
{
    int64_t duration_s = 0;
    TRY(check_contexts(c, p));
    TRY(session_ask_tags(c, p->tags.items, p->tags.n, p->transitive_keys.items,
                         p->transitive_keys.n));
    describe_session(c, p, role, s);
    TRY(session_ask_chain(c, s));
    TRY(check_duration(c, p, role, &duration_s));
    s->expires_s = c->now_s + duration_s;
    TRY(session_policy_check(c, p->policy));
    return session_policy_arns_check(c, role->account, s->policy_arns, s->n_policy_arns);
}

static struct outcome check_packed(struct call *c, const struct session *s, int64_t *percent)
{
    const struct packed packed = { .policy = s->policy,
                                   .policy_arns = s->policy_arns,
                                   .n_policy_arns = s->n_policy_arns,
                                   .tags = s->tags,
                                   .n_tags = s->n_tags,
                                   .source_identity = s->source_identity };
    return packed_check(c, &packed, percent);
}

/*
 * AssumedRoleUser with the id first, then Credentials: so the live reply of
 * AssumeRoleWithWebIdentity has them (aws.md section 1.3) and debug logs of AWS's clients show
 * AssumeRole's; a reply without policies and tags has no PackedPolicySize.  Where PackedPolicySize
 * and SourceIdentity stand was not seen; they follow at the end, as there.
 */
static struct str write_reply(struct call *c, const struct session *s, const struct creds *creds,
                              int64_t packed_percent)
{
    struct reply r;
    reply_open(&r, c, "AssumeRole", true);
    xml_open(&r.xml, "AssumedRoleUser", NULL);
    xml_leaf(&r.xml, "AssumedRoleId", s->user_id);
    xml_leaf(&r.xml, "Arn", s->arn);
    xml_close(&r.xml, "AssumedRoleUser");
    creds_write(&r.xml, creds);
    if (s->policy.n || s->n_policy_arns || s->n_tags)
        xml_leaf_i64(&r.xml, "PackedPolicySize", packed_percent);
    if (s->source_identity.n)
        xml_leaf(&r.xml, "SourceIdentity", s->source_identity);
    return reply_close(&r, true);
}

static struct outcome assume_role(struct call *c, struct str *document)
{
    struct params p;
    const struct role *role = NULL;
    struct session session;
    struct creds creds;
    int64_t packed_percent;

    TRY(param_read(c, rows, &p));
    TRY(check_caller(c, p.role_arn));
    TRY(session_ask_mfa(c, p.serial_number, p.token_code));
    TRY(find_role(c, p.role_arn, &role));
    TRY(may_assume(c, &p, role));
    TRY(make_session(c, &p, role, &session));
    TRY(check_packed(c, &session, &packed_percent));
    creds_mint(c, &session, &creds);
    *document = write_reply(c, &session, &creds, packed_percent);
    return OK;
}

const struct action action_assume[] = {
    { "AssumeRole", SERVICE_STS, true, false, assume_role },
    { .name = NULL },
};
