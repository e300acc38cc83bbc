#include "tests/support/runner.h"

#include "base/encode.h"
#include "base/text.h"
#include "crypto/pkey.h"
#include "crypto/x509.h"
#include "tests/support/guard.h"

#include <pthread.h>

Suite *pkey_suite(void);

enum { KINDS = PKEY_P521 + 1, HASHES = PKEY_SHA512 + 1 };

static const struct {
    const char *name;
    int bits;
    size_t field_bytes, signature_bytes;
} kinds[KINDS] = {
    [PKEY_RSA] = { "RSA", 2048, 0, 256 },
    [PKEY_P256] = { "P-256", 256, 32, 64 },
    [PKEY_P384] = { "P-384", 384, 48, 96 },
    [PKEY_P521] = { "P-521", 521, 66, 132 },
};

static struct arena *a;
static struct why why;
static struct pkey *keys[KINDS], *others[KINDS]; /* made once: RSA takes its time */

static void generate(void)
{
    for (int k = 0; k < KINDS; k++) {
        keys[k] = pkey_generate((enum pkey_kind)k);
        others[k] = pkey_generate((enum pkey_kind)k);
    }
}

static void drop(void)
{
    for (int k = 0; k < KINDS; k++) {
        pkey_drop(keys[k]);
        pkey_drop(others[k]);
    }
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

static struct str read64(const char *text)
{
    struct str s = { NULL, 0 };
    ck_assert(base64url_read(a, str_of(text), &s));
    return s;
}

/* ---- what a key is ---- */

START_TEST(a_generated_key_is_what_was_asked_for)
{
    ck_assert_int_eq(pkey_kind(keys[_i]), _i);
    ck_assert_int_eq(pkey_bits(keys[_i]), kinds[_i].bits);
    ck_assert(pkey_is_private(keys[_i]));
    ck_assert(pkey_same(keys[_i], keys[_i]));
    ck_assert(!pkey_same(keys[_i], others[_i]));
    ck_assert(!pkey_same(keys[_i], keys[(_i + 1) % KINDS]));
    struct pkey_numbers n = pkey_numbers(a, keys[_i]);
    if (_i == PKEY_RSA)
        want_str("e", n.e, STR("\x01\x00\x01"));
}
END_TEST

START_TEST(a_key_lives_until_the_last_holder_drops_it)
{
    struct pkey *k = pkey_generate(PKEY_P256);
    ck_assert_ptr_eq(pkey_hold(k), k);
    pkey_drop(k);
    struct str signature = pkey_sign(a, k, PKEY_SHA256, STR("x"));
    ck_assert(pkey_verify(k, PKEY_SHA256, STR("x"), signature));
    pkey_drop(k);
    pkey_drop(NULL);
}
END_TEST

/* ---- signatures ---- */

static struct pkey *public_half(const struct pkey *k)
{
    struct pkey_numbers n = pkey_numbers(a, k);
    struct pkey *out;
    ck_assert(!failed(pkey_from_numbers(&why, pkey_kind(k), &n, &out)));
    return out;
}

START_TEST(only_the_key_that_signed_verifies_and_only_with_that_hash)
{
    enum pkey_hash hash = (enum pkey_hash)(_i / KINDS);
    struct pkey *signer = keys[_i % KINDS];
    struct str message = guarded(STR("header.payload"));
    struct str signature = guarded(pkey_sign(a, signer, hash, message));
    ck_assert_uint_eq(signature.n, kinds[_i % KINDS].signature_bytes);
    for (int k = 0; k < KINDS; k++)
        for (int h = 0; h < HASHES; h++) {
            bool right = keys[k] == signer && h == (int)hash;
            WANT(pkey_verify(keys[k], (enum pkey_hash)h, message, signature) == right, "%s, %d",
                 kinds[k].name, h);
            WANT(!pkey_verify(others[k], (enum pkey_hash)h, message, signature), "another %s",
                 kinds[k].name);
        }
    struct pkey *public = public_half(signer);
    ck_assert(!pkey_is_private(public));
    ck_assert(pkey_verify(public, hash, message, signature));
    ck_assert(!pkey_verify(public, hash, STR("header.payloae"), signature));
    ck_assert(!pkey_verify(public, hash, STR("header.payloa"), signature));
    ck_assert(!pkey_verify(public, hash, str_n(NULL, 0), signature));
    pkey_drop(public);
}
END_TEST

START_TEST(nothing_can_be_signed_too)
{
    struct str signature = pkey_sign(a, keys[_i], PKEY_SHA256, str_n(NULL, 0));
    ck_assert(pkey_verify(keys[_i], PKEY_SHA256, STR(""), signature));
    ck_assert(!pkey_verify(keys[_i], PKEY_SHA256, STR("x"), signature));
}
END_TEST

START_TEST(a_flipped_bit_in_any_byte_spoils_a_signature)
{
    struct str message = STR("message"), good = pkey_sign(a, keys[_i], PKEY_SHA256, message);
    char *p = arena_alloc(a, good.n);
    for (size_t i = 0; i < good.n; i++) {
        memcpy(p, good.p, good.n);
        p[i] = (char)(p[i] ^ (1 << i % 8));
        WANT(!pkey_verify(keys[_i], PKEY_SHA256, message, str_n(p, good.n)), "byte %zu", i);
    }
    ck_assert(pkey_verify(keys[_i], PKEY_SHA256, message, good));
}
END_TEST

START_TEST(a_signature_of_another_length_is_refused)
{
    struct str message = STR("message"), good = pkey_sign(a, keys[_i], PKEY_SHA256, message);
    char *p = arena_alloc(a, good.n + 2);
    for (size_t n = 0; n < good.n; n++) {
        struct str head = guarded(str_sub(good, 0, n)), tail = str_sub(good, good.n - n, n);
        WANT(!pkey_verify(keys[_i], PKEY_SHA256, message, head), "the first %zu bytes", n);
        WANT(!pkey_verify(keys[_i], PKEY_SHA256, message, tail), "the last %zu bytes", n);
    }
    memcpy(p + 1, good.p, good.n);
    ck_assert(!pkey_verify(keys[_i], PKEY_SHA256, message, str_n(p, good.n + 1)));
    ck_assert(!pkey_verify(keys[_i], PKEY_SHA256, message, str_n(p + 1, good.n + 1)));
    ck_assert(!pkey_verify(keys[_i], PKEY_SHA256, message, str_n(p, good.n + 2)));
    ck_assert(!pkey_verify(keys[_i], PKEY_SHA256, message, str_n(NULL, 0)));
}
END_TEST

START_TEST(signatures_of_one_byte_repeated_are_refused)
{
    char p[256];
    for (int byte = 0; byte < 256; byte++) { /* among them r = s = 0, and r and s over the order */
        memset(p, byte, sizeof p);
        WANT(!pkey_verify(keys[_i], PKEY_SHA256, STR("m"), str_n(p, kinds[_i].signature_bytes)),
             "byte %d", byte);
    }
}
END_TEST

START_TEST(rsa_signs_the_same_each_time_and_ecdsa_never)
{
    struct str one = pkey_sign(a, keys[_i], PKEY_SHA256, STR("message"));
    struct str two = pkey_sign(a, keys[_i], PKEY_SHA256, STR("message"));
    ck_assert_int_eq(str_eq(one, two), _i == PKEY_RSA);
}
END_TEST

/* r or s with leading zeros still takes the whole width: one signature in 128 has one. */
START_TEST(r_and_s_always_have_the_width_of_the_field)
{
    int n_short = 0;
    for (int i = 0; i < 1200 && n_short < 2; i++) {
        struct str signature = pkey_sign(a, keys[PKEY_P256], PKEY_SHA256, STR("message"));
        WANT(signature.n == 64, "%zu bytes", signature.n);
        if (signature.p[0] && signature.p[32])
            continue;
        n_short++;
        WANT(pkey_verify(keys[PKEY_P256], PKEY_SHA256, STR("message"), signature), "round %d", i);
    }
    ck_assert_int_eq(n_short, 2);
}
END_TEST

/* RFC 7515 A.4: ES512 over "Payload", which is no JSON and therefore not with the tokens. */
static const char rfc_x[] =
    "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk";
static const char rfc_y[] =
    "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2";
static const char rfc_signature[] =
    "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_"
    "7XdtAG8GaSwF"
    "KdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";

START_TEST(the_signature_of_rfc_7515_a4_verifies)
{
    struct pkey_numbers n = { .x = read64(rfc_x), .y = read64(rfc_y) };
    struct str message = STR("eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA"), signature = read64(rfc_signature);
    struct pkey *k;
    ck_assert(!failed(pkey_from_numbers(&why, PKEY_P521, &n, &k)));
    ck_assert(pkey_verify(k, PKEY_SHA512, message, signature));
    ck_assert(!pkey_verify(k, PKEY_SHA256, message, signature));
    ck_assert(!pkey_verify(k, PKEY_SHA512, str_sub(message, 1, message.n), signature));
    pkey_drop(k);
}
END_TEST

/* ---- numbers ---- */

START_TEST(numbers_have_the_width_json_web_keys_want)
{
    for (int i = 0; i < 600; i++) { /* a coordinate begins with a zero byte in one of 256 */
        struct pkey *k = pkey_generate(PKEY_P256), *same = public_half(k);
        struct pkey_numbers n = pkey_numbers(a, k);
        WANT(n.x.n == 32 && n.y.n == 32 && !n.n.p && !n.e.p, "%zu and %zu", n.x.n, n.y.n);
        WANT(pkey_same(k, same), "round %d", i);
        pkey_drop(k);
        pkey_drop(same);
        arena_reset(a);
    }
}
END_TEST

START_TEST(numbers_make_the_same_key_again)
{
    struct pkey *same = public_half(keys[_i]);
    struct pkey_numbers n = pkey_numbers(a, same), m = pkey_numbers(a, keys[_i]);
    ck_assert(pkey_same(same, keys[_i]));
    ck_assert_int_eq(pkey_bits(same), pkey_bits(keys[_i]));
    want_str("n", n.n, m.n);
    want_str("e", n.e, m.e);
    want_str("x", n.x, m.x);
    want_str("y", n.y, m.y);
    ck_assert_uint_eq(n.x.n, kinds[_i].field_bytes);
    ck_assert_uint_eq(n.y.n, kinds[_i].field_bytes);
    want_str("SPKI", pkey_spki(a, same), pkey_spki(a, keys[_i]));
    pkey_drop(same);
}
END_TEST

/* RFC 5480: the DER before an uncompressed point of P-256. */
START_TEST(the_spki_of_p256_is_a_known_head_and_the_point)
{
    struct str head, spki = pkey_spki(a, keys[PKEY_P256]);
    struct pkey_numbers n = pkey_numbers(a, keys[PKEY_P256]);
    ck_assert(hex_read(a, STR("3059301306072a8648ce3d020106082a8648ce3d03010703420004"), &head));
    want_str("head", str_sub(spki, 0, head.n), head);
    want_str("x", str_sub(spki, head.n, 32), n.x);
    want_str("y", str_sub(spki, head.n + 32, spki.n), n.y);
    ck_assert(str_contains(pkey_spki(a, keys[PKEY_RSA]), pkey_numbers(a, keys[PKEY_RSA]).n));
}
END_TEST

static struct str repeated(char first, char rest, size_t n)
{
    char *p = arena_alloc(a, n + 1);
    memset(p, rest, n);
    p[0] = first;
    return str_n(p, n);
}

struct rsa_row {
    const char *name;
    size_t n_bytes;
    char first; /* byte of n, whose others are FF */
    struct str e;
    const char *detail; /* NULL: it is a key */
};

static const struct rsa_row rsa_rows[] = {
    { "1024 bits are enough", 128, '\x80', STR_INIT("\x03"), NULL },
    { "1023 bits are not", 128, '\x7F', STR_INIT("\x03"), "has 1023 bits; from 1024 to 8192" },
    { "1016 bits are not", 127, '\xFF', STR_INIT("\x03"), "has 127 bytes; from 128 to 1024" },
    { "8192 bits are taken", 1024, '\xFF', STR_INIT("\x01\x00\x01"), NULL },
    { "8193 bits are not", 1025, '\x01', STR_INIT("\x03"), "has 1025 bytes; from 128 to 1024" },
    { "leading zeros do not count", 129, '\0', STR_INIT("\0\0\x03"), NULL },
    { "no n", 0, '\0', STR_INIT("\x03"), "has 0 bytes" },
    { "n is zero", 1, '\0', STR_INIT("\x03"), "has 0 bytes" },
    { "no e", 128, '\x80', { NULL, 0 }, "exponent must be odd" },
    { "e is zero", 128, '\x80', STR_INIT("\0"), "exponent must be odd" },
    { "e is one", 128, '\x80', STR_INIT("\x01"), "exponent must be odd" },
    { "e is one behind zeros", 128, '\x80', STR_INIT("\0\0\x01"), "exponent must be odd" },
    { "e is two", 128, '\x80', STR_INIT("\x02"), "exponent must be odd" },
    { "e is even", 128, '\x80', STR_INIT("\x01\x00"), "exponent must be odd" },
    { "e ends in a byte of one", 128, '\x80', STR_INIT("\x01\x01"), NULL },
};

START_TEST(rsa_numbers_are_judged)
{
    const struct rsa_row *row = &rsa_rows[_i];
    struct pkey_numbers n = { .n = repeated(row->first, '\xFF', row->n_bytes), .e = row->e };
    struct pkey *k = NULL;
    struct outcome o = pkey_from_numbers(&why, PKEY_RSA, &n, &k);
    ck_assert_msg(failed(o) == (row->detail != NULL), "%s", row->name);
    ck_assert_msg(failed(o) == !k, "%s", row->name);
    if (failed(o))
        ck_assert_msg(str_contains(why.detail, str_of(row->detail)), "%s: %.*s", row->name,
                      STR_ARG(why.detail));
    pkey_drop(k);
}
END_TEST

START_TEST(an_exponent_longer_than_the_modulus_is_refused)
{
    struct pkey_numbers n = { .n = repeated('\x80', '\xFF', 128),
                              .e = repeated('\x01', '\x01', 129) };
    struct pkey *k;
    ck_assert_int_eq(pkey_from_numbers(&why, PKEY_RSA, &n, &k).fault, FAULT_KEY_MALFORMED);
}
END_TEST

/* An issuer may publish nonsense of the right size: no key of anybody's, but no harm either. */
START_TEST(a_modulus_nobody_could_make_verifies_nothing)
{
    struct pkey_numbers n = pkey_numbers(a, keys[PKEY_RSA]);
    struct str signature = pkey_sign(a, keys[PKEY_RSA], PKEY_SHA256, STR("m"));
    struct pkey *k;
    char *p = arena_alloc(a, n.n.n);
    memcpy(p, n.n.p, n.n.n);
    memset(p + n.n.n - 3, 0, 3); /* now it is even */
    n.n = str_n(p, n.n.n);
    ck_assert(!failed(pkey_from_numbers(&why, PKEY_RSA, &n, &k)));
    ck_assert(!pkey_same(k, keys[PKEY_RSA]));
    ck_assert(!pkey_verify(k, PKEY_SHA256, STR("m"), signature));
    pkey_drop(k);
}
END_TEST

START_TEST(a_point_off_the_curve_is_refused)
{
    struct pkey_numbers good = pkey_numbers(a, keys[_i]);
    size_t width = kinds[_i].field_bytes;
    struct pkey *k = NULL;
    for (size_t i = 0; i < 2 * width; i++) {
        struct pkey_numbers n = { .x = arena_str(a, good.x), .y = arena_str(a, good.y) };
        char *p = arena_alloc(a, 2 * width);
        memcpy(p, good.x.p, width);
        memcpy(p + width, good.y.p, width);
        p[i] = (char)(p[i] ^ 1);
        n.x = str_n(p, width);
        n.y = str_n(p + width, width);
        struct outcome o = pkey_from_numbers(&why, (enum pkey_kind)_i, &n, &k);
        WANT(o.fault == FAULT_KEY_MALFORMED && !k, "byte %zu", i);
    }
    ck_assert(str_contains(why.detail, STR("no point of P-")));
    struct pkey_numbers none = { .x = repeated('\0', '\0', width),
                                 .y = repeated('\0', '\0', width) };
    ck_assert(failed(pkey_from_numbers(&why, (enum pkey_kind)_i, &none, &k)));
    struct pkey_numbers over = { .x = repeated('\xFF', '\xFF', width), .y = good.y };
    ck_assert(failed(pkey_from_numbers(&why, (enum pkey_kind)_i, &over, &k)));
}
END_TEST

START_TEST(coordinates_of_another_width_are_refused)
{
    struct pkey_numbers good = pkey_numbers(a, keys[PKEY_P256]);
    struct pkey_numbers n[] = {
        { .x = str_sub(good.x, 0, 31), .y = good.y },
        { .x = good.x, .y = str_sub(good.y, 0, 31) },
        { .x = arena_printf(a, "x%.*s", STR_ARG(good.x)), .y = good.y },
        { .x = good.x },
        { .y = good.y },
    };
    struct pkey *k;
    for (size_t i = 0; i < sizeof n / sizeof n[0]; i++)
        ck_assert_int_eq(pkey_from_numbers(&why, PKEY_P256, &n[i], &k).fault, FAULT_KEY_MALFORMED);
    ck_assert(failed(pkey_from_numbers(&why, PKEY_P384, &good, &k)));
    ck_assert(str_contains(why.detail, STR("x and y of P-256 have 32 bytes each")));
}
END_TEST

/* ---- PEM ---- */

START_TEST(a_key_is_the_same_after_a_file)
{
    struct str pem = pkey_write_pem(a, keys[_i]);
    struct pkey *k;
    ck_assert(str_starts(pem, STR("-----BEGIN PRIVATE KEY-----\n")));
    ck_assert(!failed(pkey_read_pem(&why, guarded(pem), &k)));
    ck_assert(pkey_same(k, keys[_i]));
    ck_assert(pkey_is_private(k));
    struct str signature = pkey_sign(a, k, PKEY_SHA256, STR("message"));
    ck_assert(pkey_verify(keys[_i], PKEY_SHA256, STR("message"), signature));
    want_str("PEM", pkey_write_pem(a, k), pem);
    pkey_drop(k);
}
END_TEST

static const char p256_pem[] = "-----BEGIN PRIVATE KEY-----\n"
                               "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/rsSvpfCbJt3zH5J\n"
                               "ObQcsDevfJWhpL+jMdpXJjfnXAyhRANCAASVrqlwGiV9K4nrStfvm7fh8LsP2nmk\n"
                               "xHj6sHjE8H1JwjVD5tH86y+V0TNS/AVwjd5aC6surnfPZhnD4CKVUHCq\n"
                               "-----END PRIVATE KEY-----\n";

static const struct {
    const char *name, *pem, *detail;
} pems[] = {
    { "nothing", "", "no PKCS#8 private key" },
    { "text", "hello\n", "no PKCS#8 private key" },
    { "nothing between the lines", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
      "no PKCS#8 private key" },
    { "no end line",
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEIOxfKaH/BLe3f1Nxii2bBiFCSMZeddG+rReKKeEvcQvO\n",
      "no PKCS#8 private key" },
    { "an Ed25519 key",
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEIOxfKaH/BLe3f1Nxii2bBiFCSMZeddG+rReKKeEvcQvO\n"
      "-----END PRIVATE KEY-----\n",
      "neither RSA nor EC over" },
    { "a secp256k1 key",
      "-----BEGIN PRIVATE KEY-----\n"
      "MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgosmv00/UBMr5mXycIkqW\n"
      "zavnGwoz8vs30ICm6HYU+VmhRANCAASZ7MntwfgkaoHKI3FpwmpzzNPUnd6eLHmG\n"
      "na2xGb1P835XhIY/NlP4J7W6gA3FveHJHFe4sBwkEU+OHKsJhAfs\n"
      "-----END PRIVATE KEY-----\n",
      "neither RSA nor EC over" },
    { "an RSA key of 768 bits",
      "-----BEGIN PRIVATE KEY-----\n"
      "MIIB5gIBADANBgkqhkiG9w0BAQEFAASCAdAwggHMAgEAAmEAqCHFeGNKXjIQMjGF\n"
      "roFapwFi1B5fRZ5rUj+s92JY1hlrdI67m+vUZAOG7AVlYaKKfG+jjfZzzRM3ykc2\n"
      "4CBkKIiK2N57jlEIhMNGdOQDKGuiUi9GujRPojpmzM+2BtaBAgMBAAECYQCnMg5B\n"
      "jduimH5qq7yYsKIJeeNhtWJgxQ1MmW3UBMT7BARLwLTodTiczLUbeLI8yXj4r4/p\n"
      "rFdRnG+e7jfYDXN1WHizx83y5UphRwpmYEOKOU/Ef3R5CF8z0jK55M86WcECMQDc\n"
      "Sa5EJsoe1WgnYEU3k37c7C4PIzq8rScTCXhdKMvNkf3forMgo2AWExwoAd7bs3UC\n"
      "MQDDY4g9he/cEznakD+dH1oGypR0ob7SGUsdaH7NkxxqDml86BS8sgpiHh8OvO4A\n"
      "cV0CMQCFOV5WQytL+H6UCcnysZYw3/l/GCxGvWV7QufzV1/iRF/IZ2pz27qZvxbx\n"
      "LyhrsJ0CMQCcygwTwpzdrxfnyYUionvtozZJ+VlU4zMhoC7Q7FIK0RHZR6sMWJp4\n"
      "bc9iVj1uYYkCMCdt8yKed8jciwBGIEGlUs9J/cJ0ULPyQDhL/FMbuERBKCbD/SbB\n"
      "6Fkxe4u0u0X6dA==\n"
      "-----END PRIVATE KEY-----\n",
      "has 768 bits; from 1024 to 8192" },
    { "an encrypted key",
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
      "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi+iVTkXG6BqQICCAAw\n"
      "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEGHRbP0YVA/vSCxVSt0L3lwEgZC7\n"
      "lpcicZzf9fp+MRjL8+Y7vN1KgHr3TJsmhRzuqqYcDxwfTX1yFjXEJ3VYo6BVHQME\n"
      "z69QDzEElQRNbah1pMz5OxCjk1TpBWwG/x/fGrroEZJIiJucu8b7sj4vr9GIxE/5\n"
      "2D6K9vFvmxN6TZ9X8x/H0KWkmS3mGXoIrxaZHzMcuPH7kA8YXuxUD9qXD+I5rYk=\n"
      "-----END ENCRYPTED PRIVATE KEY-----\n",
      "is encrypted" },
    { "a key as SEC 1 has it",
      "-----BEGIN EC PRIVATE KEY-----\n"
      "MHcCAQEEIP67Er6Xwmybd8x+STm0HLA3r3yVoaS/ozHaVyY351wMoAoGCCqGSM49\n"
      "AwEHoUQDQgAEla6pcBolfSuJ60rX75u34fC7D9p5pMR4+rB4xPB9ScI1Q+bR/Osv\n"
      "ldEzUvwFcI3eWgurLq53z2YZw+AilVBwqg==\n"
      "-----END EC PRIVATE KEY-----\n",
      "no PKCS#8 private key" },
    { "a public key",
      "-----BEGIN PUBLIC KEY-----\n"
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEla6pcBolfSuJ60rX75u34fC7D9p5\n"
      "pMR4+rB4xPB9ScI1Q+bR/OsvldEzUvwFcI3eWgurLq53z2YZw+AilVBwqg==\n"
      "-----END PUBLIC KEY-----\n",
      "no PKCS#8 private key" },
    { "a curve spelt out in numbers",
      "-----BEGIN PRIVATE KEY-----\n"
      "MIIBeQIBADCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAAB\n"
      "AAAAAAAAAAAAAAAA////////////////MFsEIP////8AAAABAAAAAAAAAAAAAAAA\n"
      "///////////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMV\n"
      "AMSdNgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg\n"
      "9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8A\n"
      "AAAA//////////+85vqtpxeehPO5ysL8YyVRAgEBBG0wawIBAQQgwQ1TenjAB9zr\n"
      "gY3WgQXVQj8KU3lpx3+IrYXXaZQMFgyhRANCAASnvJpOjtUbxUUVLGXgr1csL8oJ\n"
      "SA8tlHx0QtfUt6RhtKiBmbX5aBKCfy8Kao+a2a4NaeQBD0hOq3PBDKM1PFYq\n"
      "-----END PRIVATE KEY-----\n",
      "neither RSA nor EC over" },
};

START_TEST(what_is_no_usable_private_key_is_refused)
{
    struct pkey *k = NULL;
    struct outcome o = pkey_read_pem(&why, guarded(str_of(pems[_i].pem)), &k);
    ck_assert_msg(o.fault == FAULT_KEY_MALFORMED && !k, "%s", pems[_i].name);
    ck_assert_msg(str_contains(why.detail, str_of(pems[_i].detail)), "%s: %.*s", pems[_i].name,
                  STR_ARG(why.detail));
}
END_TEST

START_TEST(a_pem_may_have_company_and_other_line_ends)
{
    struct str texts[] = {
        str_of(p256_pem),
        arena_printf(a, "my key:\n\n%s\nso far", p256_pem),
        arena_printf(a, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n%s",
                     p256_pem),
    };
    struct pkey *k;
    for (size_t i = 0; i < 3; i++) {
        ck_assert(!failed(pkey_read_pem(&why, guarded(texts[i]), &k)));
        ck_assert_int_eq(pkey_kind(k), PKEY_P256);
        pkey_drop(k);
    }
    struct text crlf = text_new(a, 4096);
    for (const char *c = p256_pem; *c; c++)
        text_printf(&crlf, *c == '\n' ? "\r%c" : "%c", *c);
    ck_assert(!failed(pkey_read_pem(&why, guarded(text_str(&crlf)), &k)));
    pkey_drop(k);
}
END_TEST

START_TEST(a_cut_file_is_refused)
{
    size_t whole = strlen(p256_pem) - 1; /* the last line needs no end */
    struct pkey *k = NULL;
    for (size_t n = 0; n < whole; n++) {
        struct outcome o = pkey_read_pem(&why, guarded(str_n(p256_pem, n)), &k);
        WANT(failed(o) && !k, "%zu bytes", n);
    }
}
END_TEST

/* PKCS#8 of an EC key ends with the point; another key's point makes a key that fits nowhere. */
START_TEST(halves_that_do_not_belong_together_are_refused)
{
    struct str der, body = str_of(p256_pem);
    struct pkey_numbers n = pkey_numbers(a, keys[PKEY_P256]);
    struct text lines = text_new(a, 4096);
    struct pkey *k = NULL;
    body = str_sub(body, 28, body.n - 28 - 26);
    while (body.n)
        text_put(&lines, str_cut(&body, '\n'));
    ck_assert(base64_read(a, text_str(&lines), &der));
    char *p = arena_alloc(a, der.n);
    memcpy(p, der.p, der.n);
    memcpy(p + der.n - 64, n.x.p, 32);
    memcpy(p + der.n - 32, n.y.p, 32);
    struct str mixed = base64_write(a, str_n(p, der.n));
    mixed = arena_printf(a, "-----BEGIN PRIVATE KEY-----\n%.*s\n-----END PRIVATE KEY-----\n",
                         STR_ARG(mixed));
    ck_assert_int_eq(pkey_read_pem(&why, mixed, &k).fault, FAULT_KEY_MALFORMED);
    ck_assert_ptr_null(k);
    want_str("detail", why.detail, STR("the private half does not belong to the public half"));
}
END_TEST

/* ---- certificates ---- */

START_TEST(a_certificate_holds_the_public_half)
{
    struct str der = x509_self_signed(a, keys[_i], STR("issuer.example.com"));
    struct pkey *k;
    ck_assert(str_contains(der, STR("issuer.example.com")));
    ck_assert(!failed(x509_public_key(&why, guarded(der), &k)));
    ck_assert(pkey_same(k, keys[_i]));
    ck_assert(!pkey_is_private(k));
    struct str signature = pkey_sign(a, keys[_i], PKEY_SHA384, STR("m"));
    ck_assert(pkey_verify(k, PKEY_SHA384, STR("m"), signature));
    pkey_drop(k);
    if (_i == PKEY_RSA)
        want_str("again", x509_self_signed(a, keys[_i], STR("issuer.example.com")), der);
}
END_TEST

static const struct {
    const char *name;
    struct str given;
    const char *there, *not_there;
} names[] = {
    { "64 bytes fit", STR_INIT("0123456789012345678901234567890123456789012345678901234567890123"),
      "0123456789012345678901234567890123456789012345678901234567890123", NULL },
    { "the 65th is cut",
      STR_INIT("0123456789012345678901234567890123456789012345678901234567890123x"),
      "0123456789012345678901234567890123456789012345678901234567890123",
      "0123456789012345678901234567890123456789012345678901234567890123x" },
    { "a character is cut whole",
      STR_INIT("012345678901234567890123456789012345678901234567890123456789012\xC3\xA4"),
      "012345678901234567890123456789012345678901234567890123456789012", "2\xC3" },
    { "no name at all", { NULL, 0 }, "", NULL },
    { "bytes that are no text", STR_INIT("\xFF\xFE"), "", NULL },
    { "a NUL", STR_INIT("a\0b"), "a", NULL },
};

START_TEST(any_name_makes_a_certificate)
{
    struct str der = x509_self_signed(a, keys[PKEY_P256], names[_i].given);
    struct pkey *k;
    ck_assert(!failed(x509_public_key(&why, der, &k)));
    pkey_drop(k);
    ck_assert_msg(str_contains(der, str_of(names[_i].there)), "%s", names[_i].name);
    if (names[_i].not_there)
        ck_assert_msg(!str_contains(der, str_of(names[_i].not_there)), "%s", names[_i].name);
}
END_TEST

START_TEST(what_is_no_certificate_is_refused)
{
    struct str der = x509_self_signed(a, keys[PKEY_P256], STR("x"));
    struct pkey *k = NULL;
    for (size_t n = 0; n < der.n; n++) {
        struct outcome o = x509_public_key(&why, guarded(str_sub(der, 0, n)), &k);
        WANT(o.fault == FAULT_KEY_MALFORMED && !k, "%zu bytes", n);
    }
    struct str more = arena_str(a, der); /* a NUL stands behind it */
    ck_assert(failed(x509_public_key(&why, str_n(more.p, more.n + 1), &k)));
    ck_assert(failed(x509_public_key(&why, str_n(NULL, 0), &k)));
    ck_assert(failed(x509_public_key(&why, pkey_spki(a, keys[PKEY_P256]), &k)));
}
END_TEST

/* ---- threads ---- */

static void *use_all_keys(void *wrong)
{
    struct arena *mine = arena_new();
    for (int round = 0; round < 40; round++) {
        enum pkey_hash hash = (enum pkey_hash)(round % HASHES);
        struct pkey *k = pkey_hold(keys[round % KINDS]), *other = pkey_hold(others[round % KINDS]);
        struct str message = arena_printf(mine, "%d", round);
        struct str signature = pkey_sign(mine, k, hash, message);
        for (int i = 0; i < 5; i++)
            *(size_t *)wrong += !pkey_verify(k, hash, message, signature) ||
                                pkey_verify(other, hash, message, signature);
        pkey_drop(k);
        pkey_drop(other);
    }
    arena_free(mine);
    return NULL;
}

START_TEST(four_threads_share_the_keys)
{
    pthread_t threads[4];
    size_t wrong[4] = { 0 };
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, use_all_keys, &wrong[i]), 0);
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_uint_eq(wrong[i], 0);
    }
}
END_TEST

Suite *pkey_suite(void)
{
    Suite *s = suite_create("pkey");
    TCase *t = tcase_create("pkey");
    tcase_add_unchecked_fixture(t, generate, drop);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, a_generated_key_is_what_was_asked_for, 0, KINDS);
    tcase_add_test(t, a_key_lives_until_the_last_holder_drops_it);
    tcase_add_loop_test(t, only_the_key_that_signed_verifies_and_only_with_that_hash, 0,
                        KINDS * HASHES);
    tcase_add_loop_test(t, nothing_can_be_signed_too, 0, KINDS);
    tcase_add_loop_test(t, a_flipped_bit_in_any_byte_spoils_a_signature, 0, KINDS);
    tcase_add_loop_test(t, a_signature_of_another_length_is_refused, 0, KINDS);
    tcase_add_loop_test(t, signatures_of_one_byte_repeated_are_refused, 0, KINDS);
    tcase_add_loop_test(t, rsa_signs_the_same_each_time_and_ecdsa_never, 0, KINDS);
    tcase_add_test(t, r_and_s_always_have_the_width_of_the_field);
    tcase_add_test(t, the_signature_of_rfc_7515_a4_verifies);
    tcase_add_test(t, numbers_have_the_width_json_web_keys_want);
    tcase_add_loop_test(t, numbers_make_the_same_key_again, 0, KINDS);
    tcase_add_test(t, the_spki_of_p256_is_a_known_head_and_the_point);
    tcase_add_loop_test(t, rsa_numbers_are_judged, 0, sizeof rsa_rows / sizeof rsa_rows[0]);
    tcase_add_test(t, an_exponent_longer_than_the_modulus_is_refused);
    tcase_add_test(t, a_modulus_nobody_could_make_verifies_nothing);
    tcase_add_loop_test(t, a_point_off_the_curve_is_refused, PKEY_P256, KINDS);
    tcase_add_test(t, coordinates_of_another_width_are_refused);
    tcase_add_loop_test(t, a_key_is_the_same_after_a_file, 0, KINDS);
    tcase_add_loop_test(t, what_is_no_usable_private_key_is_refused, 0,
                        sizeof pems / sizeof pems[0]);
    tcase_add_test(t, a_pem_may_have_company_and_other_line_ends);
    tcase_add_test(t, a_cut_file_is_refused);
    tcase_add_test(t, halves_that_do_not_belong_together_are_refused);
    tcase_add_loop_test(t, a_certificate_holds_the_public_half, 0, KINDS);
    tcase_add_loop_test(t, any_name_makes_a_certificate, 0, sizeof names / sizeof names[0]);
    tcase_add_test(t, what_is_no_certificate_is_refused);
    tcase_add_test(t, four_threads_share_the_keys);
    suite_add_tcase(s, t);
    return s;
}
