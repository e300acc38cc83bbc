#ifndef ISSUER_KEYRING_H
#define ISSUER_KEYRING_H

#include "jose/alg.h"

#include <stdatomic.h>
#include <sys/types.h>
#include <time.h>

/*
 * The keys of one platform, or of one issuer: those that sign, those still published and those
 * retired.  Of an alg one key signs at most.  Counted; whoever makes one may change it until it is
 * put into a view (issuer/keystore.h), then nobody.
 */
enum key_state {
    KEY_SIGNING,   /* the one that signs for its alg; published */
    KEY_PUBLISHED, /* an older one, still in the JWKS */
    KEY_RETIRED,   /* kept, no longer published */
    KEY_PENDING,   /* the one that signs for its alg, not yet published */
};

/* Its name in files and answers: "signing"; a constant. */
const char *keyring_state_name(enum key_state state);
/* False when there is no such state. */
bool keyring_state_find(struct str name, enum key_state *out);
bool keyring_state_signs(enum key_state state);
bool keyring_state_publishes(enum key_state state);

struct keyring_key {
    struct str kid;
    const struct alg *alg;
    struct pkey *key;
    struct str x5c_der; /* self-signed; kept, so that its bytes stay */
    struct str x5t;     /* base64url of its SHA-1 (RFC 7515 4.1.7) */
    int64_t created_s;
    enum key_state state;
};

/* Which bytes a ring was read from: a file that is replaced gets another inode, size or time. */
struct keyring_stamp {
    dev_t dev;
    ino_t ino;
    off_t size;
    struct timespec changed, modified;
};

struct keyring {
    struct str name;
    struct keyring_key *keys; /* oldest first */
    size_t n;
    struct keyring_stamp stamp; /* of its file, where it has one */
    struct arena *arena;        /* holds all of the above */
    atomic_uint refs;
};

/* Empty, with room for so many keys. */
struct keyring *keyring_new(struct str name, size_t room);
struct keyring *keyring_hold(struct keyring *r);
void keyring_drop(struct keyring *r); /* NULL is fine */
/* Takes over the caller's reference to k.key; x5t is filled in. */
void keyring_add(struct keyring *r, struct keyring_key k);
/* A copy with room for one key more, to be changed; of NULL, an empty one. */
struct keyring *keyring_draft(struct str name, const struct keyring *old);

/* The key that signs with that alg; NULL when there is none, or no ring. */
const struct keyring_key *keyring_signer(const struct keyring *r, const struct alg *alg);
/* The published key of that kid; NULL when there is none, or no ring. */
const struct keyring_key *keyring_published(const struct keyring *r, struct str kid);

#endif
