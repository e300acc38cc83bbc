#include "fakests/actions/oidc_provider.h"

#include "fakests/action.h"
#include "fakests/actions/members.h"
#include "fakests/actions/tagging.h"
#include "fakests/iam/arn.h"
#include "fakests/iam/read.h"
#include "fakests/param_iam.h"

#include "base/encode.h"
#include "base/map.h"

enum { PROVIDERS_MAX = 100 };

/* ---- finding one ---- */

static bool is_provider_arn(struct str text)
{
    struct arn arn;
    return arn_read(text, &arn) && str_eq(arn.service, STR("iam")) && !arn.region.n &&
           arn_account_valid(arn.account) && str_starts(arn.resource, STR("oidc-provider/"));
}

/* Delete and Get are observed to word it differently; the others are taken to speak as Get does. */
static struct outcome not_found(struct call *c, const struct oidc_provider_ask *ask)
{
    if (str_eq(str_of(ask->action), STR("iam:DeleteOpenIDConnectProvider")))
        c->why->arg[0] = arena_printf(c->arena, "OpenId connect Provider %.*s cannot be found.",
                                      STR_ARG(ask->arn));
    else
        c->why->arg[0] = arena_printf(c->arena, "OpenIDConnect Provider not found for arn %.*s",
                                      STR_ARG(ask->arn));
    FAIL(c->why, ENTITY_UNKNOWN, "there is no OIDC provider %.*s", STR_ARG(ask->arn));
}

static struct outcome authorize_on(struct call *c, const struct oidc_provider_ask *ask,
                                   const struct provider *p)
{
    struct authorize_ask asked = { .action = str_of(ask->action), .resource = ask->arn };
    if (p) {
        asked.resource_tags = p->tags;
        asked.n_resource_tags = p->n_tags;
    }
    if (ask->tags) {
        asked.request_tags = ask->tags->items;
        asked.n_request_tags = ask->tags->n;
    }
    if (ask->tag_keys) {
        asked.tag_keys = ask->tag_keys->items;
        asked.n_tag_keys = ask->tag_keys->n;
    }
    return authorize(c, &asked);
}

struct outcome oidc_provider_find(struct call *c, const struct oidc_provider_ask *ask,
                                  const struct provider **out)
{
    if (!is_provider_arn(ask->arn)) {
        /* What IAM says of ARNs of policies; inferred for providers. */
        c->why->arg[0] = arena_printf(c->arena, "ARN %.*s is not valid.", STR_ARG(ask->arn));
        FAIL(c->why, INPUT_INVALID, "%.*s is not the ARN of an OIDC provider", STR_ARG(ask->arn));
    }
    const struct provider *p = iam_provider_of_arn(c->world->iam, ask->arn);
    if (p && !str_eq(p->account, c->caller.account))
        p = NULL;
    TRY(authorize_on(c, ask, p));
    if (!p)
        return not_found(c, ask);
    *out = p;
    return OK;
}

/* ---- creating ---- */

struct create_params {
    struct param_list client_ids, thumbprints;
    struct str url;
    struct param_structs tags;
};

/*
 * In the order in which AWS tells of them (observed).  Thumbprints are optional since 2024: AWS
 * then takes that of the server's certificate.  Here no certificate is looked at, so the list
 * stays empty.
 */
static const struct param create_rows[] = {
    IAM_CLIENT_IDS(OPTIONAL, struct create_params, client_ids),
    IAM_THUMBPRINTS(OPTIONAL, struct create_params, thumbprints),
    IAM_TEXT("Url", 1, 255, NULL, REQUIRED, struct create_params, url),
    IAM_TAGS(OPTIONAL, struct create_params, tags),
    PARAM_END,
};

static struct outcome url_refused(struct call *c, enum fault fault, struct str message,
                                  struct str url)
{
    c->why->arg[0] = message;
    return why_set(c->why, fault, "%.*s is not the URL of an OIDC provider", STR_ARG(url));
}

/* Blanks and control characters are in no URL; that AWS says so in these words is inferred. */
static bool printable(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '!' || s.p[i] > '~')
            return false;
    return true;
}

/*
 * The URL without its scheme and with the default port dropped, case and slashes as given
 * (observed).  AWS's guide says that there should be no port; another one than 443 was not
 * observed, and is kept.  *https tells whether the scheme is the right one, which AWS looks at
 * later.
 */
static struct outcome url_read(struct call *c, struct str url, struct str *out, bool *https)
{
    struct str rest = url, kept;
    struct str scheme = str_cut(&rest, ':');
    bool found = str_starts(rest, STR("//")) && scheme.n && printable(url);
    rest = str_sub(rest, 2, rest.n);
    /* The reader of configs judges the rest, so that what is kept can be read again. */
    struct str plain = str_sub(rest, 0, str_find(rest, '?'));
    plain = str_sub(plain, 0, str_find(plain, '#'));
    if (!found ||
        iam_provider_url(c->arena, arena_join(c->arena, STR("https://"), plain), &kept) != NULL ||
        !kept.n || kept.p[0] == '/')
        return url_refused(c, FAULT_VALUE_INVALID, STR("Invalid Open ID Connect Provider URL"),
                           url);
    *https = str_eq_nocase(scheme, STR("https"));
    *out = kept;
    return OK;
}

static struct outcome url_judge(struct call *c, struct str url, bool https)
{
    if (!https)
        return url_refused(
            c, FAULT_INPUT_INVALID,
            STR("Invalid Open ID Connect Provider URL. The URL must begin with https://."), url);
    if (str_contains(url, STR("?")) || str_contains(url, STR("#")))
        return url_refused(c, FAULT_INPUT_INVALID, STR("Unknown"), url); /* observed */
    return OK;
}

struct outcome oidc_provider_thumbprints(struct call *c, const struct param_list *given,
                                         struct provider *into)
{
    if (given->n > OIDC_PROVIDER_THUMBPRINTS_MAX) {
        /* Five are allowed all the same (observed). */
        c->why->arg[0] = STR("Thumbprint list must contain fewer than 5 entries.");
        FAIL(c->why, INPUT_INVALID, "%zu thumbprints, and %d are the most", given->n,
             OIDC_PROVIDER_THUMBPRINTS_MAX);
    }
    into->thumbprints = arena_array(c->arena, struct str, given->n);
    into->n_thumbprints = given->n;
    for (size_t i = 0; i < given->n; i++)
        into->thumbprints[i] = ascii_lower(c->arena, given->items[i]);
    return OK;
}

/* Each once, in the order of their first mention (observed). */
static void client_ids(struct call *c, const struct param_list *given, struct provider *into)
{
    struct map seen = map_new(c->arena);
    into->client_ids = arena_array(c->arena, struct str, given->n);
    for (size_t i = 0; i < given->n; i++) {
        if (map_get(&seen, given->items[i]))
            continue;
        map_put(&seen, given->items[i], given->items);
        into->client_ids[into->n_client_ids++] = given->items[i];
    }
}

/* With tags, TagOpenIDConnectProvider has to be allowed as well. */
static struct outcome authorize_create(struct call *c, struct str arn,
                                       const struct param_structs *tags)
{
    struct oidc_provider_ask ask = { arn, "iam:CreateOpenIDConnectProvider", tags, NULL };
    TRY(authorize_on(c, &ask, NULL));
    ask.action = "iam:TagOpenIDConnectProvider";
    return tags->n ? authorize_on(c, &ask, NULL) : OK;
}

static struct outcome room_for(struct call *c, const struct provider *p)
{
    struct iam_list all = iam_list(c->world->iam, c->arena, IAM_PROVIDER, p->account);
    TRY(iam_quota(c, "ClientIdsPerOpenIdConnectProvider", p->n_client_ids,
                  OIDC_PROVIDER_CLIENT_IDS_MAX));
    if (iam_provider_of_arn(c->world->iam, p->arn)) {
        c->why->arg[0] = arena_printf(c->arena, "Provider with url https://%.*s already exists.",
                                      STR_ARG(p->url));
        FAIL(c->why, ENTITY_EXISTS, "the account has a provider https://%.*s", STR_ARG(p->url));
    }
    return iam_quota(c, "OpenIdConnectProvidersPerAccount", all.n + 1, PROVIDERS_MAX);
}

/* Create echoes tags in the order of the request (observed). */
static struct str write_created(struct call *c, const struct provider *p)
{
    struct reply r;
    reply_open(&r, c, "CreateOpenIDConnectProvider", true);
    xml_leaf(&r.xml, "OpenIDConnectProviderArn", p->arn);
    if (p->n_tags)
        iam_reply_tags(&r.xml, p->tags, p->n_tags);
    return reply_close(&r, true);
}

static struct outcome create(struct call *c, struct str *document)
{
    struct create_params p;
    struct provider made = { .account = c->caller.account, .origin = KEYS_LOCAL };
    bool https = false;
    TRY(param_read(c, create_rows, &p));
    TRY(url_read(c, p.url, &made.url, &https));
    made.arn = arn_of_provider(c->arena, made.account, made.url);
    TRY(authorize_create(c, made.arn, &p.tags));
    TRY(url_judge(c, p.url, https));
    TRY(oidc_provider_thumbprints(c, &p.thumbprints, &made));
    client_ids(c, &p.client_ids, &made);
    TRY(iam_tags_check(c, p.tags.items, p.tags.n, false));
    TRY(room_for(c, &made));
    made.tags = p.tags.items;
    made.n_tags = p.tags.n;
    made.created_ms = clock_now_ms(c->service->clock);
    iam_put_provider(c->changes, &made);
    *document = write_created(c, &made);
    return OK;
}

/* ---- looking ---- */

struct arn_params {
    struct str arn;
};

static const struct param arn_rows[] = {
    IAM_PROVIDER_ARN(REQUIRED, struct arn_params, arn),
    PARAM_END,
};

static struct outcome get(struct call *c, struct str *document)
{
    struct arn_params p;
    const struct provider *found = NULL;
    struct reply r;
    TRY(param_read(c, arn_rows, &p));
    struct oidc_provider_ask ask = { .arn = p.arn, .action = "iam:GetOpenIDConnectProvider" };
    TRY(oidc_provider_find(c, &ask, &found));
    reply_open(&r, c, "GetOpenIDConnectProvider", true);
    xml_leaf(&r.xml, "Url", found->url);
    members_texts(&r.xml, "ClientIDList", found->client_ids, found->n_client_ids);
    members_texts(&r.xml, "ThumbprintList", found->thumbprints, found->n_thumbprints);
    iam_reply_time_ms(c, &r.xml, "CreateDate", found->created_ms);
    iam_reply_tags(&r.xml, tagging_sorted(c->arena, found->tags, found->n_tags), found->n_tags);
    *document = reply_close(&r, true);
    return OK;
}

/* No pages: an account has 100 at most. */
static struct outcome list(struct call *c, struct str *document)
{
    struct authorize_ask ask = { .action = STR("iam:ListOpenIDConnectProviders"),
                                 .resource =
                                     arn_of_provider(c->arena, c->caller.account, STR("*")) };
    struct reply r;
    TRY(authorize(c, &ask));
    struct iam_list all = iam_list(c->world->iam, c->arena, IAM_PROVIDER, c->caller.account);
    reply_open(&r, c, "ListOpenIDConnectProviders", true);
    members_open(&r.xml, "OpenIDConnectProviderList", all.n);
    for (size_t i = 0; i < all.n; i++) {
        xml_open(&r.xml, "member", NULL);
        xml_leaf(&r.xml, "Arn", iam_object_provider(all.items[i])->arn);
        xml_close(&r.xml, "member");
    }
    members_close(&r.xml, "OpenIDConnectProviderList", all.n);
    *document = reply_close(&r, true);
    return OK;
}

static struct outcome delete (struct call *c, struct str *document)
{
    struct arn_params p;
    const struct provider *found = NULL;
    TRY(param_read(c, arn_rows, &p));
    struct oidc_provider_ask ask = { .arn = p.arn, .action = "iam:DeleteOpenIDConnectProvider" };
    TRY(oidc_provider_find(c, &ask, &found));
    iam_remove(c->changes, IAM_PROVIDER, found->account, found->url);
    *document = iam_reply_empty(c, "DeleteOpenIDConnectProvider");
    return OK;
}

const struct action action_oidc_provider[] = {
    { "CreateOpenIDConnectProvider", SERVICE_IAM, true, true, create },
    { "GetOpenIDConnectProvider", SERVICE_IAM, true, false, get },
    { "ListOpenIDConnectProviders", SERVICE_IAM, true, false, list },
    { "DeleteOpenIDConnectProvider", SERVICE_IAM, true, true, delete },
    { .name = NULL },
};
