#include "fakests/actions/user.h"

#include "fakests/action.h"
#include "fakests/actions/grants.h"
#include "fakests/actions/listing.h"
#include "fakests/actions/members.h"
#include "fakests/actions/principals.h"
#include "fakests/actions/tagging.h"
#include "fakests/iam/arn.h"
#include "fakests/param_iam.h"

#include "base/encode.h"
#include "base/entropy.h"

enum { USERS_MAX = 5000 };

/* ---- whom an action is about ---- */

/* The name of the user who signs, empty for the root; false for roles and federated users. */
static bool caller_name(const struct caller *caller, struct str *out)
{
    struct arn arn;
    if (!arn_read(caller->arn, &arn) || !str_eq(arn.service, STR("iam")))
        return false;
    if (str_eq(arn.resource, STR("root")))
        *out = STR("");
    else if (str_starts(arn.resource, STR("user/")))
        *out = arn_role_name(&arn); /* behind the last slash, as with roles */
    else
        return false;
    return true;
}

struct outcome user_subject(struct call *c, struct str name, struct user_subject *out)
{
    if (!name.p && !caller_name(&c->caller, &name)) {
        c->why->arg[0] = STR("Must specify userName when calling with non-User credentials");
        FAIL(c->why, VALUE_INVALID, "%.*s is no user, and UserName is absent",
             STR_ARG(c->caller.arn));
    }
    *out = (struct user_subject){ .name = name };
    if (name.n)
        out->user = iam_user_named(c->world->iam, c->caller.account, name);
    return OK;
}

static struct outcome not_found(struct call *c, struct str name)
{
    c->why->arg[0] =
        arena_printf(c->arena, "The user with name %.*s cannot be found.", STR_ARG(name));
    FAIL(c->why, ENTITY_UNKNOWN, "account %.*s has no user %.*s", STR_ARG(c->caller.account),
         STR_ARG(name));
}

struct outcome user_authorize(struct call *c, const struct user_subject *subject,
                              struct authorize_ask *ask)
{
    const struct user *user = subject->user;
    if (!subject->name.n)
        ask->resource = c->caller.arn;
    else if (!user)
        ask->resource = arn_of_user(c->arena, c->caller.account, STR("/"), subject->name);
    if (user) {
        ask->resource = user->arn;
        ask->resource_tags = user->tags;
        ask->n_resource_tags = user->n_tags;
    }
    if (subject->name.n)
        ask->shown = arena_join(c->arena, STR("user "), subject->name);
    TRY(authorize(c, ask));
    return user || !subject->name.n ? OK : not_found(c, subject->name);
}

struct outcome user_find(struct call *c, const char *action, struct str name,
                         struct user_subject *out)
{
    struct authorize_ask ask = { .action = str_of(action) };
    TRY(user_subject(c, name, out));
    return user_authorize(c, out, &ask);
}

struct str user_secret(struct call *c, size_t bytes)
{
    char random[64];
    entropy_fill(c->service->entropy, random, bytes);
    return base64_write(c->arena, str_n(random, bytes));
}

/* ---- a user in replies ---- */

static void write_basics(struct call *c, struct xml *x, const struct user *u)
{
    xml_leaf(x, "Path", u->path);
    xml_leaf(x, "UserName", u->name);
    xml_leaf(x, "UserId", u->id);
    xml_leaf(x, "Arn", u->arn);
    iam_reply_time(c, x, "CreateDate", u->created_s);
}

/* Without tags there is no Tags element (observed). */
static struct str write_user(struct call *c, const struct user *u, const struct tag *tags)
{
    struct reply r;
    reply_open(&r, c, arena_cstr(c->arena, c->action), true);
    xml_open(&r.xml, "User", NULL);
    write_basics(c, &r.xml, u);
    grants_write_boundary(&r.xml, &u->grants);
    if (u->n_tags)
        iam_reply_tags(&r.xml, tags, u->n_tags);
    xml_close(&r.xml, "User");
    return reply_close(&r, true);
}

/* ---- CreateUser ---- */

struct create_params {
    struct str path, name, boundary;
    struct param_structs tags;
};

static const struct param create_rows[] = {
    IAM_PATH(struct create_params, path),
    IAM_USER_NAME(REQUIRED, struct create_params, name),
    IAM_ARN("PermissionsBoundary", OPTIONAL, struct create_params, boundary),
    IAM_TAGS(OPTIONAL, struct create_params, tags),
    PARAM_END,
};

/* With tags, TagUser has to be allowed as well. */
static struct outcome authorize_create(struct call *c, const struct create_params *p,
                                       struct str arn)
{
    const struct authorize_key boundary = grants_boundary_key(p->boundary);
    struct authorize_ask ask = { .action = STR("iam:CreateUser"),
                                 .resource = arn,
                                 .request_tags = p->tags.items,
                                 .n_request_tags = p->tags.n,
                                 .keys = &boundary,
                                 .n_keys = 1 };
    TRY(authorize(c, &ask));
    ask.action = STR("iam:TagUser");
    ask.n_keys = 0;
    return p->tags.n ? authorize(c, &ask) : OK;
}

static struct outcome judge_create(struct call *c, const struct create_params *p)
{
    struct str account = c->caller.account;
    TRY(iam_tags_check(c, p->tags.items, p->tags.n, true));
    if (p->boundary.p)
        TRY(grants_policy_exists(c, p->boundary));
    if (iam_user_named(c->world->iam, account, p->name)) {
        c->why->arg[0] =
            arena_printf(c->arena, "User with name %.*s already exists.", STR_ARG(p->name));
        FAIL(c->why, ENTITY_EXISTS, "account %.*s has a user %.*s", STR_ARG(account),
             STR_ARG(p->name));
    }
    struct iam_list all = iam_list(c->world->iam, c->arena, IAM_USER, account);
    return iam_quota(c, "UsersPerAccount", all.n + 1, USERS_MAX);
}

static struct outcome create(struct call *c, struct str *document)
{
    struct create_params p;
    TRY(param_read(c, create_rows, &p));
    struct user made = { .account = c->caller.account,
                         .name = p.name,
                         .path = p.path.p ? p.path : STR("/"),
                         .created_s = c->now_s,
                         .tags = p.tags.items,
                         .n_tags = p.tags.n,
                         .grants = { .boundary = p.boundary } };
    made.arn = arn_of_user(c->arena, made.account, made.path, made.name);
    TRY(authorize_create(c, &p, made.arn));
    TRY(judge_create(c, &p));
    made.id = iam_new_id(c, "AIDA");
    iam_put_user(c->changes, &made);
    *document = write_user(c, &made, made.tags);
    return OK;
}

/* ---- GetUser ---- */

struct name_params {
    struct str name;
};

static const struct param get_rows[] = {
    IAM_EXISTING_USER_NAME(OPTIONAL, struct name_params, name),
    PARAM_END,
};

/* The root has neither path nor name, and the account's number for an id. */
static struct str write_root(struct call *c)
{
    struct reply r;
    reply_open(&r, c, "GetUser", true);
    xml_open(&r.xml, "User", NULL);
    xml_leaf(&r.xml, "UserId", c->caller.account);
    xml_leaf(&r.xml, "Arn", c->caller.arn);
    iam_reply_time(c, &r.xml, "CreateDate", 0);
    xml_close(&r.xml, "User");
    return reply_close(&r, true);
}

static struct outcome get(struct call *c, struct str *document)
{
    struct name_params p;
    struct user_subject s;
    TRY(param_read(c, get_rows, &p));
    TRY(user_find(c, "iam:GetUser", p.name, &s));
    *document = s.user
                    ? write_user(c, s.user, tagging_sorted(c->arena, s.user->tags, s.user->n_tags))
                    : write_root(c);
    return OK;
}

/* ---- ListUsers ---- */

struct list_params {
    struct str prefix;
    struct page_ask page;
};

static const struct param list_rows[] = {
    IAM_PATH_PREFIX(struct list_params, prefix),
    IAM_MARKER(struct list_params, page.marker),
    IAM_MAX_ITEMS(struct list_params, page.max_items),
    PARAM_END,
};

/* Those under the path, by name. */
static struct listing users_under(struct call *c, struct str prefix)
{
    struct iam_list all = iam_list(c->world->iam, c->arena, IAM_USER, c->caller.account);
    struct listing l = listing_new(c->arena);
    for (size_t i = 0; i < all.n; i++) {
        const struct user *u = iam_object_user(all.items[i]);
        if (str_starts(u->path, prefix))
            listing_add(&l, u->name, u);
    }
    return l;
}

/* "arn:aws:iam::ACCOUNT:user/PREFIX" is what AWS names in a refusal (observed). */
static struct outcome authorize_list(struct call *c, struct str prefix)
{
    struct authorize_ask ask = { .action = STR("iam:ListUsers"),
                                 .resource =
                                     arn_of_user(c->arena, c->caller.account, prefix, STR("")) };
    return authorize(c, &ask);
}

/* Neither boundary nor tags (service model, ListUsers). */
static struct str write_users(struct call *c, const struct listing *l)
{
    struct reply r;
    reply_open(&r, c, "ListUsers", true);
    members_open(&r.xml, "Users", l->page.end - l->page.first);
    for (size_t i = l->page.first; i < l->page.end; i++) {
        xml_open(&r.xml, "member", NULL);
        write_basics(c, &r.xml, l->items[i].item);
        xml_close(&r.xml, "member");
    }
    members_close(&r.xml, "Users", l->page.end - l->page.first);
    page_write(&r.xml, &l->page);
    return reply_close(&r, true);
}

static struct outcome list(struct call *c, struct str *document)
{
    struct list_params p;
    TRY(param_read(c, list_rows, &p));
    struct str prefix = p.prefix.p ? p.prefix : STR("/");
    TRY(authorize_list(c, prefix));
    struct listing l = users_under(c, prefix);
    TRY(listing_page(c, &p.page, &l));
    *document = write_users(c, &l);
    return OK;
}

/* ---- DeleteUser ---- */

static const struct param delete_rows[] = {
    IAM_EXISTING_USER_NAME(REQUIRED, struct name_params, name),
    PARAM_END,
};

static struct outcome in_use(struct call *c, const struct user *u, const char *what)
{
    c->why->arg[0] = arena_printf(c->arena, "Cannot delete entity, must %s first.", what);
    FAIL(c->why, ENTITY_IN_USE, "%.*s: %.*s", STR_ARG(u->arn), STR_ARG(c->why->arg[0]));
}

static struct outcome no_keys_left(struct call *c, const struct user *u)
{
    struct iam_list all = iam_list(c->world->iam, c->arena, IAM_CREDENTIAL, u->account);
    for (size_t i = 0; i < all.n; i++)
        if (str_eq_nocase(iam_object_credential(all.items[i])->user, u->name))
            return in_use(c, u, "delete access keys");
    if (u->n_service_credentials) /* inferred */
        return in_use(c, u, "delete service specific credentials");
    return OK;
}

static struct outcome delete (struct call *c, struct str *document)
{
    struct name_params p;
    struct user_subject s;
    TRY(param_read(c, delete_rows, &p));
    TRY(user_find(c, "iam:DeleteUser", p.name, &s));
    TRY(grants_none_left(c, &s.user->grants));
    TRY(no_keys_left(c, s.user));
    principals_orphaned(c, s.user->arn, s.user->id);
    iam_remove(c->changes, IAM_USER, s.user->account, s.user->name);
    *document = iam_reply_empty(c, "DeleteUser");
    return OK;
}

const struct action action_user[] = {
    { "CreateUser", SERVICE_IAM, true, true, create },
    { "GetUser", SERVICE_IAM, true, false, get },
    { "ListUsers", SERVICE_IAM, true, false, list },
    { "DeleteUser", SERVICE_IAM, true, true, delete },
    { .name = NULL },
};
