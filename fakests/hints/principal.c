#include "fakests/hints/principal.h"

#include "base/nearest.h"
#include "fakests/hints/edit.h"
#include "fakests/hints/families.h"
#include "fakests/hints/quote.h"
#include "fakests/iam/arn.h"

/* A Principal that is meant to be the provider and is not. */

/* In the order in which one of several is taken for the one that was meant. */
enum slip {
    SLIP_SLASH,
    SLIP_CASE,
    SLIP_SCHEME,
    SLIP_ACCOUNT,
    SLIP_PATH,
    SLIP_SPELLING,
    SLIP_ANYONE,
    SLIP_AWS,
    SLIP_OTHER,
};

struct found {
    enum slip slip;
    struct str value; /* as the policy has it */
    struct str at;    /* its JSON Pointer */
};

/* ---- one value beside the provider's ARN ---- */

static struct str without_slash(struct str url)
{
    while (str_ends(url, STR("/")))
        url.n--;
    return url;
}

/* The URL in the ARN of an OIDC provider; empty when it is none. */
static struct str url_of(struct str value, struct str *account)
{
    static const struct str kind = STR_INIT("oidc-provider/");
    struct arn arn;
    if (!arn_read(value, &arn) || !str_starts(arn.resource, kind))
        return STR("");
    *account = arn.account;
    return str_sub(arn.resource, kind.n, arn.resource.n);
}

static bool is_above(struct str url, struct str provider)
{
    return provider.n > url.n && str_starts(provider, url) && provider.p[url.n] == '/';
}

static enum slip federated_slip(const struct hint_case *c, struct str value)
{
    const struct provider *p = c->who->provider;
    struct str account = STR(""), url = url_of(value, &account);
    if (!url.n)
        return SLIP_OTHER;
    if (str_starts(url, STR("https://")))
        return SLIP_SCHEME;
    if (str_eq(without_slash(url), without_slash(p->url)))
        return str_eq(url, p->url) ? SLIP_ACCOUNT : SLIP_SLASH;
    if (str_eq_nocase(url, p->url))
        return SLIP_CASE;
    if (is_above(url, p->url) || is_above(p->url, url))
        return SLIP_PATH;
    return nearest_of(url, &p->url, 1).n ? SLIP_SPELLING : SLIP_OTHER;
}

/*
 * Callers with AWS credentials cannot call this action: in a statement about it, such a principal
 * is always a slip.
 */
static enum slip aws_slip(const struct statement *s, struct str value)
{
    bool meant = s->trace->action;
    for (size_t i = 0; i < s->n_clauses; i++)
        meant |= s->clauses[i].own;
    if (!meant)
        return SLIP_OTHER;
    return str_eq(value, STR("*")) ? SLIP_ANYONE : SLIP_AWS;
}

/* ---- all values of the element ---- */

struct search {
    const struct hint_case *c;
    const struct statement *s;
    struct found best;
};

static void look(struct search *f, bool federated, struct str value, struct str at)
{
    enum slip slip = federated ? federated_slip(f->c, value) : aws_slip(f->s, value);
    if (slip < f->best.slip)
        f->best = (struct found){ slip, value, at };
}

static void look_at_type(struct search *f, const char *type, json_t *values, struct str at)
{
    struct arena *a = f->c->arena;
    bool federated = strcmp(type, "Federated") == 0;
    struct str here = federated ? edit_member(a, at, str_of(type)) : at;
    if (!federated && strcmp(type, "AWS") != 0)
        return;
    if (json_is_string(values))
        look(f, federated, json_str(values), here);
    for (size_t i = 0; i < json_array_size(values); i++)
        look(f, federated, json_str(json_array_get(values, i)),
             federated ? edit_item(a, here, i) : here);
}

static struct found find(const struct hint_case *c, const struct statement *s)
{
    struct search f = { c, s, { .slip = SLIP_OTHER } };
    struct str at = edit_member(c->arena, s->at, STR("Principal"));
    json_t *element = json_object_get(s->document, "Principal"), *values;
    const char *type;
    if (json_is_string(element))
        look(&f, false, json_str(element), at);
    json_object_foreach(element, type, values)
    {
        look_at_type(&f, type, values, at);
    }
    return f.best;
}

bool principal_is_near(const struct hint_case *c, const struct statement *s)
{
    return find(c, s).slip != SLIP_OTHER;
}

/* ---- the rules ---- */

static bool slipped(const struct hint_case *c, const struct statement *s, enum slip slip,
                    struct found *out)
{
    if (!s->trace->allow || s->trace->principal)
        return false;
    *out = find(c, s);
    return out->slip == slip;
}

static struct hint_edit federated(const struct hint_case *c, const struct found *f)
{
    json_t *arn = json_of(c->who->provider->arn);
    if (f->slip == SLIP_ANYONE || f->slip == SLIP_AWS)
        arn = json_pack("{s:o}", "Federated", arn);
    return edit_policy(c, "replace", f->at, arn);
}

static bool by_slip(const struct hint_case *c, const struct statement *s, enum slip slip,
                    const char *what, struct hint *out)
{
    struct found f;
    if (!slipped(c, s, slip, &f))
        return false;
    out->text = arena_printf(c->arena,
                             "statement %zu trusts \"%.*s\", %s: write the ARN of the token's "
                             "provider, %.*s",
                             s->trace->index, QUOTE(f.value), what, QUOTE(c->who->provider->arn));
    out->edit = federated(c, &f);
    return true;
}

bool principal_slash(const struct hint_case *c, const struct statement *s, struct hint *out)
{
    return by_slip(c, s, SLIP_SLASH, "which differs from the provider by the slash at its end",
                   out);
}

bool principal_case(const struct hint_case *c, const struct statement *s, struct hint *out)
{
    return by_slip(c, s, SLIP_CASE, "which differs from the provider by upper and lower case", out);
}

bool principal_scheme(const struct hint_case *c, const struct statement *s, struct hint *out)
{
    return by_slip(c, s, SLIP_SCHEME, "but a provider's ARN holds its URL without https://", out);
}

bool principal_other_account(const struct hint_case *c, const struct statement *s, struct hint *out)
{
    return by_slip(c, s, SLIP_ACCOUNT,
                   "but AWS only looks at the provider in the role's own account", out);
}

bool principal_path(const struct hint_case *c, const struct statement *s, struct hint *out)
{
    return by_slip(c, s, SLIP_PATH, "but the path of the issuer's URL belongs to the ARN", out);
}

bool principal_misspelt(const struct hint_case *c, const struct statement *s, struct hint *out)
{
    return by_slip(c, s, SLIP_SPELLING, "which is nearly the provider, but another", out);
}

bool principal_anyone(const struct hint_case *c, const struct statement *s, struct hint *out)
{
    struct found f;
    if (!slipped(c, s, SLIP_ANYONE, &f))
        return false;
    out->text = arena_printf(
        c->arena,
        "the principal \"*\" of statement %zu means callers with AWS credentials and lets no web "
        "identity in: write {\"Federated\": \"%.*s\"}",
        s->trace->index, QUOTE(c->who->provider->arn));
    out->edit = federated(c, &f);
    return true;
}

bool principal_aws(const struct hint_case *c, const struct statement *s, struct hint *out)
{
    struct found f;
    if (!slipped(c, s, SLIP_AWS, &f))
        return false;
    out->text = arena_printf(
        c->arena,
        "statement %zu trusts the AWS principal \"%.*s\", but a web identity comes from its "
        "provider, whatever role it is to take: write {\"Federated\": \"%.*s\"}",
        s->trace->index, QUOTE(f.value), QUOTE(c->who->provider->arn));
    out->edit = federated(c, &f);
    return true;
}
