#include "fakests/action.h"
#include "fakests/actions/tagging.h"
#include "fakests/actions/user.h"
#include "fakests/param_iam.h"

/* The tags of users: keys that differ in case are one. */

struct params {
    struct str name;
    struct param_structs tags;
    struct param_list keys;
    struct page_ask page;
};

static const struct param tag_rows[] = {
    IAM_EXISTING_USER_NAME(REQUIRED, struct params, name),
    IAM_TAGS(REQUIRED, struct params, tags),
    PARAM_END,
};

static const struct param untag_rows[] = {
    IAM_EXISTING_USER_NAME(REQUIRED, struct params, name),
    IAM_TAG_KEYS(REQUIRED, struct params, keys),
    PARAM_END,
};

static const struct param list_rows[] = {
    IAM_EXISTING_USER_NAME(REQUIRED, struct params, name),
    IAM_MARKER(struct params, page.marker),
    IAM_MAX_ITEMS(struct params, page.max_items),
    PARAM_END,
};

static struct tagging tags_of(const struct user *u)
{
    return (struct tagging){ .tags = u->tags, .n = u->n_tags, .fold = true };
}

static void put_tags(struct call *c, const struct user *u, const struct tagging *now)
{
    struct user changed = *u;
    changed.tags = now->tags;
    changed.n_tags = now->n;
    iam_put_user(c->changes, &changed);
}

static struct outcome tag(struct call *c, struct str *document)
{
    struct params p;
    struct user_subject s;
    TRY(param_read(c, tag_rows, &p));
    struct authorize_ask ask = { .action = STR("iam:TagUser"),
                                 .request_tags = p.tags.items,
                                 .n_request_tags = p.tags.n };
    TRY(user_subject(c, p.name, &s));
    TRY(user_authorize(c, &s, &ask));
    struct tagging has = tags_of(s.user);
    TRY(tagging_put(c, &has, &p.tags, &has));
    put_tags(c, s.user, &has);
    *document = iam_reply_empty(c, "TagUser");
    return OK;
}

static struct outcome untag(struct call *c, struct str *document)
{
    struct params p;
    struct user_subject s;
    TRY(param_read(c, untag_rows, &p));
    struct authorize_ask ask = { .action = STR("iam:UntagUser"),
                                 .tag_keys = p.keys.items,
                                 .n_tag_keys = p.keys.n };
    TRY(user_subject(c, p.name, &s));
    TRY(user_authorize(c, &s, &ask));
    struct tagging has = tags_of(s.user);
    TRY(tagging_remove(c, &has, &p.keys, &has));
    put_tags(c, s.user, &has);
    *document = iam_reply_empty(c, "UntagUser");
    return OK;
}

static struct outcome list(struct call *c, struct str *document)
{
    struct params p;
    struct user_subject s;
    TRY(param_read(c, list_rows, &p));
    TRY(user_find(c, "iam:ListUserTags", p.name, &s));
    struct tagging has = tags_of(s.user);
    return tagging_list(c, &has, &p.page, document);
}

const struct action action_user_tags[] = {
    { "TagUser", SERVICE_IAM, true, true, tag },
    { "UntagUser", SERVICE_IAM, true, true, untag },
    { "ListUserTags", SERVICE_IAM, true, false, list },
    { .name = NULL },
};
