#include "fakests/action.h"
#include "fakests/actions/members.h"
#include "fakests/authorize.h"
#include "fakests/iam_reply.h"
#include "fakests/param_iam.h"

#include "base/entropy.h"

/* What belongs to an account as a whole: its alias, and whether it vouches for its own principals
 * to others (outbound web identity federation). */

static struct outcome allowed(struct call *c)
{
    struct authorize_ask ask = { .action = arena_join(c->arena, STR("iam:"), c->action),
                                 .resource = STR("*") };
    return authorize(c, &ask);
}

/* A copy to be changed; an account of which nothing was said yet has only its number. */
static struct account own(const struct call *c)
{
    const struct account *known = iam_account(c->world->iam, c->caller.account);
    return known ? *known : (struct account){ .id = c->caller.account };
}

/* ---- the alias ---- */

struct alias_params {
    struct str alias;
};

static const struct param alias_rows[] = {
    IAM_TEXT("AccountAlias", 3, 63, &param_pattern_account_alias, REQUIRED, struct alias_params,
             alias),
    PARAM_END,
};

/* By whichever account: aliases are unique among all. */
static bool alias_taken(struct call *c, struct str alias)
{
    struct iam_list all = iam_list(c->world->iam, c->arena, IAM_ACCOUNT, STR(""));
    for (size_t i = 0; i < all.n; i++) {
        const struct account *a = iam_account(c->world->iam, iam_object_account(all.items[i]));
        if (a && str_eq(a->alias, alias))
            return true;
    }
    return false;
}

/* An account has one alias: another takes its place, without a word (observed). */
static struct outcome create_alias(struct call *c, struct str *document)
{
    struct alias_params p;
    TRY(param_read(c, alias_rows, &p));
    TRY(allowed(c));
    if (alias_taken(c, p.alias)) {
        c->why->arg[0] =
            arena_printf(c->arena, "The account alias %.*s already exists.", STR_ARG(p.alias));
        FAIL(c->why, ENTITY_EXISTS, "an account has the alias %.*s", STR_ARG(p.alias));
    }
    struct account changed = own(c);
    changed.alias = p.alias;
    iam_put_account(c->changes, &changed);
    *document = iam_reply_empty(c, "CreateAccountAlias");
    return OK;
}

static struct outcome delete_alias(struct call *c, struct str *document)
{
    struct alias_params p;
    TRY(param_read(c, alias_rows, &p));
    TRY(allowed(c));
    struct account changed = own(c);
    if (!str_eq(changed.alias, p.alias)) {
        /* inferred */
        c->why->arg[0] =
            arena_printf(c->arena, "The account alias %.*s cannot be found.", STR_ARG(p.alias));
        FAIL(c->why, ENTITY_UNKNOWN, "account %.*s has no alias %.*s", STR_ARG(changed.id),
             STR_ARG(p.alias));
    }
    changed.alias = STR("");
    iam_put_account(c->changes, &changed);
    *document = iam_reply_empty(c, "DeleteAccountAlias");
    return OK;
}

static const struct param page_rows[] = {
    IAM_MARKER(struct page_ask, marker),
    IAM_MAX_ITEMS(struct page_ask, max_items),
    PARAM_END,
};

static struct outcome list_aliases(struct call *c, struct str *document)
{
    struct page_ask p;
    struct page page;
    struct reply r;
    TRY(param_read(c, page_rows, &p));
    TRY(allowed(c));
    struct account account = own(c);
    TRY(page_find(c, &p, &account.alias, account.alias.n ? 1 : 0, &page));
    reply_open(&r, c, "ListAccountAliases", true);
    members_texts(&r.xml, "AccountAliases", &account.alias + page.first, page.end - page.first);
    page_write(&r.xml, &page);
    *document = reply_close(&r, true);
    return OK;
}

/* ---- outbound web identity federation ---- */

/* The sentences of the service model's errors; AWS's own are not known. */
static struct outcome disabled(struct call *c)
{
    c->why->arg[0] = STR("The request failed because outbound identity federation is not enabled "
                         "for your Amazon Web Services account.");
    FAIL(c->why, FEATURE_DISABLED, "outbound web identity federation is off in account %.*s",
         STR_ARG(c->caller.account));
}

static struct outcome enable(struct call *c, struct str *document)
{
    char uuid[UUID_TEXT_BYTES];
    struct reply r;
    TRY(allowed(c));
    struct account changed = own(c);
    if (changed.outbound_enabled) {
        c->why->arg[0] = STR("The request failed because outbound identity federation is already "
                             "enabled for your Amazon Web Services account.");
        FAIL(c->why, FEATURE_ENABLED, "outbound web identity federation is on in account %.*s",
             STR_ARG(changed.id));
    }
    changed.outbound_enabled = true;
    if (!changed.outbound_issuer.n) /* an account keeps the first one for good */
        changed.outbound_issuer = arena_printf(c->arena, "https://%s.tokens.sts.global.api.aws",
                                               entropy_uuid(c->service->entropy, uuid));
    iam_put_account(c->changes, &changed);
    reply_open(&r, c, "EnableOutboundWebIdentityFederation", true);
    xml_leaf(&r.xml, "IssuerIdentifier", changed.outbound_issuer);
    *document = reply_close(&r, true);
    return OK;
}

static struct outcome disable(struct call *c, struct str *document)
{
    TRY(allowed(c));
    struct account changed = own(c);
    if (!changed.outbound_enabled)
        return disabled(c);
    changed.outbound_enabled = false;
    iam_put_account(c->changes, &changed);
    *document = iam_reply_empty(c, "DisableOutboundWebIdentityFederation");
    return OK;
}

static struct outcome info(struct call *c, struct str *document)
{
    struct reply r;
    TRY(allowed(c));
    struct account account = own(c);
    if (!account.outbound_enabled)
        return disabled(c);
    reply_open(&r, c, "GetOutboundWebIdentityFederationInfo", true);
    xml_leaf(&r.xml, "IssuerIdentifier", account.outbound_issuer);
    xml_leaf(&r.xml, "JwtVendingEnabled", STR("true"));
    *document = reply_close(&r, true);
    return OK;
}

const struct action action_account[] = {
    { "CreateAccountAlias", SERVICE_IAM, true, true, create_alias },
    { "DeleteAccountAlias", SERVICE_IAM, true, true, delete_alias },
    { "ListAccountAliases", SERVICE_IAM, true, false, list_aliases },
    { "EnableOutboundWebIdentityFederation", SERVICE_IAM, true, true, enable },
    { "DisableOutboundWebIdentityFederation", SERVICE_IAM, true, true, disable },
    { "GetOutboundWebIdentityFederationInfo", SERVICE_IAM, true, false, info },
    { .name = NULL },
};
