#ifndef ISSUER_KEYSTORE_H
#define ISSUER_KEYSTORE_H

#include "base/clock.h"
#include "base/entropy.h"
#include "crypto/seal.h"
#include "issuer/keyring.h"

/*
 * The signing keys, in keyrings: platforms sign for all their tenants with one set of keys, so a
 * keyring belongs to a platform ("circleci"), or to one issuer where that is how it is ("generic").
 *
 * A keyring is made on first use and kept in a folder (0700, files 0600).  Processes that share the
 * folder agree: changes are made under a file lock and renamed into place, so a key is made once,
 * whoever comes first.  Without a folder the keys live in memory and end with the process.
 *
 * What readers see is a view: an immutable, counted picture of all keyrings.  Changing a key makes
 * a new view and leaves the old one as it was.
 */
struct keystore;

struct keystore_view; /* counted */

/* dir == NULL: in memory.  Only opens: nothing is read or made before it is asked for. */
OUTCOME keystore_open(struct why *why, const char *dir, const struct clock *clock,
                      struct entropy *entropy, struct keystore **out);
void keystore_close(struct keystore *s);

/* The present view, held for the caller: keystore_view_drop it. */
struct keystore_view *keystore_view(struct keystore *s);
struct keystore_view *keystore_view_hold(struct keystore_view *v);
void keystore_view_drop(struct keystore_view *v);
/* NULL when the view has no such keyring (yet). */
const struct keyring *keystore_view_ring(const struct keystore_view *v, struct str name);

/*
 * How a keyring names and makes its keys.  kid shapes follow platforms.md, and are derived from the
 * key alone, so every process that reads the key agrees on its name.
 */
struct keyring_spec {
    struct str name;
    const struct alg *alg;
    struct str kid_shape; /* a name of issuer/kid.h */
};

/*
 * Where new private keys come from, instead of pkey_generate: a scenario hands in keys of its own,
 * so that it replays to the same bytes.  `name` is the ring's.  A certificate costs as much as a
 * signature, so it may be handed in too: x5c_der is DER in the arena, and made where it is left
 * empty.  To be called before the store is used.
 */
void keystore_make_with(struct keystore *s,
                        struct pkey *(*make)(void *context, struct arena *a, enum pkey_kind kind,
                                             struct str name, struct str *x5c_der),
                        void *context);

/* Makes sure the keyring has a key that signs with the spec's alg, reading the folder or making
 * one. */
OUTCOME keystore_ensure(struct keystore *s, struct why *why, const struct keyring_spec *spec);
/*
 * Looks whether another process changed, or made, that keyring's file: one stat when it did not.
 * True when the view is now another.  A file that cannot be read leaves the view as it is.
 */
bool keystore_refresh(struct keystore *s, struct str name, struct str kid_shape);
/* A new signing key; the old one stays published, or is published now if it was pending. */
OUTCOME keystore_rotate(struct keystore *s, struct why *why, const struct keyring_spec *spec);
/* The same, but the new key is pending: it signs, and is published by keystore_publish only. */
OUTCOME keystore_rotate_late(struct keystore *s, struct why *why, const struct keyring_spec *spec);
/* Publishes what is pending. */
OUTCOME keystore_publish(struct keystore *s, struct why *why, struct str name);
/* Stops publishing all but the signing keys. */
OUTCOME keystore_retire(struct keystore *s, struct why *why, struct str name);
/* The key that seals session tokens, made on first use and kept beside the others. */
OUTCOME keystore_sealing_key(struct keystore *s, struct why *why, struct seal_key *out);

#endif
