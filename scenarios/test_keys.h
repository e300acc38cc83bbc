#ifndef SCENARIOS_TEST_KEYS_H
#define SCENARIOS_TEST_KEYS_H

#include "crypto/pkey.h"

/*
 * The keys of scenarios: fixed, compiled in and public, so that a scenario replays to the same key
 * ids wherever it is played.  Nothing that listens or issues for others uses them.
 *
 * Each world of a scenario draws its keys in order, a key never twice, so that no issuer's tokens
 * verify under another's key.
 */
struct test_keys {
    size_t drawn[PKEY_P521 + 1]; /* of each kind, so far */
};

/*
 * For world_options.make_key; the context is a struct test_keys.  Certificates are made once in a
 * process, for they cost as much as a signature.  A scenario that has drawn all that are compiled
 * in gets generated ones, which are not the same in the next replay, but no less its own.
 */
struct pkey *test_keys_make(void *context, struct arena *a, enum pkey_kind kind, struct str name,
                            struct str *x5c_der);

#endif
