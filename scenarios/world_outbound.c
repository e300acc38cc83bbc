#include "scenarios/world_outbound.h"

#include "jose/jws.h"

static const struct str DISCOVERY = STR_INIT("/.well-known/openid-configuration");
static const struct str JWKS = STR_INIT("/.well-known/jwks.json");
static const struct str SCHEME = STR_INIT("https://");

/* The algorithms of GetWebIdentityToken; the first is what any issuer's keyring begins with. */
static const struct str algorithms[] = { STR_INIT("RS256"), STR_INIT("ES384") };
enum { ALGORITHMS = sizeof algorithms / sizeof algorithms[0] };

/* ---- keys ---- */

static struct keyring_spec spec_of(struct arena *a, const struct snapshot *s, struct str issuer,
                                   struct str algorithm)
{
    return token_keyring(a, s->config->profiles, issuer, alg_find(algorithm));
}

/* A view in which the issuer has a key for each of its algorithms; to be dropped. */
static struct outcome view_of(struct world *w, struct arena *a, struct why *why,
                              const struct snapshot *s, struct str issuer,
                              struct keystore_view **out)
{
    for (size_t i = 0; i < ALGORITHMS; i++) {
        struct keyring_spec spec = spec_of(a, s, issuer, algorithms[i]);
        struct keystore_view *view;
        TRY(world_view(w, why, s, &spec, &view));
        keystore_view_drop(view);
    }
    *out = keystore_view(w->keystore);
    return OK;
}

/* ---- signing ---- */

static struct str header_of(struct arena *a, const struct keyring_key *key)
{
    json_t *header = json_keep(a, json_object());
    json_object_set_new(header, "alg", json_of(key->alg->name));
    json_object_set_new(header, "kid", json_of(key->kid));
    json_object_set_new(header, "typ", json_of(STR("JWT")));
    return json_text(a, header);
}

static struct outcome sign(void *context, void *owner, struct arena *a, struct why *why,
                           struct str issuer, struct str alg, struct str claims, struct str *token)
{
    struct world *w = context;
    const struct snapshot *s = owner;
    struct keyring_spec spec = spec_of(a, s, issuer, alg);
    struct keystore_view *view;
    TRY(view_of(w, a, why, s, issuer, &view));
    const struct keyring_key *key = keyring_signer(keystore_view_ring(view, spec.name), spec.alg);
    if (key)
        *token = jws_sign(a, header_of(a, key), claims, key->alg, key->key);
    keystore_view_drop(view);
    if (!key)
        FAIL(why, INTERNAL, "the keyring \"%.*s\" has no key that signs with %.*s",
             STR_ARG(spec.name), STR_ARG(alg));
    return OK;
}

struct outbound_signer world_outbound_signer(struct world *w)
{
    return (struct outbound_signer){ sign, w };
}

static bool is_outbound(const struct snapshot *s, struct arena *a, struct str issuer)
{
    struct iam_list accounts = iam_list(s->iam, a, IAM_ACCOUNT, STR(""));
    for (size_t i = 0; i < accounts.n; i++) {
        const struct account *account = iam_account(s->iam, iam_object_account(accounts.items[i]));
        if (account && account->outbound_issuer.n && str_eq(account->outbound_issuer, issuer))
            return true;
    }
    return false;
}

struct outcome world_outbound_rotate(struct world *w, struct why *why, const struct snapshot *s,
                                     struct str issuer, bool late)
{
    struct keyring_spec other = spec_of(why->arena, s, issuer, algorithms[1]);
    if (!is_outbound(s, why->arena, issuer))
        return OK;
    return late ? keystore_rotate_late(w->keystore, why, &other)
                : keystore_rotate(w->keystore, why, &other);
}

/* ---- publishing ---- */

static json_t *texts(const struct str *items, size_t n)
{
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(all, json_of(items[i]));
    return all;
}

/* The members are those of a real issuer's document, and no others. */
static json_t *discovery(struct world *w, const struct snapshot *s, struct arena *a,
                         struct str issuer, bool by_host)
{
    static const struct str claims[] = { STR_INIT("sub"),
                                         STR_INIT("iss"),
                                         STR_INIT("aud"),
                                         STR_INIT("exp"),
                                         STR_INIT("iat"),
                                         STR_INIT("jti"),
                                         STR_INIT("https://sts.amazonaws.com/") };
    static const struct str subjects[] = { STR_INIT("public") };
    struct str local = world_local_iss(w, s, a, issuer);
    struct str keys =
        by_host ? issuer : arena_join(a, w->local_prefix, str_sub(issuer, SCHEME.n, issuer.n));
    json_t *o = json_keep(a, json_object());
    json_object_set_new(o, "claims_supported", texts(claims, sizeof claims / sizeof claims[0]));
    json_object_set_new(o, "id_token_signing_alg_values_supported", texts(algorithms, ALGORITHMS));
    json_object_set_new(o, "issuer", json_of(local.n ? local : issuer));
    json_object_set_new(o, "jwks_uri", json_of(arena_join(a, keys, JWKS)));
    json_object_set_new(o, "subject_types_supported", texts(subjects, 1));
    return o;
}

static void answer(const struct http_request *request, struct http_response *response, int status,
                   json_t *body)
{
    response->status = status;
    response->content_type = STR("application/json");
    response->body = json_text_pretty(request->arena, body);
    http_response_header(response, STR("Cache-Control"), STR("no-cache"));
}

/* Another process that shares the keys may have made or rotated some. */
static void answer_jwks(struct world *w, const struct snapshot *s, struct str issuer,
                        const struct http_request *request, struct http_response *response)
{
    struct arena *a = request->arena;
    struct why why = why_new(a);
    struct keyring_spec spec = spec_of(a, s, issuer, algorithms[0]);
    struct keystore_view *view;
    (void)keystore_refresh(w->keystore, spec.name, spec.kid_shape);
    if (failed(view_of(w, a, &why, s, issuer, &view))) {
        answer(request, response, 503,
               json_keep(a, json_pack("{s:s}", "error", "the keys of this issuer cannot be had")));
        return;
    }
    answer(request, response, 200, issuer_jwks(a, view, &spec));
    keystore_view_drop(view);
}

bool world_outbound_answer(struct world *w, const struct snapshot *s, struct str authority_and_path,
                           bool by_host, const struct http_request *request,
                           struct http_response *response)
{
    struct arena *a = request->arena;
    size_t slash = str_find(authority_and_path, '/');
    struct str path = str_sub(authority_and_path, slash, authority_and_path.n);
    struct str issuer = arena_join(a, SCHEME, str_sub(authority_and_path, 0, slash));
    if ((!str_eq(path, DISCOVERY) && !str_eq(path, JWKS)) || !is_outbound(s, a, issuer))
        return false;
    if (world_answer_outage(w, issuer, request, response))
        return true;
    if (str_eq(path, JWKS))
        answer_jwks(w, s, issuer, request, response);
    else
        answer(request, response, 200, discovery(w, s, a, issuer, by_host));
    return true;
}
