#include "jose/jwk.h"

#include "base/encode.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/x509.h"

#include <stdlib.h>

static const struct curve {
    struct str crv;
    enum pkey_kind kind;
} curves[] = {
    { STR_INIT("P-256"), PKEY_P256 },
    { STR_INIT("P-384"), PKEY_P384 },
    { STR_INIT("P-521"), PKEY_P521 },
};
enum { CURVES = sizeof curves / sizeof curves[0] };

static struct str crv_of(enum pkey_kind kind)
{
    for (size_t i = 0; i < CURVES; i++)
        if (curves[i].kind == kind)
            return curves[i].crv;
    return STR("");
}

static const char *kty_of(const struct pkey *key)
{
    return pkey_kind(key) == PKEY_RSA ? "RSA" : "EC";
}

/* ---- reading one key ---- */

static bool is(const json_t *jwk, const char *member, struct str value)
{
    const json_t *v = json_object_get(jwk, member);
    return json_is_string(v) && str_eq(json_str(v), value);
}

/* A base64urlUInt or a coordinate (RFC 7518 6.2.1, 6.3.1). */
static struct outcome number(struct arena *a, struct why *why, const json_t *jwk,
                             const char *member, struct str *out)
{
    const json_t *v = json_object_get(jwk, member);
    if (!v && json_object_get(jwk, "x5c"))
        FAIL(why, KEY_MALFORMED, "it has x5c but no %s", member);
    if (!v)
        FAIL(why, KEY_MALFORMED, "it has no %s", member);
    if (!json_is_string(v) || !base64url_read(a, json_str(v), out))
        FAIL(why, KEY_MALFORMED, "its %s is not base64url without padding", member);
    return OK;
}

static struct outcome read_rsa(struct arena *a, struct why *why, const json_t *jwk,
                               struct pkey **out)
{
    struct pkey_numbers numbers = { 0 };
    TRY(number(a, why, jwk, "n", &numbers.n));
    TRY(number(a, why, jwk, "e", &numbers.e));
    return pkey_from_numbers(why, PKEY_RSA, &numbers, out);
}

static struct outcome read_ec(struct arena *a, struct why *why, const json_t *jwk,
                              struct pkey **out)
{
    struct pkey_numbers numbers = { 0 };
    size_t i = 0;
    while (i < CURVES && !is(jwk, "crv", curves[i].crv))
        i++;
    if (i == CURVES)
        FAIL(why, KEY_MALFORMED, "its crv is none of P-256, P-384 and P-521");
    TRY(number(a, why, jwk, "x", &numbers.x));
    TRY(number(a, why, jwk, "y", &numbers.y));
    return pkey_from_numbers(why, curves[i].kind, &numbers, out);
}

static struct outcome read_numbers(struct arena *a, struct why *why, const json_t *jwk,
                                   struct pkey **out)
{
    if (is(jwk, "kty", STR("RSA")))
        return read_rsa(a, why, jwk, out);
    if (is(jwk, "kty", STR("EC")))
        return read_ec(a, why, jwk, out);
    FAIL(why, KEY_MALFORMED, "its kty is neither RSA nor EC");
}

static void drop_key(void *key)
{
    pkey_drop(key);
}

/* RFC 7517 4.7: standard base64; the first certificate holds the key, the rest is its chain. */
static struct outcome read_x5c(struct arena *a, struct why *why, const json_t *first,
                               struct pkey **out)
{
    struct why unheard = why_new(a);
    struct str der;
    if (!json_is_string(first) || !base64_read(a, json_str(first), &der) ||
        failed(x509_public_key(&unheard, der, out)))
        FAIL(why, KEY_MALFORMED, "its x5c does not begin with a certificate that can be read");
    return OK;
}

static struct outcome check_x5c(struct arena *a, struct why *why, const json_t *jwk,
                                const struct pkey *key)
{
    const json_t *x5c = json_object_get(jwk, "x5c");
    struct pkey *certified;
    if (!x5c || (json_is_array(x5c) && json_array_size(x5c) == 0))
        return OK;
    TRY(read_x5c(a, why, json_array_get(x5c, 0), &certified));
    bool same = pkey_same(key, certified);
    pkey_drop(certified);
    if (!same)
        FAIL(why, KEY_MALFORMED, "its x5c certifies another key");
    return OK;
}

/* The key, or the sentence that says why AWS would not see it. */
static struct outcome read_key(struct arena *a, struct why *why, const json_t *jwk,
                               struct pkey **out)
{
    struct pkey *key;
    if (!json_is_object(jwk))
        FAIL(why, KEY_MALFORMED, "it is %s, not an object", json_type_name(jwk));
    if (!json_str(json_object_get(jwk, "kid")).n)
        FAIL(why, KEY_MALFORMED, "it has no kid");
    if (is(jwk, "use", STR("enc")))
        FAIL(why, KEY_MALFORMED, "its use is \"enc\"");
    TRY(read_numbers(a, why, jwk, &key));
    arena_defer(a, drop_key, key);
    TRY(check_x5c(a, why, jwk, key));
    *out = key;
    return OK;
}

static struct jwk read_jwk(struct arena *a, const json_t *jwk)
{
    struct jwk k = {
        .kid = json_str(json_object_get(jwk, "kid")),
        .has_key_ops = json_object_get(jwk, "key_ops") != NULL,
    };
    struct why why = why_new(a);
    if (failed(read_key(a, &why, jwk, &k.key)))
        k.flaw = why.detail;
    return k;
}

/* ---- reading a set ---- */

struct outcome jwks_read(struct arena *a, struct why *why, const struct json_at *at,
                         struct jwks **out)
{
    struct json_at keys;
    size_t n_rsa = 0, n_ec = 0;

    if (!json_at_member(at, "keys", &keys))
        return json_fail(at, why, FAULT_KEY_MALFORMED,
                         "a JSON Web Key Set is an object with the member \"keys\"");
    if (!json_is_array(keys.value))
        return json_fail(&keys, why, FAULT_KEY_MALFORMED, "expected an array, found %s",
                         json_type_name(keys.value));
    struct jwks *set = arena_make(a, struct jwks);
    set->n = json_array_size(keys.value);
    set->keys = arena_array(a, struct jwk, set->n);
    for (size_t i = 0; i < set->n; i++) {
        const json_t *jwk = json_array_get(keys.value, i);
        set->keys[i] = read_jwk(a, jwk);
        n_rsa += is(jwk, "kty", STR("RSA"));
        n_ec += is(jwk, "kty", STR("EC"));
    }
    set->too_many_rsa = n_rsa > JWKS_KEYS_MAX;
    set->too_many_ec = n_ec > JWKS_KEYS_MAX;
    *out = set;
    return OK;
}

/* ---- finding ---- */

enum { LIST_BYTES_MAX = 300 }; /* a sentence, not a catalogue */

/* As JSON, so that whatever an issuer calls its keys is shown on one line. */
static struct str quoted(struct arena *a, struct str kid)
{
    json_t *v = json_of(kid);
    struct str s = json_text(a, v);
    json_decref(v);
    return s;
}

static struct str list_kids(struct arena *a, const struct jwks *set)
{
    struct text t = text_new(a, SIZE_MAX / 2);
    for (size_t i = 0; i < set->n; i++) {
        if (t.n > LIST_BYTES_MAX) {
            text_printf(&t, " and %zu more", set->n - i);
            break;
        }
        struct str kid = quoted(a, set->keys[i].kid);
        text_printf(&t, "%s%.*s%s", t.n ? ", " : "", STR_ARG(kid),
                    set->keys[i].key ? "" : " (unusable)");
    }
    return t.n ? text_str(&t) : STR("none at all");
}

static bool over_limit(const struct jwks *set, enum pkey_kind kind)
{
    return kind == PKEY_RSA ? set->too_many_rsa : set->too_many_ec;
}

static bool usable(const struct jwks *set, const struct jwk *k)
{
    return k->key && !over_limit(set, pkey_kind(k->key));
}

/* The last usable key so named, else the last one so named: of two with one kid the later counts.
 */
static const struct jwk *named(const struct jwks *set, struct str kid)
{
    const struct jwk *flawed = NULL;
    for (size_t i = set->n; i-- > 0;) {
        const struct jwk *k = &set->keys[i];
        if (!str_eq(k->kid, kid))
            continue;
        if (usable(set, k))
            return k;
        if (!flawed)
            flawed = k;
    }
    return flawed;
}

static struct outcome find_named(struct why *why, const struct jwks *set, struct str kid,
                                 const struct jwk **out)
{
    const struct jwk *k = kid.n ? named(set, kid) : NULL;
    if (k && usable(set, k)) {
        *out = k;
        return OK;
    }
    struct str name = quoted(why->arena, kid);
    if (k && k->key)
        FAIL(why, KEY_UNKNOWN, "the issuer has over %d keys of the type of %.*s, so AWS takes none",
             JWKS_KEYS_MAX, STR_ARG(name));
    if (k)
        FAIL(why, KEY_UNKNOWN, "the issuer's key %.*s is one AWS passes over: %.*s", STR_ARG(name),
             STR_ARG(k->flaw));
    if (!kid.n)
        FAIL(why, KEY_UNKNOWN, "the token's kid is empty");
    struct str kids = list_kids(why->arena, set);
    FAIL(why, KEY_UNKNOWN, "kid %.*s is not among the issuer's keys: %.*s", STR_ARG(name),
         STR_ARG(kids));
}

/* aws.md section 3: a token without kid will do only when there is exactly one usable key. */
static struct outcome find_only(struct why *why, const struct jwks *set, const struct jwk **out)
{
    const struct jwk *only = NULL;
    size_t n = 0;
    for (size_t i = 0; i < set->n; i++)
        if (usable(set, &set->keys[i]) && named(set, set->keys[i].kid) == &set->keys[i]) {
            only = &set->keys[i];
            n++;
        }
    if (n == 1) {
        *out = only;
        return OK;
    }
    struct str kids = list_kids(why->arena, set);
    FAIL(why, KEY_UNKNOWN,
         "the token has no kid, and the issuer has %zu usable keys, not exactly one: %.*s", n,
         STR_ARG(kids));
}

static struct outcome check_use(struct why *why, const struct jwk *k, const struct alg *alg)
{
    if (!k->has_key_ops && alg_fits(alg, k->key))
        return OK;
    struct str name = quoted(why->arena, k->kid);
    if (k->has_key_ops)
        FAIL(why, KEY_UNUSABLE, "key %.*s has key_ops, and AWS verifies with none that has",
             STR_ARG(name));
    struct str crv = crv_of(pkey_kind(k->key));
    FAIL(why, KEY_UNUSABLE, "key %.*s is an %s key%s%.*s, not of the type %.*s takes",
         STR_ARG(name), kty_of(k->key), crv.n ? " over " : "", STR_ARG(crv), STR_ARG(alg->name));
}

struct outcome jwks_find(struct why *why, const struct jwks *set, struct str kid,
                         const struct alg *alg, struct pkey **out)
{
    const struct jwk *k = NULL;
    if (over_limit(set, alg->kind))
        FAIL(why, KEYS_UNAVAILABLE, "the issuer has over %d %s keys, so AWS takes none of them",
             JWKS_KEYS_MAX, alg->kind == PKEY_RSA ? "RSA" : "EC");
    if (kid.p)
        TRY(find_named(why, set, kid, &k));
    else
        TRY(find_only(why, set, &k));
    TRY(check_use(why, k, alg));
    *out = k->key;
    return OK;
}

/* ---- writing ---- */

static void set_bytes(struct arena *a, json_t *jwk, const char *member, struct str bytes)
{
    json_object_set_new(jwk, member, json_of(base64url_write(a, bytes)));
}

static void set_numbers(struct arena *a, json_t *jwk, const struct pkey *key)
{
    struct pkey_numbers numbers = pkey_numbers(a, key);
    if (pkey_kind(key) == PKEY_RSA) {
        set_bytes(a, jwk, "n", numbers.n);
        set_bytes(a, jwk, "e", numbers.e);
    } else {
        json_object_set_new(jwk, "crv", json_of(crv_of(pkey_kind(key))));
        set_bytes(a, jwk, "x", numbers.x);
        set_bytes(a, jwk, "y", numbers.y);
    }
}

static json_t *write_jwk(struct arena *a, const struct jwk_publish *k)
{
    json_t *jwk = json_object();
    json_object_set_new(jwk, "kty", json_string(kty_of(k->key)));
    json_object_set_new(jwk, "kid", json_of(k->kid));
    json_object_set_new(jwk, "use", json_string("sig"));
    json_object_set_new(jwk, "alg", json_of(k->alg));
    set_numbers(a, jwk, k->key);
    if (k->x5c_der.n)
        json_object_set_new(jwk, "x5c", json_pack("[o]", json_of(base64_write(a, k->x5c_der))));
    return jwk;
}

json_t *jwks_write(struct arena *a, const struct jwk_publish *keys, size_t n)
{
    json_t *list = json_array(), *set = json_object();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, write_jwk(a, &keys[i]));
    json_object_set_new(set, "keys", list);
    return set;
}

/* RFC 7638 3.2: the members a key of that type requires, in lexicographic order, without blanks. */
struct str jwk_thumbprint(struct arena *a, const struct pkey *key)
{
    uint8_t hash[SHA256_BYTES];
    json_t *jwk = json_object();
    json_object_set_new(jwk, "kty", json_string(kty_of(key)));
    set_numbers(a, jwk, key);
    char *text = json_dumps(jwk, JSON_COMPACT | JSON_SORT_KEYS);
    sha256(str_of(text), hash);
    free(text);
    json_decref(jwk);
    return base64url_write(a, str_n((const char *)hash, sizeof hash));
}
