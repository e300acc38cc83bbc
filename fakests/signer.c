#include "fakests/signer.h"

#include "fakests/iam/change.h"
#include "fakests/session.h"

#include <inttypes.h>

static struct str root_arn(struct arena *a, struct str account)
{
    return arena_join(a, STR("arn:aws:iam::"), account, STR(":root"));
}

/* ---- who it is ---- */

static enum signer_kind kind_of(const struct caller *who)
{
    if (!who->session)
        return str_ends(who->arn, STR(":root")) ? SIGNER_ROOT : SIGNER_USER;
    switch (who->session->kind) {
    case SESSION_ROLE:
        return SIGNER_ROLE;
    case SESSION_USER:
        return SIGNER_USER;
    case SESSION_ROOT:
        return SIGNER_ROOT;
    case SESSION_FEDERATED:
        return SIGNER_FEDERATED;
    }
    return SIGNER_USER;
}

/* Another of the same name does not inherit the sessions of the one that is gone. */
static void find_role(struct call *c, struct signer *s)
{
    const struct session *session = c->caller.session;
    const struct role *role = iam_role(c->world->iam, session->role_arn);
    s->arn = session->role_arn;
    if (!role || !str_eq(role->id, session->role_id))
        return;
    s->role = role;
    s->grants = &role->grants;
}

static void find_user(struct call *c, struct signer *s)
{
    const struct session *session = c->caller.session;
    struct str arn = session ? session->user_arn : c->caller.arn;
    struct str id = session ? session->user_unique_id : c->caller.user_id;
    const struct user *user = iam_user(c->world->iam, arn);
    if (!user || !str_eq(user->id, id))
        return;
    s->user = user;
    s->grants = &user->grants;
}

/* A session tag overrides the role's own of the same key, whatever its case (aws.md section 4). */
static void find_tags(struct call *c, struct signer *s)
{
    const struct session *session = c->caller.session;
    const struct tag *own = s->role ? s->role->tags : s->user ? s->user->tags : NULL;
    size_t n = s->role ? s->role->n_tags : s->user ? s->user->n_tags : 0;
    s->tags = iam_tags_put(c->arena, own, n, session ? session->tags : NULL,
                           session ? session->n_tags : 0, true, &s->n_tags);
}

void signer_of(struct call *c, struct signer *out)
{
    struct signer s = { .kind = kind_of(&c->caller), .arn = c->caller.arn };
    switch (s.kind) {
    case SIGNER_ROOT:
        s.root = true;
        break;
    case SIGNER_USER:
        find_user(c, &s);
        break;
    case SIGNER_ROLE:
        find_role(c, &s);
        break;
    case SIGNER_FEDERATED:
        s.root = str_ends(c->caller.session->user_arn, STR(":root"));
        find_user(c, &s);
        break;
    }
    find_tags(c, &s);
    *out = s;
}

/* ---- what policies know of them ---- */

/* Present with temporary credentials only, as the IAM User Guide says of each ("AWS global
 * condition context keys"). */
static void put_session(struct call *c, const struct session *session, struct keys *k)
{
    char time[TIME_TEXT_BYTES];
    keys_put(k, STR("aws:TokenIssueTime"),
             arena_str(c->arena, str_of(time_write(session->issued_s, time))));
    keys_put(k, STR("aws:MultiFactorAuthPresent"), session->mfa_s ? STR("true") : STR("false"));
    if (session->mfa_s)
        keys_put(k, STR("aws:MultiFactorAuthAge"),
                 arena_printf(c->arena, "%" PRId64, c->now_s - session->mfa_s));
    if (session->source_identity.n)
        keys_put(k, STR("aws:SourceIdentity"), session->source_identity);
}

/* "Keys still usable after assumption: aud, sub, amr" (aws.md section 3.1). */
static void put_web_identity(struct call *c, const struct session *session, struct keys *k)
{
    static const struct str mark = STR_INIT(":oidc-provider/");
    struct str issuer = session->provider;
    if (!issuer.n)
        return;
    keys_put(k, STR("aws:FederatedProvider"), session->provider);
    while (issuer.n && !str_starts(issuer, mark))
        issuer = str_sub(issuer, 1, issuer.n);
    issuer = str_sub(issuer, mark.n, issuer.n);
    keys_put(k, arena_join(c->arena, issuer, STR(":sub")), session->subject);
    keys_put(k, arena_join(c->arena, issuer, STR(":aud")), session->audience);
    if (session->n_amr)
        keys_put_list(k, arena_join(c->arena, issuer, STR(":amr")), session->amr, session->n_amr);
}

/* The values of aws:PrincipalType, aws:userid and aws:username are those of the table "Principal
 * key values" (IAM User Guide, "IAM policy elements: Variables and tags"). */
void signer_put_keys(struct call *c, const struct signer *s, struct keys *k)
{
    static const struct str types[SIGNER_KINDS] = {
        [SIGNER_ROOT] = STR_INIT("Account"),
        [SIGNER_USER] = STR_INIT("User"),
        [SIGNER_ROLE] = STR_INIT("AssumedRole"),
        [SIGNER_FEDERATED] = STR_INIT("FederatedUser"),
    };
    keys_put(k, STR("aws:PrincipalArn"), s->arn);
    keys_put(k, STR("aws:PrincipalAccount"), c->caller.account);
    keys_put(k, STR("aws:PrincipalType"), types[s->kind]);
    keys_put(k, STR("aws:PrincipalIsAWSService"), STR("false"));
    keys_put(k, STR("aws:userid"), c->caller.user_id);
    if (s->kind == SIGNER_USER && s->user)
        keys_put(k, STR("aws:username"), s->user->name);
    for (size_t i = 0; i < s->n_tags; i++)
        keys_put(k, arena_join(c->arena, STR("aws:PrincipalTag/"), s->tags[i].key),
                 s->tags[i].value);
    if (c->caller.session) {
        put_session(c, c->caller.session, k);
        put_web_identity(c, c->caller.session, k);
    }
}

static void add(struct policy_principal *list, size_t *n, struct str value)
{
    if (value.n)
        list[(*n)++] = (struct policy_principal){ STR("AWS"), value };
}

/* Unique ids are what policies hold in place of ARNs whose owner is gone (aws.md section 5.1). */
void signer_names_of(struct call *c, const struct signer *s, struct signer_names *out)
{
    struct signer_names names = { .n_role = 0 };
    names.account[0] =
        (struct policy_principal){ STR("AWS"), root_arn(c->arena, c->caller.account) };
    names.account[1] = (struct policy_principal){ STR("AWS"), c->caller.account };
    switch (s->kind) {
    case SIGNER_ROOT:
        break;
    case SIGNER_USER:
        add(names.self, &names.n_self, c->caller.arn);
        add(names.self, &names.n_self, c->caller.user_id);
        break;
    case SIGNER_ROLE:
        add(names.role, &names.n_role, s->role ? s->role->arn : STR(""));
        add(names.role, &names.n_role, c->caller.session->role_id);
        add(names.self, &names.n_self, c->caller.arn);
        break;
    case SIGNER_FEDERATED:
        add(names.role, &names.n_role, s->user ? s->user->arn : STR(""));
        add(names.role, &names.n_role, s->user ? s->user->id : STR(""));
        add(names.self, &names.n_self, c->caller.arn);
        break;
    }
    *out = names;
}
