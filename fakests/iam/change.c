#include "fakests/iam/change.h"

#include "base/json_write.h"
#include "fakests/iam/object.h"
#include "fakests/iam/write.h"

struct iam_changes iam_changes_new(struct arena *a)
{
    return (struct iam_changes){ .arena = a };
}

static void add(struct iam_changes *ch, enum iam_kind kind, struct str account, struct str name,
                struct str text)
{
    if (ch->n == ch->capacity) {
        size_t wider = ch->capacity * 2 + 8;
        struct iam_change *items = arena_array(ch->arena, struct iam_change, wider);
        if (ch->n)
            memcpy(items, ch->items, ch->n * sizeof *items);
        ch->items = items;
        ch->capacity = wider;
    }
    ch->items[ch->n++] = (struct iam_change){ kind, arena_str(ch->arena, account),
                                              arena_str(ch->arena, name), text };
}

void iam_put_role(struct iam_changes *ch, const struct role *role)
{
    add(ch, IAM_ROLE, role->account, role->name, iam_role_text(ch->arena, role));
}

void iam_put_provider(struct iam_changes *ch, const struct provider *provider)
{
    add(ch, IAM_PROVIDER, provider->account, provider->url, iam_provider_text(ch->arena, provider));
}

void iam_put_policy(struct iam_changes *ch, const struct managed_policy *policy)
{
    add(ch, IAM_POLICY, policy->account, policy->name, iam_policy_text(ch->arena, policy));
}

void iam_put_user(struct iam_changes *ch, const struct user *user)
{
    add(ch, IAM_USER, user->account, user->name, iam_user_text(ch->arena, user));
}

void iam_put_credential(struct iam_changes *ch, const struct credential *credential)
{
    add(ch, IAM_CREDENTIAL, credential->account, credential->access_key_id,
        iam_credential_text(ch->arena, credential));
}

void iam_put_account(struct iam_changes *ch, const struct account *account)
{
    add(ch, IAM_ACCOUNT, account->id, STR(""), iam_account_text(ch->arena, account));
}

void iam_remove(struct iam_changes *ch, enum iam_kind kind, struct str account, struct str name)
{
    add(ch, kind, account, name, (struct str){ NULL, 0 });
}

/* ---- applying ---- */

static void apply_one(struct iam *iam, const struct iam_change *c)
{
    char buffer[IAM_KEY_BYTES_MAX];
    struct str key = iam_key(buffer, c->kind, c->account, c->name);
    struct trie **t = &iam->objects[c->kind];
    const struct iam_object *before = trie_get(*t, key);
    if (c->text.p) {
        /* what is changed keeps its place in the order of making */
        uint64_t order = before ? before->order : iam->next_order++;
        iam_set(iam, iam_object_new(c->kind, c->account, c->name, c->text, order));
        return;
    }
    struct trie *next = trie_remove(*t, key);
    trie_drop(*t);
    *t = next;
}

/* An account that something was put into is there. */
static void account_ensure(struct iam *iam, struct str id)
{
    if (!iam_account(iam, id))
        iam_set(iam, iam_object_new(IAM_ACCOUNT, id, STR(""), STR("{}"), iam->next_order++));
}

struct iam *iam_apply(const struct iam *iam, const struct iam_changes *ch)
{
    struct iam *next = iam_copy(iam);
    for (size_t i = 0; i < ch->n; i++) {
        account_ensure(next, ch->items[i].account);
        apply_one(next, &ch->items[i]);
    }
    return next;
}

/* ---- as one line ---- */

static const char account_member[] = "account_settings";

static const char *kind_name(enum iam_kind kind)
{
    return kind == IAM_ACCOUNT ? account_member : iam_member(kind);
}

static void put_text(struct text *t, const char *member_and_colon, struct str value)
{
    json_t *v = json_of(value);
    text_put(t, str_of(member_and_colon));
    json_write(t, v, JSON_WRITE_COMPACT);
    json_decref(v);
}

/* What is put is JSON on one line already. */
struct str iam_changes_write(struct arena *a, const struct iam_changes *ch)
{
    struct text t = text_new(a, SIZE_MAX / 4);
    for (size_t i = 0; i < ch->n; i++) {
        const struct iam_change *c = &ch->items[i];
        put_text(&t, i ? ",{\"in\":" : "[{\"in\":", str_of(kind_name(c->kind)));
        put_text(&t, ",\"account\":", c->account);
        put_text(&t, ",\"name\":", c->name);
        if (c->text.p) {
            text_put(&t, STR(",\"put\":"));
            text_put(&t, c->text);
        }
        text_putc(&t, '}');
    }
    text_put(&t, ch->n ? STR("]") : STR("[]"));
    return text_str(&t);
}

static struct outcome kind_read(const struct json_at *at, struct why *why, enum iam_kind *out)
{
    struct str name;
    TRY(json_want_str(at, why, &name));
    for (int kind = 0; kind < IAM_KINDS; kind++)
        if (str_eq(str_of(kind_name((enum iam_kind)kind)), name)) {
            *out = (enum iam_kind)kind;
            return OK;
        }
    return json_fail(at, why, FAULT_CONFIG_INVALID, "not a kind of object");
}

static struct outcome member(const struct json_at *at, struct why *why, const char *key,
                             struct json_at *out)
{
    if (!json_at_member(at, key, out))
        return json_fail(at, why, FAULT_CONFIG_INVALID, "\"%s\" is missing", key);
    return OK;
}

static const char *const change_members[] = { "in", "account", "name", "put", NULL };

static struct outcome change_read(const struct json_at *at, struct why *why,
                                  struct iam_changes *out)
{
    struct json_at in, account, name, put;
    struct str account_id, object_name, text = { NULL, 0 };
    enum iam_kind kind = IAM_ROLE;

    TRY(json_want_members(at, why, change_members));
    TRY(member(at, why, "in", &in));
    TRY(kind_read(&in, why, &kind));
    TRY(member(at, why, "account", &account));
    TRY(json_want_str(&account, why, &account_id));
    TRY(member(at, why, "name", &name));
    TRY(json_want_str(&name, why, &object_name));
    if (json_at_member(at, "put", &put)) {
        TRY(json_want_object(&put, why));
        text = json_text(out->arena, put.value);
    }
    add(out, kind, account_id, object_name, text);
    return OK;
}

struct outcome iam_changes_read(struct arena *a, struct why *why, struct str name,
                                struct str record, struct iam_changes *out)
{
    struct iam_changes changes = iam_changes_new(a);
    struct json_doc *doc;
    TRY(json_load(a, why, name, record, JSON_DUPLICATES_REFUSED, &doc));
    struct json_at root = json_at_root(doc);
    TRY(json_want_array(&root, why));
    struct json_items items = json_items_of(&root);
    while (json_items_next(&items))
        TRY(change_read(&items.item, why, &changes));
    *out = changes;
    return OK;
}
