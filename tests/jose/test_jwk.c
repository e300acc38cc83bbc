#include "tests/support/runner.h"

#include "base/encode.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/x509.h"
#include "jose/jwk.h"

Suite *jwk_suite(void);

static struct arena *a;
static struct why why;
static struct pkey *rsa, *other_rsa, *p256, *p384; /* made once: RSA takes its time */

static void generate(void)
{
    rsa = pkey_generate(PKEY_RSA);
    other_rsa = pkey_generate(PKEY_RSA);
    p256 = pkey_generate(PKEY_P256);
    p384 = pkey_generate(PKEY_P384);
}

static void drop(void)
{
    pkey_drop(rsa);
    pkey_drop(other_rsa);
    pkey_drop(p256);
    pkey_drop(p384);
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

/* ---- sets put together from placeholders ---- */

static struct str certificate(const struct pkey *k)
{
    return base64_write(a, x509_self_signed(a, k, STR("issuer")));
}

/* The members of a key that are too long to be written in a row. */
static struct str placeholder(struct str name)
{
    const struct pkey *k = str_eq(name, STR("EC"))      ? p256
                           : str_eq(name, STR("OTHER")) ? other_rsa
                                                        : rsa;
    struct pkey_numbers n = pkey_numbers(a, k);
    if (str_starts(name, STR("CERT")))
        return certificate(str_eq(name, STR("CERT_EC"))      ? p256
                           : str_eq(name, STR("CERT_OTHER")) ? other_rsa
                                                             : rsa);
    if (k == p256)
        return arena_printf(a, "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%.*s\",\"y\":\"%.*s\"",
                            STR_ARG(base64url_write(a, n.x)), STR_ARG(base64url_write(a, n.y)));
    return arena_printf(a, "\"kty\":\"RSA\",\"n\":\"%.*s\",\"e\":\"AQAB\"",
                        STR_ARG(base64url_write(a, n.n)));
}

/* "$NAME$" is replaced; the rest stands as it is. */
static struct str filled(const char *template)
{
    struct text t = text_new(a, 1 << 20);
    struct str rest = str_of(template);
    while (rest.n) {
        text_put(&t, str_cut(&rest, '$'));
        if (rest.n)
            text_put(&t, placeholder(str_cut(&rest, '$')));
    }
    return text_str(&t);
}

static struct outcome read(struct str text, struct jwks **out)
{
    struct json_doc *doc;
    ck_assert_msg(!failed(json_load(a, &why, STR("jwks"), text, JSON_LAST_WINS, &doc)), "%.*s",
                  STR_ARG(text));
    struct json_at root = json_at_root(doc);
    return jwks_read(a, &why, &root, out);
}

static struct jwks *set_of(const char *keys)
{
    struct jwks *set;
    struct str list = filled(keys);
    ck_assert(!failed(read(arena_printf(a, "{\"keys\":[%.*s]}", STR_ARG(list)), &set)));
    return set;
}

/* ---- finding, as AWS was seen to do it (aws.md section 3) ---- */

#define NO_KID "-" /* the token's header has none */

static const struct row {
    const char *name, *keys, *kid, *alg;
    enum fault fault;
    const char *detail;
} rows[] = {
    { "a key is found by its kid", "{\"kid\":\"k\",$RSA$}", "k", "RS256", FAULT_NONE, NULL },
    { "an EC key too", "{\"kid\":\"k\",$EC$},{\"kid\":\"r\",$RSA$}", "k", "ES256", FAULT_NONE,
      NULL },
    { "another kid is not", "{\"kid\":\"k\",$RSA$},{\"kid\":\"l\",$EC$}", "x", "RS256",
      FAULT_KEY_UNKNOWN, "kid \"x\" is not among the issuer's keys: \"k\", \"l\"" },
    { "kids differ by case", "{\"kid\":\"k\",$RSA$}", "K", "RS256", FAULT_KEY_UNKNOWN,
      "kid \"K\" is not among the issuer's keys: \"k\"" },
    { "no keys, no key", "", "k", "RS256", FAULT_KEY_UNKNOWN,
      "kid \"k\" is not among the issuer's keys: none at all" },
    { "a kid is shown on one line", "{\"kid\":\"a\\nb\",$RSA$}", "\n", "RS256", FAULT_KEY_UNKNOWN,
      "kid \"\\n\" is not among the issuer's keys: \"a\\nb\"" },
    { "an empty kid is never found", "{\"kid\":\"\",$RSA$}", "", "RS256", FAULT_KEY_UNKNOWN,
      "the token's kid is empty" },

    { "without kid, the only key will do", "{\"kid\":\"k\",$RSA$}", NO_KID, "RS256", FAULT_NONE,
      NULL },
    { "without kid, the only usable key will do",
      "{\"kid\":\"e\",\"use\":\"enc\",$OTHER$},{\"kid\":\"k\",$RSA$},{$OTHER$}", NO_KID, "RS256",
      FAULT_NONE, NULL },
    { "without kid, the same kid twice is one key", "{\"kid\":\"k\",$OTHER$},{\"kid\":\"k\",$RSA$}",
      NO_KID, "RS256", FAULT_NONE, NULL },
    { "without kid, two keys are too many", "{\"kid\":\"k\",$RSA$},{\"kid\":\"l\",$OTHER$}", NO_KID,
      "RS256", FAULT_KEY_UNKNOWN,
      "the token has no kid, and the issuer has 2 usable keys, not exactly one: \"k\", \"l\"" },
    { "without kid, a key of another type is one too many",
      "{\"kid\":\"k\",$RSA$},{\"kid\":\"l\",$EC$}", NO_KID, "RS256", FAULT_KEY_UNKNOWN,
      "the issuer has 2 usable keys" },
    { "without kid, no key is too few", "", NO_KID, "RS256", FAULT_KEY_UNKNOWN,
      "the issuer has 0 usable keys" },
    { "without kid, the only key must fit", "{\"kid\":\"k\",$EC$}", NO_KID, "RS256",
      FAULT_KEY_UNUSABLE, "key \"k\" is an EC key over P-256, not of the type RS256 takes" },
    { "a key without kid is none", "{$RSA$}", NO_KID, "RS256", FAULT_KEY_UNKNOWN,
      "the issuer has 0 usable keys" },

    { "the alg of the key does not matter", "{\"kid\":\"k\",\"alg\":\"RS512\",$RSA$}", "k", "RS256",
      FAULT_NONE, NULL },
    { "not even a wrong one", "{\"kid\":\"k\",\"alg\":7,\"use\":\"sig\",$RSA$}", "k", "RS384",
      FAULT_NONE, NULL },
    { "the type of the key does", "{\"kid\":\"k\",$RSA$}", "k", "ES256", FAULT_KEY_UNUSABLE,
      "key \"k\" is an RSA key, not of the type ES256 takes" },
    { "and so does its curve", "{\"kid\":\"k\",$EC$}", "k", "ES384", FAULT_KEY_UNUSABLE,
      "key \"k\" is an EC key over P-256, not of the type ES384 takes" },
    { "a key for encryption is passed over", "{\"kid\":\"k\",\"use\":\"enc\",$RSA$}", "k", "RS256",
      FAULT_KEY_UNKNOWN, "the issuer's key \"k\" is one AWS passes over: its use is \"enc\"" },
    { "a key with key_ops verifies nothing", "{\"kid\":\"k\",\"key_ops\":[\"sign\"],$RSA$}", "k",
      "RS256", FAULT_KEY_UNUSABLE, "key \"k\" has key_ops" },
    { "not even with verify among them", "{\"kid\":\"k\",\"key_ops\":[\"verify\"],$RSA$}", "k",
      "RS256", FAULT_KEY_UNUSABLE, "key \"k\" has key_ops" },

    { "the same key twice is fine", "{\"kid\":\"k\",$RSA$},{\"kid\":\"k\",$RSA$}", "k", "RS256",
      FAULT_NONE, NULL },
    { "of two keys with one kid the later counts", "{\"kid\":\"k\",$OTHER$},{\"kid\":\"k\",$RSA$}",
      "k", "RS256", FAULT_NONE, NULL },
    { "of two keys with one kid a later one for encryption does not",
      "{\"kid\":\"k\",$RSA$},{\"kid\":\"k\",\"use\":\"enc\",$OTHER$}", "k", "RS256", FAULT_NONE,
      NULL },

    { "a certificate over the same key is fine", "{\"kid\":\"k\",$RSA$,\"x5c\":[\"$CERT$\"]}", "k",
      "RS256", FAULT_NONE, NULL },
    { "so is one over an EC key", "{\"kid\":\"k\",$EC$,\"x5c\":[\"$CERT_EC$\"]}", "k", "ES256",
      FAULT_NONE, NULL },
    { "only the first certificate counts",
      "{\"kid\":\"k\",$RSA$,\"x5c\":[\"$CERT$\",\"$CERT_OTHER$\",\"x\"]}", "k", "RS256", FAULT_NONE,
      NULL },
    { "no certificate is no contradiction", "{\"kid\":\"k\",$RSA$,\"x5c\":[]}", "k", "RS256",
      FAULT_NONE, NULL },
    { "a certificate alone is no key", "{\"kid\":\"k\",\"kty\":\"RSA\",\"x5c\":[\"$CERT$\"]}", "k",
      "RS256", FAULT_KEY_UNKNOWN, "it has x5c but no n" },
    { "a certificate over another key makes it unusable",
      "{\"kid\":\"k\",$RSA$,\"x5c\":[\"$CERT_OTHER$\"]}", "k", "RS256", FAULT_KEY_UNKNOWN,
      "its x5c certifies another key" },
    { "a certificate over a key of another type too",
      "{\"kid\":\"k\",$RSA$,\"x5c\":[\"$CERT_EC$\"]}", "k", "RS256", FAULT_KEY_UNKNOWN,
      "its x5c certifies another key" },
    { "a certificate that is none too", "{\"kid\":\"k\",$RSA$,\"x5c\":[\"AAAA\"]}", "k", "RS256",
      FAULT_KEY_UNKNOWN, "its x5c does not begin with a certificate that can be read" },
    { "a certificate in base64url too", "{\"kid\":\"k\",$RSA$,\"x5c\":[\"_-_-\"]}", "k", "RS256",
      FAULT_KEY_UNKNOWN, "its x5c does not begin with a certificate that can be read" },
    { "x5c that is no list too", "{\"kid\":\"k\",$RSA$,\"x5c\":\"$CERT$\"}", "k", "RS256",
      FAULT_KEY_UNKNOWN, "its x5c does not begin with a certificate that can be read" },
    { "a list of numbers too", "{\"kid\":\"k\",$RSA$,\"x5c\":[7]}", "k", "RS256", FAULT_KEY_UNKNOWN,
      "its x5c does not begin with a certificate that can be read" },

    { "a symmetric key is passed over", "{\"kid\":\"k\",\"kty\":\"oct\",\"k\":\"AAAA\"}", "k",
      "RS256", FAULT_KEY_UNKNOWN, "its kty is neither RSA nor EC" },
    { "an Ed25519 key too",
      "{\"kid\":\"k\",\"kty\":\"OKP\",\"crv\":\"Ed25519\","
      "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
      "k", "RS256", FAULT_KEY_UNKNOWN, "its kty is neither RSA nor EC" },
    { "a key of no type too", "{\"kid\":\"k\"}", "k", "RS256", FAULT_KEY_UNKNOWN,
      "its kty is neither RSA nor EC" },
    { "another curve too", "{\"kid\":\"k\",\"kty\":\"EC\",\"crv\":\"secp256k1\"}", "k", "ES256",
      FAULT_KEY_UNKNOWN, "its crv is none of P-256, P-384 and P-521" },
    { "a key without e too", "{\"kid\":\"k\",\"kty\":\"RSA\",\"n\":\"AQAB\"}", "k", "RS256",
      FAULT_KEY_UNKNOWN, "it has no e" },
    { "padding too", "{\"kid\":\"k\",\"kty\":\"RSA\",\"n\":\"AQ==\",\"e\":\"AQAB\"}", "k", "RS256",
      FAULT_KEY_UNKNOWN, "its n is not base64url without padding" },
    { "a number as a number too", "{\"kid\":\"k\",\"kty\":\"RSA\",\"n\":7,\"e\":\"AQAB\"}", "k",
      "RS256", FAULT_KEY_UNKNOWN, "its n is not base64url without padding" },
    { "a short modulus too", "{\"kid\":\"k\",\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", "k",
      "RS256", FAULT_KEY_UNKNOWN, "has 3 bytes" },
    { "a point off the curve too",
      "{\"kid\":\"k\",\"kty\":\"EC\",\"crv\":\"P-256\","
      "\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
      "\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
      "k", "ES256", FAULT_KEY_UNKNOWN, "x and y are no point of P-256" },
    { "what is no object does not spoil the set", "null,7,[],{\"kid\":\"k\",$RSA$}", "k", "RS256",
      FAULT_NONE, NULL },
    { "a kid that is no text does not either", "{\"kid\":7,$OTHER$},{\"kid\":\"k\",$RSA$}", NO_KID,
      "RS256", FAULT_NONE, NULL },
};

static void check(const struct row *row, const struct jwks *set)
{
    struct pkey *found = NULL;
    struct str kid = strcmp(row->kid, NO_KID) == 0 ? str_n(NULL, 0) : str_of(row->kid);
    const struct alg *alg = alg_find(str_of(row->alg));
    struct outcome o = jwks_find(&why, set, kid, alg, &found);
    ck_assert_msg(o.fault == row->fault, "%s: %s %.*s", row->name, fault_reason(o.fault),
                  STR_ARG(why.detail));
    if (!failed(o))
        ck_assert_msg(pkey_same(found, alg->kind == PKEY_RSA ? rsa : p256), "%s", row->name);
    else
        ck_assert_msg(!found && str_contains(why.detail, str_of(row->detail)), "%s: %.*s",
                      row->name, STR_ARG(why.detail));
}

START_TEST(keys_are_found_as_aws_finds_them)
{
    check(&rows[_i], set_of(rows[_i].keys));
}
END_TEST

START_TEST(every_row_is_kept_with_its_flaw)
{
    struct jwks *set =
        set_of("{\"kid\":\"k\",$RSA$,\"key_ops\":[]},7,{\"kid\":\"e\",\"use\":\"enc\"}");
    ck_assert_uint_eq(set->n, 3);
    ck_assert(set->keys[0].key && set->keys[0].has_key_ops && !set->keys[0].flaw.n);
    ck_assert(!set->keys[1].key);
    want_str("flaw", set->keys[1].flaw, STR("it is an integer, not an object"));
    want_str("kid", set->keys[2].kid, STR("e"));
    want_str("flaw", set->keys[2].flaw, STR("its use is \"enc\""));
    struct pkey *found;
    ck_assert(failed(jwks_find(&why, set, STR("x"), alg_at(0), &found)));
    want_str(
        "detail", why.detail,
        STR("kid \"x\" is not among the issuer's keys: \"k\", \"\" (unusable), \"e\" (unusable)"));
}
END_TEST

/* ---- too many ---- */

static struct jwks *crowd(size_t n_rsa, size_t n_ec)
{
    struct text t = text_new(a, 1 << 20);
    struct str rsa_key = placeholder(STR("RSA")), ec_key = placeholder(STR("EC"));
    struct jwks *set;
    text_put(&t, STR("{\"keys\":["));
    for (size_t i = 0; i < n_rsa; i++)
        text_printf(&t, "%s{\"kid\":\"r%zu\",%.*s}", i ? "," : "", i, STR_ARG(rsa_key));
    for (size_t i = 0; i < n_ec; i++)
        text_printf(&t, "%s{\"kid\":\"e%zu\",%.*s}", n_rsa + i ? "," : "", i, STR_ARG(ec_key));
    text_put(&t, STR("]}"));
    ck_assert(!t.full);
    ck_assert(!failed(read(text_str(&t), &set)));
    return set;
}

static const struct {
    size_t n_rsa, n_ec;
    struct row row;
} crowds[] = {
    { 100, 100, { "a hundred of each are fine", NULL, "r99", "RS256", FAULT_NONE, NULL } },
    { 100, 100, { "for EC too", NULL, "e99", "ES256", FAULT_NONE, NULL } },
    { 101,
      1,
      { "of 101 RSA keys AWS takes none", NULL, "r0", "RS256", FAULT_KEYS_UNAVAILABLE,
        "the issuer has over 100 RSA keys" } },
    { 101, 1, { "whatever the kid", NULL, "x", "RS512", FAULT_KEYS_UNAVAILABLE, "over 100 RSA" } },
    { 101, 1, { "the EC keys beside them do not suffer", NULL, "e0", "ES256", FAULT_NONE, NULL } },
    { 101,
      1,
      { "an EC token cannot name one of them", NULL, "r0", "ES256", FAULT_KEY_UNKNOWN,
        "the issuer has over 100 keys of the type of \"r0\"" } },
    { 1,
      101,
      { "of 101 EC keys AWS takes none", NULL, "e0", "ES256", FAULT_KEYS_UNAVAILABLE,
        "the issuer has over 100 EC keys" } },
    { 1,
      101,
      { "whatever the curve", NULL, "e0", "ES512", FAULT_KEYS_UNAVAILABLE, "over 100 EC" } },
    { 1, 101, { "the RSA keys do not suffer", NULL, "r0", "RS256", FAULT_NONE, NULL } },
    { 100, 0, { "a long list is cut", NULL, "x", "RS256", FAULT_KEY_UNKNOWN, "\"r2\", \"r3\"" } },
};

START_TEST(a_hundred_keys_of_a_type_and_no_more)
{
    check(&crowds[_i].row, crowd(crowds[_i].n_rsa, crowds[_i].n_ec));
    ck_assert_uint_lt(why.detail.n, 450);
}
END_TEST

/* ---- what is no set ---- */

static const struct {
    const char *text, *refusal;
} no_sets[] = {
    { "{}", "jwks:1:1: $: a JSON Web Key Set is an object with the member \"keys\"" },
    { "[]", "jwks:1:1: $: a JSON Web Key Set is an object with the member \"keys\"" },
    { "null", "jwks:1:1: $: a JSON Web Key Set is an object with the member \"keys\"" },
    { "{\"kty\":\"RSA\",\"kid\":\"k\"}",
      "jwks:1:1: $: a JSON Web Key Set is an object with the member \"keys\"" },
    { "{\"keys\":\n {}}", "jwks:2:2: $.keys: expected an array, found an object" },
    { "{\"keys\":null}", "jwks:1:9: $.keys: expected an array, found null" },
};

START_TEST(what_is_no_set_is_refused_at_its_place)
{
    struct jwks *set = NULL;
    struct outcome o = read(str_of(no_sets[_i].text), &set);
    ck_assert_int_eq(o.fault, FAULT_KEY_MALFORMED);
    ck_assert_ptr_null(set);
    want_str("refusal", why_text(&why), str_of(no_sets[_i].refusal));
}
END_TEST

/* ---- publishing ---- */

START_TEST(what_is_published_is_read_again)
{
    struct jwk_publish list[] = {
        { STR("r"), STR("RS256"), rsa, x509_self_signed(a, rsa, STR("issuer")) },
        { STR("e"), STR("ES256"), p256, STR("") },
        { STR("s"), STR("ES384"), p384, x509_self_signed(a, p384, STR("issuer")) },
    };
    json_t *published = json_keep(a, jwks_write(a, list, 3));
    struct jwks *set;
    ck_assert(!failed(read(json_text(a, published), &set)));
    ck_assert_uint_eq(set->n, 3);
    for (size_t i = 0; i < 3; i++) {
        want_str("kid", set->keys[i].kid, list[i].kid);
        ck_assert_msg(set->keys[i].key && pkey_same(set->keys[i].key, list[i].key), "%.*s",
                      STR_ARG(set->keys[i].flaw));
        ck_assert(!pkey_is_private(set->keys[i].key));
        ck_assert(!set->keys[i].has_key_ops);
    }
}
END_TEST

/* Members in this order, and none besides: nothing private can slip in. */
START_TEST(a_published_key_is_spelt_like_this)
{
    struct jwk_publish list[] = { { STR("r"), STR("RS256"), rsa, STR("\1\2\3") },
                                  { STR("e"), STR("ES256"), p256, STR("") } };
    struct pkey_numbers r = pkey_numbers(a, rsa), e = pkey_numbers(a, p256);
    want_str(
        "set", json_text(a, json_keep(a, jwks_write(a, list, 2))),
        arena_printf(a,
                     "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r\",\"use\":\"sig\",\"alg\":\"RS256\","
                     "\"n\":\"%.*s\",\"e\":\"AQAB\",\"x5c\":[\"AQID\"]},"
                     "{\"kty\":\"EC\",\"kid\":\"e\",\"use\":\"sig\",\"alg\":\"ES256\","
                     "\"crv\":\"P-256\",\"x\":\"%.*s\",\"y\":\"%.*s\"}]}",
                     STR_ARG(base64url_write(a, r.n)), STR_ARG(base64url_write(a, e.x)),
                     STR_ARG(base64url_write(a, e.y))));
    want_str("no keys", json_text(a, json_keep(a, jwks_write(a, NULL, 0))), STR("{\"keys\":[]}"));
}
END_TEST

/* ---- thumbprints ---- */

START_TEST(the_thumbprint_is_that_of_rfc_7638)
{
    struct jwks *set = set_of(
        "{\"kty\":\"RSA\",\"n\":\"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86"
        "zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5"
        "w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbI"
        "SD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awap"
        "JzKnqDKgw\",\"e\":\"AQAB\",\"alg\":\"RS256\",\"kid\":\"2011-04-29\"}");
    want_str("thumbprint", jwk_thumbprint(a, set->keys[0].key),
             STR("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
}
END_TEST

/* RFC 7638 has no EC example: the definition, spelt out. */
START_TEST(the_thumbprint_of_an_ec_key_covers_crv_kty_x_and_y)
{
    struct pkey_numbers n = pkey_numbers(a, p384);
    struct str spelt =
        arena_printf(a, "{\"crv\":\"P-384\",\"kty\":\"EC\",\"x\":\"%.*s\",\"y\":\"%.*s\"}",
                     STR_ARG(base64url_write(a, n.x)), STR_ARG(base64url_write(a, n.y)));
    uint8_t hash[SHA256_BYTES];
    sha256(spelt, hash);
    want_str("thumbprint", jwk_thumbprint(a, p384),
             base64url_write(a, str_n((char *)hash, sizeof hash)));
    ck_assert(!str_eq(jwk_thumbprint(a, p384), jwk_thumbprint(a, p256)));
}
END_TEST

Suite *jwk_suite(void)
{
    Suite *s = suite_create("jwk");
    TCase *t = tcase_create("jwk");
    tcase_add_unchecked_fixture(t, generate, drop);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, keys_are_found_as_aws_finds_them, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, every_row_is_kept_with_its_flaw);
    tcase_add_loop_test(t, a_hundred_keys_of_a_type_and_no_more, 0,
                        sizeof crowds / sizeof crowds[0]);
    tcase_add_loop_test(t, what_is_no_set_is_refused_at_its_place, 0,
                        sizeof no_sets / sizeof no_sets[0]);
    tcase_add_test(t, what_is_published_is_read_again);
    tcase_add_test(t, a_published_key_is_spelt_like_this);
    tcase_add_test(t, the_thumbprint_is_that_of_rfc_7638);
    tcase_add_test(t, the_thumbprint_of_an_ec_key_covers_crv_kty_x_and_y);
    suite_add_tcase(s, t);
    return s;
}
