#include "fakests/iam/store.h"

#include "base/clock.h"
#include "base/encode.h"
#include "fakests/iam/arn.h"
#include "fakests/iam/document.h"
#include "fakests/policy/save.h"

enum {
    CLIENT_IDS_MAX = 100, /* quotas of aws.md section 7 */
    THUMBPRINTS_MAX = 5,
    TAGS_MAX = 50,
    SESSION_S_MIN = 3600,
    SESSION_S_MAX = 43200,
};

/* What the reading of one account carries along. */
struct reader {
    struct arena *a;
    struct why *why;
    const struct iam_options *options;
    struct iam *iam;
    struct account *account;
};

/* Where a reader is asked to go on, what one element was refused for is told and left out. */
static struct outcome tolerate(struct reader *r, struct outcome o)
{
    if (!failed(o) || !r->options->refused)
        return o;
    r->options->refused(r->options->refused_context, r->why);
    *r->why = why_new(r->why->arena);
    return OK;
}

/* The same for an element of a list, which counts once it is read. */
static struct outcome keep(struct reader *r, struct outcome o, size_t *n)
{
    if (failed(o))
        return tolerate(r, o);
    ++*n;
    return OK;
}

/* ---- small values ---- */

static struct outcome text_list(struct reader *r, const struct json_at *at, size_t max,
                                struct str **out, size_t *n)
{
    TRY(json_want_array(at, r->why));
    size_t count = json_array_size(at->value);
    if (count > max)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "at most %zu are allowed, found %zu",
                         max, count);
    struct str *items = arena_array(r->a, struct str, count);
    for (size_t i = 0; i < count; i++) {
        struct json_at item = json_at_item(at, i);
        TRY(json_want_str(&item, r->why, &items[i]));
    }
    *out = items;
    *n = count;
    return OK;
}

static struct outcome optional_text(struct reader *r, const struct json_at *at, const char *key,
                                    struct str fallback, struct str *out)
{
    struct json_at member;
    *out = fallback;
    return json_at_member(at, key, &member) ? json_want_str(&member, r->why, out) : OK;
}

static struct outcome required(struct reader *r, const struct json_at *at, const char *key,
                               struct json_at *out)
{
    if (!json_at_member(at, key, out))
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "\"%s\" is missing", key);
    return OK;
}

static struct outcome tags_read(struct reader *r, const struct json_at *at, struct tag **out,
                                size_t *n)
{
    struct json_at tags;
    const char *key;
    json_t *value;

    if (!json_at_member(at, "tags", &tags))
        return OK;
    TRY(json_want_object(&tags, r->why));
    if (json_object_size(tags.value) > TAGS_MAX)
        return json_fail(&tags, r->why, FAULT_CONFIG_INVALID, "at most %d tags", TAGS_MAX);
    *out = arena_array(r->a, struct tag, json_object_size(tags.value));
    json_object_foreach(tags.value, key, value)
    {
        struct json_at tag = { .up = &tags, .doc = tags.doc, .key = key, .value = value };
        struct tag *t = &(*out)[(*n)++];
        t->key = str_of(key);
        TRY(json_want_str(&tag, r->why, &t->value));
    }
    return OK;
}

/* IAM names: [\w+=,.@-]{1,64}. */
static bool name_valid(struct str name, size_t max)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && !(c && strchr("_+=,.@-", c)))
            return false;
    }
    return name.n >= 1 && name.n <= max;
}

static struct outcome name_read(struct reader *r, const struct json_at *at, size_t max,
                                struct str *out)
{
    struct json_at name;
    TRY(required(r, at, "name", &name));
    TRY(json_want_str(&name, r->why, out));
    if (!name_valid(*out, max))
        return json_fail(&name, r->why, FAULT_CONFIG_INVALID,
                         "expected 1 to %zu of A-Z a-z 0-9 _+=,.@-", max);
    return OK;
}

/* IAM paths: "/", or "/.../" of printable ASCII, at most 512 characters. */
static bool path_valid(struct str path)
{
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] < '!' || path.p[i] > '~')
            return false;
    return path.n >= 1 && path.n <= 512 && path.p[0] == '/' && path.p[path.n - 1] == '/';
}

static struct outcome path_read(struct reader *r, const struct json_at *at, struct str *out)
{
    struct json_at path;
    *out = STR("/");
    if (!json_at_member(at, "path", &path))
        return OK;
    TRY(json_want_str(&path, r->why, out));
    if (!path_valid(*out))
        return json_fail(&path, r->why, FAULT_CONFIG_INVALID,
                         "expected \"/\" or a path between slashes, as in \"/ci/\"");
    return OK;
}

/* ---- OIDC providers ---- */

/* aws.md section 3: https, at most 255 characters, no query, no fragment; :443 is dropped. */
static struct outcome provider_url(struct reader *r, const struct json_at *at, struct str *out)
{
    struct json_at url;
    struct str text, rest, authority;

    TRY(required(r, at, "url", &url));
    TRY(json_want_str(&url, r->why, &text));
    if (!str_starts(text, STR("https://")))
        return json_fail(&url, r->why, FAULT_CONFIG_INVALID,
                         "an OIDC provider's URL begins with https://");
    if (text.n > 255 || str_contains(text, STR("?")) || str_contains(text, STR("#")) ||
        str_contains(text, STR(" ")))
        return json_fail(&url, r->why, FAULT_CONFIG_INVALID,
                         "at most 255 characters, without query, fragment or space");
    rest = str_sub(text, 8, text.n);
    authority = str_sub(rest, 0, str_find(rest, '/'));
    if (!authority.n)
        return json_fail(&url, r->why, FAULT_CONFIG_INVALID, "the URL has no host");
    if (str_ends(authority, STR(":443")))
        rest = arena_printf(r->a, "%.*s%.*s", (int)(authority.n - 4), authority.p,
                            STR_ARG(str_sub(rest, authority.n, rest.n)));
    *out = rest;
    return OK;
}

static const char *const keys_members[] = { "jwks", "jwks_file", NULL };

static struct outcome provider_keys(struct reader *r, const struct json_at *at, struct provider *p)
{
    struct json_at keys, set, root;
    if (!json_at_member(at, "keys", &keys))
        return OK;
    if (json_is_string(keys.value)) {
        if (!str_eq(json_str(keys.value), STR("local")))
            return json_fail(&keys, r->why, FAULT_CONFIG_INVALID,
                             "expected \"local\", {\"jwks\": {...}} or {\"jwks_file\": \"...\"}");
        return OK;
    }
    TRY(json_want_members(&keys, r->why, keys_members));
    if (json_object_size(keys.value) != 1)
        return json_fail(&keys, r->why, FAULT_CONFIG_INVALID,
                         "expected one of \"jwks\" and \"jwks_file\"");
    p->origin = KEYS_JWKS;
    if (json_at_member(&keys, "jwks", &set))
        return jwks_read(r->a, r->why, &set, &p->jwks);
    if (!json_at_member(&keys, "jwks_file", &set))
        return OK;
    TRY(document_load(r->a, r->why, &set, r->options->files_allowed, &root));
    return jwks_read(r->a, r->why, &root, &p->jwks);
}

static bool listed(const struct str *items, size_t n, struct str item)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(items[i], item))
            return true;
    return false;
}

static struct outcome provider_client_ids(struct reader *r, const struct json_at *at,
                                          struct provider *p)
{
    struct json_at ids;
    struct str *all;
    size_t n;

    if (!json_at_member(at, "client_ids", &ids))
        return OK;
    TRY(text_list(r, &ids, CLIENT_IDS_MAX, &all, &n));
    p->client_ids = arena_array(r->a, struct str, n);
    for (size_t i = 0; i < n; i++) {
        struct json_at id = json_at_item(&ids, i);
        if (all[i].n < 1 || all[i].n > 255)
            return json_fail(&id, r->why, FAULT_CONFIG_INVALID, "expected 1 to 255 characters");
        if (!listed(p->client_ids, p->n_client_ids, all[i])) /* as AWS does: aws.md section 7 */
            p->client_ids[p->n_client_ids++] = all[i];
    }
    return OK;
}

static struct outcome provider_thumbprints(struct reader *r, const struct json_at *at,
                                           struct provider *p)
{
    struct json_at list;
    if (!json_at_member(at, "thumbprints", &list))
        return OK;
    TRY(text_list(r, &list, THUMBPRINTS_MAX, &p->thumbprints, &p->n_thumbprints));
    for (size_t i = 0; i < p->n_thumbprints; i++) {
        struct json_at item = json_at_item(&list, i);
        if (p->thumbprints[i].n != 40)
            return json_fail(&item, r->why, FAULT_CONFIG_INVALID, "expected 40 characters");
        p->thumbprints[i] = ascii_lower(r->a, p->thumbprints[i]);
    }
    return OK;
}

static const char *const provider_members[] = { "url",  "client_ids", "thumbprints",
                                                "tags", "keys",       NULL };

static struct outcome provider_read(struct reader *r, const struct json_at *at, struct provider *p)
{
    *p = (struct provider){ .account = r->account->id };
    TRY(tolerate(r, json_want_members(at, r->why, provider_members)));
    TRY(provider_url(r, at, &p->url));
    p->arn = arn_of_provider(r->a, p->account, p->url);
    TRY(provider_client_ids(r, at, p));
    TRY(provider_thumbprints(r, at, p));
    TRY(tags_read(r, at, &p->tags, &p->n_tags));
    TRY(provider_keys(r, at, p));
    if (map_get(&r->account->provider_by_url, p->url))
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "the account has a provider with url https://%.*s already",
                         STR_ARG(p->url));
    map_put(&r->account->provider_by_url, p->url, p);
    return OK;
}

static struct outcome providers_read(struct reader *r, const struct json_at *at)
{
    struct json_at list;
    struct account *account = r->account;
    if (!json_at_member(at, "oidc_providers", &list))
        return OK;
    TRY(json_want_array(&list, r->why));
    account->providers = arena_array(r->a, struct provider, json_array_size(list.value));
    struct json_items items = json_items_of(&list);
    while (json_items_next(&items)) {
        struct provider *p = &account->providers[account->n_providers];
        TRY(keep(r, provider_read(r, &items.item, p), &account->n_providers));
    }
    return OK;
}

/* ---- roles ---- */

static struct outcome policy_at(struct reader *r, const struct json_at *at, struct policy **policy,
                                json_t **document)
{
    struct json_at root;
    TRY(document_resolve(r->a, r->why, at, r->options->files_allowed, &root));
    *document = root.value;
    return policy_read(r->a, r->why, &root, POLICY_IDENTITY, policy);
}

bool iam_role_predates_controls(int64_t created_s)
{
    return created_s != 0 && created_s < IAM_CONTROLS_S;
}

static struct outcome trust_check(struct arena *a, struct why *why, const struct json_at *at,
                                  int64_t created_s, struct policy **out)
{
    TRY(policy_read(a, why, at, POLICY_TRUST, out));
    TRY(policy_save_rules(a, why, *out, at));
    if (!iam_role_predates_controls(created_s))
        TRY(policy_save_controls(a, why, *out, at));
    return policy_save_quota(a, why, *out, at);
}

/* What CreateRole says to such a policy, and then what a person can do about it. */
static struct outcome trust_refuse(struct why *why, const struct why *cause)
{
    if (why->fault == FAULT_NONE) {
        /* the reason outlives a config that is given up */
        why->place = arena_str(why->arena, cause->place);
        why->arg[0] = arena_str(why->arena, cause->arg[0]);
    }
    return why_set(why, cause->fault, "IAM refuses this trust policy: \"%.*s\" (%.*s)",
                   STR_ARG(cause->arg[0]), STR_ARG(cause->detail));
}

struct outcome iam_trust_read(struct arena *a, struct why *why, const struct json_at *at,
                              int64_t created_s, struct policy **out)
{
    struct why cause = why_new(a);
    struct policy *policy;
    if (failed(trust_check(a, &cause, at, created_s, &policy)))
        return trust_refuse(why, &cause);
    *out = policy;
    return OK;
}

static struct outcome role_trust(struct reader *r, const struct json_at *at, struct role *role)
{
    struct json_at trust, root;
    TRY(required(r, at, "trust_policy", &trust));
    TRY(document_resolve(r->a, r->why, &trust, r->options->files_allowed, &root));
    role->trust_document = root.value;
    return iam_trust_read(r->a, r->why, &root, role->created_s, &role->trust);
}

static struct outcome role_policies(struct reader *r, const struct json_at *at, struct role *role)
{
    struct json_at policies;
    const char *key;
    json_t *value;

    if (!json_at_member(at, "policies", &policies))
        return OK;
    TRY(json_want_object(&policies, r->why));
    role->policies = arena_array(r->a, struct named_policy, json_object_size(policies.value));
    json_object_foreach(policies.value, key, value)
    {
        struct json_at one = { .up = &policies, .doc = policies.doc, .key = key, .value = value };
        struct named_policy *p = &role->policies[role->n_policies++];
        p->name = str_of(key);
        TRY(policy_at(r, &one, &p->policy, &p->document));
    }
    return OK;
}

static struct outcome role_duration(struct reader *r, const struct json_at *at, struct role *role)
{
    struct json_at duration;
    role->max_session_duration_s = SESSION_S_MIN;
    if (!json_at_member(at, "max_session_duration", &duration))
        return OK;
    TRY(json_want_i64(&duration, r->why, &role->max_session_duration_s));
    if (role->max_session_duration_s < SESSION_S_MIN ||
        role->max_session_duration_s > SESSION_S_MAX)
        return json_fail(&duration, r->why, FAULT_CONFIG_INVALID, "expected %d to %d seconds",
                         SESSION_S_MIN, SESSION_S_MAX);
    return OK;
}

static struct outcome role_created(struct reader *r, const struct json_at *at, struct role *role)
{
    struct json_at created;
    struct str text;
    int64_t ms;
    if (!json_at_member(at, "created", &created))
        return OK;
    TRY(json_want_str(&created, r->why, &text));
    if (!time_read(text, &ms))
        return json_fail(&created, r->why, FAULT_CONFIG_INVALID,
                         "expected an RFC 3339 time, as in \"2024-05-01T00:00:00Z\"");
    role->created_s = ms / 1000;
    return OK;
}

static struct outcome unique_id(struct reader *r, const struct json_at *at, const char *prefix,
                                struct str arn, struct str *out)
{
    struct json_at id;
    if (!json_at_member(at, "id", &id)) {
        *out = iam_role_id(r->a, r->account->id, arn);
        memcpy((char *)(uintptr_t)out->p, prefix, 4); /* the same recipe, another kind of thing */
        return OK;
    }
    TRY(json_want_str(&id, r->why, out));
    if (out->n != 21 || !str_starts(*out, str_of(prefix)))
        return json_fail(&id, r->why, FAULT_CONFIG_INVALID,
                         "expected %s and 17 more characters A-Z 2-7", prefix);
    return OK;
}

static struct outcome role_attached(struct reader *r, const struct json_at *at, struct role *role)
{
    struct json_at list;
    struct arn arn;
    if (!json_at_member(at, "attached_policies", &list))
        return OK;
    TRY(text_list(r, &list, 20, &role->attached_policies, &role->n_attached));
    for (size_t i = 0; i < role->n_attached; i++) {
        struct json_at item = json_at_item(&list, i);
        if (!arn_read(role->attached_policies[i], &arn) || !str_eq(arn.service, STR("iam")) ||
            !str_starts(arn.resource, STR("policy/")))
            return json_fail(&item, r->why, FAULT_CONFIG_INVALID,
                             "expected the ARN of a policy, arn:aws:iam::ACCOUNT:policy/NAME");
    }
    return OK;
}

static struct outcome role_boundary(struct reader *r, const struct json_at *at, struct role *role)
{
    struct json_at member;
    struct arn arn;
    if (!json_at_member(at, "permissions_boundary", &member))
        return OK;
    TRY(json_want_str(&member, r->why, &role->permissions_boundary));
    if (role->permissions_boundary.n &&
        (!arn_read(role->permissions_boundary, &arn) || !str_starts(arn.resource, STR("policy/"))))
        return json_fail(&member, r->why, FAULT_CONFIG_INVALID,
                         "expected the ARN of a policy, or an empty text");
    return OK;
}

static const char *const role_members[] = {
    "name", "path",     "description",       "max_session_duration", "tags",         "created",
    "id",   "policies", "attached_policies", "permissions_boundary", "trust_policy", NULL,
};

static struct outcome role_read(struct reader *r, const struct json_at *at, struct role *role)
{
    *role = (struct role){ .account = r->account->id };
    TRY(tolerate(r, json_want_members(at, r->why, role_members)));
    TRY(name_read(r, at, 64, &role->name));
    TRY(path_read(r, at, &role->path));
    role->arn = arn_of_role(r->a, role->account, role->path, role->name);
    TRY(unique_id(r, at, "AROA", role->arn, &role->id));
    TRY(optional_text(r, at, "description", STR(""), &role->description));
    TRY(role_duration(r, at, role));
    TRY(role_created(r, at, role));
    TRY(tags_read(r, at, &role->tags, &role->n_tags));
    TRY(role_trust(r, at, role));
    TRY(role_policies(r, at, role));
    TRY(role_attached(r, at, role));
    TRY(role_boundary(r, at, role));
    struct str folded = ascii_lower(r->a, role->name);
    if (map_get(&r->account->role_by_name, folded))
        return json_fail(
            at, r->why, FAULT_CONFIG_INVALID,
            "the account has a role named %.*s already (names differ in more than case)",
            STR_ARG(role->name));
    map_put(&r->account->role_by_name, folded, role);
    return OK;
}

static struct outcome roles_read(struct reader *r, const struct json_at *at)
{
    struct json_at list;
    if (!json_at_member(at, "roles", &list))
        return OK;
    TRY(json_want_array(&list, r->why));
    r->account->roles = arena_array(r->a, struct role, json_array_size(list.value));
    struct json_items items = json_items_of(&list);
    while (json_items_next(&items)) {
        struct role *role = &r->account->roles[r->account->n_roles];
        TRY(keep(r, role_read(r, &items.item, role), &r->account->n_roles));
    }
    return OK;
}

/* ---- managed policies, users, credentials ---- */

static const char *const managed_members[] = { "name", "path", "description", "policy", NULL };

static struct outcome managed_read(struct reader *r, const struct json_at *at,
                                   struct managed_policy *m)
{
    struct json_at document;
    *m = (struct managed_policy){ .policy = NULL };
    TRY(tolerate(r, json_want_members(at, r->why, managed_members)));
    TRY(name_read(r, at, 128, &m->name));
    TRY(path_read(r, at, &m->path));
    TRY(optional_text(r, at, "description", STR(""), &m->description));
    m->arn = arena_printf(r->a, "arn:aws:iam::%.*s:policy%.*s%.*s", STR_ARG(r->account->id),
                          STR_ARG(m->path), STR_ARG(m->name));
    TRY(required(r, at, "policy", &document));
    return policy_at(r, &document, &m->policy, &m->document);
}

static struct outcome all_managed_read(struct reader *r, const struct json_at *at)
{
    struct json_at list;
    if (!json_at_member(at, "managed_policies", &list))
        return OK;
    TRY(json_want_array(&list, r->why));
    r->account->managed = arena_array(r->a, struct managed_policy, json_array_size(list.value));
    struct json_items items = json_items_of(&list);
    while (json_items_next(&items)) {
        struct managed_policy *m = &r->account->managed[r->account->n_managed];
        TRY(keep(r, managed_read(r, &items.item, m), &r->account->n_managed));
    }
    return OK;
}

static const char *const user_members[] = { "name", "path", "id", NULL };

static struct outcome user_read(struct reader *r, const struct json_at *at, struct user *u)
{
    *u = (struct user){ .account = r->account->id };
    TRY(tolerate(r, json_want_members(at, r->why, user_members)));
    TRY(name_read(r, at, 64, &u->name));
    TRY(path_read(r, at, &u->path));
    u->arn = arena_printf(r->a, "arn:aws:iam::%.*s:user%.*s%.*s", STR_ARG(u->account),
                          STR_ARG(u->path), STR_ARG(u->name));
    return unique_id(r, at, "AIDA", u->arn, &u->id);
}

static struct outcome users_read(struct reader *r, const struct json_at *at)
{
    struct json_at list;
    if (!json_at_member(at, "users", &list))
        return OK;
    TRY(json_want_array(&list, r->why));
    r->account->users = arena_array(r->a, struct user, json_array_size(list.value));
    struct json_items items = json_items_of(&list);
    while (json_items_next(&items)) {
        struct user *u = &r->account->users[r->account->n_users];
        TRY(keep(r, user_read(r, &items.item, u), &r->account->n_users));
    }
    return OK;
}

static bool user_known(const struct account *account, struct str name)
{
    for (size_t i = 0; i < account->n_users; i++)
        if (str_eq(account->users[i].name, name))
            return true;
    return false;
}

static const char *const credential_members[] = { "access_key_id", "secret_access_key", "user",
                                                  NULL };

static struct outcome credential_read(struct reader *r, const struct json_at *at)
{
    struct json_at id, secret, user;
    struct credential *c = arena_make(r->a, struct credential);
    TRY(tolerate(r, json_want_members(at, r->why, credential_members)));
    TRY(required(r, at, "access_key_id", &id));
    TRY(json_want_str(&id, r->why, &c->access_key_id));
    TRY(required(r, at, "secret_access_key", &secret));
    TRY(json_want_str(&secret, r->why, &c->secret_access_key));
    if (!c->access_key_id.n || !c->secret_access_key.n)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "neither may be empty");
    if (json_at_member(at, "user", &user)) {
        TRY(json_want_str(&user, r->why, &c->user));
        if (!user_known(r->account, c->user))
            return json_fail(&user, r->why, FAULT_CONFIG_INVALID,
                             "the account has no such user; name one under \"users\"");
    }
    c->account = r->account->id;
    if (map_get(&r->iam->credential_by_key, c->access_key_id))
        return json_fail(&id, r->why, FAULT_CONFIG_INVALID, "this access key id is taken");
    map_put(&r->iam->credential_by_key, c->access_key_id, c);
    return OK;
}

/* What every local AWS tool is given first: test/test, the default account's root. */
static void default_credentials(struct reader *r)
{
    struct credential *c = arena_make(r->a, struct credential);
    *c = (struct credential){ STR("test"), STR("test"), r->account->id, STR("") };
    map_put(&r->iam->credential_by_key, c->access_key_id, c);
}

static struct outcome credentials_read(struct reader *r, const struct json_at *at)
{
    struct json_at list;
    if (!json_at_member(at, "credentials", &list)) {
        if (r->account == &r->iam->accounts[0])
            default_credentials(r);
        return OK;
    }
    TRY(json_want_array(&list, r->why));
    struct json_items items = json_items_of(&list);
    while (json_items_next(&items))
        TRY(tolerate(r, credential_read(r, &items.item)));
    return OK;
}

/* ---- accounts ---- */

static struct outcome account_read(struct reader *r, const struct json_at *at,
                                   struct account *account, struct str id)
{
    r->account = account;
    account->id = id;
    account->provider_by_url = map_new(r->a);
    account->role_by_name = map_new(r->a);
    map_put(&r->iam->account_by_id, id, account);
    r->iam->n_accounts++;
    TRY(tolerate(r, providers_read(r, at)));
    TRY(tolerate(r, roles_read(r, at)));
    TRY(tolerate(r, all_managed_read(r, at)));
    TRY(tolerate(r, users_read(r, at)));
    return tolerate(r, credentials_read(r, at));
}

static const char *const account_members[] = { "oidc_providers", "roles",       "managed_policies",
                                               "users",          "credentials", NULL };

static struct outcome other_account_read(struct reader *r, const struct json_at *at)
{
    struct str id = str_of(at->key);
    if (!arn_account_valid(id))
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "an account id is twelve decimal digits");
    if (map_get(&r->iam->account_by_id, id))
        return json_fail(at, r->why, FAULT_CONFIG_INVALID,
                         "this is the default account, whose members stand at the top");
    TRY(tolerate(r, json_want_members(at, r->why, account_members)));
    return account_read(r, at, &r->iam->accounts[r->iam->n_accounts], id);
}

static struct outcome more_accounts_read(struct reader *r, const struct json_at *accounts)
{
    const char *key;
    json_t *value;
    TRY(json_want_object(accounts, r->why));
    json_object_foreach(accounts->value, key, value)
    {
        struct json_at at = { .up = accounts, .doc = accounts->doc, .key = key, .value = value };
        TRY(tolerate(r, other_account_read(r, &at)));
    }
    return OK;
}

/* ---- warnings ---- */

struct warn_context {
    struct reader *reader;
    const struct account *account;
    const struct role *role;
};

static bool builtin_provider(struct str principal)
{
    static const struct str names[] = { STR_INIT("accounts.google.com"),
                                        STR_INIT("cognito-identity.amazonaws.com"),
                                        STR_INIT("graph.facebook.com"),
                                        STR_INIT("www.amazon.com") };
    return listed(names, sizeof names / sizeof names[0], principal);
}

/* AWS takes a policy that trusts a provider nobody registered (observed); people rarely mean it. */
static void warn_unregistered(void *context, size_t statement, struct str principal)
{
    struct warn_context *w = context;
    struct reader *r = w->reader;
    struct arn arn;
    if (builtin_provider(principal) || !arn_read(principal, &arn) ||
        !str_starts(arn.resource, STR("oidc-provider/")))
        return;
    struct str url = str_sub(arn.resource, 14, arn.resource.n);
    const struct account *owner = iam_account(r->iam, arn.account);
    if (str_eq(arn.account, w->account->id) && owner && map_get(&owner->provider_by_url, url))
        return;
    r->iam->warnings[r->iam->n_warnings++] = arena_printf(
        r->a, "role %.*s: statement %zu trusts %.*s, which %s", STR_ARG(w->role->arn), statement,
        STR_ARG(principal),
        str_eq(arn.account, w->account->id) ? "is not registered in the account"
                                            : "belongs to another account and can never match");
}

static void count_warning(void *context, size_t statement, struct str principal)
{
    size_t *n = context;
    (void)statement;
    (void)principal;
    ++*n;
}

/* IAM leaves such a role as it is, and refuses its policy at the next change. */
static void warn_predating(struct reader *r, const struct role *role)
{
    struct why why = why_new(r->a);
    if (!iam_role_predates_controls(role->created_s) ||
        !failed(policy_save_controls(r->a, &why, role->trust, NULL)))
        return;
    r->iam->warnings[r->iam->n_warnings++] = arena_printf(
        r->a, "role %.*s: made before the shared-provider controls; today IAM refuses it: %.*s",
        STR_ARG(role->arn), STR_ARG(why.arg[0]));
}

static void warnings_collect(struct reader *r)
{
    struct iam *iam = r->iam;
    size_t most = 0;
    for (size_t i = 0; i < iam->n_accounts; i++)
        for (size_t j = 0; j < iam->accounts[i].n_roles; j++) {
            policy_each_federated(iam->accounts[i].roles[j].trust, count_warning, &most);
            most++; /* warn_predating */
        }
    iam->warnings = arena_array(r->a, struct str, most);
    for (size_t i = 0; i < iam->n_accounts; i++)
        for (size_t j = 0; j < iam->accounts[i].n_roles; j++) {
            struct warn_context w = { r, &iam->accounts[i], &iam->accounts[i].roles[j] };
            warn_predating(r, w.role);
            policy_each_federated(w.role->trust, warn_unregistered, &w);
        }
}

struct outcome iam_read(struct arena *a, struct why *why, const struct json_at *config,
                        const struct iam_options *options, struct iam **out)
{
    struct iam *iam = arena_make(a, struct iam);
    struct reader r = { a, why, options, iam, NULL };
    struct json_at accounts;
    bool more = json_at_member(config, "accounts", &accounts);

    iam->arena = a;
    iam->account_by_id = map_new(a);
    iam->credential_by_key = map_new(a);
    iam->accounts =
        arena_array(a, struct account, 1 + (more ? json_object_size(accounts.value) : 0));
    TRY(account_read(&r, config, &iam->accounts[0], options->account));
    if (more)
        TRY(tolerate(&r, more_accounts_read(&r, &accounts)));
    warnings_collect(&r);
    *out = iam;
    return OK;
}

/* ---- looking up ---- */

const struct account *iam_account(const struct iam *iam, struct str id)
{
    return map_get(&iam->account_by_id, id);
}

const struct role *iam_role(const struct iam *iam, struct str text)
{
    struct arn arn;
    char folded[64];
    if (!arn_is_role(text, &arn))
        return NULL;
    const struct account *account = iam_account(iam, arn.account);
    struct str name = arn_role_name(&arn);
    if (!account || name.n > sizeof folded)
        return NULL;
    for (size_t i = 0; i < name.n; i++)
        folded[i] = name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char)(name.p[i] + 32) : name.p[i];
    const struct role *role = map_get(&account->role_by_name, str_n(folded, name.n));
    return role && str_eq(role->arn, text) ? role : NULL;
}

const struct provider *iam_provider(const struct iam *iam, struct str account_id, struct str issuer)
{
    const struct account *account = iam_account(iam, account_id);
    if (!account || !str_starts(issuer, STR("https://")))
        return NULL;
    return map_get(&account->provider_by_url, str_sub(issuer, 8, issuer.n));
}

const struct credential *iam_credential(const struct iam *iam, struct str access_key_id)
{
    return map_get(&iam->credential_by_key, access_key_id);
}
