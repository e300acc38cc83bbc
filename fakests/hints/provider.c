#include "fakests/hints/families.h"

#include "base/nearest.h"
#include "fakests/hints/edit.h"
#include "fakests/hints/quote.h"
#include "fakests/iam/arn.h"

/*
 * The issuer is not registered in the role's account.  AWS compares the whole URL, character by
 * character, and cannot change a provider's URL: so the edit is always another provider.
 */

enum slip { SLIP_SLASH, SLIP_CASE, SLIP_PORT, SLIP_SPELLING, SLIP_NONE };

static struct str account_of(const struct hint_case *c)
{
    struct arn arn;
    return arn_is_role(c->ask->role_arn, &arn) ? arn.account : STR("");
}

static struct str without_slash(struct str url)
{
    while (str_ends(url, STR("/")))
        url.n--;
    return url;
}

/* "host:8443/path" → "host/path". */
static struct str without_port(struct arena *a, struct str url)
{
    struct str host = str_sub(url, 0, str_find(url, '/'));
    struct str name = str_sub(host, 0, str_find(host, ':'));
    return arena_printf(a, "%.*s%.*s", STR_ARG(name), STR_ARG(str_sub(url, host.n, url.n)));
}

static enum slip slip_between(struct arena *a, struct str url, struct str issuer)
{
    if (str_eq(without_slash(url), without_slash(issuer)))
        return SLIP_SLASH;
    if (str_eq_nocase(url, issuer))
        return SLIP_CASE;
    if (str_eq(without_port(a, url), without_port(a, issuer)))
        return SLIP_PORT;
    return nearest_of(issuer, &url, 1).n ? SLIP_SPELLING : SLIP_NONE;
}

static struct str issuer_url(const struct hint_case *c)
{
    struct str iss = c->who->issuer;
    return str_starts(iss, STR("https://")) ? str_sub(iss, 8, iss.n) : iss;
}

/* The registered provider that differs least, and by what. */
static const struct provider *nearest_provider(const struct hint_case *c, enum slip *slip)
{
    struct iam_list providers = iam_list(c->iam, c->arena, IAM_PROVIDER, account_of(c));
    const struct provider *best = NULL;
    struct str url = issuer_url(c);
    *slip = SLIP_NONE;
    for (size_t i = 0; i < providers.n; i++) {
        const struct provider *p = iam_object_provider(providers.items[i]);
        enum slip s = slip_between(c->arena, p->url, url);
        bool closer =
            s < *slip || (best && s == SLIP_SPELLING && s == *slip &&
                          nearest_distance(url, p->url) < nearest_distance(url, best->url));
        if (!closer)
            continue;
        best = p;
        *slip = s;
    }
    return best;
}

/* The near one's client ids, and the token's audience. */
static json_t *client_ids(const struct hint_case *c, const struct provider *near)
{
    json_t *list = json_array();
    bool known = false;
    for (size_t i = 0; near && i < near->n_client_ids; i++) {
        known |= str_eq(near->client_ids[i], c->who->audience);
        json_array_append_new(list, json_of(near->client_ids[i]));
    }
    if (!known)
        json_array_append_new(list, json_of(c->who->audience));
    return list;
}

static struct hint_edit registered(const struct hint_case *c, const struct provider *near)
{
    return edit_new_provider(c, account_of(c), c->who->issuer, client_ids(c, near));
}

static const struct provider *slipped(const struct hint_case *c, enum slip wanted)
{
    enum slip slip;
    if (c->fault != FAULT_ISSUER_UNREGISTERED)
        return NULL;
    const struct provider *p = nearest_provider(c, &slip);
    return slip == wanted ? p : NULL;
}

static bool by_slip(const struct hint_case *c, enum slip slip, const char *what, struct hint *out)
{
    const struct provider *p = slipped(c, slip);
    if (!p)
        return false;
    out->text = arena_printf(
        c->arena,
        "the registered provider https://%.*s differs from the token's iss \"%.*s\" only by %s, "
        "and AWS compares exactly: create a provider with the URL of the token",
        QUOTE(p->url), QUOTE(c->who->issuer), what);
    out->edit = registered(c, p);
    return true;
}

bool provider_slash(const struct hint_case *c, struct hint *out)
{
    return by_slip(c, SLIP_SLASH, "the slash at its end", out);
}

bool provider_case(const struct hint_case *c, struct hint *out)
{
    return by_slip(c, SLIP_CASE, "upper and lower case", out);
}

/* IAM drops ":443" from the URL it is given (aws.md section 3), so that iss can never match. */
bool provider_port(const struct hint_case *c, struct hint *out)
{
    if (!by_slip(c, SLIP_PORT, "its port", out))
        return false;
    struct str host = str_sub(issuer_url(c), 0, str_find(issuer_url(c), '/'));
    if (!str_ends(host, STR(":443")))
        return true;
    out->edit = (struct hint_edit){ .target = NULL };
    out->text = arena_printf(c->arena,
                             "the token's iss \"%.*s\" spells out port 443, which IAM drops from "
                             "every provider's URL: the issuer has to leave it out of iss",
                             QUOTE(c->who->issuer));
    return true;
}

bool provider_misspelt(const struct hint_case *c, struct hint *out)
{
    const struct provider *p = slipped(c, SLIP_SPELLING);
    if (!p)
        return false;
    out->text = arena_printf(c->arena,
                             "no provider is registered for the token's iss \"%.*s\"; the nearest "
                             "is https://%.*s: create one with the URL of the token",
                             QUOTE(c->who->issuer), QUOTE(p->url));
    out->edit = registered(c, p);
    return true;
}

/* The other account's provider, when the role's account has none. */
static const struct provider *elsewhere(const struct hint_case *c)
{
    struct iam_list accounts = iam_list(c->iam, c->arena, IAM_ACCOUNT, STR(""));
    for (size_t i = 0; i < accounts.n; i++) {
        struct str id = iam_object_account(accounts.items[i]);
        const struct provider *p = iam_provider(c->iam, id, c->who->issuer);
        if (p && !str_eq(id, account_of(c)))
            return p;
    }
    return NULL;
}

bool provider_in_other_account(const struct hint_case *c, struct hint *out)
{
    if (c->fault != FAULT_ISSUER_UNREGISTERED)
        return false;
    const struct provider *p = elsewhere(c);
    if (!p)
        return false;
    out->text = arena_printf(
        c->arena,
        "the issuer is registered in account %.*s, but the role is in %.*s, and AWS looks for the "
        "provider in the account of the role: register it there too",
        STR_ARG(p->account), STR_ARG(account_of(c)));
    out->edit = registered(c, p);
    return true;
}

bool provider_missing(const struct hint_case *c, struct hint *out)
{
    enum slip slip;
    if (c->fault != FAULT_ISSUER_UNREGISTERED || elsewhere(c) || nearest_provider(c, &slip))
        return false;
    if (!str_starts(c->who->issuer, STR("https://"))) {
        out->text = arena_printf(c->arena,
                                 "the token's iss \"%.*s\" does not begin with https://, as the "
                                 "URL of every provider does: this token is not for AWS",
                                 QUOTE(c->who->issuer));
        return true;
    }
    out->text =
        arena_printf(c->arena,
                     "account %.*s has no OIDC provider for the token's iss \"%.*s\": "
                     "create one, with the audience \"%.*s\"",
                     STR_ARG(account_of(c)), QUOTE(c->who->issuer), QUOTE(c->who->audience));
    out->edit = registered(c, NULL);
    return true;
}
