#include "fakests/actions/grants_holder.h"

#include "fakests/actions/role.h"
#include "fakests/iam/arn.h"
#include "fakests/param_iam.h"

enum { ROWS_MAX = 8 };

static const struct grants_side role_side = { "role", "RoleName", "PoliciesPerRole", 10240 };
static const struct grants_side user_side = { "user", "UserName", "PoliciesPerUser", 2048 };

static bool of_user(const struct call *c)
{
    return str_contains(c->action, STR("User"));
}

/* ---- parameters ---- */

static const struct param role_name = IAM_ROLE_NAME(REQUIRED, struct grants_params, name);
static const struct param user_names[] = {
    [GRANTS_USER_NAME] = IAM_USER_NAME(REQUIRED, struct grants_params, name),
    [GRANTS_EXISTING_USER_NAME] = IAM_EXISTING_USER_NAME(REQUIRED, struct grants_params, name),
};

struct outcome grants_read(struct call *c, const struct param *rows, enum grants_name name,
                           struct grants_params *out)
{
    struct param all[ROWS_MAX] = { of_user(c) ? user_names[name] : role_name };
    struct grants_params p = { .name = STR("") };
    for (size_t n = 0; rows[n].name && n + 2 < ROWS_MAX; n++)
        all[n + 1] = rows[n];
    TRY(param_read(c, all, &p));
    *out = p;
    return OK;
}

/* ---- finding ---- */

static void find_role(struct call *c, struct grants_holder *h)
{
    h->side = &role_side;
    h->role = iam_role_named(c->world->iam, c->caller.account, h->name);
    h->arn = arn_of_role(c->arena, c->caller.account, STR("/"), h->name);
    if (!h->role)
        return;
    h->arn = h->role->arn;
    h->grants = h->role->grants;
}

static void find_user(struct call *c, struct grants_holder *h)
{
    h->side = &user_side;
    h->user = iam_user_named(c->world->iam, c->caller.account, h->name);
    h->arn = arn_of_user(c->arena, c->caller.account, STR("/"), h->name);
    if (!h->user)
        return;
    h->arn = h->user->arn;
    h->grants = h->user->grants;
}

struct authorize_key grants_boundary_key(struct str boundary)
{
    return (struct authorize_key){ STR("iam:PermissionsBoundary"),
                                   boundary.n ? boundary : (struct str){ NULL, 0 } };
}

/* The keys are those of the Service Authorization Reference for these actions. */
static struct outcome authorized(struct call *c, const struct grants_params *p,
                                 const struct grants_holder *h)
{
    struct authorize_key keys[] = {
        grants_boundary_key(p->boundary.p ? p->boundary : h->grants.boundary),
        { STR("iam:PolicyARN"), p->arn },
    };
    struct authorize_ask ask = {
        .action = arena_join(c->arena, STR("iam:"), c->action),
        .resource = h->arn,
        .shown = arena_join(c->arena, str_of(h->side->word), STR(" "), h->name),
        .keys = keys,
        .n_keys = sizeof keys / sizeof keys[0],
    };
    if (h->role) {
        ask.resource_tags = h->role->tags;
        ask.n_resource_tags = h->role->n_tags;
    } else if (h->user) {
        ask.resource_tags = h->user->tags;
        ask.n_resource_tags = h->user->n_tags;
    }
    return authorize(c, &ask);
}

struct outcome grants_open(struct call *c, const struct grants_params *p, struct grants_holder *out)
{
    struct grants_holder h = { .name = p->name };
    if (of_user(c))
        find_user(c, &h);
    else
        find_role(c, &h);
    TRY(authorized(c, p, &h));
    if (!h.role && !h.user) {
        c->why->arg[0] = arena_printf(c->arena, "The %s with name %.*s cannot be found.",
                                      h.side->word, STR_ARG(h.name));
        FAIL(c->why, ENTITY_UNKNOWN, "account %.*s has no %s \"%.*s\"", STR_ARG(c->caller.account),
             h.side->word, STR_ARG(h.name));
    }
    *out = h;
    return OK;
}

struct outcome grants_open_changing(struct call *c, const struct grants_params *p,
                                    struct grants_holder *out)
{
    struct grants_holder h;
    TRY(grants_open(c, p, &h));
    if (h.role)
        TRY(role_modifiable(c, h.role));
    *out = h;
    return OK;
}

void grants_put(struct call *c, const struct grants_holder *h)
{
    if (h->role) {
        struct role role = *h->role;
        role.grants = h->grants;
        iam_put_role(c->changes, &role);
    } else {
        struct user user = *h->user;
        user.grants = h->grants;
        iam_put_user(c->changes, &user);
    }
}
