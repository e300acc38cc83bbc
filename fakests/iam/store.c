#include "fakests/iam/store.h"

#include "fakests/iam/arn.h"
#include "fakests/iam/managed.h"
#include "fakests/iam/object.h"

#include <stdlib.h>

/* ---- keys ---- */

static bool folded(enum iam_kind kind)
{
    return kind == IAM_ROLE || kind == IAM_POLICY || kind == IAM_USER;
}

static size_t put(char *at, struct str s, bool fold)
{
    for (size_t i = 0; i < s.n; i++)
        at[i] = fold && s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
    return s.n;
}

/* Access key ids are unique over all accounts, an account is its own key. */
struct str iam_key(char buffer[IAM_KEY_BYTES_MAX], enum iam_kind kind, struct str account,
                   struct str name)
{
    size_t n = 0;
    if (account.n + name.n + 1 > IAM_KEY_BYTES_MAX)
        return STR("");
    if (kind == IAM_CREDENTIAL)
        return str_n(buffer, put(buffer, name, false));
    n += put(buffer, account, false);
    if (kind == IAM_ACCOUNT)
        return str_n(buffer, n);
    buffer[n++] = '/';
    n += put(buffer + n, name, folded(kind));
    return str_n(buffer, n);
}

/* ---- counted ---- */

static struct iam *iam_alloc(void)
{
    struct iam *iam = calloc(1, sizeof *iam);
    if (!iam)
        abort();
    atomic_init(&iam->refs, 1);
    return iam;
}

struct iam *iam_new(struct str default_account)
{
    struct iam *iam = iam_alloc();
    for (int kind = 0; kind < IAM_KINDS; kind++)
        iam->objects[kind] = trie_new(iam_object_free);
    memcpy(iam->default_account, default_account.p, 12);
    return iam;
}

struct iam *iam_copy(const struct iam *from)
{
    struct iam *iam = iam_alloc();
    for (int kind = 0; kind < IAM_KINDS; kind++)
        iam->objects[kind] = trie_hold(from->objects[kind]);
    memcpy(iam->default_account, from->default_account, sizeof iam->default_account);
    iam->next_order = from->next_order;
    return iam;
}

struct iam *iam_hold(const struct iam *iam)
{
    struct iam *held = (struct iam *)(uintptr_t)iam; /* the count is not what it knows */
    atomic_fetch_add(&held->refs, 1);
    return held;
}

void iam_drop(struct iam *iam)
{
    if (!iam || atomic_fetch_sub(&iam->refs, 1) > 1)
        return;
    for (int kind = 0; kind < IAM_KINDS; kind++)
        trie_drop(iam->objects[kind]);
    free(iam);
}

void iam_set(struct iam *iam, struct iam_object *o)
{
    struct trie **t = &iam->objects[o->kind], *next = trie_put(*t, o->key, o);
    trie_drop(*t);
    *t = next;
}

/* ---- looking up ---- */

static const struct iam_object *find(const struct iam *iam, enum iam_kind kind, struct str account,
                                     struct str name)
{
    char buffer[IAM_KEY_BYTES_MAX];
    struct str key = iam_key(buffer, kind, account, name);
    return key.n ? trie_get(iam->objects[kind], key) : NULL;
}

struct str iam_default_account(const struct iam *iam)
{
    return str_n(iam->default_account, 12);
}

const struct account *iam_account(const struct iam *iam, struct str id)
{
    const struct iam_object *o = find(iam, IAM_ACCOUNT, id, STR(""));
    return o ? &iam_object_body(o)->is.account : NULL;
}

const struct role *iam_role_named(const struct iam *iam, struct str account, struct str name)
{
    const struct iam_object *o = find(iam, IAM_ROLE, account, name);
    return o ? iam_object_role(o) : NULL;
}

/* The last part of a resource "kind/path/name". */
static struct str last_part(struct str resource)
{
    size_t at = resource.n;
    while (at > 0 && resource.p[at - 1] != '/')
        at--;
    return str_sub(resource, at, resource.n);
}

const struct role *iam_role(const struct iam *iam, struct str text)
{
    struct arn arn;
    if (!arn_is_role(text, &arn))
        return NULL;
    const struct role *role = iam_role_named(iam, arn.account, last_part(arn.resource));
    return role && str_eq(role->arn, text) ? role : NULL;
}

const struct provider *iam_provider(const struct iam *iam, struct str account, struct str issuer)
{
    if (!str_starts(issuer, STR("https://")))
        return NULL;
    const struct iam_object *o = find(iam, IAM_PROVIDER, account, str_sub(issuer, 8, issuer.n));
    return o ? iam_object_provider(o) : NULL;
}

const struct provider *iam_provider_of_arn(const struct iam *iam, struct str text)
{
    struct arn arn;
    const struct str kind = STR("oidc-provider/");
    if (!arn_read(text, &arn) || !str_eq(arn.service, STR("iam")) ||
        !str_starts(arn.resource, kind))
        return NULL;
    const struct iam_object *o =
        find(iam, IAM_PROVIDER, arn.account, str_sub(arn.resource, kind.n, arn.resource.n));
    const struct provider *p = o ? iam_object_provider(o) : NULL;
    return p && str_eq(p->arn, text) ? p : NULL;
}

const struct managed_policy *iam_policy_named(const struct iam *iam, struct str account,
                                              struct str name)
{
    const struct iam_object *o = find(iam, IAM_POLICY, account, name);
    return o ? iam_object_policy(o) : NULL;
}

const struct managed_policy *iam_policy(const struct iam *iam, struct str text)
{
    struct arn arn;
    if (!arn_read(text, &arn) || !str_eq(arn.service, STR("iam")) ||
        !str_starts(arn.resource, STR("policy/")))
        return NULL;
    if (str_eq(arn.account, STR("aws")))
        return iam_managed_by_aws(text);
    const struct managed_policy *m = iam_policy_named(iam, arn.account, last_part(arn.resource));
    return m && str_eq(m->arn, text) ? m : NULL;
}

const struct policy_version *iam_policy_default(const struct managed_policy *policy)
{
    for (size_t i = 0; i < policy->n_versions; i++)
        if (policy->versions[i].number == policy->default_version)
            return &policy->versions[i];
    return &policy->versions[0];
}

const struct user *iam_user_named(const struct iam *iam, struct str account, struct str name)
{
    const struct iam_object *o = find(iam, IAM_USER, account, name);
    return o ? iam_object_user(o) : NULL;
}

const struct user *iam_user(const struct iam *iam, struct str text)
{
    struct arn arn;
    if (!arn_read(text, &arn) || !str_eq(arn.service, STR("iam")) ||
        !str_starts(arn.resource, STR("user/")))
        return NULL;
    const struct user *u = iam_user_named(iam, arn.account, last_part(arn.resource));
    return u && str_eq(u->arn, text) ? u : NULL;
}

const struct credential *iam_credential(const struct iam *iam, struct str access_key_id)
{
    const struct iam_object *o = find(iam, IAM_CREDENTIAL, STR(""), access_key_id);
    return o ? iam_object_credential(o) : NULL;
}

/* ---- walking over many ---- */

struct collecting {
    struct iam_list list;
    struct str account;
};

static void collect(void *context, void *value)
{
    struct collecting *c = context;
    const struct iam_object *o = value;
    if (!c->account.n || str_eq(o->account, c->account))
        c->list.items[c->list.n++] = o;
}

static int by_order(const void *left, const void *right)
{
    const struct iam_object *a = *(const struct iam_object *const *)left;
    const struct iam_object *b = *(const struct iam_object *const *)right;
    return (a->order > b->order) - (a->order < b->order);
}

struct iam_list iam_list(const struct iam *iam, struct arena *a, enum iam_kind kind,
                         struct str account)
{
    struct collecting c = { .account = account };
    c.list.items = arena_array(a, const struct iam_object *, trie_size(iam->objects[kind]));
    trie_each(iam->objects[kind], collect, &c);
    if (c.list.n)
        qsort(c.list.items, c.list.n, sizeof c.list.items[0], by_order);
    return c.list;
}

size_t iam_count(const struct iam *iam, enum iam_kind kind)
{
    return trie_size(iam->objects[kind]);
}

struct str iam_object_account(const struct iam_object *o)
{
    return o->account;
}

struct str iam_object_name(const struct iam_object *o)
{
    return o->name;
}

const struct role *iam_object_role(const struct iam_object *o)
{
    return &iam_object_body(o)->is.role;
}

const struct provider *iam_object_provider(const struct iam_object *o)
{
    return &iam_object_body(o)->is.provider;
}

const struct managed_policy *iam_object_policy(const struct iam_object *o)
{
    return &iam_object_body(o)->is.policy;
}

const struct user *iam_object_user(const struct iam_object *o)
{
    return &iam_object_body(o)->is.user;
}

const struct credential *iam_object_credential(const struct iam_object *o)
{
    return &iam_object_body(o)->is.credential;
}
