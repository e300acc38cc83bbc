#include "crypto/x509.h"

#include "base/encode.h"
#include "crypto/digest.h"
#include "crypto/local.h"
#include "crypto/pkey_evp.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <limits.h>

enum {
    VERSION_3 = 2,
    SERIAL_BYTES = 16,   /* RFC 5280 4.1.2.2: positive, at most 20 bytes */
    COMMON_NAME_MAX = 64 /* RFC 5280 A.1, ub-common-name */
};

/* As much of a name as fits, cut between characters. */
static struct str fitting(struct str name)
{
    size_t n = name.n < COMMON_NAME_MAX ? name.n : COMMON_NAME_MAX;
    while (n && n < name.n && ((unsigned char)name.p[n] & 0xC0) == 0x80)
        n--;
    return str_sub(name, 0, n);
}

static bool set_name(X509 *cert, struct str common_name)
{
    X509_NAME *name = X509_get_subject_name(cert);
    struct str cn = fitting(common_name);
    int type = utf8_valid(cn) ? MBSTRING_UTF8 : MBSTRING_ASC;
    if (cn.n && !X509_NAME_add_entry_by_txt(name, "CN", type, (const unsigned char *)cn.p,
                                            (int)cn.n, -1, 0))
        return false;
    return X509_set_issuer_name(cert, name) == 1;
}

/* From the key, so that the same key always gets the same number. */
static bool set_serial(X509 *cert, const struct pkey *k)
{
    struct arena *a = arena_new();
    uint8_t hash[SHA256_BYTES];
    sha256(pkey_spki(a, k), hash);
    arena_free(a);
    hash[0] = (uint8_t)((hash[0] & 0x7F) | 0x40);
    BIGNUM *number = BN_bin2bn(hash, SERIAL_BYTES, NULL);
    bool set = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
    BN_free(number);
    return set;
}

/* RFC 5280 4.1.2.5: 99991231235959Z says that there is no good date to expire. */
static bool set_validity(X509 *cert)
{
    return ASN1_TIME_set_string_X509(X509_getm_notBefore(cert), "19700101000000Z") == 1 &&
           ASN1_TIME_set_string_X509(X509_getm_notAfter(cert), "99991231235959Z") == 1;
}

static struct str der_of(struct arena *a, X509 *cert)
{
    unsigned char *der = NULL;
    int n = i2d_X509(cert, &der);
    local_must(n > 0);
    struct str s = arena_str(a, str_n((const char *)der, (size_t)n));
    OPENSSL_free(der);
    return s;
}

struct str x509_self_signed(struct arena *a, const struct pkey *k, struct str common_name)
{
    X509 *cert = X509_new();
    local_must(cert && X509_set_version(cert, VERSION_3) && set_serial(cert, k) &&
               set_name(cert, common_name) && set_validity(cert) &&
               X509_set_pubkey(cert, pkey_evp(k)) &&
               X509_sign(cert, pkey_evp(k), EVP_sha256()) > 0);
    struct str der = der_of(a, cert);
    X509_free(cert);
    return der;
}

static EVP_PKEY *key_in(struct str der)
{
    const unsigned char *p = (const unsigned char *)der.p;
    X509 *cert = der.n && der.n < INT_MAX ? d2i_X509(NULL, &p, (long)der.n) : NULL;
    bool whole = cert && p == (const unsigned char *)der.p + der.n;
    EVP_PKEY *evp = whole ? X509_get_pubkey(cert) : NULL;
    X509_free(cert);
    ERR_clear_error();
    return evp;
}

struct outcome x509_public_key(struct why *why, struct str der, struct pkey **out)
{
    EVP_PKEY *evp = key_in(der);
    if (!evp)
        FAIL(why, KEY_MALFORMED, "not an X.509 certificate with a public key that can be read");
    return pkey_adopt(why, evp, false, out);
}
