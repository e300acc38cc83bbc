#include "fakests/actions/role.h"

#include "fakests/actions/tagging.h"
#include "fakests/param_iam.h"

struct params {
    struct str name;
    struct param_structs tags;
    struct param_list keys;
    struct page_ask page;
};

static struct tagging tagging_of(const struct role *role)
{
    return (struct tagging){ .tags = role->tags, .n = role->n_tags, .fold = true };
}

static void put(struct call *c, const struct role *role, const struct tagging *now)
{
    struct role changed = *role;
    changed.tags = now->tags;
    changed.n_tags = now->n;
    iam_put_role(c->changes, &changed);
}

static const struct param tag_rows[] = {
    IAM_ROLE_NAME(REQUIRED, struct params, name),
    IAM_TAGS(REQUIRED, struct params, tags),
    PARAM_END,
};

/* Neither of the two is kept from AWS's own roles: the service model has no UnmodifiableEntity
 * here. */
struct outcome role_tag(struct call *c, struct str *document)
{
    struct params p;
    const struct role *role;
    struct tagging now;
    TRY(param_read(c, tag_rows, &p));
    TRY(role_open(c,
                  &(struct role_ask){ .action = "iam:TagRole",
                                      .name = p.name,
                                      .request_tags = p.tags.items,
                                      .n_request_tags = p.tags.n },
                  &role));
    const struct tagging has = tagging_of(role);
    TRY(tagging_put(c, &has, &p.tags, &now));
    put(c, role, &now);
    *document = iam_reply_empty(c, "TagRole");
    return OK;
}

static const struct param untag_rows[] = {
    IAM_ROLE_NAME(REQUIRED, struct params, name),
    IAM_TAG_KEYS(REQUIRED, struct params, keys),
    PARAM_END,
};

struct outcome role_untag(struct call *c, struct str *document)
{
    struct params p;
    const struct role *role;
    struct tagging now;
    TRY(param_read(c, untag_rows, &p));
    TRY(role_open(c,
                  &(struct role_ask){ .action = "iam:UntagRole",
                                      .name = p.name,
                                      .tag_keys = p.keys.items,
                                      .n_tag_keys = p.keys.n },
                  &role));
    const struct tagging has = tagging_of(role);
    TRY(tagging_remove(c, &has, &p.keys, &now));
    put(c, role, &now);
    *document = iam_reply_empty(c, "UntagRole");
    return OK;
}

static const struct param list_rows[] = {
    IAM_ROLE_NAME(REQUIRED, struct params, name),
    IAM_MARKER(struct params, page.marker),
    IAM_MAX_ITEMS(struct params, page.max_items),
    PARAM_END,
};

struct outcome role_list_tags(struct call *c, struct str *document)
{
    struct params p;
    const struct role *role;
    TRY(param_read(c, list_rows, &p));
    TRY(role_open(c, &(struct role_ask){ .action = "iam:ListRoleTags", .name = p.name }, &role));
    const struct tagging has = tagging_of(role);
    return tagging_list(c, &has, &p.page, document);
}
