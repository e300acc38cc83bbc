#include "fakests/lint/registry.h"

#include "base/nearest.h"
#include "fakests/lint/platform.h"
#include "fakests/policy/match.h"

#include <inttypes.h>

/* AWS lets a role's credentials live up to twelve hours; jobs that take four are rare. */
enum { SESSION_S_LONG = 4 * 3600 };

/* ---- issuers ---- */

void registry_issuer_spelling(const struct review *r)
{
    for (size_t i = 0; i < r->now->n_issuers; i++) {
        struct str right = platform_right_spelling(r->now->issuers[i].url);
        if (right.n)
            review_say_element(
                r, "Principal",
                arena_printf(r->out->arena, "write .../oidc-provider/%.*s", STR_ARG(right)),
                "no token says it is of %.*s: the issuer is %.*s", STR_ARG(r->now->issuers[i].url),
                STR_ARG(right));
    }
}

void registry_provider_spelling(const struct review *r)
{
    struct json_at url;
    struct str right = platform_right_spelling(r->provider->url);
    if (right.n && json_at_member(r->provider_at, "url", &url))
        review_say(r, &url, arena_printf(r->out->arena, "write \"https://%.*s\"", STR_ARG(right)),
                   "no token says it is of https://%.*s: the issuer is https://%.*s",
                   STR_ARG(r->provider->url), STR_ARG(right));
}

void registry_no_client_ids(const struct review *r)
{
    if (!r->provider->n_client_ids)
        review_say(r, r->provider_at, STR(""),
                   "https://%.*s has no client id, so no audience of its tokens is accepted",
                   STR_ARG(r->provider->url));
}

static const struct provider *provider_of(const struct review *r,
                                          const struct review_issuer *issuer)
{
    if (!issuer->account.n || !str_eq(issuer->account, r->account->id))
        return NULL;
    return iam_provider(r->iam, r->account->id,
                        arena_join(r->out->arena, STR("https://"), issuer->url));
}

/* IAM's quota; of more, each compared with each, a config is not to cost minutes. */
enum { PROVIDERS_COMPARED_MAX = 100 };

static struct str nearest_provider(const struct review *r, struct str url)
{
    struct iam_list list = iam_list(r->iam, r->out->arena, IAM_PROVIDER, r->account->id);
    if (list.n > PROVIDERS_COMPARED_MAX)
        return STR("");
    struct str *urls = arena_array(r->out->arena, struct str, list.n);
    for (size_t i = 0; i < list.n; i++)
        urls[i] = iam_object_name(list.items[i]);
    struct str near = nearest_of(url, urls, list.n);
    if (!near.n)
        return STR("");
    return arena_printf(r->out->arena, "did you mean .../oidc-provider/%.*s?", STR_ARG(near));
}

void registry_unregistered(const struct review *r)
{
    if (!r->account || !r->now->s->allow)
        return;
    for (size_t i = 0; i < r->now->n_issuers; i++) {
        const struct review_issuer *issuer = &r->now->issuers[i];
        if (!issuer->account.n || provider_of(r, issuer))
            continue;
        if (str_eq(issuer->account, r->account->id))
            review_say_element(r, "Principal", nearest_provider(r, issuer->url),
                               "account %.*s has no provider https://%.*s", STR_ARG(r->account->id),
                               STR_ARG(issuer->url));
        else
            review_say_element(r, "Principal", STR(""),
                               "the provider is account %.*s's, and the role is account %.*s's: "
                               "a token is only looked up in the role's account",
                               STR_ARG(issuer->account), STR_ARG(r->account->id));
    }
}

/* ---- audiences ---- */

static bool accepts(const struct condition *k, size_t i, struct str client_id)
{
    if (k->op->wildcards)
        return match_like(k->wanted[i].text.text, client_id);
    if (str_eq(k->op->name, STR("StringEqualsIgnoreCase")))
        return str_eq_nocase(k->texts[i], client_id);
    return str_eq(k->texts[i], client_id);
}

static bool accepted(const struct condition *k, size_t i, const struct provider *p)
{
    for (size_t j = 0; j < p->n_client_ids; j++)
        if (accepts(k, i, p->client_ids[j]))
            return true;
    return false;
}

static struct str client_id_fix(const struct review *r, const struct condition *k, size_t i,
                                const struct provider *p)
{
    struct str near = nearest_of(k->texts[i], p->client_ids, p->n_client_ids);
    if (near.n)
        return arena_printf(r->out->arena, "did you mean \"%.*s\"?", STR_ARG(near));
    return STR("");
}

void registry_audience(const struct review *r, const struct condition *k)
{
    struct str name;
    const struct review_issuer *issuer = review_issuer_of(r, k, &name);
    if (!r->account || !r->now->lets_in || !issuer || !str_eq_nocase(name, STR("aud")) ||
        k->op->negated || !k->op->variables)
        return;
    const struct provider *p = provider_of(r, issuer);
    for (size_t i = 0; p && i < k->n_wanted; i++)
        if (!k->wanted[i].text.has_variables && !accepted(k, i, p))
            review_say_value(r, k, i, client_id_fix(r, k, i, p),
                             "\"%.*s\" is no client id of https://%.*s, so no token with that "
                             "audience comes as far as this policy",
                             STR_ARG(str_sub(k->texts[i], 0, 200)), STR_ARG(p->url));
}

/* ---- roles ---- */

static bool lets_in(const struct review *r)
{
    for (size_t i = 0; i < r->n_statements; i++)
        if (r->statements[i].lets_in)
            return true;
    return false;
}

void registry_session(const struct review *r)
{
    struct json_at at;
    if (!json_at_member(r->role, "max_session_duration", &at) || !lets_in(r) ||
        json_integer_value(at.value) <= SESSION_S_LONG)
        return;
    review_say(r, &at, STR(""),
               "credentials of a job may live for %" PRId64 " seconds, more than %d hours",
               (int64_t)json_integer_value(at.value), SESSION_S_LONG / 3600);
}
