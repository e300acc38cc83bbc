#ifndef FAKESTS_TOKEN_CACHE_H
#define FAKESTS_TOKEN_CACHE_H

#include "crypto/digest.h"
#include "jose/jws.h"

#include <stdatomic.h>

/*
 * Tokens whose signature was verified once, found again by their SHA-256, so that a token used
 * twice is split and verified once.  A cache belongs to one snapshot of the world and goes with it;
 * only the signature is remembered, under which key: everything else, times first of all, is
 * checked again at each use.  Bounded; a new entry takes an old one's place.  Safe from several
 * threads.
 */
struct token_cache;

struct token_cache_entry {
    uint8_t hash[SHA256_BYTES]; /* of the compact serialisation */
    struct arena *arena;        /* owned: the token's text and what it was split into */
    const struct jws *jws;
    struct pkey *key; /* verified the signature; held */
    _Atomic int refs;
};

/* The entries it may hold: a test run uses a handful of tokens; 256 of the largest take 8 MiB. */
enum { TOKEN_CACHE_ENTRIES = 256 };

struct token_cache *token_cache_new(void);
void token_cache_free(struct token_cache *c);

/* Held for the caller, or NULL. */
struct token_cache_entry *token_cache_find(struct token_cache *c, const uint8_t hash[SHA256_BYTES]);
/* Takes the arena over and holds the key.  The new entry, held for the caller. */
struct token_cache_entry *token_cache_put(struct token_cache *c, const uint8_t hash[SHA256_BYTES],
                                          struct arena *arena, const struct jws *jws,
                                          struct pkey *key);
/* For arena_defer. */
void token_cache_entry_drop(void *entry);

#endif
