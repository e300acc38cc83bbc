#include "fakests/action.h"
#include "fakests/actions/listing.h"
#include "fakests/actions/members.h"
#include "fakests/actions/user.h"
#include "fakests/param_iam.h"

#include "base/entropy.h"
#include "fakests/iam/ids.h"

#include <inttypes.h>

/* Access keys of users, and of the account's root where it signs itself without a UserName. */

enum {
    KEYS_MAX = 2,
    SECRET_BYTES = 30, /* 40 characters (aws.md section 6.2) */
};

struct params {
    struct str name, id, status;
    struct page_ask page;
};

static bool is_of(const struct credential *k, const struct call *c, const struct user_subject *s)
{
    return str_eq(k->account, c->caller.account) &&
           str_eq_nocase(k->user, s->user ? s->user->name : STR(""));
}

static struct str status_of(const struct credential *k)
{
    return k->inactive ? STR("Inactive") : STR("Active");
}

/* In the order they were made. */
static struct listing keys_of(struct call *c, const struct user_subject *s)
{
    struct iam_list all = iam_list(c->world->iam, c->arena, IAM_CREDENTIAL, c->caller.account);
    struct listing l = listing_new(c->arena);
    for (size_t i = 0; i < all.n; i++) {
        const struct credential *k = iam_object_credential(all.items[i]);
        if (is_of(k, c, s))
            listing_add(&l,
                        arena_printf(c->arena, "%015" PRId64 " %.*s", k->created_s,
                                     STR_ARG(k->access_key_id)),
                        k);
    }
    return l;
}

/* ---- CreateAccessKey ---- */

static const struct param name_rows[] = {
    IAM_EXISTING_USER_NAME(OPTIONAL, struct params, name),
    PARAM_END,
};

static struct str new_id(struct call *c)
{
    uint8_t random[ID_RANDOM_BYTES];
    entropy_fill(c->service->entropy, random, sizeof random);
    return iam_unique_id(c->arena, "AKIA", c->caller.account, ID_KEY_CHARACTERS, random);
}

/* The root has no name. */
static void write_owner(struct xml *x, const struct credential *k)
{
    if (k->user.n)
        xml_leaf(x, "UserName", k->user);
}

static struct str write_created(struct call *c, const struct credential *k)
{
    struct reply r;
    reply_open(&r, c, "CreateAccessKey", true);
    xml_open(&r.xml, "AccessKey", NULL);
    write_owner(&r.xml, k);
    xml_leaf(&r.xml, "AccessKeyId", k->access_key_id);
    xml_leaf(&r.xml, "Status", status_of(k));
    xml_leaf(&r.xml, "SecretAccessKey", k->secret_access_key);
    iam_reply_time(c, &r.xml, "CreateDate", k->created_s);
    xml_close(&r.xml, "AccessKey");
    return reply_close(&r, true);
}

static struct outcome create(struct call *c, struct str *document)
{
    struct params p;
    struct user_subject s;
    TRY(param_read(c, name_rows, &p));
    TRY(user_find(c, "iam:CreateAccessKey", p.name, &s));
    TRY(iam_quota(c, "AccessKeysPerUser", keys_of(c, &s).n + 1, KEYS_MAX));
    struct credential made = { .access_key_id = new_id(c),
                               .secret_access_key = user_secret(c, SECRET_BYTES),
                               .account = c->caller.account,
                               .user = s.user ? s.user->name : STR(""),
                               .created_s = c->now_s };
    iam_put_credential(c->changes, &made);
    *document = write_created(c, &made);
    return OK;
}

/* ---- ListAccessKeys ---- */

static const struct param list_rows[] = {
    IAM_EXISTING_USER_NAME(OPTIONAL, struct params, name),
    IAM_MARKER(struct params, page.marker),
    IAM_MAX_ITEMS(struct params, page.max_items),
    PARAM_END,
};

static void write_metadata(struct call *c, struct xml *x, const struct credential *k)
{
    xml_open(x, "member", NULL);
    write_owner(x, k);
    xml_leaf(x, "AccessKeyId", k->access_key_id);
    xml_leaf(x, "Status", status_of(k));
    iam_reply_time(c, x, "CreateDate", k->created_s);
    xml_close(x, "member");
}

static struct str write_keys(struct call *c, const struct listing *l)
{
    struct reply r;
    reply_open(&r, c, "ListAccessKeys", true);
    members_open(&r.xml, "AccessKeyMetadata", l->page.end - l->page.first);
    for (size_t i = l->page.first; i < l->page.end; i++)
        write_metadata(c, &r.xml, l->items[i].item);
    members_close(&r.xml, "AccessKeyMetadata", l->page.end - l->page.first);
    page_write(&r.xml, &l->page);
    return reply_close(&r, true);
}

static struct outcome list(struct call *c, struct str *document)
{
    struct params p;
    struct user_subject s;
    TRY(param_read(c, list_rows, &p));
    TRY(user_find(c, "iam:ListAccessKeys", p.name, &s));
    struct listing l = keys_of(c, &s);
    TRY(listing_page(c, &p.page, &l));
    *document = write_keys(c, &l);
    return OK;
}

/* ---- UpdateAccessKey, DeleteAccessKey ---- */

static const struct param update_rows[] = {
    IAM_EXISTING_USER_NAME(OPTIONAL, struct params, name),
    IAM_ACCESS_KEY_ID(REQUIRED, struct params, id),
    IAM_ENUM("Status", "Active, Inactive", REQUIRED, struct params, status),
    PARAM_END,
};

static const struct param delete_rows[] = {
    IAM_EXISTING_USER_NAME(OPTIONAL, struct params, name),
    IAM_ACCESS_KEY_ID(REQUIRED, struct params, id),
    PARAM_END,
};

/* A key of somebody else is not found either. */
static struct outcome find(struct call *c, const char *action, const struct params *p,
                           const struct credential **out)
{
    struct user_subject s;
    TRY(user_find(c, action, p->name, &s));
    const struct credential *k = iam_credential(c->world->iam, p->id);
    if (!k || !is_of(k, c, &s)) {
        c->why->arg[0] =
            arena_printf(c->arena, "The Access Key with id %.*s cannot be found.", STR_ARG(p->id));
        FAIL(c->why, ENTITY_UNKNOWN, "no access key %.*s there", STR_ARG(p->id));
    }
    *out = k;
    return OK;
}

static struct outcome update(struct call *c, struct str *document)
{
    struct params p;
    const struct credential *found = NULL;
    TRY(param_read(c, update_rows, &p));
    TRY(find(c, "iam:UpdateAccessKey", &p, &found));
    struct credential changed = *found;
    changed.inactive = str_eq(p.status, STR("Inactive"));
    iam_put_credential(c->changes, &changed);
    *document = iam_reply_empty(c, "UpdateAccessKey");
    return OK;
}

static struct outcome delete (struct call *c, struct str *document)
{
    struct params p;
    const struct credential *found = NULL;
    TRY(param_read(c, delete_rows, &p));
    TRY(find(c, "iam:DeleteAccessKey", &p, &found));
    iam_remove(c->changes, IAM_CREDENTIAL, found->account, found->access_key_id);
    *document = iam_reply_empty(c, "DeleteAccessKey");
    return OK;
}

const struct action action_user_keys[] = {
    { "CreateAccessKey", SERVICE_IAM, true, true, create },
    { "ListAccessKeys", SERVICE_IAM, true, false, list },
    { "UpdateAccessKey", SERVICE_IAM, true, true, update },
    { "DeleteAccessKey", SERVICE_IAM, true, true, delete },
    { .name = NULL },
};
