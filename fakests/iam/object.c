#include "fakests/iam/object.h"

#include "fakests/iam/write.h"

#include <stdlib.h>

enum { BODY_BYTES = 2048 }; /* a role with a trust policy and a small inline one */

/* ---- kinds ---- */

static const struct kind {
    const char *member, *name;
} kinds[IAM_KINDS] = {
    [IAM_PROVIDER] = { "oidc_providers", "url" },          [IAM_ROLE] = { "roles", "name" },
    [IAM_POLICY] = { "managed_policies", "name" },         [IAM_USER] = { "users", "name" },
    [IAM_CREDENTIAL] = { "credentials", "access_key_id" }, [IAM_ACCOUNT] = { NULL, NULL },
};

const char *iam_member(enum iam_kind kind)
{
    return kinds[kind].member;
}

const char *iam_name_member(enum iam_kind kind)
{
    return kinds[kind].name;
}

/* ---- bodies ---- */

static struct outcome read_as(struct iam_reader *r, enum iam_kind kind, const struct json_at *at,
                              struct iam_body *b)
{
    switch (kind) {
    case IAM_PROVIDER:
        return iam_read_provider(r, at, &b->is.provider);
    case IAM_ROLE:
        return iam_read_role(r, at, &b->is.role);
    case IAM_POLICY:
        return iam_read_policy(r, at, &b->is.policy);
    case IAM_USER:
        return iam_read_user(r, at, &b->is.user);
    case IAM_CREDENTIAL:
        return iam_read_credential(r, at, &b->is.credential);
    case IAM_ACCOUNT:
        return iam_read_account(r, at, &b->is.account);
    }
    return OK;
}

void iam_body_free(struct iam_body *b)
{
    if (b)
        arena_free(b->arena); /* which holds b itself */
}

static struct iam_body *body_new(void)
{
    struct arena *a = arena_new_small(BODY_BYTES);
    struct iam_body *b = arena_make(a, struct iam_body);
    b->arena = a;
    return b;
}

struct outcome iam_body_read(struct arena *work, struct why *why, enum iam_kind kind,
                             struct str account, const struct json_part *part,
                             const struct iam_options *options, bool *files_read,
                             struct iam_body **out)
{
    struct iam_body *b = body_new();
    struct json_doc *doc;
    struct iam_reader r = { .a = b->arena,
                            .work = work,
                            .why = why,
                            .account = arena_str(b->arena, account),
                            .files_allowed = options->files_allowed,
                            .judged = options->judged,
                            .refused = options->refused,
                            .refused_context = options->refused_context };
    struct outcome o = json_part_load(work, why, part, &doc);
    if (!failed(o)) {
        struct json_at root = json_at_root(doc);
        o = read_as(&r, kind, &root, b);
    }
    *files_read = r.files_read;
    if (failed(o)) {
        iam_body_free(b);
        return o;
    }
    *out = b;
    return OK;
}

struct str iam_body_text(struct arena *a, enum iam_kind kind, const struct iam_body *b)
{
    switch (kind) {
    case IAM_PROVIDER:
        return iam_provider_text(a, &b->is.provider);
    case IAM_ROLE:
        return iam_role_text(a, &b->is.role);
    case IAM_POLICY:
        return iam_policy_text(a, &b->is.policy);
    case IAM_USER:
        return iam_user_text(a, &b->is.user);
    case IAM_CREDENTIAL:
        return iam_credential_text(a, &b->is.credential);
    case IAM_ACCOUNT:
        return iam_account_text(a, &b->is.account);
    }
    return STR("");
}

/* ---- objects ---- */

static struct str put_behind(char **at, struct str s)
{
    char *p = *at;
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    *at += s.n + 1;
    return str_n(p, s.n);
}

struct iam_object *iam_object_new(enum iam_kind kind, struct str account, struct str name,
                                  struct str text, uint64_t order)
{
    char buffer[IAM_KEY_BYTES_MAX];
    struct str key = iam_key(buffer, kind, account, name);
    size_t behind = key.n + account.n + name.n + text.n + 4;
    struct iam_object *o = malloc(sizeof *o + behind);
    if (!o)
        abort();
    char *at = (char *)(o + 1);
    *o = (struct iam_object){ .kind = kind, .order = order };
    o->key = put_behind(&at, key);
    o->account = put_behind(&at, account);
    o->name = put_behind(&at, name);
    o->text = put_behind(&at, text);
    atomic_init(&o->body, NULL);
    return o;
}

void iam_object_free(void *object)
{
    struct iam_object *o = object;
    iam_body_free(atomic_load(&o->body));
    free(o);
}

/*
 * What nobody could read has no rights and no keys: only a text that somebody else wrote in our
 * name gets here, for everything of ours was judged or made by write.c.
 */
static struct iam_body *body_unreadable(const struct iam_object *o)
{
    struct iam_body *b = body_new();
    struct str account = arena_str(b->arena, o->account), name = arena_str(b->arena, o->name);
    switch (o->kind) {
    case IAM_PROVIDER:
        b->is.provider = (struct provider){ .account = account, .url = name };
        break;
    case IAM_ROLE:
        b->is.role = (struct role){ .account = account, .name = name, .path = STR("/") };
        b->is.role.trust = (struct policy *)(uintptr_t)policy_nothing(); /* only read */
        b->is.role.trust_text = STR("{}");
        break;
    case IAM_POLICY:
        b->is.policy =
            (struct managed_policy){ .account = account, .name = name, .path = STR("/") };
        b->is.policy.versions = arena_make(b->arena, struct policy_version);
        b->is.policy.versions[0] = (struct policy_version){
            .number = 1, .policy = (struct policy *)(uintptr_t)policy_nothing(), .text = STR("{}")
        };
        b->is.policy.n_versions = b->is.policy.default_version = b->is.policy.last_version = 1;
        break;
    case IAM_USER:
        b->is.user = (struct user){ .account = account, .name = name, .path = STR("/") };
        break;
    case IAM_CREDENTIAL:
        b->is.credential =
            (struct credential){ .account = account, .access_key_id = name, .inactive = true };
        break;
    case IAM_ACCOUNT:
        b->is.account = (struct account){ .id = account };
        break;
    }
    return b;
}

static struct iam_body *body_of_own(const struct iam_object *o)
{
    const struct iam_options options = { .judged = true };
    struct arena *work = arena_new();
    struct json_part part = json_part_whole(work, o->name, o->text);
    struct why why = why_new(work);
    struct iam_body *b;
    bool files;
    if (failed(iam_body_read(work, &why, o->kind, o->account, &part, &options, &files, &b)))
        b = body_unreadable(o);
    arena_free(work);
    return b;
}

const struct iam_body *iam_object_body(const struct iam_object *object)
{
    struct iam_object *o = (struct iam_object *)(uintptr_t)object; /* a cache, not a change */
    struct iam_body *seen = atomic_load_explicit(&o->body, memory_order_acquire);
    if (seen)
        return seen;
    struct iam_body *mine = body_of_own(o);
    if (atomic_compare_exchange_strong(&o->body, &seen, mine))
        return mine;
    iam_body_free(mine);
    return seen;
}
