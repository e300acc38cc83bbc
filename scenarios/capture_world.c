#include "scenarios/capture_world.h"

#include "fakests/iam/write.h"
#include "fakests/session.h"

/* Secrets of a scenario are its own: they open nothing anywhere. */
#define CAPTURED "captured"

static json_t *object_of(struct capture_world *w, struct str text)
{
    json_t *v = json_loadb(text.p, text.n, 0, NULL);
    return json_keep(w->arena, v ? v : json_object());
}

static void leave_out(json_t *object, const char *const *names)
{
    for (; *names; names++)
        json_object_del(object, *names);
}

struct capture_world capture_world_new(struct arena *a, const struct capture_ask *ask,
                                       struct str account)
{
    struct capture_world w = { a, ask, account, json_keep(a, json_object()) };
    struct str ip = ask->config->source_ip.n ? ask->config->source_ip : ask->source_ip;
    json_object_set_new(w.config, "account", json_of(account));
    json_object_set_new(w.config, "region", json_of(ask->config->region));
    if (ask->config->dialect == DIALECT_CLASSIC)
        json_object_set_new(w.config, "dialect", json_string("classic"));
    if (ip.n && !str_eq(ip, STR("127.0.0.1")))
        json_object_set_new(w.config, "source_ip", json_of(ip));
    return w;
}

static json_t *member(json_t *object, const char *name, json_t *made)
{
    if (!json_object_get(object, name))
        json_object_set(object, name, made);
    json_decref(made);
    return json_object_get(object, name);
}

/* Where an account's things stand: at the top for the scenario's own. */
static json_t *account_of(struct capture_world *w, struct str account)
{
    if (str_eq(account, w->account))
        return w->config;
    json_t *accounts = member(w->config, "accounts", json_object());
    return member(accounts, arena_cstr(w->arena, account), json_object());
}

/* Once: what two parameters name is one thing. */
static void add(struct capture_world *w, struct str account, const char *list, const char *name,
                json_t *item)
{
    size_t i;
    json_t *other, *items = member(account_of(w, account), list, json_array());
    json_array_foreach(items, i, other)
    {
        if (json_equal(json_object_get(other, name), json_object_get(item, name)))
            return;
    }
    json_array_append(items, item);
}

static void add_policy(struct capture_world *w, struct str arn)
{
    const struct managed_policy *p = iam_policy(w->ask->iam, arn);
    if (p && !str_eq(p->account, STR("aws")))
        add(w, p->account, "managed_policies", "name", object_of(w, iam_policy_text(w->arena, p)));
}

static void add_grants(struct capture_world *w, const struct grants *g)
{
    for (size_t i = 0; i < g->n_attached; i++)
        add_policy(w, g->attached[i]);
    if (g->boundary.n)
        add_policy(w, g->boundary);
}

static void add_role(struct capture_world *w, const struct role *r, bool may)
{
    /* The id follows from the ARN; what it is for, and may do, has no part in who may have it. */
    static const char *const of_all[] = { "description", "id", NULL };
    static const char *const of_may[] = { "policies", "attached_policies", "permissions_boundary",
                                          NULL };
    if (!r)
        return;
    json_t *role = object_of(w, iam_role_text(w->arena, r));
    leave_out(role, of_all);
    if (may)
        add_grants(w, &r->grants);
    else
        leave_out(role, of_may);
    add(w, r->account, "roles", "name", role);
}

static void add_user(struct capture_world *w, const struct user *u)
{
    static const char *const secrets[] = { "id", "service_specific_credentials", NULL };
    if (!u)
        return;
    json_t *user = object_of(w, iam_user_text(w->arena, u));
    leave_out(user, secrets);
    add_grants(w, &u->grants);
    add(w, u->account, "users", "name", user);
}

static void add_provider(struct capture_world *w, const struct provider *p, bool keys)
{
    static const char *const beside[] = { "tags", "thumbprints", "created", NULL };
    static const char *const of_keys[] = { "keys", NULL };
    if (!p)
        return;
    json_t *provider = object_of(w, iam_provider_text(w->arena, p));
    leave_out(provider, beside);
    if (!keys) /* the token is signed anew, with keys of its own */
        leave_out(provider, of_keys);
    add(w, p->account, "oidc_providers", "url", provider);
}

void capture_world_role(struct capture_world *w, struct str arn, bool may)
{
    add_role(w, iam_role(w->ask->iam, arn), may);
}

void capture_world_provider(struct capture_world *w, struct str account, struct str issuer,
                            bool keys)
{
    add_provider(w, iam_provider(w->ask->iam, account, issuer), keys);
}

/* ---- what parameters name ---- */

static void named_arn(struct capture_world *w, struct str arn)
{
    const struct iam *iam = w->ask->iam;
    add_role(w, iam_role(iam, arn), true);
    add_user(w, iam_user(iam, arn));
    add_policy(w, arn);
    add_provider(w, iam_provider_of_arn(iam, arn), true);
}

static void named_role(struct capture_world *w, struct str account, struct str name)
{
    add_role(w, iam_role_named(w->ask->iam, account, name), true);
}

static void named_user(struct capture_world *w, struct str account, struct str name)
{
    add_user(w, iam_user_named(w->ask->iam, account, name));
}

static void named_policy(struct capture_world *w, struct str account, struct str name)
{
    const struct managed_policy *p = iam_policy_named(w->ask->iam, account, name);
    if (p)
        add_policy(w, p->arn);
}

static void named_url(struct capture_world *w, struct str account, struct str url)
{
    add_provider(w, iam_provider(w->ask->iam, account, url), true);
}

static void add_key(struct capture_world *w, struct str account, struct str id, struct str user)
{
    json_t *key = json_keep(w->arena, json_object());
    json_object_set_new(key, "access_key_id", json_of(id));
    json_object_set_new(key, "secret_access_key", json_string(CAPTURED));
    if (user.n)
        json_object_set_new(key, "user", json_of(user));
    add(w, account, "credentials", "access_key_id", key);
}

static void named_key(struct capture_world *w, struct str account, struct str id)
{
    const struct credential *k = iam_credential(w->ask->iam, id);
    (void)account;
    if (!k || str_eq(id, STR("test")))
        return;
    if (k->user.n)
        named_user(w, k->account, k->user);
    add_key(w, k->account, id, k->user);
}

static const struct naming {
    const char *parameter;
    void (*add)(struct capture_world *w, struct str account, struct str value);
} namings[] = {
    { "RoleName", named_role },   { "UserName", named_user }, { "PolicyName", named_policy },
    { "AccessKeyId", named_key }, { "Url", named_url },
};

void capture_world_named(struct capture_world *w, struct str account, const struct form_field *f)
{
    if (str_starts(f->value, STR("arn:")))
        named_arn(w, f->value);
    for (size_t i = 0; i < sizeof namings / sizeof namings[0]; i++)
        if (str_eq(f->name, str_of(namings[i].parameter)))
            namings[i].add(w, account, f->value);
}

/* ---- what hangs on them ---- */

static bool holds(const struct grants *g, struct str policy)
{
    bool found = str_eq(g->boundary, policy);
    for (size_t i = 0; i < g->n_attached; i++)
        found |= str_eq(g->attached[i], policy);
    return found;
}

static void add_holders(struct capture_world *w, struct str account, struct str policy)
{
    struct iam_list roles = iam_list(w->ask->iam, w->arena, IAM_ROLE, account);
    struct iam_list users = iam_list(w->ask->iam, w->arena, IAM_USER, account);
    for (size_t i = 0; i < roles.n; i++)
        if (holds(&iam_object_role(roles.items[i])->grants, policy))
            add_role(w, iam_object_role(roles.items[i]), true);
    for (size_t i = 0; i < users.n; i++)
        if (holds(&iam_object_user(users.items[i])->grants, policy))
            add_user(w, iam_object_user(users.items[i]));
}

static void add_keys(struct capture_world *w, struct str account, struct str user)
{
    struct iam_list keys = iam_list(w->ask->iam, w->arena, IAM_CREDENTIAL, account);
    for (size_t i = 0; i < keys.n; i++) {
        const struct credential *k = iam_object_credential(keys.items[i]);
        if (str_eq(k->user, user))
            add_key(w, account, k->access_key_id, user);
    }
}

void capture_world_hanging(struct capture_world *w, struct str account, const struct form_field *f)
{
    if (str_eq(f->name, STR("PolicyArn")))
        add_holders(w, account, f->value);
    if (str_eq(f->name, STR("UserName")))
        add_keys(w, account, f->value);
}

/* ---- the caller ---- */

static void add_session_owner(struct capture_world *w, const struct session *s)
{
    for (size_t i = 0; i < s->n_policy_arns; i++)
        add_policy(w, s->policy_arns[i]);
    if (s->kind == SESSION_ROLE)
        capture_world_role(w, s->role_arn, true);
    else
        add_user(w, iam_user(w->ask->iam, s->user_arn));
}

json_t *capture_world_caller(struct capture_world *w, const struct caller *caller)
{
    const struct user *user = iam_user(w->ask->iam, caller->arn);
    if (caller->session) {
        add_session_owner(w, caller->session);
        return NULL;
    }
    add_user(w, user);
    add_key(w, caller->account, STR(CAPTURED), user ? user->name : STR(""));
    return json_keep(w->arena, json_pack("{s:s, s:s}", "access_key_id", CAPTURED,
                                         "secret_access_key", CAPTURED));
}
