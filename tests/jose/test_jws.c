#include "tests/support/runner.h"

#include "base/encode.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "jose/jwk.h"
#include "jose/jws.h"
#include "tests/support/guard.h"

#include <pthread.h>

Suite *jws_suite(void);

enum { KINDS = PKEY_P521 + 1 };

static struct arena *a;
static struct why why;
static struct pkey *keys[KINDS]; /* made once: RSA takes its time */

static void generate(void)
{
    for (int k = 0; k < KINDS; k++)
        keys[k] = pkey_generate((enum pkey_kind)k);
}

static void drop(void)
{
    for (int k = 0; k < KINDS; k++)
        pkey_drop(keys[k]);
}

static void setup(void)
{
    a = arena_new();
    why = why_new(a);
}

static void teardown(void)
{
    arena_free(a);
}

/* ---- algorithms ---- */

static const struct {
    const char *name;
    enum pkey_kind kind;
    enum pkey_hash hash;
} algs[] = {
    { "RS256", PKEY_RSA, PKEY_SHA256 },  { "RS384", PKEY_RSA, PKEY_SHA384 },
    { "RS512", PKEY_RSA, PKEY_SHA512 },  { "ES256", PKEY_P256, PKEY_SHA256 },
    { "ES384", PKEY_P384, PKEY_SHA384 }, { "ES512", PKEY_P521, PKEY_SHA512 },
};
enum { ALGS = sizeof algs / sizeof algs[0] };

START_TEST(the_six_algorithms_of_aws_are_known)
{
    const struct alg *alg = alg_find(str_of(algs[_i].name));
    ck_assert_ptr_nonnull(alg);
    ck_assert_ptr_eq(alg, alg_at((size_t)_i));
    ck_assert_int_eq(alg->kind, algs[_i].kind);
    ck_assert_int_eq(alg->hash, algs[_i].hash);
    for (int k = 0; k < KINDS; k++)
        ck_assert_int_eq(alg_fits(alg, keys[k]), k == (int)algs[_i].kind);
    ck_assert_ptr_null(alg_at(ALGS));
}
END_TEST

static const struct str no_algs[] = {
    STR_INIT("none"),   STR_INIT("HS256"),  STR_INIT("HS384"),   STR_INIT("HS512"),
    STR_INIT("PS256"),  STR_INIT("PS384"),  STR_INIT("PS512"),   STR_INIT("EdDSA"),
    STR_INIT("ES256K"), STR_INIT("RS1"),    STR_INIT(""),        STR_INIT("rs256"),
    STR_INIT("RS25"),   STR_INIT("RS256 "), STR_INIT("RS256\0"),
};

START_TEST(no_other_algorithm_is)
{
    ck_assert_msg(!alg_find(guarded(no_algs[_i])), "%.*s", STR_ARG(no_algs[_i]));
}
END_TEST

/* ---- RFC 7515 appendix A ---- */

#define RFC_PAYLOAD                                                    \
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt" \
    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
#define RFC_RSA_N                                                      \
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp" \
    "-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOW" \
    "vG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUs" \
    "LA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9k" \
    "G4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2" \
    "PAcDTW9gb54h4FRWyuXpoQ"

static const char rfc_keys[] =
    "{\"keys\": ["
    "{\"kid\": \"A.2\", \"kty\": \"RSA\", \"n\": \"" RFC_RSA_N "\", \"e\": \"AQAB\"},"
    "{\"kid\": \"A.3\", \"kty\": \"EC\", \"crv\": \"P-256\","
    " \"x\": \"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    " \"y\": \"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"},"
    "{\"kid\": \"A.4\", \"kty\": \"EC\", \"crv\": \"P-521\","
    " \"x\": \"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_"
    "NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk\","
    " \"y\": \"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDl"
    "y79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2\"}]}";

static const struct {
    const char *kid, *alg, *token;
} rfc_tokens[] = {
    { "A.2", "RS256",
      "eyJhbGciOiJSUzI1NiJ9." RFC_PAYLOAD "."
      "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7"
      "AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4"
      "BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K"
      "0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv"
      "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrB"
      "p0igcN_IoypGlUPQGe77Rw" },
    { "A.3", "ES256",
      "eyJhbGciOiJFUzI1NiJ9." RFC_PAYLOAD "."
      "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
      "pmWQxfKTUJqPP3-Kg6NU1Q" },
};

/* A.4's payload is the word Payload: no claims, so it is put together by hand. */
static struct jws *rfc_a4(void)
{
    struct jws *jws = arena_make(a, struct jws);
    jws->signing_input = STR("eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA");
    ck_assert(base64url_read(a,
                             STR("AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZq"
                                 "wqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8Kp"
                                 "EHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn"),
                             &jws->signature));
    return jws;
}

static struct jwks *read_keys(const char *text)
{
    struct json_doc *doc;
    struct jwks *set;
    ck_assert(!failed(json_load(a, &why, STR("jwks"), str_of(text), JSON_LAST_WINS, &doc)));
    struct json_at root = json_at_root(doc);
    ck_assert(!failed(jwks_read(a, &why, &root, &set)));
    return set;
}

static struct jws *split(struct str token)
{
    struct jws *jws;
    ck_assert_msg(!failed(jws_split(a, &why, token, &jws)), "%.*s", STR_ARG(why.detail));
    return jws;
}

START_TEST(a_token_of_the_rfc_verifies_with_its_own_key_and_alg_only)
{
    struct jwks *set = read_keys(rfc_keys);
    struct jws *jws = _i == 2 ? rfc_a4() : split(guarded(str_of(rfc_tokens[_i].token)));
    const char *right_alg = _i == 2 ? "ES512" : rfc_tokens[_i].alg;
    size_t n_verified = 0;
    for (size_t k = 0; k < set->n; k++)
        for (size_t i = 0; alg_at(i); i++) {
            bool right = k == (size_t)_i && str_eq(alg_at(i)->name, str_of(right_alg));
            bool verifies = jws_verifies(jws, alg_at(i), set->keys[k].key);
            WANT(verifies == right, "key %zu, alg %zu", k, i);
            n_verified += verifies;
        }
    ck_assert_uint_eq(n_verified, 1);
    for (int k = 0; k < KINDS; k++)
        for (size_t i = 0; alg_at(i); i++)
            WANT(!jws_verifies(jws, alg_at(i), keys[k]), "a key of ours");
}
END_TEST

START_TEST(the_parts_of_a_token_are_what_the_rfc_says)
{
    struct jws *jws = split(guarded(str_of(rfc_tokens[_i].token)));
    want_str("header", jws->header, arena_printf(a, "{\"alg\":\"%s\"}", rfc_tokens[_i].alg));
    want_str(
        "payload", jws->payload,
        STR("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"));
    want_str("signing input", jws->signing_input,
             str_sub(str_of(rfc_tokens[_i].token), 0, jws->signing_input.n));
    ck_assert_int_eq(rfc_tokens[_i].token[jws->signing_input.n], '.');
    ck_assert_uint_eq(jws->signature.n, _i ? 64 : 256);
    want_str("alg", json_str(json_object_get(jws->header_json->root, "alg")),
             str_of(rfc_tokens[_i].alg));
    want_str("iss", json_str(json_object_get(jws->claims_json->root, "iss")), STR("joe"));
}
END_TEST

START_TEST(a_flipped_bit_anywhere_in_a_signature_is_refused)
{
    struct jwks *set = read_keys(rfc_keys);
    struct jws *jws = _i == 2 ? rfc_a4() : split(str_of(rfc_tokens[_i].token));
    const struct alg *alg = alg_find(_i == 2 ? STR("ES512") : str_of(rfc_tokens[_i].alg));
    struct str good = jws->signature;
    char *p = arena_alloc(a, good.n);
    for (size_t i = 0; i < good.n; i++) {
        memcpy(p, good.p, good.n);
        p[i] = (char)(p[i] ^ (1 << (i + 3) % 8));
        jws->signature = str_n(p, good.n);
        WANT(!jws_verifies(jws, alg, set->keys[_i].key), "byte %zu", i);
    }
    for (size_t n = 0; n < good.n; n++) {
        jws->signature = guarded(str_sub(good, 0, n));
        WANT(!jws_verifies(jws, alg, set->keys[_i].key), "the first %zu bytes", n);
    }
    jws->signature = good;
    ck_assert(jws_verifies(jws, alg, set->keys[_i].key));
}
END_TEST

START_TEST(a_changed_character_anywhere_in_a_token_is_refused)
{
    struct jwks *set = read_keys(rfc_keys);
    struct str token = str_of(rfc_tokens[_i].token);
    char *p = arena_cstr(a, token);
    for (size_t i = 0; i < token.n; i++) {
        struct why unheard = why_new(a);
        struct jws *jws;
        p[i] = p[i] == 'A' ? 'B' : 'A';
        WANT(failed(jws_split(a, &unheard, str_n(p, token.n), &jws)) ||
                 !jws_verifies(jws, alg_find(str_of(rfc_tokens[_i].alg)), set->keys[_i].key),
             "character %zu", i);
        p[i] = token.p[i];
    }
}
END_TEST

/* ---- our own tokens ---- */

static struct str token_with(const char *header, const struct pkey *key, const struct alg *alg)
{
    return jws_sign(a, str_of(header), STR("{\"sub\":\"s\"}"), alg, key);
}

START_TEST(what_we_sign_verifies)
{
    const struct alg *alg = alg_at((size_t)_i);
    const char *header = arena_printf(a, "{\"alg\":\"%s\",\"kid\":\"k\"}", algs[_i].name).p;
    struct str token = token_with(header, keys[algs[_i].kind], alg);
    struct jws *jws = split(guarded(token));
    ck_assert_int_eq(token.p[token.n], '\0');
    want_str("header", jws->header, str_of(header));
    want_str("payload", jws->payload, STR("{\"sub\":\"s\"}"));
    ck_assert(jws_verifies(jws, alg, keys[algs[_i].kind]));
    for (size_t i = 0; alg_at(i); i++)
        for (int k = 0; k < KINDS; k++)
            WANT(jws_verifies(jws, alg_at(i), keys[k]) ==
                     (i == (size_t)_i && k == (int)algs[_i].kind),
                 "%s with key %d", algs[i].name, k);
}
END_TEST

START_TEST(a_payload_need_not_be_json_to_be_signed)
{
    struct str token = jws_sign(a, STR("{}"), STR(""), alg_at(3), keys[PKEY_P256]);
    ck_assert(str_starts(token, STR("e30..")));
}
END_TEST

/* ---- confused algorithms (RFC 8725 2.1) ---- */

/* HS256, keyed with what everybody may read: the public key in the spellings a fool would use. */
START_TEST(a_mac_keyed_with_the_public_key_is_no_signature)
{
    struct str spki = pkey_spki(a, keys[PKEY_RSA]), input, secrets[3];
    uint8_t mac[SHA256_BYTES];
    secrets[0] = spki;
    secrets[1] = arena_printf(a, "-----BEGIN PUBLIC KEY-----\n%.*s\n-----END PUBLIC KEY-----\n",
                              STR_ARG(base64_write(a, spki)));
    secrets[2] = pkey_numbers(a, keys[PKEY_RSA]).n;
    input = arena_printf(a, "%.*s.%.*s", STR_ARG(base64url_write(a, STR("{\"alg\":\"HS256\"}"))),
                         STR_ARG(base64url_write(a, STR("{\"sub\":\"s\"}"))));
    hmac_sha256(secrets[_i], input, mac);
    struct str signature = base64url_write(a, str_n((char *)mac, sizeof mac));
    struct jws *jws = split(arena_printf(a, "%.*s.%.*s", STR_ARG(input), STR_ARG(signature)));
    ck_assert_ptr_null(alg_find(json_str(json_object_get(jws->header_json->root, "alg"))));
    for (size_t i = 0; alg_at(i); i++)
        for (int k = 0; k < KINDS; k++)
            WANT(!jws_verifies(jws, alg_at(i), keys[k]), "%s with key %d", algs[i].name, k);
}
END_TEST

START_TEST(a_token_without_signature_is_split_but_never_verifies)
{
    static const char *const headers[] = { "{\"alg\":\"none\"}", "{\"alg\":\"RS256\"}" };
    struct str token =
        arena_printf(a, "%.*s.e30.", STR_ARG(base64url_write(a, str_of(headers[_i]))));
    struct jws *jws = split(guarded(token));
    ck_assert_uint_eq(jws->signature.n, 0);
    for (size_t i = 0; alg_at(i); i++)
        for (int k = 0; k < KINDS; k++)
            WANT(!jws_verifies(jws, alg_at(i), keys[k]), "%s with key %d", algs[i].name, k);
}
END_TEST

START_TEST(the_header_does_not_choose_the_kind_of_key)
{
    static const struct {
        const char *header;
        enum pkey_kind key;
        size_t signed_as, claimed;
    } rows[] = {
        { "{\"alg\":\"RS256\"}", PKEY_P256, 3, 0 }, /* an EC key, said to be RSA */
        { "{\"alg\":\"ES256\"}", PKEY_RSA, 0, 3 },
        { "{\"alg\":\"ES256\"}", PKEY_P384, 4, 3 }, /* another curve */
        { "{\"alg\":\"ES512\"}", PKEY_P256, 3, 5 },
        { "{\"alg\":\"RS512\"}", PKEY_RSA, 0, 2 }, /* another hash */
    };
    struct jws *jws =
        split(token_with(rows[_i].header, keys[rows[_i].key], alg_at(rows[_i].signed_as)));
    for (int k = 0; k < KINDS; k++)
        WANT(!jws_verifies(jws, alg_at(rows[_i].claimed), keys[k]), "key %d", k);
}
END_TEST

/* ---- refusals ---- */

static const struct {
    const char *name;
    struct str token;
    const char *detail;
} malformed[] = {
    { "nothing", { NULL, 0 }, "the token has 1 part between full stops; a signed JWT has 3" },
    { "one part", STR_INIT("e30"), "the token has 1 part " },
    { "two parts", STR_INIT("e30.e30"), "the token has 2 parts " },
    { "four parts", STR_INIT("e30.e30.AA.AA"), "the token has 4 parts " },
    { "five parts, as encrypted tokens have", STR_INIT("e30.e30.AA.AA.AA"), "has 5 parts " },
    { "full stops only", STR_INIT(".."), "token header:1:" },
    { "an access token that is no JWT", STR_INIT("gho_16C7e42F292c6912E7710c838347Ae178B4a"),
      "the token has 1 part " },
    { "padding in the header", STR_INIT("e30=.e30.AA"), "the token header is not base64url" },
    { "a blank before it", STR_INIT(" e30.e30.AA"), "the token header is not base64url" },
    { "a line feed behind it", STR_INIT("e30.e30.AA\n"), "the token signature is not base64url" },
    { "a line feed within", STR_INIT("e30.e3\n0.AA"), "the token claims part is not base64url" },
    { "the other alphabet", STR_INIT("e30.e30.+/"), "the token signature is not base64url" },
    { "an impossible length", STR_INIT("e30.e30.AAAAA"), "the token signature is not base64url" },
    { "spare bits in the signature", STR_INIT("e30.e30.AB"),
      "the token signature is not base64url" },
    { "spare bits in the header", STR_INIT("e31.e30.AA"), "the token header is not base64url" },
    { "a NUL", STR_INIT("e30.e30.A\0"), "the token signature is not base64url" },
    { "an empty header", STR_INIT(".e30.AA"), "token header:1:1: not valid JSON" },
    { "an empty payload", STR_INIT("e30..AA"), "token claims:1:1: not valid JSON" },
    { "a header that is a list", STR_INIT("W10.e30.AA"),
      "token header: expected an object, found an array" },
    { "a header that is a string", STR_INIT("IngiCg.e30.AA"),
      "token header: expected an object, found a string" },
    { "claims that are null", STR_INIT("e30.bnVsbA.AA"),
      "token claims: expected an object, found null" },
    { "claims that are a number", STR_INIT("e30.MQ.AA"),
      "token claims: expected an object, found an integer" },
    { "claims that are text", STR_INIT("e30.UGF5bG9hZA.AA"), "token claims:1:" },
    { "claims cut short", STR_INIT("e30.eyJhIjox.AA"), "token claims:1:" },
    { "something behind the claims", STR_INIT("e30.e319.AA"), "token claims:1:" },
    { "broken UTF-8 in the claims", STR_INIT("e30.eyJhIjoiwyJ9.AA"), "token claims:1:" },
    { "a NUL behind the claims", STR_INIT("e30.e30A.AA"), "token claims:1:" },
};

START_TEST(what_is_no_jwt_is_refused)
{
    struct str token = malformed[_i].token;
    struct jws *jws = NULL;
    struct outcome o = jws_split(a, &why, token.p ? guarded(token) : token, &jws);
    ck_assert_msg(o.fault == FAULT_TOKEN_MALFORMED && !jws, "%s", malformed[_i].name);
    ck_assert_msg(str_contains(why.detail, str_of(malformed[_i].detail)), "%s: %.*s",
                  malformed[_i].name, STR_ARG(why.detail));
}
END_TEST

START_TEST(claims_nested_too_deep_are_a_malformed_token)
{
    struct text claims = text_new(a, 4096);
    struct jws *jws = NULL;
    text_put(&claims, STR("{\"a\":"));
    for (int i = 0; i < 64; i++)
        text_putc(&claims, '[');
    struct str token = arena_printf(a, "e30.%.*s.", STR_ARG(base64url_write(a, text_str(&claims))));
    ck_assert_int_eq(jws_split(a, &why, token, &jws).fault, FAULT_TOKEN_MALFORMED);
    want_str("detail", why.detail, STR("token claims:1:69: nested deeper than 64 levels"));
}
END_TEST

START_TEST(of_duplicate_claims_the_last_counts)
{
    struct str token = arena_printf(
        a, "%.*s.%.*s.", STR_ARG(base64url_write(a, STR("{\"alg\":\"none\",\"alg\":\"RS256\"}"))),
        STR_ARG(base64url_write(a, STR("{\"aud\":\"a\",\"aud\":\"b\"}"))));
    struct jws *jws = split(token);
    want_str("alg", json_str(json_object_get(jws->header_json->root, "alg")), STR("RS256"));
    want_str("aud", json_str(json_object_get(jws->claims_json->root, "aud")), STR("b"));
}
END_TEST

START_TEST(a_cut_token_is_refused_or_does_not_verify)
{
    struct jwks *set = read_keys(rfc_keys);
    struct str token = str_of(rfc_tokens[1].token);
    for (size_t n = 0; n < token.n; n++) {
        struct why unheard = why_new(a);
        struct jws *jws;
        if (failed(jws_split(a, &unheard, guarded(str_sub(token, 0, n)), &jws)))
            continue;
        WANT(!jws_verifies(jws, alg_find(STR("ES256")), set->keys[1].key), "%zu characters", n);
    }
}
END_TEST

/* ---- threads ---- */

static void *mint_and_verify(void *wrong)
{
    struct arena *mine = arena_new();
    for (size_t i = 0; i < 60; i++) {
        const struct alg *alg = alg_at(i % ALGS);
        struct pkey *key = keys[alg->kind];
        struct why unheard = why_new(mine);
        struct jws *jws;
        struct str token =
            jws_sign(mine, STR("{}"), arena_printf(mine, "{\"i\":%zu}", i), alg, key);
        if (failed(jws_split(mine, &unheard, token, &jws)) || !jws_verifies(jws, alg, key))
            ++*(size_t *)wrong;
        arena_reset(mine);
    }
    arena_free(mine);
    return NULL;
}

START_TEST(four_threads_mint_and_verify)
{
    pthread_t threads[4];
    size_t wrong[4] = { 0 };
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, mint_and_verify, &wrong[i]), 0);
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_uint_eq(wrong[i], 0);
    }
}
END_TEST

Suite *jws_suite(void)
{
    Suite *s = suite_create("jws");
    TCase *t = tcase_create("jws");
    tcase_add_unchecked_fixture(t, generate, drop);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, the_six_algorithms_of_aws_are_known, 0, ALGS);
    tcase_add_loop_test(t, no_other_algorithm_is, 0, sizeof no_algs / sizeof no_algs[0]);
    tcase_add_loop_test(t, a_token_of_the_rfc_verifies_with_its_own_key_and_alg_only, 0, 3);
    tcase_add_loop_test(t, the_parts_of_a_token_are_what_the_rfc_says, 0, 2);
    tcase_add_loop_test(t, a_flipped_bit_anywhere_in_a_signature_is_refused, 0, 3);
    tcase_add_loop_test(t, a_changed_character_anywhere_in_a_token_is_refused, 0, 2);
    tcase_add_loop_test(t, what_we_sign_verifies, 0, ALGS);
    tcase_add_test(t, a_payload_need_not_be_json_to_be_signed);
    tcase_add_loop_test(t, a_mac_keyed_with_the_public_key_is_no_signature, 0, 3);
    tcase_add_loop_test(t, a_token_without_signature_is_split_but_never_verifies, 0, 2);
    tcase_add_loop_test(t, the_header_does_not_choose_the_kind_of_key, 0, 5);
    tcase_add_loop_test(t, what_is_no_jwt_is_refused, 0, sizeof malformed / sizeof malformed[0]);
    tcase_add_test(t, claims_nested_too_deep_are_a_malformed_token);
    tcase_add_test(t, of_duplicate_claims_the_last_counts);
    tcase_add_test(t, a_cut_token_is_refused_or_does_not_verify);
    tcase_add_test(t, four_threads_mint_and_verify);
    suite_add_tcase(s, t);
    return s;
}
