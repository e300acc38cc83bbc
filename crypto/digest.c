#include "crypto/digest.h"

#include "crypto/local.h"

#include <openssl/crypto.h>

void sha1(struct str bytes, uint8_t out[SHA1_BYTES])
{
    local_hash(LOCAL_SHA1, bytes, out);
}

void sha256(struct str bytes, uint8_t out[SHA256_BYTES])
{
    local_hash(LOCAL_SHA256, bytes, out);
}

void sha512(struct str bytes, uint8_t out[SHA512_BYTES])
{
    local_hash(LOCAL_SHA512, bytes, out);
}

void hmac_sha256(struct str key, struct str bytes, uint8_t out[SHA256_BYTES])
{
    EVP_MAC_CTX *ctx = local_get()->hmac_sha256;
    size_t n;
    local_must(EVP_MAC_init(ctx, local_bytes(key), key.n, NULL) &&
               EVP_MAC_update(ctx, local_bytes(bytes), bytes.n) &&
               EVP_MAC_final(ctx, out, &n, SHA256_BYTES));
}

bool equal_in_constant_time(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || CRYPTO_memcmp(a.p, b.p, a.n) == 0);
}

void wipe(void *p, size_t n)
{
    if (n)
        OPENSSL_cleanse(p, n);
}
