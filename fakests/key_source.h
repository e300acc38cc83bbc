#ifndef FAKESTS_KEY_SOURCE_H
#define FAKESTS_KEY_SOURCE_H

#include "jose/jwk.h"

/*
 * Where the keys of a provider with "keys": "local" come from: a function handed in from outside,
 * so that this folder knows nothing of issuers, and a test can hand in one that is down, late or
 * wrong.
 */
struct key_source {
    /*
     * The published key set of `issuer` (without https://), borrowed until the arena ends.  `owner`
     * is the fakests_world's: which snapshot is asked.  Fails with KEYS_UNAVAILABLE or
     * IDP_UNREACHABLE. `fresh`: a kid was not found, look once more whether a new key has been
     * published.
     */
    OUTCOME(*jwks)
    (void *context, void *owner, struct arena *a, struct why *why, struct str issuer, bool fresh,
     const struct jwks **out);
    void *context;
};

#endif
