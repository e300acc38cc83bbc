#include "fakests/action.h"
#include "fakests/actions/oidc_provider.h"
#include "fakests/actions/tagging.h"
#include "fakests/param_iam.h"

/* The lists an OIDC provider has: client ids, thumbprints, tags. */

struct params {
    struct str arn, client_id;
    struct param_list thumbprints, tag_keys;
    struct param_structs tags;
    struct page_ask page;
};

/* ---- client ids ---- */

static const struct param client_id_rows[] = {
    IAM_PROVIDER_ARN(REQUIRED, struct params, arn),
    IAM_CLIENT_ID(REQUIRED, struct params, client_id),
    PARAM_END,
};

/* Its place among them, or their number. */
static size_t place_of(const struct provider *p, struct str client_id)
{
    size_t i = 0;
    while (i < p->n_client_ids && !str_eq(p->client_ids[i], client_id))
        i++;
    return i;
}

/* One that is there already is no fault (observed). */
static struct outcome add_client_id(struct call *c, struct str *document)
{
    struct params p;
    const struct provider *found = NULL;
    TRY(param_read(c, client_id_rows, &p));
    struct oidc_provider_ask ask = { .arn = p.arn,
                                     .action = "iam:AddClientIDToOpenIDConnectProvider" };
    TRY(oidc_provider_find(c, &ask, &found));
    if (place_of(found, p.client_id) == found->n_client_ids) {
        struct provider changed = *found;
        TRY(iam_quota(c, "ClientIdsPerOpenIdConnectProvider", found->n_client_ids + 1,
                      OIDC_PROVIDER_CLIENT_IDS_MAX));
        changed.client_ids = arena_array(c->arena, struct str, found->n_client_ids + 1);
        for (size_t i = 0; i < found->n_client_ids; i++)
            changed.client_ids[i] = found->client_ids[i];
        changed.client_ids[changed.n_client_ids++] = p.client_id;
        iam_put_provider(c->changes, &changed);
    }
    *document = iam_reply_empty(c, "AddClientIDToOpenIDConnectProvider");
    return OK;
}

/* One that is not there is no fault (observed). */
static struct outcome remove_client_id(struct call *c, struct str *document)
{
    struct params p;
    const struct provider *found = NULL;
    TRY(param_read(c, client_id_rows, &p));
    struct oidc_provider_ask ask = { .arn = p.arn,
                                     .action = "iam:RemoveClientIDFromOpenIDConnectProvider" };
    TRY(oidc_provider_find(c, &ask, &found));
    size_t place = place_of(found, p.client_id);
    if (place < found->n_client_ids) {
        struct provider changed = *found;
        changed.client_ids = arena_array(c->arena, struct str, found->n_client_ids);
        changed.n_client_ids = 0;
        for (size_t i = 0; i < found->n_client_ids; i++)
            if (i != place)
                changed.client_ids[changed.n_client_ids++] = found->client_ids[i];
        iam_put_provider(c->changes, &changed);
    }
    *document = iam_reply_empty(c, "RemoveClientIDFromOpenIDConnectProvider");
    return OK;
}

/* ---- thumbprints ---- */

static const struct param thumbprint_rows[] = {
    IAM_PROVIDER_ARN(REQUIRED, struct params, arn),
    IAM_THUMBPRINTS(REQUIRED, struct params, thumbprints),
    PARAM_END,
};

static struct outcome update_thumbprints(struct call *c, struct str *document)
{
    struct params p;
    const struct provider *found = NULL;
    TRY(param_read(c, thumbprint_rows, &p));
    struct oidc_provider_ask ask = { .arn = p.arn,
                                     .action = "iam:UpdateOpenIDConnectProviderThumbprint" };
    TRY(oidc_provider_find(c, &ask, &found));
    struct provider changed = *found;
    if (!p.thumbprints.n) {
        c->why->arg[0] = STR("Thumbprint list must contain at least one entry."); /* observed */
        FAIL(c->why, INPUT_INVALID, "ThumbprintList is an empty list");
    }
    TRY(oidc_provider_thumbprints(c, &p.thumbprints, &changed));
    iam_put_provider(c->changes, &changed);
    *document = iam_reply_empty(c, "UpdateOpenIDConnectProviderThumbprint");
    return OK;
}

/* ---- tags; keys that differ in case are two (observed) ---- */

static const struct param tag_rows[] = {
    IAM_PROVIDER_ARN(REQUIRED, struct params, arn),
    IAM_TAGS(REQUIRED, struct params, tags),
    PARAM_END,
};

static const struct param untag_rows[] = {
    IAM_PROVIDER_ARN(REQUIRED, struct params, arn),
    IAM_TAG_KEYS(REQUIRED, struct params, tag_keys),
    PARAM_END,
};

static const struct param list_rows[] = {
    IAM_PROVIDER_ARN(REQUIRED, struct params, arn),
    IAM_MARKER(struct params, page.marker),
    IAM_MAX_ITEMS(struct params, page.max_items),
    PARAM_END,
};

static struct tagging tags_of(const struct provider *p)
{
    return (struct tagging){ .tags = p->tags, .n = p->n_tags, .fold = false };
}

static void put_tags(struct call *c, const struct provider *p, const struct tagging *now)
{
    struct provider changed = *p;
    changed.tags = now->tags;
    changed.n_tags = now->n;
    iam_put_provider(c->changes, &changed);
}

static struct outcome tag(struct call *c, struct str *document)
{
    struct params p;
    const struct provider *found = NULL;
    TRY(param_read(c, tag_rows, &p));
    struct oidc_provider_ask ask = { .arn = p.arn,
                                     .action = "iam:TagOpenIDConnectProvider",
                                     .tags = &p.tags };
    TRY(oidc_provider_find(c, &ask, &found));
    struct tagging has = tags_of(found);
    TRY(tagging_put(c, &has, &p.tags, &has));
    put_tags(c, found, &has);
    *document = iam_reply_empty(c, "TagOpenIDConnectProvider");
    return OK;
}

static struct outcome untag(struct call *c, struct str *document)
{
    struct params p;
    const struct provider *found = NULL;
    TRY(param_read(c, untag_rows, &p));
    struct oidc_provider_ask ask = { .arn = p.arn,
                                     .action = "iam:UntagOpenIDConnectProvider",
                                     .tag_keys = &p.tag_keys };
    TRY(oidc_provider_find(c, &ask, &found));
    struct tagging has = tags_of(found);
    TRY(tagging_remove(c, &has, &p.tag_keys, &has));
    put_tags(c, found, &has);
    *document = iam_reply_empty(c, "UntagOpenIDConnectProvider");
    return OK;
}

static struct outcome list_tags(struct call *c, struct str *document)
{
    struct params p;
    const struct provider *found = NULL;
    TRY(param_read(c, list_rows, &p));
    struct oidc_provider_ask ask = { .arn = p.arn, .action = "iam:ListOpenIDConnectProviderTags" };
    TRY(oidc_provider_find(c, &ask, &found));
    struct tagging has = tags_of(found);
    return tagging_list(c, &has, &p.page, document);
}

const struct action action_oidc_provider_lists[] = {
    { "AddClientIDToOpenIDConnectProvider", SERVICE_IAM, true, true, add_client_id },
    { "RemoveClientIDFromOpenIDConnectProvider", SERVICE_IAM, true, true, remove_client_id },
    { "UpdateOpenIDConnectProviderThumbprint", SERVICE_IAM, true, true, update_thumbprints },
    { "TagOpenIDConnectProvider", SERVICE_IAM, true, true, tag },
    { "UntagOpenIDConnectProvider", SERVICE_IAM, true, true, untag },
    { "ListOpenIDConnectProviderTags", SERVICE_IAM, true, false, list_tags },
    { .name = NULL },
};
