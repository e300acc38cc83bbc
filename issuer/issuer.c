#include "issuer/issuer.h"

#include "issuer/token.h"
#include "jose/jwk.h"

static const struct str SCHEME = STR_INIT("https://");
static const struct str DISCOVERY = STR_INIT("/.well-known/openid-configuration");

/* An issuer and how its platform serves it. */
struct served {
    struct str url;
    const struct profile_variant *variant; /* NULL only where there is no generic profile */
    struct str jwks_path;
};

/* ---- which issuer a path is for ---- */

static struct served describe(const struct issuer_documents *d, struct str url)
{
    const struct profile_variant *v = profiles_for_issuer(d->profiles, url);
    if (!v)
        v = profiles_generic(d->profiles);
    return (struct served){ url, v, v ? v->jwks_path : STR("/.well-known/jwks.json") };
}

/*
 * The issuer whose documents lie below `prefix`.  "any terminating / MUST be removed before
 * appending
 * /.well-known" (OpenID Connect Discovery 1.0 section 4.1), so an issuer may have one more than
 * that.
 */
static bool find_issuer(const struct issuer_documents *d, struct arena *a, struct str prefix,
                        struct served *out)
{
    static const char *const ends[] = { "", "/" };
    if (!prefix.n || str_ends(prefix, STR("/")))
        return false;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct str url = arena_printf(a, "https://%.*s%s", STR_ARG(prefix), ends[i]);
        if (!d->is_ours(d->context, url))
            continue;
        *out = describe(d, url);
        return true;
    }
    return false;
}

static bool find_below(const struct issuer_documents *d, struct arena *a, struct str path,
                       struct str end, struct served *out)
{
    return str_ends(path, end) && find_issuer(d, a, str_sub(path, 0, path.n - end.n), out);
}

/* Every platform has a JWKS path of its own: the issuer found must be one that has this. */
static bool find_jwks(const struct issuer_documents *d, struct arena *a, struct str path,
                      struct served *out)
{
    for (size_t i = 0; i < d->profiles->n; i++) {
        const struct profile *p = &d->profiles->all[i];
        for (size_t j = 0; j < p->n_variants; j++)
            if (find_below(d, a, path, p->variants[j].jwks_path, out) &&
                str_eq(out->jwks_path, p->variants[j].jwks_path))
                return true;
    }
    return false;
}

/* ---- the documents ---- */

static const struct alg *alg_of(const struct issuer_documents *d, const struct served *s)
{
    const struct alg *alg = d->alg_for ? d->alg_for(d->context, s->url) : NULL;
    return alg ? alg : s->variant ? s->variant->alg : alg_at(0);
}

static struct str without_slash(struct str url)
{
    return str_ends(url, STR("/")) ? str_sub(url, 0, url.n - 1) : url;
}

/* Where the keys can be had: by the platform's own URL if this request came for that host. */
static struct str jwks_uri(const struct issuer_documents *d, struct arena *a,
                           const struct served *s, bool by_host)
{
    struct str url = without_slash(s->url), path = str_sub(url, SCHEME.n, url.n);
    if (by_host)
        return arena_printf(a, "%.*s%.*s", STR_ARG(url), STR_ARG(s->jwks_path));
    return arena_printf(a, "%.*s/issuers/%.*s%.*s", STR_ARG(d->base_url), STR_ARG(path),
                        STR_ARG(s->jwks_path));
}

static json_t *discovery(const struct issuer_documents *d, struct arena *a, const struct served *s,
                         bool by_host)
{
    struct why why = why_new(a);
    struct claims_values values = { .arena = a, .alg = alg_of(d, s)->name };
    struct str local = d->iss_for ? d->iss_for(d->context, a, s->url) : STR("");
    json_t *doc = json_keep(a, json_object()), *more = NULL;
    json_object_set_new(doc, "issuer", json_of(local.n ? local : s->url));
    json_object_set_new(doc, "jwks_uri", json_of(jwks_uri(d, a, s, by_host)));
    if (s->variant && s->variant->compiled.discovery &&
        !failed(claims_expand(s->variant->compiled.discovery, &values, &why, &more)))
        json_object_update_missing(doc, json_keep(a, more));
    return doc;
}

json_t *issuer_jwks(struct arena *a, const struct keystore_view *view,
                    const struct keyring_spec *spec)
{
    const struct keyring *ring = keystore_view_ring(view, spec->name);
    size_t n = 0;
    struct jwk_publish *keys = arena_array(a, struct jwk_publish, (ring ? ring->n : 0) + 1);
    for (size_t i = 0; ring && i < ring->n; i++) {
        const struct keyring_key *k = &ring->keys[i];
        if (keyring_state_publishes(k->state))
            keys[n++] = (struct jwk_publish){ k->kid, k->alg->name, k->key, k->x5c_der };
    }
    return json_keep(a, jwks_write(a, keys, n));
}

/* ---- answers ---- */

static void answer(const struct http_request *request, struct http_response *response, int status,
                   json_t *body)
{
    response->status = status;
    response->content_type = STR("application/json");
    response->body = json_text_pretty(request->arena, body);
    /* Keys are rotated at will here, and a test must see it at once. */
    http_response_header(response, STR("Cache-Control"), STR("no-cache"));
}

static void answer_jwks(const struct issuer_documents *d, const struct served *s,
                        const struct http_request *request, struct http_response *response)
{
    struct arena *a = request->arena;
    struct keyring_spec spec = token_keyring(a, d->profiles, s->url, alg_of(d, s));
    struct keystore_view *view = d->view_for(d->context, &spec);
    if (!view) {
        answer(request, response, 503,
               json_keep(a, json_pack("{s:s}", "error", "the keys of this issuer cannot be had")));
        return;
    }
    answer(request, response, 200, issuer_jwks(a, view, &spec));
    keystore_view_drop(view);
}

bool issuer_answer(const struct issuer_documents *d, struct str authority_and_path, bool by_host,
                   const struct http_request *request, struct http_response *response)
{
    struct arena *a = request->arena;
    struct served s;
    if (!str_eq(request->method, STR("GET")) && !str_eq(request->method, STR("HEAD")))
        return false;
    bool is_discovery = find_below(d, a, authority_and_path, DISCOVERY, &s);
    if (!is_discovery && !find_jwks(d, a, authority_and_path, &s))
        return false;
    if (d->answer_outage && d->answer_outage(d->context, s.url, request, response))
        return true;
    if (is_discovery)
        answer(request, response, 200, discovery(d, a, &s, by_host));
    else
        answer_jwks(d, &s, request, response);
    return true;
}
