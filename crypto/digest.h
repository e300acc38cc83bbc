#ifndef CRYPTO_DIGEST_H
#define CRYPTO_DIGEST_H

#include "base/str.h"

#include <stdint.h>

/*
 * Hashes and what goes with secrets.  None of these can fail: the algorithms are built in, and a
 * libcrypto without them aborts the process.  Contexts are kept per thread: a one-shot call costs
 * 1.5 to 3 times as much and scales badly over threads.
 */
enum { SHA1_BYTES = 20, SHA256_BYTES = 32, SHA512_BYTES = 64 };

void sha1(struct str bytes, uint8_t out[SHA1_BYTES]);
void sha256(struct str bytes, uint8_t out[SHA256_BYTES]);
void sha512(struct str bytes, uint8_t out[SHA512_BYTES]);
void hmac_sha256(struct str key, struct str bytes, uint8_t out[SHA256_BYTES]);

/* Whether the bytes are equal, in time that depends on the lengths only. */
bool equal_in_constant_time(struct str a, struct str b);
/* Overwrites memory so that the compiler cannot leave it out. */
void wipe(void *p, size_t n);

#endif
