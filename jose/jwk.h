#ifndef JOSE_JWK_H
#define JOSE_JWK_H

#include "base/json.h"
#include "jose/alg.h"

/*
 * One JSON Web Key (RFC 7517) and sets of them, as AWS reads them (aws.md section 3): kid required;
 * `alg` of the key ignored; use "enc" skipped; a key with key_ops is found but cannot verify; x5c
 * that contradicts the key's numbers makes the key unusable, x5c alone is no key; of two usable
 * keys with one kid the later counts; over 100 RSA keys no RSA key is usable, over 100 EC keys no
 * EC key.
 */
struct jwk {
    struct str kid;
    struct pkey *key; /* owned by the arena; NULL when AWS passes over it: `flaw` then says why */
    bool has_key_ops;
    struct str flaw;
};

struct jwks {
    struct jwk *keys; /* in document order */
    size_t n;
    bool too_many_rsa, too_many_ec;
};

enum { JWKS_KEYS_MAX = 100 };

/*
 * Reads a set: {"keys": [...]}.  Keys AWS could not use are kept with their flaw, so that a refusal
 * can be explained; only a document that is no set at all fails (KEY_MALFORMED, place named).  The
 * set and its keys live as long as the arena.
 */
OUTCOME jwks_read(struct arena *a, struct why *why, const struct json_at *at, struct jwks **out);

/*
 * The key for a token: by kid, or with kid.p == NULL (the header has none) the set's only usable
 * key. An empty kid is never found.  Fails with KEYS_UNAVAILABLE (too many keys of the type alg
 * takes), KEY_UNKNOWN (no such key, or only one AWS passes over) or KEY_UNUSABLE (it has key_ops,
 * or alg takes keys of another type); the detail names the kids there are.  The key is borrowed
 * from the set.
 */
OUTCOME jwks_find(struct why *why, const struct jwks *set, struct str kid, const struct alg *alg,
                  struct pkey **out);

/* Appends a public key, as the issuer publishes it: kty, kid, use, alg, n/e or crv/x/y, x5c. */
struct jwk_publish {
    struct str kid;
    struct str alg;
    const struct pkey *key;
    struct str x5c_der; /* empty: no x5c */
};
/* {"keys": [...]}; a new reference. */
json_t *jwks_write(struct arena *a, const struct jwk_publish *keys, size_t n);

/* RFC 7638 thumbprint (SHA-256, base64url). */
struct str jwk_thumbprint(struct arena *a, const struct pkey *key);

#endif
