#include "fakests/authorize.h"

#include "base/text.h"
#include "fakests/authorization_message.h"
#include "fakests/context.h"
#include "fakests/session.h"
#include "fakests/signer.h"

/* ---- the policies ---- */

/* Room for one more is the caller's business. */
static void add(struct permission_policy *list, size_t *n, enum policy_source source, struct str id,
                const struct policy *policy)
{
    list[(*n)++] = (struct permission_policy){ source, id, policy };
}

static void add_managed(const struct iam *iam, struct authorize_identity *out,
                        enum policy_source source, struct str arn)
{
    const struct managed_policy *policy = iam_policy(iam, arn);
    if (policy)
        add(out->policies, &out->n_policies, source, policy->arn,
            iam_policy_default(policy)->policy);
    else
        out->unknown[out->n_unknown++] = arn;
}

void authorize_identity_of(const struct iam *iam, struct arena *a, const struct grants *grants,
                           struct authorize_identity *out)
{
    struct authorize_identity all = { .has_boundary = grants->boundary.n > 0 };
    all.policies =
        arena_array(a, struct permission_policy, grants->n_policies + grants->n_attached + 1);
    all.unknown = arena_array(a, struct str, grants->n_attached + 1);
    for (size_t i = 0; i < grants->n_policies; i++)
        add(all.policies, &all.n_policies, SOURCE_IDENTITY, grants->policies[i].name,
            grants->policies[i].policy);
    for (size_t i = 0; i < grants->n_attached; i++)
        add_managed(iam, &all, SOURCE_IDENTITY, grants->attached[i]);
    if (all.has_boundary)
        add_managed(iam, &all, SOURCE_BOUNDARY, grants->boundary);
    *out = all;
}

/* NULL: it was taken once and sealed, so another version of this program made it; it allows
 * nothing. */
static const struct policy *session_policy(struct call *c, struct str text)
{
    struct why why = why_new(c->arena);
    struct json_doc *doc;
    struct policy *policy;
    if (failed(json_load(c->arena, &why, STR("Policy"), text, JSON_LAST_WINS, &doc)))
        return NULL;
    struct json_at root = json_at_root(doc);
    return failed(policy_read(c->arena, &why, &root, POLICY_SESSION, &policy)) ? NULL : policy;
}

static void add_session(struct call *c, const struct session *session,
                        struct permission_policy *list, size_t *n)
{
    const struct policy *policy = session->policy.n ? session_policy(c, session->policy) : NULL;
    if (policy)
        add(list, n, SOURCE_SESSION, STR("session policy"), policy);
    for (size_t i = 0; i < session->n_policy_arns; i++) {
        const struct managed_policy *managed = iam_policy(c->world->iam, session->policy_arns[i]);
        if (managed)
            add(list, n, SOURCE_SESSION, managed->arn, iam_policy_default(managed)->policy);
    }
}

static void gather(struct call *c, const struct authorize_ask *ask, const struct signer *who,
                   struct permission_ask *out)
{
    static const struct grants none;
    const struct session *session = c->caller.session;
    struct authorize_identity own;
    authorize_identity_of(c->world->iam, c->arena, who->grants ? who->grants : &none, &own);
    size_t n = own.n_policies;
    struct permission_policy *all = arena_array(c->arena, struct permission_policy,
                                                n + (session ? session->n_policy_arns + 1 : 0) + 1);
    if (n)
        memcpy(all, own.policies, n * sizeof *all);
    if (session)
        add_session(c, session, all, &n);
    if (ask->resource_policy)
        add(all, &n, SOURCE_RESOURCE, ask->resource, ask->resource_policy);
    out->policies = all;
    out->n_policies = n;
    out->has_boundary = own.has_boundary;
    /* GetFederationToken without a policy: the session may do nothing (IAM User Guide,
       "Requesting temporary security credentials"). */
    out->has_session =
        session && (session->policy.n || session->n_policy_arns || who->kind == SIGNER_FEDERATED);
}

/* ---- the context ---- */

static void put_tags(struct keys *k, struct str prefix, const struct tag *tags, size_t n)
{
    for (size_t i = 0; i < n; i++)
        keys_put(k, arena_join(k->arena, prefix, tags[i].key), tags[i].value);
}

/* iam:ResourceTag is a key of IAM's actions, and of STS's where the resource is a role (aws.md
 * section 5.3). */
static void put_ask(struct call *c, const struct authorize_ask *ask, struct keys *k)
{
    bool iam = str_starts(ask->action, STR("iam:")) || str_eq(ask->action, STR("sts:AssumeRole"));
    put_tags(k, STR("aws:ResourceTag/"), ask->resource_tags, ask->n_resource_tags);
    if (iam)
        put_tags(k, STR("iam:ResourceTag/"), ask->resource_tags, ask->n_resource_tags);
    put_tags(k, STR("aws:RequestTag/"), ask->request_tags, ask->n_request_tags);
    for (size_t i = 0; i < ask->n_request_tags; i++)
        keys_add(k, STR("aws:TagKeys"), ask->request_tags[i].key);
    for (size_t i = 0; i < ask->n_tag_keys; i++)
        keys_add(k, STR("aws:TagKeys"), ask->tag_keys[i]);
    for (size_t i = 0; i < ask->n_keys; i++)
        if (ask->keys[i].value.p)
            keys_put(k, ask->keys[i].name, ask->keys[i].value);
    for (size_t i = 0; i < ask->n_lists; i++)
        for (size_t j = 0; j < ask->lists[i].n; j++)
            keys_add(k, ask->lists[i].name, ask->lists[i].values[j]);
    keys_put(k, STR("aws:ResourceAccount"),
             ask->resource_account.n ? ask->resource_account : c->caller.account);
}

static const struct keys *context_of(struct call *c, const struct authorize_ask *ask,
                                     const struct signer *who)
{
    struct keys *k = arena_make(c->arena, struct keys);
    *k = keys_new(c->arena);
    signer_put_keys(c, who, k);
    put_ask(c, ask, k);
    context_put_request(c, k);
    return k;
}

static void name_signer(struct call *c, const struct signer *who, struct permission_ask *out)
{
    struct signer_names *names = arena_make(c->arena, struct signer_names);
    signer_names_of(c, who, names);
    out->principals[GRANT_ACCOUNT] = names->account;
    out->n_principals[GRANT_ACCOUNT] = sizeof names->account / sizeof names->account[0];
    out->principals[GRANT_ROLE] = names->role;
    out->n_principals[GRANT_ROLE] = names->n_role;
    out->principals[GRANT_SESSION] = names->self;
    out->n_principals[GRANT_SESSION] = names->n_self;
}

void authorize_decide(struct call *c, const struct authorize_ask *ask, bool trace,
                      struct permission_ask *asked, struct permission *out)
{
    struct signer who;
    signer_of(c, &who);
    *asked = (struct permission_ask){
        .ask = { .arena = c->arena,
                 .action = ask->action,
                 .resource = ask->resource,
                 .keys = context_of(c, ask, &who) },
        .root = who.root,
        .cross_account =
            ask->resource_account.n && !str_eq(ask->resource_account, c->caller.account),
        .trust = ask->resource_policy != NULL,
    };
    gather(c, ask, &who, asked);
    name_signer(c, &who, asked);
    permission_decide(asked, trace, out);
}

/* ---- the refusal ---- */

/*
 * AssumeRole and what goes with it are refused without a reason (observed: aws.md section 1.8);
 * other actions of STS tell it: "is not authorized to perform: sts:DecodeAuthorizationMessage
 * because no identity-based policy allows the sts:DecodeAuthorizationMessage action" (observed).
 */
static bool says_why(struct str action)
{
    static const struct str silent[] = { STR_INIT("sts:AssumeRole"), STR_INIT("sts:TagSession"),
                                         STR_INIT("sts:SetSourceIdentity") };
    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++)
        if (str_eq(action, silent[i]))
            return false;
    return true;
}

/* "... on resource: role deploy because no identity-based policy allows the iam:GetRole action". */
static struct str sentence(struct call *c, const struct authorize_ask *ask,
                           const struct permission *seen)
{
    struct str because = permission_because(c->arena, seen, ask->action);
    struct str name = ask->shown.p ? ask->shown : ask->resource;
    struct str said = arena_join(c->arena, STR("User: "), c->caller.arn,
                                 STR(" is not authorized to perform: "), ask->action);
    if (name.n)
        said = arena_join(c->arena, said, STR(" on resource: "), name);
    return says_why(ask->action) ? arena_join(c->arena, said, STR(" "), because) : said;
}

/* Which statement denied, and which attached documents nobody has. */
static struct str particulars(struct call *c, struct permission_ask *asked)
{
    struct text t = text_new(c->arena, 64 * 1024);
    struct authorize_identity own = { .n_unknown = 0 };
    struct permission seen;
    struct signer who;

    asked->want_matches = true;
    permission_decide(asked, false, &seen);
    for (size_t i = 0; i < seen.n_matches; i++)
        text_printf(&t, "; statement %zu of %.*s denies it", seen.matches[i].statement,
                    STR_ARG(asked->policies[seen.matches[i].policy].id));
    signer_of(c, &who);
    if (who.grants)
        authorize_identity_of(c->world->iam, c->arena, who.grants, &own);
    for (size_t i = 0; i < own.n_unknown; i++)
        text_printf(&t, "; %.*s has no document here, and allows nothing", STR_ARG(own.unknown[i]));
    return text_str(&t);
}

struct outcome authorize(struct call *c, const struct authorize_ask *ask)
{
    struct permission_ask asked;
    struct permission seen;
    authorize_decide(c, ask, false, &asked, &seen);
    if (seen.decision == POLICY_ALLOW)
        return OK;
    c->why->arg[0] = sentence(c, ask, &seen);
    c->authorization_message = authorization_message_write(c, &asked, &seen);
    FAIL(c->why, ACCESS_DENIED, "%.*s on %.*s: %.*s%.*s", STR_ARG(ask->action),
         STR_ARG(ask->resource), STR_ARG(permission_because(c->arena, &seen, ask->action)),
         STR_ARG(particulars(c, &asked)));
}
