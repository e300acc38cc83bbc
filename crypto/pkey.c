#include "crypto/pkey.h"

#include "crypto/local.h"
#include "crypto/pkey_evp.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <assert.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    KINDS = PKEY_P521 + 1,
    HASHES = PKEY_SHA512 + 1,
    RSA_BITS = 2048, /* RFC 7518 3.3 asks for at least as many */
    RSA_BITS_MIN = 1024,
    RSA_BITS_MAX = 8192, /* a verification stays under a millisecond */
    HASH_BYTES_MAX = 64,
    FIELD_BYTES_MAX = 66,
    ECDSA_DER_MAX = 3 + 2 * (3 + FIELD_BYTES_MAX), /* a sequence of two integers */
};

static const struct shape {
    const char *type, *curve, *group; /* OpenSSL answers with its own name of the curve */
    size_t field_bytes;
} shapes[KINDS] = {
    [PKEY_RSA] = { "RSA", NULL, NULL, 0 },
    [PKEY_P256] = { "EC", "P-256", "prime256v1", 32 },
    [PKEY_P384] = { "EC", "P-384", "secp384r1", 48 },
    [PKEY_P521] = { "EC", "P-521", "secp521r1", 66 },
};

static const struct hash {
    const char *name;
    enum local_digest digest;
    size_t bytes;
} hashes[HASHES] = {
    [PKEY_SHA256] = { "SHA256", LOCAL_SHA256, 32 },
    [PKEY_SHA384] = { "SHA384", LOCAL_SHA384, 48 },
    [PKEY_SHA512] = { "SHA512", LOCAL_SHA512, 64 },
};

/*
 * The contexts are templates: initialised when the key is made and only copied afterwards, which
 * needs no lock.  Initialising one for each operation costs a sixth of an RSA verification and lets
 * two threads do 1.7 times the work of one; copying lets them do twice as much.  They take a
 * digest, made in a context of the thread, because copying one that digests too costs more.
 */
struct pkey {
    atomic_uint refs;
    enum pkey_kind kind;
    bool is_private;
    EVP_PKEY *evp;
    EVP_PKEY_CTX *verify[HASHES];
    EVP_PKEY_CTX *sign[HASHES]; /* of a private key */
};

/* ---- lifetime ---- */

static EVP_PKEY_CTX *template_new(EVP_PKEY *evp, const char *hash, bool sign)
{
    char name[8];
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(evp, NULL);
    memcpy(name, hash, strlen(hash) + 1);
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, name, 0),
        OSSL_PARAM_construct_end(),
    };
    local_must(ctx && (sign ? EVP_PKEY_sign_init_ex(ctx, params)
                            : EVP_PKEY_verify_init_ex(ctx, params)) == 1);
    return ctx;
}

/* RFC 5480 2.1.1: curves go by name; one spelt out in numbers may only look like a known one. */
static bool is_over(const EVP_PKEY *evp, const struct shape *shape)
{
    char group[32];
    int spelt_out = 0;
    return EVP_PKEY_get_group_name(evp, group, sizeof group, NULL) == 1 &&
           strcmp(group, shape->group) == 0 &&
           !(EVP_PKEY_get_int_param(evp, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS,
                                    &spelt_out) &&
             spelt_out);
}

static bool is_on(const EVP_PKEY *evp, const struct shape *shape)
{
    return EVP_PKEY_is_a(evp, shape->type) && (!shape->curve || is_over(evp, shape));
}

static bool find_kind(const EVP_PKEY *evp, enum pkey_kind *kind)
{
    for (int k = 0; k < KINDS; k++)
        if (is_on(evp, &shapes[k])) {
            *kind = (enum pkey_kind)k;
            return true;
        }
    return false;
}

static struct outcome judge(struct why *why, const EVP_PKEY *evp, enum pkey_kind *kind)
{
    if (!find_kind(evp, kind))
        FAIL(why, KEY_MALFORMED, "the key is neither RSA nor EC over P-256, P-384 or P-521");
    int bits = EVP_PKEY_get_bits(evp);
    if (*kind == PKEY_RSA && (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX))
        FAIL(why, KEY_MALFORMED, "the RSA key has %d bits; from %d to %d are taken", bits,
             RSA_BITS_MIN, RSA_BITS_MAX);
    return OK;
}

static struct pkey *wrap(EVP_PKEY *evp, enum pkey_kind kind, bool is_private)
{
    struct pkey *k = calloc(1, sizeof *k);
    local_must(k != NULL);
    atomic_init(&k->refs, 1);
    k->kind = kind;
    k->is_private = is_private;
    k->evp = evp;
    for (int h = 0; h < HASHES; h++) {
        k->verify[h] = template_new(evp, hashes[h].name, false);
        k->sign[h] = is_private ? template_new(evp, hashes[h].name, true) : NULL;
    }
    return k;
}

struct outcome pkey_adopt(struct why *why, EVP_PKEY *evp, bool is_private, struct pkey **out)
{
    enum pkey_kind kind;
    struct outcome o = judge(why, evp, &kind);
    if (failed(o))
        EVP_PKEY_free(evp);
    else
        *out = wrap(evp, kind, is_private);
    return o;
}

struct pkey *pkey_hold(struct pkey *k)
{
    atomic_fetch_add_explicit(&k->refs, 1, memory_order_relaxed);
    return k;
}

void pkey_drop(struct pkey *k)
{
    if (!k || atomic_fetch_sub_explicit(&k->refs, 1, memory_order_acq_rel) > 1)
        return;
    for (int h = 0; h < HASHES; h++) {
        EVP_PKEY_CTX_free(k->verify[h]);
        EVP_PKEY_CTX_free(k->sign[h]);
    }
    EVP_PKEY_free(k->evp);
    free(k);
}

enum pkey_kind pkey_kind(const struct pkey *k)
{
    return k->kind;
}

bool pkey_is_private(const struct pkey *k)
{
    return k->is_private;
}

int pkey_bits(const struct pkey *k)
{
    return EVP_PKEY_get_bits(k->evp);
}

EVP_PKEY *pkey_evp(const struct pkey *k)
{
    return k->evp;
}

struct pkey *pkey_generate(enum pkey_kind kind)
{
    EVP_PKEY *evp = kind == PKEY_RSA ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)RSA_BITS)
                                     : EVP_PKEY_Q_keygen(NULL, NULL, "EC", shapes[kind].curve);
    local_must(evp != NULL);
    return wrap(evp, kind, true);
}

/* ---- PEM ---- */

/* Without one, OpenSSL would ask on the terminal. */
static int no_password(char *out, int size, int writing, void *unused)
{
    (void)out, (void)size, (void)writing, (void)unused;
    return -1;
}

static EVP_PKEY *read_pkcs8(struct str pem)
{
    BIO *bio = BIO_new_mem_buf(local_bytes(pem), (int)pem.n);
    local_must(bio != NULL);
    PKCS8_PRIV_KEY_INFO *info = PEM_read_bio_PKCS8_PRIV_KEY_INFO(bio, NULL, no_password, NULL);
    EVP_PKEY *evp = info ? EVP_PKCS82PKEY(info) : NULL;
    PKCS8_PRIV_KEY_INFO_free(info);
    BIO_free(bio);
    ERR_clear_error();
    return evp;
}

/* A file that was damaged, or put together from two, makes signatures nobody can verify. */
static bool halves_match(struct arena *a, const struct pkey *k)
{
    struct str probe = STR("does the private half belong to the public one?");
    struct str signature = pkey_sign(a, k, PKEY_SHA256, probe);
    return pkey_verify(k, PKEY_SHA256, probe, signature);
}

struct outcome pkey_read_pem(struct why *why, struct str pem, struct pkey **out)
{
    struct pkey *k;
    EVP_PKEY *evp = pem.n < INT_MAX ? read_pkcs8(pem) : NULL;
    if (!evp && str_contains(pem, STR("-----BEGIN ENCRYPTED PRIVATE KEY-----")))
        FAIL(why, KEY_MALFORMED, "the private key is encrypted; an unencrypted one is needed");
    if (!evp)
        FAIL(why, KEY_MALFORMED,
             "no PKCS#8 private key in PEM (\"-----BEGIN PRIVATE KEY-----\") can be read");
    TRY(pkey_adopt(why, evp, true, &k));
    if (!halves_match(why->arena, k)) {
        pkey_drop(k);
        FAIL(why, KEY_MALFORMED, "the private half does not belong to the public half");
    }
    *out = k;
    return OK;
}

struct str pkey_write_pem(struct arena *a, const struct pkey *k)
{
    char *p;
    BIO *bio = BIO_new(BIO_s_mem()); /* wipes its memory when freed */
    assert(k->is_private);
    local_must(bio && PEM_write_bio_PKCS8PrivateKey(bio, k->evp, NULL, NULL, 0, NULL, NULL));
    long n = BIO_get_mem_data(bio, &p);
    struct str pem = arena_str(a, str_n(p, (size_t)n));
    BIO_free(bio);
    return pem;
}

/* ---- numbers ---- */

static struct str without_leading_zeros(struct str number)
{
    while (number.n && number.p[0] == '\0')
        number = str_sub(number, 1, number.n);
    return number;
}

/* Builds a public key from parameters; NULL when OpenSSL finds that it is none. */
static EVP_PKEY *build(const char *type, OSSL_PARAM *params)
{
    EVP_PKEY *evp = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    local_must(ctx && params && EVP_PKEY_fromdata_init(ctx) == 1);
    if (EVP_PKEY_fromdata(ctx, &evp, EVP_PKEY_PUBLIC_KEY, params) != 1)
        evp = NULL;
    EVP_PKEY_CTX_free(ctx);
    ERR_clear_error();
    return evp;
}

static EVP_PKEY *build_rsa(struct str n, struct str e)
{
    BIGNUM *bn_n = BN_bin2bn(local_bytes(n), (int)n.n, NULL);
    BIGNUM *bn_e = BN_bin2bn(local_bytes(e), (int)e.n, NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    local_must(bn_n && bn_e && builder &&
               OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, bn_n) &&
               OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, bn_e));
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY *evp = build("RSA", params);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    BN_free(bn_n);
    BN_free(bn_e);
    return evp;
}

static bool is_exponent(struct str e)
{
    return e.n && (e.p[e.n - 1] & 1) && !(e.n == 1 && e.p[0] == 1);
}

static struct outcome rsa_from_numbers(struct why *why, const struct pkey_numbers *numbers,
                                       EVP_PKEY **out)
{
    struct str n = without_leading_zeros(numbers->n), e = without_leading_zeros(numbers->e);
    if (n.n < RSA_BITS_MIN / CHAR_BIT || n.n > RSA_BITS_MAX / CHAR_BIT)
        FAIL(why, KEY_MALFORMED, "the RSA modulus has %zu bytes; from %d to %d are taken", n.n,
             RSA_BITS_MIN / CHAR_BIT, RSA_BITS_MAX / CHAR_BIT);
    if (!is_exponent(e) || e.n > n.n)
        FAIL(why, KEY_MALFORMED, "the RSA exponent must be odd, over 1 and no longer than n");
    *out = build_rsa(n, e);
    if (!*out)
        FAIL(why, KEY_MALFORMED, "n and e are no RSA key");
    return OK;
}

/* SEC 1 2.3.3, uncompressed; that it lies on the curve is checked when it is read. */
static EVP_PKEY *build_ec(const struct shape *shape, struct str x, struct str y)
{
    unsigned char point[1 + 2 * FIELD_BYTES_MAX] = { POINT_CONVERSION_UNCOMPRESSED };
    char group[16];
    size_t width = shape->field_bytes;

    memcpy(point + 1, x.p, width);
    memcpy(point + 1 + width, y.p, width);
    memcpy(group, shape->curve, strlen(shape->curve) + 1);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * width),
        OSSL_PARAM_construct_end(),
    };
    return build("EC", params);
}

static struct outcome ec_from_numbers(struct why *why, const struct shape *shape,
                                      const struct pkey_numbers *numbers, EVP_PKEY **out)
{
    size_t width = shape->field_bytes;
    if (numbers->x.n != width || numbers->y.n != width)
        FAIL(why, KEY_MALFORMED,
             "x and y of %s have %zu bytes each (RFC 7518 6.2.1), not %zu and %zu", shape->curve,
             width, numbers->x.n, numbers->y.n);
    *out = build_ec(shape, numbers->x, numbers->y);
    if (!*out)
        FAIL(why, KEY_MALFORMED, "x and y are no point of %s", shape->curve);
    return OK;
}

struct outcome pkey_from_numbers(struct why *why, enum pkey_kind kind,
                                 const struct pkey_numbers *numbers, struct pkey **out)
{
    EVP_PKEY *evp;
    if (kind == PKEY_RSA)
        TRY(rsa_from_numbers(why, numbers, &evp));
    else
        TRY(ec_from_numbers(why, &shapes[kind], numbers, &evp));
    return pkey_adopt(why, evp, false, out);
}

/* The number `name`, in `width` bytes, or in as many as it needs when width is 0. */
static struct str number(struct arena *a, const EVP_PKEY *evp, const char *name, size_t width)
{
    BIGNUM *bn = NULL;
    local_must(EVP_PKEY_get_bn_param(evp, name, &bn));
    int n = width ? (int)width : BN_num_bytes(bn);
    unsigned char *p = arena_alloc(a, (size_t)n);
    local_must(BN_bn2binpad(bn, p, n) == n);
    BN_free(bn);
    return str_n((const char *)p, (size_t)n);
}

struct pkey_numbers pkey_numbers(struct arena *a, const struct pkey *k)
{
    size_t width = shapes[k->kind].field_bytes;
    struct pkey_numbers numbers = { 0 };
    if (k->kind == PKEY_RSA) {
        numbers.n = number(a, k->evp, OSSL_PKEY_PARAM_RSA_N, 0);
        numbers.e = number(a, k->evp, OSSL_PKEY_PARAM_RSA_E, 0);
    } else {
        numbers.x = number(a, k->evp, OSSL_PKEY_PARAM_EC_PUB_X, width);
        numbers.y = number(a, k->evp, OSSL_PKEY_PARAM_EC_PUB_Y, width);
    }
    return numbers;
}

/* ---- signatures ---- */

/* OpenSSL wants ECDSA signatures in DER, JOSE wants R || S (RFC 7518 3.4). */
static struct str raw_from_der(struct arena *a, const unsigned char *der, size_t n, size_t width)
{
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
    unsigned char *raw = arena_alloc(a, 2 * width);
    local_must(sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, (int)width) == (int)width &&
               BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + width, (int)width) == (int)width);
    ECDSA_SIG_free(sig);
    return str_n((const char *)raw, 2 * width);
}

static struct str der_from_raw(struct str raw, size_t width, unsigned char der[ECDSA_DER_MAX])
{
    unsigned char *end = der;
    ECDSA_SIG *sig = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(local_bytes(raw), (int)width, NULL);
    BIGNUM *s = BN_bin2bn(local_bytes(raw) + width, (int)width, NULL);
    local_must(sig && r && s && ECDSA_SIG_set0(sig, r, s));
    int n = i2d_ECDSA_SIG(sig, &end);
    local_must(n > 0 && n <= ECDSA_DER_MAX);
    ECDSA_SIG_free(sig);
    return str_n((const char *)der, (size_t)n);
}

static EVP_PKEY_CTX *copy_of(const EVP_PKEY_CTX *template)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_dup(template);
    local_must(ctx != NULL);
    return ctx;
}

struct str pkey_sign(struct arena *a, const struct pkey *k, enum pkey_hash hash, struct str bytes)
{
    assert(k->is_private);
    unsigned char digest[HASH_BYTES_MAX];
    size_t n = (size_t)EVP_PKEY_get_size(k->evp), width = shapes[k->kind].field_bytes;
    unsigned char *signature = arena_alloc(a, n);
    EVP_PKEY_CTX *ctx = copy_of(k->sign[hash]);
    local_hash(hashes[hash].digest, bytes, digest);
    local_must(EVP_PKEY_sign(ctx, signature, &n, digest, hashes[hash].bytes) == 1);
    EVP_PKEY_CTX_free(ctx);
    return width ? raw_from_der(a, signature, n, width) : str_n((const char *)signature, n);
}

bool pkey_verify(const struct pkey *k, enum pkey_hash hash, struct str bytes, struct str signature)
{
    unsigned char der[ECDSA_DER_MAX], digest[HASH_BYTES_MAX];
    size_t width = shapes[k->kind].field_bytes;
    if (width && signature.n != 2 * width)
        return false;
    if (width)
        signature = der_from_raw(signature, width, der);
    EVP_PKEY_CTX *ctx = copy_of(k->verify[hash]);
    local_hash(hashes[hash].digest, bytes, digest);
    bool good =
        EVP_PKEY_verify(ctx, local_bytes(signature), signature.n, digest, hashes[hash].bytes) == 1;
    EVP_PKEY_CTX_free(ctx);
    if (!good)
        ERR_clear_error(); /* the thread's queue is no place for the errors of foreign tokens */
    return good;
}

/* ---- identity ---- */

struct str pkey_spki(struct arena *a, const struct pkey *k)
{
    unsigned char *der = NULL;
    int n = i2d_PUBKEY(k->evp, &der);
    local_must(n > 0);
    struct str spki = arena_str(a, str_n((const char *)der, (size_t)n));
    OPENSSL_free(der);
    return spki;
}

bool pkey_same(const struct pkey *a, const struct pkey *b)
{
    return a->kind == b->kind && EVP_PKEY_eq(a->evp, b->evp) == 1;
}
