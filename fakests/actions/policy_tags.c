#include "fakests/actions/managed_policy.h"
#include "fakests/actions/tagging.h"
#include "fakests/param_iam.h"

struct params {
    struct str arn;
    struct param_structs tags;
    struct param_list keys;
    struct page_ask page;
};

/* Keys of policies' tags that differ in case are two (observed), unlike those of roles and users.
 */
static struct tagging tagging_of(const struct managed_policy *m)
{
    return (struct tagging){ .tags = m->tags, .n = m->n_tags, .fold = false };
}

static void put(struct call *c, const struct managed_policy *m, const struct tagging *now)
{
    struct managed_policy changed = *m;
    changed.tags = now->tags;
    changed.n_tags = now->n;
    iam_put_policy(c->changes, &changed);
}

static const struct param tag_rows[] = {
    IAM_POLICY_ARN(REQUIRED, struct params, arn),
    IAM_TAGS(REQUIRED, struct params, tags),
    PARAM_END,
};

struct outcome policy_tags_tag(struct call *c, struct str *document)
{
    struct params p;
    const struct managed_policy *m;
    struct tagging now;
    TRY(param_read(c, tag_rows, &p));
    struct managed_policy_ask ask = { .action = "iam:TagPolicy",
                                      .arn = p.arn,
                                      .not_there = MANAGED_POLICY_NOT_FOUND,
                                      .request_tags = p.tags.items,
                                      .n_request_tags = p.tags.n };
    TRY(managed_policy_open_changing(c, &ask, &m));
    const struct tagging has = tagging_of(m);
    TRY(tagging_put(c, &has, &p.tags, &now));
    put(c, m, &now);
    *document = iam_reply_empty(c, "TagPolicy");
    return OK;
}

static const struct param untag_rows[] = {
    IAM_POLICY_ARN(REQUIRED, struct params, arn),
    IAM_TAG_KEYS(REQUIRED, struct params, keys),
    PARAM_END,
};

struct outcome policy_tags_untag(struct call *c, struct str *document)
{
    struct params p;
    const struct managed_policy *m;
    struct tagging now;
    TRY(param_read(c, untag_rows, &p));
    struct managed_policy_ask ask = { .action = "iam:UntagPolicy",
                                      .arn = p.arn,
                                      .not_there = MANAGED_POLICY_NOT_FOUND,
                                      .tag_keys = p.keys.items,
                                      .n_tag_keys = p.keys.n };
    TRY(managed_policy_open_changing(c, &ask, &m));
    const struct tagging has = tagging_of(m);
    TRY(tagging_remove(c, &has, &p.keys, &now));
    put(c, m, &now);
    *document = iam_reply_empty(c, "UntagPolicy");
    return OK;
}

static const struct param list_rows[] = {
    IAM_POLICY_ARN(REQUIRED, struct params, arn),
    IAM_MARKER(struct params, page.marker),
    IAM_MAX_ITEMS(struct params, page.max_items),
    PARAM_END,
};

struct outcome policy_tags_list(struct call *c, struct str *document)
{
    struct params p;
    const struct managed_policy *m;
    TRY(param_read(c, list_rows, &p));
    struct managed_policy_ask ask = { .action = "iam:ListPolicyTags",
                                      .arn = p.arn,
                                      .not_there = MANAGED_POLICY_NOT_FOUND };
    TRY(managed_policy_open(c, &ask, &m));
    const struct tagging has = tagging_of(m);
    return tagging_list(c, &has, &p.page, document);
}
