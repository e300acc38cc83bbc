#include "fakests/iam/read.h"

#include "base/clock.h"
#include "base/encode.h"
#include "fakests/iam/arn.h"
#include "fakests/iam/document.h"
#include "fakests/policy/save.h"

#include <inttypes.h>

enum {
    CLIENT_IDS_MAX = 100, /* quotas of aws.md section 7 */
    THUMBPRINTS_MAX = 5,
    TAGS_MAX = 50,
    SESSION_S_MIN = 3600,
    SESSION_S_MAX = 43200,
    ATTACHED_MAX = 20, /* the quota of 10 can be raised to 20 */
    SERVICE_CREDENTIALS_MAX = 100,
};

/* ---- small values ---- */

static struct outcome text_of(struct iam_reader *r, const struct json_at *at, struct str *out)
{
    struct str text;
    TRY(json_want_str(at, r->why, &text));
    *out = arena_str(r->a, text);
    return OK;
}

static struct outcome optional(struct iam_reader *r, const struct json_at *at, const char *key,
                               struct str *out)
{
    struct json_at member;
    return json_at_member(at, key, &member) ? text_of(r, &member, out) : OK;
}

static struct outcome required(struct iam_reader *r, const struct json_at *at, const char *key,
                               struct json_at *out)
{
    if (!json_at_member(at, key, out))
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "\"%s\" is missing", key);
    return OK;
}

/* What an object's members may be called; where a reader is asked to go on, it is. */
static struct outcome members_known(struct iam_reader *r, const struct json_at *at,
                                    const char *const *names)
{
    struct outcome o = json_want_members(at, r->why, names);
    if (!failed(o) || !r->refused || !json_is_object(at->value))
        return o;
    r->refused(r->refused_context, r->why);
    *r->why = why_new(r->why->arena);
    return OK;
}

static struct outcome text_list(struct iam_reader *r, const struct json_at *at, size_t max,
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
        TRY(text_of(r, &item, &items[i]));
    }
    *out = items;
    *n = count;
    return OK;
}

static struct outcome tags_read(struct iam_reader *r, const struct json_at *at, struct tag **out,
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
        t->key = arena_str(r->a, str_of(key));
        TRY(text_of(r, &tag, &t->value));
    }
    return OK;
}

/* IAM names: [\w+=,.@-]{1,max}. */
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

static struct outcome name_read(struct iam_reader *r, const struct json_at *at, size_t max,
                                struct str *out)
{
    struct json_at name;
    TRY(required(r, at, "name", &name));
    TRY(text_of(r, &name, out));
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

static struct outcome path_read(struct iam_reader *r, const struct json_at *at, struct str *out)
{
    struct json_at path;
    *out = STR("/");
    if (!json_at_member(at, "path", &path))
        return OK;
    TRY(text_of(r, &path, out));
    if (!path_valid(*out))
        return json_fail(&path, r->why, FAULT_CONFIG_INVALID,
                         "expected \"/\" or a path between slashes, as in \"/ci/\"");
    return OK;
}

static struct outcome time_ms_read(struct iam_reader *r, const struct json_at *at, const char *key,
                                   int64_t *out)
{
    struct json_at member;
    struct str text;
    if (!json_at_member(at, key, &member))
        return OK;
    TRY(json_want_str(&member, r->why, &text));
    if (!time_read(text, out))
        return json_fail(&member, r->why, FAULT_CONFIG_INVALID,
                         "expected an RFC 3339 time, as in \"2024-05-01T00:00:00Z\"");
    return OK;
}

static struct outcome time_s_read(struct iam_reader *r, const struct json_at *at, const char *key,
                                  int64_t *out)
{
    int64_t ms = 0;
    TRY(time_ms_read(r, at, key, &ms));
    *out = ms / 1000;
    return OK;
}

static struct outcome id_read(struct iam_reader *r, const struct json_at *at, const char *prefix,
                              struct str arn, struct str *out)
{
    struct json_at id;
    if (!json_at_member(at, "id", &id)) {
        *out = iam_id_of_arn(r->a, prefix, r->account, arn);
        return OK;
    }
    TRY(text_of(r, &id, out));
    if (out->n != ID_UNIQUE_CHARACTERS || !str_starts(*out, str_of(prefix)))
        return json_fail(&id, r->why, FAULT_CONFIG_INVALID,
                         "expected %s and 17 more characters A-Z 2-7", prefix);
    return OK;
}

static struct outcome number_read(struct iam_reader *r, const struct json_at *at, int64_t min,
                                  int64_t max, int64_t *out)
{
    TRY(json_want_i64(at, r->why, out));
    if (*out < min || *out > max)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "expected %" PRId64 " to %" PRId64, min,
                         max);
    return OK;
}

/* ---- OIDC providers ---- */

const char *iam_provider_url(struct arena *a, struct str url, struct str *out)
{
    if (!str_starts(url, STR("https://")))
        return "an OIDC provider's URL begins with https://";
    if (url.n > 255 || str_contains(url, STR("?")) || str_contains(url, STR("#")) ||
        str_contains(url, STR(" ")))
        return "at most 255 characters, without query, fragment or space";
    struct str rest = str_sub(url, 8, url.n);
    struct str authority = str_sub(rest, 0, str_find(rest, '/'));
    if (!authority.n)
        return "the URL has no host";
    *out = arena_str(a, rest);
    if (str_ends(authority, STR(":443")))
        *out = arena_join(a, str_sub(authority, 0, authority.n - 4),
                          str_sub(rest, authority.n, rest.n));
    return NULL;
}

static struct outcome provider_url(struct iam_reader *r, const struct json_at *at, struct str *out)
{
    struct json_at url;
    struct str text;
    TRY(required(r, at, "url", &url));
    TRY(json_want_str(&url, r->why, &text));
    const char *wrong = iam_provider_url(r->a, text, out);
    if (wrong)
        return json_fail(&url, r->why, FAULT_CONFIG_INVALID, "%s", wrong);
    return OK;
}

/* A key set borrows from its document: it gets one that lives as long. */
static struct outcome jwks_keep(struct iam_reader *r, const struct json_at *set, struct provider *p)
{
    struct json_doc *doc;
    struct jwks *judged;
    TRY(jwks_read(r->work, r->why, set, &judged)); /* with the place in the config */
    p->origin = KEYS_JWKS;
    p->jwks_text = json_text(r->a, set->value);
    TRY(json_load(r->a, r->why, STR("jwks"), p->jwks_text, JSON_LAST_WINS, &doc));
    struct json_at root = json_at_root(doc);
    return jwks_read(r->a, r->why, &root, &p->jwks);
}

static const char *const keys_members[] = { "jwks", "jwks_file", NULL };

static struct outcome provider_keys(struct iam_reader *r, const struct json_at *at,
                                    struct provider *p)
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
    if (json_at_member(&keys, "jwks", &set))
        return jwks_keep(r, &set, p);
    if (!json_at_member(&keys, "jwks_file", &set))
        return OK;
    TRY(document_load(r->work, r->why, &set, r->files_allowed, &root));
    r->files_read = true;
    return jwks_keep(r, &root, p);
}

static bool listed(const struct str *items, size_t n, struct str item)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(items[i], item))
            return true;
    return false;
}

static struct outcome provider_client_ids(struct iam_reader *r, const struct json_at *at,
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

static struct outcome provider_thumbprints(struct iam_reader *r, const struct json_at *at,
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

static const char *const provider_members[] = { "url",  "client_ids", "thumbprints", "tags",
                                                "keys", "created",    NULL };

struct outcome iam_read_provider(struct iam_reader *r, const struct json_at *at, struct provider *p)
{
    *p = (struct provider){ .account = r->account };
    TRY(members_known(r, at, provider_members));
    TRY(provider_url(r, at, &p->url));
    p->arn = arn_of_provider(r->a, p->account, p->url);
    TRY(provider_client_ids(r, at, p));
    TRY(provider_thumbprints(r, at, p));
    TRY(tags_read(r, at, &p->tags, &p->n_tags));
    TRY(time_ms_read(r, at, "created", &p->created_ms));
    return provider_keys(r, at, p);
}

/* ---- policies ---- */

static struct outcome document_at(struct iam_reader *r, const struct json_at *at,
                                  struct json_at *root, struct str *text)
{
    TRY(document_resolve(r->work, r->why, at, r->files_allowed, root));
    r->files_read |= root->doc != at->doc;
    *text = json_text(r->a, root->value);
    return OK;
}

static struct outcome identity_policy(struct iam_reader *r, const struct json_at *at,
                                      struct policy **policy, struct str *text)
{
    struct json_at root;
    TRY(document_at(r, at, &root, text));
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

static struct outcome role_trust(struct iam_reader *r, const struct json_at *at, struct role *role)
{
    struct json_at trust, root;
    TRY(required(r, at, "trust_policy", &trust));
    TRY(document_at(r, &trust, &root, &role->trust_text));
    if (r->judged)
        return policy_read(r->a, r->why, &root, POLICY_TRUST, &role->trust);
    return iam_trust_read(r->a, r->why, &root, role->created_s, &role->trust);
}

/* ---- what an identity may do ---- */

static struct outcome inline_policies(struct iam_reader *r, const struct json_at *at,
                                      struct grants *g)
{
    struct json_at policies;
    const char *key;
    json_t *value;

    if (!json_at_member(at, "policies", &policies))
        return OK;
    TRY(json_want_object(&policies, r->why));
    g->policies = arena_array(r->a, struct named_policy, json_object_size(policies.value));
    json_object_foreach(policies.value, key, value)
    {
        struct json_at one = { .up = &policies, .doc = policies.doc, .key = key, .value = value };
        struct named_policy *p = &g->policies[g->n_policies++];
        p->name = arena_str(r->a, str_of(key));
        TRY(identity_policy(r, &one, &p->policy, &p->text));
    }
    return OK;
}

static bool policy_arn(struct str text)
{
    struct arn arn;
    return arn_read(text, &arn) && str_eq(arn.service, STR("iam")) &&
           str_starts(arn.resource, STR("policy/"));
}

static struct outcome attached_policies(struct iam_reader *r, const struct json_at *at,
                                        struct grants *g)
{
    struct json_at list;
    if (!json_at_member(at, "attached_policies", &list))
        return OK;
    TRY(text_list(r, &list, ATTACHED_MAX, &g->attached, &g->n_attached));
    for (size_t i = 0; i < g->n_attached; i++) {
        struct json_at item = json_at_item(&list, i);
        if (!policy_arn(g->attached[i]))
            return json_fail(&item, r->why, FAULT_CONFIG_INVALID,
                             "expected the ARN of a policy, arn:aws:iam::ACCOUNT:policy/NAME");
    }
    return OK;
}

static struct outcome boundary(struct iam_reader *r, const struct json_at *at, struct grants *g)
{
    struct json_at member;
    if (!json_at_member(at, "permissions_boundary", &member))
        return OK;
    TRY(text_of(r, &member, &g->boundary));
    if (g->boundary.n && !policy_arn(g->boundary))
        return json_fail(&member, r->why, FAULT_CONFIG_INVALID,
                         "expected the ARN of a policy, or an empty text");
    return OK;
}

static struct outcome grants_read(struct iam_reader *r, const struct json_at *at, struct grants *g)
{
    TRY(inline_policies(r, at, g));
    TRY(attached_policies(r, at, g));
    return boundary(r, at, g);
}

/* ---- roles ---- */

static struct outcome role_duration(struct iam_reader *r, const struct json_at *at,
                                    struct role *role)
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

static const char *const role_members[] = {
    "name", "path",     "description",       "max_session_duration", "tags",         "created",
    "id",   "policies", "attached_policies", "permissions_boundary", "trust_policy", NULL,
};

struct outcome iam_read_role(struct iam_reader *r, const struct json_at *at, struct role *role)
{
    *role = (struct role){ .account = r->account };
    TRY(members_known(r, at, role_members));
    TRY(name_read(r, at, 64, &role->name));
    TRY(path_read(r, at, &role->path));
    role->arn = arn_of_role(r->a, role->account, role->path, role->name);
    TRY(id_read(r, at, "AROA", role->arn, &role->id));
    TRY(optional(r, at, "description", &role->description));
    TRY(role_duration(r, at, role));
    TRY(time_s_read(r, at, "created", &role->created_s));
    TRY(tags_read(r, at, &role->tags, &role->n_tags));
    TRY(role_trust(r, at, role));
    return grants_read(r, at, &role->grants);
}

/* ---- managed policies ---- */

static const char *const version_members[] = { "version", "policy", "created", NULL };

static struct outcome version_read(struct iam_reader *r, const struct json_at *at,
                                   struct policy_version *v)
{
    struct json_at number, document;
    int64_t n;
    TRY(json_want_members(at, r->why, version_members));
    TRY(required(r, at, "version", &number));
    TRY(number_read(r, &number, 1, 1000 * 1000, &n));
    v->number = (unsigned)n;
    TRY(time_s_read(r, at, "created", &v->created_s));
    TRY(required(r, at, "policy", &document));
    return identity_policy(r, &document, &v->policy, &v->text);
}

static struct outcome versions_read(struct iam_reader *r, const struct json_at *list,
                                    struct managed_policy *m)
{
    TRY(json_want_array(list, r->why));
    size_t n = json_array_size(list->value);
    if (n < 1 || n > POLICY_VERSIONS_MAX)
        return json_fail(list, r->why, FAULT_CONFIG_INVALID, "expected 1 to %d versions",
                         POLICY_VERSIONS_MAX);
    m->versions = arena_array(r->a, struct policy_version, n);
    for (size_t i = 0; i < n; i++) {
        struct json_at item = json_at_item(list, i);
        TRY(version_read(r, &item, &m->versions[i]));
        if (i && m->versions[i].number <= m->versions[i - 1].number)
            return json_fail(&item, r->why, FAULT_CONFIG_INVALID,
                             "versions stand in the order of their numbers");
    }
    m->n_versions = n;
    return OK;
}

static const char *const versions_members[] = { "policy", "versions", NULL };

/* Either "policy", the only version there is, or "versions" and which of them is in force. */
static struct outcome policy_versions(struct iam_reader *r, const struct json_at *at,
                                      struct managed_policy *m)
{
    struct json_at one, many, number;
    int64_t in_force, last;

    m->default_version = m->last_version = 1;
    if (json_at_member(at, versions_members[0], &one)) {
        m->versions = arena_make(r->a, struct policy_version);
        m->versions[0].number = 1;
        m->versions[0].created_s = m->created_s;
        m->n_versions = 1;
        return identity_policy(r, &one, &m->versions[0].policy, &m->versions[0].text);
    }
    TRY(required(r, at, json_object_get(at->value, versions_members[1]) ? "versions" : "policy",
                 &many));
    TRY(versions_read(r, &many, m));
    m->last_version = m->versions[m->n_versions - 1].number;
    TRY(required(r, at, "default_version", &number));
    TRY(number_read(r, &number, 1, 1000 * 1000, &in_force));
    m->default_version = (unsigned)in_force;
    for (size_t i = 0; i < m->n_versions; i++)
        if (m->versions[i].number == m->default_version)
            in_force = 0;
    if (in_force)
        return json_fail(&number, r->why, FAULT_CONFIG_INVALID, "there is no such version");
    if (json_at_member(at, "last_version", &number)) {
        TRY(number_read(r, &number, m->last_version, 1000 * 1000, &last));
        m->last_version = (unsigned)last;
    }
    return OK;
}

static const char *const policy_members[] = {
    "name",    "path", "description", "policy",          "id",           "created",
    "updated", "tags", "versions",    "default_version", "last_version", NULL
};

struct outcome iam_read_policy(struct iam_reader *r, const struct json_at *at,
                               struct managed_policy *m)
{
    *m = (struct managed_policy){ .account = r->account };
    TRY(members_known(r, at, policy_members));
    TRY(name_read(r, at, 128, &m->name));
    TRY(path_read(r, at, &m->path));
    TRY(optional(r, at, "description", &m->description));
    m->arn = arn_of_policy(r->a, m->account, m->path, m->name);
    TRY(id_read(r, at, "ANPA", m->arn, &m->id));
    TRY(time_s_read(r, at, "created", &m->created_s));
    TRY(time_s_read(r, at, "updated", &m->updated_s));
    TRY(tags_read(r, at, &m->tags, &m->n_tags));
    return policy_versions(r, at, m);
}

/* ---- users ---- */

static const char *const service_credential_members[] = {
    "id", "service_name", "user_name", "password", "status", "created", "expires", NULL
};

static struct outcome status_read(struct iam_reader *r, const struct json_at *at, bool *active)
{
    struct json_at member;
    struct str text;
    *active = true;
    if (!json_at_member(at, "status", &member))
        return OK;
    TRY(json_want_str(&member, r->why, &text));
    *active = str_eq(text, STR("Active"));
    if (!*active && !str_eq(text, STR("Inactive")))
        return json_fail(&member, r->why, FAULT_CONFIG_INVALID,
                         "expected \"Active\" or \"Inactive\"");
    return OK;
}

static struct outcome service_credential_read(struct iam_reader *r, const struct json_at *at,
                                              struct service_credential *c)
{
    struct json_at member;
    TRY(json_want_members(at, r->why, service_credential_members));
    TRY(required(r, at, "id", &member));
    TRY(text_of(r, &member, &c->id));
    TRY(required(r, at, "service_name", &member));
    TRY(text_of(r, &member, &c->service_name));
    TRY(optional(r, at, "user_name", &c->user_name));
    TRY(optional(r, at, "password", &c->password));
    TRY(status_read(r, at, &c->active));
    TRY(time_s_read(r, at, "created", &c->created_s));
    return time_s_read(r, at, "expires", &c->expires_s);
}

static struct outcome service_credentials(struct iam_reader *r, const struct json_at *at,
                                          struct user *u)
{
    struct json_at list;
    if (!json_at_member(at, "service_credentials", &list))
        return OK;
    TRY(json_want_array(&list, r->why));
    size_t n = json_array_size(list.value);
    if (n > SERVICE_CREDENTIALS_MAX)
        return json_fail(&list, r->why, FAULT_CONFIG_INVALID, "at most %d",
                         SERVICE_CREDENTIALS_MAX);
    u->service_credentials = arena_array(r->a, struct service_credential, n);
    u->n_service_credentials = n;
    for (size_t i = 0; i < n; i++) {
        struct json_at item = json_at_item(&list, i);
        TRY(service_credential_read(r, &item, &u->service_credentials[i]));
    }
    return OK;
}

static const char *const user_members[] = { "name",
                                            "path",
                                            "id",
                                            "created",
                                            "tags",
                                            "policies",
                                            "attached_policies",
                                            "permissions_boundary",
                                            "service_credentials",
                                            NULL };

struct outcome iam_read_user(struct iam_reader *r, const struct json_at *at, struct user *u)
{
    *u = (struct user){ .account = r->account };
    TRY(members_known(r, at, user_members));
    TRY(name_read(r, at, 64, &u->name));
    TRY(path_read(r, at, &u->path));
    u->arn = arn_of_user(r->a, u->account, u->path, u->name);
    TRY(id_read(r, at, "AIDA", u->arn, &u->id));
    TRY(time_s_read(r, at, "created", &u->created_s));
    TRY(tags_read(r, at, &u->tags, &u->n_tags));
    TRY(grants_read(r, at, &u->grants));
    return service_credentials(r, at, u);
}

/* ---- access keys ---- */

static const char *const credential_members[] = { "access_key_id", "secret_access_key", "user",
                                                  "status",        "created",           NULL };

struct outcome iam_read_credential(struct iam_reader *r, const struct json_at *at,
                                   struct credential *c)
{
    struct json_at id, secret;
    bool active;
    *c = (struct credential){ .account = r->account };
    TRY(members_known(r, at, credential_members));
    TRY(required(r, at, "access_key_id", &id));
    TRY(text_of(r, &id, &c->access_key_id));
    TRY(required(r, at, "secret_access_key", &secret));
    TRY(text_of(r, &secret, &c->secret_access_key));
    if (!c->access_key_id.n || !c->secret_access_key.n)
        return json_fail(at, r->why, FAULT_CONFIG_INVALID, "neither may be empty");
    if (c->access_key_id.n > 128)
        return json_fail(&id, r->why, FAULT_CONFIG_INVALID, "at most 128 characters");
    TRY(optional(r, at, "user", &c->user));
    TRY(status_read(r, at, &active));
    c->inactive = !active;
    return time_s_read(r, at, "created", &c->created_s);
}

/* ---- accounts ---- */

static const char *const outbound_members[] = { "issuer", "enabled", NULL };

static struct outcome outbound_read(struct iam_reader *r, const struct json_at *at,
                                    struct account *account)
{
    struct json_at member;
    TRY(json_want_members(at, r->why, outbound_members));
    TRY(required(r, at, "issuer", &member));
    TRY(text_of(r, &member, &account->outbound_issuer));
    if (!str_starts(account->outbound_issuer, STR("https://")) || account->outbound_issuer.n <= 8 ||
        account->outbound_issuer.n > 255)
        return json_fail(&member, r->why, FAULT_CONFIG_INVALID, "expected an https:// URL");
    TRY(required(r, at, "enabled", &member));
    return json_want_bool(&member, r->why, &account->outbound_enabled);
}

/* [a-z0-9] and single '-' between, 3 to 63 of them. */
static bool alias_valid(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool word = (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9');
        bool dash = s.p[i] == '-' && i && i + 1 < s.n && s.p[i - 1] != '-';
        if (!word && !dash)
            return false;
    }
    return s.n >= 3 && s.n <= 63;
}

struct outcome iam_read_account(struct iam_reader *r, const struct json_at *at,
                                struct account *account)
{
    struct json_at member;
    *account = (struct account){ .id = r->account };
    if (json_at_member(at, "account_alias", &member)) {
        TRY(text_of(r, &member, &account->alias));
        if (account->alias.n && !alias_valid(account->alias))
            return json_fail(&member, r->why, FAULT_CONFIG_INVALID,
                             "expected 3 to 63 of a-z 0-9 and single '-' between");
    }
    return json_at_member(at, "outbound_federation", &member) ? outbound_read(r, &member, account)
                                                              : OK;
}
