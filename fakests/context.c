#include "fakests/context.h"

#include <inttypes.h>

/*
 * The provider-specific keys of the Service Authorization Reference (aws.md section 3.2): for an
 * issuer that fits the pattern, the claim of that name becomes the key ISSUER:NAME.
 */
static const char *const github_claims[] = {
    "actor", "actor_id",   "enterprise_id", "environment",         "job_workflow_ref",
    "ref",   "repository", "repository_id", "repository_owner_id", "workflow",
    NULL,
};
static const char *const circleci_claims[] = { "oidc.circleci.com/project-id", NULL };
static const char *const gitlab_claims[] = {
    "namespace_id",      "pipeline_source", "project_id", "ref_protected", "runner_environment",
    "user_access_level", "user_email",      "user_id",    "user_login",    NULL,
};
static const char *const buildkite_claims[] = {
    "build_branch",      "cluster_id",  "cluster_name",  "organization_id",
    "organization_slug", "pipeline_id", "pipeline_slug", NULL,
};
static const char *const google_claims[] = { "google/organization_number", NULL };
static const char *const oracle_claims[] = { "rpst_id", NULL };
static const char *const facebook_claims[] = { "app_id", "id", NULL };
static const char *const amazon_claims[] = { "app_id", "user_id", NULL };

static const struct provider_key {
    const char *issuers;       /* without https://; '*' stands for one path segment or host label */
    const char *const *claims; /* ended by NULL */
} provider_keys[] = {
    { "token.actions.githubusercontent.com", github_claims },
    { "token.actions.githubusercontent.com/*", github_claims },
    { "token.actions.*.ghe.com", github_claims },
    { "github.com/enterprises/*", github_claims },
    { "oidc.circleci.com/org/*", circleci_claims },
    { "gitlab.com", gitlab_claims },
    { "agent.buildkite.com", buildkite_claims },
    { "agent.*.buildkite.dev", buildkite_claims },
    { "agent.*.buildkite.site", buildkite_claims },
    { "accounts.google.com", google_claims },
    { "idcs-*.identity.oraclecloud.com", oracle_claims },
    { "graph.facebook.com", facebook_claims },
    { "www.amazon.com", amazon_claims },
};

/* Claims every issuer's keys come from, or that AWS reads in another way. */
static const struct str known_claims[] = {
    STR_INIT("iss"), STR_INIT("sub"),
    STR_INIT("aud"), STR_INIT("azp"),
    STR_INIT("iat"), STR_INIT("exp"),
    STR_INIT("nbf"), STR_INIT("email"),
    STR_INIT("amr"), STR_INIT("https://aws.amazon.com/roles"),
};

/* '*' matches one or more characters other than '/'. */
static bool issuer_fits(struct str pattern, struct str issuer)
{
    size_t star = str_find(pattern, '*');
    if (star == pattern.n)
        return str_eq(pattern, issuer);
    struct str tail = str_sub(pattern, star + 1, pattern.n);
    if (issuer.n <= star + tail.n || !str_starts(issuer, str_sub(pattern, 0, star)) ||
        !str_ends(issuer, tail))
        return false;
    struct str wild = str_sub(issuer, star, issuer.n - star - tail.n);
    return str_find(wild, '/') == wild.n;
}

static const struct provider_key *provider_keys_of(struct str issuer)
{
    for (size_t i = 0; i < sizeof provider_keys / sizeof provider_keys[0]; i++)
        if (issuer_fits(str_of(provider_keys[i].issuers), issuer))
            return &provider_keys[i];
    return NULL;
}

/* The text a claim has as a condition value; p == NULL for what cannot be one. */
static struct str value_text(struct arena *a, const json_t *v)
{
    if (json_is_string(v))
        return json_str(v);
    if (json_is_boolean(v))
        return json_is_true(v) ? STR("true") : STR("false");
    if (json_is_number(v))
        return json_text(a, v);
    return str_n(NULL, 0);
}

/* ISSUER:NAME */
static struct str key_name(struct arena *a, struct str issuer, const char *name)
{
    return arena_join(a, issuer, STR(":"), str_of(name));
}

static void put_claim(struct keys *k, struct str issuer, const char *name, const json_t *claim)
{
    struct str value = value_text(k->arena, claim);
    if (value.p)
        keys_put(k, key_name(k->arena, issuer, name), value);
}

bool context_amr(struct arena *a, const json_t *claims, struct str **items, size_t *n)
{
    const json_t *amr = json_object_get(claims, "amr");
    if (!json_is_string(amr) && !json_is_array(amr))
        return false;
    *n = 0;
    *items = arena_array(a, struct str, json_is_array(amr) ? json_array_size(amr) : 1);
    if (json_is_string(amr))
        (*items)[(*n)++] = json_str(amr);
    for (size_t i = 0; i < json_array_size(amr); i++)
        if (json_is_string(json_array_get(amr, i)))
            (*items)[(*n)++] = json_str(json_array_get(amr, i));
    return true;
}

static void put_amr(struct keys *k, struct str issuer, const json_t *claims)
{
    struct str *items;
    size_t n;
    if (context_amr(k->arena, claims, &items, &n))
        keys_put_list(k, key_name(k->arena, issuer, "amr"), items, n);
}

static void put_claims(struct keys *k, const struct web_identity *who)
{
    struct str issuer = who->provider->url;
    const struct provider_key *own = provider_keys_of(issuer);

    keys_put(k, key_name(k->arena, issuer, "aud"), who->audience);
    if (who->n_audiences == 1)
        keys_put(k, key_name(k->arena, issuer, "oaud"), who->audiences[0]);
    else
        keys_put_list(k, key_name(k->arena, issuer, "oaud"), who->audiences, who->n_audiences);
    keys_put(k, key_name(k->arena, issuer, "sub"), who->subject);
    put_amr(k, issuer, who->claims);
    put_claim(k, issuer, "email", json_object_get(who->claims, "email"));
    for (size_t i = 0; own && own->claims[i]; i++)
        put_claim(k, issuer, own->claims[i], json_object_get(who->claims, own->claims[i]));
}

static void put_tags(struct keys *k, const struct session_tags *t)
{
    for (size_t i = 0; i < t->n_tags; i++) {
        keys_put(k, arena_join(k->arena, STR("aws:RequestTag/"), t->tags[i].key), t->tags[i].value);
        keys_add(k, STR("aws:TagKeys"), t->tags[i].key);
    }
    for (size_t i = 0; i < t->n_transitive; i++)
        keys_add(k, STR("sts:TransitiveTagKeys"), t->transitive_keys[i]);
    if (t->source_identity.p)
        keys_put(k, STR("sts:SourceIdentity"), t->source_identity);
}

void context_put_request(struct call *c, struct keys *k)
{
    struct str agent = c->request ? http_header(c->request, "user-agent") : STR("");
    struct str referer = c->request ? http_header(c->request, "referer") : STR("");
    struct str ip = c->world->source_ip.n ? c->world->source_ip
                    : c->request          ? c->request->peer
                                          : STR("");
    char time[TIME_TEXT_BYTES];

    if (ip.n)
        keys_put(k, STR("aws:SourceIp"), ip);
    if (agent.p)
        keys_put(k, STR("aws:UserAgent"), agent);
    if (referer.p)
        keys_put(k, STR("aws:Referer"), referer);
    /* AWS is reached over TLS only; we stand in for that endpoint. */
    keys_put(k, STR("aws:SecureTransport"), STR("true"));
    keys_put(k, STR("aws:CurrentTime"), arena_str(k->arena, str_of(time_write(c->now_s, time))));
    keys_put(k, STR("aws:EpochTime"), arena_printf(k->arena, "%" PRId64, c->now_s));
    /* "IAM calls are always made to the us-east-1 Region" (IAM User Guide, "AWS global condition
       context keys") */
    keys_put(k, STR("aws:RequestedRegion"),
             c->api == SERVICE_IAM ? STR("us-east-1") : c->world->region);
    keys_put(k, STR("aws:ViaAWSService"), STR("false"));
}

/* aws.md section 5.3: aws:PrincipalArn, aws:PrincipalTag and aws:TokenIssueTime are absent. */
static void put_principal(struct keys *k, const struct web_identity *who)
{
    keys_put(k, STR("aws:FederatedProvider"), who->provider->arn);
    keys_put(k, STR("aws:PrincipalAccount"), who->provider->account);
    keys_put(k, STR("aws:PrincipalType"), STR("User"));
    keys_put(k, STR("aws:userid"), who->provider->arn);
}

static void put_role(struct keys *k, const struct role *role)
{
    keys_put(k, STR("aws:ResourceAccount"), role->account);
    for (size_t i = 0; i < role->n_tags; i++)
        keys_put(k, arena_join(k->arena, STR("aws:ResourceTag/"), role->tags[i].key),
                 role->tags[i].value);
}

void context_build(struct call *c, const struct web_identity *who, const struct role *role,
                   struct str session_name, struct keys *out)
{
    *out = keys_new(c->arena);
    put_claims(out, who);
    keys_put(out, STR("sts:RoleSessionName"), session_name);
    keys_put(out, STR("sts:RoleAuthorizedByIdp"), who->roles_claim ? STR("true") : STR("false"));
    put_tags(out, &who->tags);
    put_role(out, role);
    put_principal(out, who);
    context_put_request(c, out);
}

static bool mapped(const struct provider_key *own, struct str name)
{
    for (size_t i = 0; i < sizeof known_claims / sizeof known_claims[0]; i++)
        if (str_eq(known_claims[i], name))
            return true;
    for (size_t i = 0; own && own->claims[i]; i++)
        if (str_eq(str_of(own->claims[i]), name))
            return true;
    return session_tags_claim(name);
}

static const struct str everywhere[] = { STR_INIT("aud"), STR_INIT("oaud"), STR_INIT("sub"),
                                         STR_INIT("amr"), STR_INIT("email") };

bool context_fills(struct str issuer, struct str name)
{
    const struct provider_key *own = provider_keys_of(issuer);
    for (size_t i = 0; i < sizeof everywhere / sizeof everywhere[0]; i++)
        if (str_eq_nocase(everywhere[i], name))
            return true;
    for (size_t i = 0; own && own->claims[i]; i++)
        if (str_eq_nocase(str_of(own->claims[i]), name))
            return true;
    return false;
}

struct str *context_key_names(struct arena *a, struct str issuer, size_t *n)
{
    enum { EVERYWHERE = sizeof everywhere / sizeof everywhere[0] };
    const struct provider_key *own = provider_keys_of(issuer);
    size_t n_own = 0;
    while (own && own->claims[n_own])
        n_own++;
    struct str *names = arena_array(a, struct str, EVERYWHERE + n_own);
    memcpy(names, everywhere, sizeof everywhere);
    for (size_t i = 0; i < n_own; i++)
        names[EVERYWHERE + i] = str_of(own->claims[i]);
    *n = EVERYWHERE + n_own;
    return names;
}

struct str *context_unmapped(struct call *c, const struct web_identity *who, size_t *n)
{
    json_t *claims = (json_t *)(uintptr_t)who->claims, *value;
    const struct provider_key *own = who->provider ? provider_keys_of(who->provider->url) : NULL;
    struct str *names = arena_array(c->arena, struct str, json_object_size(claims));
    const char *name;

    *n = 0;
    json_object_foreach(claims, name, value)
    {
        if (!mapped(own, str_of(name)))
            names[(*n)++] = str_of(name);
    }
    return names;
}
