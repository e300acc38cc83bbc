#ifndef CRYPTO_LOCAL_H
#define CRYPTO_LOCAL_H

#include "base/str.h"

#include <openssl/evp.h>

/*
 * Private to crypto/: the OpenSSL contexts a thread keeps from call to call.  Fetching an algorithm
 * or making a context each time costs 1.5 to 3 times as much and takes locks, so that two threads
 * get little more done than one.  A thread's contexts are freed when it ends.
 */
enum local_digest { LOCAL_SHA1, LOCAL_SHA256, LOCAL_SHA384, LOCAL_SHA512, LOCAL_DIGESTS };

struct local {
    EVP_MD_CTX
    *digest[LOCAL_DIGESTS]; /* initialised once: EVP_DigestInit_ex2(ctx, NULL, NULL) restarts */
    EVP_MAC_CTX *hmac_sha256;
    EVP_CIPHER_CTX *aes_256_gcm;
};

/* The calling thread's; never NULL. */
const struct local *local_get(void);

/* out has room for the digest: 20, 32, 48 or 64 bytes. */
void local_hash(enum local_digest which, struct str bytes, unsigned char *out);

/* The bytes of s; not NULL when there are none, for libcrypto takes NULL to mean something else. */
const unsigned char *local_bytes(struct str s);

/* Ends the process when a call that cannot fail did: libcrypto is broken or lacks an algorithm. */
void local_must(int succeeded);

#endif
