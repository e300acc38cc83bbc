#include "fakests/actions/role.h"

#include "fakests/actions/grants.h"
#include "fakests/iam/arn.h"
#include "fakests/iam/walk.h"
#include "fakests/param_iam.h"

/* What AWS raises the quota of 1,000 to at most: a world may have as many from its config. */
enum { ROLES_MAX = 10000 };

struct params {
    struct str path, name, document, description, boundary;
    struct param_integer session_s;
    struct param_structs tags;
};

static const struct param rows[] = {
    IAM_PATH(struct params, path),
    IAM_ROLE_NAME(REQUIRED, struct params, name),
    IAM_DOCUMENT("AssumeRolePolicyDocument", REQUIRED, struct params, document),
    IAM_DESCRIPTION(OPTIONAL, struct params, description),
    IAM_INTEGER("MaxSessionDuration", 3600, 43200, OPTIONAL, struct params, session_s),
    IAM_ARN("PermissionsBoundary", OPTIONAL, struct params, boundary),
    IAM_TAGS(OPTIONAL, struct params, tags),
    PARAM_END,
};

/* With tags, TagRole has to be allowed as well. */
static struct outcome authorized(struct call *c, const struct params *p, struct str arn)
{
    const struct authorize_key boundary = grants_boundary_key(p->boundary);
    struct authorize_ask ask = { .action = STR("iam:CreateRole"),
                                 .resource = arn,
                                 .request_tags = p->tags.items,
                                 .n_request_tags = p->tags.n,
                                 .keys = &boundary,
                                 .n_keys = 1 };
    TRY(authorize(c, &ask));
    ask.action = STR("iam:TagRole");
    ask.n_keys = 0;
    return p->tags.n ? authorize(c, &ask) : OK;
}

/* AWS's own paths; the text is inferred. */
static struct outcome path_free(struct call *c, const struct role *made)
{
    if (!role_is_aws(made))
        return OK;
    c->why->arg[0] = arena_printf(c->arena, "The path %.*s is reserved for roles of AWS services.",
                                  STR_ARG(made->path));
    FAIL(c->why, INPUT_INVALID, "only AWS makes roles below %.*s", STR_ARG(made->path));
}

static struct outcome name_free(struct call *c, struct str name)
{
    const struct role *other = iam_role_named(c->world->iam, c->caller.account, name);
    if (!other)
        return OK;
    c->why->arg[0] = arena_printf(c->arena, "Role with name %.*s already exists.", STR_ARG(name));
    FAIL(c->why, ENTITY_EXISTS, "account %.*s has the role %.*s", STR_ARG(c->caller.account),
         STR_ARG(other->arn));
}

/* The whole world's roles are counted at no cost, and are enough for most. */
static struct outcome quota(struct call *c)
{
    if (iam_count(c->world->iam, IAM_ROLE) < ROLES_MAX)
        return OK;
    struct iam_list all = iam_unordered(c->world->iam, c->arena, IAM_ROLE, c->caller.account);
    return iam_quota(c, "RolesPerAccount", all.n + 1, ROLES_MAX);
}

/* The order of these is inferred. */
static struct outcome judge(struct call *c, const struct params *p, struct role *made)
{
    TRY(iam_tags_check(c, p->tags.items, p->tags.n, true));
    TRY(path_free(c, made));
    TRY(role_trust_set(c, STR("AssumeRolePolicyDocument"), p->document, made));
    if (p->boundary.p)
        TRY(grants_policy_exists(c, p->boundary));
    TRY(name_free(c, p->name));
    return quota(c);
}

/* The document is told as it was submitted; later IAM shows it in an order of its own (observed).
 */
struct outcome role_create(struct call *c, struct str *document)
{
    struct params p;
    struct reply r;
    TRY(param_read(c, rows, &p));
    struct role made = { .account = c->caller.account,
                         .name = p.name,
                         .path = p.path.n ? p.path : STR("/"),
                         .description = p.description,
                         .max_session_duration_s =
                             p.session_s.present ? p.session_s.value : ROLE_SESSION_DEFAULT_S,
                         .created_s = c->now_s,
                         .tags = p.tags.items,
                         .n_tags = p.tags.n,
                         .grants = { .boundary = p.boundary } };
    made.arn = arn_of_role(c->arena, made.account, made.path, made.name);
    TRY(authorized(c, &p, made.arn));
    TRY(judge(c, &p, &made));
    made.id = iam_new_id(c, "AROA");
    iam_put_role(c->changes, &made);
    reply_open(&r, c, "CreateRole", true);
    xml_open(&r.xml, "Role", NULL);
    role_write(c, &r.xml, &made, p.document, ROLE_BOUNDARY | ROLE_TAGS);
    xml_close(&r.xml, "Role");
    *document = reply_close(&r, true);
    return OK;
}
