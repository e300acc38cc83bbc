#include "fakests/actions/listing.h"
#include "fakests/actions/managed_policy.h"
#include "fakests/actions/members.h"
#include "fakests/param_iam.h"

#include <limits.h>

struct params {
    struct str arn, document, version;
    struct param_boolean set_as_default;
    struct page_ask page;
};

static const struct param one_rows[] = {
    IAM_POLICY_ARN(REQUIRED, struct params, arn),
    IAM_VERSION_ID(REQUIRED, struct params, version),
    PARAM_END,
};

/* ---- finding ---- */

/* "v3" is 3; "v3.x", which the model allows, is nobody's. */
static bool is_number(struct str id, unsigned number)
{
    int64_t n;
    return str_starts(id, STR("v")) && str_to_i64(str_sub(id, 1, id.n), &n) && n == number;
}

static struct outcome find(struct call *c, const struct managed_policy_ask *ask,
                           const struct managed_policy *m, size_t *at)
{
    for (size_t i = 0; i < m->n_versions; i++)
        if (is_number(ask->version, m->versions[i].number)) {
            *at = i;
            return OK;
        }
    return managed_policy_unknown(c, ask);
}

/* ---- showing ---- */

static void write_version(struct call *c, struct xml *x, const struct managed_policy *m,
                          const struct policy_version *v, bool with_document)
{
    if (with_document)
        iam_reply_document(x, "Document", v->text);
    xml_leaf(x, "VersionId", arena_printf(c->arena, "v%u", v->number));
    xml_leaf(x, "IsDefaultVersion", v->number == m->default_version ? STR("true") : STR("false"));
    iam_reply_time(c, x, "CreateDate", v->created_s ? v->created_s : m->created_s);
}

static struct str write_one(struct call *c, const char *action, const struct managed_policy *m,
                            const struct policy_version *v, bool with_document)
{
    struct reply r;
    reply_open(&r, c, action, true);
    xml_open(&r.xml, "PolicyVersion", NULL);
    write_version(c, &r.xml, m, v, with_document);
    xml_close(&r.xml, "PolicyVersion");
    return reply_close(&r, true);
}

struct outcome policy_version_get(struct call *c, struct str *document)
{
    struct params p;
    const struct managed_policy *m;
    size_t at;
    TRY(param_read(c, one_rows, &p));
    struct managed_policy_ask ask = { .action = "iam:GetPolicyVersion",
                                      .arn = p.arn,
                                      .version = p.version,
                                      .not_there = MANAGED_POLICY_NOT_EXISTING };
    TRY(managed_policy_open(c, &ask, &m));
    TRY(find(c, &ask, m, &at));
    *document = write_one(c, "GetPolicyVersion", m, &m->versions[at], true);
    return OK;
}

static const struct param list_rows[] = {
    IAM_POLICY_ARN(REQUIRED, struct params, arn),
    IAM_MARKER(struct params, page.marker),
    IAM_MAX_ITEMS(struct params, page.max_items),
    PARAM_END,
};

/* The newest comes first (observed), so a key counts down. */
static void gather(struct call *c, const struct managed_policy *m, struct listing *l)
{
    for (size_t i = 0; i < m->n_versions; i++)
        listing_add(l, arena_printf(c->arena, "%010u", UINT_MAX - m->versions[i].number),
                    &m->versions[i]);
}

struct outcome policy_version_list(struct call *c, struct str *document)
{
    struct params p;
    const struct managed_policy *m;
    struct reply r;
    struct listing l = listing_new(c->arena);
    TRY(param_read(c, list_rows, &p));
    struct managed_policy_ask ask = { .action = "iam:ListPolicyVersions",
                                      .arn = p.arn,
                                      .not_there = MANAGED_POLICY_NOT_EXISTING };
    TRY(managed_policy_open(c, &ask, &m));
    gather(c, m, &l);
    TRY(listing_page(c, &p.page, &l));
    size_t n = l.page.end - l.page.first;
    reply_open(&r, c, "ListPolicyVersions", true);
    members_open(&r.xml, "Versions", n);
    for (size_t i = l.page.first; i < l.page.end; i++) {
        xml_open(&r.xml, "member", NULL);
        write_version(c, &r.xml, m, l.items[i].item, false);
        xml_close(&r.xml, "member");
    }
    members_close(&r.xml, "Versions", n);
    page_write(&r.xml, &l.page);
    *document = reply_close(&r, true);
    return OK;
}

/* ---- changing ---- */

/* A copy whose versions are its own, with room for one more. */
static struct managed_policy own(struct arena *a, const struct managed_policy *m)
{
    struct managed_policy copy = *m;
    copy.versions = arena_array(a, struct policy_version, m->n_versions + 1);
    memcpy(copy.versions, m->versions, m->n_versions * sizeof *copy.versions);
    return copy;
}

static const struct param create_rows[] = {
    IAM_POLICY_ARN(REQUIRED, struct params, arn),
    IAM_DOCUMENT("PolicyDocument", REQUIRED, struct params, document),
    IAM_BOOLEAN("SetAsDefault", OPTIONAL, struct params, set_as_default),
    PARAM_END,
};

static struct outcome room(struct call *c, const struct managed_policy *m)
{
    if (m->n_versions < POLICY_VERSIONS_MAX)
        return OK;
    c->why->arg[0] = STR("A managed policy can have up to 5 versions. Before you create a new "
                         "version, you must delete an existing version.");
    FAIL(c->why, QUOTA_EXCEEDED, "it has %zu versions", m->n_versions);
}

/* The reply has no Document (observed). */
struct outcome policy_version_create(struct call *c, struct str *document)
{
    struct params p;
    const struct managed_policy *m;
    struct policy_version made;
    TRY(param_read(c, create_rows, &p));
    struct managed_policy_ask ask = { .action = "iam:CreatePolicyVersion",
                                      .arn = p.arn,
                                      .not_there = MANAGED_POLICY_NOT_EXISTING };
    TRY(managed_policy_open_changing(c, &ask, &m));
    TRY(managed_policy_document(c, p.document, &made));
    TRY(room(c, m));
    struct managed_policy changed = own(c->arena, m);
    made.number = ++changed.last_version;
    changed.versions[changed.n_versions++] = made;
    changed.updated_s = c->now_s;
    if (p.set_as_default.present && p.set_as_default.value)
        changed.default_version = made.number;
    iam_put_policy(c->changes, &changed);
    *document = write_one(c, "CreatePolicyVersion", &changed, &made, false);
    return OK;
}

struct outcome policy_version_delete(struct call *c, struct str *document)
{
    struct params p;
    const struct managed_policy *m;
    size_t at;
    TRY(param_read(c, one_rows, &p));
    struct managed_policy_ask ask = { .action = "iam:DeletePolicyVersion",
                                      .arn = p.arn,
                                      .version = p.version,
                                      .not_there = MANAGED_POLICY_NOT_EXISTING };
    TRY(managed_policy_open_changing(c, &ask, &m));
    TRY(find(c, &ask, m, &at));
    if (m->versions[at].number == m->default_version) {
        c->why->arg[0] = STR("Cannot delete the default version of a policy.");
        FAIL(c->why, ENTITY_IN_USE, "v%u is the default version", m->default_version);
    }
    struct managed_policy changed = own(c->arena, m);
    changed.n_versions--;
    memmove(changed.versions + at, changed.versions + at + 1,
            (changed.n_versions - at) * sizeof *changed.versions);
    iam_put_policy(c->changes, &changed);
    *document = iam_reply_empty(c, "DeletePolicyVersion");
    return OK;
}

/* UpdateDate stays: it tells when the newest version was made (IAM API reference, Policy). */
struct outcome policy_version_set_default(struct call *c, struct str *document)
{
    struct params p;
    const struct managed_policy *m;
    size_t at;
    TRY(param_read(c, one_rows, &p));
    struct managed_policy_ask ask = { .action = "iam:SetDefaultPolicyVersion",
                                      .arn = p.arn,
                                      .version = p.version,
                                      .not_there = MANAGED_POLICY_NOT_EXISTING };
    TRY(managed_policy_open_changing(c, &ask, &m));
    TRY(find(c, &ask, m, &at));
    struct managed_policy changed = *m;
    changed.default_version = m->versions[at].number;
    iam_put_policy(c->changes, &changed);
    *document = iam_reply_empty(c, "SetDefaultPolicyVersion");
    return OK;
}
