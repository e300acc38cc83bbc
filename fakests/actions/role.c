#include "fakests/actions/role.h"

#include "fakests/action.h"
#include "fakests/actions/grants.h"
#include "fakests/actions/listing.h"
#include "fakests/actions/members.h"
#include "fakests/actions/principals.h"
#include "fakests/actions/tagging.h"
#include "fakests/iam/arn.h"
#include "fakests/iam/walk.h"
#include "fakests/param_iam.h"

struct params {
    struct str name, description, path_prefix;
    struct param_integer session_s;
    struct page_ask page;
};

/* ---- finding ---- */

static struct outcome find(struct call *c, const struct role_ask *ask, const struct role **out)
{
    const struct role *role = iam_role_named(c->world->iam, c->caller.account, ask->name);
    struct authorize_ask asked = {
        .action = str_of(ask->action),
        .resource =
            role ? role->arn : arn_of_role(c->arena, c->caller.account, STR("/"), ask->name),
        .shown = arena_join(c->arena, STR("role "), ask->name),
        .resource_tags = role ? role->tags : NULL,
        .n_resource_tags = role ? role->n_tags : 0,
        .request_tags = ask->request_tags,
        .n_request_tags = ask->n_request_tags,
        .tag_keys = ask->tag_keys,
        .n_tag_keys = ask->n_tag_keys,
    };
    TRY(authorize(c, &asked));
    *out = role;
    return OK;
}

struct outcome role_open(struct call *c, const struct role_ask *ask, const struct role **out)
{
    const struct role *role;
    TRY(find(c, ask, &role));
    if (!role) {
        c->why->arg[0] =
            arena_printf(c->arena, "The role with name %.*s cannot be found.", STR_ARG(ask->name));
        FAIL(c->why, ENTITY_UNKNOWN, "account %.*s has no role \"%.*s\"",
             STR_ARG(c->caller.account), STR_ARG(ask->name));
    }
    *out = role;
    return OK;
}

bool role_is_aws(const struct role *role)
{
    return str_starts(role->path, STR("/aws-service-role/")) ||
           str_starts(role->path, STR("/aws-reserved/"));
}

struct outcome role_modifiable(struct call *c, const struct role *role)
{
    if (!role_is_aws(role))
        return OK;
    c->why->arg[0] = arena_printf(c->arena,
                                  "Cannot perform the operation on the protected role '%.*s' - "
                                  "this role is only modifiable by AWS",
                                  STR_ARG(role->name));
    FAIL(c->why, ENTITY_UNMODIFIABLE, "roles below %.*s are AWS's own", STR_ARG(role->path));
}

struct outcome role_open_changing(struct call *c, const struct role_ask *ask,
                                  const struct role **out)
{
    const struct role *role;
    TRY(role_open(c, ask, &role));
    TRY(role_modifiable(c, role));
    *out = role;
    return OK;
}

/* ---- showing ---- */

void role_write(struct call *c, struct xml *x, const struct role *role, struct str document,
                unsigned members)
{
    xml_leaf(x, "Path", role->path);
    xml_leaf(x, "RoleName", role->name);
    xml_leaf(x, "RoleId", role->id);
    xml_leaf(x, "Arn", role->arn);
    iam_reply_time(c, x, "CreateDate", role->created_s);
    iam_reply_document(x, "AssumeRolePolicyDocument", document);
    if (members & ROLE_DESCRIPTION && role->description.p)
        xml_leaf(x, "Description", role->description);
    if (members & ROLE_SESSION)
        xml_leaf_i64(x, "MaxSessionDuration", role->max_session_duration_s);
    if (members & ROLE_BOUNDARY)
        grants_write_boundary(x, &role->grants);
    if (members & ROLE_TAGS && role->n_tags)
        iam_reply_tags(x, role->tags, role->n_tags);
    if (members & ROLE_LAST_USED) /* "{}" for a role that was not used lately; nobody counts here */
        xml_leaf(x, "RoleLastUsed", STR(""));
}

static struct str write_one(struct call *c, const char *action, const struct role *role,
                            unsigned members)
{
    struct reply r;
    reply_open(&r, c, action, true);
    xml_open(&r.xml, "Role", NULL);
    role_write(c, &r.xml, role, role_trust_shown(c, role), members);
    xml_close(&r.xml, "Role");
    return reply_close(&r, true);
}

/* ---- one role ---- */

static const struct param name_rows[] = {
    IAM_ROLE_NAME(REQUIRED, struct params, name),
    PARAM_END,
};

static struct outcome get(struct call *c, struct str *document)
{
    struct params p;
    const struct role *role;
    TRY(param_read(c, name_rows, &p));
    TRY(role_open(c, &(struct role_ask){ .action = "iam:GetRole", .name = p.name }, &role));
    struct role shown = *role;
    shown.tags = tagging_sorted(c->arena, role->tags, role->n_tags);
    *document =
        write_one(c, "GetRole", &shown,
                  ROLE_DESCRIPTION | ROLE_SESSION | ROLE_BOUNDARY | ROLE_TAGS | ROLE_LAST_USED);
    return OK;
}

static const struct param update_rows[] = {
    IAM_ROLE_NAME(REQUIRED, struct params, name),
    IAM_DESCRIPTION(OPTIONAL, struct params, description),
    IAM_INTEGER("MaxSessionDuration", 3600, 43200, OPTIONAL, struct params, session_s),
    PARAM_END,
};

/* What is not given stays as it is (observed). */
static struct outcome update(struct call *c, struct str *document)
{
    struct params p;
    struct reply r;
    const struct role *role;
    TRY(param_read(c, update_rows, &p));
    TRY(role_open_changing(c, &(struct role_ask){ .action = "iam:UpdateRole", .name = p.name },
                           &role));
    struct role changed = *role;
    if (p.description.p)
        changed.description = p.description;
    if (p.session_s.present)
        changed.max_session_duration_s = p.session_s.value;
    iam_put_role(c->changes, &changed);
    reply_open(&r, c, "UpdateRole", false);
    xml_leaf(&r.xml, "UpdateRoleResult", STR("")); /* its output has no members, but is there */
    *document = reply_close(&r, false);
    return OK;
}

static const struct param description_rows[] = {
    IAM_ROLE_NAME(REQUIRED, struct params, name),
    IAM_DESCRIPTION(REQUIRED, struct params, description),
    PARAM_END,
};

static struct outcome update_description(struct call *c, struct str *document)
{
    struct params p;
    const struct role *role;
    TRY(param_read(c, description_rows, &p));
    TRY(role_open_changing(
        c, &(struct role_ask){ .action = "iam:UpdateRoleDescription", .name = p.name }, &role));
    struct role changed = *role;
    changed.description = p.description;
    iam_put_role(c->changes, &changed);
    *document = write_one(c, "UpdateRoleDescription", &changed, ROLE_DESCRIPTION);
    return OK;
}

static struct outcome delete (struct call *c, struct str *document)
{
    struct params p;
    const struct role *role;
    TRY(param_read(c, name_rows, &p));
    TRY(role_open_changing(c, &(struct role_ask){ .action = "iam:DeleteRole", .name = p.name },
                           &role));
    TRY(grants_none_left(c, &role->grants));
    iam_remove(c->changes, IAM_ROLE, role->account, role->name);
    principals_orphaned(c, role->arn, role->id);
    *document = iam_reply_empty(c, "DeleteRole");
    return OK;
}

/* ---- many ---- */

static const struct param list_rows[] = {
    IAM_PATH_PREFIX(struct params, path_prefix),
    IAM_MARKER(struct params, page.marker),
    IAM_MAX_ITEMS(struct params, page.max_items),
    PARAM_END,
};

static struct outcome authorize_list(struct call *c, struct str path_prefix)
{
    struct authorize_ask ask = { .action = STR("iam:ListRoles") };
    ask.resource = arena_join(c->arena, STR("arn:aws:iam::"), c->caller.account, STR(":role"),
                              path_prefix.n ? path_prefix : STR("/"));
    return authorize(c, &ask);
}

/* A page is found by the names alone: only its own roles are looked at, unless a path is asked
 * for. */
static struct outcome roles_page(struct call *c, const struct params *p, struct listing *l)
{
    struct iam_list roles = iam_unordered(c->world->iam, c->arena, IAM_ROLE, c->caller.account);
    for (size_t i = 0; i < roles.n; i++)
        if (p->path_prefix.n <= 1 ||
            str_starts(iam_object_role(roles.items[i])->path, p->path_prefix))
            listing_add(l, iam_object_name(roles.items[i]), roles.items[i]);
    return listing_page(c, &p->page, l);
}

static struct outcome list(struct call *c, struct str *document)
{
    struct params p;
    struct reply r;
    struct listing l = listing_new(c->arena);
    TRY(param_read(c, list_rows, &p));
    TRY(authorize_list(c, p.path_prefix));
    TRY(roles_page(c, &p, &l));
    size_t n = l.page.end - l.page.first;
    reply_open(&r, c, "ListRoles", true);
    members_open(&r.xml, "Roles", n);
    for (size_t i = l.page.first; i < l.page.end; i++) {
        const struct role *role = iam_object_role(l.items[i].item);
        xml_open(&r.xml, "member", NULL);
        role_write(c, &r.xml, role, role_trust_shown(c, role), ROLE_DESCRIPTION | ROLE_SESSION);
        xml_close(&r.xml, "member");
    }
    members_close(&r.xml, "Roles", n);
    page_write(&r.xml, &l.page);
    *document = reply_close(&r, true);
    return OK;
}

static const struct param profile_rows[] = {
    IAM_ROLE_NAME(REQUIRED, struct params, name),
    IAM_MARKER(struct params, page.marker),
    IAM_MAX_ITEMS(struct params, page.max_items),
    PARAM_END,
};

/* There are no instance profiles here: whoever deletes a role asks first (Terraform does). */
static struct outcome list_profiles(struct call *c, struct str *document)
{
    struct params p;
    struct reply r;
    struct listing none = listing_new(c->arena);
    const struct role *role;
    TRY(param_read(c, profile_rows, &p));
    TRY(role_open(c,
                  &(struct role_ask){ .action = "iam:ListInstanceProfilesForRole", .name = p.name },
                  &role));
    TRY(listing_page(c, &p.page, &none));
    reply_open(&r, c, "ListInstanceProfilesForRole", true);
    members_texts(&r.xml, "InstanceProfiles", NULL, 0);
    page_write(&r.xml, &none.page);
    *document = reply_close(&r, true);
    return OK;
}

const struct action action_role[] = {
    { "CreateRole", SERVICE_IAM, true, true, role_create },
    { "GetRole", SERVICE_IAM, true, false, get },
    { "ListRoles", SERVICE_IAM, true, false, list },
    { "UpdateRole", SERVICE_IAM, true, true, update },
    { "UpdateRoleDescription", SERVICE_IAM, true, true, update_description },
    { "UpdateAssumeRolePolicy", SERVICE_IAM, true, true, role_update_trust },
    { "DeleteRole", SERVICE_IAM, true, true, delete },
    { "TagRole", SERVICE_IAM, true, true, role_tag },
    { "UntagRole", SERVICE_IAM, true, true, role_untag },
    { "ListRoleTags", SERVICE_IAM, true, false, role_list_tags },
    { "ListInstanceProfilesForRole", SERVICE_IAM, true, false, list_profiles },
    { .name = NULL },
};
