#include "crypto/seal.h"

#include "crypto/digest.h"
#include "crypto/local.h"

#include <limits.h>

/*
 * AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits.  Its section 8.3 bounds one key to
 * 2^32 messages, far beyond what sessions a test server hands out.
 */
enum { NONCE_BYTES = 12, TAG_BYTES = 16 };

/* Feeds `bound`, which is authenticated only, then `in`, which becomes `out`. */
static bool run(EVP_CIPHER_CTX *ctx, struct str bound, struct str in, unsigned char *out)
{
    int n;
    if (bound.n && !EVP_CipherUpdate(ctx, NULL, &n, local_bytes(bound), (int)bound.n))
        return false;
    return !in.n || EVP_CipherUpdate(ctx, out, &n, local_bytes(in), (int)in.n);
}

struct str seal(struct arena *a, const struct seal_key *key, struct entropy *entropy,
                struct str plain, struct str bound)
{
    EVP_CIPHER_CTX *ctx = local_get()->aes_256_gcm;
    local_must(plain.n < INT_MAX && bound.n < INT_MAX);
    unsigned char *nonce = arena_alloc(a, plain.n + SEAL_OVERHEAD_BYTES);
    unsigned char *cipher = nonce + NONCE_BYTES, *tag = cipher + plain.n;
    int none;

    entropy_fill(entropy, nonce, NONCE_BYTES);
    local_must(EVP_CipherInit_ex2(ctx, NULL, key->bytes, nonce, 1, NULL) &&
               run(ctx, bound, plain, cipher) && EVP_CipherFinal_ex(ctx, tag, &none) &&
               EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, tag));
    return str_n((const char *)nonce, plain.n + SEAL_OVERHEAD_BYTES);
}

bool unseal(struct arena *a, const struct seal_key *key, struct str sealed, struct str bound,
            struct str *plain)
{
    EVP_CIPHER_CTX *ctx = local_get()->aes_256_gcm;
    if (sealed.n < SEAL_OVERHEAD_BYTES || sealed.n >= INT_MAX || bound.n >= INT_MAX)
        return false;
    struct str cipher = str_sub(sealed, NONCE_BYTES, sealed.n - SEAL_OVERHEAD_BYTES);
    unsigned char tag[TAG_BYTES], *out = arena_alloc(a, cipher.n + 1);
    int none;

    memcpy(tag, sealed.p + sealed.n - TAG_BYTES, TAG_BYTES);
    local_must(EVP_CipherInit_ex2(ctx, NULL, key->bytes, local_bytes(sealed), 0, NULL) &&
               run(ctx, bound, cipher, out) &&
               EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag));
    if (!EVP_CipherFinal_ex(ctx, out + cipher.n, &none)) {
        wipe(out, cipher.n); /* what the key makes of bytes nobody sealed is nobody's business */
        return false;
    }
    *plain = str_n((const char *)out, cipher.n);
    return true;
}
