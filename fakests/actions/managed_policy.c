#include "fakests/actions/managed_policy.h"

#include "base/encode.h"
#include "fakests/action.h"
#include "fakests/actions/grants.h"
#include "fakests/actions/tagging.h"
#include "fakests/iam/arn.h"
#include "fakests/iam/walk.h"
#include "fakests/param_iam.h"
#include "fakests/policy/identity.h"

enum {
    CHARACTERS_MAX = 6144, /* blanks not counted */
    POLICIES_MAX = 10000,  /* what AWS raises the quota of 1,500 to at most */
};

struct params {
    struct str arn, path, name, document, description;
    struct param_structs tags;
};

/* ---- finding ---- */

struct outcome managed_policy_unknown(struct call *c, const struct managed_policy_ask *ask)
{
    c->why->arg[0] = arena_printf(c->arena, "Policy %.*s %s%.*s%s%s", STR_ARG(ask->arn),
                                  ask->version.p ? "version " : "", STR_ARG(ask->version),
                                  ask->version.p ? " " : "", ask->not_there);
    FAIL(c->why, ENTITY_UNKNOWN, "there is no policy %.*s%s%.*s", STR_ARG(ask->arn),
         ask->version.p ? ", version " : "", STR_ARG(ask->version));
}

/* That a version is named behind the ARN is inferred. */
static struct str shown(struct call *c, const struct managed_policy_ask *ask)
{
    struct str text = arena_join(c->arena, STR("policy "), ask->arn);
    return ask->version.p ? arena_join(c->arena, text, STR(" version "), ask->version) : text;
}

static struct outcome authorized(struct call *c, const struct managed_policy_ask *ask,
                                 const struct managed_policy *policy)
{
    struct arn arn;
    struct authorize_ask asked = {
        .action = str_of(ask->action),
        .resource = ask->arn,
        .shown = shown(c, ask),
        .resource_tags = policy ? policy->tags : NULL,
        .n_resource_tags = policy ? policy->n_tags : 0,
        .request_tags = ask->request_tags,
        .n_request_tags = ask->n_request_tags,
        .tag_keys = ask->tag_keys,
        .n_tag_keys = ask->n_tag_keys,
    };
    if (arn_read(ask->arn, &arn) && arn_account_valid(arn.account))
        asked.resource_account = arn.account;
    return authorize(c, &asked);
}

struct outcome managed_policy_find(struct call *c, const struct managed_policy_ask *ask,
                                   const struct managed_policy **out)
{
    TRY(grants_arn_check(c, ask->arn));
    const struct managed_policy *policy = iam_policy(c->world->iam, ask->arn);
    TRY(authorized(c, ask, policy));
    *out = policy;
    return OK;
}

struct outcome managed_policy_open(struct call *c, const struct managed_policy_ask *ask,
                                   const struct managed_policy **out)
{
    const struct managed_policy *policy;
    TRY(managed_policy_find(c, ask, &policy));
    if (!policy)
        return managed_policy_unknown(c, ask);
    *out = policy;
    return OK;
}

static bool is_aws(struct str text)
{
    struct arn arn;
    return arn_read(text, &arn) && str_eq(arn.account, STR("aws"));
}

struct outcome managed_policy_open_changing(struct call *c, const struct managed_policy_ask *ask,
                                            const struct managed_policy **out)
{
    const struct managed_policy *policy = NULL;
    TRY(grants_arn_check(c, ask->arn));
    if (!is_aws(ask->arn))
        return managed_policy_open(c, ask, out);
    TRY(authorized(c, ask, policy));
    c->why->arg[0] = STR("Policy is outside your own account.");
    FAIL(c->why, ACCESS_DENIED, "%.*s is AWS's own", STR_ARG(ask->arn));
}

/* ---- making ---- */

struct outcome managed_policy_document(struct call *c, struct str document,
                                       struct policy_version *out)
{
    struct policy_version v = { .created_s = c->now_s };
    TRY(identity_read(c->arena, c->why, STR("PolicyDocument"), document, IDENTITY_MANAGED,
                      &v.policy, &v.text));
    TRY(iam_quota(c, "PolicySize", utf8_length(v.text), CHARACTERS_MAX));
    *out = v;
    return OK;
}

static const struct param create_rows[] = {
    IAM_POLICY_NAME(REQUIRED, struct params, name),
    IAM_POLICY_PATH(struct params, path),
    IAM_DOCUMENT("PolicyDocument", REQUIRED, struct params, document),
    IAM_TEXT("Description", 0, 1000, NULL, OPTIONAL, struct params, description),
    IAM_TAGS(OPTIONAL, struct params, tags),
    PARAM_END,
};

/* With tags, TagPolicy has to be allowed as well. */
static struct outcome authorize_create(struct call *c, const struct params *p, struct str arn)
{
    struct authorize_ask ask = { .action = STR("iam:CreatePolicy"),
                                 .resource = arn,
                                 .shown = arena_join(c->arena, STR("policy "), p->name),
                                 .request_tags = p->tags.items,
                                 .n_request_tags = p->tags.n };
    TRY(authorize(c, &ask));
    ask.action = STR("iam:TagPolicy");
    return p->tags.n ? authorize(c, &ask) : OK;
}

static struct outcome name_free(struct call *c, struct str name)
{
    const struct managed_policy *other = iam_policy_named(c->world->iam, c->caller.account, name);
    if (!other)
        return OK;
    c->why->arg[0] = arena_printf(
        c->arena, "A policy called %.*s already exists. Duplicate names are not allowed.",
        STR_ARG(name));
    FAIL(c->why, ENTITY_EXISTS, "account %.*s has the policy %.*s", STR_ARG(c->caller.account),
         STR_ARG(other->arn));
}

static struct outcome quota(struct call *c)
{
    if (iam_count(c->world->iam, IAM_POLICY) < POLICIES_MAX)
        return OK;
    struct iam_list all = iam_unordered(c->world->iam, c->arena, IAM_POLICY, c->caller.account);
    return iam_quota(c, "PoliciesPerAccount", all.n + 1, POLICIES_MAX);
}

/* ---- showing ---- */

void managed_policy_write(struct call *c, struct xml *x, const struct managed_policy *m,
                          struct policy_usage usage, unsigned members)
{
    xml_leaf(x, "PolicyName", m->name);
    xml_leaf(x, "PolicyId", m->id);
    xml_leaf(x, "Arn", m->arn);
    xml_leaf(x, "Path", m->path);
    xml_leaf(x, "DefaultVersionId", arena_printf(c->arena, "v%u", m->default_version));
    xml_leaf_i64(x, "AttachmentCount", (int64_t)usage.attached);
    xml_leaf_i64(x, "PermissionsBoundaryUsageCount", (int64_t)usage.boundary);
    xml_leaf(x, "IsAttachable", STR("true"));
    if (members & MANAGED_POLICY_DESCRIPTION && m->description.p)
        xml_leaf(x, "Description", m->description);
    iam_reply_time(c, x, "CreateDate", m->created_s);
    iam_reply_time(c, x, "UpdateDate", m->updated_s ? m->updated_s : m->created_s);
    if (members & MANAGED_POLICY_TAGS)
        iam_reply_tags(x, m->tags, m->n_tags);
}

static struct str write_one(struct call *c, const char *action, const struct managed_policy *m,
                            struct policy_usage usage, unsigned members)
{
    struct reply r;
    reply_open(&r, c, action, true);
    xml_open(&r.xml, "Policy", NULL);
    managed_policy_write(c, &r.xml, m, usage, members);
    xml_close(&r.xml, "Policy");
    return reply_close(&r, true);
}

/* The reply has no Description, and Tags only when some were given (observed). */
static struct outcome create(struct call *c, struct str *document)
{
    struct params p;
    struct policy_version first;
    TRY(param_read(c, create_rows, &p));
    struct managed_policy made = { .account = c->caller.account,
                                   .name = p.name,
                                   .path = p.path.n ? p.path : STR("/"),
                                   .description = p.description,
                                   .created_s = c->now_s,
                                   .updated_s = c->now_s,
                                   .tags = p.tags.items,
                                   .n_tags = p.tags.n,
                                   .versions = &first,
                                   .n_versions = 1,
                                   .default_version = 1,
                                   .last_version = 1 };
    made.arn = arn_of_policy(c->arena, made.account, made.path, made.name);
    TRY(authorize_create(c, &p, made.arn));
    TRY(iam_tags_check(c, p.tags.items, p.tags.n, false));
    TRY(managed_policy_document(c, p.document, &first));
    TRY(name_free(c, p.name));
    TRY(quota(c));
    first.number = 1;
    made.id = iam_new_id(c, "ANPA");
    iam_put_policy(c->changes, &made);
    *document = write_one(c, "CreatePolicy", &made, (struct policy_usage){ 0 },
                          made.n_tags ? MANAGED_POLICY_TAGS : 0);
    return OK;
}

static const struct param arn_rows[] = {
    IAM_POLICY_ARN(REQUIRED, struct params, arn),
    PARAM_END,
};

static struct outcome get(struct call *c, struct str *document)
{
    struct params p;
    const struct managed_policy *m;
    TRY(param_read(c, arn_rows, &p));
    TRY(managed_policy_open(c,
                            &(struct managed_policy_ask){ .action = "iam:GetPolicy",
                                                          .arn = p.arn,
                                                          .not_there = MANAGED_POLICY_NOT_FOUND },
                            &m));
    struct managed_policy shown_now = *m;
    shown_now.tags = tagging_sorted(c->arena, m->tags, m->n_tags);
    *document = write_one(c, "GetPolicy", &shown_now, policy_usage_of(c, m->arn),
                          MANAGED_POLICY_DESCRIPTION | MANAGED_POLICY_TAGS);
    return OK;
}

/* ---- deleting ---- */

static struct outcome deletable(struct call *c, const struct managed_policy *m)
{
    struct policy_usage usage = policy_usage_of(c, m->arn);
    if (usage.attached || usage.boundary) {
        c->why->arg[0] = STR("Cannot delete a policy attached to entities.");
        FAIL(c->why, ENTITY_IN_USE, "it is attached %zu times, and a boundary %zu times",
             usage.attached, usage.boundary);
    }
    if (m->n_versions > 1) {
        c->why->arg[0] =
            STR("This policy has more than one version. Before you delete a policy, you must "
                "delete the policy's versions. The default version is deleted with the policy.");
        FAIL(c->why, ENTITY_IN_USE, "it has %zu versions", m->n_versions);
    }
    return OK;
}

static struct outcome delete (struct call *c, struct str *document)
{
    struct params p;
    const struct managed_policy *m;
    TRY(param_read(c, arn_rows, &p));
    TRY(managed_policy_open_changing(
        c,
        &(struct managed_policy_ask){
            .action = "iam:DeletePolicy", .arn = p.arn, .not_there = MANAGED_POLICY_NOT_EXISTING },
        &m));
    TRY(deletable(c, m));
    iam_remove(c->changes, IAM_POLICY, m->account, m->name);
    *document = iam_reply_empty(c, "DeletePolicy");
    return OK;
}

const struct action action_managed_policy[] = {
    { "CreatePolicy", SERVICE_IAM, true, true, create },
    { "GetPolicy", SERVICE_IAM, true, false, get },
    { "ListPolicies", SERVICE_IAM, true, false, policy_list },
    { "DeletePolicy", SERVICE_IAM, true, true, delete },
    { "CreatePolicyVersion", SERVICE_IAM, true, true, policy_version_create },
    { "GetPolicyVersion", SERVICE_IAM, true, false, policy_version_get },
    { "ListPolicyVersions", SERVICE_IAM, true, false, policy_version_list },
    { "DeletePolicyVersion", SERVICE_IAM, true, true, policy_version_delete },
    { "SetDefaultPolicyVersion", SERVICE_IAM, true, true, policy_version_set_default },
    { "ListEntitiesForPolicy", SERVICE_IAM, true, false, policy_usage_list },
    { "TagPolicy", SERVICE_IAM, true, true, policy_tags_tag },
    { "UntagPolicy", SERVICE_IAM, true, true, policy_tags_untag },
    { "ListPolicyTags", SERVICE_IAM, true, false, policy_tags_list },
    { .name = NULL },
};
