#include "fakests/iam/arn.h"
#include "fakests/iam/read_value.h"

static const char *const version_members[] = { "version", "policy", "created", NULL };

static struct outcome version_read(struct iam_reader *r, const struct json_at *at,
                                   struct policy_version *v)
{
    struct json_at number, document;
    int64_t n;
    TRY(json_want_members(at, r->why, version_members));
    TRY(read_required(r, at, "version", &number));
    TRY(read_number(r, &number, 1, 1000 * 1000, &n));
    v->number = (unsigned)n;
    TRY(read_time_s(r, at, "created", &v->created_s));
    TRY(read_required(r, at, "policy", &document));
    return read_identity_policy(r, &document, &v->policy, &v->text);
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
static const char *const of_versions[] = { "versions", "default_version", "last_version" };

/* The only version is v1, and in force. */
static struct outcome one_version(struct iam_reader *r, const struct json_at *at,
                                  const struct json_at *policy, struct managed_policy *m)
{
    struct json_at beside;
    for (size_t i = 0; i < sizeof of_versions / sizeof of_versions[0]; i++)
        if (json_at_member(at, of_versions[i], &beside))
            return json_fail(
                &beside, r->why, FAULT_CONFIG_INVALID,
                "either \"policy\" or \"versions\": beside \"policy\" there is no \"%s\"",
                of_versions[i]);
    m->versions = arena_make(r->a, struct policy_version);
    m->versions[0].number = 1;
    m->versions[0].created_s = m->created_s;
    m->n_versions = 1;
    return read_identity_policy(r, policy, &m->versions[0].policy, &m->versions[0].text);
}

/* Either "policy", the only version there is, or "versions" and which of them is in force. */
static struct outcome policy_versions(struct iam_reader *r, const struct json_at *at,
                                      struct managed_policy *m)
{
    struct json_at one, many, number;
    int64_t in_force, last;

    m->default_version = m->last_version = 1;
    if (json_at_member(at, versions_members[0], &one))
        return one_version(r, at, &one, m);
    TRY(read_required(
        r, at, json_object_get(at->value, versions_members[1]) ? "versions" : "policy", &many));
    TRY(versions_read(r, &many, m));
    m->last_version = m->versions[m->n_versions - 1].number;
    TRY(read_required(r, at, "default_version", &number));
    TRY(read_number(r, &number, 1, 1000 * 1000, &in_force));
    m->default_version = (unsigned)in_force;
    for (size_t i = 0; i < m->n_versions; i++)
        if (m->versions[i].number == m->default_version)
            in_force = 0;
    if (in_force)
        return json_fail(&number, r->why, FAULT_CONFIG_INVALID, "there is no such version");
    if (json_at_member(at, "last_version", &number)) {
        TRY(read_number(r, &number, m->last_version, 1000 * 1000, &last));
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
    TRY(read_members(r, at, policy_members));
    TRY(read_name(r, at, 128, &m->name));
    TRY(read_path(r, at, &m->path));
    TRY(read_optional(r, at, "description", &m->description));
    m->arn = arn_of_policy(r->a, m->account, m->path, m->name);
    TRY(read_id(r, at, "ANPA", m->arn, &m->id));
    TRY(read_time_s(r, at, "created", &m->created_s));
    TRY(read_time_s(r, at, "updated", &m->updated_s));
    TRY(read_tags(r, at, &m->tags, &m->n_tags));
    return policy_versions(r, at, m);
}
