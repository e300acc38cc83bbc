#include "crypto/local.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

static const char *const digest_names[LOCAL_DIGESTS] = { "SHA1", "SHA256", "SHA384", "SHA512" };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t at_thread_exit;

/* A leak checker sees what hangs on these, also in a thread that still runs when the process ends.
 */
static _Thread_local struct local contexts;
static _Thread_local bool made;

void local_must(int succeeded)
{
    if (!succeeded)
        abort();
}

static void drop(void *object)
{
    struct local *l = object;
    for (int i = 0; i < LOCAL_DIGESTS; i++)
        EVP_MD_CTX_free(l->digest[i]);
    EVP_MAC_CTX_free(l->hmac_sha256);
    EVP_CIPHER_CTX_free(l->aes_256_gcm);
    *l = (struct local){ 0 };
    made = false;
}

static void make_key(void)
{
    local_must(pthread_key_create(&at_thread_exit, drop) == 0);
}

static EVP_MD_CTX *digest_new(const char *name)
{
    EVP_MD *md = EVP_MD_fetch(NULL, name, NULL);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    local_must(md && ctx && EVP_DigestInit_ex2(ctx, md, NULL));
    EVP_MD_free(md); /* the context holds its own reference */
    return ctx;
}

static EVP_MAC_CTX *hmac_new(char *digest)
{
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    local_must(ctx && EVP_MAC_CTX_set_params(ctx, params));
    EVP_MAC_free(mac);
    return ctx;
}

static EVP_CIPHER_CTX *cipher_new(const char *name)
{
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    local_must(cipher && ctx && EVP_CipherInit_ex2(ctx, cipher, NULL, NULL, 1, NULL));
    EVP_CIPHER_free(cipher);
    return ctx;
}

static void make(void)
{
    char sha256[] = "SHA256";
    pthread_once(&once, make_key);
    for (int i = 0; i < LOCAL_DIGESTS; i++)
        contexts.digest[i] = digest_new(digest_names[i]);
    contexts.hmac_sha256 = hmac_new(sha256);
    contexts.aes_256_gcm = cipher_new("AES-256-GCM");
    local_must(pthread_setspecific(at_thread_exit, &contexts) == 0);
    made = true;
}

const struct local *local_get(void)
{
    if (!made)
        make();
    return &contexts;
}

const unsigned char *local_bytes(struct str s)
{
    return (const unsigned char *)(s.n ? s.p : "");
}

void local_hash(enum local_digest which, struct str bytes, unsigned char *out)
{
    EVP_MD_CTX *ctx = local_get()->digest[which];
    local_must(EVP_DigestInit_ex2(ctx, NULL, NULL) &&
               EVP_DigestUpdate(ctx, local_bytes(bytes), bytes.n) &&
               EVP_DigestFinal_ex(ctx, out, NULL));
}
