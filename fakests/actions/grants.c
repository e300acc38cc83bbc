#include "fakests/actions/grants_holder.h"

#include "fakests/action.h"
#include "fakests/param_iam.h"

/* ---- permissions boundaries ---- */

static const struct param put_boundary_rows[] = {
    IAM_ARN("PermissionsBoundary", REQUIRED, struct grants_params, boundary),
    PARAM_END,
};
static const struct param no_rows[] = { PARAM_END };

struct outcome grants_policy_exists(struct call *c, struct str arn)
{
    TRY(grants_arn_check(c, arn));
    return grants_attachable(c, "Scope ARN: ", arn);
}

static struct outcome put_boundary(struct call *c, struct str *document)
{
    struct grants_params p;
    struct grants_holder h;

    TRY(grants_read(c, put_boundary_rows, GRANTS_USER_NAME, &p));
    TRY(grants_open_changing(c, &p, &h));
    TRY(grants_policy_exists(c, p.boundary));
    h.grants.boundary = p.boundary;
    grants_put(c, &h);
    *document = iam_reply_empty(c, arena_cstr(c->arena, c->action));
    return OK;
}

/* Taking away what is not there succeeds (inferred: the model's NoSuchEntity is the role's). */
static struct outcome delete_boundary(struct call *c, struct str *document)
{
    struct grants_params p;
    struct grants_holder h;

    TRY(grants_read(c, no_rows, GRANTS_USER_NAME, &p));
    TRY(grants_open_changing(c, &p, &h));
    h.grants.boundary = STR("");
    grants_put(c, &h);
    *document = iam_reply_empty(c, arena_cstr(c->arena, c->action));
    return OK;
}

/* ---- for whoever makes, shows and deletes ---- */

/* "Policy" is what AWS answers, whatever the service model says. */
void grants_write_boundary(struct xml *x, const struct grants *grants)
{
    if (!grants->boundary.n)
        return;
    xml_open(x, "PermissionsBoundary", NULL);
    xml_leaf(x, "PermissionsBoundaryType", STR("Policy"));
    xml_leaf(x, "PermissionsBoundaryArn", grants->boundary);
    xml_close(x, "PermissionsBoundary");
}

/* Which of the two is told first is inferred. */
struct outcome grants_none_left(struct call *c, const struct grants *grants)
{
    if (grants->n_attached) {
        c->why->arg[0] = STR("Cannot delete entity, must detach all policies first.");
        FAIL(c->why, ENTITY_IN_USE, "%zu managed policies are attached to it", grants->n_attached);
    }
    if (grants->n_policies) {
        c->why->arg[0] = STR("Cannot delete entity, must delete policies first.");
        FAIL(c->why, ENTITY_IN_USE, "it has %zu inline policies", grants->n_policies);
    }
    return OK;
}

const struct action action_grants[] = {
    { "PutRolePolicy", SERVICE_IAM, true, true, grants_inline_put },
    { "GetRolePolicy", SERVICE_IAM, true, false, grants_inline_get },
    { "ListRolePolicies", SERVICE_IAM, true, false, grants_inline_list },
    { "DeleteRolePolicy", SERVICE_IAM, true, true, grants_inline_delete },
    { "AttachRolePolicy", SERVICE_IAM, true, true, grants_attached_attach },
    { "DetachRolePolicy", SERVICE_IAM, true, true, grants_attached_detach },
    { "ListAttachedRolePolicies", SERVICE_IAM, true, false, grants_attached_list },
    { "PutRolePermissionsBoundary", SERVICE_IAM, true, true, put_boundary },
    { "DeleteRolePermissionsBoundary", SERVICE_IAM, true, true, delete_boundary },
    { "PutUserPolicy", SERVICE_IAM, true, true, grants_inline_put },
    { "GetUserPolicy", SERVICE_IAM, true, false, grants_inline_get },
    { "ListUserPolicies", SERVICE_IAM, true, false, grants_inline_list },
    { "DeleteUserPolicy", SERVICE_IAM, true, true, grants_inline_delete },
    { "AttachUserPolicy", SERVICE_IAM, true, true, grants_attached_attach },
    { "DetachUserPolicy", SERVICE_IAM, true, true, grants_attached_detach },
    { "ListAttachedUserPolicies", SERVICE_IAM, true, false, grants_attached_list },
    { "PutUserPermissionsBoundary", SERVICE_IAM, true, true, put_boundary },
    { "DeleteUserPermissionsBoundary", SERVICE_IAM, true, true, delete_boundary },
    { .name = NULL },
};
