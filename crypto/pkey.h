#ifndef CRYPTO_PKEY_H
#define CRYPTO_PKEY_H

#include "base/fault.h"

#include <stdint.h>

/*
 * An RSA or EC key, public or private.  Immutable and counted: pkey_hold and pkey_drop may be
 * called from any thread, and one key may sign and verify in several threads at once (each
 * operation copies a context that was initialised once, when the key was made).
 */
struct pkey;

enum pkey_kind { PKEY_RSA, PKEY_P256, PKEY_P384, PKEY_P521 };
enum pkey_hash { PKEY_SHA256, PKEY_SHA384, PKEY_SHA512 };

struct pkey *pkey_hold(struct pkey *k);
void pkey_drop(struct pkey *k); /* NULL is fine */

enum pkey_kind pkey_kind(const struct pkey *k);
bool pkey_is_private(const struct pkey *k);
/* Size of the modulus or of the field, in bits. */
int pkey_bits(const struct pkey *k);

/* A new private key; RSA has 2048 bits and e = 65537.  RSA takes 0.1 to 1 s. */
struct pkey *pkey_generate(enum pkey_kind kind);

/*
 * PKCS#8 PEM, unencrypted.  KEY_MALFORMED when it is none, or when its halves do not belong
 * together. pkey_write_pem wants a private key.
 */
OUTCOME pkey_read_pem(struct why *why, struct str pem, struct pkey **out);
struct str pkey_write_pem(struct arena *a, const struct pkey *k);

/* The public numbers, big-endian without leading zeros (RSA), or of the field's width (EC). */
struct pkey_numbers {
    struct str n, e; /* RSA */
    struct str x, y; /* EC */
};
/* KEY_MALFORMED for what is no key: a point off the curve, an RSA modulus not of 1024 to 8192 bits.
 */
OUTCOME pkey_from_numbers(struct why *why, enum pkey_kind kind, const struct pkey_numbers *numbers,
                          struct pkey **out);
struct pkey_numbers pkey_numbers(struct arena *a, const struct pkey *k);

/*
 * Signs: RSASSA-PKCS1-v1_5 for RSA, ECDSA for EC with the signature as R || S of the field's width
 * (RFC 7518 3.3, 3.4).  The key must be private.
 */
struct str pkey_sign(struct arena *a, const struct pkey *k, enum pkey_hash hash, struct str bytes);
bool pkey_verify(const struct pkey *k, enum pkey_hash hash, struct str bytes, struct str signature);

/* The DER of the SubjectPublicKeyInfo: what key ids are derived from. */
struct str pkey_spki(struct arena *a, const struct pkey *k);
/* Whether the public halves are the same. */
bool pkey_same(const struct pkey *a, const struct pkey *b);

#endif
