#include "fakests/iam/object.h"
#include "fakests/iam/store.h"

/* struct iam → the members of a config. */

static json_t *text_json(const struct iam_object *o)
{
    json_t *v = json_loadb(o->text.p, o->text.n, JSON_DECODE_ANY, NULL);
    return v ? v : json_object();
}

static bool is_default_credential(const struct iam_object *o)
{
    const struct credential *c = iam_object_credential(o);
    return str_eq(c->access_key_id, STR("test")) && str_eq(c->secret_access_key, STR("test")) &&
           !c->user.n && !c->inactive;
}

/* What a config has without saying so need not be said: the default account's test/test alone. */
static bool goes_without_saying(const struct iam *iam, enum iam_kind kind, struct str account,
                                const struct iam_list *list)
{
    if (kind != IAM_CREDENTIAL || !str_eq(account, iam_default_account(iam)))
        return list->n == 0;
    return list->n == 1 && is_default_credential(list->items[0]);
}

static void put_kind(const struct iam *iam, struct arena *a, struct str account, enum iam_kind kind,
                     json_t *into)
{
    struct iam_list list = iam_list(iam, a, kind, account);
    if (goes_without_saying(iam, kind, account, &list))
        return;
    json_t *items = json_array();
    for (size_t i = 0; i < list.n; i++)
        json_array_append_new(items, text_json(list.items[i]));
    json_object_set_new(into, iam_member(kind), items);
}

static void put_account(const struct iam *iam, struct arena *a, const struct iam_object *account,
                        json_t *into)
{
    json_t *settings = text_json(account);
    json_object_update(into, settings);
    json_decref(settings);
    for (int kind = 0; kind < IAM_KINDS; kind++)
        if (iam_member((enum iam_kind)kind))
            put_kind(iam, a, account->account, (enum iam_kind)kind, into);
}

void iam_write(const struct iam *iam, json_t *into)
{
    struct arena *a = arena_new();
    struct iam_list accounts = iam_list(iam, a, IAM_ACCOUNT, STR(""));
    json_t *others = json_object();
    for (size_t i = 0; i < accounts.n; i++) {
        const struct iam_object *account = accounts.items[i];
        if (str_eq(account->account, iam_default_account(iam))) {
            put_account(iam, a, account, into);
            continue;
        }
        json_t *other = json_object();
        put_account(iam, a, account, other);
        json_object_set_new(others, account->account.p, other);
    }
    if (json_object_size(others))
        json_object_set(into, "accounts", others);
    json_decref(others);
    arena_free(a);
}
