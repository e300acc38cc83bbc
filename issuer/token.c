#include "issuer/token.h"

#include "base/nearest.h"
#include "issuer/claims.h"
#include "issuer/flaw.h"
#include "jose/jws.h"

enum { LIFETIME_MAX_S = 10 * 365 * 86400 };

/* One minting, from step to step. */
struct minting {
    struct arena *arena;
    struct why *why;
    const struct profiles *profiles;
    const struct token_signer *signer;
    const struct token_ask *ask;
    const struct profile_variant *variant;
    struct claims_values values;
    const struct flaw *flaw; /* NULL: none */
    struct flaw_work work;
    struct str issuer, iss;
    struct keyring_spec spec;
};

/* ---- what was asked for ---- */

static struct outcome want_object(struct why *why, const char *name, const json_t *value)
{
    if (value && !json_is_object(value))
        FAIL(why, CONFIG_INVALID, "\"%s\": expected an object, found %s", name,
             json_type_name(value));
    return OK;
}

static struct outcome want_audience(struct why *why, const json_t *value)
{
    bool good = !value || json_is_string(value) || json_is_array(value);
    for (size_t i = 0; i < json_array_size(value); i++)
        good = good && json_is_string(json_array_get(value, i));
    if (!good)
        FAIL(why, CONFIG_INVALID, "\"audience\": expected a string or an array of strings");
    return OK;
}

static struct outcome find_flaw(struct minting *m)
{
    struct nearest near = nearest_new(m->arena, m->ask->flaw);
    if (!m->ask->flaw.n)
        return OK;
    m->flaw = flaw_find(m->ask->flaw, &m->work.claim);
    if (m->flaw)
        return OK;
    for (const struct flaw *f = flaws; f->name; f++)
        nearest_add(&near, str_of(f->name));
    struct str hint = nearest_text(&near);
    FAIL(m->why, FLAW_UNKNOWN, "no flaw \"%.*s\"; %.*s", STR_ARG(m->ask->flaw), STR_ARG(hint));
}

static struct outcome read_ask(struct minting *m)
{
    const struct token_ask *ask = m->ask;
    TRY(want_object(m->why, "set", ask->set));
    TRY(want_object(m->why, "claims", ask->claims));
    TRY(want_object(m->why, "header", ask->header));
    TRY(want_audience(m->why, ask->audience));
    if (ask->lifetime_s < 0 || ask->lifetime_s > LIFETIME_MAX_S)
        FAIL(m->why, CONFIG_INVALID, "\"lifetime_s\": expected seconds, from 1 to %d",
             LIFETIME_MAX_S);
    TRY(find_flaw(m));
    return profiles_find(m->profiles, m->why, ask->platform, &m->variant);
}

/* ---- parameters, issuer, key ---- */

static struct outcome text_of(struct minting *m, const struct claims_node *n, struct str *out)
{
    json_t *text;
    TRY(claims_expand(n, &m->values, m->why, &text));
    *out = json_str(json_keep(m->arena, text));
    return OK;
}

/* What was set for this token, then what the config says of the issuer, then the profile's. */
static struct outcome find_alg(struct minting *m, const struct alg **out)
{
    uint64_t named = claims_uses(m->variant->compiled.alg);
    const struct profile *p = m->variant->profile;
    bool was_set = false;
    struct str name;
    for (size_t i = 0; i < p->n_parameters; i++)
        was_set |=
            named & UINT64_C(1) << i && json_object_get(m->ask->set, p->parameters[i].name.p);
    *out =
        !was_set && m->signer->alg_for ? m->signer->alg_for(m->signer->context, m->issuer) : NULL;
    if (*out)
        return OK;
    TRY(text_of(m, m->variant->compiled.alg, &name));
    *out = alg_find(name);
    if (!*out)
        FAIL(m->why, PLATFORM_PARAMETER, "no algorithm \"%.*s\" to sign with", STR_ARG(name));
    return OK;
}

static struct outcome find_issuer(struct minting *m)
{
    const struct alg *alg;
    TRY(text_of(m, m->variant->compiled.issuer, &m->issuer));
    m->iss =
        m->signer->iss_for ? m->signer->iss_for(m->signer->context, m->arena, m->issuer) : STR("");
    if (!m->iss.n)
        m->iss = m->issuer;
    TRY(find_alg(m, &alg));
    m->spec = token_keyring(m->arena, m->profiles, m->issuer, alg);
    return OK;
}

static struct outcome find_values(struct minting *m, const struct clock *clock,
                                  struct entropy *entropy)
{
    int64_t now_s = clock_now_s(clock);
    int64_t lifetime_s = m->ask->lifetime_s ? m->ask->lifetime_s : m->variant->lifetime_s;
    m->values = (struct claims_values){ .arena = m->arena,
                                        .entropy = entropy,
                                        .iat_s = now_s,
                                        .exp_s = now_s + lifetime_s,
                                        .variant = m->variant->name };
    m->work.arena = m->arena;
    m->work.entropy = entropy;
    m->work.now_s = now_s;
    TRY(profile_values(m->variant, m->arena, m->why, m->ask->set, m->ask->lenient,
                       &m->values.slots));
    TRY(find_issuer(m));
    m->values.iss = m->iss;
    return OK;
}

/* ---- header and claims ---- */

/* Copies: what a flaw or a caller changes must not reach what was handed in. */
static void add_members(json_t *object, const json_t *more)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)more, key, value) /* only reads */
        json_object_set_new_nocheck(object, key, json_deep_copy(value));
}

static struct outcome make_header(struct minting *m, const struct keyring_key *key)
{
    m->values.alg = key->alg->name;
    m->values.kid = key->kid;
    m->values.x5t = key->x5t;
    if (m->ask->only)
        m->work.header =
            json_pack("{s:o, s:o}", "alg", json_of(key->alg->name), "kid", json_of(key->kid));
    else
        TRY(claims_expand(m->variant->compiled.header, &m->values, m->why, &m->work.header));
    json_keep(m->arena, m->work.header);
    add_members(m->work.header, m->ask->header);
    return OK;
}

static struct outcome make_claims(struct minting *m)
{
    const struct token_ask *ask = m->ask;
    if (ask->only)
        m->work.claims = json_object();
    else
        TRY(claims_expand(m->variant->compiled.claims, &m->values, m->why, &m->work.claims));
    json_keep(m->arena, m->work.claims);
    if (ask->audience)
        json_object_set_new(m->work.claims, "aud", json_deep_copy(ask->audience));
    add_members(m->work.claims, ask->claims);
    for (size_t i = 0; i < ask->n_remove; i++)
        json_object_del(m->work.claims, arena_cstr(m->arena, ask->remove[i]));
    return OK;
}

/* ---- signing ---- */

static struct outcome spoil(struct minting *m, bool (*hook)(struct flaw_work *w))
{
    if (hook && !hook(&m->work))
        FAIL(m->why, FLAW_UNKNOWN, "the flaw \"%.*s\" has nothing to spoil in this token",
             STR_ARG(m->ask->flaw));
    return OK;
}

static struct outcome sign(struct minting *m, const struct keyring_key *key)
{
    static const struct flaw flawless;
    const struct flaw *flaw = m->flaw ? m->flaw : &flawless;
    m->work.signer = key;
    TRY(make_header(m, key));
    TRY(make_claims(m));
    TRY(spoil(m, flaw->before));
    m->work.payload = json_text(m->arena, m->work.claims);
    TRY(spoil(m, flaw->payload));
    struct str header = json_text(m->arena, m->work.header);
    m->work.text = jws_sign(m->arena, header, m->work.payload, key->alg, key->key);
    return spoil(m, flaw->after);
}

static struct outcome sign_in_view(struct minting *m, const struct keystore_view *view)
{
    const struct keyring *ring = keystore_view_ring(view, m->spec.name);
    const struct keyring_key *key = keyring_signer(ring, m->spec.alg);
    if (!key)
        FAIL(m->why, INTERNAL, "the keyring \"%.*s\" has no key that signs with %.*s",
             STR_ARG(m->spec.name), STR_ARG(m->spec.alg->name));
    return sign(m, key);
}

static struct outcome sign_with_ring(struct minting *m)
{
    struct keystore_view *view;
    TRY(m->signer->find(m->signer->context, m->why, &m->spec, &view));
    struct outcome o = sign_in_view(m, view);
    keystore_view_drop(view);
    return o;
}

/* RoleSessionName is [\w+=,.@-]{2,64} (aws.md section 1.2). */
static struct str session_name(struct arena *a, struct str s)
{
    static const char others[] = "_+=,.@-";
    enum { SESSION_NAME_MAX = 64 };
    char *p = arena_cstr(a, s);
    for (size_t i = 0; i < s.n; i++) {
        char lower = (char)(p[i] | 0x20);
        bool plain = (lower >= 'a' && lower <= 'z') || (p[i] >= '0' && p[i] <= '9') ||
                     (p[i] && strchr(others, p[i]));
        p[i] = plain ? p[i] : '-';
    }
    return str_sub(str_n(p, s.n), 0, SESSION_NAME_MAX);
}

struct outcome token_mint(struct arena *a, struct why *why, const struct profiles *profiles,
                          const struct token_signer *signer, const struct clock *clock,
                          struct entropy *entropy, const struct token_ask *ask, struct token *out)
{
    struct minting m = {
        .arena = a, .why = why, .profiles = profiles, .signer = signer, .ask = ask
    };
    struct str session;
    TRY(read_ask(&m));
    TRY(find_values(&m, clock, entropy));
    TRY(text_of(&m, m.variant->compiled.session_name, &session));
    TRY(sign_with_ring(&m));
    *out = (struct token){
        .text = m.work.text,
        .issuer = m.issuer,
        .header = m.work.header,
        .claims = m.work.claims,
        .session_name = session_name(a, session),
        .variant = m.variant,
    };
    return OK;
}

struct keyring_spec token_keyring(struct arena *a, const struct profiles *profiles,
                                  struct str issuer, const struct alg *alg)
{
    const struct profile_variant *v = profiles_for_issuer(profiles, issuer);
    const struct profile_variant *any = profiles_generic(profiles);
    if (v)
        return (struct keyring_spec){ .name = profile_keyring(v, a, issuer),
                                      .alg = alg ? alg : v->alg,
                                      .kid_shape = v->kid_shape };
    return (struct keyring_spec){ .name = arena_str(a, issuer),
                                  .alg = alg   ? alg
                                         : any ? any->alg
                                               : alg_at(0),
                                  .kid_shape = any ? any->kid_shape : STR("thumbprint") };
}
